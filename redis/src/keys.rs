//! The names of keys. The braces keep all keys of a portal in one slot of a cluster, as scripts require.

use bitrix24_client::RateLimitRequest;
use bitrix24_core::rate_limit::{CountedBy, Quota};

/// The beginnings of all keys.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    pub(crate) prefix: String,
    /// The address from which requests come.
    pub(crate) source: String,
}

impl Keys {
    /// The bucket of a portal.
    pub(crate) fn requests(&self, portal: &str) -> String {
        format!("{}:{{{portal}}}:requests:{}", self.prefix, self.source)
    }

    /// The bucket of a method with a rate limit of its own, and its quota. A limit that is counted for each user has none, since only
    /// the portal knows the user.
    pub(crate) fn method(&self, request: &RateLimitRequest<'_>) -> Option<(String, Quota)> {
        let limit = request.rate_limit()?;
        let counted = match limit.counted_by {
            CountedBy::Portal => String::new(),
            CountedBy::Address => format!(":from:{}", self.source),
            CountedBy::Application => format!(":by:{}", request.key()),
            _ => return None,
        };
        let method = request.method().to_ascii_lowercase();
        let key = format!("{}:{{{}}}:method:{method}{counted}", self.prefix, request.portal());
        Some((key, Quota::of_method(limit)))
    }

    /// The mark that a method has used up its operating time with a key, whatever the address.
    pub(crate) fn blocked(&self, portal: &str, key: &str, method: &str) -> String {
        // A portal ignores the case of method names.
        format!("{}:{{{portal}}}:blocked:{}:{key}", self.prefix, method.to_ascii_lowercase())
    }
}
