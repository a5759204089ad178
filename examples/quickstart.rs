//! Calls and errors, against a mock portal in this process; it needs only the toolchain.
//!
//! ```text
//! cargo run --example quickstart
//! ```
//!
//! For your own portal, use the URL of an inbound webhook with the scope `imopenlines`.
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use bitrix24::im_open_lines::bot::session as bot;
use bitrix24::im_open_lines::session::{self, head};
use bitrix24::{Client, json, raw};
use bitrix24_testing::{Call, MockResponse, MockServer};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let local = MockServer::start(respond).await;
    let client = Client::webhook(&local.webhook())?;
    println!("A portal listens at {}; the client is {client:?}.\n", local.address());

    // A method's path in the documentation is its path in Rust. Required parameters are arguments.
    let started = client.call(session::start(2043)).await?;
    println!("imopenlines.session.start         returned {}", started.result);

    // Optional parameters are setters; a request is a plain value.
    let vote = head::vote(1743).rating(5).comment("Quick and kind");
    let voted = client.call(vote.clone()).await?;
    println!("imopenlines.session.head.vote     returned {} after {:?} s", voted.result, voted.time.duration);

    // Each method has its own error enum, and an error has a complete message.
    match client.call(bot::finish(0)).await {
        Ok(finished) => println!("imopenlines.bot.session.finish    returned {}", finished.result),
        Err(error) if error.is(bot::FinishError::ChatIdEmpty) => {
            println!("imopenlines.bot.session.finish    failed as FinishError::ChatIdEmpty:\n    {error}");
        }
        Err(error) => return Err(error.into()),
    }

    // System errors, which any method can return, have their own enum.
    let refused = client.call(raw("some.method.of.tomorrow", json!({"ID": 7}))).await;
    if let Err(error) = refused {
        println!("some.method.of.tomorrow           failed as {:?}:\n    {error}", error.system_error());
    }
    Ok(())
}

/// The methods of the mock portal.
fn respond(call: &Call) -> MockResponse {
    match call.method.as_str() {
        "imopenlines.session.start" | "imopenlines.session.head.vote" => MockResponse::result(json!(true)),
        "imopenlines.bot.session.finish" if call.params["CHAT_ID"] == 0 => {
            MockResponse::error(400, "CHAT_ID_EMPTY", "There is no chat without a number")
        }
        "imopenlines.bot.session.finish" => MockResponse::result(json!(true)),
        _ => MockResponse::error(403, "insufficient_scope", "The webhook lacks the scope"),
    }
}
