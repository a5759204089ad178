//! Tokens, the answers of the authorization server, and the requests of a portal to an application.

use std::time::Duration;

use bitrix24_core::oauth::{
    AUTHORIZATION_SERVER, AppRequest, AuthError, AuthorizationCallback, EventRequest, Grant, IncomingRequest,
    RefreshRetry, Tokens, authorization_query, needs_refresh, parse_response, refresh_retry,
    verify_application_token,
};
use bitrix24_core::{Error, ErrorKind, Executed, Failure, Value, json};
use proptest::prelude::*;

const NOW: u64 = 1_800_000_000;

fn answer(body: &Value) -> Result<Tokens, Failure> {
    parse_response(200, body.to_string().as_bytes(), NOW, None)
}

#[test]
fn tokens_are_read_in_every_form_in_which_they_come() {
    let whole = json!({
        "access_token": "acc3ss", "refresh_token": "r3fresh", "expires_in": 3600, "expires": 1, "user_id": 67,
        "client_endpoint": "https://shop.example/rest/", "server_endpoint": "https://oauth.example/rest/",
        "domain": "oauth.example", "member_id": "m1", "scope": "crm,task", "status": "T",
    });
    let tokens = answer(&whole).unwrap();
    assert_eq!((tokens.access_token(), tokens.refresh_token()), ("acc3ss", Some("r3fresh")));
    assert_eq!(
        (tokens.expires_at(), tokens.user_id(), tokens.member_id()),
        (Some(NOW + 3600), Some(67), Some("m1"))
    );
    assert_eq!((tokens.domain(), tokens.status()), ("shop.example", Some("T")));
    assert_eq!(tokens.scopes().collect::<Vec<_>>(), ["crm", "task"]);
    assert_eq!(tokens.server_endpoint(), Some("https://oauth.example/rest/"));

    let least = |more: Value| {
        let mut fields = json!({"access_token": "a", "client_endpoint": "https://shop.example:8443/rest/"});
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        answer(&fields).unwrap()
    };
    let ends = [
        (json!({}), None),
        (json!({"expires_in": "3600"}), Some(NOW + 3600)),
        (json!({"expires_in": 3600.0}), Some(NOW + 3600)),
        (json!({"expires_in": ""}), None),
        (json!({"expires_in": 0}), None),
        (json!({"expires_in": -5, "expires": "1800000007"}), Some(NOW + 7)),
        (json!({"expires": 1_800_000_007}), Some(NOW + 7)),
        (json!({"expires": "soon"}), None),
    ];
    for (more, end) in ends {
        assert_eq!(least(more.clone()).expires_at(), end, "{more}");
    }
    let tokens = least(json!({"refresh_token": "", "member_id": null, "user_id": "0", "scope": ""}));
    assert_eq!((tokens.refresh_token(), tokens.member_id(), tokens.user_id()), (None, None, None));
    assert_eq!((tokens.domain(), tokens.scopes().count()), ("shop.example:8443", 0));
}

#[test]
fn the_domain_is_the_host_of_the_portal_and_nothing_else_of_its_address() {
    let cases = [
        ("https://shop.example/rest/", "shop.example"),
        ("https://shop.example:8443/rest/", "shop.example:8443"),
        ("https://clerk:p4ss@shop.example/rest/", "shop.example"),
        ("https://shop.example?t0ken", "shop.example"),
        ("shop.example/rest/", "shop.example"),
        ("", ""),
    ];
    for (endpoint, domain) in cases {
        let tokens = Tokens::new("a", endpoint);
        assert_eq!(tokens.domain(), domain);
        assert!(!format!("{tokens:?}").contains("p4ss"));
    }
}

