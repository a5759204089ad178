//! Types of requests that agree with the results of their family: one name has one type.

use std::collections::HashMap;

use serde_json::Value;

use crate::descriptor::{AdditionalProperties, Descriptor, Entities, JsonType, Schema};
use crate::extract::entities::Described;
use crate::extract::entities::requests::selects;
use crate::extract::ledger::Ledger;
use crate::extract::register::entities::TYPE_OF_THE_RESULT;
use crate::extract::rules::returns::resolve::FieldName;

/// Gives the parameters of a family the types that its results, or else its other requests, have under the same names.
pub(super) fn agree(methods: &mut [Described], members: &[usize], entities: &Entities, ledger: &mut Ledger) {
    let known = Known::of(methods, members, entities);
    for index in members {
        let Some(Described { descriptor, .. }) = methods.get_mut(*index) else { continue };
        for (name, schema) in &mut descriptor.params.properties {
            if !selects(name) {
                each_mut(name, schema, &mut |name, schema| {
                    if known.apply_items(name, schema) || known.apply(name, schema) {
                        ledger.fire(&TYPE_OF_THE_RESULT);
                    }
                });
            }
        }
    }
}

/// The types of the names of a family.
#[derive(Default)]
struct Known {
    /// In the entity.
    fields: HashMap<String, Schema>,
    /// In results; `None` for several types.
    results: HashMap<String, Option<Schema>>,
    /// In requests, all of them.
    requests: HashMap<String, Vec<Schema>>,
    /// The items of lists.
    items: HashMap<String, Schema>,
}

impl Known {
    fn of(methods: &[Described], members: &[usize], entities: &Entities) -> Self {
        let mut known = Self::default();
        for descriptor in members.iter().filter_map(|index| Some(&methods.get(*index)?.descriptor)) {
            known.add(descriptor, entities);
        }
        known
    }

    fn add(&mut self, descriptor: &Descriptor, entities: &Entities) {
        let family = descriptor.method.rsplit_once('.').map(|(family, _)| family);
        if let Some(entity) = family.and_then(|family| entities.find(descriptor.api, family)) {
            let single = entity.fields.iter().map(|(name, schema)| (name.clone(), kind_of(schema)));
            self.fields.extend(single);
            entity.fields.iter().for_each(|(name, schema)| self.add_items(name, schema));
        }
        each("", &descriptor.returns, &mut |name, schema| {
            self.add_items(name, schema);
            let kind = kind_of(schema);
            let seen = self.results.entry(name.to_owned()).or_insert_with(|| Some(kind.clone()));
            if seen.as_ref() != Some(&kind) {
                *seen = None;
            }
        });
        for (name, schema) in descriptor.params.properties.iter().filter(|(name, _)| !selects(name)) {
            each(name, schema, &mut |name, schema| {
                self.add_items(name, schema);
                self.requests.entry(name.to_owned()).or_default().push(kind_of(schema));
            });
        }
    }

    fn add_items(&mut self, name: &str, list: &Schema) {
        let items = list.items.as_deref().filter(|items| is_single(items));
        if let Some(items) = items {
            self.items.entry(name.to_owned()).or_insert_with(|| kind_of(items));
        }
    }

    /// Adds the items of a list of identifiers that is documented without them. Other lists may be written in another form than
    /// they are returned, as files are.
    fn apply_items(&self, name: &str, list: &mut Schema) -> bool {
        let is_bare = list.types.single() == Some(JsonType::Array) && list.items.is_none();
        let items = self.items.get(name).filter(|_| is_bare && FieldName::of(name).identifies());
        if let Some(items) = items {
            list.items = Some(Box::new(items.clone()));
        }
        items.is_some()
    }

    /// Changes the type of a parameter to the more exact one of the same name. Returns whether there is one.
    fn apply(&self, name: &str, schema: &mut Schema) -> bool {
        let words = FieldName::of(name);
        let found = match (self.fields.get(name), self.results.get(name)) {
            (Some(field), _) => more_exact(&words, schema, field, true),
            (None, Some(Some(result))) => more_exact(&words, schema, result, false),
            (None, Some(None)) => None,
            (None, None) => {
                let others = self.requests.get(name).into_iter().flatten();
                others.filter_map(|other| more_exact(&words, schema, other, true)).next()
            }
        };
        if let Some((kind, format)) = &found {
            let own = schema.types.single();
            schema.types.0.iter_mut().filter(|of| Some(**of) == own).for_each(|of| *of = *kind);
            schema.format.clone_from(format);
            schema.default = schema.default.take().and_then(|value| converted(value, *kind));
        }
        found.is_some()
    }
}

