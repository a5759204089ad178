//! Failures of the transport, with texts that contain no address beyond the origin.

use bitrix24_core::{ErrorKind, Failure};
use reqwest::{Error, Response};

use crate::origin::origin_of;

/// An error with its causes, outermost first.
pub(crate) fn error_chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}

/// A request without any response.
pub(crate) fn no_response(error: Error, origin: &str) -> Failure {
    // The error contains the URL, and with it the secret.
    let error = error.without_url();
    // A connection timeout is both kinds of error; what matters is that nothing was sent.
    let permanent = error.is_connect() && is_permanent(&error_chain(&error));
    let (kind, text) = if error.is_connect() {
        (ErrorKind::Connect, format!("cannot connect to {origin}; nothing was sent"))
    } else if error.is_timeout() {
        (ErrorKind::Timeout, format!("{origin} did not respond in time; it may have executed the request"))
    } else if error.is_builder() {
        (ErrorKind::Request, "the HTTP client rejected the request before sending it".to_owned())
    } else {
        (
            ErrorKind::Transport,
            format!("the connection to {origin} broke; the request may have been executed"),
        )
    };
    let failure = Failure::new(kind, text).with_source(error);
    if permanent { failure.permanent() } else { failure }
}

/// Whether a connection that failed with these causes would fail again: the certificate is refused, or the host is unknown. Each
/// library of TLS has its own errors, and the standard library has none for names of hosts, so the texts decide.
fn is_permanent(causes: &str) -> bool {
    let causes = causes.to_ascii_lowercase();
    let unknown_host = causes.contains("dns error") || causes.contains("failed to lookup address");
    let temporary = ["temporary", "try again", "timed out"].iter().any(|word| causes.contains(word));
    causes.contains("certificate") || (unknown_host && !temporary)
}

/// A response that started and did not arrive completely.
pub(crate) fn incomplete_response(
    error: Error,
    status: u16,
    received: usize,
    expected: Option<u64>,
) -> Failure {
    let error = error.without_url();
    let failure = if error.is_timeout() {
        let text = format!("the response did not end in time; {received} bytes of it arrived");
        Failure::new(ErrorKind::Timeout, text)
    } else {
        let expected = expected.map(|expected| format!(" of {expected}")).unwrap_or_default();
        let text = format!("the response ends after {received}{expected} bytes");
        Failure::new(ErrorKind::Truncated, text)
    };
    failure.with_status(status).with_source(error)
}

/// A response that exceeds the size limit. What has arrived is dropped, and so is its connection.
pub(crate) fn too_large(status: u16, limit: usize) -> Failure {
    let text = format!(
        "the response exceeds the limit of {limit} bytes; request less at once, or set `max_response_size`"
    );
    Failure::new(ErrorKind::TooLarge, text).with_status(status)
}

/// A response from another URL than that of the request: the caller's HTTP client followed a redirect, probably without the
/// parameters. Whatever was executed was not the request, so the kind promises nothing about it.
pub(crate) fn redirect_followed(response: &Response) -> Failure {
    let text = format!(
        "the HTTP client followed a redirect to {}, so this is not the response to the request; configure the client \
         with the redirect policy `none`",
        origin_of(response.url())
    );
    Failure::new(ErrorKind::UnexpectedResponse, text).with_status(response.status().as_u16())
}

#[cfg(test)]
mod tests {
    use super::is_permanent;

    #[test]
    fn a_refused_certificate_and_an_unknown_host_are_permanent() {
        let cases = [
            ("client error (Connect): invalid peer certificate: Expired", true),
            ("client error (Connect): error:0A000086: certificate verify failed", true),
            ("dns error: failed to lookup address information: Name or service not known", true),
            ("dns error: failed to lookup address information: Temporary failure in name resolution", false),
            ("client error (Connect): tcp connect error: Connection refused (os error 111)", false),
            ("client error (Connect): unexpected end of file", false),
        ];
        for (causes, expected) in cases {
            assert_eq!(is_permanent(causes), expected, "{causes}");
        }
    }
}
