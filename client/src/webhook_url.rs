//! The URL of a webhook: its syntax, and its redacted form.

use std::fmt;

use bitrix24_core::{AnyError, Api, ErrorKind, Failure};
use reqwest::Url;

use crate::origin::{is_loopback, origin_of};
use crate::secret::{MASK, Secret};

/// A portal, a user, and the secret that authorizes calls of that user.
#[derive(Clone)]
pub(crate) struct WebhookUrl {
    /// Scheme, host and port; the path is `/`.
    origin: Url,
    user: u64,
    secret: Secret,
}

impl WebhookUrl {
    /// Parses the URL of a webhook, in any form in which it is commonly copied.
    pub(crate) fn parse(text: &str) -> Result<Self, WebhookUrlError> {
        let url =
            Url::parse(text).map_err(|_| WebhookUrlError { problem: UrlProblem::NotAUrl, redacted: None })?;
        parse_parts(&url).map_err(|problem| WebhookUrlError { problem, redacted: redact(&url) })
    }

    /// The URL of a method. The caller must have checked the name: it becomes part of the path unchanged.
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

/// The path segments of user and secret: `/rest/USER/SECRET` or `/rest/api/USER/SECRET`, optionally followed by slashes or the
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

/// A rejected URL without anything that may be secret: the origin, and the user's number if it is in its place.
fn redact(url: &Url) -> Option<Box<str>> {
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let user = user_and_secret(url).ok().and_then(|(user, _)| user_id(user));
    let path = user.map_or_else(|| MASK.to_owned(), |user| format!("rest/{user}/{MASK}/"));
    Some(format!("{}/{path}", origin_of(url)).into())
}

/// Why a text is not the URL of a webhook.
///
/// It never contains the secret: the URL is redacted, and omitted if its parts cannot be recognized.
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
    /// The defect.
    pub fn problem(&self) -> UrlProblem {
        self.problem
    }

    /// The URL with everything replaced that may be secret, if its parts can be recognized.
    pub fn redacted(&self) -> Option<&str> {
        self.redacted.as_deref()
    }
}

/// Defects of the URL of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UrlProblem {
    /// It is not a URL.
    NotAUrl,
    /// It is plain `http`, which would expose the secret to the network.
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
    /// The secret in it is missing, or has characters that are not allowed.
    Secret,
}

impl UrlProblem {
    fn describe(self) -> &'static str {
        match self {
            Self::NotAUrl => "it is not a URL",
            Self::NotHttps => {
                "plain http would expose the secret to the network, and is accepted only for this machine"
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
        f.write_str("not the URL of a webhook")?;
        if let Some(redacted) = &self.redacted {
            write!(f, " ({redacted})")?;
        }
        write!(f, ": {}; expected https://HOST/rest/USER/SECRET/", self.problem)
    }
}

impl std::error::Error for WebhookUrlError {}

impl From<WebhookUrlError> for AnyError {
    fn from(error: WebhookUrlError) -> Self {
        Self::new("", Failure::new(ErrorKind::Request, error.to_string()))
    }
}
