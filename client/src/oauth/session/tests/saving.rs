//! The store: loaded before a refresh, and saved before a new pair is used.

use super::*;

#[tokio::test]
async fn a_new_pair_is_saved_before_it_is_used() {
    let fixture = Fixture::new(Some(pair(1))).await;
    advance_clock(3600);
    let access = fixture.session.access().await.unwrap();
    // Before the refresh, under the lock, and before the new pair is saved; the first save is the attempt to save.
    assert_eq!(fixture.store.counts(), (4, 2));
    assert_eq!(fixture.store.tokens().unwrap().access_token(), access.token().expose());
}

#[tokio::test]
async fn a_pair_that_could_not_be_saved_is_saved_later_without_another_refresh() {
    let fixture = Fixture::new(Some(pair(1))).await;
    fixture.token().await;
    advance_clock(3600);
    let refused = fixture.session.access();
    // The store starts to fail between the load and the save of the new pair.
    fixture.server.fail("token", Fault::Slow(Duration::from_millis(50))).after_running();
    let (outcome, ()) = tokio::join!(refused, async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        fixture.store.fail_saves(true);
    });
    let failure = outcome.unwrap_err();
    assert_eq!(failure.kind(), ErrorKind::Authorization);
    assert!(
        failure.to_string().contains("the token store cannot save them (no room for *** and Some(\"***\"))"),
        "{failure}"
    );
    check_no_secret(&all_texts(&failure));

    assert!(fixture.session.access().await.is_err());
    // The attempt before the refresh, the new pair, and the new pair again.
    assert_eq!((fixture.refreshes(), fixture.store.counts().1), (1, 3));
    fixture.store.fail_saves(false);
    assert_eq!(fixture.token().await, "acc3ss|2.");
    assert_eq!((fixture.refreshes(), fixture.store.tokens().unwrap().access_token()), (1, "acc3ss|2."));
}

#[tokio::test]
async fn nothing_is_refreshed_while_the_store_cannot_be_read() {
    let fixture = Fixture::new(Some(pair(1))).await;
    fixture.token().await;
    advance_clock(3600);
    fixture.store.set_broken(true);
    for outcome in fixture.access_concurrently(None).await {
        let failure = outcome.unwrap_err();
        assert!(
            failure.to_string().contains("the token store cannot be read: the store is locked"),
            "{failure}"
        );
    }
    assert_eq!(fixture.server.calls().len(), 0);
    fixture.store.set_broken(false);
    assert_eq!(fixture.token().await, "acc3ss|2.");
}

#[tokio::test]
async fn an_empty_store_is_an_error_until_it_has_tokens() {
    let fixture = Fixture::new(None).await;
    let failure = fixture.session.access().await.unwrap_err();
    assert!(failure.to_string().contains("the token store has no tokens; install"), "{failure}");
    fixture.store.put(&pair(1)).await;
    assert_eq!(fixture.token().await, "acc3ss|1.");
}

#[tokio::test]
async fn tokens_refreshed_by_another_process_are_used() {
    let fixture = Fixture::new(Some(pair(1))).await;
    let refused = fixture.session.access().await.unwrap();
    fixture.store.put(&pair(7)).await;
    assert_eq!(fixture.session.refresh(&refused).await.unwrap().token().expose(), "acc3ss|7.");
    advance_clock(3600);
    assert_eq!(fixture.token().await, "acc3ss|8.", "the refresh token of the other process is used");
    assert_eq!(fixture.refreshes(), 1);
}

#[tokio::test]
async fn an_outdated_store_does_not_restore_used_tokens() {
    let fixture = Fixture::new(Some(pair(1))).await;
    advance_clock(3600);
    fixture.token().await;
    fixture.store.put(&pair(1)).await;
    advance_clock(3600);
    assert_eq!(fixture.token().await, "acc3ss|3.");
}

#[tokio::test]
async fn a_refresh_lost_to_another_process_is_not_a_failure() {
    for delay in [0, 100] {
        let store = Arc::new(TestStore { has_no_lock: true, ..TestStore::default() });
        let winner = Arc::clone(&store);
        let server = MockServer::start(move |_| {
            let winner = Arc::clone(&winner);
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(delay)).await;
                winner.put(&pair(2)).await;
            });
            MockResponse::error(400, "invalid_grant", "The token is spent")
        });
        let server = server.await;
        store.put(&pair(1).with_expires_at(START)).await;
        let session = Fixture::session(&server.origin(), &store);
        assert_eq!(session.access().await.unwrap().token().expose(), "acc3ss|2.");
    }
}

#[tokio::test]
async fn a_new_installation_recovers_from_a_refused_refresh() {
    let fixture =
        Fixture::with_server(Some(pair(1)), |_| MockResponse::error(400, "invalid_grant", "")).await;
    advance_clock(3600);
    assert!(fixture.session.access().await.is_err());
    fixture.store.put(&pair(5).with_expires_at(now() + 3600)).await;
    assert_eq!(fixture.token().await, "acc3ss|5.");
    assert_eq!(fixture.refreshes(), 1);
}

#[tokio::test]
async fn a_panicking_store_fails_the_call_and_blocks_no_later_one() {
    struct PanicsOnce(AtomicBool);
    impl TokenStore for PanicsOnce {
        fn load(&self) -> StoreFuture<'_, Option<Tokens>> {
            assert!(!self.0.swap(false, Ordering::SeqCst), "on purpose");
            Box::pin(async { Ok(Some(pair(1))) })
        }

        fn save<'a>(&'a self, _: &'a Tokens) -> StoreFuture<'a, ()> {
            Box::pin(async { Ok(()) })
        }
    }
    let session =
        Session::with_clock(App::new("app.1", APP_SECRET), Arc::new(PanicsOnce(true.into())), clock());
    let failure = session.access().await.unwrap_err();
    assert!(failure.to_string().contains("was aborted"), "{failure}");
    assert_eq!(session.access().await.unwrap().token().expose(), "acc3ss|1.");
}

