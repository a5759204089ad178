//! Rows that occur on two consecutive pages.

use std::collections::VecDeque;

use super::page_summary::row_fingerprint;
use crate::method::MethodInfo;
use crate::wire::Json;

/// How many rows are remembered: several pages, since a short page covers few of the rows that may move.
const MAX_REMEMBERED: usize = 500;

/// Leaves out rows that were returned shortly before.
///
/// If pages are found by number, a row that is added at the front moves another one to the next page, and some methods count rows
/// that they do not return. Such a row would be returned twice. Two rows are the same only if they have an identifier and are
/// equal in everything else.
#[derive(Debug)]
pub struct OverlapFilter {
    row_id: Option<String>,
    recent: VecDeque<u64>,
}

impl OverlapFilter {
    /// Creates the filter of a list, before its first page.
    pub fn new(info: MethodInfo<'_>) -> Self {
        Self { row_id: info.keyset.map(|keyset| keyset.row_id.to_owned()), recent: VecDeque::new() }
    }

    /// The new rows of the next page, each with its index on the page.
    pub fn retain_new(&mut self, rows: Vec<Json>) -> Vec<(usize, Json)> {
        let fingerprints: Vec<Option<u64>> =
            rows.iter().map(|row| row_fingerprint(row.get(), self.row_id.as_deref())).collect();
        let is_new: Vec<bool> = fingerprints
            .iter()
            .map(|fingerprint| fingerprint.is_none_or(|fingerprint| !self.recent.contains(&fingerprint)))
            .collect();
        self.recent.extend(fingerprints.into_iter().flatten());
        self.recent.drain(..self.recent.len().saturating_sub(MAX_REMEMBERED));
        let rows = rows.into_iter().enumerate();
        rows.zip(is_new).filter_map(|(row, is_new)| is_new.then_some(row)).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::method::{Api, Keyset};

    #[test]
    fn a_row_that_moved_to_the_next_page_is_left_out() {
        let info = MethodInfo::new(Api::V2, "x").with_keyset(Keyset::new("CODE"));
        let cases = [
            (json!([{"ID": 1}, {"ID": 2}]), vec![0, 1]),
            (json!([{"ID": 2}, {"ID": 3}]), vec![1]),
            (json!([{"ID": 3, "changed": true}, {"ID": 2}]), vec![0]),
            (json!([{"CODE": "a"}, {"CODE": "a"}]), vec![0, 1]),
            (json!([{"CODE": "a"}, {"CODE": ""}, {"name": "b"}, "c"]), vec![1, 2, 3]),
            (json!([{"CODE": ""}, {"name": "b"}, "c", {"ID": 1}]), vec![0, 1, 2]),
        ];
        let mut overlap = OverlapFilter::new(info);
        for (rows, expected) in cases {
            let json = Json::from_value(&rows).unwrap();
            let new_rows = overlap.retain_new(json.get().items().map(|row| json.part(row)).collect());
            let indexes: Vec<usize> = new_rows.into_iter().map(|(index, _)| index).collect();
            assert_eq!(indexes, expected, "{rows}");
        }
    }
}
