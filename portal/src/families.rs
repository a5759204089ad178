//! Which methods work on the same rows: the add, get, list, update, delete and fields of one thing.
//!
//! A family is derived from the spec: the methods with one prefix, what they return, and which parameters they share. Nothing is
//! written method by method; `families/facts.json` has what names do not say.

mod blank;
mod derive;
mod described;
mod effects;
mod facts;
mod follows;
mod keys;
mod names;
mod operations;
mod place;
mod roles;
mod row;
mod sources;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::lock::lock;
use crate::spec::{Api, JsonType, Kind, Method, Schema, Spec, Types};

pub(crate) use blank::{Blank, Trait};
pub(crate) use described::DescribedField;
pub(crate) use effects::{Effect, Need};
use facts::Facts;
pub(crate) use follows::{Follows, Items, Journal, Link, Lookup, Several, Total};
pub(crate) use keys::{Column, Key};
pub(crate) use names::{find, fold, is_folded};
pub(crate) use place::Place;
pub(crate) use roles::{ListParams, Role};
pub(crate) use sources::{Query, Setting, Source, Take};

/// Methods that work on the same rows.
#[derive(Debug, Default)]
pub(crate) struct Family {
    /// The name of the table: that of the entity, or the prefix of the methods.
    pub(crate) table: String,
    /// The fields of a row, by their names in results.
    pub(crate) fields: IndexMap<String, Schema>,
    /// What follows from the names and schemas of the fields, in their order.
    pub(crate) traits: Vec<Trait>,
    /// The positions of the fields by their folded names.
    by_folded: HashMap<String, usize>,
    /// The schemas that fields refer to.
    pub(crate) defs: IndexMap<String, Schema>,
    /// The field with the identifier. `None`: rows do not show it.
    pub(crate) id: Option<String>,
    /// The parameters, folded, each of whose values has rows of its own.
    pub(crate) partition: Vec<String>,
    /// The values of these parameters, if they are always the same.
    pub(crate) within: Vec<String>,
    /// The kinds of rows by the value of the only parameter of `partition`.
    pub(crate) kinds: Vec<Kind>,
    /// The tables with the rows of a kind, by the value of the only parameter of `partition`, where another family has them too.
    pub(crate) shared: HashMap<String, String>,
    /// The table whose identifiers the rows do not have.
    pub(crate) beside: Option<String>,
    /// The stored values of fields by the words of this family's methods, by the folded names of the fields.
    pub(crate) values: HashMap<String, IndexMap<String, Value>>,
    /// The values of fields with which a row is added.
    pub(crate) defaults: Vec<Setting>,
    /// Fields whose values follow from a row and from those of other families.
    pub(crate) show: Vec<Setting>,
    /// What happens to rows of other families when a row is added.
    pub(crate) added: Vec<Effect>,
    /// The prefixes of the families whose rows are shown in those of this one, or change with them.
    pub(crate) looks: Vec<String>,
    /// The directories whose codes fields have, by the folded names of the fields.
    pub(crate) directories: HashMap<String, String>,
    /// Fields whose values only one row has together; folded.
    pub(crate) unique: Vec<String>,
    /// Whether the table is that of another family.
    pub(crate) borrows: bool,
    /// What all rows of the family have in that table.
    pub(crate) of: Vec<Setting>,
    /// The links whose rows these are, with the table of the owners.
    pub(crate) links: Vec<(String, Link)>,
    /// The journals whose entries these are, with the tables whose changes they are.
    pub(crate) journals: Vec<(String, Journal)>,
    /// What each method does, by its name in lower case.
    pub(crate) operations: HashMap<String, Operation>,
}

impl Family {
    /// The schema of a row with all fields, where a result does not describe one.
    pub(crate) fn row(&self) -> Schema {
        Schema { types: Types(vec![JsonType::Object]), properties: self.fields.clone(), ..Schema::default() }
    }

    /// The schema of a field, by its folded name.
    pub(crate) fn field(&self, folded: &str) -> Option<&Schema> {
        let (_, schema) = self.fields.get_index(*self.by_folded.get(folded)?)?;
        Some(schema)
    }
}

/// What a method does with the rows of its family.
#[derive(Debug, Default)]
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
    /// Conditions on rows, beside the keys.
    pub(crate) conditions: Vec<Setting>,
    /// Fields that are set, whatever the request says.
    pub(crate) sets: Vec<Setting>,
    /// The parameter with a file.
    pub(crate) file: Option<String>,
    /// The parameter with a list, each of whose values is a row.
    pub(crate) each: Option<String>,
    /// The table whose rows a list has too.
    pub(crate) with: Option<String>,
    /// Texts that one of several fields contains, with the folded names of these.
    pub(crate) search: Vec<(Source, Vec<String>)>,
    /// The fields that rows have unless the request selects some; with minuses, those that they do not have.
    pub(crate) select: Vec<String>,
    /// Fields on which a list has to have a condition.
    pub(crate) conditioned: Vec<String>,
    /// Further names of parameters, with the documented ones.
    pub(crate) aliases: IndexMap<String, String>,
    /// The field whose values a list has in place of rows; folded.
    pub(crate) value: Option<String>,
    /// What happens to rows of other families before.
    pub(crate) before: Vec<Effect>,
    /// What happens to rows of other families too.
    pub(crate) also: Vec<Effect>,
    /// Rows of other families that have to exist.
    pub(crate) needs: Vec<Need>,
    /// Where rows with given values are found.
    pub(crate) find: Option<Find>,
    /// The code of the error if there is no row.
    pub(crate) error: Option<String>,
    /// The result, or some of its properties.
    pub(crate) result: Option<Source>,
    /// The prefixes of the families whose rows the method works on too.
    pub(crate) looks: Vec<String>,
}

