//! Where the fields that were found go in the type that is documented, and what an example adds to it.

use crate::descriptor::{JsonType, Schema};
use crate::extract::lexicon::params::{SEVERAL, STRUCTURES};
use crate::extract::rules::params::field_context::FieldContext;
use crate::extract::rules::params::filters_and_orders::is_open_list;

/// Adds a field. One with dots in its name is a field of a field, where that is known.
pub(super) fn insert(object: &mut Schema, name: String, schema: Schema, required: bool) {
    if let Some((outer, inner)) = name.split_once('.')
        && let Some(parent) = object.properties.get_mut(outer)
        && (parent.types.is_empty() && parent.any_of.is_empty() || parent.types.0 == [JsonType::Object])
        && parent.one_of.is_empty()
    {
        if parent.types.is_empty() {
            parent.types = Schema::any_object().types;
        }
        return insert(parent, inner.to_owned(), schema, required);
    }
    if object.properties.contains_key(&name) {
        return;
    }
    if required {
        object.required.push(name.clone());
    }
    object.properties.insert(name, schema);
}

/// Whether an example shows an object or a list of objects.
pub(super) fn is_structured(schema: &Schema) -> bool {
    schema.types.0 == [JsonType::Object]
        || schema.items.as_ref().is_some_and(|items| items.types.0 == [JsonType::Object])
}

/// Whether the examples send texts or numbers here, or lists of them: what a description explains are values then.
pub(super) fn sends_scalars(example: &Schema) -> bool {
    let sent = example.items.as_deref().unwrap_or(example);
    let scalar =
        |json_type: &JsonType| !matches!(json_type, JsonType::Object | JsonType::Array | JsonType::Null);
    sent.types.0.iter().any(scalar)
}

/// Whether a documented type has a place for fields.
pub(super) fn may_hold_fields(schema: &Schema) -> bool {
    let structured = schema.types.0.contains(&JsonType::Object)
        || schema.types.0.contains(&JsonType::Array)
            && schema.items.as_ref().is_none_or(|items| may_hold_fields(items));
    let own_word = schema.types.is_empty() && schema.any_of.is_empty() && schema.format.is_some();
    structured || own_word || schema.any_of.iter().any(may_hold_fields)
}

/// Puts fields where the type has a place for them.
pub(super) fn put(schema: &mut Schema, fields: Schema, example: &Schema) {
    if let Some(part) = schema.any_of.iter_mut().find(|part| may_hold_fields(part)) {
        return put(part, fields, &Schema::default());
    }
    let listed = schema.types.0.contains(&JsonType::Array) && !schema.types.0.contains(&JsonType::Object);
    // What the documentation calls an array is often an object with keys; an example tells.
    let sent_as_object = schema.items.is_none() && example.types.0 == [JsonType::Object];
    if listed && !sent_as_object {
        let mut items = schema.items.take().map(|items| *items).unwrap_or_default();
        put(&mut items, fields, &Schema::default());
        schema.items = Some(Box::new(items));
        return;
    }
    if listed {
        schema.types.0.retain(|of| *of != JsonType::Array);
    }
    if !schema.types.0.contains(&JsonType::Object) {
        schema.types.0.insert(0, JsonType::Object);
    }
    schema.required = fields.required;
    schema.properties = fields.properties;
    schema.additional = fields.additional;
    schema.one_of = fields.one_of;
}

/// What the example adds to a type that is documented without its fields: whether an array is one, and what is in it.
pub(super) fn shown(schema: &mut Schema, context: FieldContext<'_>) {
    if schema.types.0 != [JsonType::Array] || schema.items.is_some() {
        return;
    }
    if context.name.eq_ignore_ascii_case("select") {
        schema.items = Some(Box::new(Schema::of(JsonType::String)));
    } else if context.example.types.0 == [JsonType::Object] {
        schema.types = Schema::any_object().types;
    } else if let Some(items) = context.example.items.as_deref() {
        let scalar =
            matches!(items.types.0.as_slice(), [JsonType::Integer | JsonType::Number | JsonType::String]);
        if scalar && !is_open_list(context.name) {
            schema.items = Some(Box::new(Schema { types: items.types.clone(), ..Schema::default() }));
        }
    }
}

/// The documented single value, and the list or object that the description allows and an example sends in its place.
/// `explained` are the keys that the description gives.
pub(super) fn in_both_forms(
    documented: Schema,
    context: FieldContext<'_>,
    explained: Option<&Schema>,
) -> Schema {
    let sent = context.example.types.single();
    let structured = matches!(sent, Some(JsonType::Array | JsonType::Object));
    let single = !matches!(documented.types.single(), None | Some(JsonType::Array | JsonType::Object));
    let explains_sent = explained.is_some_and(|explained| {
        !context.example.properties.is_empty()
            && context.example.properties.keys().all(|key| explained.properties.contains_key(key))
    });
    let is_allowed = structured && single && (explains_sent || says_structure(context));
    let Some(sent) = sent.filter(|_| is_allowed) else {
        return documented;
    };
    let mut both = Schema { types: documented.types, ..Schema::default() };
    both.types.0.push(sent);
    both
}

fn says_structure(context: FieldContext<'_>) -> bool {
    says(context, STRUCTURES)
}

/// The list of what is documented as one thing: a type is often that of an item, and the description speaks of several.
/// An object is taken for an item where an example sends a list, or no example tells and the type is the documentation's own;
/// an identifier where its name is a plural.
pub(super) fn in_list(documented: Schema, context: FieldContext<'_>) -> Schema {
    let is_sent = context.example.types.0 == [JsonType::Array];
    let lower = context.name.to_lowercase();
    let several = match documented.types.0.as_slice() {
        [JsonType::Object] => {
            let of_own = documented.format.is_some() && context.example.is_unknown();
            (is_sent || of_own) && (says(context, SEVERAL) || lower.ends_with("list"))
        }
        [JsonType::Integer] => {
            lower.ends_with("ids") && (is_sent || context.example.is_unknown() && says(context, SEVERAL))
        }
        _ => false,
    };
    if !several {
        return documented;
    }
    let sent = context.example.items.as_deref().map(|items| items.types.clone()).unwrap_or_default();
    let fits = sent.is_empty() || sent == documented.types;
    let item = if fits { documented } else { Schema { types: sent, ..Schema::default() } };
    Schema { items: Some(Box::new(item)), ..Schema::of(JsonType::Array) }
}

fn says(context: FieldContext<'_>, words: &[&str]) -> bool {
    let matches = |prose: String| {
        let lower = prose.to_lowercase();
        lower.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
    };
    context.description.is_some_and(|cell| matches(cell.prose()))
}
