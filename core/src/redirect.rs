//! The decision whether to follow a redirect.
//!
//! A portal that was renamed redirects calls from its old name to the new one. Following the redirect sends the key to the new
//! address, so the decision is made here, on the parts of both addresses, and not by an HTTP library, which would repeat the
//! call as a `GET` without its parameters.

use std::fmt;

/// Which redirects of a portal a client follows.
///
/// ```
/// use bitrix24_core::redirect::{RedirectPolicy, RedirectError, Site, check};
/// let site = |host| Site::new("https", host).with_public_suffix("com");
/// let (from, to) = (site("old.example.com"), site("new.example.com"));
/// assert_eq!(check(RedirectPolicy::default(), 301, from, to, 0), Ok(()));
/// assert_eq!(check(RedirectPolicy::SameHost, 301, from, to, 0), Err(RedirectError::Host));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RedirectPolicy {
    /// None: a redirect is an error.
    Never,
    /// To the same host only, on another port or from `http` to `https`.
    SameHost,
    /// To hosts of the same parent domain: from `old.example.com` to `new.example.com`. This is the default.
    #[default]
    ParentDomain,
    /// To any host. The URL and the key are sent to it, so use this only for portals whose every redirect is trusted.
    Anywhere,
}

/// Scheme and host of a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site<'a> {
    https: bool,
    host: &'a str,
    public_suffix: Option<&'a str>,
}

impl<'a> Site<'a> {
    /// Creates a site from its scheme and its host: a name in lower case or an IP address in its canonical form.
    pub fn new(scheme: &str, host: &'a str) -> Self {
        Self { https: scheme == "https", host, public_suffix: None }
    }

    /// Sets the end of the host below which anyone can register a name: `com`, `co.uk`, `github.io`. Without it nothing is known
    /// about the owner of the parent domain.
    pub fn with_public_suffix(mut self, suffix: &'a str) -> Self {
        self.public_suffix = Some(suffix);
        self
    }

    /// The name without its first label, if the rest is a domain with one owner.
    fn parent(self) -> Option<&'a str> {
        let numeric =
            self.host.starts_with('[') || self.host.split('.').all(|part| part.parse::<u8>().is_ok());
        let (_, parent) = self.host.split_once('.').filter(|_| !numeric)?;
        let own = parent.strip_suffix(self.public_suffix?)?.strip_suffix('.')?;
        (!own.is_empty()).then_some(parent)
    }
}

/// Why a redirect is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RedirectError {
    /// Redirects are disabled.
    Disabled,
    /// The status requests something other than the same request at another address.
    Status,
    /// The redirect leads from `https` to plain `http`.
    Downgrade,
    /// The policy does not allow the host.
    Host,
    /// The URL is not that of the method; usually it is a login page.
    Path,
    /// There were too many consecutive redirects.
    TooMany,
}

impl fmt::Display for RedirectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Disabled => "redirects are disabled",
            Self::Status => "the status requests something other than the same request",
            Self::Downgrade => "plain http would expose the key to the network",
            Self::Host => {
                "the host is outside the portal's parent domain, and the redirect would send it the key"
            }
            Self::Path => "it is not the URL of this method",
            Self::TooMany => "too many consecutive redirects",
        })
    }
}

impl std::error::Error for RedirectError {}

/// The maximum number of consecutive redirects of one call.
const MAX_HOPS: usize = 3;

/// Checks whether the same request may be repeated at `to`, after `hops` earlier redirects.
///
/// # Errors
/// The reason why not.
pub fn check(
    policy: RedirectPolicy,
    status: u16,
    from: Site<'_>,
    to: Site<'_>,
    hops: usize,
) -> Result<(), RedirectError> {
    if policy == RedirectPolicy::Never {
        return Err(RedirectError::Disabled);
    }
    // Other statuses request a `GET` (303) or a choice (300), or say that nothing has changed (304).
    if !matches!(status, 301 | 302 | 307 | 308) {
        return Err(RedirectError::Status);
    }
    if hops >= MAX_HOPS {
        return Err(RedirectError::TooMany);
    }
    if from.https && !to.https {
        return Err(RedirectError::Downgrade);
    }
    let near = match policy {
        RedirectPolicy::Anywhere => true,
        RedirectPolicy::ParentDomain => from.host == to.host || same_parent(from, to),
        _ => from.host == to.host,
    };
    if near { Ok(()) } else { Err(RedirectError::Host) }
}

