//! Methods of a module that exists on one portal only, against a portal in this process.
//!
//! ```text
//! cargo run --manifest-path examples/on_premise/Cargo.toml
//! ```
//!
//! `build.rs` generates the methods from `spec/`. Calls, lists, batches and errors are those of `bitrix24`.
#![deny(warnings, missing_docs, unreachable_pub, rust_2018_idioms, clippy::all, clippy::pedantic)]
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

mod module;
mod shelf;

bitrix24::include_methods!();

use bitrix24::{Batch, Client};
use bitrix24_portal::{Fault, Portal};
use shelf::Shelf;
use warehouse::order;
use warehouse::stock::{self, AddError, AddFields, StockState};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let portal = Portal::start().await?;
    module::install(&portal);
    let client = Client::webhook(&portal.webhook())?;

    // Required parameters are arguments. A field of a type that is written by hand is that type.
    let top = Shelf { aisle: 7, level: 4 };
    let added = client.call(stock::add(AddFields::new("Stool", top).amount(40.0))).await?;
    let stool = added.result.item.ok_or("the response has no item")?;
    println!("warehouse.stock.add   {:?} on {:?}", stool.title, stool.shelf);

    // The errors of a method are an enumeration.
    portal.fail("warehouse.stock.add", Fault::error(400, "SHELF_FULL", "There is no room"), 1);
    match client.call(stock::add(AddFields::new("Table", top))).await {
        Err(error) if error.is(AddError::ShelfFull) => println!("warehouse.stock.add   failed: {error}"),
        other => println!("warehouse.stock.add   {other:?}"),
    }

    // A list has rows, and is read by ascending identifier.
    let mut rows = client.rows(stock::list()).by_id();
    let (mut count, mut free) = (0, 0);
    while let Some(row) = rows.next().await {
        count += 1;
        free += i32::from(row?.state == Some(StockState::Free));
    }
    println!("warehouse.stock.list  {count} rows, {free} free");

    // A batch with a method of the module and one of `bitrix24`. The first returns a deal of `bitrix24`.
    let mut batch = Batch::new();
    let order = batch.add(order::get(12));
    let item = batch.add(stock::get(7));
    let responses = client.run(batch).await;
    let deal: &bitrix24::crm::deal::Deal = &responses.get(order)?.result;
    println!("warehouse.order.get   {:?} in stage {:?}", deal.title, deal.stage_id);
    println!("warehouse.stock.get   {:?}", responses.get(item)?.result.item.and_then(|item| item.amount));
    println!("{} requests in all", portal.calls().len());
    Ok(())
}
