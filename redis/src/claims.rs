//! Claims of workers on any number of machines.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bitrix24_client::offline::{ClaimFuture, OfflineClaim, OfflineClaims};
use redis::{Client, RedisResult, Script};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::connection::Connection;
use crate::scripts::{HOLD, UNLOCK};

/// Claims reservations of offline events in Redis, for workers on any number of machines: the events of one that has ended are taken over
/// within seconds, and those of one that lives stay its own however long it takes.
///
/// A claim is a key with a lifetime that its worker prolongs. The key of a worker that was killed ends by itself, after the
/// [lifetime](Self::with_lifetime); the key of one that drops its events is removed at once. Without Redis nothing is taken, and the stream
/// yields the error. A worker that is paused, or loses Redis, for longer than the lifetime may lose its claims: its events are
/// then handled twice, and never lost.
///
/// ```no_run
/// use bitrix24_client::Client;
/// use bitrix24_redis::{RedisClaims, redis};
///
/// # fn example(portal: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let redis = redis::Client::open("redis://127.0.0.1/")?;
/// let events = portal.offline_events().claims(RedisClaims::new(redis, "claims:shop"));
/// # let _ = events;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RedisClaims {
    connection: Arc<Connection>,
    prefix: Arc<str>,
    timeout: Duration,
    lifetime: Duration,
}

impl RedisClaims {
    /// Creates claims whose keys begin with this prefix. All workers of a portal have the same one, and workers of other portals another.
    pub fn new(client: Client, prefix: impl Into<Arc<str>>) -> Self {
        Self {
            connection: Arc::new(Connection::new(client)),
            prefix: prefix.into(),
            timeout: Duration::from_secs(5),
            lifetime: Duration::from_secs(15),
        }
    }

    /// Sets how long Redis may take for a connection or a request. Default: 5 s.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets after what time the claims of a worker end that was killed, at least 100 ms. Default: 15 s. A worker prolongs each of its claims
    /// three times in it.
    pub fn with_lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime.max(Duration::from_millis(100));
        self
    }
}

impl OfflineClaims for RedisClaims {
    fn claim<'a>(&'a self, process_id: &'a str) -> ClaimFuture<'a> {
        let key = format!("{}:{process_id}", self.prefix);
        Box::pin(async move {
            let lease = Lease { claims: self.clone(), key, value: format!("{:032x}", fastrand::u128(..)) };
            if !lease.hold().await? {
                return Ok(None);
            }
            let (held, released) = oneshot::channel();
            // It ends with the runtime too; then the key ends by itself.
            tokio::spawn(lease.keep(released));
            Ok(Some(OfflineClaim::new(held)))
        })
    }
}

/// The key of one claim.
struct Lease {
    claims: RedisClaims,
    key: String,
    value: String,
}

impl Lease {
    /// Takes the key, or prolongs it; `false` if another worker has it.
    async fn hold(&self) -> RedisResult<bool> {
        let lifetime = u64::try_from(self.claims.lifetime.as_millis()).unwrap_or(u64::MAX);
        self.run(&HOLD, Some(lifetime)).await
    }

    /// Prolongs the key until the claim is dropped, and removes it then.
    async fn keep(self, mut released: oneshot::Receiver<Infallible>) {
        while timeout(self.claims.lifetime / 3, &mut released).await.is_err() {
            // Without Redis it is tried again: the key may still be there.
            if let Ok(false) = self.hold().await {
                return;
            }
        }
        // Without Redis the key ends by itself.
        let _: RedisResult<()> = self.run(&UNLOCK, None).await;
    }

    async fn run<T: redis::FromRedisValue>(&self, script: &Script, argument: Option<u64>) -> RedisResult<T> {
        let mut script = script.key(&self.key);
        script.arg(&self.value);
        if let Some(argument) = argument {
            script.arg(argument);
        }
        self.claims.connection.run(self.claims.timeout, &script).await
    }
}

/// Shows the prefix, and nothing about Redis, whose address may contain a password.
impl fmt::Debug for RedisClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisClaims").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}
