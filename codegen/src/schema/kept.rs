//! The type of a value that callers send, on two days of the documentation.
//!
//! A caller writes a number, a text, a list or an object. What it could write on the earlier day has to stay possible, so the type
//! of the later day is used only if it takes all of that; else the [`join`] of both if that does, else the earlier type.

use serde_json::Value;

use super::join::join;
use crate::descriptor::{FLAG, JsonType, Schema};

/// The schema of a sent value after a change of the documentation.
#[derive(Debug, PartialEq)]
pub(crate) enum Kept {
    /// That of the later day, whose type is the same.
    Same(Schema),
    /// One that takes more values than the earlier one.
    Widened(Schema),
    /// The earlier one. The later one does not take its values.
    Earlier,
}

/// The forms in which callers write a value. Objects with known fields are compared field by field elsewhere.
#[derive(Clone, Debug, PartialEq)]
enum Form {
    /// Any JSON.
    Json,
    /// A number, a text, `true` or `false`.
    Scalar(JsonType),
    /// A date, which callers write as a text.
    Date,
    /// A documented value.
    OneOf(JsonType),
    /// A list.
    List(Box<Form>),
    /// A value or `null`, in a list.
    Nullable(Box<Form>),
    /// An object with known fields.
    Fields,
    /// Any other object.
    Object,
    /// Only `null`.
    Nothing,
}

/// Decides on the schema of a sent value. `earlier_root` and `later_root` have the shared schemas.
pub(crate) fn keep(
    (earlier, earlier_root): (&Schema, &Schema),
    (later, later_root): (&Schema, &Schema),
) -> Kept {
    let (before, after) = (form(earlier, earlier_root), form(later, later_root));
    if before == after {
        return Kept::Same(with_earlier_values(earlier, later));
    }
    if takes(&after, &before) {
        return Kept::Widened(later.clone());
    }
    let joined = join(earlier.clone(), later.clone());
    if takes(&form(&joined, earlier_root), &before) && form(&joined, earlier_root) != before {
        Kept::Widened(joined)
    } else {
        Kept::Earlier
    }
}

/// The later schema with the documented values of both: a caller may use one that the page no longer lists.
fn with_earlier_values(earlier: &Schema, later: &Schema) -> Schema {
    let mut kept = later.clone();
    if !later.values.is_empty() {
        let gone = earlier.values.iter().filter(|value| !later.values.contains(value));
        kept.values.extend(gone.cloned());
    }
    kept
}

/// Whether callers who wrote values of one form can write the same as another one. A text is not written as JSON in all forms that
/// Rust has for it.
fn takes(form: &Form, earlier: &Form) -> bool {
    match (form, earlier) {
        (form, earlier) if form == earlier => true,
        (Form::Date, Form::Scalar(JsonType::String)) => true,
        (Form::Json, Form::Scalar(kind)) => *kind != JsonType::String,
        (Form::List(form), Form::List(earlier)) => takes(form, earlier),
        _ => false,
    }
}

fn form(schema: &Schema, root: &Schema) -> Form {
    let shared = schema.reference.as_deref().and_then(|reference| reference.strip_prefix("#/$defs/"));
    if let Some(shared) = shared.and_then(|name| root.defs.get(name)) {
        return form(shared, &Schema::default());
    }
    let alternatives = || schema.one_of.iter().chain(&schema.any_of);
    if alternatives().next().is_some() {
        let is_closed = |schema: &Schema| !schema.properties.is_empty() && schema.additional.is_none();
        let is_date = |schema: &Schema| form(schema, root) == Form::Date;
        return match () {
            () if !schema.one_of.is_empty() && schema.one_of.iter().all(is_closed) => Form::Fields,
            () if alternatives().all(is_date) => Form::Date,
            () => Form::Json,
        };
    }
    let Some(kind) = schema.types.single() else {
        return if schema.types.0 == [JsonType::Null] { Form::Nothing } else { Form::Json };
    };
    let all = |is: fn(&Value) -> bool| !schema.values.is_empty() && schema.values.iter().all(is);
    match (kind, schema.format.as_deref()) {
        (JsonType::Array, _) => Form::List(Box::new(item(schema, root))),
        (JsonType::Object, _) if schema.properties.is_empty() => Form::Object,
        (JsonType::Object, _) => Form::Fields,
        (JsonType::String, Some("date" | "date-time")) => Form::Date,
        (JsonType::Integer, Some(FLAG)) => Form::Scalar(JsonType::Boolean),
        (JsonType::String, _) if all(Value::is_string) => Form::OneOf(kind),
        (JsonType::Integer, _) if all(Value::is_i64) => Form::OneOf(kind),
        _ => Form::Scalar(kind),
    }
}

fn item(list: &Schema, root: &Schema) -> Form {
    let Some(items) = list.items.as_deref() else { return Form::Json };
    let value = form(items, root);
    if items.types.nullable() && !matches!(value, Form::Json | Form::Nothing) {
        return Form::Nullable(Box::new(value));
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(text: &str) -> Schema {
        serde_yaml::from_str(text).unwrap()
    }

    #[test]
    fn a_type_is_kept_or_widened() {
        let cases = [
            ("{type: integer}", "{type: integer, minimum: 1}", "{type: integer, minimum: 1}"),
            ("{type: integer}", "{type: string}", "widened {type: [integer, string]}"),
            ("{type: integer}", "{}", "widened {}"),
            ("{type: integer}", "{type: number}", "earlier"),
            ("{type: string}", "{type: integer}", "earlier"),
            ("{type: string}", "{type: string, format: date}", "widened {type: string, format: date}"),
            ("{type: string, format: date}", "{type: string}", "earlier"),
            ("{type: string}", "{type: string, enum: [a]}", "earlier"),
            ("{}", "{type: integer}", "earlier"),
            ("{type: object}", "{type: object, properties: {a: {}}}", "earlier"),
            ("{type: array}", "{type: array, items: {type: string}}", "earlier"),
            ("{type: array, items: {type: integer}}", "{type: array}", "widened {type: array}"),
            (
                "{type: string, enum: [a, b]}",
                "{type: string, enum: [b, c]}",
                "{type: string, enum: [b, c, a]}",
            ),
        ];
        let root = Schema::default();
        for (earlier, later, expected) in cases {
            let found = keep((&schema(earlier), &root), (&schema(later), &root));
            let expected = match expected.strip_prefix("widened ") {
                Some(widened) => Kept::Widened(schema(widened)),
                None if expected == "earlier" => Kept::Earlier,
                None => Kept::Same(schema(expected)),
            };
            assert_eq!(found, expected, "{earlier} and then {later}");
        }
    }
}
