//! Rows of other families that a method changes too.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::follow::equal;
use super::found::found;
use super::items::identified;
use super::links::bound;
use super::parts::named;
use super::rows::{change_moments, defaults};
use super::several::several as several_values;
use super::values::Context;
use super::{Call, Machine, full, unreadable};
use crate::check::Refusal;
use crate::families::{Effect, Family, Role, Setting, fold};
use crate::files::Sent;
use crate::php;
use crate::store::{Field, Filter, TableKey, last_value};

/// A change of rows, with all values.
struct Planned {
    family: Arc<Family>,
    key: TableKey,
    role: Role,
    filter: Filter,
    fields: Vec<Field<'static>>,
}

impl Machine {
    /// Opens the tables of the families with these prefixes, and of those whose rows they show.
    pub(super) fn open_others(&mut self, call: &Call<'_>, prefixes: &[String]) -> Result<(), Refusal> {
        let (mut waiting, mut seen) = (prefixes.to_vec(), HashSet::new());
        while let Some(prefix) = waiting.pop() {
            let Some(family) = self.families.named(&self.spec, call.method.api, &prefix) else { continue };
            if seen.insert(prefix) {
                self.ensure(&family)?;
                waiting.extend(family.looks.iter().cloned());
            }
        }
        Ok(())
    }

    /// Opens the table of a family whose rows have no owner.
    pub(super) fn ensure(&mut self, family: &Family) -> Result<TableKey, Refusal> {
        let key = TableKey::of(&family.table);
        if !family.partition.is_empty() {
            for one in self.store.keys(&family.table).map_err(unreadable)? {
                self.ensure_table(&one)?;
            }
        }
        if self.store.get(&key).is_none() {
            self.open(family, &key).map_err(unreadable)?;
        }
        Ok(key)
    }

    /// Opens a table, unless it is open.
    pub(super) fn ensure_table(&mut self, key: &TableKey) -> Result<(), Refusal> {
        self.open_named(key).map_err(unreadable)
    }

    /// Conditions with the values of their sources. `None`: one of them has no value.
    pub(super) fn conditions_of(
        &self,
        call: &Call<'_>,
        all: &[Setting],
        context: &Context<'_>,
    ) -> Option<Map<String, Value>> {
        let one =
            |setting: &Setting| Some((setting.name.clone(), self.value_of(call, &setting.source, context)?));
        all.iter().map(one).collect()
    }

    /// Changes rows of other families, as effects of what a method does with a row of a table.
    pub(super) fn change_others(
        &mut self,
        call: &Call<'_>,
        effects: &[Effect],
        row: Option<(&TableKey, i64)>,
        file: Option<(Sent, Value)>,
    ) -> Result<(), Refusal> {
        for effect in effects {
            for planned in self.planned(call, effect, row, file.as_ref()) {
                self.change_other(call, planned)?;
            }
        }
        Ok(())
    }

    fn planned(
        &self,
        call: &Call<'_>,
        effect: &Effect,
        row: Option<(&TableKey, i64)>,
        file: Option<&(Sent, Value)>,
    ) -> Vec<Planned> {
        let Some(family) = self.families.named(&self.spec, call.method.api, &effect.family) else {
            return Vec::new();
        };
        let row = row.and_then(|(key, id)| {
            let table = self.store.get(key)?;
            Some((id, table, table.row(id)?))
        });
        let context = Context { row, file: file.cloned(), ..Context::default() };
        let values = match &effect.each {
            Some(each) => named(listed(self.value_of(call, each, &context).unwrap_or_default())),
            None => vec![(None, Value::Null)],
        };
        let planned = values.iter().filter_map(|(key, each)| {
            let context = Context { each: Some(each), key: key.as_deref(), ..context.clone() };
            let has_value = |when| self.value_of(call, when, &context).is_some_and(|when| !when.is_null());
            if !effect.when.as_ref().is_none_or(has_value) {
                return None;
            }
            let (of_conditions, filter) =
                family.place_of(self.conditions_of(call, &effect.conditions, &context)?);
            let fields = self.settings(call, &family, &effect.sets, &context);
            // Conditions that do not say whose rows they are leave it to the fields.
            let is_said =
                |key: &TableKey| key.partition.is_empty() || key.partition.iter().any(|of| !of.is_empty());
            let key = Some(of_conditions).filter(is_said).unwrap_or_else(|| family.key_of(&fields));
            Some(Planned { key, family: Arc::clone(&family), role: effect.role.clone(), filter, fields })
        });
        planned.collect()
    }

    fn change_other(&mut self, call: &Call<'_>, planned: Planned) -> Result<(), Refusal> {
        let Planned { family, key, role, filter, fields } = planned;
        self.ensure_table(&key)?;
        let ids = match self.store.get(&key) {
            Some(table) if role != Role::Add => found(&family, table, &filter),
            _ => Vec::new(),
        };
        if role == Role::Add || role == Role::Put && ids.is_empty() {
            self.add_to(call, &family, &key, fields)?;
            return Ok(());
        }
        let stamps = change_moments(&family);
        let Some(table) = self.store.get_mut(&key) else { return Ok(()) };
        for id in ids {
            if role == Role::Delete {
                table.remove(id);
            } else {
                table.set(id, stamps.iter().cloned().chain(fields.iter().cloned()));
            }
        }
        Ok(())
    }

