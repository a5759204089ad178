//! A filtered list as a table: 1,200 deals by ascending identifier, from a mock portal in this process.
//!
//! ```text
//! cargo run --example export
//! ```
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::io::Write;

use bitrix24::crm::item;
use bitrix24::filter::Filter;
use bitrix24::{Client, json};
use bitrix24_testing::{MockPortal, Table};

/// The entity type of deals in a CRM.
const DEALS: i64 = 2;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let deal = |id| json!({"title": format!("Deal {id}"), "opportunity": id % 700 * 10});
    let local = MockPortal::start([Table::items("crm.item").with(1..=1200, deal)]).await;
    let client = Client::webhook(&local.webhook())?;

    // The documentation of the method lists its conditions; the rows are typed.
    let large = Filter::new().at_least("opportunity", 100);
    let request = item::list(DEALS).select(["id", "title", "opportunity"]).filter(large);

    let mut table = Vec::new();
    let mut rows = client
        .rows(request)
        .by_id()
        .on_progress(|progress| println!("{} rows after {} requests", progress.rows, progress.requests));
    let mut last = None;
    while let Some(row) = rows.next().await {
        match row {
            Ok(deal) => {
                let (id, title) = (deal.id.unwrap_or_default(), deal.title.unwrap_or_default());
                writeln!(table, "{id};{title};{}", deal.opportunity.unwrap_or_default())?;
                last = Some(id);
            }
            // Rows are in order, so an export can continue after the last one: `.above("id", last)`.
            Err(error) => return Err(format!("interrupted after {last:?}: {error}").into()),
        }
    }

    let table = String::from_utf8(table)?;
    println!("\n{} lines, the last one: {:?}", table.lines().count(), table.lines().last());
    Ok(())
}
