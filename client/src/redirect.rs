//! Redirects of a portal that has moved: the same request at the new origin.

use bitrix24_core::redirect::{RedirectError, RedirectPolicy, Site, check};
use bitrix24_core::{ErrorKind, Failure};
use psl::Psl;
use reqwest::Url;

use crate::origin::origin_of;

/// The URL at which to repeat a request that was redirected, after `hops` earlier redirects.
///
/// Only scheme, host and port come from the portal. The path stays, since it contains the method and possibly the key.
pub(crate) fn next(
    policy: RedirectPolicy,
    status: u16,
    from: &Url,
    to: Option<Url>,
    hops: usize,
) -> Result<Url, Failure> {
    let Some(to) = to else {
        return Err(failure(status, "the portal sends a redirect without a target".to_owned()));
    };
    let same_path = to.path().trim_end_matches('/') == from.path();
    let checked = check(policy, status, site(from), site(&to), hops).and_then(|()| {
        // A redirect to the same URL would be followed forever.
        if same_path && to.origin() != from.origin() { Ok(()) } else { Err(RedirectError::Path) }
    });
    match checked {
        Ok(()) => {
            let mut next = to;
            next.set_path(from.path());
            next.set_query(from.query());
            next.set_fragment(None);
            // A URL with a host accepts an empty user and no password.
            let _ = next.set_username("").and_then(|()| next.set_password(None));
            Ok(next)
        }
        Err(error) => Err(failure(status, describe(error, from, &to))),
    }
}

/// The site of a URL, with the suffix of its host in the public suffix list, which is compiled in.
fn site(url: &Url) -> Site<'_> {
    let site = Site::new(url.scheme(), url.host_str().unwrap_or_default());
    let suffix = url.domain().and_then(|host| psl::List.suffix(host.as_bytes()));
    match suffix.and_then(|suffix| std::str::from_utf8(suffix.as_bytes()).ok()) {
        Some(suffix) => site.with_public_suffix(suffix),
        None => site,
    }
}

fn failure(status: u16, text: String) -> Failure {
    Failure::new(ErrorKind::Redirect, text).with_status(status)
}

/// Describes the error with the origin of the target only: the path may contain the key.
fn describe(error: RedirectError, from: &Url, to: &Url) -> String {
    if to.origin() == from.origin() {
        return "the portal redirects to another of its pages; check that the user of this key has access to REST"
            .to_owned();
    }
    let to = origin_of(to);
    format!(
        "the portal redirects to {to}, which is not followed: {error}; if the portal has a new address, use that address"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn followed(from: &str, to: &str) -> bool {
        let [from, to] =
            [from, to].map(|host| Url::parse(&format!("https://{host}/rest/1/x/profile")).unwrap());
        next(RedirectPolicy::default(), 302, &from, Some(to), 0).is_ok()
    }

    #[test]
    fn a_redirect_stays_below_a_domain_with_one_owner() {
        for (from, to) in [
            ("old.bitrix24.com", "new.bitrix24.com"),
            ("old.bitrix24.ru", "new.bitrix24.ru"),
            ("old.bitrix24.com.br", "new.bitrix24.com.br"),
            ("crm.shop.co.uk", "b24.shop.co.uk"),
            ("crm.shop.kiev.ua", "b24.shop.kiev.ua"),
            ("crm.shop.local", "b24.shop.local"),
        ] {
            assert!(followed(from, to), "{from} {to}");
        }
        for (from, to) in [
            ("shop.kiev.ua", "evil.kiev.ua"),
            ("shop.info.pl", "evil.info.pl"),
            ("shop.github.io", "evil.github.io"),
            ("shop.co.uk", "evil.co.uk"),
            ("shop.com.br", "evil.com.br"),
            ("shop.herokuapp.com", "evil.herokuapp.com"),
            ("shop.com", "evil.com"),
            ("old.bitrix24.com", "old.bitrix24.ru"),
            ("127.0.0.1", "127.0.0.2"),
        ] {
            assert!(!followed(from, to), "{from} {to}");
        }
    }
}
