//! Methods of REST 3 that describe the fields of rows.

use serde_json::{Map, Value, json};

use super::{Call, Machine};
use crate::check::{Problem, Refusal};
use crate::exchange::Answer;
use crate::families::{DescribedField, fold};
use crate::php;
use crate::spec::Schema;

/// The end of the code of the error that a field does not exist.
const FIELD_NOT_FOUND: &str = "FIELDNOTFOUNDEXCEPTION";

impl Machine {
    /// The descriptions of all fields, or that of one.
    pub(super) fn describe_v3(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let prefix = call.family.table.trim_end_matches(".field");
        let fields = self.families.described_fields(&self.spec, prefix);
        let returns = &call.method.returns;
        if let Some(schema) = call.method.row() {
            let selected = self.selected(call, schema)?;
            let described = fields.iter().map(|field| describe(field, &selected));
            return Ok(Answer::of(json!({"items": described.collect::<Vec<_>>()})));
        }
        let Some(schema) = returns.properties.get("item") else { return Ok(Answer::of(json!([]))) };
        let selected = self.selected(call, schema)?;
        let name = call.param("name").map(php::text).unwrap_or_default();
        let field = fields.iter().find(|field| field.name == name).ok_or_else(|| not_found(call, &name))?;
        Ok(Answer::of(json!({"item": describe(field, &selected)})))
    }

    /// The properties of a description that are wanted.
    fn selected(&self, call: &Call<'_>, schema: &Schema) -> Result<Vec<String>, Refusal> {
        let all = || schema.properties.keys().cloned().collect();
        let Some(Value::Array(names)) = call.param("select") else { return Ok(all()) };
        let names: Vec<String> = names.iter().map(php::text).collect();
        match names.iter().find(|name| !schema.properties.contains_key(*name)) {
            Some(unknown) => Err(self.refuse(call, Problem::Unknown(unknown))),
            None if names.is_empty() => Ok(all()),
            None => Ok(names),
        }
    }
}

fn describe(field: &DescribedField, selected: &[String]) -> Value {
    let value = |name: &String| {
        let value = match fold(name).as_str() {
            "name" | "title" => field.name.as_str().into(),
            "type" => field.kind.as_str().into(),
            "filterable" => field.filterable.into(),
            "sortable" => field.sortable.into(),
            "multiple" | "editable" => false.into(),
            _ => Value::Null,
        };
        (name.clone(), value)
    };
    Value::Object(selected.iter().map(value).collect::<Map<_, _>>())
}

/// The documented error for a field that does not exist.
fn not_found(call: &Call<'_>, name: &str) -> Refusal {
    let documented = call.method.errors.iter().find(|error| error.code.ends_with(FIELD_NOT_FOUND));
    let (status, code) =
        documented.map_or((400, ""), |error| (error.status.unwrap_or(400), error.code.as_str()));
    Refusal::new(status, code, format!("Field `{name}` is not found"))
}
