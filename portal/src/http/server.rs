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
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::body::{self, BodyError};
use super::connection::Connection;
#[cfg(feature = "tls")]
use super::tls::Tls;
use crate::exchange::Params;
use crate::state::State;

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

    /// Reads the parameters of a body.
    pub(super) async fn read(
        &self,
        content_type: &str,
        body: Incoming,
    ) -> Result<(Params, usize), BodyError> {
        self.read_whole(body, |body| body::params(content_type, body)).await
    }

    /// Reads a body within the limits of time and size.
    pub(super) async fn read_whole<T, F: Future<Output = Result<T, BodyError>>>(
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
