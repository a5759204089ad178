//! Generated types outside of a call: built in tests, serialized and read again.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::fs;
use std::path::Path;

use bitrix24::wire::{DateTime, Decimal, decode};
use bitrix24::{CustomFields, Value, json};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{from_value, to_value};

/// The names on the wire in the tables of a generated file.
fn wire_names(file: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("generated").join(file);
    let source = fs::read_to_string(path).unwrap();
    let mut names = BTreeSet::new();
    for table in source.split("b24::tables::").skip(1).filter(|table| !table.contains("_values! {\n")) {
        let table = table.split("\n}").next().unwrap_or_default();
        names.extend(table.split('"').skip(1).step_by(2).map(str::to_owned));
    }
    names.extend((0..8).map(|position| position.to_string()));
    names.into_iter().collect()
}

/// Values in the forms of the wire, and others.
fn values(names: Vec<String>) -> impl Strategy<Value = Value> {
    let scalars = prop_oneof![
        4 => any::<i32>().prop_map(|number| json!(number)),
        2 => any::<i32>().prop_map(|number| json!(number.to_string())),
        2 => "-?[0-9]{1,25}\\.[0-9]{1,6}".prop_map(Value::from),
        1 => any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::from),
        2 => prop::sample::select(vec!["Y", "N", "1", "0", "", "NEW", "2026-03-16T20:24:38+01:00"]).prop_map(Value::from),
        1 => "\\PC{0,6}".prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    let key = prop_oneof![9 => prop::sample::select(names), 1 => "UF_[A-Z]{1,3}"];
    scalars.prop_recursive(4, 60, 12, move |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            5 => prop::collection::vec((key.clone(), inner), 0..12).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

/// Whatever of this type a value is read as, it is the same after it was written.
fn comes_back<T>(file: &str)
where
    T: Debug + PartialEq + serde::Serialize + for<'de> serde::Deserialize<'de>,
{
    let (names, read) = (wire_names(file), Cell::new(0));
    let mut runner =
        TestRunner::new(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) });
    let values = values(names);
    let comes_back = |value| {
        let Ok(first) = from_value::<T>(value) else { return Ok(()) };
        read.set(read.get() + 1);
        let written = to_value(&first).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let text = written.to_string();
        let again: T = from_value(written).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(&first, &again, "{}", text);
        let of_text: T =
            serde_json::from_str(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(&first, &of_text, "{}", text);
        Ok(())
    };
    // Few values have all fields that a request requires.
    for _ in 0..50 {
        runner
            .run(&values, comes_back)
            .unwrap_or_else(|error| panic!("{}: {error}", std::any::type_name::<T>()));
        if read.get() > 0 {
            return;
        }
    }
    panic!("no value is a {}", std::any::type_name::<T>());
}

/// A test for each type and the file of its table.
macro_rules! come_back {
    ($($test:ident: $file:literal $($type:ty),+;)+) => {$(
        #[test]
        fn $test() {
            $(comes_back::<$type>($file);)+
        }
    )+};
}

come_back! {
    results_of_deals: "crm/deal.rs" bitrix24::crm::deal::Deal, Vec<bitrix24::crm::deal::Deal>;
    results_of_leads: "crm/lead.rs" bitrix24::crm::lead::Lead;
    results_of_contacts: "crm/contact.rs" bitrix24::crm::contact::Contact;
    results_of_items: "crm/item.rs" bitrix24::crm::item::Item, bitrix24::crm::item::ItemList<bitrix24::crm::item::Deal>;
    results_of_orders: "sale/order.rs" bitrix24::sale::order::Order, bitrix24::sale::order::OrderList;
    results_of_tasks: "tasks/task.rs" bitrix24::tasks::task::Task, bitrix24::tasks::task::TaskList;
    results_of_users: "user.rs" bitrix24::user::User;
    requests_of_deals: "crm/deal.rs" bitrix24::crm::deal::Add, bitrix24::crm::deal::AddFields, bitrix24::crm::deal::List;
    requests_of_leads: "crm/lead.rs" bitrix24::crm::lead::Add, bitrix24::crm::lead::Update;
    requests_of_tasks: "tasks/task.rs" bitrix24::tasks::task::List;
}

/// An empty list and a skipped parameter are the same on the wire, so that the written requests are compared.
#[test]
fn requests_by_position() {
    let mut runner =
        TestRunner::new(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) });
    let mut read = 0;
    for _ in 0..400 {
        let tree = values(wire_names("task/elapsed_item.rs")).new_tree(&mut runner).unwrap();
        let Ok(first) = from_value::<bitrix24::task::elapsed_item::GetList>(tree.current()) else { continue };
        read += 1;
        let written = to_value(&first).unwrap();
        let again: bitrix24::task::elapsed_item::GetList = from_value(written.clone()).unwrap();
        assert_eq!(to_value(&again).unwrap(), written);
    }
    assert!(read > 0);
}

