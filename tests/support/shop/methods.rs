//! What the methods of a table do.

use serde_json::{Map, Value, json};

use super::access::Refusal;
use super::php;
use super::table::{Paging, Row, Table};

type Params = Map<String, Value>;

/// What a method found or did.
pub struct Found {
    pub result: Value,
    pub total: Option<usize>,
    pub next: Option<usize>,
}

impl Found {
    pub fn of(result: Value) -> Self {
        Self { result, total: None, next: None }
    }

    /// The whole answer.
    pub fn enveloped(self, time: Value) -> Value {
        let mut envelope = json!({"result": self.result});
        let counts = [("total", self.total), ("next", self.next)];
        for (name, count) in counts {
            if let Some(count) = count {
                envelope[name] = count.into();
            }
        }
        envelope["time"] = time;
        envelope
    }
}

impl Table {
    /// Runs one of the table's methods; nothing where there is no such method.
    pub fn run(&mut self, verb: &str, params: &Params, page: usize) -> Option<Result<Found, Refusal>> {
        Some(match verb.to_ascii_lowercase().as_str() {
            "list" => Ok(self.list(params, page)),
            "tail" => Ok(self.tail(params)),
            "add" => self.add(params),
            "get" => self.found(params).map(|at| Found::of(self.single(&self.rows[at]))),
            "update" => self.update(params),
            "delete" => self.found(params).map(|at| {
                self.rows.remove(at);
                self.done()
            }),
            _ => return None,
        })
    }

    fn add(&mut self, params: &Params) -> Result<Found, Refusal> {
        let fields = fields(params)?;
        self.last += 1;
        let mut row = Row::from_iter([(self.row_id.to_owned(), self.last.into())]);
        row.extend(fields.clone());
        let result = if self.item.is_some() { self.single(&row) } else { self.last.into() };
        self.rows.push(row);
        Ok(Found::of(result))
    }

    fn update(&mut self, params: &Params) -> Result<Found, Refusal> {
        let at = self.found(params)?;
        self.rows[at].extend(fields(params)?.clone());
        Ok(self.done())
    }

    /// Success of a method that has nothing else to say.
    fn done(&self) -> Found {
        Found::of(if self.is_v3() { json!({"result": true}) } else { json!(true) })
    }

    /// One row, in its wrapper.
    fn single(&self, row: &Row) -> Value {
        let row = self.written(row, None);
        match self.item {
            Some(item) => json!({item: row}),
            None => row,
        }
    }

    /// The place of the row that is asked for.
    fn found(&self, params: &Params) -> Result<usize, Refusal> {
        let id = params.get("id").or(params.get("taskid")).map_or(0.0, php::number) as i64;
        let place = self.rows.iter().position(|row| self.id_of(row) == id);
        // The older interface has no code for it.
        let code = if self.is_v3() { "BITRIX_REST_V3_EXCEPTION_ENTITYNOTFOUNDEXCEPTION" } else { "" };
        place.ok_or_else(|| Refusal::new(400, code, "Not found"))
    }

    fn is_v3(&self) -> bool {
        matches!(self.paging, Paging::V3 | Paging::Cursor)
    }
}

fn fields(params: &Params) -> Result<&Row, Refusal> {
    let fields = params.get("fields").and_then(Value::as_object);
    fields.ok_or_else(|| Refusal::new(400, "", "Parameter 'fields' must be array"))
}