#[tokio::test]
async fn a_session_redacts_current_and_previous_secrets() {
    let fixture = Fixture::new(Some(pair(1))).await;
    fixture.token().await;
    advance_clock(3600);
    fixture.token().await;
    let text =
        format!("acc3ss|1. ACC3SS%7c2. r3fresh|1. r3fresh%7C2. {APP_SECRET} app-s3cret.of%2Fmine%3D%3D");
    assert_eq!(fixture.session.redact(&text), "*** *** *** *** *** ***");
    let access = fixture.session.access().await.unwrap();
    check_no_secret(&format!("{:?} {access:?} {:?}", fixture.session, fixture.store.tokens()));
}

#[test]
fn a_refresh_outlives_the_runtime_of_its_caller() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let server = MockServer::start_on_thread(|_| token_response(2));
    server.fail("token", Fault::Slow(Duration::from_millis(300)));
    let store = Arc::new(TestStore::default());
    runtime().block_on(store.put(&pair(1)));
    advance_clock(3600);
    let session = Fixture::session(&server.origin(), &store);
    runtime().block_on(async {
        let cancelled = tokio::time::timeout(Duration::from_millis(50), session.access()).await;
        assert!(cancelled.is_err());
    });
    assert_eq!(store.tokens(), Some(pair(1)));
    runtime().block_on(session.flush()).unwrap();
    assert_eq!((server.runs("token"), store.tokens().unwrap().access_token()), (1, "acc3ss|2."));
}

#[test]
fn a_thread_that_ends_waits_for_its_refresh() {
    let server = MockServer::start_on_thread(|_| token_response(2));
    server.fail("token", Fault::Slow(Duration::from_millis(300)));
    let store = Arc::new(TestStore::default());
    advance_clock(3600);
    let (origin, ends, clock) = (server.origin(), Arc::clone(&store), clock());
    let program = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            ends.put(&pair(1)).await;
            let app = App::new("app.1", APP_SECRET).with_server(&origin).unwrap();
            let session = Session::with_clock(app, ends, clock);
            let cancelled = tokio::time::timeout(Duration::from_millis(100), session.access()).await;
            assert!(cancelled.is_err());
        });
    });
    program.join().unwrap();
    assert_eq!(store.tokens().unwrap().access_token(), "acc3ss|2.");
}

#[tokio::test]
async fn a_store_that_cannot_save_is_noticed_before_the_refresh_token_is_used() {
    let fixture = Fixture::new(Some(pair(1))).await;
    fixture.token().await;
    advance_clock(3600);
    fixture.store.fail_saves(true);
    for outcome in fixture.access_concurrently(None).await {
        let failure = outcome.unwrap_err();
        assert!(
            failure.to_string().contains("were not refreshed, since the token store cannot save"),
            "{failure}"
        );
        check_no_secret(&all_texts(&failure));
    }
    assert_eq!(fixture.server.calls().len(), 0);
    fixture.store.fail_saves(false);
    assert_eq!(fixture.token().await, "acc3ss|2.");
}

#[tokio::test]
async fn a_pair_that_could_not_be_saved_does_not_replace_a_new_installation() {
    let fixture = Fixture::new(Some(pair(1))).await;
    fixture.token().await;
    advance_clock(3600);
    fixture.server.fail("token", Fault::Slow(Duration::from_millis(50))).after_running();
    let (outcome, ()) = tokio::join!(fixture.session.access(), async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        fixture.store.fail_saves(true);
    });
    assert!(outcome.is_err());
    fixture.store.fail_saves(false);
    let installed = pair(9).with_expires_at(now() + 3600);
    fixture.store.put(&installed).await;
    assert_eq!(fixture.token().await, "acc3ss|9.");
    fixture.session.flush().await.unwrap();
    assert_eq!((fixture.refreshes(), fixture.store.tokens()), (1, Some(installed)));
}

#[tokio::test]
async fn an_installation_during_a_refresh_is_kept() {
    let fixture = Fixture::new(Some(pair(1))).await;
    advance_clock(3600);
    fixture.server.fail("token", Fault::Slow(Duration::from_millis(50))).after_running();
    let installed = pair(9).with_expires_at(now() + 3600);
    let (access, ()) = tokio::join!(fixture.session.access(), async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        fixture.store.put(&installed).await;
    });
    assert_eq!(access.unwrap().token().expose(), "acc3ss|9.");
    assert_eq!(fixture.store.tokens(), Some(installed));
}

#[tokio::test]
async fn a_pair_with_the_same_access_token_is_a_new_one() {
    let same = |number: usize, expires: u64| {
        Tokens::new("acc3ss|same.", "https://shop.example/rest/")
            .with_refresh_token(format!("r3fresh|{number}."))
            .with_expires_at(expires)
    };
    let fixture = Fixture::with_server(Some(same(1, START + 3600)), |call| {
        assert_eq!(call.field("refresh_token").as_deref(), Some("r3fresh|1."));
        MockResponse::json(
            200,
            &json!({"access_token": "acc3ss|same.", "refresh_token": "r3fresh|2.", "expires_in": 3600}),
        )
    })
    .await;
    let sessions = [(); 4].map(|()| Fixture::session(&fixture.server.origin(), &fixture.store));
    for session in &sessions {
        session.access().await.unwrap();
    }
    advance_clock(3600);
    for session in &sessions {
        assert_eq!(session.access().await.unwrap().token().expose(), "acc3ss|same.");
    }
    assert_eq!((fixture.refreshes(), fixture.store.tokens()), (1, Some(same(2, START + 7200))));
}
