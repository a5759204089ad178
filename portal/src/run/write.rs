//! Methods that change rows.

use serde_json::Value;

use super::rows::{defaults, given};
use super::{Answer, Call, Machine};
use crate::check::{Problem, Refusal};
use crate::families::{Column, find, fold};

/// Parameters that no row has.
const NO_FIELDS: [&str; 6] = ["id", "auth", "select", "start", "filter", "order"];

impl Call<'_> {
    /// The fields of the request, as stored values.
    fn fields(&self) -> Vec<(String, String, Value)> {
        let object = self.operation.input.as_ref().and_then(|input| find(self.params, input)?.as_object());
        let is_key = |name: &str| {
            self.operation
                .keys
                .iter()
                .any(|key| key.column == Column::Id && key.param.eq_ignore_ascii_case(name))
        };
        let is_input =
            |name: &str| self.operation.input.as_ref().is_some_and(|input| input.eq_ignore_ascii_case(name));
        let flat = self.params.iter().filter(|(name, _)| {
            !is_key(name) && !is_input(name) && !NO_FIELDS.contains(&fold(name).as_str())
        });
        // Parameters beside the fields say what the row belongs to.
        let flat = flat.filter(|(_, value)| object.is_none() || !value.is_object() && !value.is_array());
        let mut fields = given(self.family, flat);
        fields.extend(given(self.family, object.into_iter().flatten()));
        fields
    }

    /// The fields without the identifier, which the portal chooses where rows are numbered.
    fn fields_but_id(&self) -> Vec<(String, String, Value)> {
        let numbered = |folded: &str| {
            let id = self.family.id.as_ref();
            let is_text = id
                .and_then(|id| self.family.fields.get(id))
                .is_some_and(|schema| schema.single() == Some(crate::spec::JsonType::String));
            !is_text && id.is_some_and(|id| fold(id) == folded)
        };
        self.fields().into_iter().filter(|(folded, ..)| !numbered(folded)).collect()
    }
}

impl Machine {
    pub(super) fn add(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let full = Refusal::new(400, "", "The table is full");
        let table = self.table(call)?;
        let id = table.next_id();
        let mut fields = defaults(call.family, id);
        fields.extend(call.fields_but_id());
        let id = table.add(fields).ok_or(full)?;
        Ok(Answer::of(self.shown(call, id)))
    }

    pub(super) fn update(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let ids = call.chosen(self.table(call)?);
        let Some(first) = ids.first().copied() else { return Err(self.refuse(call, Problem::NotFound)) };
        let table = self.table(call)?;
        let stamp = |(folded, _, value): &(String, String, Value)| {
            let parts = ["modif", "update", "changed", "timestampx"];
            value.is_string() && parts.iter().any(|part| folded.contains(part))
        };
        for id in ids {
            let stamps = defaults(call.family, id).into_iter().filter(stamp);
            let fields: Vec<_> = stamps.chain(call.fields_but_id()).collect();
            table.set(id, fields);
        }
        Ok(Answer::of(self.shown(call, first)))
    }

    pub(super) fn delete(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let ids = call.chosen(self.table(call)?);
        // Where an owner's list is removed, it may be empty.
        if ids.is_empty() && !call.operation.keys.is_empty() {
            return Err(self.refuse(call, Problem::NotFound));
        }
        let table = self.table(call)?;
        for id in &ids {
            table.remove(*id);
        }
        Ok(Answer::of(self.done(call, ids.first().copied().unwrap_or(1))))
    }

    /// Replaces the rows of an owner by those in a parameter.
    pub(super) fn replace(&mut self, call: &Call<'_>, param: &str) -> Result<Answer, Refusal> {
        let rows: Vec<Value> = match find(call.params, param) {
            Some(Value::Array(rows)) => rows.clone(),
            Some(Value::Object(rows)) => rows.values().cloned().collect(),
            _ => Vec::new(),
        };
        let owner = call.params.iter().filter(|(name, value)| {
            !name.eq_ignore_ascii_case(param) && !value.is_object() && !value.is_array() && fold(name) != "id"
        });
        let owner = given(call.family, owner);
        let table = self.table(call)?;
        for id in call.chosen(table) {
            table.remove(id);
        }
        for row in &rows {
            let id = table.next_id();
            let mut fields = defaults(call.family, id);
            fields.extend(owner.iter().cloned());
            fields.extend(given(call.family, row.as_object().into_iter().flatten()));
            table.add(fields);
        }
        let first = table.range(0, i64::MAX).next().map_or(1, |(id, _)| id);
        Ok(Answer::of(self.shown(call, first)))
    }

    /// Sets values that have no identifier.
    pub(super) fn put(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let full = Refusal::new(400, "", "The table is full");
        let table = self.table(call)?;
        let id = match call.chosen(table).first() {
            Some(id) => *id,
            None => table.add(defaults(call.family, table.next_id())).ok_or(full)?,
        };
        table.set(id, call.fields());
        Ok(Answer::of(self.done(call, id)))
    }

    /// The result of a method on a row of its table.
    fn shown(&self, call: &Call<'_>, id: i64) -> Value {
        match self.store.get(&call.table_key()) {
            Some(table) => self.show(call, table, id),
            None => Value::Null,
        }
    }
}
