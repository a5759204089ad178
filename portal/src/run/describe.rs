//! Methods that describe the fields of a row.

use std::collections::HashMap;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::custom_fields::CustomField;
use super::{Call, Machine};
use crate::answer::{Form, Maker, RESULT, Seed, shape};
use crate::check::Refusal;
use crate::families::{Role, fold};
use crate::spec::{JsonType, Schema};

impl Machine {
    /// The descriptions of the fields, where the result has a map of them; and plausible values elsewhere.
    ///
    /// # Errors
    /// The file with rows cannot be read.
    pub(super) fn describe(&mut self, call: &Call<'_>) -> Result<Value, Refusal> {
        let custom = self.custom_fields(call)?;
        let seed = self.seed.part(&call.method.name);
        let form = Form::of(call.method.api, &call.method.name);
        let maker = Maker { defs: &call.method.returns.defs, form };
        let mut facts = self.facts(call);
        facts.extend(custom.into_iter().map(|field| (field.name.clone(), Facts::of_custom(field))));
        let described = Described { call: *call, maker, facts };
        Ok(described.value(&call.method.returns, RESULT, seed))
    }

    /// What is known of each field.
    fn facts(&self, call: &Call<'_>) -> IndexMap<String, Facts> {
        let find = |role: Role| {
            let found = call.family.operations.iter().find(|(_, operation)| operation.role == role);
            let (name, operation) = found?;
            let method = self.spec.method(call.method.api, name)?;
            let input =
                operation.input.as_ref().and_then(|input| method.params.properties.get(input)).cloned();
            Some(input.unwrap_or_else(|| method.params.clone()))
        };
        let add = find(Role::Add);
        let update = find(Role::Update).or_else(|| add.clone());
        let has = |schema: Option<&Schema>, folded: &str| {
            schema.is_some_and(|schema| schema.properties.keys().any(|name| fold(name) == folded))
        };
        let key = call.table_key();
        let home = self.home(call.family, &key);
        let directories = &home.as_deref().unwrap_or(call.family).directories;
        let own: HashMap<String, String> = self.families.names(&key.name).collect();
        let facts = |(name, schema): (&String, &Schema)| {
            let folded = fold(name);
            let directory = directories.get(own.get(&folded).unwrap_or(&folded)).cloned();
            let (added, updated) = (has(add.as_ref(), &folded), has(update.as_ref(), &folded));
            let required =
                add.as_ref().is_some_and(|add| add.required.iter().any(|name| fold(name) == folded));
            let multiple = schema.single() == Some(JsonType::Array);
            (
                name.clone(),
                Facts {
                    kind: kind(schema),
                    original: name.clone(),
                    label: name.clone(),
                    required,
                    read_only: !added && !updated,
                    immutable: added && !updated,
                    multiple,
                    dynamic: false,
                    directory,
                    items: Vec::new(),
                },
            )
        };
        call.family.fields.iter().map(facts).collect()
    }
}

/// What is known of a field.
struct Facts {
    kind: String,
    /// The name in upper case, if the field is custom.
    original: String,
    label: String,
    required: bool,
    read_only: bool,
    immutable: bool,
    multiple: bool,
    /// Whether callers have added the field.
    dynamic: bool,
    /// The directory whose codes it has.
    directory: Option<String>,
    /// The values of a list.
    items: Vec<Value>,
}

impl Facts {
    fn of_custom(field: CustomField) -> Self {
        Self {
            kind: field.kind,
            original: field.original,
            label: field.label,
            required: field.required,
            read_only: false,
            immutable: false,
            multiple: field.multiple,
            dynamic: true,
            directory: None,
            items: field.items,
        }
    }
}

/// The documented name of a field's type.
fn kind(schema: &Schema) -> String {
    let schema = schema.items.as_deref().unwrap_or(schema);
    match (schema.format.as_deref(), schema.single()) {
        (Some("date-time"), _) => "datetime".to_owned(),
        (Some(format), _) => format.to_owned(),
        (None, Some(JsonType::Integer)) => "integer".to_owned(),
        (None, Some(JsonType::Number)) => "double".to_owned(),
        (None, Some(JsonType::Boolean)) => "boolean".to_owned(),
        (None, Some(JsonType::Object)) => "object".to_owned(),
        _ => "string".to_owned(),
    }
}

/// A result with descriptions of fields.
struct Described<'c> {
    call: Call<'c>,
    maker: Maker<'c>,
    facts: IndexMap<String, Facts>,
}

impl Described<'_> {
    fn value(&self, schema: &Schema, name: &str, seed: Seed) -> Value {
        let defs = &self.call.method.returns.defs;
        if let Some(of_field) = schema.map_values().map(|values| values.resolve(defs))
            && of_field.properties.contains_key("type")
        {
            let describe =
                |(name, facts)| (String::clone(name), self.describe(of_field, name, facts, seed.part(name)));
            return Value::Object(self.facts.iter().map(describe).collect());
        }
        if schema.is_object() && !schema.properties.is_empty() {
            let parts = schema.properties.iter();
            return parts
                .map(|(name, part)| (name.clone(), self.value(part, name, seed.part(name))))
                .collect();
        }
        self.maker.value(schema, name, seed)
    }

    /// The description of one field: what is known, and no settings.
    fn describe(&self, schema: &Schema, field: &str, facts: &Facts, seed: Seed) -> Value {
        let mut description = Map::new();
        for (name, part) in &schema.properties {
            let form: Form = self.maker.form;
            let value = match fold(name).as_str() {
                "type" => facts.kind.clone().into(),
                "isrequired" => form.flag(part, facts.required),
                "isreadonly" => form.flag(part, facts.read_only),
                "isimmutable" => form.flag(part, facts.immutable),
                "ismultiple" => form.flag(part, facts.multiple),
                "isdynamic" => form.flag(part, facts.dynamic),
                "isdeprecated" => form.flag(part, false),
                "title" | "uppername" => facts.original.as_str().into(),
                "name" => field.into(),
                "listlabel" | "formlabel" | "filterlabel" if facts.dynamic => facts.label.as_str().into(),
                "statustype" => match &facts.directory {
                    Some(directory) => directory.as_str().into(),
                    None => continue,
                },
                "items" if !facts.items.is_empty() => {
                    let items = facts.items.clone().into();
                    shape(part, self.maker.defs, form, items, (name, seed))
                }
                // The others belong to fields of particular types.
                _ if !part.is_scalar() => continue,
                _ if schema.properties.len() > 8 => continue,
                _ => self.maker.value(part, name, seed.part(name)),
            };
            description.insert(name.clone(), value);
        }
        Value::Object(description)
    }
}
