//! One call: from a method and its parameters to the result.

mod basic;
mod changed;
mod custom;
mod describe;
mod direct;
mod layout;
mod list;
mod look;
mod page;
mod rows;
mod settings;
mod show;
#[cfg(test)]
mod tests;
mod upload;
mod write;
mod writer;

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use direct::Texts;
use layout::Layouts;

use crate::answer::{Form, Maker, RESULT, Seed};
use crate::bindings::Bindings;
use crate::check::{Problem, Refusal, check, refuse};
use crate::data::Data;
use crate::exchange::{Answer, Params};
use crate::families::{Column, Families, Family, Operation, Role, find, fold, is_folded};
use crate::files::Files;
use crate::php;
use crate::spec::{Api, Method, Schema, Spec};
use crate::store::{Store, Table, TableKey};

use upload::Waiting;

/// Everything that a portal knows: the spec and the rows.
#[derive(Debug)]
pub(crate) struct Machine {
    pub(crate) spec: Spec,
    families: Families,
    pub(crate) store: Store,
    pub(crate) bindings: Bindings,
    pub(crate) files: Files,
    /// The origin in links.
    pub(crate) origin: String,
    seed: Seed,
    rows: FirstRows,
    texts: Texts,
    layouts: Layouts,
    /// Requests whose files are sent later, oldest first.
    waiting: VecDeque<Waiting>,
    offered: u64,
}

/// The rows that exist from the start.
#[derive(Clone, Debug, Default)]
pub(crate) struct FirstRows {
    /// How many a table has, by its name in lower case.
    pub(crate) named: HashMap<String, usize>,
    /// Whether tables have the rows without which others are not added, such as the first user.
    pub(crate) basic: bool,
    /// How many every other table has.
    pub(crate) others: usize,
    /// Whether a row exists when it is asked for.
    pub(crate) on_demand: bool,
}

impl Machine {
    /// # Errors
    /// The file of data cannot be read.
    pub(crate) fn new(seed: u64, rows: FirstRows, data: Data) -> io::Result<Self> {
        let (spec, families, seed) = (Spec::embedded(), Families::new(), Seed::new(seed));
        let files = Files::load(seed.part("files"), data.clone())?;
        Ok(Self {
            spec,
            families,
            store: Store::new(data),
            bindings: Bindings::default(),
            files,
            origin: String::new(),
            seed,
            rows,
            waiting: VecDeque::new(),
            offered: 0,
            texts: Texts::default(),
            layouts: Layouts::default(),
        })
    }

    /// Whether rows of this name can be stored.
    pub(crate) fn has_table(&self, name: &str) -> bool {
        self.families.by_table(&self.spec, name).is_some()
    }

    /// Lets the next call write its rows as text. [`written`](Self::written) has to follow.
    pub(crate) fn write_directly(&self) {
        self.texts.begin();
    }

    /// The JSON of a response, which has the result of the call before.
    pub(crate) fn written(&self, response: &impl Serialize) -> Bytes {
        self.texts.end(response)
    }

    /// Runs a method.
    pub(crate) fn call(&mut self, method: &Method, params: &Params) -> Result<Answer, Refusal> {
        let named = by_position(method, params);
        let params = named.as_ref().unwrap_or(params);
        if let Some(finished) = self.bindings.run(&self.spec, method, params) {
            return finished;
        }
        check(method, &self.spec.system, params)?;
        if let Some(result) = self.basic(method, params) {
            return Ok(Answer::of(result));
        }
        if let Some(family) = self.families.of(&self.spec, method)
            && let Some(operation) = family.operations.get(&method.name.to_ascii_lowercase())
        {
            return self.operate(method, &family, operation, params);
        }
        Ok(Answer::of(self.keyed(method, params).unwrap_or_else(|| self.plausible(method))))
    }

