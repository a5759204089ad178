//! Which events rows raise.

use std::collections::{BTreeSet, HashMap};

use serde_json::json;

use super::{Change, Kind, Subjects};
use crate::families::{Family, Role};
use crate::run::{FirstRows, Machine};
use crate::spec::{Api, Method};

/// Events whose names say that something was added, changed or removed, and that no row raises: messages and what belongs to bots and
/// connectors is raised for one receiver, and the others have no family of methods.
const WITHOUT_ROWS: [&str; 20] = [
    "ONAPPUPDATE",
    "ONIMBOTV2COMMANDADD",
    "ONIMBOTV2DELETE",
    "ONIMBOTV2MESSAGEADD",
    "ONIMBOTV2MESSAGEDELETE",
    "ONIMBOTV2MESSAGEUPDATE",
    "ONIMCONNECTORLINEDELETE",
    "ONIMCONNECTORMESSAGEADD",
    "ONIMCONNECTORMESSAGEDELETE",
    "ONIMCONNECTORMESSAGEUPDATE",
    "ONIMCONNECTORSTATUSDELETE",
    "ONIMV2MESSAGEADD",
    "ONIMV2MESSAGEDELETE",
    "ONIMV2MESSAGEUPDATE",
    "ONOPENLINEMESSAGEADD",
    "ONOPENLINEMESSAGEDELETE",
    "ONOPENLINEMESSAGEUPDATE",
    "ONSONETGROUPSUBJECTADD",
    "ONSONETGROUPSUBJECTDELETE",
    "ONSONETGROUPSUBJECTUPDATE",
];

/// The changes that a method makes.
fn changes(method: &Method, family: &Family) -> Vec<Change> {
    let Some(operation) = family.operations.get(&method.name.to_ascii_lowercase()) else { return Vec::new() };
    let kind = match operation.role {
        Role::Add => Kind::Add,
        Role::Update => Kind::Update,
        Role::Delete => Kind::Delete,
        _ => return Vec::new(),
    };
    let prefix = method.name.rsplit_once('.').map_or("", |(prefix, _)| prefix);
    let change = |of: Option<String>| Change {
        kind,
        names: [family.table.clone(), prefix.to_owned()],
        of,
        partition: HashMap::new(),
        id: json!(1),
        fields: HashMap::new(),
    };
    if family.kinds.is_empty() {
        return vec![change(None)];
    }
    let named = family.kinds.iter().map(|kind| change(Some(kind.name.clone())));
    named.chain([change(Some(String::new()))]).collect()
}

#[test]
fn events_of_rows_are_raised_by_the_methods_that_change_them() {
    let machine = Machine::new(7, FirstRows::default(), crate::data::Data::default()).expect("a machine");
    let (spec, subjects) = (&machine.spec, Subjects::of(&machine.spec));
    let mut raised = BTreeSet::new();
    let mut modules: Vec<String> = Vec::new();
    for name in spec.names(Api::V2) {
        let Some(method) = spec.method(Api::V2, name) else { continue };
        let Some(family) = machine.family(&method) else { continue };
        for change in changes(&method, &family) {
            for (event, found) in subjects.raised(spec, &change) {
                raised.insert(event);
                let same_scope = found.scope.is_empty()
                    || found.scope.iter().any(|scope| {
                        let is_home = family.borrows && family.table.starts_with(scope.as_str());
                        is_home || method.scope.contains(scope) || name.starts_with(scope.as_str())
                    });
                if !same_scope {
                    modules.push(format!("{} by {}", found.name, method.name));
                }
            }
        }
    }
    assert!(modules.is_empty(), "events of another module: {modules:?}");
    let all = spec.events().iter().filter(|event| super::subject::kinds(event).is_some());
    let missing: Vec<String> = all.map(|event| event.upper()).filter(|name| !raised.contains(name)).collect();
    assert_eq!(missing, WITHOUT_ROWS, "{} are raised", raised.len());
    assert!(raised.len() >= 100, "{}", raised.len());
}
