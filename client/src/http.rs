//! The underlying HTTP client: without redirects and retries, and with its own TLS.

use std::time::Duration;

use reqwest::{ClientBuilder, redirect, retry};

use crate::transport_error::error_chain;

mod clients;
mod last_use;
mod limits;
#[cfg(all(any(feature = "rustls", feature = "rustls-ring"), not(feature = "native-tls")))]
mod tls;

pub(crate) use clients::HttpClients;
pub(crate) use last_use::LastUse;
pub(crate) use limits::{Limits, Place};

/// The settings of an HTTP client.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) connect_timeout: Duration,
    pub(crate) pool_idle_timeout: Duration,
    pub(crate) user_agent: String,
    /// How many unused connections to one server are kept. Default: no limit.
    pub(crate) max_idle_per_host: Option<usize>,
    /// Proxies that replace those of the environment.
    pub(crate) proxies: Vec<reqwest::Proxy>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            pool_idle_timeout: Duration::from_secs(15),
            user_agent: concat!("bitrix24-rust/", env!("CARGO_PKG_VERSION")).to_owned(),
            max_idle_per_host: None,
            proxies: Vec::new(),
        }
    }
}

/// Creates an HTTP client for calls to this machine (`local`) or to others.
fn client(settings: &Settings, local: bool) -> Result<reqwest::Client, Box<str>> {
    let mut builder = reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        // Other crates of the program may have enabled more features of reqwest.
        .http1_only()
        .connect_timeout(settings.connect_timeout)
        .pool_idle_timeout(settings.pool_idle_timeout)
        .user_agent(settings.user_agent.as_str());
    if let Some(connections) = settings.max_idle_per_host {
        builder = builder.pool_max_idle_per_host(connections);
    }
    if settings.pool_idle_timeout.is_zero() {
        builder = builder.pool_max_idle_per_host(0);
    }
    if local {
        // A proxy would see the secret in clear text, and could not reach this machine by that name anyway.
        builder = builder.no_proxy();
    }
    for proxy in &settings.proxies {
        builder = builder.proxy(proxy.clone());
    }
    let built = with_tls(builder).and_then(|builder| builder.build().map_err(|error| error_chain(&error)));
    built.map_err(|reason| format!("the HTTP client cannot be set up: {reason}").into())
}

#[cfg(feature = "native-tls")]
fn with_tls(builder: ClientBuilder) -> Result<ClientBuilder, String> {
    Ok(builder.tls_backend_native())
}

#[cfg(all(any(feature = "rustls", feature = "rustls-ring"), not(feature = "native-tls")))]
fn with_tls(builder: ClientBuilder) -> Result<ClientBuilder, String> {
    Ok(builder.tls_backend_preconfigured(tls::config()?))
}

#[cfg(not(any(feature = "rustls", feature = "rustls-ring", feature = "native-tls")))]
fn with_tls(builder: ClientBuilder) -> Result<ClientBuilder, String> {
    Ok(builder)
}
