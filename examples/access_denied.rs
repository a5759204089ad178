//! I want to distinguish "no access" and "no such deal" from other errors, in every form that a portal sends.

use bitrix24::crm::item::{Deal, Kind};
use bitrix24::{AnyError, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    title(&Client::webhook(&std::env::var("BITRIX24_WEBHOOK")?)?, 12).await?;
    Ok(())
}

pub(crate) async fn title(portal: &Client, deal: i64) -> Result<String, AnyError> {
    match portal.call(Deal::get(deal)).await {
        Ok(found) => Ok(found.result.item.and_then(|deal| deal.title).unwrap_or_default()),
        Err(error) if error.is_access_denied() => Ok("(hidden)".to_owned()),
        Err(error) if error.is_not_found() => Ok("(deleted)".to_owned()),
        Err(error) => Err(error.into()),
    }
}
