//! When tokens are renewed, how often, and what of a renewal that fails.

use super::*;
use bitrix24_core::oauth::AuthError;
use tokio::net::TcpListener;

#[tokio::test]
async fn tokens_that_are_fresh_are_read_once_and_used() {
    let fixture = Fixture::new(Some(pair(1))).await;
    for outcome in fixture.access_concurrently(None).await {
        let access = outcome.unwrap();
        assert_eq!(access.token().expose(), "acc3ss|1.");
        assert_eq!(access.endpoint().as_str(), "https://shop.example/rest/");
    }
    assert_eq!((fixture.refreshes(), fixture.store.counts()), (0, (1, 0)));
}

#[tokio::test]
async fn a_hundred_calls_with_a_token_that_is_over_cause_one_renewal() {
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
async fn a_hundred_calls_that_were_refused_with_the_same_token_cause_one_renewal() {
    let fixture = Fixture::new(Some(pair(1))).await;
    let refused = fixture.session.access().await.unwrap();
    for outcome in fixture.access_concurrently(Some(&refused)).await {
        assert_eq!(outcome.unwrap().token().expose(), "acc3ss|2.");
    }
    // Those who come later with the old token get the new one as it is.
    for outcome in fixture.access_concurrently(Some(&refused)).await {
        assert_eq!(outcome.unwrap().token().expose(), "acc3ss|2.");
    }
    assert_eq!(fixture.refreshes(), 1);
    let refused = fixture.session.access().await.unwrap();
    assert_eq!(fixture.session.refresh(&refused).await.unwrap().token().expose(), "acc3ss|3.");
}

#[tokio::test]
async fn a_token_is_renewed_a_little_before_its_end_and_not_earlier() {
    let fixture = Fixture::new(Some(pair(1))).await;
    advance_clock(3600 - 31);
    assert_eq!(fixture.token().await, "acc3ss|1.");
    advance_clock(1);
    assert_eq!(fixture.token().await, "acc3ss|2.");
    assert_eq!(fixture.token().await, "acc3ss|2.");
    assert_eq!(fixture.refreshes(), 1);
}

#[tokio::test]
async fn secrets_are_in_the_body_of_one_post_and_nowhere_else() {
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
async fn a_refused_renewal_is_told_to_all_and_never_repeated() {
    let cases = [
        (400, "invalid_grant", AuthError::InvalidGrant),
        (401, "INVALID_CLIENT", AuthError::InvalidClient),
        (400, "invalid_request", AuthError::InvalidRequest),
        (200, "WRONG_CLIENT", AuthError::WrongClient),
        (403, "insufficient_scope", AuthError::InvalidScope),
        (400, "NEW_REASON", AuthError::Other("NEW_REASON".into())),
    ];
    for (status, code, told) in cases {
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
                    (ErrorKind::Authorization, Some(told.clone()))
                );
                assert_eq!((error.status(), error.system_error()), (Some(status), None));
                assert_eq!(error.executed(), bitrix24_core::Executed::No);
                assert!(
                    failure.to_string().contains(&format!("the authorization server returned {code}")),
                    "{failure}"
                );
                check_no_secret(&texts(&failure));
            }
            advance_clock(86_400 * round);
        }
        assert_eq!(fixture.refreshes(), 1, "{code}");
    }
}

#[tokio::test]
async fn what_may_pass_is_asked_again_after_a_pause() {
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
                check_no_secret(&texts(&failure));
            }
            assert_eq!(fixture.server.calls().len(), 1, "{name}");
        }
        advance_clock(60);
        assert_eq!(fixture.token().await, "acc3ss|2.", "{name}");
        assert_eq!(fixture.server.calls().len(), 2, "{name}");
        NOW.set(START);
    }
}

#[tokio::test]
async fn where_nothing_reached_the_server_the_next_call_tries_again() {
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
        check_no_secret(&texts(&failure));
    }
    assert!(session.shared.state().blocking_failure(NOW.get()).is_none());
}

#[tokio::test]
async fn a_caller_who_gives_up_takes_no_pair_along() {
    let fixture = Fixture::new(Some(pair(1))).await;
    fixture.server.fail("token", Fault::Slow(Duration::from_millis(100)));
    advance_clock(3600);
    let impatient = tokio::time::timeout(Duration::from_millis(20), fixture.session.access()).await;
    assert!(impatient.is_err());
    assert_eq!(fixture.token().await, "acc3ss|2.");
    assert_eq!((fixture.refreshes(), fixture.store.tokens().unwrap().access_token()), (1, "acc3ss|2."));
}

#[test]
fn a_runtime_that_ends_halfway_leaves_the_session_in_order() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let server = MockServer::start_apart(|_| issued(2));
    let store = Arc::new(TestStore::default());
    let session = Fixture::session(&server.origin(), &store);
    runtime().block_on(store.put(&pair(1)));
    advance_clock(3600);
    server.fail("token", Fault::Slow(Duration::from_millis(50)));
    runtime().block_on(async {
        let impatient = tokio::time::timeout(Duration::from_millis(10), session.access()).await;
        assert!(impatient.is_err());
    });
    let access = runtime().block_on(session.access()).unwrap();
    assert_eq!(access.token().expose(), "acc3ss|2.");
}

#[tokio::test]
async fn tokens_without_one_for_renewal_are_used_until_they_are_over() {
    let event = Tokens::new("acc3ss|1.", "https://shop.example/rest/").with_expires_at(START + 3600);
    let fixture = Fixture::new(Some(event)).await;
    assert_eq!(fixture.token().await, "acc3ss|1.");
    advance_clock(3600);
    let failure = fixture.session.access().await.unwrap_err();
    assert!(failure.to_string().contains("came without a refresh token"), "{failure}");
    assert_eq!(fixture.server.calls().len(), 0);
}

#[tokio::test]
async fn a_portal_that_was_renamed_is_followed_where_the_authorization_server_says_so() {
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
            (Err(failure), Err(says)) => assert!(failure.to_string().contains(says), "{failure}"),
            (outcome, _) => panic!("{endpoint}: {outcome:?}"),
        }
        assert_eq!(
            fixture.store.tokens().unwrap().refresh_token(),
            Some("r3fresh|2."),
            "it is not lost in any case"
        );
        NOW.set(START);
    }
}
