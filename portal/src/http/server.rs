//! The listener and its connections.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, header};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::body::{self, BodyError};
use super::connection::Connection;
use super::guard::{self, Access};
use super::respond::{self, Body, json, page, page_value, preflight, readable, redirect, respond};
use super::route::Route;
#[cfg(feature = "tls")]
use super::tls::Tls;
use crate::exchange::Params;
use crate::families::find;
use crate::lock::lock;
use crate::page::document;
use crate::php;
use crate::spec::Api;
use crate::state::{Caller, Request as MethodRequest, State};

/// What bounds the work of a server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    /// The largest body of a request, in bytes.
    pub(crate) max_body: usize,
    /// The bytes of all bodies that are read at the same time.
    pub(crate) max_bodies: usize,
    /// The number of open connections. Further ones wait.
    pub(crate) max_connections: usize,
    /// How long the head and the body of a request may take.
    pub(crate) read_timeout: Duration,
}

/// Everything that connections share.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) state: Arc<Mutex<State>>,
    pub(crate) settings: Settings,
    /// The names of hosts, beside those that no one can register, to which and from which browsers may send requests.
    pub(crate) allowed_hosts: Vec<String>,
    /// Kibibytes of bodies that may still be read.
    bodies: Semaphore,
    /// The certificate. `None`: connections are not encrypted.
    #[cfg(feature = "tls")]
    pub(crate) tls: Option<Tls>,
}

/// The largest head of a request, in bytes. Methods may be called with a long query.
const MAX_HEAD: usize = 64 << 10;

/// The bytes of one permit of `bodies`.
const PERMIT: usize = 1024;

/// How many connections the system may accept before the server does. With the usual 128, those of a caller that opens thousands
/// wait for a second each.
const BACKLOG: u32 = 4096;

/// Listens on an address.
///
/// # Errors
/// The address cannot be listened on.
pub(crate) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // On other systems it would let two programs listen on one address.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

impl Server {
    pub(crate) fn new(state: Arc<Mutex<State>>, settings: Settings) -> Self {
        let permits = (settings.max_bodies / PERMIT).clamp(1, Semaphore::MAX_PERMITS);
        Self {
            state,
            settings,
            allowed_hosts: Vec::new(),
            bodies: Semaphore::new(permits),
            #[cfg(feature = "tls")]
            tls: None,
        }
    }

