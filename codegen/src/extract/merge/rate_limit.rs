//! The rate limit of a method: its page, then its section, then front matter, then what an earlier import found.

use super::Merge;
use crate::descriptor::{CountedBy, Descriptor, RateLimit, Source, SourceForm};
use crate::extract::evidence::Leaf;
use crate::extract::register::limits::KEPT_RATE_LIMIT;

/// The keys of a rate limit.
const KEYS: [&str; 2] = ["rate_limit_per_sec", "rate_limit"];

impl Merge<'_> {
    /// Decides the rate limit. A sentence of any page comes before a table of a section, and both before front matter.
    pub(super) fn rate_limit(&mut self) {
        let leaf = || Leaf::key("rate_limit");
        let decided = self.decide_leaf(
            leaf,
            &[&|facts| facts.rate_limit.clone(), &|facts| facts.section_rate_limit.clone()],
        );
        if let Some((by, limit)) = decided {
            let key = set(&mut self.descriptor, limit);
            self.credit(by, key);
        } else if let Some((by, rate)) = self.first(|facts| facts.front_matter.as_ref()?.rate_limit_per_sec) {
            self.descriptor.rate_limit_per_sec = Some(rate);
            self.credit_front_matter(by, "rate_limit_per_sec");
        }
    }

    /// Keeps the rate limit that an earlier import found in a document that is not among these, and names it as a source.
    pub(super) fn keep_rate_limit(&mut self, existing: Option<&Descriptor>) {
        let Some(existing) = existing.filter(|_| self.descriptor.rate_limit().is_none()) else { return };
        let Some(limit) = existing.rate_limit() else { return };
        // The patches of this import follow.
        let of_patch = |path: &String| KEYS.iter().any(|key| path.split('/').next() == Some(key));
        let sources = || existing.sources.iter();
        if sources().any(|source| source.form == SourceForm::Patch && source.decided.iter().any(of_patch)) {
            return;
        }
        self.descriptor.rate_limit_per_sec = existing.rate_limit_per_sec;
        self.descriptor.rate_limit = existing.rate_limit;
        let key = if existing.rate_limit.is_some() { "rate_limit" } else { "rate_limit_per_sec" };
        self.ledger.claim(&KEPT_RATE_LIMIT, 0, || Leaf::key(key), limit);
        // What no document is named for, the newest one decided.
        let named = sources().find(|source| source.decided.iter().any(|decided| decided == key));
        if let Some(source) = named.or(existing.sources.first()) {
            self.descriptor.sources.push(Source { decided: vec![key.to_owned()], ..source.clone() });
        }
    }
}

/// Sets a rate limit under its key, and returns the key.
fn set(descriptor: &mut Descriptor, limit: RateLimit) -> &'static str {
    if limit.seconds == 1 && limit.counted_by == CountedBy::Portal {
        descriptor.rate_limit_per_sec = Some(limit.requests);
        return "rate_limit_per_sec";
    }
    descriptor.rate_limit = Some(limit);
    "rate_limit"
}
