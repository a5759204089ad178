//! I want to write a comment with a file into the timeline of a deal.

use bitrix24::crm::timeline::comment::{self, AddFields};
use bitrix24::{AnyError, Client, File};

const DEAL: i64 = 12;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    run(&Client::webhook(&std::env::var("BITRIX24_WEBHOOK")?)?).await?;
    Ok(())
}

pub(crate) async fn run(portal: &Client) -> Result<i64, AnyError> {
    let offer = File::new("offer.txt", "Forty chairs for 3,200");
    let fields = AddFields::new(DEAL, "deal", "The offer was sent.").files([offer]);
    Ok(portal.call(comment::add(fields)).await?.result)
}
