//! Which requests of browsers are answered. A program may send whatever it likes; a page of another site may not command a portal
//! that only its reader's machine reaches.
//!
//! | request | is answered |
//! |---|---|
//! | any | if its `Host` is an address, a name that no one can register, or an allowed name: a site whose name is changed to lead here (DNS rebinding) sends its own name |
//! | a call of a method or of the authorization server | if it has no `Origin`, or that of the portal, of a loopback page, or an allowed one |
//! | a page for people, or a control of the portal | if it has no `Origin`, or that of the portal |
//!
//! A browser that sends no `Origin`, as for an image, sends `Sec-Fetch-Site`.

use std::net::IpAddr;

use hyper::HeaderMap;
use hyper::header::{HOST, HeaderName, ORIGIN};

/// What a request wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// The document, which has no data: a link may lead to it.
    Document,
    /// What a caller with a secret or a token may do.
    Call,
    /// What the portal shows and does without a secret.
    Own,
}

impl Access {
    /// What the path of a request wants.
    pub(super) fn of(path: &str) -> Self {
        match path.split('/').find(|part| !part.is_empty()) {
            None => Self::Document,
            Some("page" | "control") => Self::Own,
            Some(_) => Self::Call,
        }
    }
}

/// Endings of names that are reserved, so that no one can register them.
const RESERVED: [&str; 7] = ["localhost", "test", "local", "internal", "example", "invalid", "home.arpa"];

/// The origin of the page that may read the response. `None`: the request is of no page, or of the portal's own.
pub(super) type Reader = Option<String>;

/// Decides about a request.
///
/// # Errors
/// Why it is refused, and what to do.
pub(super) fn check(headers: &HeaderMap, access: Access, allowed: &[String]) -> Result<Reader, String> {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let is_allowed = |name: &str| allowed.iter().any(|one| one.eq_ignore_ascii_case(name));
    let host = text(HOST).unwrap_or_default();
    let name = name_of(host);
    if !host.is_empty() && !is_own_name(name) && !is_allowed(name) {
        return Err(format!("Requests to the host {name} are refused; allow it with --allow-host {name}"));
    }
    let refuse =
        |from: &str| Err(format!("Requests of pages from {from} are refused; allow them with --allow-host"));
    match text(ORIGIN) {
        Some(origin) => {
            let authority = origin.split_once("://").map_or("", |(_, authority)| authority);
            let other = name_of(authority);
            if authority.eq_ignore_ascii_case(host) && !authority.is_empty() {
                Ok(None)
            } else if access == Access::Call && (is_loopback(other) || is_allowed(other)) {
                Ok(Some(origin.to_owned()))
            } else {
                refuse(origin)
            }
        }
        None if access == Access::Document => Ok(None),
        None => match text(HeaderName::from_static("sec-fetch-site")) {
            Some("cross-site" | "same-site") => refuse("other sites"),
            _ => Ok(None),
        },
    }
}

/// The name without the port.
fn name_of(authority: &str) -> &str {
    if authority.starts_with('[') {
        return authority.split_inclusive(']').next().unwrap_or_default();
    }
    authority.rsplit_once(':').map_or(authority, |(name, _)| name)
}

fn address(name: &str) -> Option<IpAddr> {
    name.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Whether a name leads to a portal without a registration: an address, a name of the local network, a reserved one.
fn is_own_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let is_reserved =
        |ending: &&str| name.strip_suffix(*ending).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    address(&name).is_some() || !name.contains('.') || RESERVED.iter().any(is_reserved)
}

fn is_loopback(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name == "localhost"
        || name.ends_with(".localhost")
        || address(&name).is_some_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    fn answered(
        access: Access,
        host: &str,
        origin: Option<&'static str>,
        site: Option<&'static str>,
    ) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_str(host).expect("a host"));
        for (name, value) in [("origin", origin), ("sec-fetch-site", site)] {
            if let Some(value) = value {
                headers.insert(name, HeaderValue::from_static(value));
            }
        }
        check(&headers, access, &["portal.zoo.example.com".to_owned()]).is_ok()
    }

    #[test]
    fn a_page_of_the_internet_commands_nothing() {
        for access in [Access::Call, Access::Own] {
            // A form, a script, an image, and a name that was changed to lead here.
            assert!(!answered(
                access,
                "127.0.0.1:8024",
                Some("https://evil.example.net"),
                Some("cross-site")
            ));
            assert!(!answered(access, "127.0.0.1:8024", Some("null"), None));
            assert!(!answered(access, "localhost:8024", None, Some("cross-site")));
            assert!(!answered(access, "evil.example.net:8024", None, Some("same-origin")));
            assert!(!answered(access, "evil.example.net", Some("http://evil.example.net"), None));
            assert!(!answered(access, "127.0.0.1.evil.net:8024", None, None));
            assert!(!answered(access, "evillocalhost.net", None, None));
        }
        assert!(!answered(Access::Document, "evil.example.net:8024", None, None));
    }

    #[test]
    fn programs_and_local_pages_are_answered() {
        for host in [
            "127.0.0.1:8024",
            "[::1]:8024",
            "localhost",
            "portal:8024",
            "10.0.0.7",
            "a.localhost:1",
            "portal.zoo.example.com",
        ] {
            for access in [Access::Document, Access::Call, Access::Own] {
                assert!(answered(access, host, None, None), "{host}");
                assert!(answered(access, host, None, Some("none")), "{host}");
            }
        }
        assert!(answered(Access::Own, "127.0.0.1:8024", Some("http://127.0.0.1:8024"), Some("same-origin")));
        assert!(answered(Access::Call, "127.0.0.1:8024", Some("http://localhost:3000"), Some("cross-site")));
        assert!(answered(Access::Call, "127.0.0.1:8024", Some("https://portal.zoo.example.com"), None));
        assert!(answered(Access::Document, "127.0.0.1:8024", None, Some("cross-site")));
        // Another program of this machine may have a page: it calls as any other, and does not see the secret.
        assert!(!answered(Access::Own, "127.0.0.1:8024", Some("http://localhost:3000"), Some("cross-site")));
        assert!(!answered(Access::Own, "127.0.0.1:8024", None, Some("same-site")));
    }
}
