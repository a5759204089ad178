//! The error of a call whose attempts end differently.

use std::time::Duration;

use bitrix24_client::{AcquireFuture, CallReport, Client, Limiter, NoLimit, RateLimitRequest};
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{ErrorKind, Executed, Keyset, json, raw};

use bitrix24_testing::{Fault, MockResponse, MockServer};

#[tokio::test]
async fn a_refused_retry_does_not_hide_that_an_earlier_attempt_may_have_run() {
    let cases = [
        (Fault::refuse(403, "ACCESS_DENIED", "No"), ErrorKind::System, Executed::Unknown),
        (Fault::QueryLimit, ErrorKind::System, Executed::Unknown),
        (Fault::Redirect(302, "/auth/".to_owned()), ErrorKind::Redirect, Executed::Unknown),
        (Fault::refuse(400, "NO_SUCH_PAGE", "No"), ErrorKind::Method, Executed::Unknown),
    ];
    for (second, kind, executed) in cases {
        let server = MockServer::start(|_| MockResponse::result(json!({"id": 7}))).await;
        let retries = RetryPolicy::default()
            .with_max_attempts(2)
            .with_initial_backoff(Duration::from_millis(1))
            .with_rejection_budget(Duration::ZERO);
        let client =
            Client::builder().limiter(NoLimit).retry_policy(retries).webhook(&server.webhook()).unwrap();
        server.fail("note.page.add", Fault::LoseResponse).after_running();
        server.fail("note.page.add", second.clone());

        let error = client.call(raw("note.page.add", json!({"fields": {}})).v3()).await.unwrap_err();
        assert_eq!((server.calls().len(), server.runs("note.page.add")), (2, 1), "{second:?}");
        assert_eq!(
            (error.kind(), error.executed(), error.attempts()),
            (kind, executed, 2),
            "{second:?}: {error}"
        );
    }
}

#[tokio::test]
async fn a_backoff_longer_than_the_deadline_ends_the_call_at_once() {
    let server = MockServer::start(|_| MockResponse::error(503, "QUERY_LIMIT_EXCEEDED", "Slow down")).await;
    let retries =
        RetryPolicy::default().with_initial_backoff(Duration::from_secs(600)).with_max_backoff(Duration::MAX);
    let deadline = Duration::from_secs(200);
    let client = Client::builder().limiter(NoLimit).retry_policy(retries).deadline(deadline);
    let call = client.webhook(&server.webhook()).unwrap().call(raw("profile", json!({})));
    let error = tokio::time::timeout(deadline / 4, call).await.expect("at once").unwrap_err();
    assert_eq!((error.kind(), error.executed(), error.attempts()), (ErrorKind::System, Executed::No, 1));
}

#[tokio::test]
async fn rejections_do_not_use_up_the_attempts() {
    let server = MockServer::start(|_| MockResponse::result(json!(7))).await;
    let retries = RetryPolicy::default().with_initial_backoff(Duration::from_millis(1)).with_multiplier(1.0);
    let client = Client::builder().limiter(NoLimit).retry_policy(retries).webhook(&server.webhook()).unwrap();
    server.fail("crm.deal.add", Fault::QueryLimit).times(40);
    assert_eq!(client.call(raw("crm.deal.add", json!({}))).await.unwrap().result, 7);
    assert_eq!((server.calls().len(), server.runs("crm.deal.add")), (41, 1));

    let short = retries.with_rejection_budget(Duration::from_millis(50));
    let client = Client::builder().limiter(NoLimit).retry_policy(short).webhook(&server.webhook()).unwrap();
    server.fail("crm.deal.add", Fault::QueryLimit).always();
    let error = client.call(raw("crm.deal.add", json!({}))).await.unwrap_err();
    assert_eq!((error.code(), error.executed()), (Some("QUERY_LIMIT_EXCEEDED"), Executed::No));
    assert!(error.attempts() > 5, "{error}");
}

