//! When tokens are refreshed, how often, and the failures of a refresh.

use super::*;
use bitrix24_core::oauth::AuthError;
use tokio::net::TcpListener;

#[tokio::test]
async fn fresh_tokens_are_loaded_once_and_used() {
    let fixture = Fixture::new(Some(pair(1))).await;
    for outcome in fixture.access_concurrently(None).await {
        let access = outcome.unwrap();
        assert_eq!(access.token().expose(), "acc3ss|1.");
        assert_eq!(access.endpoint().as_str(), "https://shop.example/rest/");
    }
    assert_eq!((fixture.refreshes(), fixture.store.counts()), (0, (1, 0)));
}

#[tokio::test]
async fn concurrent_calls_with_an_expired_token_cause_one_refresh() {
    let fixture = Fixture::new(Some(pair(1))).await;
    advance_clock(3600);
    for outcome in fixture.access_concurrently(None).await {
        assert_eq!(outcome.unwrap().token().expose(), "acc3ss|2.");
    }
    assert_eq!(
        (fixture.refreshes(), fixture.store.tokens().unwrap()),
        (1, pair(2).with_expires_at(START + 7200))
    );
}

#[tokio::test]
async fn concurrent_calls_refused_with_the_same_token_cause_one_refresh() {
    let fixture = Fixture::new(Some(pair(1))).await;
    let refused = fixture.session.access().await.unwrap();
    for outcome in fixture.access_concurrently(Some(&refused)).await {
        assert_eq!(outcome.unwrap().token().expose(), "acc3ss|2.");
    }
    // Later callers with the old token get the new one without another refresh.
    for outcome in fixture.access_concurrently(Some(&refused)).await {
        assert_eq!(outcome.unwrap().token().expose(), "acc3ss|2.");
    }
    assert_eq!(fixture.refreshes(), 1);
    let refused = fixture.session.access().await.unwrap();
    assert_eq!(fixture.session.refresh(&refused).await.unwrap().token().expose(), "acc3ss|3.");
}

#[tokio::test]
async fn a_token_is_refreshed_at_the_expiry_margin_and_not_earlier() {
    let fixture = Fixture::new(Some(pair(1))).await;
    advance_clock(3600 - 31);
    assert_eq!(fixture.token().await, "acc3ss|1.");
    advance_clock(1);
    assert_eq!(fixture.token().await, "acc3ss|2.");
    assert_eq!(fixture.token().await, "acc3ss|2.");
    assert_eq!(fixture.refreshes(), 1);
}

#[tokio::test]
async fn secrets_are_sent_only_in_the_body_of_the_refresh_request() {
    let fixture = Fixture::new(Some(pair(1))).await;
    advance_clock(3600);
    fixture.token().await;
    let calls = fixture.server.calls();
    let [call] = calls.as_slice() else { panic!("{calls:?}") };
    assert_eq!((call.verb.as_str(), call.path.as_str()), ("POST", "/oauth/token/"));
    assert_eq!(call.header("content-type"), Some("application/x-www-form-urlencoded"));
    let form: Vec<_> = call.form();
    let expected = [
        ("grant_type", "refresh_token"),
        ("client_id", "app.1"),
        ("client_secret", APP_SECRET),
        ("refresh_token", "r3fresh|1."),
    ];
    assert_eq!(form, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    call.headers.iter().for_each(|(_, value)| check_no_secret(value));
}

#[tokio::test]
async fn a_refused_refresh_fails_all_callers_and_is_not_repeated() {
    let cases = [
        (400, "invalid_grant", AuthError::InvalidGrant),
        (401, "INVALID_CLIENT", AuthError::InvalidClient),
        (400, "invalid_request", AuthError::InvalidRequest),
        (200, "WRONG_CLIENT", AuthError::WrongClient),
        (403, "insufficient_scope", AuthError::InvalidScope),
        (400, "NEW_REASON", AuthError::Other("NEW_REASON".into())),
    ];
    for (status, code, expected) in cases {
        let fixture =
            Fixture::with_server(Some(pair(1)), move |call| MockResponse::error(status, code, &call.text()))
                .await;
        advance_clock(3600);
        for round in 0..2 {
            for outcome in fixture.access_concurrently(None).await {
                let failure = outcome.unwrap_err();
                let error: bitrix24_core::Error = bitrix24_core::Error::new("profile", failure.clone());
                assert_eq!(
                    (failure.kind(), error.auth_error()),
                    (ErrorKind::Authorization, Some(expected.clone()))
                );
                assert_eq!((error.status(), error.system_error()), (Some(status), None));
                assert_eq!(error.executed(), bitrix24_core::Executed::No);
                assert!(
                    failure.to_string().contains(&format!("the authorization server returned {code}")),
                    "{failure}"
                );
                check_no_secret(&all_texts(&failure));
            }
            advance_clock(86_400 * round);
        }
        assert_eq!(fixture.refreshes(), 1, "{code}");
    }
}

#[tokio::test]
async fn a_temporary_refresh_failure_is_retried_after_a_pause() {
    let faults = [
        Fault::LoseResponse,
        Fault::Truncate(20),
        Fault::HangUp,
        Fault::Html(502),
        Fault::refuse(402, "PAYMENT_REQUIRED", "The trial is over"),
        Fault::refuse(503, "OUT_OF_ORDER", "Later"),
        Fault::Instead(MockResponse::json(200, &json!({"refresh_token": "r3fresh|2.", "access_token": ""}))),
        Fault::Redirect(302, "https://elsewhere.example/oauth/token/?refresh_token=r3fresh".to_owned()),
    ];
    for fault in faults {
        let name = format!("{fault:?}");
        let fixture = Fixture::new(Some(pair(1))).await;
        fixture.server.fail("token", fault);
        advance_clock(3600);
        for _ in 0..2 {
            for outcome in fixture.access_concurrently(None).await {
                let failure = outcome.unwrap_err();
                assert_eq!(failure.kind(), ErrorKind::Authorization, "{name}: {failure}");
                check_no_secret(&all_texts(&failure));
            }
            assert_eq!(fixture.server.calls().len(), 1, "{name}");
        }
        advance_clock(60);
        assert_eq!(fixture.token().await, "acc3ss|2.", "{name}");
        assert_eq!(fixture.server.calls().len(), 2, "{name}");
        set_clock(START);
    }
}

#[tokio::test]
async fn an_interruption_is_named_after_a_temporary_failure_until_there_is_a_pair() {
    let fixture = Fixture::new(Some(pair(1))).await;
    let refuse = || Fault::refuse(400, "invalid_grant", "");
    fixture.store.interrupted.store(true, Ordering::SeqCst);
    fixture.server.fail("token", Fault::Html(502));
    fixture.server.fail("token", refuse());
    advance_clock(3600);
    assert_eq!(fixture.session.access().await.unwrap_err().status(), Some(502));
    advance_clock(60);
    for _ in 0..2 {
        let failure = fixture.session.access().await.unwrap_err();
        assert_eq!(failure.code(), Some("invalid_grant"));
        assert!(failure.to_string().contains("was killed while it waited"), "{failure}");
    }
    assert_eq!(fixture.server.calls().len(), 2);
    // A new installation.
    fixture.store.put(&pair(5)).await;
    fixture.server.fail("token", refuse());
    let failure = fixture.session.access().await.unwrap_err();
    assert!(!failure.to_string().contains("was killed"), "{failure}");
    assert_eq!(fixture.server.calls().len(), 3);
}

#[tokio::test]
async fn a_refresh_that_was_not_sent_is_retried_by_the_next_call() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let fixture = Fixture::new(Some(pair(1))).await;
    advance_clock(3600);
    let session = Fixture::session(&address, &fixture.store);
    for _ in 0..2 {
        let failure = session.access().await.unwrap_err();
        assert_eq!(failure.kind(), ErrorKind::Connect);
        assert!(failure.to_string().contains(&address), "{failure}");
        check_no_secret(&all_texts(&failure));
    }
    assert!(session.shared.state().blocking_failure(now()).is_none());
}

