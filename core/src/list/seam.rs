//! Where one page ends and the next begins.

use std::collections::VecDeque;

use serde_json::Value;

use super::page::fingerprint;
use crate::method::MethodInfo;

/// How many rows are remembered: several pages, since a short page says little of what may be pushed on.
const REMEMBERED: usize = 500;

/// Leaves out rows that have been given shortly before.
///
/// Where pages are found by number, a row that is added at the front pushes another one over the seam of two pages, and some
/// methods count rows that they do not show. Such a row would be given twice. It is taken for the same one only if it has an
/// identifier and is equal in everything else.
#[derive(Debug)]
pub struct Seam {
    id: Option<String>,
    before: VecDeque<u64>,
}

impl Seam {
    /// The seams of a list, before its first page.
    pub fn new(info: MethodInfo<'_>) -> Self {
        Self { id: info.keyset.map(|keyset| keyset.row_id.to_owned()), before: VecDeque::new() }
    }

    /// The rows of the next page that are new, each with its place on the page.
    pub fn fresh(&mut self, rows: Vec<Value>) -> Vec<(usize, Value)> {
        let prints: Vec<Option<u64>> = rows.iter().map(|row| fingerprint(row, self.id.as_deref())).collect();
        let new: Vec<bool> =
            prints.iter().map(|print| print.is_none_or(|print| !self.before.contains(&print))).collect();
        self.before.extend(prints.into_iter().flatten());
        self.before.drain(..self.before.len().saturating_sub(REMEMBERED));
        let rows = rows.into_iter().enumerate();
        rows.zip(new).filter_map(|(row, new)| new.then_some(row)).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::method::{Api, Keyset};

    #[test]
    fn a_row_that_was_pushed_over_a_seam_is_left_out() {
        let info = MethodInfo::new(Api::V2, "x").with_keyset(Keyset::new("CODE"));
        let cases = [
            (json!([{"ID": 1}, {"ID": 2}]), vec![0, 1]),
            (json!([{"ID": 2}, {"ID": 3}]), vec![1]),
            (json!([{"ID": 3, "changed": true}, {"ID": 2}]), vec![0]),
            (json!([{"CODE": "a"}, {"CODE": "a"}]), vec![0, 1]),
            (json!([{"CODE": "a"}, {"CODE": ""}, {"name": "b"}, "c"]), vec![1, 2, 3]),
            (json!([{"CODE": ""}, {"name": "b"}, "c", {"ID": 1}]), vec![0, 1, 2]),
        ];
        let mut seam = Seam::new(info);
        for (rows, expected) in cases {
            let fresh = seam.fresh(rows.as_array().cloned().unwrap_or_default());
            let places: Vec<usize> = fresh.into_iter().map(|(place, _)| place).collect();
            assert_eq!(places, expected, "{rows}");
        }
    }
}
