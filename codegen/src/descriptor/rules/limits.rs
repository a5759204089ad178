//! Validation of the limits of a portal and of a method.

use std::collections::HashSet;

use super::{Validator, quoted};
use crate::descriptor::{Descriptor, Pointer, SystemDescriptor, SystemLimits};

/// The maximum period of a limit in seconds: a year.
const MAX_SECONDS: u32 = 366 * 24 * 60 * 60;

impl Validator<'_, Descriptor> {
    /// Checks the rate limit of a method.
    pub(super) fn check_rate_limit(&mut self, descriptor: &Descriptor, root: &Pointer) {
        let per_second = root.key("rate_limit_per_sec");
        self.check_positive(descriptor.rate_limit_per_sec, &per_second);
        let Some(limit) = &descriptor.rate_limit else { return };
        let at = root.key("rate_limit");
        self.check_positive(Some(limit.requests), &at.key("requests"));
        self.check_seconds(Some(limit.seconds), &at.key("seconds"));
        if descriptor.rate_limit_per_sec.is_some() {
            self.report_key(&per_second, "two rate limits", "either `rate_limit_per_sec` or `rate_limit`");
        }
    }
}

impl Validator<'_, SystemDescriptor> {
    /// Checks the limits of a portal.
    pub(super) fn check_limits(&mut self, limits: &SystemLimits, at: &Pointer) {
        self.check_plans(limits, &at.key("requests"));
        if let Some(time) = &limits.operating_time {
            let at = at.key("operating_time");
            self.check_seconds(Some(time.seconds), &at.key("seconds"));
            self.check_seconds(Some(time.window_seconds), &at.key("window_seconds"));
            if time.seconds > time.window_seconds {
                let message = "the operating time is longer than its window";
                self.report(&at.key("seconds"), message, "at most `window_seconds`");
            }
        }
        self.check_seconds(limits.request_seconds, &at.key("request_seconds"));
        self.check_positive(limits.batch_commands, &at.key("batch_commands"));
        self.check_positive(limits.page_rows, &at.key("page_rows"));
    }

    /// Checks the buckets of the plans: each plan once, and one entry for all other plans.
    fn check_plans(&mut self, limits: &SystemLimits, at: &Pointer) {
        let mut seen = HashSet::new();
        for (index, quota) in limits.requests.iter().enumerate() {
            let at = at.index(index);
            self.check_positive(Some(quota.burst), &at.key("burst"));
            self.check_positive(Some(quota.per_second), &at.key("per_second"));
            for (index, plan) in quota.plans.iter().enumerate() {
                if !seen.insert(plan.to_lowercase()) {
                    let at = at.key("plans").index(index);
                    self.report(&at, format!("duplicate plan {}", quoted(plan)), "each plan once");
                }
            }
        }
        let others = limits.requests.iter().filter(|quota| quota.plans.is_empty()).count();
        // An entry that was left out may have been the one for all others.
        let is_missing = others == 0 && !limits.requests.is_empty() && self.complete;
        if is_missing || others > 1 {
            let message = format!("{others} entries are for all other plans");
            self.report(at, message, "one entry without `plans`");
        }
    }
}

impl<T> Validator<'_, T> {
    fn check_positive(&mut self, number: Option<u32>, at: &Pointer) {
        if number == Some(0) {
            self.report(at, "a limit of 0 allows nothing", "at least 1");
        }
    }

    fn check_seconds(&mut self, seconds: Option<u32>, at: &Pointer) {
        if let Some(seconds) = seconds.filter(|seconds| !(1..=MAX_SECONDS).contains(seconds)) {
            self.report(at, format!("{seconds} s is not the period of a limit"), "1 s to a year");
        }
    }
}
