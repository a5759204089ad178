//! I want to send a chat message with buttons.

use bitrix24::im::message;
use bitrix24::{AnyError, Client, json};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    run(&Client::webhook(&std::env::var("BITRIX24_WEBHOOK")?)?).await?;
    Ok(())
}

pub(crate) async fn run(portal: &Client) -> Result<i64, AnyError> {
    let buttons = json!([
        {"TEXT": "Approve", "LINK": "https://example.com/approve/12", "BG_COLOR_TOKEN": "primary"},
        {"TEXT": "Reject", "LINK": "https://example.com/reject/12", "BG_COLOR_TOKEN": "alert"},
    ]);
    let request = message::add("chat42").message("An order of forty chairs").keyboard(buttons);
    Ok(portal.call(request).await?.result)
}
