//! The values with which a form begins: enough for a call that succeeds.

use serde_json::{Map, Value, json};

use crate::answer::{Form, Maker, Seed, Topic};
use crate::families::{Column, Family, Operation, Role, fold};
use crate::run::Machine;
use crate::spec::{Api, JsonType, Method, Schema};

/// How many fields of an object without required ones an example has.
const FIELDS: usize = 2;

/// Examples for the parameters of a method.
pub(super) struct Examples<'a> {
    pub(super) method: &'a Method,
    /// What the method does with stored rows.
    pub(super) operation: Option<(&'a Family, &'a Operation)>,
    /// An identifier that exists.
    pub(super) id: i64,
}

impl<'a> Examples<'a> {
    pub(super) fn of(machine: &Machine, method: &'a Method, family: Option<&'a Family>) -> Self {
        let operation = family
            .and_then(|family| Some((family, family.operations.get(&method.name.to_ascii_lowercase())?)));
        let id = family.and_then(|family| machine.store.last_id(&family.table)).unwrap_or(1);
        Self { method, operation, id }
    }

    /// The value of a parameter. `None`: the form leaves it out.
    pub(super) fn parameter(&self, name: &str, schema: &Schema) -> Option<Value> {
        let params = &self.method.params;
        let in_first_set =
            || params.any_of.first().is_some_and(|set| set.required.iter().any(|one| one == name));
        let operation = self.operation.map(|(_, operation)| operation);
        let is_input = || {
            let writes = operation.filter(|one| matches!(one.role, Role::Add | Role::Update));
            writes.and_then(|one| one.input.as_deref()) == Some(name)
        };
        let key = operation.and_then(|one| one.keys.iter().find(|key| key.param == name));
        if !(params.required.iter().any(|one| one == name) || in_first_set() || is_input() || key.is_some()) {
            return None;
        }
        let is_id = key.is_some_and(|key| key.column == Column::Id);
        if is_id && schema.single() != Some(JsonType::Array) && schema.single() != Some(JsonType::Object) {
            return Some(if schema.single() == Some(JsonType::String) {
                self.id.to_string().into()
            } else {
                self.id.into()
            });
        }
        Some(self.value(name, schema))
    }

    /// A plausible value of a field of this name.
    pub(super) fn value(&self, name: &str, schema: &Schema) -> Value {
        let schema = schema.resolve(&self.method.params.defs);
        if schema.is_object() && !schema.properties.is_empty() {
            return self.object(schema);
        }
        let number = matches!(schema.single(), Some(JsonType::Integer | JsonType::String));
        if number && fold(name).ends_with("id") && schema.values.is_empty() {
            return if schema.single() == Some(JsonType::String) { json!("1") } else { json!(1) };
        }
        let seed = Seed::new(1).part(self.method.name.to_ascii_lowercase()).part(name);
        Maker { defs: &self.method.params.defs, form: Form::of(Api::V3, "") }.value(schema, name, seed)
    }

    /// An object with its required fields, or with some texts.
    fn object(&self, schema: &Schema) -> Value {
        let is_text = |(name, field): &(&String, &Schema)| {
            let topics = [Topic::Other, Topic::FirstName, Topic::LastName];
            field.single() == Some(JsonType::String)
                && field.values.is_empty()
                && field.format.is_none()
                && topics.contains(&Topic::of(name))
        };
        let required: Vec<(&String, &Schema)> =
            schema.properties.iter().filter(|(name, _)| schema.required.contains(name)).collect();
        let texts = schema.properties.iter().filter(is_text).take(FIELDS);
        let chosen = if required.is_empty() { texts.collect() } else { required };
        let fields: Map<String, Value> =
            chosen.into_iter().map(|(name, field)| (name.clone(), self.value(name, field))).collect();
        Value::Object(fields)
    }
}
