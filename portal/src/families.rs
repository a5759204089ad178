//! Which methods work on the same rows: the add, get, list, update, delete and fields of one thing.
//!
//! A family is derived from the spec: the methods with one prefix, what they return, and which parameters they share. Nothing is
//! written method by method; `families/exceptions.json` has what names do not say.

mod derive;
mod exceptions;
mod keys;
mod names;
mod place;
mod roles;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use indexmap::IndexMap;

use crate::lock::lock;
use crate::spec::{Api, Kind, Method, Schema, Spec};

use exceptions::Exceptions;
pub(crate) use keys::{Column, Key};
pub(crate) use names::{find, fold, is_folded};
pub(crate) use place::Place;
pub(crate) use roles::{ListParams, Role};

/// Methods that work on the same rows.
#[derive(Debug)]
pub(crate) struct Family {
    /// The name of the table: that of the entity, or the prefix of the methods.
    pub(crate) table: String,
    /// The fields of a row, by their names in results.
    pub(crate) fields: IndexMap<String, Schema>,
    /// The positions of the fields by their folded names.
    by_folded: HashMap<String, usize>,
    /// The schemas that fields refer to.
    pub(crate) defs: IndexMap<String, Schema>,
    /// The field with the identifier. `None`: rows do not show it.
    pub(crate) id: Option<String>,
    /// The parameters, folded, each of whose values has rows of its own.
    pub(crate) partition: Vec<String>,
    /// The kinds of rows by the value of the only parameter of `partition`.
    pub(crate) kinds: Vec<Kind>,
    /// What each method does, by its name in lower case.
    pub(crate) operations: HashMap<String, Operation>,
}

impl Family {
    /// The schema of a field, by its folded name.
    pub(crate) fn field(&self, folded: &str) -> Option<&Schema> {
        let (_, schema) = self.fields.get_index(*self.by_folded.get(folded)?)?;
        Some(schema)
    }
}

/// What a method does with the rows of its family.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) role: Role,
    /// The parameters that choose rows.
    pub(crate) keys: Vec<Key>,
    /// The parameter with the fields. `None`: the parameters are the fields.
    pub(crate) input: Option<String>,
    /// The parameters of a list.
    pub(crate) list: ListParams,
    /// Where in the result rows are.
    pub(crate) place: Place,
}

/// An interface and a prefix of methods, in lower case.
type Prefix = (Api, String);

/// The families of a spec, each derived when one of its methods is called first.
#[derive(Debug)]
pub(crate) struct Families {
    exceptions: Exceptions,
    derived: Mutex<HashMap<Prefix, Option<Arc<Family>>>>,
}

impl Families {
    pub(crate) fn new() -> Self {
        Self { exceptions: Exceptions::embedded(), derived: Mutex::default() }
    }

    /// The family of a method, if the method works on rows.
    pub(crate) fn of(&self, spec: &Spec, method: &Method) -> Option<Arc<Family>> {
        let name = method.name.to_ascii_lowercase();
        let (prefix, _) = name.rsplit_once('.')?;
        let family = self.family(spec, method.api, prefix)?;
        family.operations.contains_key(&name).then_some(family)
    }

    /// The family of the methods with a prefix.
    fn family(&self, spec: &Spec, api: Api, prefix: &str) -> Option<Arc<Family>> {
        let key = (api, prefix.to_owned());
        if let Some(known) = lock(&self.derived).get(&key) {
            return known.clone();
        }
        let family = derive::derive(spec, &self.exceptions, api, prefix).map(Arc::new);
        lock(&self.derived).insert(key, family.clone());
        family
    }

    /// The family with a table of this name, compared without case.
    pub(crate) fn by_table(&self, spec: &Spec, table: &str) -> Option<Arc<Family>> {
        let found = |api: Api| {
            let family = self.family(spec, api, &table.to_ascii_lowercase())?;
            family.table.eq_ignore_ascii_case(table).then_some(family)
        };
        found(Api::V2).or_else(|| found(Api::V3))
    }
}
