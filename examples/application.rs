//! An application from its installation to calls with refreshed tokens, against a portal in this process that is also the
//! authorization server.
//!
//! ```text
//! cargo run --example application
//! ```
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::time::{SystemTime, UNIX_EPOCH};

use bitrix24::oauth::{EventRequest, IncomingRequest};
use bitrix24::{App, Client, FileStore, StoreError, TokenStore, crm::item};
use bitrix24_portal::Portal;

#[tokio::main]
async fn main() -> Result<(), StoreError> {
    let local = Portal::builder().rows("crm.deal", 3).start().await?;
    let folder = tempfile::tempdir()?;
    let store = FileStore::new(folder.path().join("shop.json"));

    let application_token = install(&event(&local), &store).await?;
    println!("Installed; the tokens are in {}.", store.path().display());
    let later = event(&local);
    let later = EventRequest::parse(&IncomingRequest::new(later.as_bytes()), now())?;
    println!(
        "A later event has the right application token: {}.",
        later.verify_application_token(&application_token)
    );

    let (id, secret) = local.client_credentials();
    let app = App::new(id, secret).with_server(&local.origin())?;
    let client = Client::application(app, store.clone());
    let deals = client.rows(item::list(2)).collect_all().await?;
    println!("The application sees {} deals.", deals.len());

    // An hour later the token has expired. A hundred concurrent calls would cause only one refresh too.
    local.expire_tokens();
    let deals = client.rows(item::list(2)).collect_all().await?;
    let refreshes = local.token_requests().granted;
    println!("It sees {} deals after {refreshes} refresh, without another login.", deals.len());
    Ok(())
}

/// The handler of the installation: saves the tokens, and returns the application token that verifies later events.
///
/// Anyone can send such a request. The tokens are genuine once the authorization server has accepted them, at the first refresh;
/// until then do not trust the request.
async fn install(body: &str, store: &FileStore) -> Result<String, StoreError> {
    let request = EventRequest::parse(&IncomingRequest::new(body.as_bytes()), now())?;
    if !request.is_install() {
        return Err("this is not an installation".into());
    }
    store.save(request.tokens().ok_or("the installation has no tokens")?).await?;
    Ok(request.application_token().ok_or("the installation has no application token")?.to_owned())
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// The request that the portal sends to the handler.
fn event(local: &Portal) -> String {
    let pair = local.issue_tokens();
    [
        "event=ONAPPINSTALL&auth[expires_in]=3600&auth[application_token]=51a2".to_owned(),
        format!("&auth[client_endpoint]={}", local.client_endpoint()),
        format!("&auth[access_token]={}&auth[refresh_token]={}", pair.access_token, pair.refresh_token),
    ]
    .concat()
}
