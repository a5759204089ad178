//! The methods of a table.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use super::access::MethodError;
use super::table::{Row, Table};
use crate::php;

type Params = Map<String, Value>;

/// The result of a method.
#[derive(Debug)]
pub struct MethodResult {
    pub result: Value,
    pub total: Option<usize>,
    pub next: Option<usize>,
}

impl MethodResult {
    pub fn of(result: Value) -> Self {
        Self { result, total: None, next: None }
    }

    /// The whole response.
    pub fn into_envelope(self) -> Value {
        let mut envelope = json!({"result": self.result});
        let counts = [("total", self.total), ("next", self.next)];
        for (name, count) in counts {
            if let Some(count) = count {
                envelope[name] = count.into();
            }
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        envelope["time"] = json!({"start": now, "finish": now, "duration": 0.25, "processing": 0.125});
        envelope
    }
}

impl Table {
    /// Runs one of the table's methods; `None` if there is no such method.
    pub fn run(&mut self, verb: &str, params: &Params) -> Option<Result<MethodResult, MethodError>> {
        Some(match verb.to_ascii_lowercase().as_str() {
            "list" => Ok(self.list(params)),
            "add" => self.add(params),
            "get" => self.find(params).map(|at| MethodResult::of(self.wrap(&self.rows[at]))),
            "update" => self.update(params),
            "delete" => self.find(params).map(|at| {
                self.rows.remove(at);
                MethodResult::of(json!(true))
            }),
            _ => return None,
        })
    }

    fn add(&mut self, params: &Params) -> Result<MethodResult, MethodError> {
        let fields = fields(params)?;
        self.last += 1;
        let mut row = Row::from_iter([(self.row_id.to_owned(), self.last.into())]);
        row.extend(fields.clone());
        let result = if self.item.is_some() { self.wrap(&row) } else { self.last.into() };
        self.rows.push(row);
        Ok(MethodResult::of(result))
    }

    fn update(&mut self, params: &Params) -> Result<MethodResult, MethodError> {
        let at = self.find(params)?;
        self.rows[at].extend(fields(params)?.clone());
        // Methods that wrap a record return it after a change too.
        let is_wrapped = self.item.is_some();
        Ok(MethodResult::of(if is_wrapped { self.wrap(&self.rows[at]) } else { json!(true) }))
    }

    /// One row, in its wrapper.
    fn wrap(&self, row: &Row) -> Value {
        let row = self.to_json(row, None);
        match self.item {
            Some(item) => json!({item: row}),
            None => row,
        }
    }

    /// The index of the requested row.
    fn find(&self, params: &Params) -> Result<usize, MethodError> {
        let id = params.get("id").or(params.get("taskid")).map_or(0.0, php::number) as i64;
        let position = self.rows.iter().position(|row| self.id_of(row) == id);
        // Portals have an empty code for it.
        position.ok_or_else(|| MethodError::new(400, "", "Not found"))
    }
}

fn fields(params: &Params) -> Result<&Row, MethodError> {
    let fields = params.get("fields").and_then(Value::as_object);
    fields.ok_or_else(|| MethodError::new(400, "", "Parameter 'fields' must be array"))
}
