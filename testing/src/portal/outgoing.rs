//! What the portal sends to an application: events, installations, pages and robots, as forms of PHP.

use std::fmt;
use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::access::{APPLICATION_TOKEN, Issued, MEMBER_ID};
use crate::php;

/// A request of the portal to a handler of an application, before it is sent; see
/// [`MockPortal::event`](crate::MockPortal::event).
#[derive(Clone, PartialEq)]
pub struct Outgoing {
    query: String,
    fields: Map<String, Value>,
}

/// The response of a handler.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HandlerResponse {
    /// The HTTP status.
    pub status: u16,
    /// The body; bytes that are not UTF-8 are replaced.
    pub body: String,
}

impl Outgoing {
    /// An event with the tokens of the user who caused it.
    pub(super) fn event(name: &str, data: Value, endpoint: &str, tokens: &Issued) -> Self {
        let mut auth = auth(endpoint);
        auth["access_token"] = tokens.access_token.as_str().into();
        auth["expires_in"] = 3600.into();
        auth["scope"] = "crm,task,placement".into();
        auth["user_id"] = 1.into();
        let name = name.to_ascii_uppercase();
        Self::of(json!({"event": name, "event_handler_id": 975, "data": data, "ts": now(), "auth": auth}))
    }

    /// The request of an installation.
    pub(super) fn install(endpoint: &str, tokens: &Issued) -> Self {
        let data = json!({"VERSION": 1, "ACTIVE": "Y", "INSTALLED": "Y", "LANGUAGE_ID": "en"});
        let mut event = Self::event("ONAPPINSTALL", data, endpoint, tokens);
        event.fields["auth"]["refresh_token"] = tokens.refresh_token.as_str().into();
        event
    }

    /// The request of a removal, which has no tokens.
    pub(super) fn uninstall(clean: bool, endpoint: &str) -> Self {
        let data = json!({"LANGUAGE_ID": "en", "CLEAN": clean});
        Self::of(json!({"event": "ONAPPUNINSTALL", "data": data, "ts": now(), "auth": auth(endpoint)}))
    }

    /// A robot that runs for a deal.
    pub(super) fn robot(properties: Value, endpoint: &str, tokens: &Issued) -> Self {
        let mut robot = Self::event("", Value::Null, endpoint, tokens);
        for name in ["event", "event_handler_id", "data"] {
            robot.fields.shift_remove(name);
        }
        let own = json!({
            "workflow_id": "5f1ad0b2", "code": "robot", "event_token": "5f1ad0b2|A1|k3y", "use_subscription": "Y",
            "document_id": ["crm", "CCrmDocumentDeal", "DEAL_7"], "document_type": ["crm", "CCrmDocumentDeal", "DEAL"],
            "properties": properties, "timeout_duration": 0,
        });
        robot.fields.extend(own.as_object().cloned().unwrap_or_default());
        robot
    }

    /// A page of the application that a user opens.
    pub(super) fn page(placement: &str, options: &Value, domain: &str, tokens: &Issued) -> Self {
        let mut page = Self::of(json!({
            "AUTH_ID": tokens.access_token, "AUTH_EXPIRES": 3600, "REFRESH_ID": tokens.refresh_token,
            "member_id": MEMBER_ID, "status": "L", "PLACEMENT": placement,
            // A script writes a missing part as this word.
            "PLACEMENT_OPTIONS": if options.is_null() { "undefined".to_owned() } else { options.to_string() },
        }));
        page.query =
            php::build_query(&json!({"DOMAIN": domain, "PROTOCOL": 0, "LANG": "en", "APP_SID": "c0ffee"}));
        page
    }

    fn of(fields: Value) -> Self {
        let fields = fields.as_object().cloned().unwrap_or_default();
        Self { query: String::new(), fields }
    }

    /// Sets a part of the request, such as `ts` or `auth[application_token]`; `null` removes it.
    ///
    /// # Panics
    /// If the part in front of the bracket is no object.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        let (top, key) = name.split_once('[').unwrap_or((name, ""));
        let fields = match key.trim_end_matches(']') {
            "" => &mut self.fields,
            _ => self.fields[top].as_object_mut().expect("an object"),
        };
        let key = if key.is_empty() { top } else { key.trim_end_matches(']') };
        match value.into() {
            Value::Null => drop(fields.shift_remove(key)),
            value => drop(fields.insert(key.to_owned(), value)),
        }
        self
    }

    /// Removes the tokens: no user caused the event.
    pub fn without_tokens(self) -> Self {
        let names = ["access_token", "refresh_token", "expires_in", "user_id"];
        names.iter().fold(self, |request, name| request.with(&format!("auth[{name}]"), Value::Null))
    }

    /// The query that the portal adds to the address of the handler.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// The body: a form, as PHP writes it.
    pub fn body(&self) -> String {
        php::build_query(&Value::Object(self.fields.clone()))
    }

    /// Sends the request to a handler on this machine, `http://127.0.0.1:…/path`.
    ///
    /// # Errors
    /// If the handler cannot be reached, or its response is not HTTP.
    pub async fn send(&self, handler: &str) -> io::Result<HandlerResponse> {
        let address =
            handler.strip_prefix("http://").ok_or_else(|| io::Error::other("not an http address"))?;
        let (host, path) = address.split_once('/').unwrap_or((address, ""));
        let joint = match (self.query.is_empty(), path.contains('?')) {
            (true, _) => "",
            (false, true) => "&",
            (false, false) => "?",
        };
        let body = self.body();
        let head = format!(
            "POST /{path}{joint}{} HTTP/1.0\r\nHost: {host}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
            self.query,
            body.len(),
        );
        let mut stream = TcpStream::connect(host).await?;
        stream.write_all((head + &body).as_bytes()).await?;
        let mut response = Vec::new();
        stream.read_to_end(&mut response).await?;
        parse(&response)
    }
}

/// Shows the names of the parts only, since the others contain tokens.
impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing")
            .field("fields", &self.fields.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// The part `auth` of a request without tokens.
fn auth(endpoint: &str) -> Value {
    let host = endpoint.trim_start_matches("http://").split('/').next().unwrap_or_default();
    json!({
        "domain": host, "client_endpoint": endpoint, "server_endpoint": endpoint, "status": "L",
        "member_id": MEMBER_ID, "application_token": APPLICATION_TOKEN,
    })
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// A response that ends with its connection.
fn parse(response: &[u8]) -> io::Result<HandlerResponse> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Response::new(&mut headers);
    let parsed = head.parse(response).map_err(io::Error::other)?;
    let (httparse::Status::Complete(length), Some(status)) = (parsed, head.code) else {
        return Err(io::ErrorKind::UnexpectedEof.into());
    };
    Ok(HandlerResponse { status, body: String::from_utf8_lossy(&response[length..]).into_owned() })
}