#[test]
fn a_token_is_fresh_until_a_little_before_its_end() {
    let tokens = Tokens::new("a", "https://shop.example/rest/");
    assert!(tokens.is_fresh(u64::MAX, u64::MAX), "nobody knows that it ended");
    let tokens = tokens.with_expires_at(NOW);
    let cases = [
        (NOW - 31, 30, true),
        (NOW - 30, 30, false),
        (NOW - 1, 0, true),
        (NOW, 0, false),
        (0, u64::MAX, false),
    ];
    for (now, margin, fresh) in cases {
        assert_eq!(tokens.is_fresh(now, margin), fresh, "{now} {margin}");
    }
}

#[test]
fn a_renewed_pair_keeps_what_the_answer_does_not_say() {
    let previous = Tokens::from_json(&json!({
        "access_token": "old", "refresh_token": "spent", "expires": 5, "client_endpoint": "https://shop.example/rest/",
        "member_id": "m1", "user_id": 67, "scope": "crm",
    }))
    .unwrap();
    let cases = [
        (
            json!({"access_token": "new", "refresh_token": "next", "expires_in": 60, "user_id": null, "member_id": ""}),
            ("new", Some("next"), Some(NOW + 60), "https://shop.example/rest/"),
        ),
        (
            json!({"access_token": "new", "client_endpoint": "https://new.example/rest/"}),
            ("new", Some("spent"), None, "https://new.example/rest/"),
        ),
    ];
    for (body, expected) in cases {
        let tokens = parse_response(200, body.to_string().as_bytes(), NOW, Some(&previous)).unwrap();
        let told =
            (tokens.access_token(), tokens.refresh_token(), tokens.expires_at(), tokens.client_endpoint());
        assert_eq!(told, expected);
        assert_eq!(
            (tokens.member_id(), tokens.user_id(), tokens.scope()),
            (Some("m1"), Some(67), Some("crm"))
        );
    }
}

#[test]
fn stored_tokens_end_when_they_ended() {
    let written = json!({
        "access_token": "a", "refresh_token": "r", "expires": 1_700_000_000, "expires_in": 3600,
        "client_endpoint": "https://shop.example/rest/", "domain": "oauth.example",
    });
    let tokens = Tokens::from_json(&written).unwrap();
    assert_eq!(tokens.expires_at(), Some(1_700_000_000));
    for broken in [
        json!(null),
        json!([]),
        json!("text"),
        json!({}),
        json!({"access_token": "a"}),
        json!({"client_endpoint": "x"}),
    ] {
        let problem = Tokens::from_json(&broken).unwrap_err().to_string();
        assert!(problem.contains("missing") || problem.contains("not an object"), "{problem}");
    }
}

#[test]
fn an_error_of_the_authorization_server_is_told_by_its_code_whatever_the_status() {
    let cases = [
        (400, "invalid_request", AuthError::InvalidRequest),
        (401, "invalid_client", AuthError::InvalidClient),
        (400, "Invalid_Grant", AuthError::InvalidGrant),
        (403, "invalid_scope", AuthError::InvalidScope),
        (403, "insufficient_scope", AuthError::InvalidScope),
        (402, "payment_required", AuthError::PaymentRequired),
        (200, "WRONG_CLIENT", AuthError::WrongClient),
        (200, "EXPIRED_TOKEN", AuthError::Other("EXPIRED_TOKEN".into())),
        (500, "QUERY_LIMIT_EXCEEDED", AuthError::Other("QUERY_LIMIT_EXCEEDED".into())),
    ];
    for (status, code, expected) in cases {
        // Tokens beside an error are none.
        let body =
            json!({"error": code, "error_description": "why", "access_token": "a", "client_endpoint": "b"});
        let failure = parse_response(status, body.to_string().as_bytes(), NOW, None).unwrap_err();
        assert!(!needs_refresh(&failure), "{code}");
        assert_eq!(
            failure.to_string(),
            format!("the authorization server returned {code} (HTTP {status}): why")
        );
        let error: Error = Error::new("profile", failure);
        assert_eq!((error.kind(), error.executed()), (ErrorKind::Authorization, Executed::No));
        assert_eq!(
            (error.auth_error(), error.system_error(), error.method_error()),
            (Some(expected), None, None)
        );
    }
    assert_eq!(AuthError::from_code("PAYMENT_REQUIRED").code(), "PAYMENT_REQUIRED");
    let of_portal: Error = Error::new("profile", Failure::from_response(400, "invalid_grant", ""));
    assert_eq!(of_portal.auth_error(), None);
}

