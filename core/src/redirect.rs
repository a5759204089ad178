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
/// let (from, to) = (Site::new("https", "old.example.com"), Site::new("https", "new.example.com"));
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
}

impl<'a> Site<'a> {
    /// Creates a site from its scheme and its host: a name in lower case or an IP address in its canonical form.
    pub fn new(scheme: &str, host: &'a str) -> Self {
        Self { https: scheme == "https", host }
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
        RedirectPolicy::ParentDomain => from.host == to.host || same_parent(from.host, to.host),
        _ => from.host == to.host,
    };
    if near { Ok(()) } else { Err(RedirectError::Host) }
}

/// Whether two names are siblings in the same domain with one owner.
fn same_parent(one: &str, other: &str) -> bool {
    match (parent(one), parent(other)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

/// The name without its first label, if the rest looks like a domain with one owner.
///
/// A list of public suffixes would be exact, but would have to be maintained. Two short labels (`co.uk`, `com.br`) are
/// considered a public suffix: at worst a renamed portal is not followed, and the error says so.
fn parent(host: &str) -> Option<&str> {
    let numeric = host.starts_with('[') || host.split('.').all(|part| part.parse::<u8>().is_ok());
    let (_, parent) = host.split_once('.').filter(|_| !numeric)?;
    let (second, top) = parent.rsplit_once('.')?;
    let public = !second.contains('.') && second.len() <= 3 && top.len() == 2;
    (!public).then_some(parent)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEAR: RedirectPolicy = RedirectPolicy::ParentDomain;

    fn site(text: &str) -> Site<'_> {
        let (scheme, host) = text.split_once("://").expect("a scheme");
        Site::new(scheme, host)
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