    /// The scheme of the portal's addresses.
    pub(crate) fn scheme(&self) -> &'static str {
        #[cfg(feature = "tls")]
        if self.tls.is_some() {
            return "https";
        }
        "http"
    }

    /// Accepts connections until the task is aborted, which ends all of them.
    pub(crate) async fn run(self: Arc<Self>, listener: TcpListener) {
        let slots = Arc::new(Semaphore::new(self.settings.max_connections.clamp(1, Semaphore::MAX_PERMITS)));
        let mut connections = JoinSet::new();
        loop {
            let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return };
            match listener.accept().await {
                Ok((stream, peer)) => {
                    let server = Arc::clone(&self);
                    connections.spawn(async move {
                        server.serve(stream, peer).await;
                        drop(slot);
                    });
                }
                // The process has no more files: others must close first.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
            while connections.try_join_next().is_some() {}
        }
    }

    async fn serve(self: Arc<Self>, stream: TcpStream, peer: SocketAddr) {
        let stream = Connection::new(stream);
        let is_reset = stream.is_reset();
        #[cfg(feature = "tls")]
        if let Some(tls) = &self.tls {
            // A caller that trusts another certificate ends the connection.
            let Ok(stream) = tls.accept(stream, self.settings.read_timeout).await else { return };
            return self.serve_http(stream, is_reset, peer).await;
        }
        self.serve_http(stream, is_reset, peer).await;
    }

    async fn serve_http(
        self: Arc<Self>,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        is_reset: Arc<AtomicBool>,
        peer: SocketAddr,
    ) {
        let timeout = self.settings.read_timeout;
        let service = service_fn(move |request| {
            let (server, is_reset) = (Arc::clone(&self), Arc::clone(&is_reset));
            async move {
                let answer = server.answer(request, peer).await;
                if answer.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::ConnectionReset) {
                    is_reset.store(true, Ordering::Relaxed);
                }
                answer
            }
        });
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(timeout).max_header_size(MAX_HEAD);
        // A connection that fails concerns only its caller.
        let _ = builder.serve_connection(TokioIo::new(stream), service).await;
    }

    /// The response, or a refusal if the request is of a page that may not send it.
    async fn answer(&self, request: Request<Incoming>, peer: SocketAddr) -> io::Result<Response<Body>> {
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
        let header = |name: header::HeaderName| head.headers.get(name).and_then(|value| value.to_str().ok());
        let content_type = header(header::CONTENT_TYPE).unwrap_or_default();
        let mut params = php::read_query(head.uri.query().unwrap_or_default().as_bytes());
        if matches!(route, Route::Download | Route::Upload) {
            let token = find(&params, "token").map(php::text).unwrap_or_default();
            return if matches!(route, Route::Upload) {
                self.upload(content_type, body, &token).await
            } else {
                Ok(self.download(&token))
            };
        }
        let mut bytes = head.uri.query().map_or(0, str::len);
        if head.method != Method::GET && head.method != Method::HEAD {
            match self.read(content_type, body).await {
                Ok((sent, size)) => {
                    params.extend(sent);
                    bytes += size;
                }
                Err(error) => return unread(error),
            }
        }
        match route {
            Route::Download | Route::Upload | Route::Unknown | Route::Control(_) => Ok(not_found()),
            Route::Page(parts) if parts.is_empty() => Ok(page(document())),
            Route::Page(parts) => {
                let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
                let (query, writes) = (head.uri.query().unwrap_or_default(), head.method == Method::POST);
                let (value, saving) = {
                    let mut state = lock(&self.state);
                    (crate::page::value(&mut state, &parts, query, writes), state.save())
                };
                Ok(match (value, saving.wait().await) {
                    (Ok(Some(value)), Ok(())) => page_value(&value),
                    (Ok(None), Ok(())) => refusal(404, "There is no such page"),
                    (Err(error), _) => not_saved(&error.to_string()),
                    (_, Err(message)) => not_saved(&message),
                })
            }
            Route::Tokens => {
                let host = header(header::HOST).unwrap_or_default();
                let (reply, saving) = {
                    let mut state = lock(&self.state);
                    (state.grant(&params, &format!("{}://{host}", self.scheme())), state.save())
                };
                match saving.wait().await {
                    Ok(()) => respond(reply).await,
                    Err(message) => Ok(not_saved(&message)),
                }
            }
            Route::Method { api, name, webhook } => {
                let caller = webhook.unwrap_or_else(|| caller(header(header::AUTHORIZATION), &params));
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

    /// Reads the parameters of a body.
    async fn read(&self, content_type: &str, body: Incoming) -> Result<(Params, usize), BodyError> {
        self.read_whole(body, |body| body::params(content_type, body)).await
    }

    /// Reads a body within the limits of time and size.
    async fn read_whole<T, F: Future<Output = Result<T, BodyError>>>(
        &self,
        body: Incoming,
        parse: impl FnOnce(Bytes) -> F,
    ) -> Result<(T, usize), BodyError> {
        let limit = self.settings.max_body;
        let announced = hyper::body::Body::size_hint(&body).upper().unwrap_or(limit as u64);
        if announced > limit as u64 {
            return Err(BodyError::TooLarge);
        }
        let all = (self.settings.max_bodies / PERMIT).clamp(1, Semaphore::MAX_PERMITS);
        let permits = (announced as usize / PERMIT + 1).min(all);
        let permits = u32::try_from(permits).unwrap_or(u32::MAX);
        let read = async {
            let _permits = self.bodies.acquire_many(permits).await.map_err(|_| BodyError::Ended)?;
            let body = body::read(body, limit).await?;
            let size = body.len();
            Ok((parse(body).await?, size))
        };
        tokio::time::timeout(self.settings.read_timeout, read).await.unwrap_or(Err(BodyError::Ended))
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
