//! The address of a webhook: what it may look like, and how it is shown.

use std::fmt;

use bitrix24_core::Api;
use reqwest::Url;

use crate::origin::{is_loopback, origin_of};
use crate::secret::{MASK, Secret};

/// A portal, a user of it, and the secret that lets one act as that user.
#[derive(Clone)]
pub(crate) struct WebhookUrl {
    /// Scheme, host and port; the path is `/`.
    origin: Url,
    user: u64,
    secret: Secret,
}

impl WebhookUrl {
    /// Reads the address of a webhook, in any form in which people copy it.
    pub(crate) fn parse(text: &str) -> Result<Self, WebhookUrlError> {
        let url =
            Url::parse(text).map_err(|_| WebhookUrlError { problem: UrlProblem::NotAUrl, redacted: None })?;
        parse_parts(&url).map_err(|problem| WebhookUrlError { problem, redacted: redact(&url) })
    }

    /// The address of a method. The name must have been checked: it goes into the path as it is.
    pub(crate) fn method_url(&self, api: Api, name: &str) -> Url {
        let (user, secret) = (self.user, self.secret.expose());
        let mut url = self.origin.clone();
        url.set_path(&match api {
            Api::V3 => format!("/rest/api/{user}/{secret}/{name}"),
            _ => format!("/rest/{user}/{secret}/{name}.json"),
        });
        url
    }

    /// Scheme, host and port; the path is `/`.
    pub(crate) fn origin(&self) -> &Url {
        &self.origin
    }

    pub(crate) fn user(&self) -> u64 {
        self.user
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.secret
    }
}

fn parse_parts(url: &Url) -> Result<WebhookUrl, UrlProblem> {
    check_scheme(url)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlProblem::UserInfo);
    }
    if url.query().is_some() {
        return Err(UrlProblem::Query);
    }
    if url.fragment().is_some() {
        return Err(UrlProblem::Fragment);
    }
    let (user, secret) = user_and_secret(url)?;
    let user = user_id(user).ok_or(UrlProblem::User)?;
    let secret = Secret::parse(secret).ok_or(UrlProblem::Secret)?;
    let mut origin = url.clone();
    origin.set_path("/");
    Ok(WebhookUrl { origin, user, secret })
}

fn check_scheme(url: &Url) -> Result<(), UrlProblem> {
    match url.scheme() {
        "https" | "http" if url.host_str().is_none_or(str::is_empty) => Err(UrlProblem::Host),
        "https" => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        "http" => Err(UrlProblem::NotHttps),
        _ => Err(UrlProblem::Scheme),
    }
}

/// The texts in the places of user and secret: `/rest/USER/SECRET` or `/rest/api/USER/SECRET`, with slashes behind or the
/// name of a method, which is easily copied along.
fn user_and_secret(url: &Url) -> Result<(&str, &str), UrlProblem> {
    let mut segments = url.path().split('/').skip(1);
    if segments.next() != Some("rest") {
        return Err(UrlProblem::Path);
    }
    let user = match segments.next() {
        Some("api") => segments.next(),
        other => other,
    };
    let user = user.filter(|user| !user.is_empty()).ok_or(UrlProblem::Path)?;
    let secret = segments.next().unwrap_or_default();
    let mut behind = segments.filter(|segment| !segment.is_empty());
    let method = behind.next().unwrap_or_default();
    let plain = method.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_');
    if plain && behind.next().is_none() { Ok((user, secret)) } else { Err(UrlProblem::Path) }
}

fn user_id(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|user| digits && *user > 0)
}

/// A refused address with nothing in it that may be secret: the origin, and the user's number where it stands in its place.
fn redact(url: &Url) -> Option<Box<str>> {
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let user = user_and_secret(url).ok().and_then(|(user, _)| user_id(user));
    let path = user.map_or_else(|| MASK.to_owned(), |user| format!("rest/{user}/{MASK}/"));
    Some(format!("{}/{path}", origin_of(url)).into())
}

/// Why a text is not the address of a webhook.
///
/// It never shows the secret: the address appears masked, and not at all where it could not be told apart.
///
/// ```
/// use bitrix24_client::{UrlProblem, Client};
/// let error = Client::webhook("http://example.bitrix24.com/rest/1/0a1b2c3d/").unwrap_err();
/// assert_eq!(error.problem(), UrlProblem::NotHttps);
/// assert!(error.to_string().contains("http://example.bitrix24.com/rest/1/***/"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookUrlError {
    problem: UrlProblem,
    redacted: Option<Box<str>>,
}

impl WebhookUrlError {
    /// What is wrong with it.
    pub fn problem(&self) -> UrlProblem {
        self.problem
    }

    /// The address with everything masked that may be secret, where it could be told apart.
    pub fn redacted(&self) -> Option<&str> {
        self.redacted.as_deref()
    }
}

/// What can be wrong with the address of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UrlProblem {
    /// It is no URL.
    NotAUrl,
    /// It is plain `http`, which would show the secret to everyone on the way.
    NotHttps,
    /// Its scheme is neither `https` nor `http`.
    Scheme,
    /// It has no host.
    Host,
    /// It has a user name or a password before the host.
    UserInfo,
    /// It has a query.
    Query,
    /// It has a fragment.
    Fragment,
    /// Its path is not that of a webhook.
    Path,
    /// The user in it is not a positive number.
    User,
    /// The secret in it is missing, or has characters that no secret has.
    Secret,
}

impl UrlProblem {
    fn describe(self) -> &'static str {
        match self {
            Self::NotAUrl => "it is no URL",
            Self::NotHttps => {
                "plain http would show the secret to everyone on the way, and is for this machine only"
            }
            Self::Scheme => "its scheme is not https",
            Self::Host => "it has no host",
            Self::UserInfo => "it has a user name or a password before the host",
            Self::Query => "it has a query",
            Self::Fragment => "it has a fragment",
            Self::Path => "its path is not that of a webhook",
            Self::User => "the user in it is not a positive number",
            Self::Secret => {
                "the secret in it is empty or has characters other than letters, digits, `_` and `-`"
            }
        }
    }
}

impl fmt::Display for UrlProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.describe())
    }
}

impl fmt::Display for WebhookUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the address of a webhook")?;
        if let Some(redacted) = &self.redacted {
            write!(f, " ({redacted})")?;
        }
        write!(f, ": {}; expected https://HOST/rest/USER/SECRET/", self.problem)
    }
}

impl std::error::Error for WebhookUrlError {}
