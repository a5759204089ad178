//! I want to receive an event in axum, and read the deal that it is about with the tokens that it brings.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use bitrix24::crm::item::{Deal, Kind};
use bitrix24::oauth::{EventRequest, IncomingRequest};
use bitrix24::{App, Client, MemoryStore};

#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) app: App,
    /// The token that the portal sent at the installation; it proves where an event comes from.
    pub(crate) application_token: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::new(std::env::var("CLIENT_ID")?, std::env::var("CLIENT_SECRET")?);
    let settings = Settings { app, application_token: std::env::var("APPLICATION_TOKEN")? };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    Ok(axum::serve(listener, routes(settings)).await?)
}

pub(crate) fn routes(settings: Settings) -> axum::Router {
    axum::Router::new().route("/event", post(on_event)).with_state(settings)
}

async fn on_event(State(settings): State<Settings>, body: Bytes) -> Result<String, StatusCode> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let event =
        EventRequest::parse(&IncomingRequest::new(&body), now).map_err(|_| StatusCode::BAD_REQUEST)?;
    if !event.verify_application_token(&settings.application_token) {
        return Err(StatusCode::FORBIDDEN);
    }
    let tokens = event.tokens().cloned().ok_or(StatusCode::BAD_REQUEST)?;
    let id = event.data()["FIELDS"]["ID"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .ok_or(StatusCode::BAD_REQUEST)?;
    let portal = Client::application(settings.app, MemoryStore::new(tokens));
    let deal = portal.call(Deal::get(id)).await.map_err(|_| StatusCode::BAD_GATEWAY)?.result.item;
    Ok(deal.and_then(|deal| deal.title).unwrap_or_default())
}
