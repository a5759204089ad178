//! The limits of a portal: the bucket of requests, and the operating time of each method.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::time::Duration;

use tokio::time::Instant;

use crate::check::Refusal;
use crate::spec::System;

/// How many addresses have a bucket. Others share one.
const MAX_ADDRESSES: usize = 10_000;

/// How many calls of a method are remembered with their times. Older ones are summed.
const MAX_CALLS: usize = 1_000;

/// Which limits of a portal apply. Default: none.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Plan {
    /// No limits.
    #[default]
    Unlimited,
    /// The bucket and the operating time of a documented plan by its name (`Enterprise`), compared without case. Any other name is
    /// a plan without an entry of its own.
    Named(String),
    /// A bucket that accepts `burst` requests at once and `per_second` over time, and the documented operating time.
    Bucket {
        /// Requests at once.
        burst: u32,
        /// Requests per second over time.
        per_second: f64,
    },
}

/// What was used of the limits.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    quota: Option<Quota>,
    operating: Option<(f64, Duration)>,
    buckets: HashMap<Option<IpAddr>, Level>,
    used: HashMap<String, Used>,
    costs: HashMap<String, f64>,
}

#[derive(Clone, Copy, Debug)]
struct Quota {
    burst: f64,
    per_second: f64,
}

/// The last calls of a method with their times, and the sum of these.
#[derive(Debug, Default)]
struct Used {
    calls: VecDeque<(Instant, f64)>,
    seconds: f64,
}

/// How full a bucket was, and when.
#[derive(Clone, Copy, Debug)]
struct Level {
    requests: f64,
    at: Instant,
}

/// The fullest bucket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fullest {
    /// The address whose bucket it is. `None`: there was no call, or many addresses share the bucket.
    pub(crate) address: Option<IpAddr>,
    /// The requests in it.
    pub(crate) level: f64,
    pub(crate) burst: f64,
    pub(crate) per_second: f64,
}

impl Limits {
    /// The limits of a plan.
    pub(crate) fn new(plan: &Plan, system: &System) -> Self {
        let documented = |name: &str| {
            let quotas = &system.limits.requests;
            let named =
                quotas.iter().find(|quota| quota.plans.iter().any(|plan| plan.eq_ignore_ascii_case(name)));
            let quota = named.or_else(|| quotas.iter().find(|quota| quota.plans.is_empty()))?;
            Some(Quota { burst: quota.burst.into(), per_second: quota.per_second.into() })
        };
        let quota = match plan {
            Plan::Unlimited => return Self::default(),
            Plan::Named(name) => documented(name),
            Plan::Bucket { burst, per_second } => {
                Some(Quota { burst: f64::from(*burst), per_second: per_second.max(0.0) })
            }
        };
        let operating = system.limits.operating_time;
        let operating =
            operating.map(|time| (f64::from(time.seconds), Duration::from_secs(time.window_seconds.into())));
        Self { quota, operating, ..Self::default() }
    }

    /// Sets the operating time that each call of a method counts.
    pub(crate) fn set_cost(&mut self, method: &str, seconds: f64) {
        self.costs.insert(method.to_ascii_lowercase(), seconds);
    }

    /// Counts a request of an address.
    ///
    /// # Errors
    /// The bucket is full.
    pub(crate) fn count(&mut self, system: &System, address: IpAddr, now: Instant) -> Result<(), Refusal> {
        let Some(quota) = self.quota else { return Ok(()) };
        let key = Some(address)
            .filter(|_| self.buckets.len() < MAX_ADDRESSES || self.buckets.contains_key(&Some(address)));
        let level = self.buckets.entry(key).or_insert(Level { requests: 0.0, at: now });
        let leaked = now.saturating_duration_since(level.at).as_secs_f64() * quota.per_second;
        *level = Level { requests: (level.requests - leaked).max(0.0), at: now };
        if level.requests + 1.0 > quota.burst {
            return Err(Refusal::system(system, "QUERY_LIMIT_EXCEEDED", "Too many requests"));
        }
        level.requests += 1.0;
        Ok(())
    }

    /// The fullest bucket. `None`: there are no limits.
    pub(crate) fn fullest(&self, now: Instant) -> Option<Fullest> {
        let Quota { burst, per_second } = self.quota?;
        let level = |level: &Level| {
            let leaked = now.saturating_duration_since(level.at).as_secs_f64() * per_second;
            (level.requests - leaked).max(0.0)
        };
        let levels = self.buckets.iter().map(|(address, bucket)| (*address, level(bucket)));
        let (address, level) = levels.max_by(|one, other| one.1.total_cmp(&other.1)).unwrap_or_default();
        Some(Fullest { address, level, burst, per_second })
    }