#[test]
fn an_answer_that_cannot_be_read_is_not_shown() {
    let cases: [(u16, &[u8], &str); 8] = [
        (200, b"", "it is not JSON"),
        (200, b"<html>t0ken</html>", "it is not JSON"),
        (200, b"{\"access_token\": \"t0ken\"", "it is not JSON"),
        (200, b"{\"access_token\": \"t0ken\"}", "`client_endpoint` is missing"),
        (200, b"{\"refresh_token\": \"t0ken\", \"client_endpoint\": \"x\"}", "`access_token` is missing"),
        (200, b"[\"t0ken\"]", "not an object"),
        (502, b"<html>t0ken</html>", "neither tokens nor an error"),
        (500, b"{\"access_token\": \"t0ken\", \"client_endpoint\": \"x\"}", "neither tokens nor an error"),
    ];
    for (status, body, says) in cases {
        let failure = parse_response(status, body, NOW, None).unwrap_err();
        assert_eq!(
            (failure.kind(), failure.status(), failure.code()),
            (ErrorKind::Authorization, Some(status), None)
        );
        assert!(failure.to_string().contains(says), "{failure}");
        assert!(!format!("{failure:?}").contains("t0ken"), "{failure:?}");
    }
}

#[test]
fn only_an_expired_token_calls_for_renewal() {
    for code in ["expired_token", "EXPIRED_TOKEN", "Expired_Token"] {
        assert!(needs_refresh(&Failure::from_response(401, code, "")));
    }
    for code in [
        "NO_AUTH_FOUND",
        "INVALID_CREDENTIALS",
        "invalid_token",
        "insufficient_scope",
        "user_access_error",
        "",
    ] {
        assert!(!needs_refresh(&Failure::from_response(401, code, "expired_token")), "{code}");
    }
    assert!(!needs_refresh(&Failure::new(ErrorKind::NotJson, "expired_token").with_status(401)));
    assert!(!needs_refresh(&Failure::auth(401, "expired_token", "")));
}

#[test]
fn a_renewal_is_repeated_where_that_can_help() {
    let minute = RefreshRetry::After(Duration::from_secs(60));
    let cases = [
        (Failure::new(ErrorKind::Connect, ""), RefreshRetry::Immediately),
        (Failure::new(ErrorKind::Request, ""), RefreshRetry::Immediately),
        (Failure::new(ErrorKind::Authorization, "no answer"), minute),
        (Failure::new(ErrorKind::Authorization, "no JSON").with_status(502), minute),
        (Failure::auth(402, "PAYMENT_REQUIRED", ""), minute),
        (Failure::auth(503, "QUERY_LIMIT_EXCEEDED", ""), minute),
        (Failure::auth(429, "slow_down", ""), minute),
        (Failure::auth(500, "invalid_grant", ""), RefreshRetry::Never),
        (Failure::auth(400, "invalid_grant", ""), RefreshRetry::Never),
        (Failure::auth(200, "WRONG_CLIENT", ""), RefreshRetry::Never),
        (Failure::auth(400, "something_new", ""), RefreshRetry::Never),
    ];
    for (failure, expected) in cases {
        assert_eq!(refresh_retry(&failure), expected, "{failure:?}");
    }
}

