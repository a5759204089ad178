//! An application: the exchange of a code for tokens, and authorization URLs.

use std::time::Duration;

use bitrix24_client::{App, HttpClient, UrlProblem};
use bitrix24_core::oauth::AuthError;
use bitrix24_core::{ErrorKind, Executed, json};

use bitrix24_portal::Portal;
use bitrix24_testing::{Fault, MockResponse, MockServer};

const APP_SECRET: &str = "app-s3cret.of/mine==";
const CODE: &str = "c0de|of/user";

fn app(server: &str) -> App {
    App::new("app.1", APP_SECRET).with_server(server).unwrap().with_timeout(Duration::from_secs(2))
}

fn check_no_secret(text: &str) {
    for secret in ["s3cret", "c0de", "acc3ss", "r3fresh"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[tokio::test]
async fn a_code_is_exchanged_with_one_form_post() {
    let server = MockServer::start(|_| {
        MockResponse::json(
            200,
            &json!({
                "access_token": "acc3ss", "refresh_token": "r3fresh", "expires_in": 3600, "member_id": "m1",
                "client_endpoint": "https://shop.example/rest/",
            }),
        )
    })
    .await;
    let tokens = app(&server.origin()).exchange_code(CODE).await.unwrap();
    assert_eq!((tokens.access_token(), tokens.refresh_token()), ("acc3ss", Some("r3fresh")));
    assert_eq!((tokens.domain(), tokens.member_id()), ("shop.example", Some("m1")));
    assert!(tokens.expires_at().is_some());
    let calls = server.calls();
    let [call] = calls.as_slice() else { panic!("{calls:?}") };
    assert_eq!((call.verb.as_str(), call.path.as_str()), ("POST", "/oauth/token/"));
    let fields = ["grant_type", "client_id", "client_secret", "code"].map(|name| call.field(name).unwrap());
    assert_eq!(fields, ["authorization_code", "app.1", APP_SECRET, CODE]);
}

#[tokio::test]
async fn tokens_of_a_request_are_confirmed_by_a_refresh() {
    let portal = Portal::start().await.unwrap();
    let (id, secret) = portal.client_credentials();
    let app = App::new(id, secret).with_server(&portal.origin()).unwrap();
    let claimed = portal.issue_tokens().refresh_token;
    let tokens = app.confirm(&claimed).await.unwrap();
    let expected = (Some(&*portal.member_id()), &*portal.client_endpoint());
    assert_eq!((tokens.member_id(), tokens.client_endpoint()), expected);
    assert!(tokens.refresh_token().is_some_and(|new| new != claimed));
    for refused in [&*claimed, "forged"] {
        let error = app.confirm(refused).await.unwrap_err();
        assert_eq!(error.auth_error(), Some(AuthError::InvalidGrant));
        assert!(!format!("{error:?} {error}").contains(refused));
    }
}

#[tokio::test]
async fn a_failed_exchange_has_its_reason_and_no_secret() {
    let echo = |code: &'static str| {
        Fault::refuse(400, code, &format!("{APP_SECRET} {CODE} app-s3cret.of%2Fmine%3D%3D c0de%7Cof%2Fuser"))
    };
    let cases = [
        (
            echo("invalid_grant"),
            ErrorKind::Authorization,
            Some(AuthError::InvalidGrant),
            "returned invalid_grant",
        ),
        (
            echo("PAYMENT_REQUIRED"),
            ErrorKind::Authorization,
            Some(AuthError::PaymentRequired),
            "PAYMENT_REQUIRED",
        ),
        (Fault::Html(502), ErrorKind::Authorization, None, "neither tokens nor an error"),
        (Fault::LoseResponse, ErrorKind::Authorization, None, "did not respond"),
        (Fault::Silence, ErrorKind::Authorization, None, "did not respond"),
        (
            Fault::Redirect(302, format!("https://other.example/?code={CODE}")),
            ErrorKind::Authorization,
            None,
            "https://other.example",
        ),
        (
            Fault::Instead(MockResponse::text(200, "application/json", CODE)),
            ErrorKind::Authorization,
            None,
            "it is not JSON",
        ),
    ];
    for (fault, kind, code, message) in cases {
        let server = MockServer::start(|_| MockResponse::json(200, &json!({}))).await;
        server.fail("token", fault);
        let error = app(&server.origin()).exchange_code(CODE).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.auth_error(), error.executed()),
            (kind, code, Executed::No),
            "{error}"
        );
        assert!(error.to_string().contains(message), "{error}");
        let mut texts = format!("{error} {error:?} {error:#?}");
        let mut cause = std::error::Error::source(&error);
        while let Some(error) = cause {
            texts.push_str(&format!(" {error} {error:?}"));
            cause = error.source();
        }
        check_no_secret(&texts);
        assert_eq!(server.calls().len(), 1, "{message}: one request, and none elsewhere");
    }
}

