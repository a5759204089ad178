//! A program that calls a portal with an HTTP client of its own; see `tests/own_client.rs`.

use bitrix24_client::{Client, HttpClient, WebhookUrlError};

/// Creates a client that uses the connections of the program.
///
/// # Errors
/// Those of [`Client::webhook`].
pub fn portal(http: reqwest::Client, webhook: &str) -> Result<Client, WebhookUrlError> {
    Client::builder().http_client(HttpClient::from_reqwest_0_13(http)).webhook(webhook)
}