#[test]
fn what_the_authorization_server_is_asked_is_a_form() {
    let form = Grant::Code("c&de").form("app.1", "s=cret +");
    assert_eq!(form, "grant_type=authorization_code&client_id=app.1&client_secret=s%3Dcret+%2B&code=c%26de");
    let form = Grant::Refresh("r|f").form("app.1", "s");
    assert_eq!(form, "grant_type=refresh_token&client_id=app.1&client_secret=s&refresh_token=r%7Cf");
    assert_eq!(authorization_query("app.1", "x&y=z"), "client_id=app.1&state=x%26y%3Dz");
    assert_eq!(AUTHORIZATION_SERVER, "https://oauth.bitrix.info/");
}

const INSTALLED: &str = "event=ONAPPINSTALL&data[VERSION]=1&data[LANGUAGE_ID]=en&ts=1466439714&auth[access_token]=acc3ss\
    &auth[expires_in]=3600&auth[scope]=entity%2Cim&auth[domain]=shop.example&auth[status]=F\
    &auth[server_endpoint]=https%3A%2F%2Foauth.example%2Frest%2F&auth[client_endpoint]=https%3A%2F%2Fshop.example%2Frest%2F\
    &auth[member_id]=m1&auth[refresh_token]=r3fresh&auth[application_token]=appt0ken";

#[test]
fn an_installation_brings_tokens_and_the_application_token() {
    let request = EventRequest::parse(&IncomingRequest::new(INSTALLED.as_bytes()), NOW).unwrap();
    assert!(request.is_install() && !request.is_uninstall() && request.is("OnAppInstall"));
    assert_eq!((request.timestamp(), request.domain()), (Some(1_466_439_714), Some("shop.example")));
    assert_eq!(request.data(), &json!({"VERSION": "1", "LANGUAGE_ID": "en"}));
    let tokens = request.tokens().unwrap();
    assert_eq!((tokens.access_token(), tokens.refresh_token()), ("acc3ss", Some("r3fresh")));
    assert_eq!((tokens.expires_at(), tokens.scope()), (Some(NOW + 3600), Some("entity,im")));
    assert_eq!(request.application_token(), Some("appt0ken"));
    assert!(request.fields().is_empty());

    let as_json = json!({"event": "ONAPPINSTALL", "auth": {"access_token": "acc3ss", "client_endpoint": "https://shop.example/rest/"}});
    let as_json = as_json.to_string();
    let incoming =
        IncomingRequest::new(as_json.as_bytes()).with_content_type("application/json; charset=utf-8");
    assert_eq!(EventRequest::parse(&incoming, NOW).unwrap().tokens().unwrap().access_token(), "acc3ss");
}

#[test]
fn a_removal_has_nothing_but_the_application_token() {
    let body = "event=ONAPPUNINSTALL&data[LANGUAGE_ID]=de&data[CLEAN]=1&ts=1466439714&auth[domain]=shop.example\
        &auth[client_endpoint]=https%3A%2F%2Fshop.example%2Frest%2F&auth[member_id]=m1&auth[application_token]=appt0ken";
    let request = EventRequest::parse(&IncomingRequest::new(body.as_bytes()), NOW).unwrap();
    assert!(request.is_uninstall());
    assert_eq!((request.tokens(), request.member_id()), (None, Some("m1")));
    assert_eq!(request.data()["CLEAN"], "1");
    assert!(request.verify_application_token("appt0ken"));
    for other in ["", "appt0ke", "appt0kenn", "APPT0KEN"] {
        assert!(!request.verify_application_token(other), "{other}");
    }
}

#[test]
fn a_robot_keeps_its_own_fields() {
    let body = "workflow_id=w1&code=my_robot&document_id[]=crm&document_id[]=DEAL_7&properties[text]=Hi&event_token=3v3nt\
        &ts=1466439714&auth[access_token]=acc3ss&auth[client_endpoint]=https%3A%2F%2Fshop.example%2Frest%2F";
    let request = EventRequest::parse(&IncomingRequest::new(body.as_bytes()), NOW).unwrap();
    assert_eq!((request.event(), request.data()), (None, &Value::Null));
    assert_eq!(request.fields()["document_id"], json!(["crm", "DEAL_7"]));
    assert_eq!(request.fields()["properties"]["text"], "Hi");
    assert_eq!(request.fields()["event_token"], "3v3nt");
    assert!(!request.fields().contains_key("ts"));
}

