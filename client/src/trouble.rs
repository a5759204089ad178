//! What went wrong on the way, in words that show no address.

use bitrix24_core::{Failure, Kind};
use reqwest::{Error, Response};

use crate::address::origin_of;

/// An error with its causes, outermost first.
pub(crate) fn explained(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}

/// A request for which no answer has begun to come.
pub(crate) fn without_answer(error: Error, origin: &str) -> Failure {
    // The error carries the address, and with it the secret.
    let error = error.without_url();
    // A connection that takes too long counts as both; what matters is that nothing was sent.
    let (kind, text) = if error.is_connect() {
        (Kind::Connect, format!("there is no connection to {origin}, and nothing was sent"))
    } else if error.is_timeout() {
        (Kind::Timeout, format!("{origin} gave no answer in time; it may have carried out the request"))
    } else if error.is_builder() {
        (Kind::Request, "the HTTP client refused the request before sending it".to_owned())
    } else {
        (
            Kind::Transport,
            format!("the exchange with {origin} broke off; it may have carried out the request"),
        )
    };
    Failure::new(kind, text).with_source(error)
}

/// An answer that has begun and does not end as it should.
pub(crate) fn broken_answer(error: Error, status: u16, received: usize, promised: Option<u64>) -> Failure {
    let error = error.without_url();
    let failure = if error.is_timeout() {
        Failure::new(Kind::Timeout, format!("the answer did not end in time; {received} bytes of it came"))
    } else {
        let promised = promised.map(|promised| format!(" of {promised}")).unwrap_or_default();
        Failure::new(Kind::Truncated, format!("the answer breaks off after {received}{promised} bytes"))
    };
    failure.with_status(status).with_source(error)
}

/// An answer of more bytes than the client takes. What has come of it is dropped, and so is its connection.
pub(crate) fn too_large(status: u16, largest: usize) -> Failure {
    let text = format!(
        "the answer is larger than the {largest} bytes that it may have; ask for less at once, or set `max_answer_size`"
    );
    Failure::new(Kind::TooLarge, text).with_status(status)
}

/// An answer that came from another address than the request was for: an HTTP client of the caller's own has followed a
/// redirect, most likely without the parameters. Whatever ran, it was not what was asked for, so the kind promises nothing.
pub(crate) fn followed(response: &Response) -> Failure {
    let text = format!(
        "the HTTP client followed a redirect to {}, so this is no answer to the request; give the client a redirect \
         policy of none",
        origin_of(response.url())
    );
    Failure::new(Kind::NotAnAnswer, text).with_status(response.status().as_u16())
}