    /// Adds a row of a family with its defaults, and with those of the family whose rows they are too. Where a row has the same
    /// values in the fields that only one row has together, that row is changed.
    pub(super) fn add_to(
        &mut self,
        call: &Call<'_>,
        family: &Family,
        key: &TableKey,
        given: Vec<Field<'_>>,
    ) -> Result<i64, Refusal> {
        let home = self.home(family, key);
        let of_family = home.as_deref().unwrap_or(family);
        let id = self.next_id(of_family, key)?;
        if let Some(id) = self.same(family, key, &given) {
            self.store.get_mut(key).ok_or_else(full)?.set(id, given);
            return Ok(id);
        }
        // Fields that only the other family has are not columns of every row.
        let mut fields = defaults(of_family, id);
        let context = Context { added: Some(id), ..Context::default() };
        fields.extend(self.settings(call, of_family, &of_family.defaults, &context));
        if home.is_some() && family.borrows {
            fields.extend(self.settings(call, family, &family.defaults, &context));
        }
        // The defaults agree with each other.
        let own = fields.len();
        fields.extend(given);
        if let Some(follows) = self.families.follows(&key.name) {
            let further = [equal(&follows, &fields), bound(&follows, &fields, None)].concat();
            fields.extend(further);
            fields.extend(several_values(&follows, fields.get(own..).unwrap_or_default(), id, None));
            fields.extend(identified(&follows, &fields, id, self.store.get(key)));
            fields.extend(self.looked_up(&follows, key, fields.get(own..).unwrap_or_default())?);
        }
        let id = self.store.get_mut(key).and_then(|table| table.add(fields)).ok_or_else(full)?;
        self.change_others(call, &of_family.added, Some((key, id)), None)?;
        Ok(id)
    }

    /// The identifier that the next row of a table gets.
    pub(super) fn next_id(&mut self, family: &Family, key: &TableKey) -> Result<i64, Refusal> {
        let mut taken = 0;
        if let Some(beside) = &family.beside
            && let Some(beside) = self.families.by_table(&self.spec, beside)
        {
            let other = self.ensure(&beside)?;
            taken = self.store.get(&other).map_or(0, crate::store::Table::next_id);
        }
        let Some(table) = self.store.get_mut(key) else { return Ok(taken.max(1)) };
        table.skip_to(taken);
        Ok(table.next_id())
    }

    /// The row that has the same values in the fields that only one row has together.
    fn same(&self, family: &Family, key: &TableKey, given: &[Field<'_>]) -> Option<i64> {
        if family.unique.is_empty() {
            return None;
        }
        let value = |name: &String| last_value(given, name).map(|value| (name.clone(), value.clone()));
        let conditions: Option<Map<String, Value>> = family.unique.iter().map(value).collect();
        let table = self.store.get(key)?;
        found(family, table, &Filter::of_object(&conditions?)).first().copied()
    }
}

impl Family {
    /// The table of the rows that meet conditions, some of which may say whose rows they are, with the other conditions.
    pub(super) fn place_of(&self, conditions: Map<String, Value>) -> (TableKey, Filter) {
        let (owner, own): (Map<_, _>, Map<_, _>) =
            conditions.into_iter().partition(|(field, _)| self.partition.contains(&fold(field)));
        let value = |name: &String| {
            let found = owner.iter().find(|(field, _)| fold(field) == *name);
            found.map(|(_, value)| php::text(value)).unwrap_or_default()
        };
        let partition: Vec<String> = match self.within.as_slice() {
            [] => self.partition.iter().map(value).collect(),
            within => within.to_vec(),
        };
        let key = match partition.first().and_then(|value| self.shared.get(value)) {
            Some(table) => TableKey::of(table),
            None => TableKey { name: self.table.clone(), partition },
        };
        (key, Filter::of_object(&own))
    }

    /// The table of a row with these fields, one of which may say whose row it is.
    fn key_of(&self, fields: &[Field<'_>]) -> TableKey {
        let value = |name: &String| {
            let found = fields.iter().find(|(field, ..)| field == name);
            found.map(|(.., value)| php::text(value)).unwrap_or_default()
        };
        let partition = match self.within.as_slice() {
            [] => self.partition.iter().map(value).collect(),
            within => within.to_vec(),
        };
        TableKey { name: self.table.clone(), partition }
    }
}

/// A list, which may be the text of JSON.
fn listed(value: Value) -> Value {
    let read =
        value.as_str().filter(|text| text.starts_with('[')).and_then(|text| serde_json::from_str(text).ok());
    read.unwrap_or(value)
}
