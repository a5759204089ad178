//! Files that are too large for a request: uploads by an address that the portal gives, and downloads, both piece by piece.
//!
//! What is small goes into a request as a [`File`](bitrix24_core::File) instead.

mod download;
mod form;
mod progress;
mod reader;
mod upload;

pub use download::Download;
pub use upload::Upload;

use bitrix24_core::{Failure, Kind};
use reqwest::Url;

use crate::address::is_loopback;
use crate::secret::{Secret, Secrets};

/// How long a part of an address is at least that may be a key, in bytes.
const KEY: usize = 8;

/// The failure without the key in the address of a file, which the portal may have repeated.
fn without_key(failure: Failure, address: &Url) -> Failure {
    let mut secrets = Secrets::new(Secret::token(address.query().unwrap_or_default()));
    let values = address.query_pairs().filter(|(_, value)| value.len() >= KEY);
    values.for_each(|(_, value)| secrets.add(Secret::token(value)));
    failure.scrubbed(&|text| secrets.masked(text))
}

/// An address of a file that the portal has given: absolute or within the portal, over `https` unless on this very machine.
fn file_address(text: &str, portal: &Url) -> Result<Url, Failure> {
    let refused = |reason| Failure::new(Kind::Request, reason);
    let url = portal.join(text).map_err(|_| refused("the address of the file is none"))?;
    if url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url)) {
        Ok(url)
    } else {
        Err(refused(
            "the address of the file is not https; whoever is on the way could read the file and the key to it",
        ))
    }
}