    /// A plausible result of a method without state.
    fn plausible(&self, method: &Method) -> Value {
        let form = Form::of(method.api, &method.name);
        let seed = self.seed.part(method.name.to_ascii_lowercase());
        Maker { defs: &method.returns.defs, form }.value(&method.returns, RESULT, seed)
    }

    /// A plausible map whose keys are what was asked for, if the method requires one list of texts.
    fn keyed(&self, method: &Method, params: &Params) -> Option<Value> {
        let values = method.returns.map_values()?;
        let [name] = method.params.required.as_slice() else { return None };
        let Some(Value::Array(wanted)) = find(params, name) else { return None };
        let maker = Maker { defs: &method.returns.defs, form: Form::of(method.api, &method.name) };
        let seed = self.seed.part(method.name.to_ascii_lowercase());
        let entries = wanted.iter().map(php::text).map(|key| {
            let value = maker.value(values, "value", seed.part(&key));
            (key, value)
        });
        Some(php::array(entries))
    }

    fn operate(
        &mut self,
        method: &Method,
        family: &Arc<Family>,
        operation: &Operation,
        params: &Params,
    ) -> Result<Answer, Refusal> {
        let call = Call { method, family, operation, params };
        if self.rows.on_demand
            && matches!(operation.role, Role::Get | Role::Update | Role::Delete | Role::Copy)
        {
            self.make_chosen(&call)?;
        }
        match &operation.role {
            Role::Fields => Ok(Answer::of(self.describe(&call))),
            Role::List => self.list(&call),
            Role::Get => self.get(&call),
            Role::Add => self.add(&call),
            Role::Update => self.update(&call),
            Role::Delete => self.delete(&call),
            Role::Replace(param) => self.replace(&call, param),
            Role::Put => self.put(&call),
            Role::Copy => self.copy(&call),
        }
    }

    /// A plausible value of a schema.
    pub(crate) fn plausible_value(&self, schema: &Schema, name: &str) -> Value {
        let maker = Maker { defs: &schema.defs, form: Form::of(Api::V2, "") };
        maker.value(schema, name, self.seed.part(name))
    }

    /// The error of the method for a problem.
    fn refuse(&self, call: &Call<'_>, problem: Problem<'_>) -> Refusal {
        refuse(call.method, &self.spec.system, problem)
    }

    /// The table of a call, with the rows that it has at the beginning.
    fn table(&mut self, call: &Call<'_>) -> Result<&mut Table, Refusal> {
        let key = call.table_key();
        if self.store.get(&key).is_none() {
            if !call.is_known_kind() {
                return Err(self.refuse(call, Problem::NotFound));
            }
            self.open(call.family, &key).map_err(unreadable)?;
        }
        let Self { store, spec, .. } = self;
        store.get_mut(&key).ok_or_else(|| refuse(call.method, &spec.system, Problem::NotFound))
    }
}

/// A call of a method that works on rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'c> {
    method: &'c Method,
    family: &'c Family,
    operation: &'c Operation,
    params: &'c Params,
}

