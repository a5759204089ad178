//! Asking the authorisation server.

use bitrix24_core::oauth::{Grant, Tokens, read_answer};
use bitrix24_core::{Failure, Kind};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue, LOCATION};
use reqwest::{Body, Error, Method, Request, Response, Url};

use super::app::App;
use crate::address::origin_of;

/// The authorisation server, as one application asks it.
pub(super) struct Server {
    app: App,
    http: Result<reqwest::Client, Box<str>>,
}

impl Server {
    pub(super) fn new(app: App) -> Self {
        let http = app.http();
        Self { app, http }
    }

    pub(super) fn app(&self) -> &App {
        &self.app
    }

    /// Asks for a pair of tokens, once.
    pub(super) async fn ask(&self, grant: Grant<'_>, clock: impl Fn() -> u64) -> Result<Tokens, Failure> {
        self.post(grant, None, clock).await
    }

    /// Asks for the pair after `previous`, once. `refresh` is its refresh token.
    pub(super) async fn renew(
        &self,
        previous: &Tokens,
        refresh: &str,
        clock: impl Fn() -> u64,
    ) -> Result<Tokens, Failure> {
        self.post(Grant::Refresh(refresh), Some(previous), clock).await
    }

    async fn post(
        &self,
        grant: Grant<'_>,
        previous: Option<&Tokens>,
        clock: impl Fn() -> u64,
    ) -> Result<Tokens, Failure> {
        let http = self.http.as_ref().map_err(|reason| Failure::new(Kind::Request, reason.clone()))?;
        let address = self.app.token_address();
        let sent = http.execute(self.request(address.clone(), grant)).await;
        let response = sent.map_err(|error| without_answer(error, &address))?;
        if *response.url() != address || response.status().is_redirection() {
            return Err(elsewhere(&response, &address));
        }
        let status = response.status().as_u16();
        let body = response.bytes().await.map_err(|error| broken_answer(error, status))?;
        read_answer(status, &body, clock(), previous)
    }

    fn request(&self, address: Url, grant: Grant<'_>) -> Request {
        let mut request = Request::new(Method::POST, address);
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, form);
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        *request.timeout_mut() = Some(self.app.timeout());
        *request.body_mut() =
            Some(Body::from(grant.form(self.app.client_id(), self.app.client_secret().expose())));
        request
    }
}

/// A request for which no answer has begun to come.
fn without_answer(error: Error, address: &Url) -> Failure {
    let origin = origin_of(address);
    let (kind, text) = if error.is_connect() {
        (
            Kind::Connect,
            format!("there is no connection to the authorisation server {origin}, and nothing was sent"),
        )
    } else if error.is_builder() {
        (Kind::Request, "the HTTP client refused the request for tokens before sending it".to_owned())
    } else {
        let text = format!(
            "the authorisation server {origin} gave no answer; if it has given out new tokens, they are lost"
        );
        (Kind::Authorisation, text)
    };
    Failure::new(kind, text).with_source(error.without_url())
}

/// An answer that has begun and does not end as it should.
fn broken_answer(error: Error, status: u16) -> Failure {
    let text =
        "the answer of the authorisation server breaks off; if it has given out new tokens, they are lost";
    Failure::new(Kind::Authorisation, text).with_status(status).with_source(error.without_url())
}

/// An answer from another address, or one that leads there. Nobody but the authorisation server is shown the secret, so it is
/// not asked again elsewhere.
fn elsewhere(response: &Response, address: &Url) -> Failure {
    let followed = *response.url() != *address;
    let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    let there = location.and_then(|location| address.join(location).ok());
    let text = if followed {
        format!(
            "the HTTP client followed a redirect of the authorisation server to {}, with the secret of the application \
             in hand; give it a redirect policy of none",
            origin_of(response.url())
        )
    } else if let Some(there) = there {
        format!(
            "the authorisation server {} sends the caller to {}; name the server by its own address",
            origin_of(address),
            origin_of(&there)
        )
    } else {
        "the authorisation server sends the caller elsewhere and does not say where".to_owned()
    };
    Failure::new(Kind::Authorisation, text).with_status(response.status().as_u16())
}
