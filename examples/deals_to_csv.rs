//! I want to export deals to CSV. A list of any length is read by identifier, fifty pages in a request.

use std::io::Write;

use bitrix24::crm::item::{Deal, Kind};
use bitrix24::{AnyError, Client, Method};

/// The columns, read from what the portal writes: numbers in quotes, empty texts.
#[derive(serde::Deserialize)]
struct Row {
    id: u32,
    title: String,
    opportunity: Option<f64>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let csv = run(&Client::webhook(&std::env::var("BITRIX24_WEBHOOK")?)?).await?;
    std::io::stdout().write_all(&csv)?;
    Ok(())
}

pub(crate) async fn run(portal: &Client) -> Result<Vec<u8>, AnyError> {
    let mut csv = b"id;title;amount\n".to_vec();
    let deals = Deal::list().with(|list| list.select(["id", "title", "opportunity"]));
    let mut rows = portal.rows(deals.of::<Row>()).by_id();
    while let Some(Row { id, title, opportunity }) = rows.next().await.transpose()? {
        csv.extend(format!("{id};{title};{}\n", opportunity.unwrap_or_default()).bytes());
    }
    Ok(csv)
}
