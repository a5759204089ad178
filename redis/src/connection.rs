//! Connections to Redis.

use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Client, ErrorKind, FromRedisValue, RedisError, RedisResult, ScriptInvocation,
    ServerErrorKind,
};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};

/// How long no new connection is tried after one has failed, so that thousands of waiting calls do not try at once.
const PAUSE: Duration = Duration::from_millis(250);

/// The pause before a Redis server that reads its data is asked again.
const LOADING_PAUSE: Duration = Duration::from_millis(20);

/// Opens a connection. Neither this nor a request on it takes longer than `timeout`. A server that has just been started accepts
/// connections before it has read its data; this waits until it has.
pub(crate) async fn connect(client: &Client, timeout: Duration) -> RedisResult<MultiplexedConnection> {
    let begin = Instant::now();
    let config = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(timeout))
        .set_response_timeout(Some(timeout));
    let mut connection = client.get_multiplexed_async_connection_with_config(&config).await?;
    loop {
        match redis::cmd("PING").query_async::<()>(&mut connection).await {
            Err(error) if is_loading(&error) && begin.elapsed() < timeout => sleep(LOADING_PAUSE).await,
            pong => return pong.map(|()| connection),
        }
    }
}

fn is_loading(error: &RedisError) -> bool {
    error.kind() == ErrorKind::Server(ServerErrorKind::BusyLoading)
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
