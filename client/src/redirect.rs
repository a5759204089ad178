//! Following a portal that was renamed: the same request, at the address to which the portal points.

use bitrix24_core::redirect::{Redirects, Refusal, Site, follow};
use bitrix24_core::{Failure, Kind};
use reqwest::Url;

use crate::address::origin_of;

/// The address to repeat a request at that was answered with a redirect, after `hops` redirects before this one.
///
/// Only scheme, host and port are taken from the portal: the path is ours, since it holds the method and perhaps the key.
pub(crate) fn next(
    setting: Redirects,
    status: u16,
    asked: &Url,
    to: Option<Url>,
    hops: usize,
) -> Result<Url, Failure> {
    let Some(there) = to else {
        return Err(failure(
            status,
            "the portal sends the caller elsewhere and does not say where".to_owned(),
        ));
    };
    let same_page = there.path().trim_end_matches('/') == asked.path();
    let decided = follow(setting, status, site(asked), site(&there), hops).and_then(|()| {
        // A redirect to the very same address would be followed for ever.
        if same_page && there.origin() != asked.origin() { Ok(()) } else { Err(Refusal::Page) }
    });
    match decided {
        Ok(()) => {
            let mut next = there;
            next.set_path(asked.path());
            next.set_query(asked.query());
            next.set_fragment(None);
            // An address with a host can be without a user and a password.
            let _ = next.set_username("").and_then(|()| next.set_password(None));
            Ok(next)
        }
        Err(refusal) => Err(failure(status, explained(refusal, asked, &there))),
    }
}

fn site(url: &Url) -> Site<'_> {
    Site::new(url.scheme(), url.host_str().unwrap_or_default())
}

fn failure(status: u16, text: String) -> Failure {
    Failure::new(Kind::Redirect, text).with_status(status)
}

/// Of the other address only the origin is told: its path may repeat the key.
fn explained(refusal: Refusal, asked: &Url, there: &Url) -> String {
    if there.origin() == asked.origin() {
        return "the portal sends the caller to another of its own pages; check that REST is available to the user whose \
                key this is"
            .to_owned();
    }
    let there = origin_of(there);
    format!(
        "the portal sends the caller to {there}, which is not followed: {refusal}; if the portal was renamed or moved, \
         use its new address"
    )
}