/// The type of a parameter that is more exact than its own, with the format. `is_certain`: more than examples show it.
fn more_exact(
    name: &FieldName,
    own: &Schema,
    known: &Schema,
    is_certain: bool,
) -> Option<(JsonType, Option<String>)> {
    use JsonType::{Boolean, Integer, Number, String};
    if !own.values.is_empty() {
        return None;
    }
    let is_char = own.format.as_deref() == Some("char");
    let is_text = own.format.is_none() || is_char;
    let is_date = matches!(own.format.as_deref(), Some("date" | "date-time"));
    let format = || own.format.clone().filter(|_| !is_char);
    let is_letter = |value: &Value| matches!(value.as_str(), Some("Y" | "N"));
    let is_written_as_letter = known.format.as_deref() == Some("char");
    let is_count = is_text && name.counts() && !name.holds_letter_codes();
    let is_number = !name.is_text_key() && (name.identifies() && !is_date || is_count);
    match (own.types.single()?, known.types.single()?) {
        (String, Boolean) if is_text && is_written_as_letter => {
            own.default.as_ref().is_none_or(is_letter).then(|| (Boolean, known.format.clone()))
        }
        (String, Integer) if is_certain && is_number => {
            own.default.as_ref().is_none_or(|value| whole(value).is_some()).then(|| (Integer, format()))
        }
        (Number, Integer) if is_certain && name.identifies() => Some((Integer, format())),
        (Integer, Number) if is_certain && name.is_measure() => Some((Number, format())),
        (String, String) if own.format.is_none() && name.is_date() => {
            let is_known_date = matches!(known.format.as_deref(), Some("date" | "date-time"));
            is_known_date.then(|| (String, known.format.clone()))
        }
        // The letters are codes, of which this page lists two.
        (Boolean, String) if is_char && name.holds_letter_codes() => Some((String, None)),
        _ => None,
    }
}

/// A default as the value of another type; `None` where it is none of that type.
fn converted(value: Value, kind: JsonType) -> Option<Value> {
    match (kind, &value) {
        (JsonType::Integer, _) => whole(&value).map(Value::from),
        (JsonType::Boolean, Value::String(letter)) => match letter.as_str() {
            "Y" => Some(Value::Bool(true)),
            "N" => Some(Value::Bool(false)),
            _ => None,
        },
        (JsonType::String, Value::Bool(flag)) => Some(Value::from(if *flag { "Y" } else { "N" })),
        _ => Some(value),
    }
}

/// The integer that a value is or spells.
fn whole(value: &Value) -> Option<i64> {
    let fraction = || value.as_f64().filter(|number| number.fract() == 0.0);
    let in_digits = || value.as_str()?.parse().ok();
    let exact = || serde_json::from_str(&format!("{:.0}", fraction()?)).ok();
    value.as_i64().or_else(exact).or_else(in_digits)
}

/// The type of a value and no more.
fn kind_of(schema: &Schema) -> Schema {
    Schema {
        types: schema.types.single().map(Schema::of).unwrap_or_default().types,
        format: schema.format.clone(),
        ..Schema::default()
    }
}

/// Visits the single values and the lists inside of a schema, each with the name of its field.
fn each(name: &str, schema: &Schema, visit: &mut dyn FnMut(&str, &Schema)) {
    for (name, property) in &schema.properties {
        each(name, property, visit);
    }
    if let Some(items) = &schema.items {
        each(name, items, visit);
    }
    if let Some(AdditionalProperties::Of(values)) = &schema.additional {
        each(name, values, visit);
    }
    if is_visited(schema) {
        visit(name, schema);
    }
}

fn each_mut(name: &str, schema: &mut Schema, visit: &mut dyn FnMut(&str, &mut Schema)) {
    for (name, property) in &mut schema.properties {
        each_mut(name, property, visit);
    }
    if let Some(items) = &mut schema.items {
        each_mut(name, items, visit);
    }
    if let Some(AdditionalProperties::Of(values)) = &mut schema.additional {
        each_mut(name, values, visit);
    }
    if is_visited(schema) {
        visit(name, schema);
    }
}

fn is_visited(schema: &Schema) -> bool {
    is_single(schema) || schema.types.single() == Some(JsonType::Array)
}

fn is_single(schema: &Schema) -> bool {
    !matches!(schema.types.single(), None | Some(JsonType::Array | JsonType::Object | JsonType::Null))
}
