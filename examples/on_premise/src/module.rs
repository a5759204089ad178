//! The module on the side of the portal: what its methods do, as scripts of `bitrix24-portal`.

use std::sync::{Arc, Mutex, PoisonError};

use bitrix24::{Map, Value, json};
use bitrix24_portal::{Answer, Portal, Refusal};

/// Adds the methods of the module to a portal, with 120 chairs and an order.
pub(crate) fn install(portal: &Portal) {
    let chair =
        |id| json!({"id": id, "title": format!("Chair {id}"), "shelf": "7-3", "amount": id, "state": "FREE"});
    let stock: Arc<Mutex<Vec<Value>>> = Arc::new(Mutex::new((1..=120).map(chair).collect()));
    let all = Arc::clone(&stock);
    portal.respond("warehouse.stock.list", move |call| Ok(call.page(&lock(&all)).within("items")));
    let all = Arc::clone(&stock);
    portal.respond("warehouse.stock.get", move |call| {
        let id = call.param("id").map(|id| id.to_string().replace('"', ""));
        let found = lock(&all).iter().find(|row| Some(row["id"].to_string()) == id).cloned();
        let found = found.ok_or_else(|| Refusal::new(400, "", "Not found"))?;
        Ok(Answer::of(found).within("item"))
    });
    portal.respond("warehouse.stock.add", move |call| {
        let mut rows = lock(&stock);
        let mut row = call.param("fields").cloned().unwrap_or_else(|| json!({}));
        row["id"] = (rows.len() + 1).into();
        rows.push(row.clone());
        Ok(Answer::of(row).within("item"))
    });
    // An order is a deal of the portal.
    let fields = json!({"TITLE": "Forty chairs", "STAGE_ID": "NEW"});
    let deal = portal.call("crm.deal.add", Map::from_iter([("fields".to_owned(), fields)]));
    let deal = Map::from_iter([("id".to_owned(), deal.unwrap_or_default())]);
    portal.respond("warehouse.order.get", move |call| Ok(call.call("crm.deal.get", deal.clone())?.into()));
}

fn lock(rows: &Mutex<Vec<Value>>) -> std::sync::MutexGuard<'_, Vec<Value>> {
    rows.lock().unwrap_or_else(PoisonError::into_inner)
}
