//! URLs of files.

use bitrix24_core::{ErrorKind, Failure};
use reqwest::Url;

use crate::origin::is_loopback;
use crate::secret::{Secret, Secrets};

/// The minimum length of a query value that may be a key, in bytes.
const MIN_KEY_LENGTH: usize = 8;

/// Replaces the key in the URL of a file, which the portal may have repeated in its response.
pub(super) fn redact_url(failure: Failure, url: &Url) -> Failure {
    let mut secrets = Secrets::new(Secret::token(url.query().unwrap_or_default()));
    let values = url.query_pairs().filter(|(_, value)| value.len() >= MIN_KEY_LENGTH);
    values.for_each(|(_, value)| secrets.add(Secret::token(value)));
    let redactor = secrets.redactor();
    failure.redact(&|text| redactor.redact(text))
}

/// Parses the URL of a file: absolute or relative to the portal, `https` unless it points to this machine.
pub(super) fn parse_file_url(text: &str, portal: &Url) -> Result<Url, Failure> {
    let invalid = |reason| Failure::new(ErrorKind::Request, reason);
    let url = portal.join(text).map_err(|_| invalid("the URL of the file is invalid"))?;
    if url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url)) {
        Ok(url)
    } else {
        Err(invalid(
            "the URL of the file is not https; others on the network could read the file and its key",
        ))
    }
}