/// Whether two names are siblings in the same domain with one owner.
fn same_parent(one: Site<'_>, other: Site<'_>) -> bool {
    match (one.parent(), other.parent()) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEAR: RedirectPolicy = RedirectPolicy::ParentDomain;

    fn site(text: &str) -> Site<'_> {
        let (scheme, host) = text.split_once("://").expect("a scheme");
        let suffix = if host.ends_with(".co.uk") { "co.uk" } else { host.rsplit('.').next().unwrap_or(host) };
        Site::new(scheme, host).with_public_suffix(suffix)
    }

    #[test]
    fn a_key_stays_within_the_parent_domain_unless_configured_otherwise() {
        let cases = [
            (NEAR, "https://old.example.com", "https://new.example.com", Ok(())),
            (NEAR, "https://old.example.com", "https://old.example.com", Ok(())),
            (NEAR, "https://old.example.com", "https://new.example.org", Err(RedirectError::Host)),
            (NEAR, "https://old.example.com", "https://example.com", Err(RedirectError::Host)),
            (NEAR, "https://old.example.com", "https://a.new.example.com", Err(RedirectError::Host)),
            (NEAR, "https://old.example.com", "https://oldexample.com", Err(RedirectError::Host)),
            (NEAR, "https://example.com", "https://evil.com", Err(RedirectError::Host)),
            (NEAR, "https://shop.co.uk", "https://evil.co.uk", Err(RedirectError::Host)),
            (NEAR, "https://crm.shop.co.uk", "https://b24.shop.co.uk", Ok(())),
            (NEAR, "http://127.0.0.1", "http://127.0.0.2", Err(RedirectError::Host)),
            (NEAR, "http://127.0.0.1", "http://127.0.0.1", Ok(())),
            (NEAR, "http://[::1]", "http://[::2]", Err(RedirectError::Host)),
            (NEAR, "http://localhost", "http://localhost", Ok(())),
            (
                RedirectPolicy::SameHost,
                "https://old.example.com",
                "https://new.example.com",
                Err(RedirectError::Host),
            ),
            (RedirectPolicy::SameHost, "http://localhost", "https://localhost", Ok(())),
            (RedirectPolicy::Anywhere, "https://old.example.com", "https://new.example.org", Ok(())),
            (
                RedirectPolicy::Anywhere,
                "https://old.example.com",
                "http://old.example.com",
                Err(RedirectError::Downgrade),
            ),
            (NEAR, "https://old.example.com", "http://old.example.com", Err(RedirectError::Downgrade)),
            (
                RedirectPolicy::Never,
                "https://old.example.com",
                "https://old.example.com",
                Err(RedirectError::Disabled),
            ),
        ];
        for (setting, from, to, expected) in cases {
            let found = check(setting, 302, site(from), site(to), 0);
            assert_eq!(found, expected, "{setting:?}: {from} to {to}");
        }
    }

    #[test]
    fn a_parent_whose_owner_is_unknown_is_not_trusted() {
        let [one, other] = ["old.example.com", "new.example.com"].map(|host| Site::new("https", host));
        assert_eq!(check(NEAR, 302, one, other, 0), Err(RedirectError::Host));
        let [one, other] = [one, other].map(|site| site.with_public_suffix("example.com"));
        assert_eq!(check(NEAR, 302, one, other, 0), Err(RedirectError::Host));
        assert_eq!(check(NEAR, 302, one, one, 0), Ok(()));
    }

    #[test]
    fn only_those_statuses_that_mean_the_same_request_elsewhere_are_followed() {
        let here = site("https://old.example.com");
        for status in 300..400 {
            let expected =
                if [301, 302, 307, 308].contains(&status) { Ok(()) } else { Err(RedirectError::Status) };
            assert_eq!(check(NEAR, status, here, here, 0), expected, "{status}");
        }
    }

    #[test]
    fn redirects_in_a_row_come_to_an_end() {
        let here = site("https://old.example.com");
        assert_eq!(check(NEAR, 302, here, here, MAX_HOPS - 1), Ok(()));
        assert_eq!(check(NEAR, 302, here, here, MAX_HOPS), Err(RedirectError::TooMany));
    }
}
