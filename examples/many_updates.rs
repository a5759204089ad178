//! I want to change 120 deals: three requests instead of 120, and each deal has an outcome of its own.

use bitrix24::crm::item::{Deal, DealFields, Kind};
use bitrix24::{AnyError, Client, Executed};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    run(&Client::webhook(&std::env::var("BITRIX24_WEBHOOK")?)?).await?;
    Ok(())
}

pub(crate) async fn run(portal: &Client) -> Result<Vec<i64>, AnyError> {
    let updates = (1..=120).map(|deal| (deal, Deal::update(deal, &DealFields::new().stage_id("WON"))));
    let (mut outcomes, mut unchanged) = (portal.bulk(updates), Vec::new());
    while let Some((deal, outcome)) = outcomes.next().await {
        match outcome {
            Ok(_) => {}
            Err(error) if error.executed() == Executed::No || error.is_access_denied() => {
                unchanged.push(deal)
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(unchanged)
}
