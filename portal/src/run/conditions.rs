//! Conditions on rows: what the request and the facts say.

use serde_json::{Map, Value, json};

use super::rows::stored_field;
use super::values::Context;
use super::{Call, Machine};
use crate::families::Setting;
use crate::store::Filter;

impl Machine {
    /// The conditions with operators that facts set on the rows of a list.
    pub(super) fn compared(&self, call: &Call<'_>) -> Vec<Filter> {
        let context = Context::default();
        let compared = call.operation.conditions.iter().filter(|condition| condition.is_compared());
        let filter = |condition: &Setting| {
            let value = self.value_of(call, &condition.source, &context)?;
            Some(Filter::of_object(&Map::from_iter([(condition.name.clone(), value)])))
        };
        compared.filter_map(filter).collect()
    }

    /// The conditions that the request and the facts set on rows: fields, folded, and values.
    pub(super) fn conditions(&self, call: &Call<'_>) -> Vec<(String, Value)> {
        let context = Context::default();
        // A row that exists because it is asked for is anyone's.
        let of = if self.rows.on_demand && call.names_a_row() { &[][..] } else { &call.family.of };
        let all = of.iter().chain(&call.operation.conditions);
        all.filter(|condition| !condition.is_compared())
            .filter_map(|condition| {
                let value = self.value_of(call, &condition.source, &context);
                // What a request may leave out says nothing about rows; a row that does not exist is that of none.
                let is_optional = self.rows.on_demand || condition.source.may_be_absent();
                let value = if is_optional { value? } else { value.unwrap_or_else(|| json!([])) };
                let value = if condition.field.ends_with("id") && value.is_string() {
                    stored_field(call.family, &condition.field, value)
                } else {
                    value
                };
                Some((condition.field.clone(), value))
            })
            .collect()
    }
}
