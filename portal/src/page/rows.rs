//! Stored rows, a page at a time.

use std::io;

use serde_json::{Value, json};

use super::Asked;
use crate::php;
use crate::run::Machine;
use crate::store::{Row, TableKey};

/// All tables that have rows, or had some.
pub(super) fn tables(machine: &mut Machine) -> io::Result<Value> {
    let entry = |(key, rows): (TableKey, Option<usize>)| json!({"name": key.name, "partition": key.partition, "rows": rows});
    Ok(machine.tables()?.into_iter().map(entry).collect())
}

/// Some rows of a table, those with a text if one is given.
pub(super) fn rows(machine: &mut Machine, asked: &Asked) -> io::Result<Value> {
    let partition = serde_json::from_str(asked.text("partition")).unwrap_or_default();
    let key = TableKey { name: asked.text("table").to_owned(), partition };
    let (start, limit) = (asked.number("start").unwrap_or(0), asked.limit());
    machine.look(&key)?;
    let Some(table) = machine.store.find(&key) else {
        return Ok(json!({"columns": [], "rows": [], "total": 0}));
    };
    let columns: Vec<&str> = table.columns().map(|(_, name)| name).collect();
    let values = |row: &Row| -> Vec<Option<Value>> { (0..columns.len()).map(|at| row.value(at)).collect() };
    let wanted = asked.text("text").to_lowercase();
    let has_text = |row: &Row| {
        let texts = values(row).into_iter().flatten();
        wanted.is_empty()
            || texts.map(|value| php::text(&value).to_lowercase()).any(|text| text.contains(&wanted))
    };
    let (mut total, mut shown) = (0, Vec::new());
    for (id, row) in table.range(0, i64::MAX).filter(|(_, row)| has_text(row)) {
        if total >= start && shown.len() < limit {
            shown.push(json!({"id": id, "values": values(row)}));
        }
        total += 1;
    }
    Ok(json!({"columns": columns, "rows": shown, "total": total}))
}
