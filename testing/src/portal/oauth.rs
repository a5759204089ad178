//! The authorization server.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

use crate::server::{Call, MockResponse};

use super::access::{CLIENT_ID, CLIENT_SECRET, MEMBER_ID, Tokens};

/// The response to a token request.
pub(super) fn respond(tokens: &mut Tokens, call: &Call) -> MockResponse {
    let field = |name: &str| call.field(name).unwrap_or_default();
    let error = |code: &str, text: &str| MockResponse::error(400, code, text);
    if field("client_id") != CLIENT_ID || field("client_secret") != CLIENT_SECRET {
        return error("invalid_client", "Client not found");
    }
    match field("grant_type").as_str() {
        "authorization_code" if tokens.take_code(&field("code")) => {}
        "refresh_token" if tokens.take_refresh(&field("refresh_token")) => tokens.refreshes += 1,
        "authorization_code" | "refresh_token" => return error("invalid_grant", "Invalid grant"),
        _ => return error("invalid_request", "Invalid request"),
    }
    pair(tokens, call)
}

/// A new pair of tokens.
fn pair(tokens: &mut Tokens, call: &Call) -> MockResponse {
    let issued = tokens.issue();
    let here = format!("http://{}/rest/", call.header("host").unwrap_or_default());
    let lifetime = tokens.lifetime.as_secs();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let respond = json!({
        "access_token": issued.access_token,
        "refresh_token": issued.refresh_token,
        "client_endpoint": here,
        "server_endpoint": here,
        "domain": "oauth.example",
        "expires": now + lifetime,
        "expires_in": lifetime,
        "member_id": MEMBER_ID,
        "scope": "crm,task",
        "status": "L",
        "user_id": 1,
    });
    MockResponse::json(200, &respond)
}
