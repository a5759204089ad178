//! Tables: rows, and how the methods of their kind speak of them.

use serde_json::{Map, Value, json};

/// A record.
pub type Row = Map<String, Value>;

/// How a list is read page by page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Paging {
    /// `start`, with `next` and `total` beside the result. Pages begin at multiples of 50; `-1` counts nothing.
    Start,
    /// `pagination` of REST 3: `page`, `limit` and `offset`.
    V3,
    /// `pagination` of REST 3: `limit` and `afterCursor`, which is the `nextCursor` of the page before.
    Cursor,
    /// A number of rows and a number of rows to leave out, under these names.
    LimitOffset(&'static str, &'static str),
    /// A number of rows, and the identifier after which they begin, under these names.
    AfterId(&'static str, &'static str),
    /// A number of rows, and the identifier before which they end, newest first, under these names.
    BeforeId(&'static str, &'static str),
    /// The number of a page, counted from 1, under this name.
    Page(&'static str),
}

/// Rows with the dialect of their methods: `NAME.list`, `NAME.tail`, `NAME.get`, `NAME.add`, `NAME.update`, `NAME.delete`.
#[derive(Clone, Debug)]
pub struct Table {
    pub name: String,
    /// The identifier in conditions and orders.
    pub id: &'static str,
    /// The identifier in rows.
    pub row_id: &'static str,
    /// What the rows of a list are wrapped in.
    pub wrapper: Option<&'static str>,
    /// What a single row is wrapped in; without it a new row is told by its identifier alone.
    pub item: Option<&'static str>,
    /// Whether numbers are written as texts.
    pub texts: bool,
    pub paging: Paging,
    /// How many rows a page has at most, whatever is asked for.
    pub page_size: usize,
    /// From which page on, counted from 1, a list gives its first page whatever is asked for.
    pub ignores_conditions_from: usize,
    pub rows: Vec<Row>,
    /// Whether the rows lie in the order of their identifiers.
    pub sorted: bool,
    pub last: i64,
}

impl Table {
    /// The oldest dialect: bare lists, `ID`, numbers as texts (`crm.deal`).
    pub fn crm(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            id: "ID",
            row_id: "ID",
            wrapper: None,
            item: None,
            texts: true,
            paging: Paging::Start,
            page_size: 50,
            ignores_conditions_from: usize::MAX,
            rows: Vec::new(),
            sorted: true,
            last: 0,
        }
    }

    /// Wrapped rows with numbers that are numbers (`crm.item`).
    pub fn items(name: &str) -> Self {
        let dialect = Self::crm(name);
        Self { id: "id", row_id: "id", wrapper: Some("items"), item: Some("item"), texts: false, ..dialect }
    }

    /// Tasks: `ID` in requests, `id` in rows, numbers as texts.
    pub fn tasks() -> Self {
        let dialect = Self::crm("tasks.task");
        Self { row_id: "id", wrapper: Some("tasks"), item: Some("task"), ..dialect }
    }

    /// REST 3.
    pub fn v3(name: &str) -> Self {
        Self { paging: Paging::V3, ..Self::items(name) }
    }

    /// With another way to page.
    pub fn pagination(mut self, paging: Paging) -> Self {
        self.paging = paging;
        self
    }

    /// With no more than so many rows on a page.
    pub fn page_size(mut self, rows: usize) -> Self {
        self.page_size = rows;
        self
    }

    /// Deaf from that page on, counted from 1: conditions, order, offsets and cursors change nothing, and what is given is the
    /// first page. It is how lists behave that do not know the condition they are given.
    pub fn ignores_conditions_from(mut self, page: usize) -> Self {
        self.ignores_conditions_from = page;
        self
    }

    /// With rows 1 to `count`.
    pub fn filled(self, count: i64) -> Self {
        let title = if self.row_id == "ID" { "TITLE" } else { "title" };
        self.with(1..=count, |id| json!({title: format!("Row {id}")}))
    }

    /// With a row for each of these identifiers, made of the fields that `make` gives.
    pub fn with(mut self, ids: impl IntoIterator<Item = i64>, make: impl Fn(i64) -> Value) -> Self {
        for id in ids {
            let mut row = Row::from_iter([(self.row_id.to_owned(), id.into())]);
            if let Value::Object(fields) = make(id) {
                row.extend(fields);
            }
            self.last = self.last.max(id);
            self.rows.push(row);
        }
        self.change(|_| ());
        self
    }

    /// Changes the rows from outside.
    pub fn change(&mut self, change: impl FnOnce(&mut Vec<Row>)) {
        change(&mut self.rows);
        self.sorted = self.rows.is_sorted_by_key(|row| self.id_of(row));
    }

    /// The identifier of a row.
    pub fn id_of(&self, row: &Row) -> i64 {
        row.get(self.row_id).and_then(Value::as_i64).unwrap_or_default()
    }

    /// What a row has in a field, by the name that requests have for it. Names that no row has are nobody's.
    pub fn field<'a>(&self, row: &'a Row, name: &str) -> Option<&'a Value> {
        row.get(if name == self.id { self.row_id } else { name })
    }

    /// A row as it is written, with the selected fields of it.
    pub fn written(&self, row: &Row, select: Option<&Value>) -> Value {
        let select = select.and_then(Value::as_array).filter(|names| !names.is_empty());
        let selected = |name: &str| {
            name == self.row_id
                || select.is_none_or(|names| names.iter().any(|one| one == name || one == "*"))
        };
        let fields = row.iter().filter(|(name, _)| selected(name));
        let fields = fields.map(|(name, value)| match value {
            Value::Number(number) if self.texts => (name.clone(), number.to_string().into()),
            other => (name.clone(), other.clone()),
        });
        Value::Object(fields.collect())
    }
}
