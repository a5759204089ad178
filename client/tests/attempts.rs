//! What a caller is told when the attempts of one call end differently.

use std::time::Duration;

use bitrix24_client::{Client, Unlimited};
use bitrix24_core::retry::Policy;
use bitrix24_core::{Kind, Ran, json, raw};

use portal::{Fault, Portal, Response};

#[path = "../../tests/support/portal.rs"]
mod portal;

#[tokio::test]
async fn a_refusal_does_not_undo_what_a_lost_attempt_may_have_done() {
    let cases = [
        (Fault::refuse(403, "ACCESS_DENIED", "No"), Kind::System, Ran::Maybe),
        (Fault::QueryLimit, Kind::System, Ran::Maybe),
        (Fault::Redirect(302, "/auth/".to_owned()), Kind::Redirect, Ran::Maybe),
        (Fault::refuse(400, "NO_SUCH_PAGE", "No"), Kind::Method, Ran::Yes),
    ];
    for (then, kind, ran) in cases {
        let portal = Portal::start(|_| Response::result(json!({"id": 7}))).await;
        let retries = Policy::default().with_attempts(2).with_pause(Duration::from_millis(1));
        let client =
            Client::builder().limiter(Unlimited).retries(retries).webhook(&portal.webhook()).unwrap();
        portal.fail("note.page.add", Fault::LoseAnswer).having_run();
        portal.fail("note.page.add", then.clone());

        let error = client.call(raw("note.page.add", json!({"fields": {}})).v3()).await.unwrap_err();
        assert_eq!((portal.calls().len(), portal.runs("note.page.add")), (2, 1), "{then:?}");
        assert_eq!((error.kind(), error.ran(), error.attempts()), (kind, ran, 2), "{then:?}: {error}");
    }
}

#[tokio::test]
async fn a_pause_that_does_not_fit_before_the_deadline_is_not_waited_for() {
    let portal = Portal::start(|_| Response::error(503, "QUERY_LIMIT_EXCEEDED", "Slow down")).await;
    let retries = Policy::default().with_pause(Duration::from_secs(600)).with_longest(Duration::MAX);
    let deadline = Duration::from_secs(200);
    let client = Client::builder().limiter(Unlimited).retries(retries).deadline(deadline);
    let call = client.webhook(&portal.webhook()).unwrap().call(raw("profile", json!({})));
    let error = tokio::time::timeout(deadline / 4, call).await.expect("at once").unwrap_err();
    assert_eq!((error.kind(), error.ran(), error.attempts()), (Kind::System, Ran::No, 1));
}
