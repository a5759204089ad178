//! The store: asked before a renewal, given each pair before it is used.

use super::*;

#[tokio::test]
async fn a_new_pair_is_in_the_store_before_it_is_used() {
    let fixture = Fixture::new(Some(pair(1))).await;
    advance_clock(3600);
    let access = fixture.session.access().await.unwrap();
    assert_eq!(fixture.store.counts(), (1, 1));
    assert_eq!(fixture.store.tokens().unwrap().access_token(), access.token().expose());
}

#[tokio::test]
async fn a_pair_that_the_store_does_not_take_is_offered_again_and_not_renewed_again() {
    let fixture = Fixture::new(Some(pair(1))).await;
    fixture.token().await;
    advance_clock(3600);
    let refused = fixture.session.access();
    // The store breaks between the question what is new and the new pair.
    fixture.server.fail("token", Fault::Slow(Duration::from_millis(50))).after_running();
    let (outcome, ()) = tokio::join!(refused, async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        fixture.store.set_broken(true);
    });
    let failure = outcome.unwrap_err();
    assert_eq!(failure.kind(), ErrorKind::Authorization);
    assert!(
        failure.to_string().contains("the token store cannot save them (no room for *** and Some(\"***\"))"),
        "{failure}"
    );
    check_no_secret(&texts(&failure));

    assert!(fixture.session.access().await.is_err());
    assert_eq!((fixture.refreshes(), fixture.store.counts().1), (1, 2));
    fixture.store.set_broken(false);
    assert_eq!(fixture.token().await, "acc3ss|2.");
    assert_eq!((fixture.refreshes(), fixture.store.tokens().unwrap().access_token()), (1, "acc3ss|2."));
}

#[tokio::test]
async fn with_a_store_that_cannot_be_read_nothing_is_renewed() {
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
async fn an_empty_store_says_what_is_missing_and_fills_later() {
    let fixture = Fixture::new(None).await;
    let failure = fixture.session.access().await.unwrap_err();
    assert!(failure.to_string().contains("the token store has no tokens; install"), "{failure}");
    fixture.store.put(&pair(1)).await;
    assert_eq!(fixture.token().await, "acc3ss|1.");
}

#[tokio::test]
async fn what_another_process_has_renewed_is_taken_over() {
    let fixture = Fixture::new(Some(pair(1))).await;
    let refused = fixture.session.access().await.unwrap();
    fixture.store.put(&pair(7)).await;
    assert_eq!(fixture.session.refresh(&refused).await.unwrap().token().expose(), "acc3ss|7.");
    advance_clock(3600);
    assert_eq!(fixture.token().await, "acc3ss|8.", "its refresh token is the one that is good");
    assert_eq!(fixture.refreshes(), 1);
}

#[tokio::test]
async fn a_store_that_is_behind_does_not_bring_back_what_is_spent() {
    let fixture = Fixture::new(Some(pair(1))).await;
    advance_clock(3600);
    fixture.token().await;
    fixture.store.put(&pair(1)).await;
    advance_clock(3600);
    assert_eq!(fixture.token().await, "acc3ss|3.");
}

#[tokio::test]
async fn a_renewal_that_another_process_won_is_no_failure() {
    for slow in [0, 100] {
        let store = Arc::new(TestStore::default());
        let winner = Arc::clone(&store);
        let server = MockServer::start(move |_| {
            let winner = Arc::clone(&winner);
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(slow)).await;
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
async fn after_a_refused_renewal_a_new_installation_is_enough() {
    let fixture =
        Fixture::with_server(Some(pair(1)), |_| MockResponse::error(400, "invalid_grant", "")).await;
    advance_clock(3600);
    assert!(fixture.session.access().await.is_err());
    fixture.store.put(&pair(5).with_expires_at(NOW.get() + 3600)).await;
    assert_eq!(fixture.token().await, "acc3ss|5.");
    assert_eq!(fixture.refreshes(), 1);
}

#[tokio::test]
async fn a_store_that_panics_is_told_and_does_not_hang_anyone() {
    struct Brittle(AtomicBool);
    impl TokenStore for Brittle {
        fn load(&self) -> StoreFuture<'_, Option<Tokens>> {
            assert!(!self.0.swap(false, Ordering::SeqCst), "on purpose");
            Box::pin(async { Ok(Some(pair(1))) })
        }

        fn save<'a>(&'a self, _: &'a Tokens) -> StoreFuture<'a, ()> {
            Box::pin(async { Ok(()) })
        }
    }
    let session =
        Session::with_clock(App::new("app.1", APP_SECRET), Arc::new(Brittle(true.into())), || NOW.get());
    let failure = session.access().await.unwrap_err();
    assert!(failure.to_string().contains("was aborted"), "{failure}");
    assert_eq!(session.access().await.unwrap().token().expose(), "acc3ss|1.");
}

#[tokio::test]
async fn a_session_masks_what_it_knows_and_knew() {
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
fn a_runtime_that_is_shut_down_is_told_and_hangs_nobody() {
    let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (over, alive) = (runtime(), runtime());
    let session =
        Session::with_clock(App::new("app.1", APP_SECRET), Arc::new(MemoryStore::new(pair(1))), || START);
    let handle = over.handle().clone();
    over.shutdown_background();

    let (done, outcome) = std::sync::mpsc::channel();
    let late = session.clone();
    std::thread::spawn(move || {
        let entered = handle.enter();
        let mut access = Box::pin(late.access());
        let polled = access.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
        drop(entered);
        done.send(matches!(polled, std::task::Poll::Ready(Err(_)))).unwrap();
    });
    assert_eq!(outcome.recv_timeout(Duration::from_secs(20)), Ok(true), "it ends, and not well");
    let access = alive.block_on(session.access()).unwrap();
    assert_eq!(access.token().expose(), "acc3ss|1.");
}