#[tokio::test]
async fn a_failing_limiter_fails_the_call_before_it_is_sent() {
    struct Broken;
    impl Limiter for Broken {
        fn acquire<'a>(&'a self, _: RateLimitRequest<'a>) -> AcquireFuture<'a> {
            Box::pin(std::future::ready(Err(
                format!("no server at /rest/1/{}/", bitrix24_testing::SECRET).into()
            )))
        }

        fn record(&self, _: CallReport<'_>) {}
    }
    let server = MockServer::start(|_| MockResponse::result(json!(7))).await;
    let client = Client::builder().limiter(Broken).webhook(&server.webhook()).unwrap();
    let error = client.call(raw("crm.deal.add", json!({}))).await.unwrap_err();
    assert_eq!((error.kind(), error.executed(), error.attempts()), (ErrorKind::Limiter, Executed::No, 0));
    assert!(error.to_string().contains("no server at /rest/1/***/"), "{error}");
    assert_eq!(server.calls().len(), 0);
}

#[tokio::test]
async fn a_failed_command_of_a_list_counts_its_attempts() {
    let server = MockServer::start(|call| {
        let names: Vec<String> =
            call.params["cmd"].as_object().map(|cmd| cmd.keys().cloned().collect()).unwrap_or_default();
        let errors: serde_json::Map<_, _> =
            names.into_iter().map(|name| (name, json!({"error": "LOCKED"}))).collect();
        MockResponse::result(json!({"result": [], "result_error": errors}))
    })
    .await;
    let retries = RetryPolicy::default().with_initial_backoff(Duration::from_millis(1));
    let client = Client::builder().limiter(NoLimit).retry_policy(retries).webhook(&server.webhook()).unwrap();
    server.fail("batch", Fault::QueryLimit).times(2);
    let deals = raw("crm.deal.list", json!({})).keyset(Keyset::new("ID")).read_only();
    let error = client.rows(deals).by_id().collect_all().await.unwrap_err().error;
    assert_eq!((error.code(), error.attempts()), (Some("LOCKED"), 3), "{error}");
}

#[tokio::test]
async fn an_error_says_whether_the_call_ran() {
    let cases = [
        ("ERROR_METHOD_NOT_FOUND", Executed::No),
        ("PAYMENT_REQUIRED", Executed::No),
        ("invalid_token", Executed::No),
        ("METHOD_CONFIRM_WAITING", Executed::No),
        ("METHOD_CONFIRM_DENIED", Executed::No),
        ("expired_token", Executed::No),
        ("OVERLOAD_LIMIT", Executed::No),
        ("INTERNAL_SERVER_ERROR", Executed::Unknown),
        ("A_CODE_OF_TOMORROW", Executed::Unknown),
        ("", Executed::Unknown),
    ];
    for status in [200, 400, 401, 500] {
        for (code, executed) in cases {
            let server = MockServer::start(move |_| MockResponse::error(status, code, "No")).await;
            let client = Client::builder().limiter(NoLimit).webhook(&server.webhook()).unwrap();
            let error = client.call(raw("crm.deal.add", json!({}))).await.unwrap_err();
            assert_eq!((error.executed(), error.attempts()), (executed, 1), "{code} {status}");
        }
    }
}

#[tokio::test]
async fn a_caller_decides_about_the_retries_of_a_call() {
    let server = MockServer::start(|_| MockResponse::result(json!(7))).await;
    let retries = RetryPolicy::default().with_initial_backoff(Duration::from_millis(1));
    let client = Client::builder().limiter(NoLimit).retry_policy(retries).webhook(&server.webhook()).unwrap();
    let update = || raw("crm.deal.update", json!({"id": 12}));
    let lose = || server.fail("crm.deal.update", Fault::LoseResponse).after_running();
    lose();
    let error = client.call(update()).await.unwrap_err();
    assert_eq!((error.executed(), error.attempts()), (Executed::Unknown, 1));
    lose();
    assert_eq!(client.safe_to_repeat().call(update()).await.unwrap().result, 7);
    assert_eq!(server.runs("crm.deal.update"), 3);
    lose();
    let once = client.safe_to_repeat().with_retry_policy(RetryPolicy::never());
    assert_eq!(once.call(update()).await.unwrap_err().attempts(), 1);
}

#[tokio::test]
async fn an_unused_connection_is_closed_before_the_server_does() {
    let server = MockServer::start(|_| MockResponse::result(json!(7))).await;
    let builder = Client::builder().limiter(NoLimit).pool_idle_timeout(Duration::from_millis(200));
    let client = builder.webhook(&server.webhook()).unwrap();
    for pause in [10, 600, 10] {
        client.call(raw("crm.deal.add", json!({}))).await.unwrap();
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
    let connections: Vec<usize> = server.calls().iter().map(|call| call.connection).collect();
    assert!(connections[0] == connections[1] && connections[1] != connections[2], "{connections:?}");
}
