//! Which calls of a method with a rate limit of its own are counted together.

use super::{CountedBy, RateLimit};

/// The calls that one count of a rate limit is for: calls of one method on one portal, of all callers or of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountKey {
    method: Box<str>,
    caller: Option<Box<str>>,
}

impl CountKey {
    /// The count for a call of `method` by `caller`; `None` if only the portal knows which count the call belongs to.
    ///
    /// A limit that is counted for each address has one count here: all calls of a program come from one.
    ///
    /// ```
    /// use bitrix24_core::rate_limit::{CountKey, CountedBy, RateLimit};
    /// let of_portal = RateLimit::new(2, 1);
    /// let of_application = of_portal.counted_by(CountedBy::Application);
    /// let key = |limit, caller| CountKey::new(limit, "zoo.animal.feed", caller);
    /// assert_eq!(key(of_portal, "app 1"), key(of_portal, "app 2"));
    /// assert_ne!(key(of_application, "app 1"), key(of_application, "app 2"));
    /// ```
    pub fn new(limit: RateLimit, method: &str, caller: &str) -> Option<Self> {
        let caller = match limit.counted_by {
            CountedBy::Portal | CountedBy::Address => None,
            CountedBy::Application => Some(caller.into()),
            CountedBy::User => return None,
        };
        // A portal ignores the case of method names.
        Some(Self { method: method.to_ascii_lowercase().into(), caller })
    }
}
