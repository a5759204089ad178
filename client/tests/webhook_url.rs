//! Which addresses are those of a webhook, and what is said of the others.

use bitrix24_client::{Client, UrlProblem};

const SECRET: &str = "q8Zt_4mN-x2Lw7";

fn with_secret(text: &str) -> String {
    text.replace("SECRET", SECRET)
}

#[test]
fn an_address_is_read_in_every_form_in_which_it_is_copied() {
    let cases = [
        ("https://shop.example/rest/7/SECRET", "https://shop.example"),
        ("https://shop.example/rest/7/SECRET/", "https://shop.example"),
        ("https://shop.example/rest/7/SECRET///", "https://shop.example"),
        ("  https://shop.example/rest/7/SECRET/\n", "https://shop.example"),
        ("https://shop.example/rest/7/SECRET/profile", "https://shop.example"),
        ("https://shop.example/rest/7/SECRET/profile.json", "https://shop.example"),
        ("https://shop.example/rest/7/SECRET//crm.deal.list.json", "https://shop.example"),
        ("https://shop.example/rest/api/7/SECRET/", "https://shop.example"),
        ("https://shop.example/rest/api/7/SECRET/tasks.task.get", "https://shop.example"),
        ("HTTPS://SHOP.example/rest/7/SECRET/", "https://shop.example"),
        ("https://shop.example:443/rest/7/SECRET/", "https://shop.example"),
        ("https://shop.example:8443/rest/7/SECRET/", "https://shop.example:8443"),
        ("https://192.0.2.4/rest/7/SECRET/", "https://192.0.2.4"),
        ("https://магазин.example/rest/7/SECRET/", "https://xn--80aairftm.example"),
        ("http://localhost:8080/rest/7/SECRET/", "http://localhost:8080"),
        ("http://127.0.0.1/rest/7/SECRET/", "http://127.0.0.1"),
        ("http://127.9.8.7:81/rest/7/SECRET/", "http://127.9.8.7:81"),
        ("http://[::1]:81/rest/7/SECRET/", "http://[::1]:81"),
    ];
    for (address, origin) in cases {
        let client =
            Client::webhook(&with_secret(address)).unwrap_or_else(|error| panic!("{address}: {error}"));
        let shown = format!("{client:?}");
        assert!(shown.contains("key: \"user 7\""), "{address}: {shown}");
        assert!(shown.contains(&format!("{origin:?}")), "{address}: {shown}");
        assert!(!shown.contains(SECRET), "{shown}");
    }
}

#[test]
fn whatever_is_no_address_of_a_webhook_is_refused_with_the_reason() {
    use UrlProblem::*;
    let cases = [
        ("", NotAUrl, None),
        ("SECRET", NotAUrl, None),
        ("shop.example/rest/7/SECRET/", NotAUrl, None),
        ("//shop.example/rest/7/SECRET/", NotAUrl, None),
        ("https://", NotAUrl, None),
        ("https://shop example/rest/7/SECRET/", NotAUrl, None),
        ("https://shop.example:99999/rest/7/SECRET/", NotAUrl, None),
        ("http://shop.example/rest/7/SECRET/", NotHttps, Some("http://shop.example/rest/7/***/")),
        (
            "http://localhost.shop.example/rest/7/SECRET/",
            NotHttps,
            Some("http://localhost.shop.example/rest/7/***/"),
        ),
        ("http://128.0.0.1/rest/7/SECRET/", NotHttps, Some("http://128.0.0.1/rest/7/***/")),
        ("http://[::2]/rest/7/SECRET/", NotHttps, Some("http://[::2]/rest/7/***/")),
        ("ftp://shop.example/rest/7/SECRET/", Scheme, None),
        ("shop.example:443/rest/7/SECRET/", Scheme, None),
        ("mailto:SECRET@shop.example", Scheme, None),
        ("https://admin@shop.example/rest/7/SECRET/", UserInfo, Some("https://shop.example/rest/7/***/")),
        (
            "https://admin:SECRET@shop.example/rest/7/SECRET/",
            UserInfo,
            Some("https://shop.example/rest/7/***/"),
        ),
        ("https://shop.example/rest/7/SECRET/?auth=SECRET", Query, Some("https://shop.example/rest/7/***/")),
        ("https://shop.example/rest/7/SECRET/#SECRET", Fragment, Some("https://shop.example/rest/7/***/")),
        ("https://shop.example", Path, Some("https://shop.example/***")),
        ("https://shop.example/SECRET", Path, Some("https://shop.example/***")),
        ("https://shop.example/rest", Path, Some("https://shop.example/***")),
        ("https://shop.example/rest/", Path, Some("https://shop.example/***")),
        ("https://shop.example/rest/api", Path, Some("https://shop.example/***")),
        ("https://shop.example/REST/7/SECRET/", Path, Some("https://shop.example/***")),
        ("https://shop.example/rest//7/SECRET/", Path, Some("https://shop.example/***")),
        ("https://shop.example/crm/rest/7/SECRET/", Path, Some("https://shop.example/***")),
        ("https://shop.example/rest/7/SECRET/profile/more", Path, Some("https://shop.example/***")),
        ("https://shop.example/rest/7/SECRET/pro%66ile", Path, Some("https://shop.example/***")),
        ("https://shop.example/rest/SECRET", User, Some("https://shop.example/***")),
        ("https://shop.example/rest/SECRET/7/", User, Some("https://shop.example/***")),
        ("https://shop.example/rest/0/SECRET/", User, Some("https://shop.example/***")),
        ("https://shop.example/rest/-7/SECRET/", User, Some("https://shop.example/***")),
        ("https://shop.example/rest/+7/SECRET/", User, Some("https://shop.example/***")),
        ("https://shop.example/rest/7.0/SECRET/", User, Some("https://shop.example/***")),
        ("https://shop.example/rest/99999999999999999999/SECRET/", User, Some("https://shop.example/***")),
        ("https://shop.example/rest/7", Secret, Some("https://shop.example/rest/7/***/")),
        ("https://shop.example/rest/7/", Secret, Some("https://shop.example/rest/7/***/")),
        ("https://shop.example/rest/7//SECRET/", Path, Some("https://shop.example/***")),
        ("https://shop.example/rest/7/SECRET%20/", Secret, Some("https://shop.example/rest/7/***/")),
        ("https://shop.example/rest/7/SECRET.json", Secret, Some("https://shop.example/rest/7/***/")),
        ("https://shop.example/rest/7/SECRETé/", Secret, Some("https://shop.example/rest/7/***/")),
        (
            "https://shop.example:8443/rest/api/7/{SECRET}/",
            Secret,
            Some("https://shop.example:8443/rest/7/***/"),
        ),
    ];
    for (address, problem, masked) in cases {
        let Err(error) = Client::webhook(&with_secret(address)) else { panic!("{address} was accepted") };
        assert_eq!((error.problem(), error.redacted()), (problem, masked), "{address}");
        let (shown, debug) = (error.to_string(), format!("{error:?}"));
        assert!(shown.contains("expected https://HOST/rest/USER/SECRET/"), "{shown}");
        assert!(shown.contains(&problem.to_string()), "{shown}");
        assert!(!shown.contains(SECRET) && !debug.contains(SECRET), "{address}: {shown}; {debug}");
    }
}

#[test]
fn an_address_that_could_not_be_told_apart_is_not_shown_at_all() {
    for address in
        ["shop.example/rest/7/SECRET/", "shop.example:443/rest/7/SECRET/", "x://shop.example/SECRET"]
    {
        let error = Client::webhook(&with_secret(address)).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("shop"), "{error}");
    }
}
