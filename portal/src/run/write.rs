//! Methods that change rows.

use serde_json::Value;

use super::rows::{change_moments, defaults, given};
use super::settings::Context;
use super::{Call, Machine};
use crate::check::{Problem, Refusal};
use crate::exchange::Answer;
use crate::families::{Column, Place, find, fold};
use crate::store::{Field, TableKey};

/// Parameters that no row has.
const NO_FIELDS: [&str; 7] = ["id", "auth", "authconnector", "select", "start", "filter", "order"];

impl Call<'_> {
    /// The fields of the request, as stored values.
    fn fields(&self) -> Vec<Field<'static>> {
        let object = self.operation.input.as_ref().and_then(|input| find(self.params, input)?.as_object());
        let is_key = |name: &str| {
            self.operation
                .keys
                .iter()
                .any(|key| key.column == Column::Id && key.param.eq_ignore_ascii_case(name))
        };
        let is_input =
            |name: &str| self.operation.input.as_ref().is_some_and(|input| input.eq_ignore_ascii_case(name));
        let is_file =
            |name: &str| self.operation.file.as_ref().is_some_and(|file| file.eq_ignore_ascii_case(name));
        let flat = self.params.iter().filter(|(name, _)| {
            !is_key(name) && !is_file(name) && !is_input(name) && !NO_FIELDS.contains(&fold(name).as_str())
        });
        // Parameters beside the fields say what the row belongs to.
        let flat = flat.filter(|(_, value)| object.is_none() || !value.is_object() && !value.is_array());
        let mut fields = given(self.family, flat);
        fields.extend(given(self.family, object.into_iter().flatten()));
        fields
    }

    /// The fields of a row that change. Where facts say what is set, nothing else is.
    fn changed_fields(&self) -> Vec<Field<'static>> {
        if self.operation.sets.is_empty() { self.fields_but_id() } else { Vec::new() }
    }

    /// The fields without the identifier, which the portal chooses where rows are numbered.
    fn fields_but_id(&self) -> Vec<Field<'static>> {
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
        if let Some(answer) = self.offer_upload(call) {
            return Ok(answer);
        }
        let file = self.receive(call)?;
        let mut given = call.fields_but_id();
        self.receive_fields(&mut given)?;
        if let Some(several) = Self::several(call) {
            let mut last = 0;
            for each in &several {
                let context = Context { each: Some(each), ..Context::default() };
                last = self
                    .add_row(call, [given.clone(), call.settings(&call.operation.sets, &context)].concat())?;
            }
            return Ok(Answer::of(self.shown(call, last)));
        }
        let context = Context { file, ..Context::default() };
        given.extend(call.settings(&call.operation.sets, &context));
        let id = self.add_row(call, given)?;
        self.add_others(call, id, context.file)?;
        Ok(Answer::of(self.shown(call, id)))
    }

    /// Adds a row of the call's family with its defaults, and with those of the family whose rows they are too.
    fn add_row(&mut self, call: &Call<'_>, given: Vec<Field<'_>>) -> Result<i64, Refusal> {
        let full = Refusal::new(400, "", "The table is full");
        let key = call.table_key();
        let home = call.is_shared().then(|| self.families.by_table(&self.spec, &key.name)).flatten();
        let taken = self.taken(call);
        let table = self.table(call)?;
        table.skip_to(taken.unwrap_or(0));
        let id = table.next_id();
        let mut fields = match &home {
            // Fields that only the universal method has are not columns of every row.
            Some(home) => defaults(home, id),
            None => defaults(call.family, id),
        };
        let of_family = home.as_deref().unwrap_or(call.family);
        fields.extend(call.settings(&of_family.defaults, &Context { added: Some(id), ..Context::default() }));
        fields.extend(given);
        table.add(fields).ok_or(full)
    }

    /// The identifier that a table has next whose identifiers the rows do not have.
    fn taken(&self, call: &Call<'_>) -> Option<i64> {
        let key = TableKey { name: call.family.beside.clone()?, partition: Vec::new() };
        Some(self.store.get(&key)?.next_id())
    }

    /// Adds a copy of the chosen row.
    pub(super) fn copy(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let not_found = self.refuse(call, Problem::NotFound);
        let full = Refusal::new(400, "", "The table is full");
        let taken = self.taken(call);
        let table = self.table(call)?;
        let Some(id) = call.chosen(table).first().copied() else { return Err(not_found) };
        let mut fields: Vec<Field<'_>> = table
            .fields(id)
            .into_iter()
            .flatten()
            .map(|(name, value)| (fold(&name).into(), name.into(), value))
            .collect();
        table.skip_to(taken.unwrap_or(0));
        let next = table.next_id();
        let id_field = call.family.id.as_ref().map(|id| (fold(id).into(), id.as_str().into(), next.into()));
        fields.extend(id_field);
        fields.extend(call.settings(&call.operation.sets, &Context::default()));
        let id = table.add(fields).ok_or(full)?;
        Ok(Answer::of(self.shown(call, id)))
    }

    pub(super) fn update(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let ids = call.chosen(self.table(call)?);
        let Some(first) = ids.first().copied() else { return Err(self.refuse(call, Problem::NotFound)) };
        let mut given = call.changed_fields();
        let file = self.receive(call)?;
        self.receive_fields(&mut given)?;
        let context = Context { file, ..Context::default() };
        let table = self.table(call)?;
        let stamps = change_moments(call.family);
        for id in ids {
            let row = table.row(id).map(|row| (id, &*table, row));
            let sets = call.settings(
                &call.operation.sets,
                &Context { row, file: context.file.clone(), each: None, added: None },
            );
            let fields: Vec<_> = stamps.iter().cloned().chain(given.iter().cloned()).chain(sets).collect();
            table.set(id, fields);
        }
        self.add_others(call, first, context.file)?;
        Ok(Answer::of(self.shown(call, first)))
    }

    pub(super) fn delete(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let ids = call.chosen(self.table(call)?);
        // Where an owner's list or a list of identifiers is removed, it may be empty.
        let several =
            call.operation.keys.iter().any(|key| find(call.params, &key.param).is_some_and(Value::is_array));
        if ids.is_empty()
            && !several
            && !(call.operation.keys.is_empty() && call.operation.conditions.is_empty())
        {
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
        let sets = call.settings(&call.operation.sets, &Context::default());
        table.set(id, call.fields().into_iter().chain(sets));
        Ok(Answer::of(match &call.operation.place {
            Place::Entity(_) => self.shown(call, id),
            _ => self.done(call, id),
        }))
    }

    /// The result of a method on a row of its table.
    fn shown(&self, call: &Call<'_>, id: i64) -> Value {
        match self.store.get(&call.table_key()) {
            Some(table) => self.show(call, table, id),
            None => Value::Null,
        }
    }
}