/// Which rows have one of several values in a field.
#[derive(Clone, Debug)]
pub(crate) struct Find {
    /// The tables, by the names that the result has for them.
    pub(crate) tables: IndexMap<String, String>,
    /// The name of the only table that is wanted.
    pub(crate) only: Source,
    /// The name of the field.
    pub(crate) field: Source,
    /// The values.
    pub(crate) values: Source,
}

/// An interface and a prefix of methods, in lower case.
type Prefix = (Api, String);

/// The families of a spec, each derived when one of its methods is called first.
#[derive(Debug)]
pub(crate) struct Families {
    facts: Facts,
    derived: Mutex<HashMap<Prefix, Option<Arc<Family>>>>,
    /// What follows from changes of rows, by table.
    follows: HashMap<String, Arc<Follows>>,
    /// The sums among it that owners may have a flag against.
    flagged: Arc<[(String, Total)]>,
    described: described::Described,
}

impl Operation {
    /// The parameters under their documented names, if one of them has a further one.
    pub(crate) fn renamed(&self, params: &Map<String, Value>) -> Option<Map<String, Value>> {
        let is_used =
            |(alias, own): &(&String, &String)| find(params, own).is_none() && find(params, alias).is_some();
        let (alias, own) = self.aliases.iter().find(is_used)?;
        let renamed = params.iter().map(|(name, value)| {
            let name = if name.eq_ignore_ascii_case(alias) { own } else { name };
            (name.clone(), value.clone())
        });
        Some(renamed.collect())
    }
}

impl Families {
    pub(crate) fn new() -> Self {
        let facts = Facts::embedded();
        let follows: HashMap<_, _> =
            facts.follows().map(|(table, of)| (table.clone(), Arc::new(of.clone()))).collect();
        let totals =
            facts.follows().flat_map(|(table, of)| of.totals.iter().map(move |total| (table, total)));
        let flagged = totals.filter(|(_, total)| total.unless.is_some());
        let flagged = flagged.map(|(table, total)| (table.clone(), total.clone())).collect();
        let described = described::Described::embedded();
        Self { follows, flagged, facts, derived: Mutex::default(), described }
    }

    /// The prefix of the family of a method, by its name in lower case.
    fn prefix<'n>(&'n self, name: &'n str) -> &'n str {
        match self.facts.home(name) {
            Some(home) => home,
            None => name.rsplit_once('.').map_or(name, |(prefix, _)| prefix),
        }
    }

    /// The family of a method, if the method works on rows.
    pub(crate) fn of(&self, spec: &Spec, method: &Method) -> Option<Arc<Family>> {
        let name = method.name.to_ascii_lowercase();
        let prefix = self.prefix(&name);
        let family = self.family(spec, method.api, prefix)?;
        family.operations.contains_key(&name).then_some(family)
    }

    /// The family of the methods with a prefix.
    pub(crate) fn family(&self, spec: &Spec, api: Api, prefix: &str) -> Option<Arc<Family>> {
        let key = (api, prefix.to_owned());
        if let Some(known) = lock(&self.derived).get(&key) {
            return known.clone();
        }
        let describing = || self.describing(spec, prefix).filter(|_| api == Api::V3);
        let family = derive::derive(spec, &self.facts, api, prefix).or_else(describing).map(Arc::new);
        lock(&self.derived).insert(key, family.clone());
        family
    }

    /// The family that facts about a method name: that of its own interface, or that of REST 2.
    pub(crate) fn named(&self, spec: &Spec, api: Api, prefix: &str) -> Option<Arc<Family>> {
        self.family(spec, api, prefix).or_else(|| self.family(spec, Api::V2, prefix))
    }

    /// The family with a table of this name, compared without case.
    pub(crate) fn by_table(&self, spec: &Spec, table: &str) -> Option<Arc<Family>> {
        let lower = table.to_ascii_lowercase();
        let found = |api: Api, prefix: &str| {
            let family = self.family(spec, api, prefix)?;
            family.table.eq_ignore_ascii_case(table).then_some(family)
        };
        let direct = found(Api::V2, &lower).or_else(|| found(Api::V3, &lower));
        direct.or_else(|| found(Api::V2, self.facts.prefix_of(table)?))
    }

    /// The rows that a table has in every portal.
    pub(crate) fn rows(&self, table: &str) -> &[Map<String, Value>] {
        self.facts.rows(table)
    }

    /// The fields whose values divide a table between families, folded.
    pub(crate) fn divided_by(&self, table: &str) -> Vec<String> {
        self.facts.divided_by(table)
    }

    /// What follows from changes of the rows of a table.
    pub(crate) fn follows(&self, table: &str) -> Option<Arc<Follows>> {
        self.follows.get(table).cloned()
    }

    /// The sums that owners may have a flag against, with the tables of the rows.
    pub(crate) fn flagged_totals(&self) -> Arc<[(String, Total)]> {
        Arc::clone(&self.flagged)
    }

    /// The table of a kind of items, by its number or its code (`2`, `D`, `T80`), with its partition.
    pub(crate) fn items(&self, kind: &str) -> Option<(String, Vec<String>)> {
        self.facts.items(kind)
    }

    /// The result of a method about the portal.
    pub(crate) fn result(&self, method: &str) -> Option<&Value> {
        self.facts.result(method)
    }

    /// Further names of the fields of a table, with those of the table; all folded.
    pub(crate) fn names(&self, table: &str) -> impl Iterator<Item = (String, String)> {
        self.facts.names(table).map(|(further, own)| (fold(further), fold(own)))
    }
}
