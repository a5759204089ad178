//! Open enumerations, as generated code declares them.

use std::collections::{BTreeSet, HashSet};

use bitrix24_core::json;
use bitrix24_core::wire::{ToWire, decode_strict};

/// The stage of a delivery.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Stage {
    /// `"NEW"`.
    New,
    /// `"2"`.
    Sent,
    /// An undocumented value.
    Other(String),
}

bitrix24_core::tables::text_values! { Stage { New "NEW" Sent "2" } }

/// How urgent it is.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Priority {
    /// `-1`.
    Low,
    /// `2`.
    High,
    /// An undocumented value.
    Other(i64),
}

bitrix24_core::tables::integer_values! { Priority { Low -1 High 2 } }

#[test]
fn texts() {
    assert_eq!((Stage::New.as_str(), Stage::from("OLD").as_str()), ("NEW", "OLD"));
    assert!(matches!("NEW".parse(), Ok(Stage::New)));
    assert!(matches!("new".parse(), Ok(Stage::Other(text)) if text == "new"));
    assert_eq!(format!("{:>5}|{}", Stage::New, Stage::from("OLD".to_owned())), "  NEW|OLD");
    assert_eq!(Stage::Other("NEW".to_owned()), Stage::New, "a value is what is on the wire");
    assert_eq!(HashSet::from([Stage::New, Stage::from("NEW"), Stage::Sent]).len(), 2);
    assert_eq!(BTreeSet::from([Stage::New, Stage::Sent]).first(), Some(&Stage::Sent));
    for (value, stage) in [(json!("2"), Stage::Sent), (json!(2), Stage::Sent), (json!("x"), Stage::from("x"))]
    {
        assert_eq!(decode_strict(value), Ok(stage));
    }
    assert_eq!((Stage::Sent.to_wire(), Stage::from("x").to_wire()), (json!("2"), json!("x")));
}

#[test]
fn integers() {
    assert_eq!((Priority::High.as_i64(), Priority::from(7).as_i64()), (2, 7));
    assert!(matches!("-1".parse(), Ok(Priority::Low)));
    assert!(matches!("7".parse(), Ok(Priority::Other(7))));
    assert!("high".parse::<Priority>().is_err());
    assert_eq!(format!("{:>3}|{}", Priority::High, Priority::from(7)), "  2|7");
    assert_eq!(Priority::Other(2), Priority::High);
    assert_eq!(HashSet::from([Priority::High, Priority::from(2), Priority::Low]).len(), 2);
    assert!(Priority::Low < Priority::High);
    for (value, priority) in
        [(json!(2), Priority::High), (json!("2"), Priority::High), (json!("7"), Priority::from(7))]
    {
        assert_eq!(decode_strict(value), Ok(priority));
    }
    assert_eq!((Priority::Low.to_wire(), Priority::from(7).to_wire()), (json!(-1), json!(7)));
}

#[cfg(feature = "serde")]
#[test]
fn values_are_serialized_as_on_the_wire() {
    assert_eq!(json!([Stage::New, Stage::from("x"), Priority::High]), json!(["NEW", "x", 2]));
    assert_eq!(serde_json::from_value::<Priority>(json!("2")).unwrap(), Priority::High);
    assert_eq!(serde_json::from_value::<Stage>(json!(2)).unwrap(), Stage::Sent);
    assert!(serde_json::from_value::<Priority>(json!("high")).is_err());
}
