//! The facts about a page that pagination needs.

use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use serde_json::{Map, Value};

use super::rows::{find, parent};
use crate::envelope::RawResponse;
use crate::wire::{Mismatch, decode_strict, is_php_empty};

/// The facts about a page that pagination needs.
pub(super) struct PageSummary<'a> {
    /// The number of rows; `None` if the place of the rows is unknown.
    pub(super) rows: Option<u64>,
    /// The identifier of the last row, as received.
    pub(super) last_id: Option<&'a Value>,
    /// The fingerprint of all rows, to detect repetitions: of their identifiers if these are distinct, since a row may change
    /// between two reads.
    pub(super) fingerprint: u64,
    /// Whether rows have identifiers, so that two equal rows are the same row.
    pub(super) has_ids: bool,
    pub(super) total: Option<u64>,
    pub(super) next: Option<u64>,
    /// The fields next to the rows.
    siblings: Option<&'a Map<String, Value>>,
}

impl<'a> PageSummary<'a> {
    /// Summarizes a response. `rows_pointer` is the place of its rows, `id` their identifier if it is known.
    pub(super) fn new(
        response: &'a RawResponse,
        rows_pointer: Option<&str>,
        id: Option<&str>,
    ) -> Result<Self, Mismatch> {
        // A result that is a list can only be the list of rows.
        let pointer = rows_pointer.or(response.result.is_array().then_some(""));
        let found = pointer.map(|pointer| find(&response.result, pointer)).transpose()?;
        let rows: Vec<&Value> = found.iter().flat_map(|found| found.iter()).collect();
        let last_id = rows.last().and_then(|row| identifier(row, id));
        Ok(Self {
            rows: found.is_some().then_some(rows.len() as u64),
            last_id,
            fingerprint: page_fingerprint(&rows, id),
            has_ids: last_id.is_some(),
            total: response.total,
            next: response.next,
            siblings: parent(&response.result, pointer.unwrap_or_default()),
        })
    }

    /// Whether it is known to have no rows.
    pub(super) fn is_empty(&self) -> bool {
        self.rows == Some(0)
    }

    /// Whether the response says that more rows follow, in any of the fields that methods use for it.
    pub(super) fn has_more(&self) -> Option<bool> {
        let flag =
            ["hasMore", "hasNextPage", "hasMorePages"].iter().find_map(|key| self.siblings?.get(*key))?;
        decode_strict::<bool>(flag.clone()).ok()
    }

    /// The offset of the next page, if the response contains one.
    pub(super) fn next_offset(&self) -> Option<u64> {
        let offset =
            || u64::try_from(decode_strict::<i64>(self.siblings?.get("nextOffset")?.clone()).ok()?).ok();
        self.next.or_else(offset)
    }

    /// The cursor of the next page, if the response contains one.
    pub(super) fn next_cursor(&self) -> Option<&'a Value> {
        self.siblings?.get("nextCursor").filter(|cursor| !is_php_empty(cursor))
    }
}

/// The identifier of a row: the known field, or a field with the usual name.
fn identifier<'r>(row: &'r Value, known: Option<&str>) -> Option<&'r Value> {
    let names = known.into_iter().chain(["id", "ID"]);
    let mut values = names.filter_map(|name| row.get(name));
    values.find(|value| value.is_number() || value.as_str().is_some_and(|text| !text.is_empty()))
}

/// The fingerprint of a row; `None` if it has no identifier, since such rows may legitimately be equal.
pub(super) fn row_fingerprint(row: &Value, known: Option<&str>) -> Option<u64> {
    identifier(row, known)?;
    Some(fingerprint(row))
}

/// The fingerprint of a page: of the identifiers of its rows if these are distinct, of the whole rows otherwise.
fn page_fingerprint(rows: &[&Value], known: Option<&str>) -> u64 {
    let ids: Option<Vec<&Value>> = rows.iter().map(|row| identifier(row, known)).collect();
    let ids = ids.filter(|ids| ids.iter().collect::<HashSet<_>>().len() == ids.len());
    let mut hasher = DefaultHasher::new();
    ids.as_deref().unwrap_or(rows).hash(&mut hasher);
    hasher.finish()
}

/// A hash of a value, stored instead of the value.
pub(super) fn fingerprint(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
