//! Whether a redirect may be followed with a key in hand.
//!
//! A portal that was renamed answers calls at its old name with a redirect to the new one. Following it means to hand the key
//! over to whoever is there, so the decision is made here, on the parts of both addresses, and not by an HTTP library, which
//! would repeat the call as a `GET` without its parameters.

use std::fmt;

/// How far a client goes after a portal that moves.
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
    /// Nowhere: a redirect is an error.
    Never,
    /// To the same host alone, on another port or from `http` to `https`.
    SameHost,
    /// To hosts of the same parent domain: from `old.example.com` to `new.example.com`. Unless set otherwise.
    #[default]
    ParentDomain,
    /// Wherever the portal says. Address and key go along, so this is for portals whose every redirect is trusted.
    Anywhere,
}

/// Scheme and host of an address, as far as the decision needs them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site<'a> {
    https: bool,
    host: &'a str,
}

impl<'a> Site<'a> {
    /// A site by its scheme and its host, which is a name in lower case or a number in the form of its family.
    pub fn new(scheme: &str, host: &'a str) -> Self {
        Self { https: scheme == "https", host }
    }
}

/// Why a redirect is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RedirectError {
    /// RedirectPolicy are switched off.
    Disabled,
    /// The status asks for something else than the same request at another address.
    Status,
    /// The way would lead from `https` to plain `http`.
    Downgrade,
    /// The host is none that the setting allows.
    Host,
    /// The address is another one than that of the method: a page to log in, most often.
    Path,
    /// One redirect has led to the next too often.
    TooMany,
}

impl fmt::Display for RedirectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Disabled => "redirects are switched off",
            Self::Status => "the status asks for another kind of request",
            Self::Downgrade => "plain http would show the key to everyone on the way",
            Self::Host => "the key goes along, and that host is outside the portal's parent domain",
            Self::Path => "it is no address of this method",
            Self::TooMany => "one redirect led to the next too often",
        })
    }
}

/// The redirects in a row that are followed for one call.
const HOPS: usize = 3;

/// Whether the same request may be repeated at `to`, after `hops` redirects before this one.
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
    // The others ask for a `GET` (303) or for a choice (300), or say that nothing has changed (304).
    if !matches!(status, 301 | 302 | 307 | 308) {
        return Err(RedirectError::Status);
    }
    if hops >= HOPS {
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

/// Whether two names lie side by side below the same domain that somebody owns.
fn same_parent(one: &str, other: &str) -> bool {
    match (parent(one), parent(other)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

/// The name without its first label, where what is left looks like a domain that has one owner.
///
/// A list of the domains under which anybody may register would answer exactly, at the price of the list. Two short labels
/// (`co.uk`, `com.br`) are taken for such a domain: at worst a renamed portal is not followed and says so.
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
    fn a_key_stays_within_the_parent_domain_unless_told_otherwise() {
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
        assert_eq!(check(NEAR, 302, here, here, HOPS - 1), Ok(()));
        assert_eq!(check(NEAR, 302, here, here, HOPS), Err(RedirectError::TooMany));
    }
}