#[test]
fn what_comes_from_no_portal_is_refused() {
    let events = ["", "event=ONAPPINSTALL", "event=ONAPPINSTALL&auth=text", "event=ONAPPINSTALL&auth[]=x"];
    for body in events {
        assert!(EventRequest::parse(&IncomingRequest::new(body.as_bytes()), NOW).is_err(), "{body}");
    }
    for (body, kind) in [(&b"\xff\xfe"[..], ""), (b"[]", "application/json"), (b"{", "application/json")] {
        assert!(EventRequest::parse(&IncomingRequest::new(body).with_content_type(kind), NOW).is_err());
    }
    let pages = [
        ("AUTH_ID=t", "", "`DOMAIN`"),
        ("", "DOMAIN=shop.example", "`AUTH_ID`"),
        ("AUTH_ID=&DOMAIN=shop.example", "", "`AUTH_ID`"),
        ("AUTH_ID=t&DOMAIN=shop.example%2Fx%3F", "", "not a host"),
        ("AUTH_ID=t&DOMAIN=shop.example%40evil.example", "", "not a host"),
        ("AUTH_ID=t&DOMAIN[]=shop.example", "", "`DOMAIN`"),
    ];
    for (body, query, says) in pages {
        let incoming = IncomingRequest::new(body.as_bytes()).with_query(query);
        let problem = AppRequest::parse(&incoming, NOW).unwrap_err().to_string();
        assert!(problem.contains(says), "{body}: {problem}");
    }
    assert!(AuthorizationCallback::parse(&IncomingRequest::default().with_query("state=s&error=x")).is_err());
}

#[test]
fn a_page_knows_its_place_and_who_is_looking() {
    let cases = [
        ("PLACEMENT=DEFAULT&PLACEMENT_OPTIONS=undefined", ("DEFAULT", json!(null), None)),
        ("", ("DEFAULT", json!(null), None)),
        ("PLACEMENT=X&PLACEMENT_OPTIONS=", ("X", json!(null), None)),
        ("PLACEMENT=X&PLACEMENT_OPTIONS=null", ("X", json!(null), None)),
        ("PLACEMENT=X&PLACEMENT_OPTIONS=%5B%5D", ("X", json!([]), None)),
        ("PLACEMENT=X&PLACEMENT_OPTIONS=%7B%22ID%22%3A%227%22%7D", ("X", json!({"ID": "7"}), Some(7))),
        ("PLACEMENT=X&PLACEMENT_OPTIONS=%7B%22ENTITY_ID%22%3A8%7D", ("X", json!({"ENTITY_ID": 8}), Some(8))),
        ("PLACEMENT=X&PLACEMENT_OPTIONS[ID]=9", ("X", json!({"ID": "9"}), Some(9))),
    ];
    for (place, expected) in cases {
        let body =
            format!("AUTH_ID=acc3ss&AUTH_EXPIRES=3600&REFRESH_ID=r3fresh&member_id=m1&status=P&{place}");
        let incoming = IncomingRequest::new(body.as_bytes())
            .with_query("DOMAIN=shop.example&PROTOCOL=1&LANG=en&APP_SID=s1d");
        let request = AppRequest::parse(&incoming, NOW).unwrap();
        let placement = request.placement();
        assert_eq!((placement.code(), placement.options().clone(), placement.id()), expected, "{place}");
        assert_eq!((request.language(), request.app_sid()), (Some("en"), Some("s1d")));
        let tokens = request.tokens();
        assert_eq!((tokens.access_token(), tokens.refresh_token()), ("acc3ss", Some("r3fresh")));
        assert_eq!(
            (tokens.expires_at(), tokens.member_id(), tokens.status()),
            (Some(NOW + 3600), Some("m1"), Some("P"))
        );
        assert_eq!(tokens.client_endpoint(), "https://shop.example/rest/");
    }
    let plain = IncomingRequest::new(b"AUTH_ID=a&DOMAIN=192.168.0.4:8080&PROTOCOL=0");
    assert_eq!(
        AppRequest::parse(&plain, NOW).unwrap().tokens().client_endpoint(),
        "http://192.168.0.4:8080/rest/"
    );
}

