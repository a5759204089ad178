//! The limiter.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bitrix24_client::{AcquireFuture, CallReport, Limiter, LimiterError, RateLimitRequest};
use bitrix24_core::rate_limit::{OperatingTimeBudget, Plan, Quota};
use redis::{ErrorKind, RedisResult, ServerErrorKind};
use tokio::runtime::Handle;
use tokio::time::sleep;

use crate::connection::Connection;
use crate::keys::Keys;
use crate::on_loss::OnLoss;
use crate::pace::{PortalPace, Portals, Shared};
use crate::scripts::{ACQUIRE, BLOCK, FILL};

/// The pause before a call that waits for Redis asks again.
const RETRY: Duration = Duration::from_millis(300);

/// Keeps the limits of portals for all processes that use the same Redis: requests for each portal and source address, operating
/// time for each method and key.
///
/// A portal counts the requests from one IP address together, so all processes behind one address need the same
/// [source](Self::with_source), and those behind addresses of their own have a bucket each. The operating time of a method is
/// counted by the portal for each key, wherever the calls come from.
///
/// Each decision is one script, by the clock of Redis. Within a process calls are sent in the order in which they ask; among
/// processes there is no order. Nothing is connected before the first call. Clones share their connection.
///
/// ```no_run
/// use bitrix24_client::{Client, MemoryLimiter};
/// use bitrix24_redis::{OnLoss, RedisLimiter, redis};
///
/// # fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let redis = redis::Client::open("redis://127.0.0.1/")?;
/// let limiter = RedisLimiter::new(redis, OnLoss::Local(MemoryLimiter::new(6, 0.25)));
/// let portal = Client::builder().limiter(limiter).webhook("https://example.bitrix24.com/rest/1/0a1b2c3d4e5f/")?;
/// # let _ = portal;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RedisLimiter {
    shared: Arc<State>,
}

/// What clones share.
struct State {
    connection: Connection,
    settings: Settings,
    portals: Portals,
}

#[derive(Clone)]
struct Settings {
    client: redis::Client,
    keys: Keys,
    quota: Quota,
    operating_time: OperatingTimeBudget,
    timeout: Duration,
    on_loss: OnLoss,
}

/// The answer of Redis to a request.
enum Answer {
    /// It may be sent.
    Granted,
    /// The method must wait; other methods need not.
    MethodWaits(Duration),
    /// The portal accepts no request before this time.
    PortalFull(Duration),
}

impl RedisLimiter {
    /// Creates a limiter with the documented limits of the lowest plans.
    pub fn new(client: redis::Client, on_loss: OnLoss) -> Self {
        Self::with(Settings {
            client,
            keys: Keys { prefix: "bitrix24".to_owned(), source: "default".to_owned() },
            quota: Quota::of_plan(Plan::default()),
            operating_time: OperatingTimeBudget::default(),
            timeout: Duration::from_secs(1),
            on_loss,
        })
    }

    /// Sets the requests of a plan.
    pub fn with_plan(self, plan: Plan) -> Self {
        self.change(|settings| settings.quota = Quota::of_plan(plan))
    }

    /// Sets the quota: `capacity` requests at once, at least one, and `per_second` over time. All processes must set the same.
    pub fn with_quota(self, capacity: u32, per_second: f64) -> Self {
        self.change(|settings| settings.quota = Quota::new(capacity, per_second))
    }

    /// Sets the time that each method may take in ten minutes, or no limit. Default:
    /// [`OPERATING_TIME_LIMIT`](bitrix24_core::rate_limit::OPERATING_TIME_LIMIT).
    pub fn with_operating_limit(self, limit: Option<Duration>) -> Self {
        self.change(|settings| settings.operating_time = settings.operating_time.clone().with_limit(limit))
    }

    /// Sets the name of the IP address from which requests come, as the portal sees it. Programs with the same name share the bucket
    /// of requests. Default: `default`, so that all programs share one bucket.
    pub fn with_source(self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.change(|settings| settings.keys.source = name)
    }

    /// Sets the beginning of all keys in Redis. Default: `bitrix24`.
    pub fn with_prefix(self, prefix: impl Into<String>) -> Self {
        let prefix = prefix.into();
        self.change(|settings| settings.keys.prefix = prefix)
    }

    /// Sets how long Redis may take for a connection or a decision before it counts as lost. Default: 1 s.
    pub fn with_timeout(self, timeout: Duration) -> Self {
        self.change(|settings| settings.timeout = timeout)
    }

    fn change(self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = self.shared.settings.clone();
        change(&mut settings);
        Self::with(settings)
    }

    fn with(settings: Settings) -> Self {
        let connection = Connection::new(settings.client.clone());
        let portals = Portals::new(settings.operating_time.clone());
        Self { shared: Arc::new(State { connection, settings, portals }) }
    }
}

