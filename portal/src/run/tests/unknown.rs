//! Identifiers that no row has: no call with one changes or removes a row.

use serde_json::json;

use super::*;
use crate::spec::JsonType;
use crate::store::RowEvent;

/// An identifier that no row has.
const UNKNOWN: i64 = 987_654;

/// The parameters that choose a row, each with all ways to call the method with it.
fn identifiers(method: &Method, operation: &Operation) -> Vec<(String, Params)> {
    let required = required(method);
    let is_key = |name: &String| operation.keys.iter().any(|key| key.param.eq_ignore_ascii_case(name));
    let keys = method.params.properties.keys().filter(|name| is_key(name));
    let mut found: Vec<_> = keys.map(|name| (name.clone(), required.clone())).collect();
    for set in &method.params.any_of {
        let mut params = required.clone();
        for name in method.params.any_of.iter().flat_map(|set| &set.required) {
            params.shift_remove(name);
        }
        params.extend(set.required.iter().map(|name| (name.clone(), json!(1))));
        let named = set.required.iter().filter(|name| {
            let folded = fold(name);
            let has_values = !method.params.properties[*name].values.is_empty();
            !has_values && (folded.ends_with("id") || folded.ends_with("code"))
        });
        found.extend(named.map(|name| (name.clone(), params.clone())));
    }
    found
}

#[test]
fn what_no_row_has_touches_no_row() {
    let first = || FirstRows { others: 3, basic: true, ..FirstRows::default() };
    let mut machine = Machine::new(7, first(), Data::default()).expect("a machine");
    let (mut wrong, mut calls) = (Vec::new(), 0);
    for method in methods(&machine) {
        let Some(family) = machine.families.of(&machine.spec, &method) else { continue };
        let operation = &family.operations[&method.name.to_ascii_lowercase()];
        if !matches!(operation.role, Role::Update | Role::Delete | Role::Copy) {
            continue;
        }
        for (name, mut params) in identifiers(&method, operation) {
            let unknown = match method.params.properties[&name].single() {
                Some(JsonType::Array) => json!([UNKNOWN]),
                Some(JsonType::String) => UNKNOWN.to_string().into(),
                _ => UNKNOWN.into(),
            };
            params.insert(name.clone(), unknown);
            machine.store = Store::default();
            let call = Call { method: &method, family: &family, operation, params: &params, conditions: &[] };
            machine.open(&family, &call.table_key()).expect("a table");
            machine.store.take_changes();
            let _ = machine.call(&method, &params);
            calls += 1;
            let changes = machine.store.take_changes();
            let touches = |event: &RowEvent| matches!(event, RowEvent::Changed | RowEvent::Removed);
            if changes.iter().any(|change| change.table.name == family.table && touches(&change.event)) {
                wrong.push(format!("{} {name}: {}", method.name, Value::Object(params)));
            }
        }
    }
    assert!(calls > 400, "{calls}");
    assert!(wrong.is_empty(), "{}\n{} wrong of {calls}", wrong.join("\n"), wrong.len());
}
