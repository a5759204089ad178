//! What REST 3 checks of requests about rows: the fields that are sent and selected, and those of conditions.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use super::layout::selection;
use super::{Call, Machine};
use crate::check::{Problem, Refusal, is_accepted};
use crate::families::{Family, Role, find, fold};
use crate::php;
use crate::spec::{Api, Schema};
use crate::store::Filter;

/// The error that a list has no condition on a field which needs one.
const WITHOUT_CONDITION: &str = "VALIDATION_REQUESTFILTERVALIDATIONEXCEPTION";

impl Machine {
    /// Refuses a request whose fields the rows do not have, or whose values these cannot have.
    pub(super) fn check_fields(&self, call: &Call<'_>) -> Result<(), Refusal> {
        if call.method.api == Api::V2 {
            return Ok(());
        }
        match call.operation.role {
            Role::Get | Role::List => self.check_selection(call),
            Role::Add | Role::Update => self.check_given(call),
            _ => Ok(()),
        }
    }

    fn check_selection(&self, call: &Call<'_>) -> Result<(), Refusal> {
        let names = selection(call);
        let unknown = names.iter().find(|name| !is_known(call.family, name));
        unknown.map_or(Ok(()), |name| Err(self.refuse(call, Problem::Unknown(name))))
    }

    fn check_given(&self, call: &Call<'_>) -> Result<(), Refusal> {
        let input = call.operation.input.as_ref().and_then(|input| find(call.params, input));
        let Some(Value::Object(fields)) = input else { return Ok(()) };
        for (name, value) in fields {
            let folded = fold(name);
            if folded.starts_with("uf") {
                continue;
            }
            let Some(schema) = field(call.family, name) else {
                if call.family.fields.is_empty() || of_input(call, name) {
                    continue;
                }
                return Err(self.refuse(call, Problem::Unknown(name)));
            };
            let words = call.family.values.get(&folded);
            let has_word =
                words.is_none_or(|words| value.as_str().is_none_or(|word| words.contains_key(word)));
            // A list of rows that belong to this one is sent as their identifiers.
            if !is_accepted(schema, value) || !is_date_or_none(schema, value) || !has_word {
                return Err(self.refuse(call, Problem::WrongType(name)));
            }
        }
        Ok(())
    }

    /// Refuses a list without conditions on the fields that need them.
    pub(super) fn check_conditioned(&self, call: &Call<'_>, filter: &Filter) -> Result<(), Refusal> {
        let names: Vec<&str> = filter.names();
        let Some(missing) = call.operation.conditioned.iter().find(|name| !names.contains(&name.as_str()))
        else {
            return Ok(());
        };
        let documented = call.method.errors.iter().find(|error| error.code.ends_with(WITHOUT_CONDITION));
        Err(match documented {
            Some(error) => self.refuse_with(call, Some(&error.code)),
            None => self.refuse(call, Problem::Missing(&format!("filter.{missing}"))),
        })
    }
}

/// Whether rows have a field, or a field with such a part: `responsible.name`.
fn is_known(family: &Family, name: &str) -> bool {
    let (name, part) = name.split_once('.').map_or((name, None), |(name, part)| (name, Some(part)));
    if name == "*" || fold(name).starts_with("uf") {
        return true;
    }
    let Some(schema) = field(family, name) else { return family.fields.is_empty() };
    let schema = schema.items.as_deref().unwrap_or(schema);
    part.is_none_or(|part| schema.properties.is_empty() || schema.properties.contains_key(part))
}

/// The schema of a field with exactly this name.
fn field<'f>(family: &'f Family, name: &str) -> Option<&'f Schema> {
    family.fields.get(name).map(|schema| schema.resolve(&family.defs))
}

/// Whether the page of the method has the field.
fn of_input(call: &Call<'_>, name: &str) -> bool {
    let input = call.operation.input.as_ref().and_then(|input| call.method.params.properties.get(input));
    input.is_some_and(|input| input.properties.contains_key(name))
}

/// Whether a value is a moment or a day, if it is to be one.
fn is_date_or_none(schema: &Schema, value: &Value) -> bool {
    if !schema.is_date() || php::is_empty(value) {
        return true;
    }
    let text = php::text(value);
    text.parse::<Timestamp>().is_ok() || text.get(..10).is_some_and(|day| day.parse::<Date>().is_ok())
}
