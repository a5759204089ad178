//! One call: from a method and its parameters to the result.

mod basic;
mod call;
mod changed;
mod check_v3;
mod conditions;
mod cursor;
mod custom;
mod custom_fields;
mod demand;
mod describe;
mod describe_v3;
mod direct;
mod find;
mod follow;
mod found;
mod items;
mod journals;
mod layout;
mod links;
mod list;
mod look;
mod lookups;
mod needs;
mod others;
mod page;
mod part;
mod parts;
mod rows;
mod settings;
mod several;
mod show;
#[cfg(test)]
mod tests;
mod upload;
mod values;
mod write;
mod writer;

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use call::{Call, id_number};
use direct::Texts;
use layout::Layouts;

use crate::answer::{Form, Maker, RESULT, Seed};
use crate::bindings::Bindings;
use crate::check::{Problem, Refusal, check, refuse};
use crate::data::Data;
use crate::exchange::{Answer, Params};
use crate::families::{Families, Family, Operation, Role, Source, find};
use crate::files::Files;
use crate::php;
use crate::spec::{Api, Method, Schema, Spec};
use crate::store::{Store, Table};
use crate::uploads::Uploads;

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
    pub(crate) uploads: Uploads,
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
        let uploads = Uploads::load(seed.part("upload"), &data)?;
        Ok(Self {
            spec,
            families,
            store: Store::new(data),
            bindings: Bindings::default(),
            files,
            origin: String::new(),
            seed,
            rows,
            uploads,
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

    /// Lets calls return their rows as values.
    pub(crate) fn return_values(&self) {
        self.texts.stop();
    }

    /// The JSON of a response, which has the result of the call before.
    pub(crate) fn written(&self, response: &impl Serialize) -> Bytes {
        self.texts.end(response)
    }

    /// Runs a method.
    pub(crate) fn call(&mut self, method: &Method, params: &Params) -> Result<Answer, Refusal> {
        let named = by_position(method, params);
        let params = named.as_ref().unwrap_or(params);
        let family = self.families.of(&self.spec, method);
        let operation =
            family.as_ref().and_then(|family| family.operations.get(&method.name.to_ascii_lowercase()));
        let renamed = operation.and_then(|operation| operation.renamed(params));
        let params = renamed.as_ref().unwrap_or(params);
        if let Some(finished) = self.bindings.run(&self.spec, method, params) {
            return finished;
        }
        check(method, &self.spec.system, params)?;
        if let Some(result) = self.basic(method, params) {
            return Ok(Answer::of(result));
        }
        if let (Some(family), Some(operation)) = (&family, operation) {
            return self.operate(method, family, operation, params);
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
        let call = Call { method, family, operation, params, conditions: &[] };
        self.check_fields(&call)?;
        if !(operation.looks.is_empty() && family.looks.is_empty()) {
            self.open_others(&call, &operation.looks)?;
            self.open_others(&call, &family.looks)?;
        }
        if !self.rows.on_demand {
            self.check_needs(&call)?;
        }
        self.change_others(&call, &operation.before, None, None)?;
        let conditions = self.conditions(&call);
        let call = Call { conditions: &conditions, ..call };
        if !family.links.is_empty() {
            self.read_links(&call)?;
        }
        if !family.journals.is_empty() {
            self.read_journals(&call)?;
        }
        if self.rows.on_demand
            && matches!(operation.role, Role::Get | Role::Update | Role::Delete | Role::Copy)
        {
            self.make_chosen(&call)?;
        }
        // What is removed is in the result as it was.
        let early = if operation.role == Role::Delete { self.composed(&call, &[]) } else { None };
        let answer = match &operation.role {
            Role::Fields if method.api == Api::V3 => self.describe_v3(&call)?,
            Role::Fields => Answer::of(self.describe(&call)?),
            Role::Find => self.find(&call)?,
            Role::List => self.list(&call)?,
            Role::Get => self.get(&call)?,
            Role::Add => self.add(&call)?,
            Role::Update => self.update(&call)?,
            Role::Delete => self.delete(&call)?,
            Role::Replace(param) => self.replace(&call, param)?,
            Role::Put => self.put(&call)?,
            Role::Copy => self.copy(&call)?,
            Role::Show => {
                self.change_others(&call, &operation.also, None, None)?;
                Answer::of(match operation.result {
                    // All that is in the result.
                    Some(Source::Object(_)) => Value::Null,
                    _ => self.done(&call, 1),
                })
            }
        };
        if operation.role.changes() {
            self.follow(&call)?;
        }
        let result = early.or_else(|| self.composed(&call, &answer.ids));
        Ok(self.complete(&call, answer, result))
    }

    /// A plausible value of a schema.
    pub(crate) fn plausible_value(&self, schema: &Schema, name: &str) -> Value {
        let maker = Maker { defs: &schema.defs, form: Form::of(Api::V2, "") };
        maker.value(schema, name, self.seed.part(name))
    }

    /// The error of the method for a problem.
    fn refuse(&self, call: &Call<'_>, problem: Problem<'_>) -> Refusal {
        if matches!(problem, Problem::NotFound) && call.operation.error.is_some() {
            return self.refuse_with(call, call.operation.error.as_deref());
        }
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

/// The error of a table that takes no further row.
fn full() -> Refusal {
    Refusal::new(400, "", "The table is full")
}

/// The error of a data file that cannot be read.
fn unreadable(error: io::Error) -> Refusal {
    Refusal::new(500, "INTERNAL_SERVER_ERROR", error.to_string())
}
