//! Addresses of handlers.

use reqwest::Url;

/// An address in the form in which addresses are compared: the scheme and the host in lower case, without the default port and the
/// fragment, with a path. What is no URL stays as it is.
pub(super) fn normalized(address: &str) -> String {
    let Ok(mut url) = Url::parse(address.trim()) else { return address.trim().to_owned() };
    url.set_fragment(None);
    url.into()
}

/// Whether an address is `prefix` or below it. The prefix ends at the end of a part of the path: `https://shop.example/a` contains
/// `https://shop.example/a/b` and `https://shop.example/a?x=1`, but not `https://shop.example/ab`. A prefix without a host
/// contains nothing.
pub(super) fn is_below(address: &str, prefix: &str) -> bool {
    if !Url::parse(prefix.trim()).is_ok_and(|url| url.has_host()) {
        return false;
    }
    let (address, prefix) = (normalized(address), normalized(prefix));
    let Some(rest) = address.strip_prefix(&prefix) else { return false };
    rest.is_empty() || prefix.ends_with(['/', '?']) || rest.starts_with(['/', '?'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_as_urls() {
        for (one, other, same) in [
            ("https://shop.example", "https://SHOP.example:443/", true),
            ("HTTPS://shop.example/Hook", "https://shop.example/Hook", true),
            ("https://shop.example/Hook", "https://shop.example/hook", false),
            ("https://shop.example/a/../b", "https://shop.example/b#top", true),
            ("https://shop.example/b?x=1", "https://shop.example/b", false),
            ("https://shop.example:8443/b", "https://shop.example/b", false),
            ("https://bücher.example/", "https://xn--bcher-kva.example/", true),
            ("no address", " no address ", true),
        ] {
            assert_eq!(normalized(one) == normalized(other), same, "{one} {other}");
        }
    }

    #[test]
    fn a_prefix_ends_with_a_part_of_the_path() {
        for (address, prefix, below) in [
            ("https://shop.example/a/b", "https://shop.example/a", true),
            ("https://shop.example/a", "https://shop.example/a", true),
            ("https://shop.example/a?x=1", "https://Shop.Example/a", true),
            ("https://shop.example/ab", "https://shop.example/a", false),
            ("https://shop.example/ab", "https://shop.example/a/", false),
            ("https://shop.example/", "https://shop.example", true),
            ("https://shop.example.evil.example/", "https://shop.example", false),
            ("https://shop.example:8443/", "https://shop.example", false),
            ("http://shop.example/", "https://shop.example", false),
            ("", "https://shop.example", false),
            ("https://shop.example/", "https://", false),
            ("https://shop.example/", "https:", false),
            ("https://shop.example/", "", false),
        ] {
            assert_eq!(is_below(address, prefix), below, "{address} {prefix}");
        }
    }
}
