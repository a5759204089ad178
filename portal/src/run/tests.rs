//! Every method of the spec, called with the parameters that it requires.

mod params;
mod unknown;

use serde_json::{Map, Value, json};

pub(crate) use params::required;
use params::step;

use super::*;
use crate::answer::fits;
use crate::data::Data;
use crate::families::fold;
use crate::spec::Api;

/// All methods, those of one family together.
fn methods(machine: &Machine) -> Vec<Arc<Method>> {
    let mut methods: Vec<Arc<Method>> = Vec::new();
    for api in [Api::V2, Api::V3] {
        let names: Vec<String> = machine.spec.names(api).map(str::to_owned).collect();
        methods.extend(names.iter().filter_map(|name| machine.spec.method(api, name)));
    }
    methods.sort_by_cached_key(|method| {
        let prefix = method.name.rsplit_once('.').map(|(prefix, _)| prefix.to_ascii_lowercase());
        (method.api, prefix, step(method))
    });
    methods
}

#[test]
fn every_method_answers_in_the_documented_type() {
    let mut machine = Machine::new(
        7,
        FirstRows { others: 3, basic: true, on_demand: true, ..FirstRows::default() },
        Data::default(),
    )
    .expect("a machine");
    let mut wrong = Vec::new();
    let mut before = 0;
    for method in methods(&machine) {
        let now = step(&method);
        if now != 1 || before == 2 {
            // Families may share rows, which the methods of another one have deleted.
            machine.store = Store::default();
        }
        before = now;
        let mut params = required(&method);
        let family = machine.families.of(&machine.spec, &method);
        let operation =
            family.as_ref().and_then(|family| family.operations.get(&method.name.to_ascii_lowercase()));
        if let Some(of) = operation.filter(|of| !of.conditioned.is_empty()) {
            let conditions = of.conditioned.iter().map(|field| json!([field, 1]));
            params.insert("filter".to_owned(), conditions.collect());
        }
        if method.name.starts_with("crm.currency.") {
            // The identifiers of the currencies that every portal has are codes.
            params.iter_mut().filter(|(name, _)| fold(name) == "id").for_each(|(_, id)| *id = json!("USD"));
        }
        if let Some(prefix) = method.name.strip_suffix(".field.get").filter(|_| method.api == Api::V3) {
            let fields = machine.families.described_fields(&machine.spec, prefix);
            params.insert("name".to_owned(), fields[0].name.as_str().into());
        }
        match machine.call(&method, &params) {
            Ok(answer) if fits(&method.returns, &method.returns.defs, &answer.result) => {}
            Ok(answer) => {
                wrong.push(format!("{:?} {}: {:.300}", method.api, method.name, answer.result.to_string()))
            }
            Err(refusal) => {
                wrong.push(format!(
                    "{:?} {}: {refusal:?} {}",
                    method.api,
                    method.name,
                    Value::Object(params)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{} wrong", wrong.join("\n"), wrong.len());
}

/// The fewest methods that work on stored rows, without those that describe fields.
const WITH_STATE: usize = 1_100;

#[test]
fn families_are_derived_and_hundreds_of_methods_have_state() {
    let machine = Machine::new(7, FirstRows::default(), Data::default()).expect("a machine");
    let all = methods(&machine);
    let role = |method: &Method| {
        let family = machine.families.of(&machine.spec, method)?;
        Some(family.operations.get(&method.name.to_ascii_lowercase())?.role.clone())
    };
    let roles: Vec<(String, Role)> =
        all.iter().filter_map(|method| Some((method.name.clone(), role(method)?))).collect();
    let described = roles.iter().filter(|(_, role)| *role == Role::Fields).count();
    let with_state = roles.len() - described;
    let list: String = roles.iter().map(|(name, role)| format!("{name} {role:?}\n")).collect();
    let counts =
        format!("{} methods: {with_state} with state, {described} that describe their fields", all.len());
    if let Some(path) = std::env::var_os("BITRIX24_PORTAL_FAMILIES") {
        std::fs::write(path, format!("{list}{counts}\n")).expect("a file");
    }
    assert!(with_state >= WITH_STATE, "{with_state}");
}

/// Why a method whose name is about rows has no state.
fn reason(machine: &Machine, method: &Method) -> Option<&'static str> {
    let role = Role::of(method)?;
    let (prefix, _) = method.name.rsplit_once('.')?;
    let group = machine.spec.group(method.api, &prefix.to_ascii_lowercase());
    let has =
        |is: fn(&Role) -> bool| group.iter().filter_map(|method| Role::of(method)).any(|role| is(&role));
    let scalar = |method: &Arc<Method>| {
        Role::of(method) == Some(Role::List)
            && method.row().is_some_and(|row| row.single() == Some(crate::spec::JsonType::Integer))
    };
    Some(if role == Role::Fields {
        "it describes rows that no method has"
    } else if group.iter().any(scalar) {
        "its list has identifiers, and no rows"
    } else if !has(Role::writes) {
        "no method adds the rows"
    } else if !has(Role::reads) {
        "no method shows the rows"
    } else {
        "facts say that it has none"
    })
}

#[test]
fn methods_about_rows_without_state_have_a_reason() {
    let machine = Machine::new(7, FirstRows::default(), Data::default()).expect("a machine");
    let without =
        methods(&machine).into_iter().filter(|method| machine.families.of(&machine.spec, method).is_none());
    let mut lines: Vec<String> = without
        .filter_map(|method| {
            Some(format!("{}: {} {}", reason(&machine, &method)?, method.api.name(), method.name))
        })
        .collect();
    lines.sort();
    insta::assert_snapshot!(lines.join("\n"));
}

/// Families whose rows are chosen by values for which the methods document different ones, so that the same parameters choose
/// nothing. `tests/client.rs` has calls of them.
const CHOSEN_BY_VALUES: [&str; 5] =
    ["calendar.event", "calendar.section", "crm.currency", "landing.demos", "telephony.externalCall"];

#[test]
fn rows_that_are_added_are_read_and_deleted() {
    let mut machine = Machine::new(7, FirstRows::default(), Data::default()).expect("a machine");
    let mut wrong = Vec::new();
    let mut not_shown = Vec::new();
    let mut families = 0;
    for add in methods(&machine) {
        let Some(family) = machine.families.of(&machine.spec, &add) else { continue };
        let key = add.name.to_ascii_lowercase();
        let role = &family.operations[&key].role;
        // Rows that need others have tests of their own: `tests/chats.rs`, `tests/telephony.rs`.
        let is_alone = |operation: &Operation| operation.needs.is_empty();
        let needs_others = family.borrows
            || !family.looks.is_empty()
            || !family.operations[&key].looks.is_empty()
            || !family.operations.values().all(is_alone);
        if needs_others
            || !matches!(role, Role::Add | Role::Replace(_))
            || CHOSEN_BY_VALUES.contains(&family.table.as_str())
        {
            continue;
        }
        families += 1;
        machine.store = Store::default();
        let mut run = |method: &Method, rows: usize| {
            let answer = machine.call(method, &required(method));
            // The identifiers of requests are 1, and so are kinds.
            let table = family.shared.get("1").unwrap_or(&family.table);
            let found = machine.rows(table).expect("rows").len();
            // Where an owner's list was set, one of its rows may be deleted.
            let is_one = rows == 0 && found == 1 && *role != Role::Add;
            if answer.is_err() || found != rows && !is_one {
                wrong.push(format!(
                    "{} {found} rows {:.300} {:.300}",
                    method.name,
                    format!("{answer:?}"),
                    Value::Object(required(method)).to_string()
                ));
            }
            answer.unwrap_or_default().result
        };
        // A row that binds another one is there once.
        let rows = if *role == Role::Add || !family.links.is_empty() { 1 } else { 2 };
        run(&add, rows);
        let spec = Spec::embedded();
        let of = |wanted: Role| {
            let named = family.operations.iter().filter(move |(_, operation)| operation.role == wanted);
            named.filter_map(|(name, _)| spec.method(add.api, name)).collect::<Vec<_>>()
        };
        for get in of(Role::Get) {
            run(&get, rows);
        }
        for list in of(Role::List) {
            let result = run(&list, rows);
            let steps = list.rows.as_deref().unwrap_or_default();
            let found = result.pointer(steps).cloned().unwrap_or_default();
            let shown = found.as_array().map(Vec::len).or_else(|| found.as_object().map(Map::len));
            if shown != Some(rows) {
                not_shown.push(format!(
                    "{} shows {result} for {}",
                    list.name,
                    Value::Object(required(&list))
                ));
            }
        }
        for update in of(Role::Update) {
            run(&update, rows);
        }
        if let Some(delete) = of(Role::Delete).first() {
            run(delete, 0);
        }
    }
    assert!(families > 100, "{families}");
    wrong.extend(not_shown);
    assert!(wrong.is_empty(), "{}\n{} wrong of {families} families", wrong.join("\n"), wrong.len());
}

#[test]
fn rows_that_are_written_as_text_are_the_same_values() {
    let first = FirstRows { others: 3, basic: true, ..FirstRows::default() };
    let mut machine = Machine::new(7, first, Data::default()).expect("a machine");
    let (mut wrong, mut texts) = (Vec::new(), 0);
    for method in methods(&machine) {
        let family = machine.families.of(&machine.spec, &method);
        let role = family.and_then(|family| {
            family.operations.get(&method.name.to_ascii_lowercase()).map(|operation| operation.role.clone())
        });
        if !matches!(role, Some(Role::Get | Role::List)) {
            continue;
        }
        let params = required(&method);
        let Ok(values) = machine.call(&method, &params) else { continue };
        // The second text is the one that was kept.
        for _ in 0..2 {
            machine.write_directly();
            let answer = machine.call(&method, &params).expect("the same answer");
            texts += usize::from(answer.result != values.result);
            let text = machine.written(&answer.result);
            let read: Value = serde_json::from_slice(&text).expect("JSON");
            if read != values.result {
                wrong.push(format!("{:?} {}: {read} is not {}", method.api, method.name, values.result));
            }
        }
    }
    assert!(texts > 400, "{texts}");
    assert!(wrong.is_empty(), "{}\n{} wrong of {texts}", wrong.join("\n"), wrong.len());
}
