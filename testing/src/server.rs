//! A scripted HTTP server that plays a portal, for tests, benchmarks and examples.
//!
//! It speaks enough HTTP/1.1 to serve a REST client over a real socket with persistent connections, and injects the faults of
//! portals and proxies: pages instead of JSON, truncated or missing responses, redirects, silence. It knows no methods: the
//! caller's function returns each [`MockResponse`].

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::{AbortHandle, JoinHandle};

pub(crate) use connections::ServerState;

pub use call::Call;
pub use fault::{Fault, FaultPlan};
pub use response::MockResponse;

mod call;
mod connections;
mod fault;
mod http;
mod response;

/// The secret of every webhook of a [`MockServer`]. It occurs nowhere else, so tests can search for it.
pub const SECRET: &str = "k7Jq-2wXv_9hRz";

/// A server that responds as its script says until it is dropped.
///
/// ```
/// use bitrix24_client::Client;
/// use bitrix24_core::{json, raw};
/// use bitrix24_testing::{Fault, MockResponse, MockServer};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let portal = MockServer::start(|call| match call.method.as_str() {
///     "profile" => MockResponse::result(json!({"ID": "1"})),
///     _ => MockResponse::error(404, "ERROR_METHOD_NOT_FOUND", "Method not found!"),
/// })
/// .await;
/// portal.fail("profile", Fault::LoseResponse).times(1);
///
/// let client = Client::webhook(&portal.webhook())?;
/// let profile = client.call(raw("profile", json!({})).read_only()).await?;
/// assert_eq!(profile.result["ID"], "1");
/// assert_eq!((portal.calls().len(), portal.runs("profile")), (2, 2), "a read is sent again");
/// # Ok(())
/// # }
/// ```
pub struct MockServer {
    address: SocketAddr,
    state: Arc<ServerState>,
    listening: AbortHandle,
}

impl MockServer {
    /// Starts a server on a free port, within the current tokio runtime.
    ///
    /// # Panics
    /// If no port is available.
    pub async fn start(script: impl Fn(&Call) -> MockResponse + Send + Sync + 'static) -> Self {
        Self::open(script).await.0
    }

    /// Starts a server on its own thread and runtime: for programs without a runtime, and for benchmarks, which must not
    /// measure the server's work.
    ///
    /// # Panics
    /// If no port or thread is available.
    pub fn start_on_thread(script: impl Fn(&Call) -> MockResponse + Send + Sync + 'static) -> Self {
        let (sender, receiver) = std::sync::mpsc::channel();
        let work = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime of one thread").block_on(async {
                let (server, listening) = Self::open(script).await;
                let _ = sender.send(server);
                // The task ends when the server is dropped.
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

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The origin of every URL: `http://127.0.0.1:PORT`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The URL of a webhook of user 1.
    pub fn webhook(&self) -> String {
        format!("{}/rest/1/{SECRET}/", self.origin())
    }

    /// The calls so far, in the order of their arrival, including those with a [`Fault`].
    pub fn calls(&self) -> Vec<Call> {
        self.state.calls()
    }

    /// The calls of one method so far.
    pub fn calls_of(&self, method: &str) -> Vec<Call> {
        self.calls().into_iter().filter(|call| call.method == method).collect()
    }

    /// How many times the script ran for this method, whether the response arrived or not.
    pub fn runs(&self, method: &str) -> usize {
        self.state.runs(method)
    }

    /// Stops recording calls, so that a benchmark does not fill the memory.
    pub fn forget_calls(&self) {
        self.state.forget_calls();
    }

    /// Schedules a fault for the next call of a method; `*` is any method.
    ///
    /// The faults of one method apply in the order in which they were scheduled.
    pub fn fail(&self, method: &str, fault: Fault) -> FaultPlan {
        self.state.faults.schedule(method, fault)
    }
}

/// Shows the address, and nothing of the calls.
impl fmt::Debug for MockServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockServer").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Closes the port and every connection.
impl Drop for MockServer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}
