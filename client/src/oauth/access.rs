//! The token of a call and its endpoint.

use bitrix24_core::{Api, ErrorKind, Failure};
use reqwest::Url;

use crate::origin::{is_loopback, origin_of};
use crate::secret::Secret;

/// An access token, and its REST interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Access {
    token: Secret,
    endpoint: Url,
    generation: u64,
}

impl Access {
    pub(super) fn new(token: &str, endpoint: Url, generation: u64) -> Self {
        Self { token: Secret::token(token), endpoint, generation }
    }

    /// The token, for the body or the header of a call and nothing else.
    pub(crate) fn token(&self) -> &Secret {
        &self.token
    }

    /// The base of method URLs: `https://PORTAL/rest/`, with the slash.
    pub(crate) fn endpoint(&self) -> &Url {
        &self.endpoint
    }

    /// The URL of a method. The caller must have checked the name: it becomes part of the path unchanged.
    pub(crate) fn method_url(&self, api: Api, name: &str) -> Url {
        let mut url = self.endpoint.clone();
        let folder = self.endpoint.path();
        url.set_path(&match api {
            Api::V3 => format!("{folder}api/{name}"),
            _ => format!("{folder}{name}.json"),
        });
        url
    }

    /// The generation of its pair in the session; a newer one has a greater number.
    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }
}

/// Parses the REST interface of tokens. Anyone may have written the address into a request, so an error shows only its origin.
pub(super) fn endpoint(text: &str) -> Result<Url, Failure> {
    let refuse = |shown: &str, problem: &str| {
        let text = format!("the tokens have an invalid endpoint{shown}: {problem}");
        Err(Failure::new(ErrorKind::Authorization, text))
    };
    let Ok(mut url) = Url::parse(text) else { return refuse("", "it is not a URL") };
    let shown = format!(" ({})", origin_of(&url));
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        _ => return refuse(&shown, "it is not https, so the token would be exposed to the network"),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse(&shown, "it has a user name or a password before the host");
    }
    url.set_query(None);
    url.set_fragment(None);
    let path = format!("{}/", url.path().trim_end_matches('/'));
    url.set_path(&path);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_of_both_interfaces_are_below_the_address_of_the_tokens() {
        let cases = [
            (
                "https://shop.example/rest/",
                "https://shop.example/rest/profile.json",
                "https://shop.example/rest/api/profile",
            ),
            (
                "https://shop.example:8443/rest",
                "https://shop.example:8443/rest/profile.json",
                "https://shop.example:8443/rest/api/profile",
            ),
            (
                "http://127.0.0.1:81/crm/rest//?x#y",
                "http://127.0.0.1:81/crm/rest/profile.json",
                "http://127.0.0.1:81/crm/rest/api/profile",
            ),
        ];
        for (given, second, third) in cases {
            let access = Access::new("t", endpoint(given).unwrap(), 1);
            assert_eq!(access.method_url(Api::V2, "profile").as_str(), second);
            assert_eq!(access.method_url(Api::V3, "profile").as_str(), third);
            assert!(!format!("{access:?}").contains("\"t\""));
        }
    }

    #[test]
    fn no_token_goes_where_others_would_see_it() {
        let cases = [
            ("", "it is not a URL"),
            ("shop.example/rest/", "it is not a URL"),
            ("http://shop.example/rest/", "not https"),
            ("ftp://shop.example/rest/", "not https"),
            ("https://u:p4ss@shop.example/rest/", "user name"),
        ];
        for (given, says) in cases {
            let failure = endpoint(given).unwrap_err();
            assert_eq!(failure.kind(), ErrorKind::Authorization);
            assert!(failure.to_string().contains(says), "{failure}");
            assert!(!failure.to_string().contains("p4ss"), "{failure}");
        }
    }
}
