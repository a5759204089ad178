//! The response to a request, by its route.

use std::io;
use std::net::SocketAddr;

use hyper::body::Incoming;
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, header};

use super::body::{self, BodyError};
use super::guard::{self, Access};
use super::respond::{self, Body, json, page, page_value, preflight, readable, redirect, respond};
use super::route::Route;
use super::server::Server;
use crate::exchange::Params;
use crate::families::find;
use crate::lock::lock;
use crate::page::document;
use crate::php;
use crate::spec::Api;
use crate::state::{Caller, Request as MethodRequest};

/// A request whose body was read.
struct Received {
    head: Parts,
    params: Params,
    /// Those of the query and the body.
    bytes: usize,
    peer: SocketAddr,
}

impl Received {
    fn header(&self, name: header::HeaderName) -> Option<&str> {
        text(&self.head, name)
    }
}

fn text(head: &Parts, name: header::HeaderName) -> Option<&str> {
    head.headers.get(name).and_then(|value| value.to_str().ok())
}

impl Server {
    /// The response, or a refusal if the request is of a page that may not send it.
    pub(super) async fn answer(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
    ) -> io::Result<Response<Body>> {
        let access = Access::of(request.uri().path());
        let reader = match guard::check(request.headers(), access, &self.allowed_hosts) {
            Ok(reader) => reader,
            Err(message) => return Ok(forbidden(&message)),
        };
        let is_question = request.method() == Method::OPTIONS && access == Access::Call;
        let response = if is_question { preflight() } else { self.respond(request, peer).await? };
        Ok(match reader {
            Some(origin) => readable(response, &origin),
            None => response,
        })
    }

    async fn respond(&self, request: Request<Incoming>, peer: SocketAddr) -> io::Result<Response<Body>> {
        let (head, body) = request.into_parts();
        let route = Route::of(head.uri.path());
        if let Route::Control(path) = &route {
            return Ok(self.control(path, &head, body, peer.ip()).await);
        }
        let content_type = text(&head, header::CONTENT_TYPE).unwrap_or_default();
        let query = head.uri.query().unwrap_or_default();
        let (mut params, mut bytes) = (php::read_query(query.as_bytes()), query.len());
        if matches!(route, Route::Download | Route::Upload) {
            let token = find(&params, "token").map(php::text).unwrap_or_default();
            return if matches!(route, Route::Upload) {
                self.upload(content_type, body, &token).await
            } else {
                Ok(self.download(&token))
            };
        }
        if head.method != Method::GET && head.method != Method::HEAD {
            match self.read(content_type, body).await {
                Ok((sent, size)) => {
                    params.extend(sent);
                    bytes += size;
                }
                Err(error) => return unread(error),
            }
        }
        let received = Received { head, params, bytes, peer };
        match route {
            Route::Download | Route::Upload | Route::Unknown | Route::Control(_) => Ok(not_found()),
            Route::Page(parts) if parts.is_empty() => Ok(page(document())),
            Route::Page(parts) => Ok(self.page(&parts, &received).await),
            Route::Tokens => self.tokens(&received).await,
            Route::Method { api, name, webhook } => self.method(api, name, webhook, received).await,
        }
    }

    /// What the page for people asks for.
    async fn page(&self, parts: &[String], received: &Received) -> Response<Body> {
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let query = received.head.uri.query().unwrap_or_default();
        let (value, saving) = {
            let mut state = lock(&self.state);
            let writes = received.head.method == Method::POST;
            (crate::page::value(&mut state, &parts, query, writes), state.save())
        };
        match (value, saving.wait().await) {
            (Ok(Some(value)), Ok(())) => page_value(&value),
            (Ok(None), Ok(())) => refusal(404, "There is no such page"),
            (Err(error), _) => not_saved(&error.to_string()),
            (_, Err(message)) => not_saved(&message),
        }
    }

    /// What the authorization server grants.
    async fn tokens(&self, received: &Received) -> io::Result<Response<Body>> {
        let host = received.header(header::HOST).unwrap_or_default();
        let (reply, saving) = {
            let mut state = lock(&self.state);
            (state.grant(&received.params, &format!("{}://{host}", self.scheme())), state.save())
        };
        match saving.wait().await {
            Ok(()) => respond(reply).await,
            Err(message) => Ok(not_saved(&message)),
        }
    }

    /// The result of a method.
    async fn method(
        &self,
        api: Api,
        name: String,
        webhook: Option<Caller>,
        received: Received,
    ) -> io::Result<Response<Body>> {
        let caller =
            webhook.unwrap_or_else(|| caller(received.header(header::AUTHORIZATION), &received.params));
        let Received { head, mut params, bytes, peer } = received;
        params.retain(|name, _| !name.eq_ignore_ascii_case("auth") && name != "access_token");
        let key = head.headers.get("idempotency-key").and_then(|key| key.to_str().ok());
        let key = key.filter(|_| api == Api::V3).map(str::to_owned);
        let request = MethodRequest { api, method: name, caller, params, bytes, peer, key };
        let (reply, saving) = {
            let mut state = lock(&self.state);
            if let Some(origin) = &state.moved_to {
                let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
                return Ok(redirect(&format!("{origin}{path}")));
            }
            (state.answer(request), state.save())
        };
        match saving.wait().await {
            Ok(()) => respond(reply).await,
            Err(message) => Ok(not_saved(&message)),
        }
    }

    fn download(&self, token: &str) -> Response<Body> {
        let content = lock(&self.state).machine.files.find(token);
        content.map_or_else(not_found, respond::file)
    }

    async fn upload(&self, content_type: &str, body: Incoming, token: &str) -> io::Result<Response<Body>> {
        let sent = self.read_whole(body, |body| body::file(content_type, body)).await;
        let sent = match sent {
            Ok((sent, _)) => sent,
            Err(error) => return unread(error),
        };
        let ((status, body), saving) = {
            let mut state = lock(&self.state);
            (state.upload(token, &sent), state.save())
        };
        Ok(match saving.wait().await {
            Ok(()) => json(status, body.to_string().into()),
            Err(message) => not_saved(&message),
        })
    }
}

/// The response to a body that was not read.
fn unread(error: BodyError) -> io::Result<Response<Body>> {
    match error {
        BodyError::TooLarge => Ok(refusal(413, "The body is too large")),
        BodyError::Malformed(message) => Ok(refusal(400, &message)),
        BodyError::Ended => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// The caller of a path without a secret.
fn caller(authorization: Option<&str>, params: &Params) -> Caller {
    let bearer = authorization.and_then(|value| value.split_once(' '));
    let bearer = bearer
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim().to_owned());
    let sent = || find(params, "auth").or_else(|| params.get("access_token")).map(php::text);
    match bearer.or_else(sent).filter(|token| !token.is_empty()) {
        Some(token) => Caller::Application(token),
        None => Caller::Anonymous,
    }
}

fn refusal(status: u16, message: &str) -> Response<Body> {
    json(status, crate::fault::error_body("INVALID_REQUEST", message).to_string().into())
}

fn forbidden(message: &str) -> Response<Body> {
    json(403, crate::fault::error_body("ACCESS_DENIED", message).to_string().into())
}

/// What was done is not in the file yet, so that it is not acknowledged.
fn not_saved(message: &str) -> Response<Body> {
    json(500, crate::fault::error_body("INTERNAL_SERVER_ERROR", message).to_string().into())
}

fn not_found() -> Response<Body> {
    let refusal = crate::check::Refusal::new(404, "ERROR_METHOD_NOT_FOUND", "Method not found!");
    json(404, refusal.body(Api::V2).to_string().into())
}