#[tokio::test]
async fn a_custom_http_client_that_follows_redirects_is_an_error() {
    let there = MockServer::start(|_| {
        MockResponse::json(200, &json!({"access_token": "acc3ss", "client_endpoint": "x"}))
    })
    .await;
    let server = MockServer::start(|_| MockResponse::result(json!(null))).await;
    server.fail("token", Fault::Redirect(307, format!("{}/oauth/token/", there.origin())));
    let error = app(&server.origin())
        .with_http_client(HttpClient::from_reqwest_0_13(reqwest::Client::new()))
        .exchange_code(CODE)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("redirect policy `none`"), "{error}");
    check_no_secret(&format!("{error} {error:?}"));
}

#[test]
fn an_authorization_url_accepts_every_spelling_of_the_portal() {
    let app = App::new("app.1", APP_SECRET);
    let expected = "https://shop.example/oauth/authorize/?client_id=app.1&state=a%26b";
    for portal in [
        "shop.example",
        " https://shop.example/ ",
        "https://SHOP.example/crm/deal/?x=1#y",
        "shop.example:443/x",
    ] {
        assert_eq!(app.authorization_url(portal, "a&b").unwrap(), expected, "{portal}");
    }
    let local = app.authorization_url("http://localhost:8080", "s").unwrap();
    assert_eq!(local, "http://localhost:8080/oauth/authorize/?client_id=app.1&state=s");
}

#[test]
fn an_invalid_portal_or_server_url_is_refused_and_not_shown() {
    use UrlProblem::*;
    let cases = [
        ("", NotAUrl),
        ("https://", NotAUrl),
        ("shop s3cret", NotAUrl),
        ("http://shop.example/s3cret", NotHttps),
        ("ftp://shop.example/s3cret", Scheme),
        ("admin:s3cret@shop.example", UserInfo),
    ];
    for (text, problem) in cases {
        let app = App::new("app.1", APP_SECRET);
        let errors = [app.authorization_url(text, "s").unwrap_err(), app.with_server(text).unwrap_err()];
        for error in errors {
            assert_eq!(error.problem(), problem, "{text}");
            check_no_secret(&format!("{error} {error:?}"));
        }
    }
}

#[test]
fn debug_of_an_app_shows_its_id_and_its_server() {
    let shown = format!("{:?}", App::new("app.1", APP_SECRET));
    assert!(shown.contains("app.1") && shown.contains("https://oauth.bitrix.info/"), "{shown}");
    check_no_secret(&shown);
}

#[tokio::test]
async fn an_endless_response_of_the_authorization_server_is_refused() {
    let endless = format!("{{\"access_token\": \"acc3ss{}", "x".repeat(64 << 20));
    let responses = [MockResponse::cut_off(&endless, usize::MAX / 2), MockResponse::cut_off_chunk(&endless)];
    for response in responses {
        let server = MockServer::start(move |_| response.clone()).await;
        let error = app(&server.origin()).exchange_code(CODE).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Authorization, Some(200)), "{error}");
        assert!(error.to_string().contains("exceeds 1048576 bytes"), "{error}");
        check_no_secret(&format!("{error} {error:?}"));
    }
}
