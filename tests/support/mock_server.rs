//! A scripted portal on this machine, for tests, benchmarks and examples.
//!
//! It speaks just enough HTTP/1.1 to answer a REST client over a real socket, keeps connections as a web server does, and
//! misbehaves in every way in which a portal or what stands before it does: pages instead of JSON, answers that break off or
//! never come, redirects, silence. It knows no method: a function of the caller's gives each [`MockResponse`].
//!
//! ```ignore
//! #[path = "../../tests/support/mock_server.rs"]
//! mod mock_server;
//! use mock_server::{Fault, MockServer, MockResponse};
//!
//! let portal = MockServer::start(|call| match call.method.as_str() {
//!     "profile" => MockResponse::result(json!({"ID": "1"})),
//!     _ => MockResponse::error(404, "ERROR_METHOD_NOT_FOUND", "Method not found!"),
//! }).await;
//! portal.fail("profile", Fault::LoseResponse).times(1);
//! let client = Client::webhook(&portal.webhook())?;
//! // …
//! assert_eq!((portal.calls().len(), portal.runs("profile")), (1, 1));
//! ```
//!
//! It needs the crates `tokio` (features `io-util`, `net`, `rt`, `time`), `httparse`, `form_urlencoded` and `serde_json`.
//! Each file that includes it uses a part of it, hence the `allow`.
#![allow(dead_code, unreachable_pub, unused_imports)]

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::{AbortHandle, JoinHandle};

use connections::ServerState;

pub use call::Call;
pub use fault::{Fault, FaultPlan, Faults, refused};
pub use response::MockResponse;

#[path = "mock_server/call.rs"]
mod call;
#[path = "mock_server/connections.rs"]
mod connections;
#[path = "mock_server/fault.rs"]
mod fault;
#[path = "mock_server/http.rs"]
mod http;
#[path = "mock_server/response.rs"]
mod response;

/// The secret of every webhook of a [`MockServer`]. It occurs in nothing else, so a test can look for it.
pub const SECRET: &str = "k7Jq-2wXv_9hRz";

/// A portal that answers as its script says until it is dropped.
pub struct MockServer {
    address: SocketAddr,
    state: Arc<ServerState>,
    listening: AbortHandle,
}

impl MockServer {
    /// Starts a portal on a free port. Must be called within a tokio runtime, which it shares.
    ///
    /// # Panics
    /// Where this machine has no port to give.
    pub async fn start(script: impl Fn(&Call) -> MockResponse + Send + Sync + 'static) -> Self {
        Self::open(script).await.0
    }

    /// Starts a portal on a thread and a runtime of its own: for programs without one, and for benchmarks, where the work of
    /// the portal must not be taken for work of the client.
    ///
    /// # Panics
    /// Where this machine has no port or no thread to give.
    pub fn start_apart(script: impl Fn(&Call) -> MockResponse + Send + Sync + 'static) -> Self {
        let (sender, receiver) = std::sync::mpsc::channel();
        let work = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime of one thread").block_on(async {
                let (server, listening) = Self::open(script).await;
                let _ = sender.send(server);
                // It ends when the portal is dropped.
                let _ = listening.await;
            });
        };
        std::thread::Builder::new().name("portal".to_owned()).spawn(work).expect("a thread for the portal");
        receiver.recv().expect("the portal to start")
    }

    async fn open(script: impl Fn(&Call) -> MockResponse + Send + Sync + 'static) -> (Self, JoinHandle<()>) {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port on this machine");
        let address = listener.local_addr().expect("the address of a bound socket");
        let state = Arc::new(ServerState::new(script));
        let listening = tokio::spawn(connections::listen(listener, Arc::clone(&state)));
        (Self { address, state, listening: listening.abort_handle() }, listening)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The beginning of every address here: `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address of a webhook of user 1.
    pub fn webhook(&self) -> String {
        format!("{}/rest/1/{SECRET}/", self.origin())
    }

    /// The calls so far, in the order in which they came, those that met with a [`Fault`] included.
    pub fn calls(&self) -> Vec<Call> {
        self.state.calls()
    }

    /// The calls of one method so far.
    pub fn calls_of(&self, method: &str) -> Vec<Call> {
        self.calls().into_iter().filter(|call| call.method == method).collect()
    }

    /// How often the script was asked for an answer to this method, whether the answer arrived or not.
    pub fn runs(&self, method: &str) -> usize {
        self.state.runs(method)
    }

    /// Keeps no calls from now on, so that a benchmark does not fill the memory.
    pub fn forget_calls(&self) {
        self.state.forget_calls();
    }

    /// Puts a fault before the next call of a method, by its name; `*` is any method.
    ///
    /// Faults for one method wait in the order in which they were put.
    pub fn fail(&self, method: &str, fault: Fault) -> FaultPlan {
        self.state.faults.schedule(method, fault)
    }
}

/// Closes the port and every connection.
impl Drop for MockServer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}
