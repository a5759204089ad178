//! A double of the client, without sockets.

use std::fmt;
use std::sync::Arc;

use bitrix24_core::{Api, Caller, Failure, Map, MethodInfo, RawResponse, Value, parse_response};

use crate::server::{Call, Fault, FaultPlan, MockResponse, SECRET, ServerState};

/// A double of the client: what it calls is a script, in this process and without sockets and runtime.
///
/// It is for functions that are generic over [`Caller`]. Faults become the errors that the client returns, at once: it neither
/// retries nor waits. Batches, downloads and settings of the client need a [`MockServer`](crate::MockServer).
///
/// ```
/// use bitrix24_core::{AnyError, Caller, Method, json, raw};
/// use bitrix24_testing::{Fault, MockCaller, MockResponse};
///
/// /// The code under test.
/// async fn name_of(portal: &impl Caller) -> Result<String, AnyError> {
///     #[derive(serde::Deserialize)]
///     #[serde(rename_all = "UPPERCASE")]
///     struct Profile {
///         name: String,
///     }
///     Ok(portal.call(raw("profile", json!(null)).of::<Profile>()).await?.result.name)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let portal = MockCaller::new(|_| MockResponse::result(json!({"NAME": "Ann"})));
/// assert_eq!(name_of(&portal).await.unwrap(), "Ann");
/// portal.fail("profile", Fault::QueryLimit);
/// assert!(name_of(&portal).await.unwrap_err().is_limit());
/// assert_eq!(portal.calls().len(), 2);
/// # }
/// ```
#[derive(Clone)]
pub struct MockCaller {
    state: Arc<ServerState>,
}

impl MockCaller {
    /// Creates a double that responds as the script says.
    pub fn new(script: impl Fn(&Call) -> MockResponse + Send + Sync + 'static) -> Self {
        Self { state: Arc::new(ServerState::new(script)) }
    }

    /// The calls so far, including those with a [`Fault`].
    pub fn calls(&self) -> Vec<Call> {
        self.state.calls()
    }

    /// The calls of one method so far.
    pub fn calls_of(&self, method: &str) -> Vec<Call> {
        self.calls().into_iter().filter(|call| call.method == method).collect()
    }

    /// Schedules a fault for the next call of a method; `*` is any method.
    pub fn fail(&self, method: &str, fault: Fault) -> FaultPlan {
        self.state.faults.schedule(method, fault)
    }
}

impl Caller for MockCaller {
    async fn send(&self, info: MethodInfo<'_>, params: Map<String, Value>) -> Result<RawResponse, Failure> {
        let v3 = info.api == Api::V3;
        let path = if v3 {
            format!("/rest/api/1/{SECRET}/{}", info.name)
        } else {
            format!("/rest/1/{SECRET}/{}.json", info.name)
        };
        let call = Call {
            verb: "POST".to_owned(),
            path,
            v3,
            method: info.name.to_owned(),
            headers: Vec::new(),
            body: Value::from(params.clone()).to_string().into_bytes(),
            params: Value::Object(params),
            connection: 0,
        };
        let (status, body) = self.state.answer(&call).into_received()?;
        parse_response(status, &body)
    }
}

/// Shows how many calls there were, and nothing of them.
impl fmt::Debug for MockCaller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockCaller").field("calls", &self.state.calls().len()).finish_non_exhaustive()
    }
}
