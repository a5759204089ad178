//! The rows of the last queries of a table: callers read the pages of one list one after another, and each page has the number of
//! all rows that meet the conditions.

use std::collections::VecDeque;
use std::sync::Arc;

use super::condition::Filter;

/// How many queries are kept for each table.
const QUERIES: usize = 4;

/// Queries with the identifiers of their rows. They are forgotten when a row changes.
#[derive(Debug, Default)]
pub(super) struct Queries(VecDeque<Query>);

#[derive(Debug)]
struct Query {
    filter: Filter,
    order: Vec<(String, bool)>,
    ids: Arc<[i64]>,
}

impl Queries {
    pub(super) fn get(&self, filter: &Filter, order: &[(String, bool)]) -> Option<Arc<[i64]>> {
        let known = self.0.iter().find(|query| query.order == order && query.filter == *filter)?;
        Some(Arc::clone(&known.ids))
    }

    pub(super) fn add(&mut self, filter: &Filter, order: &[(String, bool)], ids: &Arc<[i64]>) {
        self.0.truncate(QUERIES - 1);
        self.0.push_front(Query { filter: filter.clone(), order: order.to_vec(), ids: Arc::clone(ids) });
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
