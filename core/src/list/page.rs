//! What a page tells about the pages behind it.

use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use serde_json::{Map, Value};

use super::rows::{find, holder};
use crate::envelope::Answer;
use crate::wire::{FromWire, Mismatch};

/// A page, as far as the question of a next one goes.
pub(super) struct Page<'a> {
    /// How many rows it has; `None` where it is not known where rows stand.
    pub(super) rows: Option<u64>,
    /// The identifier of the last row, as it stands there.
    pub(super) last_id: Option<&'a Value>,
    /// Stands for all rows together, to tell that they have come before: by their identifiers, where these tell them apart,
    /// since a row may change while it is read again.
    pub(super) print: u64,
    /// Whether rows have identifiers, so that two equal rows are the same one.
    pub(super) identified: bool,
    pub(super) total: Option<u64>,
    pub(super) next: Option<u64>,
    /// What stands beside the rows.
    beside: Option<&'a Map<String, Value>>,
}

impl<'a> Page<'a> {
    /// Reads an answer. `rows` is the place of its rows, `id` their identifier where it is known.
    pub(super) fn of(answer: &'a Answer, rows: Option<&str>, id: Option<&str>) -> Result<Self, Mismatch> {
        // A result that is a list can only be the list of rows.
        let rows = rows.or(answer.result.is_array().then_some(""));
        let found = rows.map(|place| find(&answer.result, place)).transpose()?;
        let shown: Vec<&Value> = found.iter().flat_map(|found| found.iter()).collect();
        let last_id = shown.last().and_then(|row| identifier(row, id));
        Ok(Self {
            rows: found.is_some().then_some(shown.len() as u64),
            last_id,
            print: print_of_all(&shown, id),
            identified: last_id.is_some(),
            total: answer.total,
            next: answer.next,
            beside: holder(&answer.result, rows.unwrap_or_default()),
        })
    }

    /// Whether it is known to have no rows.
    pub(super) fn is_empty(&self) -> bool {
        self.rows == Some(0)
    }

    /// Whether the answer says that more rows follow, in any of the words in which methods say so.
    pub(super) fn has_more(&self) -> Option<bool> {
        let said =
            ["hasMore", "hasNextPage", "hasMorePages"].iter().find_map(|key| self.beside?.get(*key))?;
        bool::from_wire(said.clone()).ok()
    }

    /// The offset that the answer names for the next request.
    pub(super) fn next_offset(&self) -> Option<u64> {
        let said = || u64::try_from(i64::from_wire(self.beside?.get("nextOffset")?.clone()).ok()?).ok();
        self.next.or_else(said)
    }

    /// The cursor that the answer gives for the next request.
    pub(super) fn next_cursor(&self) -> Option<&'a Value> {
        self.beside?.get("nextCursor").filter(|cursor| !crate::wire::is_empty_form(cursor))
    }
}

/// The identifier of a row: the field that is known to be it, or one that is called so.
fn identifier<'r>(row: &'r Value, known: Option<&str>) -> Option<&'r Value> {
    let names = known.into_iter().chain(["id", "ID"]);
    let mut values = names.filter_map(|name| row.get(name));
    values.find(|value| value.is_number() || value.as_str().is_some_and(|text| !text.is_empty()))
}

/// What tells whether a row is one that has been given: nothing where it has no identifier, since such rows may be equal.
pub(super) fn fingerprint(row: &Value, known: Option<&str>) -> Option<u64> {
    identifier(row, known)?;
    Some(print_of(row))
}

/// Stands for rows, by their identifiers where each has one of its own.
fn print_of_all(rows: &[&Value], known: Option<&str>) -> u64 {
    let ids: Option<Vec<&Value>> = rows.iter().map(|row| identifier(row, known)).collect();
    let ids = ids.filter(|ids| ids.iter().collect::<HashSet<_>>().len() == ids.len());
    let mut hasher = DefaultHasher::new();
    ids.as_deref().unwrap_or(rows).hash(&mut hasher);
    hasher.finish()
}

/// Stands for a value, to be kept instead of it.
pub(super) fn print_of(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
