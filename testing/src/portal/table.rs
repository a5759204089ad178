//! Tables: rows, and the dialect of their methods.

use serde_json::{Map, Value, json};

/// A record.
pub type Row = Map<String, Value>;

/// Rows with the dialect of their methods: `NAME.list`, `NAME.get`, `NAME.add`, `NAME.update`, `NAME.delete`.
#[derive(Clone, Debug)]
pub struct Table {
    pub(crate) name: String,
    /// The identifier in conditions and orders.
    pub(crate) id: &'static str,
    /// The identifier in rows.
    pub(crate) row_id: &'static str,
    /// The field that wraps the rows of a list.
    pub(crate) wrapper: Option<&'static str>,
    /// The field that wraps a single row; without it, adding a row returns only its identifier.
    pub(crate) item: Option<&'static str>,
    /// Whether numbers are written as text.
    pub(crate) texts: bool,
    pub(crate) rows: Vec<Row>,
    /// Whether the rows are sorted by identifier.
    pub(crate) sorted: bool,
    pub(crate) last: i64,
}

impl Table {
    /// The oldest dialect: bare lists, `ID`, numbers as text (`crm.deal`).
    pub fn crm(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            id: "ID",
            row_id: "ID",
            wrapper: None,
            item: None,
            texts: true,
            rows: Vec::new(),
            sorted: true,
            last: 0,
        }
    }

    /// Wrapped rows with JSON numbers (`crm.item`).
    pub fn items(name: &str) -> Self {
        let dialect = Self::crm(name);
        Self { id: "id", row_id: "id", wrapper: Some("items"), item: Some("item"), texts: false, ..dialect }
    }

    /// Adds rows 1 to `count`.
    pub fn with_rows(self, count: i64) -> Self {
        let title = if self.row_id == "ID" { "TITLE" } else { "title" };
        self.with(1..=count, |id| json!({title: format!("Row {id}")}))
    }

    /// Adds a row for each of these identifiers, with the fields that `make` returns.
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

    /// Changes the rows.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut Vec<Row>)) {
        change(&mut self.rows);
        self.sorted = self.rows.is_sorted_by_key(|row| self.id_of(row));
    }

    /// The identifier of a row.
    pub(crate) fn id_of(&self, row: &Row) -> i64 {
        row.get(self.row_id).and_then(Value::as_i64).unwrap_or_default()
    }

    /// The value of a field, by its name in requests; `None` if the row has no such field.
    pub(crate) fn field<'a>(&self, row: &'a Row, name: &str) -> Option<&'a Value> {
        row.get(if name == self.id { self.row_id } else { name })
    }

    /// A row as JSON, with its selected fields.
    pub(crate) fn to_json(&self, row: &Row, select: Option<&Value>) -> Value {
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
