//! Methods that change rows.

use serde_json::Value;

use super::items::identified;
use super::links::bound;
use super::rows::{self, change_moments, defaults, given, stored_field};
use super::several::several;
use super::values::Context;
use super::{Call, Machine, full};
use crate::check::{Problem, Refusal};
use crate::exchange::Answer;
use crate::families::{Column, Place, find, fold};
use crate::spec::Schema;
use crate::store::Field;

/// Parameters that no row has.
const NO_FIELDS: [&str; 7] = ["id", "auth", "authconnector", "select", "start", "filter", "order"];

impl Call<'_> {
    /// The fields of the request, as stored values.
    fn fields(&self) -> Vec<Field<'static>> {
        let input =
            self.operation.input.as_ref().filter(|input| self.operation.file.as_ref() != Some(*input));
        let object = input.and_then(|input| find(self.params, input)?.as_object());
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
        let is_own = |name: &String| self.family.field(&fold(name)).is_some();
        let flat = self.params.iter().filter(|(name, _)| {
            !is_key(name) && !is_file(name) && !is_input(name) && !NO_FIELDS.contains(&fold(name).as_str())
        });
        // Parameters beside the fields say what the row belongs to, or are further groups of fields: `MESSAGES` of `lists.add`.
        let groups = flat
            .clone()
            .filter_map(|(name, value)| Some((name, value.as_object().filter(|_| !is_own(name))?)));
        // Or all fields are in one, as most methods have them.
        let is_group = |name: &str| object.is_some() || fold(name) == "fields";
        let groups = groups.filter(|(name, group)| is_group(name) && group.keys().any(is_own));
        let groups = groups.map(|(_, group)| group);
        let flat = flat.filter(|(_, value)| object.is_none() || !value.is_object() && !value.is_array());
        let mut fields = given(self.family, flat);
        fields.extend(given(self.family, groups.flatten()));
        fields.extend(given(self.family, object.into_iter().flatten()));
        for (folded, _, value) in &mut fields {
            let words = self.family.values.get(folded.as_ref());
            if let Some(stored) = words.and_then(|words| words.get(value.as_str()?)) {
                *value = stored.clone();
            }
        }
        fields
    }

    /// The documented values of the parameters that a request leaves out, where the family has no others.
    fn documented_defaults(&self) -> Vec<Field<'static>> {
        let params = &self.method.params.properties;
        let inner = self.operation.input.as_ref().and_then(|input| params.get(input));
        let all = params.iter().chain(inner.into_iter().flat_map(|inner| &inner.properties));
        let has_other = |folded: &str| self.family.defaults.iter().any(|setting| setting.field == folded);
        let default = |(name, schema): (&String, &Schema)| {
            let value = schema.default.clone().filter(|value| !value.is_null())?;
            let folded = fold(name);
            let is_own = self.family.field(&folded).is_some() && !has_other(&folded);
            is_own.then(|| {
                (folded.clone().into(), name.clone().into(), stored_field(self.family, &folded, value))
            })
        };
        all.filter_map(default).collect()
    }

    /// The fields of a row that change. Where facts say what is set, nothing else is.
    fn changed_fields(&self) -> Vec<Field<'static>> {
        if self.operation.sets.is_empty() { self.fields_but_id() } else { Vec::new() }
    }

    /// Whether neither the request nor facts choose rows.
    fn chooses_nothing(&self) -> bool {
        self.operation.keys.is_empty() && self.operation.conditions.is_empty()
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
        let mut given = call.documented_defaults();
        given.extend(call.fields_but_id());
        self.receive_fields(&mut given)?;
        if let Some(several) = Self::several(call) {
            let mut ids = Vec::new();
            // What a list is in is no field.
            given.retain(|(.., value)| !value.is_object() && !value.is_array());
            let is_composed = !call.operation.sets.is_empty();
            for (key, each) in &several {
                let context = Context { each: Some(each), key: key.as_deref(), ..Context::default() };
                // Without facts, a value has the fields of a row.
                let own = each.as_object().filter(|_| !is_composed).into_iter().flatten();
                let given = [given.clone(), rows::given(call.family, own)].concat();
                let of = self.settings(call, call.family, &call.family.of, &context);
                let sets = self.settings(call, call.family, &call.operation.sets, &context);
                ids.push(self.add_row(call, [given, of, sets].concat())?);
            }
            let result = self.all_shown(call, &ids);
            return Ok(Answer::about(ids, result));
        }
        let id = self.new_id(call)?;
        let context = Context { file, added: Some(id), ..Context::default() };
        given.extend(self.settings(call, call.family, &call.family.of, &context));
        given.extend(self.settings(call, call.family, &call.operation.sets, &context));
        let id = self.add_row(call, given)?;
        self.change_others(call, &call.operation.also, Some((&call.table_key(), id)), context.file)?;
        Ok(Answer::about(vec![id], self.shown(call, id)))
    }

    /// Adds a row of the call's family.
    fn add_row(&mut self, call: &Call<'_>, given: Vec<Field<'_>>) -> Result<i64, Refusal> {
        self.table(call)?;
        self.add_to(call, call.family, &call.table_key(), given)
    }

    /// The identifier that the next row of the call's table gets.
    fn new_id(&mut self, call: &Call<'_>) -> Result<i64, Refusal> {
        self.table(call)?;
        self.next_id(call.family, &call.table_key())
    }

    /// Adds a copy of the chosen row.
    pub(super) fn copy(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let not_found = self.refuse(call, Problem::NotFound);
        let next = self.new_id(call)?;
        let sets = self.settings(call, call.family, &call.operation.sets, &Context::default());
        let table = self.table(call)?;
        let Some(id) = call.chosen(table).first().copied() else { return Err(not_found) };
        let mut fields: Vec<Field<'_>> = table
            .fields(id)
            .into_iter()
            .flatten()
            .map(|(name, value)| (fold(&name).into(), name.into(), value))
            .collect();
        let id_field = call.family.id.as_ref().map(|id| (fold(id).into(), id.as_str().into(), next.into()));
        fields.extend(id_field);
        fields.extend(sets);
        let id = table.add(fields).ok_or_else(full)?;
        self.change_others(call, &call.operation.also, Some((&call.table_key(), id)), None)?;
        Ok(Answer::about(vec![id], self.shown(call, id)))
    }

    pub(super) fn update(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let ids = call.chosen(self.table(call)?);
        let Some(first) = ids.first().copied() else {
            return if call.chooses_nothing() {
                Ok(Answer::of(self.done(call, 1)))
            } else {
                Err(self.refuse(call, Problem::NotFound))
            };
        };
        let mut given = call.changed_fields();
        let file = self.receive(call)?;
        self.receive_fields(&mut given)?;
        let stamps = change_moments(call.family);
        let key = call.table_key();
        let follows = self.families.follows(&key.name);
        let mut entries = Vec::new();
        for id in &ids {
            let row = self.store.get(&key).and_then(|table| Some((*id, table, table.row(*id)?)));
            let context = Context { row, file: file.clone(), ..Context::default() };
            let sets = self.settings(call, call.family, &call.operation.sets, &context);
            let mut fields: Vec<_> =
                stamps.iter().cloned().chain(given.iter().cloned()).chain(sets).collect();
            if let Some(follows) = &follows {
                let table = self.store.get(&key);
                fields.extend(bound(follows, &fields, table.map(|table| (table, *id))));
                fields.extend(several(follows, &fields, *id, table));
                fields.extend(identified(follows, &fields, *id, table));
                fields.extend(self.looked_up(follows, &key, &fields)?);
                entries.extend(self.set_row(call, follows, (&key, *id), fields));
            } else {
                self.table(call)?.set(*id, fields);
            }
            self.change_others(call, &call.operation.also, Some((&key, *id)), file.clone())?;
        }
        self.write_down(entries)?;
        Ok(Answer::about(ids, self.shown(call, first)))
    }

    pub(super) fn delete(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let ids = call.chosen(self.table(call)?);
        // Where an owner's list or a list of identifiers is removed, it may be empty.
        let several =
            call.operation.keys.iter().any(|key| find(call.params, &key.param).is_some_and(Value::is_array));
        let may_be_gone = call.operation.result.is_some() && call.operation.error.is_none();
        if ids.is_empty() && !several && !call.chooses_nothing() && !may_be_gone {
            return Err(self.refuse(call, Problem::NotFound));
        }
        for id in &ids {
            self.change_others(call, &call.operation.also, Some((&call.table_key(), *id)), None)?;
            self.table(call)?.remove(*id);
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
        let mut owner = given(call.family, owner);
        owner.extend(self.settings(call, call.family, &call.family.of, &Context::default()));
        let key = call.table_key();
        let table = self.table(call)?;
        for id in call.chosen(table) {
            table.remove(id);
        }
        for row in &rows {
            let row = given(call.family, row.as_object().into_iter().flatten());
            self.add_to(call, call.family, &key, [owner.clone(), row].concat())?;
        }
        let ids = call.chosen(self.table(call)?);
        let result = self.all_shown(call, &ids);
        Ok(Answer::about(ids, result))
    }

    /// Sets values that have no identifier.
    pub(super) fn put(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let table = self.table(call)?;
        let id = match call.chosen(table).first() {
            Some(id) => *id,
            None => table.add(defaults(call.family, table.next_id())).ok_or_else(full)?,
        };
        let sets = self.settings(call, call.family, &call.operation.sets, &Context::default());
        let of = self.settings(call, call.family, &call.family.of, &Context::default());
        self.table(call)?.set(id, call.fields().into_iter().chain(of).chain(sets));
        self.change_others(call, &call.operation.also, Some((&call.table_key(), id)), None)?;
        let result = match &call.operation.place {
            Place::Entity(_) => self.shown(call, id),
            _ => self.done(call, id),
        };
        Ok(Answer::about(vec![id], result))
    }

    /// The result of a method on several rows of its table.
    fn all_shown(&self, call: &Call<'_>, ids: &[i64]) -> Value {
        match self.store.get(&call.table_key()) {
            Some(table) => self.show_all(call, table, ids.last().copied().unwrap_or(1), ids),
            None => Value::Null,
        }
    }

    /// The result of a method on a row of its table.
    fn shown(&self, call: &Call<'_>, id: i64) -> Value {
        match self.store.get(&call.table_key()) {
            Some(table) => self.show(call, table, id),
            None => Value::Null,
        }
    }
}
