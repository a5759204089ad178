//! Typed calls over a real socket, against a mock portal that behaves as documented.

#[path = "end_to_end/lists.rs"]
mod lists;

use bitrix24::im_open_lines::bot::session as bot;
use bitrix24::im_open_lines::session::{self, head};
use bitrix24::{Client, ErrorKind, Executed, Method, SystemError, json, raw};
use bitrix24_core::retry::RetryPolicy;
use bitrix24_testing::{Call, MockResponse, MockServer, SECRET};

/// A portal with one conversation, 1743 in chat 2043.
fn respond(call: &Call) -> MockResponse {
    let text = |key: &str| call.params[key].as_str().unwrap_or_default().to_owned();
    match call.method.as_str() {
        "imopenlines.session.head.vote" => match call.params["SESSION_ID"].as_i64() {
            None | Some(i64::MIN..=0) => MockResponse::error(400, "EMPTY_SESSION_ID", "Which conversation?"),
            _ if call.params.get("RATING").is_none() && text("COMMENT").is_empty() => {
                MockResponse::error(400, "EMPTY_VOTE_PARAMS", "Neither stars nor words")
            }
            Some(1743) => MockResponse::result(json!(true)),
            Some(_) => MockResponse::error(400, "ACCESS_DENIED", "Not yours to rate"),
        },
        "imopenlines.session.start" => match call.params["CHAT_ID"].as_i64() {
            Some(2043) => MockResponse::result(json!(true)),
            Some(7) => MockResponse::error(400, "CHAT_TYPE", "Not an open line"),
            _ => MockResponse::error(400, "CHAT_ID", "No such chat"),
        },
        "imopenlines.bot.session.finish" if text("CLIENT_ID").is_empty() => {
            MockResponse::error(400, "BOT_ID_ERROR", "Which bot?")
        }
        "imopenlines.bot.session.finish" => MockResponse::result(json!("Y")),
        _ => MockResponse::error(404, "ERROR_METHOD_NOT_FOUND", "No such method"),
    }
}

async fn start_portal() -> (MockServer, Client) {
    let server = MockServer::start(respond).await;
    let client = Client::webhook(&server.webhook()).unwrap();
    (server, client)
}

#[tokio::test]
async fn a_typed_request_reaches_the_portal_under_its_wire_names() {
    let (server, client) = start_portal().await;
    let response = client.call(head::vote(1743).rating(4).comment("Świetnie, спасибо")).await.unwrap();
    assert!(response.result);
    assert!(response.time.duration.is_some());

    let calls = server.calls();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].method, "imopenlines.session.head.vote");
    assert_eq!(calls[0].params, json!({"SESSION_ID": 1743, "RATING": 4, "COMMENT": "Świetnie, спасибо"}));
}

#[tokio::test]
async fn unset_parameters_are_not_sent() {
    let (server, client) = start_portal().await;
    client.call(session::start(2043)).await.unwrap();
    client.call(bot::finish(2043).client_id("bot").extra("NEW_TOMORROW", true)).await.unwrap();
    let sent: Vec<_> = server.calls().into_iter().map(|call| call.params).collect();
    assert_eq!(
        sent,
        [json!({"CHAT_ID": 2043}), json!({"CHAT_ID": 2043, "CLIENT_ID": "bot", "NEW_TOMORROW": true})]
    );
}

#[tokio::test]
async fn each_documented_error_is_a_method_error() {
    use bot::FinishError;
    use head::VoteError;
    use session::StartError;
    let (_portal, client) = start_portal().await;

    let votes = [
        (head::vote(0).rating(5), VoteError::EmptySessionId),
        (head::vote(1743), VoteError::EmptyVoteParams),
        (head::vote(9).rating(5), VoteError::AccessDenied),
    ];
    for (request, expected) in votes {
        let error = client.call(request).await.unwrap_err();
        assert_eq!(error.method_error(), Some(&expected));
        assert!(error.is(expected.clone()));
        assert_eq!(
            (error.kind(), error.status(), error.executed()),
            (ErrorKind::Method, Some(400), Executed::Yes)
        );
        assert_eq!(error.code(), Some(expected.code()));
        assert_eq!(error.method(), "imopenlines.session.head.vote");
        assert_eq!(error.system_error(), None);
    }
    for (chat, expected) in [(7, StartError::ChatType), (8, StartError::ChatId)] {
        assert!(client.call(session::start(chat)).await.unwrap_err().is(expected));
    }
    assert!(client.call(bot::finish(2043)).await.unwrap_err().is(FinishError::BotIdError));
}