impl State {
    async fn acquire(&self, request: RateLimitRequest<'_>) -> Result<(), LimiterError> {
        let pace = self.portals.get(request.portal());
        loop {
            let blocked = self.portals.blocked_for(&pace, &request);
            if !blocked.is_zero() {
                sleep(blocked).await;
                continue;
            }
            match self.acquire_in_turn(&pace, &request).await {
                Ok(None) => return Ok(()),
                // It waits outside of the queue, so that it delays no other method.
                Ok(Some(method_waits)) => sleep(method_waits).await,
                Err(error)
                    if error.kind() == ErrorKind::Server(ServerErrorKind::NoPerm)
                        || error.kind() == ErrorKind::AuthenticationFailed =>
                {
                    return Err(format!("Redis refuses the limiter: {error}").into());
                }
                Err(lost) => match &self.settings.on_loss {
                    OnLoss::Wait => sleep(RETRY).await,
                    OnLoss::Fail => return Err(format!("Redis cannot be reached: {lost}").into()),
                    OnLoss::Local(limiter) => return limiter.acquire(request).await,
                },
            }
        }
    }

    /// Waits for the turn of the caller and for the bucket of the portal. `Some` if the method must wait.
    async fn acquire_in_turn(
        &self,
        pace: &PortalPace,
        request: &RateLimitRequest<'_>,
    ) -> RedisResult<Option<Duration>> {
        let _turn = pace.queue.lock().await;
        loop {
            match self.ask(request).await? {
                Answer::Granted => return Ok(None),
                Answer::MethodWaits(pause) => return Ok(Some(pause)),
                Answer::PortalFull(pause) => sleep(pause).await,
            }
        }
    }

    async fn ask(&self, request: &RateLimitRequest<'_>) -> RedisResult<Answer> {
        let Settings { keys, quota, timeout, .. } = &self.settings;
        let portal = keys.requests(request.portal());
        let method = keys.method(request);
        let mut script = ACQUIRE.prepare_invoke();
        script.key(&portal).key(method.as_ref().map_or(&portal, |(key, _)| key));
        for method in request.commands().iter().copied().chain([request.method()]) {
            script.key(keys.blocked(request.portal(), request.key(), method));
        }
        let (capacity, interval) =
            method.map_or((0, Duration::ZERO), |(_, quota)| (quota.capacity(), quota.interval()));
        script.arg(quota.capacity()).arg(microseconds(quota.interval()));
        script.arg(capacity).arg(microseconds(interval));
        let (waits_for, pause): (u8, u64) = self.connection.run(*timeout, &script).await?;
        let pause = Duration::from_micros(pause);
        Ok(match waits_for {
            0 => Answer::Granted,
            1 => Answer::MethodWaits(pause),
            _ => Answer::PortalFull(pause),
        })
    }

    /// Shares rejections and blocked methods with other processes.
    async fn publish(&self, portal: &str, key: &str, update: Shared) -> RedisResult<()> {
        let Settings { keys, quota, timeout, .. } = &self.settings;
        if update.rejected {
            let mut script = FILL.prepare_invoke();
            script.key(keys.requests(portal)).arg(quota.capacity()).arg(microseconds(quota.interval()));
            self.connection.run::<()>(*timeout, &script).await?;
        }
        for (method, rest) in update.blocked {
            let mut script = BLOCK.prepare_invoke();
            script.key(keys.blocked(portal, key, &method)).arg(rest.as_millis() as u64 + 1);
            self.connection.run::<()>(*timeout, &script).await?;
        }
        Ok(())
    }
}

/// Rounded up, so that the rate is not exceeded.
fn microseconds(interval: Duration) -> u64 {
    u64::try_from(interval.as_nanos().div_ceil(1000)).unwrap_or(u64::MAX)
}

impl Limiter for RedisLimiter {
    fn acquire<'a>(&'a self, request: RateLimitRequest<'a>) -> AcquireFuture<'a> {
        Box::pin(self.shared.acquire(request))
    }

    fn record(&self, report: CallReport<'_>) {
        if let OnLoss::Local(limiter) = &self.shared.settings.on_loss {
            limiter.record(report);
        }
        let update = self.shared.portals.record(&report);
        if update.is_empty() {
            return;
        }
        let (shared, portal, key) =
            (Arc::clone(&self.shared), report.portal().to_owned(), report.key().to_owned());
        // Calls run on a runtime, so there is one.
        if let Ok(runtime) = Handle::try_current() {
            // Without Redis other processes learn it from their own rejections.
            runtime.spawn(async move { drop(shared.publish(&portal, &key, update).await) });
        }
    }
}

/// Shows the quota, and nothing about Redis, whose address may contain a password.
impl fmt::Debug for RedisLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = &self.shared.settings;
        f.debug_struct("RedisLimiter")
            .field("quota", &settings.quota)
            .field("keys", &settings.keys)
            .field("on_loss", &settings.on_loss)
            .finish_non_exhaustive()
    }
}