impl<'c> Call<'c> {
    /// A parameter by its folded name. The parameters of a list may be inside one of them.
    fn param(&self, name: &str) -> Option<&'c Value> {
        let last = |params: &'c Params| {
            params.iter().filter(|(given, _)| is_folded(given, name)).map(|(_, value)| value).next_back()
        };
        let container = self.operation.list.container.as_ref();
        let inner = container.and_then(|container| find(self.params, container)?.as_object());
        inner.and_then(last).or_else(|| last(self.params))
    }

    /// The values of the parameters that choose one of several tables.
    fn partition(&self) -> Vec<String> {
        let value = |name: &String| self.param(name).map(php::text).unwrap_or_default();
        self.family.partition.iter().map(value).collect()
    }

    fn table_key(&self) -> TableKey {
        let partition = self.partition();
        match partition.first().and_then(|value| self.family.shared.get(value)) {
            Some(table) => TableKey { name: table.clone(), partition: Vec::new() },
            None => TableKey { name: self.family.table.clone(), partition },
        }
    }

    /// Whether the rows are those of another family too.
    fn is_shared(&self) -> bool {
        self.partition().first().is_some_and(|value| self.family.shared.contains_key(value))
    }

    /// Whether the rows are of a documented kind, or of a kind that users define, whose numbers start at 128.
    fn is_known_kind(&self) -> bool {
        let kinds = &self.family.kinds;
        let [parameter] = self.family.partition.as_slice() else { return true };
        let value = self.param(parameter).map_or(0, php::integer);
        kinds.is_empty() || value >= 128 || kinds.iter().any(|kind| kind.value == value)
    }

    /// The identifiers of the chosen rows.
    fn chosen(&self, table: &Table) -> Vec<i64> {
        let mut keys: Vec<(Option<usize>, Value)> = Vec::new();
        for key in &self.operation.keys {
            let Some(wanted) = find(self.params, &key.param).cloned() else { continue };
            match &key.column {
                Column::Id => keys.push((None, wanted)),
                // A field that no row has says nothing about a row.
                Column::Field(name) => keys.extend(table.column(name).map(|column| (Some(column), wanted))),
            }
        }
        for (field, wanted) in self.conditions() {
            let is_id = self.family.id.as_ref().is_some_and(|id| fold(id) == field);
            keys.push((table.column(field).filter(|_| !is_id), wanted));
        }
        let by_id = keys.iter().find(|(column, _)| column.is_none()).map(|(_, wanted)| wanted);
        let candidates: Vec<i64> = match by_id {
            Some(Value::Array(several)) => several.iter().map(id_number).collect(),
            Some(one) => vec![id_number(one)],
            None => table.range(0, i64::MAX).map(|(id, _)| id).collect(),
        };
        let meets = |id: &i64| Self::meets(table, *id, &keys);
        candidates.into_iter().filter(meets).collect()
    }

    /// The identifiers of the rows that meet the conditions of facts.
    fn matching(&self, table: &Table) -> Vec<i64> {
        let conditions = self.conditions().into_iter();
        let keys: Vec<_> = conditions.map(|(field, wanted)| (table.column(field), wanted)).collect();
        table.range(0, i64::MAX).map(|(id, _)| id).filter(|id| Self::meets(table, *id, &keys)).collect()
    }

    fn meets(table: &Table, id: i64, keys: &[(Option<usize>, Value)]) -> bool {
        let Some(row) = table.row(id) else { return false };
        keys.iter().all(|(column, wanted)| {
            let Some(column) = column else { return true };
            row.value(*column).is_none_or(|found| settings::is_wanted(&found, wanted))
        })
    }

    /// The seed of a row's plausible values.
    fn seed(&self, seed: Seed, id: i64) -> Seed {
        rows::seed(seed, self.family, id)
    }
}

/// The parameters by name, if the method takes them by position and they are numbered.
fn by_position(method: &Method, params: &Params) -> Option<Params> {
    let numbered = !params.is_empty() && params.keys().all(|key| key.parse::<usize>().is_ok());
    // Lists of parameters are read by every method of the module, not only by those whose pages say so.
    if !numbered || !(method.positional || method.name.starts_with("task.")) {
        return None;
    }
    let names: Vec<&String> = method.params.properties.keys().collect();
    let named = params.iter().map(|(key, value)| {
        let name = key.parse::<usize>().ok().and_then(|at| names.get(at));
        (name.map_or_else(|| key.clone(), |name| (*name).clone()), value.clone())
    });
    Some(named.collect())
}

/// The error of a data file that cannot be read.
fn unreadable(error: io::Error) -> Refusal {
    Refusal::new(500, "INTERNAL_SERVER_ERROR", error.to_string())
}

/// An identifier as a number: `chat7` is 7.
fn id_number(value: &Value) -> i64 {
    match value {
        Value::String(text) => {
            php::integer(&text.trim_start_matches(|c: char| c.is_ascii_alphabetic()).into())
        }
        other => php::integer(other),
    }
}
