//! Fields that no type knows, as any type.

use std::collections::BTreeMap;

use bitrix24_core::wire::{CustomFields, DateTime, Decimal};
use bitrix24_core::{Map, Value, json};

fn fields() -> Map<String, Value> {
    let fields = json!({
        "UF_AREA": "12.50", "UF_OPEN": "Y", "UF_VISIT": "", "UF_NOTHING": false, "UF_TAGS": ["17", 21], "UF_NULL": null,
        "UF_SINCE": "2026-03-16", "UF_PLACE": {"name": "Zoo", "floor": 3}, "UF_BY_KEY": {"7": "a", "9": "b"}
    });
    fields.as_object().cloned().unwrap_or_default()
}

#[test]
fn a_custom_field_is_read_like_a_documented_one() {
    let fields = fields();
    assert_eq!(fields.custom("UF_AREA"), Ok(Some(Decimal::from("12.5"))));
    assert_eq!(fields.custom("UF_AREA"), Ok(Some(12.5)));
    assert_eq!(fields.custom("UF_AREA"), Ok(Some("12.50".to_owned())));
    assert_eq!(fields.custom("UF_OPEN"), Ok(Some(true)));
    assert_eq!(fields.custom("UF_SINCE"), Ok(Some(DateTime::from("2026-03-16"))));
    assert_eq!(fields.custom("UF_TAGS"), Ok(Some(vec![17, 21])));
    let by_key = BTreeMap::from([("7".to_owned(), "a".to_owned()), ("9".to_owned(), "b".to_owned())]);
    assert_eq!(fields.custom("UF_BY_KEY"), Ok(Some(by_key)));
    for name in ["UF_VISIT", "UF_NOTHING", "UF_NULL", "UF_ABSENT"] {
        assert_eq!(fields.custom::<i64>(name), Ok(None), "{name}");
    }
}

#[test]
fn an_error_names_the_field_and_the_place_in_it() {
    let error =
        |message: Result<_, bitrix24_core::wire::Mismatch>| message.map(|_: Option<()>| ()).unwrap_err();
    let read = fields().custom::<i64>("UF_AREA").map(|_| None);
    assert_eq!(error(read).to_string(), r#"`UF_AREA`: expected an integer, found "12.50""#);
    let read = fields().custom::<Vec<bool>>("UF_TAGS").map(|_| None);
    assert_eq!(error(read).to_string(), r#"`UF_TAGS[0]`: expected true or false, found "17""#);
}

#[test]
fn a_custom_field_may_be_a_type_of_serde() {
    let fields = fields();
    assert_eq!(fields.custom_as::<(String, i64)>("UF_TAGS").unwrap(), Some(("17".to_owned(), 21)));
    assert_eq!(fields.custom_as::<bool>("UF_ABSENT").unwrap(), None);
    assert_eq!(fields.custom_as::<bool>("UF_NULL").unwrap(), None);
    assert_eq!(fields.custom_as::<Vec<u8>>("UF_TAGS").unwrap(), Some(vec![17, 21]));
    let error = fields.custom_as::<Vec<bool>>("UF_TAGS").unwrap_err();
    assert_eq!(error.to_string(), r#"`UF_TAGS[0]`: expected true or false, found "17""#);
}
