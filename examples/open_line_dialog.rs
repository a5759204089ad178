//! I want to answer a customer in an open line, read what was said, and close the dialog.

use bitrix24::im::message;
use bitrix24::im_open_lines::operator;
use bitrix24::im_open_lines::session::history;
use bitrix24::{AnyError, Client};

const CHAT: i64 = 2043;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    run(&Client::webhook(&std::env::var("BITRIX24_WEBHOOK")?)?).await?;
    Ok(())
}

pub(crate) async fn run(portal: &Client) -> Result<Vec<String>, AnyError> {
    portal.call(operator::answer(CHAT)).await?;
    portal.call(message::add(format!("chat{CHAT}")).message("Your chairs are on their way.")).await?;
    let history = portal.call(history::get().chat_id(CHAT)).await?.result;
    portal.call(operator::finish(CHAT)).await?;
    let messages = history.message.unwrap_or_default().into_values();
    Ok(messages.filter_map(|message| message.text).collect())
}
