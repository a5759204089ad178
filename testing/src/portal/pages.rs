//! The pages of a list.

use serde_json::{Map, Value, json};

use super::conditions;
use super::methods::MethodResult;
use super::table::{Paging, Row, Table};
use crate::php;

type Params = Map<String, Value>;

/// Some of the rows that meet the conditions.
struct Page<'a> {
    rows: Vec<&'a Row>,
    total: Option<usize>,
    next: Option<usize>,
    cursor: Option<Value>,
}

impl<'a> Page<'a> {
    fn of(rows: Vec<&'a Row>) -> Self {
        Self { rows, total: None, next: None, cursor: None }
    }
}

impl Table {
    /// Page request number `number`, starting at 1.
    pub fn list(&self, params: &Params, number: usize) -> MethodResult {
        let select = params.get("select");
        let applied = if number >= self.ignores_conditions_from { &Params::new() } else { params };
        let page = self.page(applied);
        let rows: Value = page.rows.iter().map(|row| self.to_json(row, select)).collect();
        let mut result = match self.wrapper {
            Some(wrapper) => json!({wrapper: rows}),
            None => rows,
        };
        if let Some(cursor) = page.cursor {
            result["nextCursor"] = cursor;
        }
        MethodResult { result, total: page.total, next: page.next }
    }

    /// The rows after a cursor: `{field, order, value, limit}`.
    pub fn tail(&self, params: &Params) -> MethodResult {
        let none = json!({});
        let cursor = params.get("cursor").unwrap_or(&none);
        let field = cursor["field"].as_str().unwrap_or(self.id);
        let descending = cursor["order"].as_str().is_some_and(|order| order.eq_ignore_ascii_case("desc"));
        let mut filter = vec![json!([field, if descending { "<" } else { ">" }, cursor["value"]])];
        filter.extend(params.get("filter").and_then(Value::as_array).into_iter().flatten().cloned());
        let order = json!({field: if descending { "DESC" } else { "ASC" }});
        let params = Params::from_iter([("filter".to_owned(), filter.into()), ("order".to_owned(), order)]);
        let rows = self.matching(&params).take(self.limit(cursor.get("limit")));
        let rows: Value = rows.map(|row| self.to_json(row, None)).collect();
        MethodResult::of(json!({self.wrapper.unwrap_or("items"): rows}))
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

    fn page<'a>(&'a self, params: &'a Params) -> Page<'a> {
        let rows = self.matching(params);
        // Parameter names are in lower case; see where they are parsed.
        let param = |name: &str| params.get(&name.to_ascii_lowercase());
        match self.paging {
            Paging::Start => self.page_from_start(rows, param("start")),
            Paging::V3 => {
                let pagination = param("pagination").unwrap_or(&Value::Null);
                let limit = self.limit(pagination.get("limit"));
                let page = pagination.get("page").map(to_usize).filter(|page| *page > 0);
                let offset = page
                    .map_or_else(|| pagination.get("offset").map_or(0, to_usize), |page| (page - 1) * limit);
                Page::of(rows.skip(offset).take(limit).collect())
            }
            Paging::Cursor => self.page_after_cursor(rows, param("pagination").unwrap_or(&Value::Null)),
            Paging::LimitOffset(limit, offset) => {
                let rows = rows.skip(param(offset).map_or(0, to_usize));
                Page::of(rows.take(self.limit(param(limit))).collect())
            }
            Paging::AfterId(limit, id) => {
                let last = param(id).map_or(0.0, php::number) as i64;
                let rows = rows.filter(|row| self.id_of(row) > last);
                Page::of(rows.take(self.limit(param(limit))).collect())
            }
            Paging::BeforeId(limit, id) => {
                let first = param(id).map_or(0.0, php::number) as i64;
                let rows: Vec<&Row> = rows.filter(|row| first == 0 || self.id_of(row) < first).collect();
                Page::of(rows.into_iter().rev().take(self.limit(param(limit))).collect())
            }
            Paging::Page(name) => {
                let page = param(name).map_or(1, to_usize).max(1);
                Page::of(rows.skip((page - 1) * self.page_size).take(self.page_size).collect())
            }
        }
    }

    fn page_from_start<'a>(&self, rows: impl Iterator<Item = &'a Row>, start: Option<&Value>) -> Page<'a> {
        let start = start.map_or(0.0, php::number);
        if start < 0.0 {
            return Page { total: Some(0), ..Page::of(rows.take(self.page_size).collect()) };
        }
        let rows: Vec<&Row> = rows.collect();
        let total = rows.len();
        let start = start as usize / self.page_size * self.page_size;
        let rows = rows.into_iter().skip(start).take(self.page_size).collect();
        let next = Some(start + self.page_size).filter(|next| *next < total);
        Page { total: Some(total), next, ..Page::of(rows) }
    }

    fn page_after_cursor<'a>(&self, rows: impl Iterator<Item = &'a Row>, pagination: &Value) -> Page<'a> {
        let after = pagination.pointer("/afterCursor/id").map_or(0.0, php::number) as i64;
        let mut rest = rows.filter(|row| self.id_of(row) > after);
        let page: Vec<&Row> = rest.by_ref().take(self.limit(pagination.get("limit"))).collect();
        let last = page.last().filter(|_| rest.next().is_some());
        let cursor =
            last.map_or(Value::Null, |row| json!({"position": self.id_of(row), "id": self.id_of(row)}));
        Page { cursor: Some(cursor), ..Page::of(page) }
    }

    /// The number of rows of a page, for the requested number.
    fn limit(&self, requested: Option<&Value>) -> usize {
        requested.map_or(self.page_size, to_usize).clamp(1, self.page_size)
    }
}

fn to_usize(value: &Value) -> usize {
    php::number(value).max(0.0) as usize
}
