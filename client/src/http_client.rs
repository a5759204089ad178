//! The HTTP client and the proxies that a program brings along.
//!
//! Versions of reqwest are in names only, so that a new version of reqwest is an addition and breaks no program.

use std::error::Error;
use std::fmt;

/// An HTTP client of the program, for [`ClientBuilder::http_client`](crate::ClientBuilder::http_client) and
/// [`App::with_http_client`](crate::App::with_http_client).
///
/// ```
/// use bitrix24_client::{Client, HttpClient, reqwest_0_13 as reqwest};
/// # fn example(certificate: reqwest::Certificate) -> Result<(), Box<dyn std::error::Error>> {
/// let http = reqwest::Client::builder()
///     .redirect(reqwest::redirect::Policy::none())
///     .tls_certs_merge([certificate])
///     .build()?;
/// let builder = Client::builder().http_client(HttpClient::from_reqwest_0_13(http));
/// # let _ = builder;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct HttpClient(reqwest::Client);

impl HttpClient {
    /// A client of reqwest 0.13, which this crate uses.
    pub fn from_reqwest_0_13(client: reqwest::Client) -> Self {
        Self(client)
    }

    pub(crate) fn into_reqwest(self) -> reqwest::Client {
        self.0
    }
}

/// Shows nothing of the client: its default headers and proxies may be secret.
impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HttpClient")
    }
}

/// A proxy, for [`ClientBuilder::proxy`](crate::ClientBuilder::proxy).
///
/// ```
/// use bitrix24_client::{Client, Proxy};
/// let proxy = Proxy::all("http://proxy.example:3128")?.with_password("clerk", "q8Zt_4mN");
/// let builder = Client::builder().proxy(proxy);
/// # let _ = builder;
/// # Ok::<(), bitrix24_client::ProxyUrlError>(())
/// ```
#[derive(Clone)]
pub struct Proxy(reqwest::Proxy);

impl Proxy {
    /// A proxy for all URLs: `http://HOST:PORT` or `https://HOST:PORT`, with a user and a password if the proxy needs them.
    ///
    /// # Errors
    /// A [`ProxyUrlError`] if the text is no such URL.
    pub fn all(url: &str) -> Result<Self, ProxyUrlError> {
        Self::of(reqwest::Proxy::all(url))
    }

    /// A proxy for URLs with `https`.
    ///
    /// # Errors
    /// A [`ProxyUrlError`] if the text is no URL of a proxy.
    pub fn https(url: &str) -> Result<Self, ProxyUrlError> {
        Self::of(reqwest::Proxy::https(url))
    }

    /// A proxy for URLs with plain `http`, which are those of this machine.
    ///
    /// # Errors
    /// A [`ProxyUrlError`] if the text is no URL of a proxy.
    pub fn http(url: &str) -> Result<Self, ProxyUrlError> {
        Self::of(reqwest::Proxy::http(url))
    }

    /// Sets the user and the password of the proxy.
    #[must_use]
    pub fn with_password(self, user: &str, password: &str) -> Self {
        Self(self.0.basic_auth(user, password))
    }

    /// A proxy of reqwest 0.13, for other settings.
    pub fn from_reqwest_0_13(proxy: reqwest::Proxy) -> Self {
        Self(proxy)
    }

    pub(crate) fn into_reqwest(self) -> reqwest::Proxy {
        self.0
    }

    fn of(proxy: reqwest::Result<reqwest::Proxy>) -> Result<Self, ProxyUrlError> {
        // The error of reqwest may show the URL, and with it the password.
        proxy.map(Self).map_err(|_| ProxyUrlError(()))
    }
}

/// Shows nothing of the URL, which may contain a password.
impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Proxy")
    }
}

/// The error of a text that is no URL of a proxy. It does not contain the text, which may have a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyUrlError(());

impl fmt::Display for ProxyUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the URL of the proxy is invalid; expected `http://HOST:PORT` or `https://HOST:PORT`")
    }
}

impl Error for ProxyUrlError {}
