//! Requests that refer to each other, in one call to a portal in this process.
//!
//! ```text
//! cargo run --example batch
//! ```
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use bitrix24::crm::item;
use bitrix24::filter::Filter;
use bitrix24::{Batch, Client, ErrorKind, json};
use bitrix24_portal::Portal;

/// The entity types of deals and contacts in a CRM.
const DEALS: i64 = 2;
const CONTACTS: i64 = 3;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let local = Portal::start().await?;
    let client = Client::webhook(&local.webhook())?;

    // A batch with references must halt on errors: a portal sends an unresolved reference as text.
    let mut batch = Batch::new().halt_on_error();
    let contact = batch.add(item::add(CONTACTS, json!({"name": "Ann"})));
    let deal = batch.add(item::add(DEALS, json!({"title": "Forty chairs"})));
    batch.set_param(deal, "fields[contactId]", contact.at("item").at("id"));
    let found = batch.add(item::list(DEALS).filter(Filter::new().above("id", 0)));

    let responses = client.run(batch).await;
    println!("{} call, {} requests:", local.calls().len(), responses.iter().count());
    let deal = responses.get(deal)?.result.item.ok_or("the response has no deal")?;
    println!("  deal {:?} belongs to contact {:?}", deal.id, deal.contact_id);
    println!("  {:?} rows in total", responses.get(found)?.total);

    // A batch does not fail as a whole; each request has its own response or error.
    let mut batch = Batch::new().halt_on_error();
    let missing = batch.add(item::get(DEALS, 404));
    let skipped = batch.add(item::get(DEALS, 1));
    let responses = client.run(batch).await;
    if let Err(error) = responses.get(missing) {
        println!("\nthe first request failed:\n    {error}");
    }
    match responses.get(skipped) {
        Err(error) if error.kind() == ErrorKind::NotExecuted => {
            println!("the second was not executed:\n    {error}")
        }
        other => println!("the second was executed: {other:?}"),
    }
    Ok(())
}