#[tokio::test]
async fn the_status_distinguishes_method_and_system_errors_with_the_same_code() {
    let server =
        MockServer::start(|_| MockResponse::error(403, "ACCESS_DENIED", "Commercial plans only")).await;
    let client = Client::webhook(&server.webhook()).unwrap();
    let error = client.call(head::vote(1743).rating(5)).await.unwrap_err();
    assert_eq!(error.system_error(), Some(SystemError::AccessDenied));
    assert_eq!(
        (error.method_error(), error.kind(), error.executed()),
        (None, ErrorKind::System, Executed::No)
    );
}

#[tokio::test]
async fn system_errors_and_unknown_codes_are_distinguished() {
    let cases = [
        ("expired_token", 401, Some(SystemError::ExpiredToken), Executed::No),
        ("EXPIRED_TOKEN", 401, Some(SystemError::ExpiredToken), Executed::No),
        ("QUERY_LIMIT_EXCEEDED", 503, Some(SystemError::QueryLimitExceeded), Executed::No),
        ("INTERNAL_SERVER_ERROR", 500, Some(SystemError::InternalServerError), Executed::Unknown),
        ("UNKNOWN_CODE", 400, None, Executed::Unknown),
    ];
    for (code, status, system, executed) in cases {
        let server = MockServer::start(move |_| MockResponse::error(status, code, "No")).await;
        // Retries are tested elsewhere.
        let client = Client::builder().retry_policy(RetryPolicy::never()).webhook(&server.webhook()).unwrap();
        let error = client.call(session::start(1)).await.unwrap_err();
        assert_eq!((error.system_error(), error.executed()), (system, executed), "{code}");
        assert_eq!(error.code(), Some(code));
        if system.is_none() {
            assert!(error.is(session::StartError::Other(code.into())));
        }
    }
}

#[tokio::test]
async fn an_error_of_older_documentation_is_recognized() {
    let server =
        MockServer::start(|_| MockResponse::error(400, "WRONG_PARAMETER", "One of the two, please")).await;
    let client = Client::webhook(&server.webhook()).unwrap();
    assert!(client.call(head::vote(1743)).await.unwrap_err().is(head::VoteError::WrongParameter));
}

#[tokio::test]
async fn a_result_of_another_type_is_an_error_with_the_found_value() {
    let server = MockServer::start(|_| MockResponse::result(json!({"saved": [SECRET]}))).await;
    let client = Client::webhook(&server.webhook()).unwrap();
    let error = client.call(head::vote(1743).rating(5)).await.unwrap_err();
    assert_eq!((error.kind(), error.executed()), (ErrorKind::Decode, Executed::Yes));
    let text = error.to_string();
    assert!(text.starts_with("imopenlines.session.head.vote: "), "{text}");
    assert!(text.contains("expected true or false, found an object"), "{text}");
}

#[tokio::test]
async fn any_method_is_called_by_name() {
    let (server, client) = start_portal().await;
    let response = client.call(raw("imopenlines.session.start", json!({"CHAT_ID": 2043}))).await.unwrap();
    assert_eq!(response.result, json!(true));
    let error = client.call(raw("no.such.method", json!(null))).await.unwrap_err();
    assert_eq!(error.code(), Some("ERROR_METHOD_NOT_FOUND"));
    assert_eq!(server.calls()[1].params, json!({}));
}

#[test]
fn a_request_is_a_plain_value() {
    let request = head::vote(1743).rating(5);
    assert_eq!(request, request.clone());
    assert_ne!(request, head::vote(1743).rating(4));
    assert_eq!((request.session_id, request.rating, request.comment.as_deref()), (1743, Some(5), None));
    assert_eq!(request.info().name, "imopenlines.session.head.vote");
    assert_eq!(request.info().scopes, ["imopenlines"]);
}
