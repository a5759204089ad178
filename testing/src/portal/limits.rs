//! The limits of a portal.

use std::collections::HashMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tokio::time::Instant;

use super::access::MethodError;

/// The limits of a portal. Default: none.
#[derive(Debug, Default)]
pub struct Limits {
    bucket: Option<Bucket>,
    overloaded: bool,
    /// The operating time of a method in ten minutes, in seconds.
    operating: Option<f64>,
    costs: HashMap<String, f64>,
    used: HashMap<String, Vec<(Instant, f64)>>,
}

/// A leaky bucket of requests.
#[derive(Debug)]
struct Bucket {
    size: f64,
    leak: f64,
    level: f64,
    since: Instant,
}

const WINDOW: Duration = Duration::from_secs(600);

impl Limits {
    /// Allows `size` requests at once, and `leak` more per second.
    pub fn bucket(mut self, size: u32, leak: f64) -> Self {
        self.bucket = Some(Bucket { size: size.into(), leak, level: 0.0, since: Instant::now() });
        self
    }

    /// Sets the operating time of each method in ten minutes, in seconds.
    pub fn operating(mut self, seconds: f64) -> Self {
        self.operating = Some(seconds);
        self
    }

    /// Sets the operating time of one call of this method, in seconds. Default: 0.
    pub fn cost(mut self, method: &str, seconds: f64) -> Self {
        self.costs.insert(method.to_owned(), seconds);
        self
    }

    /// Rejects everything, as after a manual ban.
    pub fn overloaded(mut self) -> Self {
        self.overloaded = true;
        self
    }

    /// Counts one request.
    pub fn count_request(&mut self) -> Result<(), MethodError> {
        if self.overloaded {
            return Err(MethodError::new(503, "OVERLOAD_LIMIT", "REST API is blocked due to overload"));
        }
        let Some(bucket) = &mut self.bucket else { return Ok(()) };
        let now = Instant::now();
        let leaked = (now - bucket.since).as_secs_f64() * bucket.leak;
        bucket.level = (bucket.level - leaked).max(0.0);
        bucket.since = now;
        if bucket.level + 1.0 > bucket.size {
            return Err(MethodError::new(503, "QUERY_LIMIT_EXCEEDED", "Too many requests"));
        }
        bucket.level += 1.0;
        Ok(())
    }

    /// Rejects a method that has used up its operating time.
    pub fn check_operating_time(&mut self, method: &str) -> Result<(), MethodError> {
        let Some(limit) = self.operating else { return Ok(()) };
        if self.used(method).0 < limit {
            return Ok(());
        }
        Err(MethodError::new(429, "OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit"))
    }

    /// Charges a method with one call.
    pub fn charge(&mut self, method: &str) {
        if let Some(cost) = self.costs.get(method) {
            self.used.entry(method.to_owned()).or_default().push((Instant::now(), *cost));
        }
    }

    /// The operating time that the method has used within the window, and when the oldest part of it is free again.
    fn used(&mut self, method: &str) -> (f64, Duration) {
        let now = Instant::now();
        let Some(used) = self.used.get_mut(method) else { return (0.0, Duration::ZERO) };
        used.retain(|(when, _)| now - *when < WINDOW);
        let oldest = used.first().map_or(Duration::ZERO, |(when, _)| WINDOW - (now - *when));
        (used.iter().map(|(_, cost)| cost).sum(), oldest)
    }

    /// The object `time` of a response.
    pub fn time(&mut self, method: &str) -> Value {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let (operating, oldest) = self.used(method);
        let mut time = json!({"start": now, "finish": now, "duration": 0.25, "processing": 0.125});
        if self.operating.is_some() {
            time["operating"] = operating.into();
            time["operating_reset_at"] = (now + oldest.as_secs()).into();
        }
        time
    }
}