#[test]
fn the_state_of_a_request_with_a_code_is_compared() {
    let query =
        "code=c0de&state=s7&domain=shop.example&member_id=m1&scope=crm%2Ctask&server_domain=oauth.example";
    let request = AuthorizationCallback::parse(&IncomingRequest::default().with_query(query)).unwrap();
    assert_eq!(
        (request.code(), request.member_id(), request.scope()),
        ("c0de", Some("m1"), Some("crm,task"))
    );
    assert!(request.verify_state("s7") && !request.verify_state("s8") && !request.verify_state(""));
    let without =
        AuthorizationCallback::parse(&IncomingRequest::default().with_query("code=c0de&state=")).unwrap();
    assert!(!without.verify_state("") && !without.verify_state("s7"));
}

#[test]
fn no_debug_shows_a_secret() {
    let event = EventRequest::parse(&IncomingRequest::new(INSTALLED.as_bytes()), NOW).unwrap();
    let body = b"AUTH_ID=acc3ss&REFRESH_ID=r3fresh&DOMAIN=shop.example&APP_SID=s1d";
    let page = AppRequest::parse(&IncomingRequest::new(body), NOW).unwrap();
    let code = AuthorizationCallback::parse(&IncomingRequest::default().with_query("code=c0de&state=st4te"))
        .unwrap();
    let texts = [
        format!("{event:?} {:?}", event.tokens()),
        format!("{page:?}"),
        format!("{code:?}"),
        format!(
            "{:?} {:?}",
            IncomingRequest::new(INSTALLED.as_bytes()),
            IncomingRequest::new(body).with_query("code=c0de")
        ),
        format!("{:?} {:?}", Grant::Code("c0de"), Grant::Refresh("r3fresh")),
    ];
    for text in texts {
        for secret in ["acc3ss", "r3fresh", "appt0ken", "c0de", "st4te", "s1d"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

proptest! {
    #[test]
    fn whatever_is_stored_comes_back(
        access in "[!-~]{1,80}", refresh in proptest::option::of("[!-~]{1,80}"), expires in proptest::option::of(1..u64::MAX),
    ) {
        let mut tokens = Tokens::new(access, "https://shop.example/rest/");
        if let Some(refresh) = refresh {
            tokens = tokens.with_refresh_token(refresh);
        }
        if let Some(expires) = expires {
            tokens = tokens.with_expires_at(expires);
        }
        let text = tokens.to_json().to_string();
        prop_assert_eq!(Tokens::from_json(&text.parse().unwrap()).unwrap(), tokens);
    }

    #[test]
    fn secrets_are_the_same_or_not(a in "[ab]{0,4}", b in "[ab]{0,4}") {
        prop_assert_eq!(verify_application_token(&a, &b), !a.is_empty() && a == b);
    }

    #[test]
    fn no_request_makes_it_panic(body in proptest::collection::vec(any::<u8>(), 0..200), query in ".{0,100}", json in any::<bool>()) {
        let kind = if json { "application/json" } else { "" };
        let incoming = IncomingRequest::new(&body).with_query(&query).with_content_type(kind);
        let _ = (EventRequest::parse(&incoming, NOW), AppRequest::parse(&incoming, NOW), AuthorizationCallback::parse(&incoming));
        let _ = parse_response(200, &body, NOW, None);
    }
}
