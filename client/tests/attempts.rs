//! What a caller is told when the attempts of one call end differently.

use std::time::Duration;

use bitrix24_client::{Client, NoLimit};
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{ErrorKind, Executed, json, raw};

use mock_server::{Fault, MockResponse, MockServer};

#[path = "../../tests/support/mock_server.rs"]
mod mock_server;

#[tokio::test]
async fn a_refusal_does_not_undo_what_a_lost_attempt_may_have_done() {
    let cases = [
        (Fault::refuse(403, "ACCESS_DENIED", "No"), ErrorKind::System, Executed::Unknown),
        (Fault::QueryLimit, ErrorKind::System, Executed::Unknown),
        (Fault::Redirect(302, "/auth/".to_owned()), ErrorKind::Redirect, Executed::Unknown),
        (Fault::refuse(400, "NO_SUCH_PAGE", "No"), ErrorKind::Method, Executed::Yes),
    ];
    for (then, kind, ran) in cases {
        let server = MockServer::start(|_| MockResponse::result(json!({"id": 7}))).await;
        let retries =
            RetryPolicy::default().with_max_attempts(2).with_initial_backoff(Duration::from_millis(1));
        let client =
            Client::builder().limiter(NoLimit).retry_policy(retries).webhook(&server.webhook()).unwrap();
        server.fail("note.page.add", Fault::LoseResponse).after_running();
        server.fail("note.page.add", then.clone());

        let error = client.call(raw("note.page.add", json!({"fields": {}})).v3()).await.unwrap_err();
        assert_eq!((server.calls().len(), server.runs("note.page.add")), (2, 1), "{then:?}");
        assert_eq!((error.kind(), error.executed(), error.attempts()), (kind, ran, 2), "{then:?}: {error}");
    }
}

#[tokio::test]
async fn a_pause_that_does_not_fit_before_the_deadline_is_not_waited_for() {
    let server = MockServer::start(|_| MockResponse::error(503, "QUERY_LIMIT_EXCEEDED", "Slow down")).await;
    let retries =
        RetryPolicy::default().with_initial_backoff(Duration::from_secs(600)).with_max_backoff(Duration::MAX);
    let deadline = Duration::from_secs(200);
    let client = Client::builder().limiter(NoLimit).retry_policy(retries).deadline(deadline);
    let call = client.webhook(&server.webhook()).unwrap().call(raw("profile", json!({})));
    let error = tokio::time::timeout(deadline / 4, call).await.expect("at once").unwrap_err();
    assert_eq!((error.kind(), error.executed(), error.attempts()), (ErrorKind::System, Executed::No, 1));
}
