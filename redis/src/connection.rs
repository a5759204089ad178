//! Connections to Redis.

use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Client, ErrorKind, FromRedisValue, RedisError, RedisResult, ScriptInvocation,
};
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How long no new connection is tried after one has failed, so that thousands of waiting calls do not try at once.
const PAUSE: Duration = Duration::from_millis(250);

/// Opens a connection. Neither this nor a request on it takes longer than `timeout`.
pub(crate) async fn connect(client: &Client, timeout: Duration) -> RedisResult<MultiplexedConnection> {
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(timeout))
        .set_response_timeout(Some(timeout));
    client.get_multiplexed_async_connection_with_config(&config).await
}

/// One connection, which is opened anew when it is lost. It belongs to the runtime that opened it; when that ends, the next
/// request opens another one.
pub(crate) struct Connection {
    client: Client,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    open: Option<MultiplexedConnection>,
    /// When the last attempt to connect failed.
    failed: Option<Instant>,
    /// Counts connections, so that a request that fails does not close a newer one.
    number: u64,
}

impl Connection {
    pub(crate) fn new(client: Client) -> Self {
        Self { client, state: Mutex::default() }
    }

    /// Runs a script, on a new connection if the open one is lost. A script may run twice if its response is lost.
    pub(crate) async fn run<T: FromRedisValue>(
        &self,
        timeout: Duration,
        script: &ScriptInvocation<'_>,
    ) -> RedisResult<T> {
        let (number, mut connection) = self.get(timeout, None).await?;
        match script.invoke_async(&mut connection).await {
            Err(error) if is_loss(&error) => {
                let (_, mut connection) = self.get(timeout, Some(number)).await?;
                script.invoke_async(&mut connection).await
            }
            result => result,
        }
    }

    /// The connection and its number, unless it is the lost one: then a new one.
    async fn get(&self, timeout: Duration, lost: Option<u64>) -> RedisResult<(u64, MultiplexedConnection)> {
        let mut state = self.state.lock().await;
        if lost == Some(state.number) {
            state.open = None;
        }
        if let Some(open) = &state.open {
            return Ok((state.number, open.clone()));
        }
        if state.failed.is_some_and(|failed| failed.elapsed() < PAUSE) {
            return Err((ErrorKind::Io, "Redis could not be reached a moment ago").into());
        }
        match connect(&self.client, timeout).await {
            Ok(open) => {
                state.number += 1;
                state.failed = None;
                state.open = Some(open.clone());
                Ok((state.number, open))
            }
            Err(error) => {
                state.failed = Some(Instant::now());
                Err(error)
            }
        }
    }
}

/// Whether another connection may succeed.
fn is_loss(error: &RedisError) -> bool {
    error.is_io_error()
        || error.is_timeout()
        || error.is_connection_dropped()
        || error.is_unrecoverable_error()
}
