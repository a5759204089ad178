//! Fields with lists whose items have identifiers: an item without one is added, and one with an identifier is changed or removed.

use serde_json::{Map, Value};

use super::parts::several;
use crate::families::{Follows, Items, fold};
use crate::php;
use crate::store::{Field, Table};

/// How many items a row may have before the identifiers of its items are those of another row.
const ITEMS_OF_A_ROW: i64 = 1_000;

/// The lists among these fields with all items. `id` is that of the row in the table.
pub(super) fn identified(
    follows: &Follows,
    fields: &[Field<'_>],
    id: i64,
    table: Option<&Table>,
) -> Vec<Field<'static>> {
    let list = |items: &Items| {
        let name = fold(&items.field);
        let is_it = |folded: &str| table.map_or(folded, |table| table.own_name(folded)) == name;
        let (.., given) = fields.iter().rev().find(|(folded, ..)| is_it(folded))?;
        let mut all: Vec<Value> = stored(&name, id, table);
        let mut last = all.iter().map(number).max().unwrap_or(0).max((id - 1).saturating_mul(ITEMS_OF_A_ROW));
        for item in several(given.clone()).iter().filter_map(Value::as_object) {
            merge(items, &mut all, item, (id, &mut last));
        }
        Some((name.into(), items.field.clone().into(), all.into()))
    };
    follows.items.iter().filter_map(list).collect()
}

/// The items that a row has.
fn stored(name: &str, id: i64, table: Option<&Table>) -> Vec<Value> {
    let value = table.and_then(|table| table.row(id)?.value(table.column(name)?));
    several(value.unwrap_or_default())
}

/// A property of an item, by its folded name.
fn property<'i>(item: &'i Map<String, Value>, folded: &str) -> Option<&'i Value> {
    item.iter().find(|(name, _)| fold(name) == folded).map(|(_, value)| value)
}

fn number(item: &Value) -> i64 {
    item.get("id").map_or(0, php::integer)
}

/// Adds, changes or removes an item.
fn merge(items: &Items, all: &mut Vec<Value>, given: &Map<String, Value>, (row, last): (i64, &mut i64)) {
    let id = property(given, "id").map_or(0, php::integer);
    let known = all.iter().position(|item| id > 0 && number(item) == id);
    let is_removed = property(given, "del").is_some_and(php::is_true);
    let own = items.item.iter().filter_map(|(name, _)| Some((name, property(given, &fold(name))?)));
    match known.and_then(|at| all.get_mut(at)) {
        Some(_) if is_removed => all.retain(|item| number(item) != id),
        Some(item) => own.for_each(|(name, value)| item[name] = value.clone()),
        None if is_removed || property(given, &fold(&items.value)).is_none_or(php::is_empty) => {}
        None => {
            *last += 1;
            let mut item: Map<String, Value> =
                items.item.iter().map(|(name, default)| (name.clone(), default.clone())).collect();
            item.extend(own.map(|(name, value)| (name.clone(), value.clone())));
            item.insert("id".to_owned(), (*last).into());
            if let Some(owner) = &items.owner {
                item.insert(owner.clone(), row.into());
            }
            all.push(Value::Object(item));
        }
    }
}
