//! Requests that refer to each other, in one call to a small portal in this process.
//!
//! ```text
//! cargo run --example batch
//! ```
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

#[path = "../tests/support/mock_portal.rs"]
mod mock_portal;
#[path = "../tests/support/mock_server.rs"]
mod mock_server;

use bitrix24::crm::item;
use bitrix24::filter::Filter;
use bitrix24::{Batch, Client, ErrorKind, json};
use mock_portal::{MockPortal, Table};

/// The types of deals and of contacts among the entities of a CRM; to the portal here they are one.
const DEALS: i64 = 2;
const CONTACTS: i64 = 3;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let local = MockPortal::start([Table::items("crm.item")]).await;
    let client = Client::webhook(&local.webhook())?;

    // A batch with references stops at the first error: to a portal, a reference to nothing is a text like any other.
    let mut batch = Batch::new().halt_on_error();
    let contact = batch.add(item::add(CONTACTS, json!({"title": "Ann"})));
    let deal = batch.add(item::add(DEALS, json!({"title": "Forty chairs"})));
    batch.set_param(deal, "fields[contactId]", contact.at("item").at("id"));
    let found = batch.add(item::list(DEALS).filter(Filter::new().above("id", 0)));

    let replies = client.run(batch).await;
    println!("{} call, {} requests:", local.calls().len(), replies.iter().count());
    let deal = replies.get(deal)?.result.item.ok_or("the portal shows no deal")?;
    println!("  deal {:?} belongs to contact {:?}", deal.id, deal.contact_id);
    println!("  {:?} rows of both", replies.get(found)?.total);

    // A batch never fails; its requests do, each by itself.
    let mut batch = Batch::new().halt_on_error();
    let missing = batch.add(item::get(DEALS, 404));
    let behind = batch.add(item::get(DEALS, 1));
    let replies = client.run(batch).await;
    if let Err(error) = replies.get(missing) {
        println!("\nthe first of two failed:\n    {error}");
    }
    match replies.get(behind) {
        Err(error) if error.kind() == ErrorKind::NotExecuted => {
            println!("the other was not carried out:\n    {error}")
        }
        other => println!("the other was carried out: {other:?}"),
    }
    Ok(())
}
