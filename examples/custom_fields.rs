//! I want to add a field of my own to deals, write it, and read it beside the others.

use bitrix24::crm::deal::user_field::{self, AddFields, UserFieldUserTypeId};
use bitrix24::crm::item::{Deal, DealFields, Kind};
use bitrix24::{AnyError, Client, CustomFields};

const DEAL: i64 = 12;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    run(&Client::webhook(&std::env::var("BITRIX24_WEBHOOK")?)?).await?;
    Ok(())
}

pub(crate) async fn run(portal: &Client) -> Result<Option<f64>, AnyError> {
    let area = AddFields::new(UserFieldUserTypeId::Double, "AREA").label("Area in square metres");
    portal.call(user_field::add(area)).await?;

    portal.call(Deal::update(DEAL, &DealFields::new().extra("ufCrmArea", 82.5))).await?;
    let deal = portal.call(Deal::get(DEAL)).await?.result.item;
    Ok(deal.map(|deal| deal.custom("ufCrmArea")).transpose()?.flatten())
}
