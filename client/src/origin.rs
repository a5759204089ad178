//! Origins of URLs.

use std::net::IpAddr;

use reqwest::Url;

/// Scheme, host and port of a URL as text, without user info and path.
pub(crate) fn origin_of(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}", url.scheme(), url.host_str().unwrap_or_default())
}

/// Whether a URL points to this machine, so that no other machine can intercept the connection.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let number = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || number.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}