#[tokio::test]
async fn a_cancelled_caller_loses_no_token_pair() {
    let fixture = Fixture::new(Some(pair(1))).await;
    fixture.server.fail("token", Fault::Slow(Duration::from_millis(100)));
    advance_clock(3600);
    let cancelled = tokio::time::timeout(Duration::from_millis(20), fixture.session.access()).await;
    assert!(cancelled.is_err());
    assert_eq!(fixture.token().await, "acc3ss|2.");
    assert_eq!((fixture.refreshes(), fixture.store.tokens().unwrap().access_token()), (1, "acc3ss|2."));
}

#[test]
fn a_session_survives_the_runtime_that_started_a_refresh() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let server = MockServer::start_on_thread(|_| token_response(2));
    let store = Arc::new(TestStore::default());
    let session = Fixture::session(&server.origin(), &store);
    runtime().block_on(store.put(&pair(1)));
    advance_clock(3600);
    server.fail("token", Fault::Slow(Duration::from_millis(50)));
    runtime().block_on(async {
        let cancelled = tokio::time::timeout(Duration::from_millis(10), session.access()).await;
        assert!(cancelled.is_err());
    });
    let access = runtime().block_on(session.access()).unwrap();
    assert_eq!(access.token().expose(), "acc3ss|2.");
}

#[tokio::test]
async fn tokens_without_a_refresh_token_are_used_until_they_expire() {
    let event = Tokens::new("acc3ss|1.", "https://shop.example/rest/").with_expires_at(START + 3600);
    let fixture = Fixture::new(Some(event)).await;
    assert_eq!(fixture.token().await, "acc3ss|1.");
    advance_clock(3600);
    let failure = fixture.session.access().await.unwrap_err();
    assert!(failure.to_string().contains("came without a refresh token"), "{failure}");
    assert_eq!(fixture.server.calls().len(), 0);
}

#[tokio::test]
async fn a_refresh_moves_the_session_to_the_endpoint_in_the_response() {
    let endpoints = [
        ("https://new.example/rest/", Ok("https://new.example/rest/")),
        ("http://127.0.0.1:81/rest", Ok("http://127.0.0.1:81/rest/")),
        ("http://new.example/rest/", Err("http://new.example")),
    ];
    for (endpoint, expected) in endpoints {
        let answer =
            json!({"access_token": "acc3ss|2.", "refresh_token": "r3fresh|2.", "client_endpoint": endpoint});
        let fixture = Fixture::with_server(Some(pair(1)), move |_| MockResponse::json(200, &answer)).await;
        advance_clock(3600);
        match (fixture.session.access().await, expected) {
            (Ok(access), Ok(expected)) => assert_eq!(access.endpoint().as_str(), expected),
            (Err(failure), Err(message)) => assert!(failure.to_string().contains(message), "{failure}"),
            (outcome, _) => panic!("{endpoint}: {outcome:?}"),
        }
        assert_eq!(
            fixture.store.tokens().unwrap().refresh_token(),
            Some("r3fresh|2."),
            "the new refresh token is saved in any case"
        );
        set_clock(START);
    }
}
