//! The identifier of the record that a method works on, where its page marks nothing.

use indexmap::IndexMap;

use crate::descriptor::JsonType;
use crate::extract::lexicon::params::{OPTIONAL, RECORD_VERBS};
use crate::extract::lexicon::values::DEFAULT_BEHIND;
use crate::extract::register::params::IDENTIFIER_OF_THE_RECORD;
use crate::extract::rules::params::param::Params;
use crate::extract::syntax::ast::{Cell, Table};
use crate::extract::tables::field_table::FieldTable;

/// Requires the identifier that is the first parameter, if every example sends it. Where the page explains marks and has none,
/// only one that is alone, or that of a method which gets, updates or deletes one record.
pub(super) fn require(
    params: &mut Params,
    table: &Table,
    method: &str,
    always_sent: &[String],
    is_footnoted: bool,
) {
    let names: Vec<&str> = params.list.keys().map(String::as_str).collect();
    let Some(name) = names.first().map(|name| (*name).to_owned()) else { return };
    let lower = name.to_lowercase();
    let verb = method.rsplit('.').next().unwrap_or_default();
    let is_alone = names.len() == 1;
    let of_one_record = lower == "id"
        && (is_alone || RECORD_VERBS.are(verb))
        && names.iter().skip(1).all(|other| other.eq_ignore_ascii_case("fields"));
    let of_some_record = !is_footnoted
        && lower.ends_with("id")
        && lower != "last_id"
        && !["user_id", "userid"].contains(&lower.as_str())
        && !verb.to_lowercase().contains("list");
    let is_sent = always_sent.iter().any(|sent| sent.eq_ignore_ascii_case(&name));
    if !is_sent || !(of_one_record || of_some_record) || may_be_left_out(table, &name) {
        return;
    }
    let Some(param) = params.list.get_mut(&name) else { return };
    let is_single = param.documented.as_ref().is_none_or(|found| {
        !found.value.types.0.iter().any(|of| matches!(of, JsonType::Object | JsonType::Array))
    });
    if is_single {
        param.required = true;
        params.marks.require(&name, &IDENTIFIER_OF_THE_RECORD, param.line);
    }
}

/// Whether the description of a parameter says that it has a default or is optional.
fn may_be_left_out(table: &Table, name: &str) -> bool {
    let fields = FieldTable::of(table);
    let row = fields.rows.iter().find(|row| row.name.only_parameter() == Some(name));
    let says = |cell: &Cell| {
        let prose = cell.prose();
        OPTIONAL.stand_in(&prose) || DEFAULT_BEHIND.stand_in(&prose)
    };
    row.and_then(|row| row.description).is_some_and(says)
}

/// The names that every one of some requests sends.
pub(super) fn always_sent(bodies: &[serde_json::Value]) -> Vec<String> {
    let mut counts: IndexMap<String, usize> = IndexMap::new();
    for name in bodies.iter().filter_map(serde_json::Value::as_object).flat_map(|body| body.keys()) {
        *counts.entry(name.to_lowercase()).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| *count == bodies.len()).map(|(name, _)| name).collect()
}