    /// The methods with the most operating time, and their seconds.
    pub(crate) fn most_operating(&mut self, methods: usize, now: Instant) -> Vec<(String, f64)> {
        let names: Vec<String> = self.used.keys().cloned().collect();
        let mut used: Vec<(String, f64)> = names
            .into_iter()
            .map(|name| (self.operating(&name, now).0, name))
            .map(|(time, name)| (name, time))
            .collect();
        used.sort_by(|one, other| other.1.total_cmp(&one.1));
        used.truncate(methods);
        used
    }

    /// Refuses a method that has used its operating time.
    ///
    /// # Errors
    /// The time is used up.
    pub(crate) fn check_operating(
        &mut self,
        system: &System,
        method: &str,
        now: Instant,
    ) -> Result<(), Refusal> {
        let Some((limit, _)) = self.operating else { return Ok(()) };
        if self.operating(method, now).0 < limit {
            return Ok(());
        }
        Err(Refusal::system(system, "OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit."))
    }

    /// Adds the time of a call.
    pub(crate) fn add_time(&mut self, method: &str, spent: Duration, now: Instant) {
        let seconds = self.costs.get(method).copied().unwrap_or(spent.as_secs_f64());
        if !self.used.contains_key(method) {
            self.used.insert(method.to_owned(), Used::default());
        }
        let Some(used) = self.used.get_mut(method) else { return };
        if used.calls.len() >= MAX_CALLS
            && let Some((_, oldest)) = used.calls.pop_front()
            && let Some((_, next)) = used.calls.front_mut()
        {
            // The newer moment is used for both, so that nothing is free too early.
            *next += oldest;
        }
        used.calls.push_back((now, seconds));
        used.seconds += seconds;
    }

    /// The operating time of a method within the window, and when the oldest part of it is free again.
    pub(crate) fn operating(&mut self, method: &str, now: Instant) -> (f64, Duration) {
        let window = self.operating.map_or(Duration::from_secs(600), |(_, window)| window);
        let Some(used) = self.used.get_mut(method) else { return (0.0, Duration::ZERO) };
        let age = |at: Instant| now.saturating_duration_since(at);
        while let Some((at, seconds)) = used.calls.front().copied()
            && age(at) >= window
        {
            used.calls.pop_front();
            used.seconds = if used.calls.is_empty() { 0.0 } else { (used.seconds - seconds).max(0.0) };
        }
        let oldest = used.calls.front().map_or(window, |(at, _)| age(*at));
        (used.seconds, window.saturating_sub(oldest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Spec;

    #[test]
    fn a_bucket_leaks() {
        let system = Spec::embedded().system;
        let mut limits = Limits::new(&Plan::Named("Basic".to_owned()), &system);
        let (now, here) = (Instant::now(), IpAddr::from([127, 0, 0, 1]));
        let accepted = |limits: &mut Limits, at: Instant| {
            (0..100).filter(|_| limits.count(&system, here, at).is_ok()).count()
        };
        assert_eq!(accepted(&mut limits, now), 50);
        assert_eq!(accepted(&mut limits, now + Duration::from_secs(3)), 6);
        let refusal = limits.count(&system, here, now + Duration::from_secs(3)).expect_err("a full bucket");
        assert_eq!((refusal.status, refusal.code.as_str()), (503, "QUERY_LIMIT_EXCEEDED"));
        assert!(limits.count(&system, IpAddr::from([127, 0, 0, 2]), now).is_ok());
        let mut enterprise = Limits::new(&Plan::Named("enterprise".to_owned()), &system);
        assert_eq!((0..300).filter(|_| enterprise.count(&system, here, now).is_ok()).count(), 250);
    }

    #[test]
    fn operating_time_is_free_after_the_window() {
        let system = Spec::embedded().system;
        let mut limits = Limits::new(&Plan::Named(String::new()), &system);
        limits.set_cost("crm.deal.list", 200.0);
        let now = Instant::now();
        for _ in 0..3 {
            assert!(limits.check_operating(&system, "crm.deal.list", now).is_ok());
            limits.add_time("crm.deal.list", Duration::ZERO, now);
        }
        let refusal = limits.check_operating(&system, "crm.deal.list", now).expect_err("used up");
        assert_eq!((refusal.status, refusal.code.as_str()), (429, "OPERATION_TIME_LIMIT"));
        assert_eq!(limits.operating("crm.deal.list", now), (600.0, Duration::from_secs(600)));
        assert!(limits.check_operating(&system, "crm.deal.list", now + Duration::from_secs(601)).is_ok());
    }
}
