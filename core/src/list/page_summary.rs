//! The facts about a page that pagination needs.

use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use super::rows::{find, parent};
use crate::envelope::RawResponse;
use crate::wire::{FromWire, JsonKind, JsonRef, Mismatch, decode_json_strict};

/// The facts about a page that pagination needs.
pub(super) struct PageSummary<'a> {
    /// The number of rows; `None` if the place of the rows is unknown.
    pub(super) rows: Option<u64>,
    /// The identifier of the last row, as received.
    pub(super) last_id: Option<JsonRef<'a>>,
    /// The fingerprint of all rows, to detect repetitions: of their identifiers if these are distinct, since a row may change
    /// between two reads.
    pub(super) fingerprint: u64,
    /// Whether rows have identifiers, so that two equal rows are the same row.
    pub(super) has_ids: bool,
    pub(super) total: Option<u64>,
    pub(super) next: Option<u64>,
    /// The fields next to the rows.
    siblings: Option<JsonRef<'a>>,
}

impl<'a> PageSummary<'a> {
    /// Summarizes a response. `rows_pointer` is the place of its rows, `id` their identifier if it is known.
    pub(super) fn new(
        response: &'a RawResponse,
        rows_pointer: Option<&str>,
        id: Option<&str>,
    ) -> Result<Self, Mismatch> {
        // A result that is a list can only be the list of rows.
        let result = response.result.get();
        let pointer = rows_pointer.or(result.is_array().then_some(""));
        let found = pointer.map(|pointer| find(result, pointer)).transpose()?;
        let rows: Vec<JsonRef<'_>> = found.iter().flat_map(|found| found.iter()).collect();
        let last_id = rows.last().and_then(|row| identifier(*row, id));
        Ok(Self {
            rows: found.is_some().then_some(rows.len() as u64),
            last_id,
            fingerprint: page_fingerprint(&rows, id),
            has_ids: last_id.is_some(),
            total: response.total,
            next: response.next,
            siblings: parent(result, pointer.unwrap_or_default()),
        })
    }

    /// Whether it is known to have no rows.
    pub(super) fn is_empty(&self) -> bool {
        self.rows == Some(0)
    }

    /// Whether the response says that more rows follow, in any of the fields that methods use for it.
    pub(super) fn has_more(&self) -> Option<bool> {
        ["hasMore", "hasNextPage", "hasMorePages"]
            .iter()
            .find_map(|key| self.siblings?.field(key))
            .and_then(read)
    }

    /// The offset of the next page, if the response contains one.
    pub(super) fn next_offset(&self) -> Option<u64> {
        let offset = || u64::try_from(read::<i64>(self.siblings?.field("nextOffset")?)?).ok();
        self.next.or_else(offset)
    }

    /// The cursor of the next page, if the response contains one.
    pub(super) fn next_cursor(&self) -> Option<JsonRef<'a>> {
        self.siblings?.field("nextCursor").filter(|cursor| !cursor.is_php_empty())
    }
}

/// The identifier of a row: the known field, or a field with the usual name.
fn identifier<'r>(row: JsonRef<'r>, known: Option<&str>) -> Option<JsonRef<'r>> {
    let names = known.into_iter().chain(["id", "ID"]);
    let mut values = names.filter_map(|name| row.field(name));
    values.find(|value| match value.kind() {
        JsonKind::Number => true,
        JsonKind::String => !value.is_php_empty(),
        _ => false,
    })
}

/// A value that must fit.
fn read<T: FromWire>(json: JsonRef<'_>) -> Option<T> {
    decode_json_strict(json).ok()
}

/// The fingerprint of a row; `None` if it has no identifier, since such rows may legitimately be equal.
pub(super) fn row_fingerprint(row: JsonRef<'_>, known: Option<&str>) -> Option<u64> {
    identifier(row, known)?;
    Some(fingerprint(row))
}

/// The fingerprint of a page: of the identifiers of its rows if these are distinct, of the whole rows otherwise.
fn page_fingerprint(rows: &[JsonRef<'_>], known: Option<&str>) -> u64 {
    let ids: Option<Vec<JsonRef<'_>>> = rows.iter().map(|row| identifier(*row, known)).collect();
    let ids = ids.filter(|ids| ids.iter().collect::<HashSet<_>>().len() == ids.len());
    let mut hasher = DefaultHasher::new();
    ids.as_deref().unwrap_or(rows).hash(&mut hasher);
    hasher.finish()
}

/// A hash of a value, stored instead of the value.
pub(super) fn fingerprint(value: JsonRef<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
