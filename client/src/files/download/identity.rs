//! Whether a file on a server is still the same, and which part of it a response has.

use reqwest::Response;
use reqwest::header::{ACCEPT_RANGES, CONTENT_RANGE, ETAG, HeaderMap, HeaderName, LAST_MODIFIED};

/// What a server says about the version of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Identity {
    /// The length of the whole file; `None` if it is unknown, and for a file that is packed on the way.
    pub(super) length: Option<u64>,
    etag: Option<String>,
    last_modified: Option<String>,
    /// Whether the server says that it sends no parts of files.
    no_ranges: bool,
}

impl Identity {
    /// The file of a response with the whole content.
    pub(super) fn of_whole(response: &Response) -> Self {
        // A response that was unpacked has no length any more.
        Self::new(response.headers(), response.content_length())
    }

    fn new(headers: &HeaderMap, length: Option<u64>) -> Self {
        Self {
            length,
            // A weak tag says that two versions mean the same, not that their bytes are the same.
            etag: text(headers, &ETAG).filter(|tag| !tag.starts_with("W/")),
            last_modified: text(headers, &LAST_MODIFIED),
            no_ranges: text(headers, &ACCEPT_RANGES).is_some_and(|unit| unit.eq_ignore_ascii_case("none")),
        }
    }

    /// The value of `If-Range`, by which the server recognizes the version; `None` if a part of the file must not be requested,
    /// since the server could not recognize that it is one of another version.
    pub(super) fn if_range(&self) -> Option<&str> {
        let version = self.etag.as_deref().or(self.last_modified.as_deref());
        version.filter(|_| self.length.is_some() && !self.no_ranges)
    }

    /// Whether another response has the same version of the file. Unknown versions are not the same.
    fn is_same(&self, other: &Self) -> bool {
        let known = self.etag.is_some() || self.last_modified.is_some();
        known
            && self.length.is_some()
            && (&self.length, &self.etag, &self.last_modified)
                == (&other.length, &other.etag, &other.last_modified)
    }

    /// How a response to the request for the rest of the file, from `received` on, continues it.
    pub(super) fn continuation(&self, response: &Response, received: u64) -> Continuation {
        match response.status().as_u16() {
            206 => {
                let headers = response.headers();
                let range = text(headers, &CONTENT_RANGE).and_then(|range| parse_content_range(&range));
                let part = Self::new(headers, range.map(|(_, total)| total));
                // A server may omit the date if it sends the tag.
                let part =
                    Self { last_modified: part.last_modified.or_else(|| self.last_modified.clone()), ..part };
                if range.is_some_and(|(start, _)| start == received) && self.is_same(&part) {
                    Continuation::Rest
                } else {
                    Continuation::Unusable
                }
            }
            416 => Continuation::Unusable,
            _ if self.is_same(&Self::of_whole(response)) => Continuation::SameFile,
            _ => Continuation::OtherFile,
        }
    }
}

/// How a response continues a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Continuation {
    /// With the rest.
    Rest,
    /// With the same file from the beginning.
    SameFile,
    /// With another version from the beginning.
    OtherFile,
    /// Not at all: the file must be requested without a range.
    Unusable,
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.trim().to_owned())
}

/// The start of a part and the length of the whole file: `bytes 100-299/300`.
fn parse_content_range(text: &str) -> Option<(u64, u64)> {
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (start, end) = range.split_once('-')?;
    let (start, end, total): (u64, u64, u64) = (start.parse().ok()?, end.parse().ok()?, total.parse().ok()?);
    (start <= end && end + 1 == total).then_some((start, total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_rest_of_a_file_of_known_length_continues_it() {
        let cases = [
            ("bytes 100-299/300", Some((100, 300))),
            ("bytes 0-0/1", Some((0, 1))),
            ("bytes 100-200/300", None),
            ("bytes 100-299/*", None),
            ("bytes */300", None),
            ("items 100-299/300", None),
            ("bytes 300-299/300", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_content_range(text), expected, "{text}");
        }
    }

    #[test]
    fn a_version_is_known_by_a_strong_tag_or_a_date() {
        let identity = |etag: &str, date: &str, length| {
            let value = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            Identity { length, etag: value(etag), last_modified: value(date), no_ranges: false }
        };
        let cases = [
            (identity("\"a\"", "Mon", Some(5)), identity("\"a\"", "Mon", Some(5)), true),
            (identity("", "Mon", Some(5)), identity("", "Mon", Some(5)), true),
            (identity("\"a\"", "", Some(5)), identity("\"b\"", "", Some(5)), false),
            (identity("\"a\"", "", Some(5)), identity("", "", Some(5)), false),
            (identity("\"a\"", "Mon", Some(5)), identity("\"a\"", "Mon", Some(6)), false),
            (identity("", "", Some(5)), identity("", "", Some(5)), false),
            (identity("\"a\"", "", None), identity("\"a\"", "", None), false),
        ];
        for (one, other, same) in cases {
            assert_eq!(one.is_same(&other), same, "{one:?} {other:?}");
        }
    }
}
