//! The pages of a list whose rows a script has.

use serde_json::Value;

use super::ScriptedCall;
use crate::exchange::Answer;
use crate::families::fold;
use crate::php;
use crate::store::{Filter, Order, View};

impl ScriptedCall<'_> {
    /// The page of these rows that the parameters `filter`, `order`, `select` and `start` ask for, as lists of portals have it: with
    /// `total` and `next`; if `start` is -1, `total` is 0. Conditions on fields that a row does not have are ignored. Identifiers (`ID`, `id`)
    /// are always selected.
    ///
    /// ```
    /// # use bitrix24_core::json;
    /// # use bitrix24_portal::Portal;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let portal = Portal::start().await?;
    /// let animals: Vec<_> = (1..=120).map(|id| json!({"id": id, "name": format!("Zebra {id}")})).collect();
    /// portal.respond("zoo.animal.list", move |call| Ok(call.page(&animals)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn page(&self, rows: &[Value]) -> Answer {
        let filter = match self.param("filter") {
            Some(Value::Object(conditions)) => Some(Filter::of_object(conditions)),
            Some(Value::Array(conditions)) => Filter::of_list(conditions),
            _ => None,
        };
        let meets =
            |row: &&Value| filter.as_ref().is_none_or(|filter| filter.meets(&|name| field(row, name)));
        let mut found: Vec<&Value> = rows.iter().filter(meets).collect();
        if let Some(order) = Order::of(self.param("order")) {
            found.sort_by(|one, other| order.compare(&|name| field(one, name), &|name| field(other, name)));
        }
        let start = self.param("start").map_or(0, php::integer);
        let first = usize::try_from(start).unwrap_or_default() / self.page_rows * self.page_rows;
        let page = found.iter().skip(first).take(self.page_rows).map(|row| self.selected(row));
        let is_counted = start >= 0;
        let total = Some(if is_counted { found.len() } else { 0 });
        let next = Some(first + self.page_rows).filter(|next| is_counted && *next < found.len());
        Answer { total, next, ..Answer::of(page.collect()) }
    }

    /// The selected fields of a row.
    fn selected(&self, row: &Value) -> Value {
        let (Value::Object(fields), Some(Value::Array(names))) = (row, self.param("select")) else {
            return row.clone();
        };
        let names: Vec<String> = names.iter().map(php::text).collect();
        if names.is_empty() || names.iter().any(|name| name == "*") {
            return row.clone();
        }
        let is_selected = |name: &String| {
            name.eq_ignore_ascii_case("id") || names.iter().any(|wanted| fold(wanted) == fold(name))
        };
        let selected = fields.iter().filter(|(name, _)| is_selected(name));
        Value::Object(selected.map(|(name, value)| (name.clone(), value.clone())).collect())
    }
}

/// The value of a field by its folded name.
fn field<'r>(row: &'r Value, folded: &str) -> Option<View<'r>> {
    let fields = row.as_object()?;
    fields.iter().find(|(name, _)| fold(name) == folded).map(|(_, value)| View::of(value))
}
