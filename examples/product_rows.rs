//! I want to set the products of a deal.

use bitrix24::crm::item::product_row::{self, ProductRowSharedProductRow as Row};
use bitrix24::{AnyError, Client};

const DEAL: i64 = 12;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    run(&Client::webhook(&std::env::var("BITRIX24_WEBHOOK")?)?).await?;
    Ok(())
}

pub(crate) async fn run(portal: &Client) -> Result<(), AnyError> {
    let rows = [
        Row::new().product_id(31).price(80.0).quantity(40.0),
        Row::new().product_name("Delivery").price(120.0).quantity(1.0).tax_rate(20.0).tax_included(true),
    ];
    portal.call(product_row::set(DEAL, "D", rows)).await?;
    Ok(())
}
