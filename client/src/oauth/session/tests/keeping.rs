//! The store: asked before a renewal, given each pair before it is used.

use super::*;

#[tokio::test]
async fn a_new_pair_is_in_the_store_before_it_is_used() {
    let scene = Scene::new(Some(pair(1))).await;
    pass(3600);
    let access = scene.session.access().await.unwrap();
    assert_eq!(scene.shelf.counts(), (1, 1));
    assert_eq!(scene.shelf.tokens().unwrap().access_token(), access.token().expose());
}

#[tokio::test]
async fn a_pair_that_the_store_does_not_take_is_offered_again_and_not_renewed_again() {
    let scene = Scene::new(Some(pair(1))).await;
    scene.token().await;
    pass(3600);
    let refused = scene.session.access();
    // The store breaks between the question what is new and the new pair.
    scene.server.fail("token", Fault::Slow(Duration::from_millis(50))).having_run();
    let (outcome, ()) = tokio::join!(refused, async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        scene.shelf.breaks(true);
    });
    let failure = outcome.unwrap_err();
    assert_eq!(failure.kind(), Kind::Authorisation);
    assert!(
        failure
            .to_string()
            .contains("the token store does not take them (no room for *** and Some(\"***\"))"),
        "{failure}"
    );
    check_no_secret(&texts(&failure));

    assert!(scene.session.access().await.is_err());
    assert_eq!((scene.renewals(), scene.shelf.counts().1), (1, 2));
    scene.shelf.breaks(false);
    assert_eq!(scene.token().await, "acc3ss|2.");
    assert_eq!((scene.renewals(), scene.shelf.tokens().unwrap().access_token()), (1, "acc3ss|2."));
}

#[tokio::test]
async fn with_a_store_that_cannot_be_read_nothing_is_renewed() {
    let scene = Scene::new(Some(pair(1))).await;
    scene.token().await;
    pass(3600);
    scene.shelf.breaks(true);
    for outcome in scene.crowd(None).await {
        let failure = outcome.unwrap_err();
        assert!(
            failure.to_string().contains("the token store cannot be read: the shelf is locked"),
            "{failure}"
        );
    }
    assert_eq!(scene.server.calls().len(), 0);
    scene.shelf.breaks(false);
    assert_eq!(scene.token().await, "acc3ss|2.");
}

#[tokio::test]
async fn an_empty_store_says_what_is_missing_and_fills_later() {
    let scene = Scene::new(None).await;
    let failure = scene.session.access().await.unwrap_err();
    assert!(failure.to_string().contains("the token store has no tokens; install"), "{failure}");
    scene.shelf.put(&pair(1)).await;
    assert_eq!(scene.token().await, "acc3ss|1.");
}

#[tokio::test]
async fn what_another_process_has_renewed_is_taken_over() {
    let scene = Scene::new(Some(pair(1))).await;
    let refused = scene.session.access().await.unwrap();
    scene.shelf.put(&pair(7)).await;
    assert_eq!(scene.session.renew(&refused).await.unwrap().token().expose(), "acc3ss|7.");
    pass(3600);
    assert_eq!(scene.token().await, "acc3ss|8.", "its refresh token is the one that is good");
    assert_eq!(scene.renewals(), 1);
}

#[tokio::test]
async fn a_store_that_is_behind_does_not_bring_back_what_is_spent() {
    let scene = Scene::new(Some(pair(1))).await;
    pass(3600);
    scene.token().await;
    scene.shelf.put(&pair(1)).await;
    pass(3600);
    assert_eq!(scene.token().await, "acc3ss|3.");
}

#[tokio::test]
async fn a_renewal_that_another_process_won_is_no_failure() {
    for slow in [0, 100] {
        let shelf = Arc::new(Shelf::default());
        let winner = Arc::clone(&shelf);
        let server = Portal::start(move |_| {
            let winner = Arc::clone(&winner);
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(slow)).await;
                winner.put(&pair(2)).await;
            });
            Response::error(400, "invalid_grant", "The token is spent")
        });
        let server = server.await;
        shelf.put(&pair(1).with_expires(BEGIN)).await;
        let session = Scene::session(&server.origin(), &shelf);
        assert_eq!(session.access().await.unwrap().token().expose(), "acc3ss|2.");
    }
}

#[tokio::test]
async fn after_a_refused_renewal_a_new_installation_is_enough() {
    let scene = Scene::with_server(Some(pair(1)), |_| Response::error(400, "invalid_grant", "")).await;
    pass(3600);
    assert!(scene.session.access().await.is_err());
    scene.shelf.put(&pair(5).with_expires(NOW.get() + 3600)).await;
    assert_eq!(scene.token().await, "acc3ss|5.");
    assert_eq!(scene.renewals(), 1);
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
    assert!(failure.to_string().contains("given up halfway"), "{failure}");
    assert_eq!(session.access().await.unwrap().token().expose(), "acc3ss|1.");
}

#[tokio::test]
async fn a_session_masks_what_it_knows_and_knew() {
    let scene = Scene::new(Some(pair(1))).await;
    scene.token().await;
    pass(3600);
    scene.token().await;
    let text =
        format!("acc3ss|1. ACC3SS%7c2. r3fresh|1. r3fresh%7C2. {APP_SECRET} app-s3cret.of%2Fmine%3D%3D");
    assert_eq!(scene.session.masked(&text), "*** *** *** *** *** ***");
    let access = scene.session.access().await.unwrap();
    check_no_secret(&format!("{:?} {access:?} {:?}", scene.session, scene.shelf.tokens()));
}

#[test]
fn a_runtime_that_is_shut_down_is_told_and_hangs_nobody() {
    let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (over, alive) = (runtime(), runtime());
    let session =
        Session::with_clock(App::new("app.1", APP_SECRET), Arc::new(MemoryStore::new(pair(1))), || BEGIN);
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