#[test]
fn a_result_is_serialized_as_the_portal_sends_it() {
    let sent = json!({
        "ID": "7", "TITLE": "Forty chairs", "OPPORTUNITY": "1250.50", "OPENED": "Y", "DATE_CREATE": "2026-03-16T20:24:38+01:00",
        "CLOSED": {"odd": true}, "UF_CRM_AREA": "12.5", "COMMENTS": null
    });
    let deal: bitrix24::crm::deal::Deal = from_value(sent).unwrap();
    let expected = json!({
        "ID": 7, "TITLE": "Forty chairs", "OPPORTUNITY": "1250.50", "OPENED": true, "DATE_CREATE": "2026-03-16T20:24:38+01:00",
        "CLOSED": {"odd": true}, "UF_CRM_AREA": "12.5"
    });
    assert_eq!(to_value(&deal).unwrap(), expected);
    assert_eq!(deal.custom("UF_CRM_AREA"), Ok(Some(Decimal::from("12.50"))));
}

#[test]
#[expect(deprecated, reason = "deals are known to everybody")]
fn a_request_is_serialized_as_its_parameters() {
    let fields = bitrix24::crm::deal::AddFields::new().title("Chairs").opportunity("1250.50").opened(true);
    let request = bitrix24::crm::deal::add().fields(fields).extra("UF_X", 1);
    let written = json!({"fields": {"TITLE": "Chairs", "OPPORTUNITY": "1250.50", "OPENED": "Y"}, "UF_X": 1});
    assert_eq!(to_value(&request).unwrap(), written);
    assert_eq!(from_value::<bitrix24::crm::deal::Add>(written).unwrap(), request);

    let typed = <bitrix24::crm::item::Deal as bitrix24::crm::item::Kind>::get(7);
    let written = json!({"entityTypeId": 2, "id": 7});
    assert_eq!(to_value(&typed).unwrap(), written);
    assert_eq!(serde_json::from_value::<bitrix24::crm::item::Get>(written).unwrap(), typed.into_request());

    let missing = from_value::<bitrix24::crm::deal::Delete>(json!({"ID": 7})).unwrap_err();
    assert_eq!(missing.to_string(), "`id`: expected a value, found nothing");
}

#[test]
fn a_request_by_position_keeps_its_places() {
    let request = bitrix24::task::elapsed_item::delete(7, 3);
    assert_eq!(to_value(&request).unwrap(), json!({"0": 7, "1": 3}));
    assert_eq!(from_value::<bitrix24::task::elapsed_item::Delete>(json!({"0": 7, "1": 3})).unwrap(), request);
    let skipped = json!({"0": 7, "1": [], "2": {"USER_ID": 1}});
    let request: bitrix24::task::elapsed_item::GetList = from_value(skipped.clone()).unwrap();
    assert!(request.order.is_none() && request.filter.is_some());
    assert_eq!(to_value(&request).unwrap(), skipped);
}

#[test]
fn a_result_is_built_in_a_test() {
    let mut deal = bitrix24::crm::deal::Deal::default();
    deal.id = Some(7);
    deal.opportunity = Some("99.90".into());
    deal.date_create = Some("2026-03-16".into());
    let read = bitrix24::crm::deal::Deal::try_from(
        json!({"ID": "7", "OPPORTUNITY": "99.9", "DATE_CREATE": "2026-03-16"}),
    );
    assert_eq!(read, Ok(deal.clone()));
    assert_eq!(deal.date_create, Some(DateTime::from("2026-03-16")));
    let error = bitrix24::crm::deal::Deal::try_from(json!({"ID": "seven"})).unwrap_err();
    assert_eq!(error.to_string(), "`ID`: expected an integer, found \"seven\"");
    assert_eq!(decode::<bitrix24::crm::deal::Deal>(json!([])).unwrap().value, Default::default());
}

#[test]
fn an_error_of_a_method_has_its_code_and_is_shown() {
    use bitrix24::ErrorCode;
    use bitrix24::crm::deal::DeleteError;
    let cases = [
        (DeleteError::AccessDenied, "", "Access denied"),
        (DeleteError::Unspecified, "", "no code"),
        (DeleteError::other("NEW_CODE"), "NEW_CODE", "NEW_CODE"),
    ];
    for (error, code, shown) in cases {
        assert_eq!((error.code(), error.to_string().as_str()), (code, shown));
    }
}
