//! The token store.

use std::fmt;
use std::time::Duration;

use bitrix24_client::{StoreError, StoreFuture, StoreLock, TokenStore};
use bitrix24_core::Value;
use bitrix24_core::oauth::Tokens;
use redis::Client;
use redis::aio::MultiplexedConnection;
use tokio::time::sleep;

use crate::connection::connect;
use crate::scripts::{REPLACE, UNLOCK};

/// The first and the longest pause before the lock is tried again.
const PAUSES: [Duration; 2] = [Duration::from_millis(10), Duration::from_millis(200)];

/// Stores the tokens of one installation in Redis, as JSON, for any number of processes and machines. One of them at a time
/// refreshes the tokens, and the others use the new pair.
///
/// The tokens are as durable as Redis: it must write them to disk (`appendonly yes`), and must not evict keys.
///
/// Each operation uses a connection of its own: tokens are refreshed once an hour, and a connection would end with its runtime.
///
/// ```no_run
/// use bitrix24_client::{App, Client};
/// use bitrix24_redis::{RedisStore, redis};
///
/// # fn example(member_id: &str) -> Result<(), Box<dyn std::error::Error>> {
/// let redis = redis::Client::open("redis://127.0.0.1/")?;
/// let app = App::new("local.5c8bb1b0891cf2.87252039", "secret of the application");
/// let portal = Client::application(app, RedisStore::new(redis, format!("tokens:{member_id}")));
/// # let _ = portal;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RedisStore {
    client: Client,
    key: String,
    timeout: Duration,
    lock_lifetime: Duration,
}

impl RedisStore {
    /// Creates a store in this key. The lock is the key with the ending `:lock`.
    pub fn new(client: Client, key: impl Into<String>) -> Self {
        let (timeout, lock_lifetime) = (Duration::from_secs(5), Duration::from_secs(60));
        Self { client, key: key.into(), timeout, lock_lifetime }
    }

    /// Sets how long Redis may take for a connection or a request. Default: 5 s.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets how long the lock of a process lasts that was killed during a refresh. It must be longer than a refresh takes
    /// ([`App::with_timeout`](bitrix24_client::App::with_timeout)). Default: 60 s.
    pub fn with_lock_lifetime(mut self, lifetime: Duration) -> Self {
        self.lock_lifetime = lifetime;
        self
    }

    async fn connect(&self) -> Result<MultiplexedConnection, StoreError> {
        Ok(connect(&self.client, self.timeout).await?)
    }

    /// The stored text and its tokens.
    async fn read(&self) -> Result<Option<(String, Tokens)>, StoreError> {
        let mut connection = self.connect().await?;
        let text: Option<String> = redis::cmd("GET").arg(&self.key).query_async(&mut connection).await?;
        let Some(text) = text else { return Ok(None) };
        // The parser's error is omitted, since it may show a part of the content.
        let value = text.parse().unwrap_or(Value::Null);
        let tokens = Tokens::from_json(&value)
            .map_err(|problem| format!("the key {} contains no valid tokens: {problem}", self.key))?;
        Ok(Some((text, tokens)))
    }

    /// Locks the store with this value; `false` if it is locked.
    async fn try_lock(&self, value: &str) -> Result<bool, StoreError> {
        let mut command = redis::cmd("SET");
        let lifetime = u64::try_from(self.lock_lifetime.as_millis()).unwrap_or(u64::MAX).max(1);
        command.arg(self.lock_key()).arg(value).arg("NX").arg("PX").arg(lifetime);
        let set: Option<String> = command.query_async(&mut self.connect().await?).await?;
        Ok(set.is_some())
    }

    async fn unlock(self, value: String) -> Result<(), StoreError> {
        let mut script = UNLOCK.prepare_invoke();
        script.key(self.lock_key()).arg(value);
        Ok(script.invoke_async(&mut self.connect().await?).await?)
    }

    fn lock_key(&self) -> String {
        format!("{}:lock", self.key)
    }
}

impl TokenStore for RedisStore {
    fn load(&self) -> StoreFuture<'_, Option<Tokens>> {
        Box::pin(async { Ok(self.read().await?.map(|(_, tokens)| tokens)) })
    }

    /// Does not wait for the lock: a refresh in progress finds these tokens and drops its own.
    fn save<'a>(&'a self, tokens: &'a Tokens) -> StoreFuture<'a, ()> {
        Box::pin(async {
            let mut command = redis::cmd("SET");
            command.arg(&self.key).arg(tokens.to_json().to_string());
            Ok(command.query_async(&mut self.connect().await?).await?)
        })
    }

    fn lock(&self) -> StoreFuture<'_, Option<StoreLock>> {
        Box::pin(async {
            let value = format!("{:032x}", fastrand::u128(..));
            let [mut pause, longest] = PAUSES;
            while !self.try_lock(&value).await? {
                sleep(pause.mul_f64(1.0 - fastrand::f64() / 2.0)).await;
                pause = longest.min(pause * 2);
            }
            Ok(Some(StoreLock::new(()).with_release(self.clone().unlock(value))))
        })
    }

    fn replace<'a>(&'a self, expected: Option<&'a Tokens>, new: &'a Tokens) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let stored = self.read().await?;
            if stored.as_ref().map(|(_, tokens)| tokens) != expected {
                return Ok(false);
            }
            let text = stored.as_ref().map_or("", |(text, _)| text);
            let mut script = REPLACE.prepare_invoke();
            script.key(&self.key).arg(text).arg(new.to_json().to_string()).arg(u8::from(stored.is_some()));
            Ok(script.invoke_async(&mut self.connect().await?).await?)
        })
    }
}

/// Shows the key, and nothing about Redis, whose address may contain a password.
impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore").field("key", &self.key).finish_non_exhaustive()
    }
}
