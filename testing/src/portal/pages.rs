//! The pages of a list.

use serde_json::{Map, Value, json};

use super::conditions;
use super::methods::MethodResult;
use super::table::{Row, Table};
use crate::php;

type Params = Map<String, Value>;

/// The rows of a page.
const PAGE_ROWS: usize = 50;

impl Table {
    /// The page that starts at `start`, with `next` and `total` beside the result. Pages start at multiples of 50; `-1` omits the
    /// counts.
    pub fn list(&self, params: &Params) -> MethodResult {
        let start = params.get("start").map_or(0.0, php::number);
        let rows = self.matching(params);
        if start < 0.0 {
            let rows = rows.take(PAGE_ROWS).collect();
            return MethodResult { total: Some(0), ..self.page(rows, params) };
        }
        let rows: Vec<&Row> = rows.collect();
        let total = rows.len();
        let start = start as usize / PAGE_ROWS * PAGE_ROWS;
        let rows = rows.into_iter().skip(start).take(PAGE_ROWS).collect();
        let next = Some(start + PAGE_ROWS).filter(|next| *next < total);
        MethodResult { total: Some(total), next, ..self.page(rows, params) }
    }

    fn page(&self, rows: Vec<&Row>, params: &Params) -> MethodResult {
        let rows: Value = rows.into_iter().map(|row| self.to_json(row, params.get("select"))).collect();
        MethodResult::of(match self.wrapper {
            Some(wrapper) => json!({wrapper: rows}),
            None => rows,
        })
    }

    /// All rows that meet the conditions, in order. Those of a long sorted table are found without checking all rows.
    fn matching<'a>(&'a self, params: &'a Params) -> Box<dyn Iterator<Item = &'a Row> + 'a> {
        let filter = params.get("filter");
        let rows = conditions::narrow(self, filter).iter();
        let meets = move |row: &&Row| conditions::meets(self, row, filter);
        match conditions::is_reverse_order(self, params.get("order")) {
            Some(false) => Box::new(rows.filter(meets)),
            Some(true) => Box::new(rows.rev().filter(meets)),
            None => {
                let mut rows: Vec<&Row> = rows.filter(meets).collect();
                conditions::sort(self, &mut rows, params.get("order"));
                Box::new(rows.into_iter())
            }
        }
    }
}
