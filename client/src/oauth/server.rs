//! Requests to the authorization server.

use std::sync::Arc;

use bitrix24_core::oauth::{Grant, Tokens, parse_response};
use bitrix24_core::{ErrorKind, Failure};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue, LOCATION};
use reqwest::{Body, Error, Method, Request, Response, Url};

use super::app::App;
use crate::http::HttpClients;
use crate::origin::origin_of;

/// The authorization server of one application.
pub(super) struct Server {
    app: App,
    http: Arc<HttpClients>,
}

impl Server {
    pub(super) fn new(app: App) -> Self {
        let http = app.http();
        Self { app, http }
    }

    pub(super) fn app(&self) -> &App {
        &self.app
    }

    /// Requests a pair of tokens, once.
    pub(super) async fn exchange(
        &self,
        grant: Grant<'_>,
        clock: impl Fn() -> u64,
    ) -> Result<Tokens, Failure> {
        self.post(grant, None, clock).await
    }

    /// Requests the successor of `previous`, once. `refresh_token` is its refresh token.
    pub(super) async fn refresh(
        &self,
        previous: &Tokens,
        refresh_token: &str,
        clock: impl Fn() -> u64,
    ) -> Result<Tokens, Failure> {
        self.post(Grant::Refresh(refresh_token), Some(previous), clock).await
    }

    async fn post(
        &self,
        grant: Grant<'_>,
        previous: Option<&Tokens>,
        clock: impl Fn() -> u64,
    ) -> Result<Tokens, Failure> {
        let url = self.app.token_url();
        let http = self.http.current(&origin_of(&url));
        let http = http.map_err(|reason| Failure::new(ErrorKind::Request, reason))?;
        let result = http.execute(self.request(url.clone(), grant)).await;
        let response = result.map_err(|error| no_response(error, &url))?;
        if *response.url() != url || response.status().is_redirection() {
            return Err(redirected(&response, &url));
        }
        let status = response.status().as_u16();
        let body = read_body(response).await?;
        parse_response(status, &body, clock(), previous)
    }

    fn request(&self, url: Url, grant: Grant<'_>) -> Request {
        let mut request = Request::new(Method::POST, url);
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, form);
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        *request.timeout_mut() = Some(self.app.timeout());
        *request.body_mut() =
            Some(Body::from(grant.form(self.app.client_id(), self.app.client_secret().expose())));
        request
    }
}

/// The largest response that is read, far above any legitimate one.
const MAX_RESPONSE: usize = 1 << 20;

async fn read_body(mut response: Response) -> Result<Vec<u8>, Failure> {
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| incomplete_response(error, status))? {
        if body.len() + chunk.len() > MAX_RESPONSE {
            let text = format!("the response of the authorization server exceeds {MAX_RESPONSE} bytes");
            return Err(Failure::new(ErrorKind::Authorization, text).with_status(status));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// A request without any response.
fn no_response(error: Error, url: &Url) -> Failure {
    let origin = origin_of(url);
    let (kind, text) = if error.is_connect() {
        let text = format!("cannot connect to the authorization server {origin}; nothing was sent");
        (ErrorKind::Connect, text)
    } else if error.is_builder() {
        (ErrorKind::Request, "the HTTP client rejected the token request before sending it".to_owned())
    } else {
        let text = format!(
            "the authorization server {origin} did not respond; if it has issued new tokens, they are lost"
        );
        (ErrorKind::Authorization, text)
    };
    Failure::new(kind, text).with_source(error.without_url())
}

/// A response that started and did not arrive completely.
fn incomplete_response(error: Error, status: u16) -> Failure {
    let text =
        "the response of the authorization server is incomplete; if it has issued new tokens, they are lost";
    Failure::new(ErrorKind::Authorization, text).with_status(status).with_source(error.without_url())
}

/// A redirect, or a response after one. The secret goes to the authorization server only, so a redirect is not followed.
fn redirected(response: &Response, url: &Url) -> Failure {
    let followed = *response.url() != *url;
    let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    let target = location.and_then(|location| url.join(location).ok());
    let text = if followed {
        format!(
            "the HTTP client followed a redirect of the authorization server to {}, with the secret of the application; \
             configure the client with the redirect policy `none`",
            origin_of(response.url())
        )
    } else if let Some(target) = target {
        format!(
            "the authorization server {} redirects to {}; configure the server with its own address",
            origin_of(url),
            origin_of(&target)
        )
    } else {
        "the authorization server sends a redirect without a target".to_owned()
    };
    Failure::new(ErrorKind::Authorization, text).with_status(response.status().as_u16())
}
