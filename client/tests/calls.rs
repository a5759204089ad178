//! Requests and responses of successful calls.

use std::collections::BTreeMap;
use std::time::Duration;

use bitrix24_client::{Client, HttpClient, Proxy};
use bitrix24_core::{Error, ErrorKind, Executed, json, raw};

use bitrix24_testing::{MockResponse, MockServer, SECRET};
use methods::{CountByName, CountRows};

#[path = "common/methods.rs"]
mod methods;

async fn server_with_response(response: MockResponse) -> (MockServer, Client) {
    let server = MockServer::start(move |_| response.clone()).await;
    let client = Client::webhook(&server.webhook()).unwrap();
    (server, client)
}

#[tokio::test]
async fn a_call_to_either_api_is_one_post_with_json() {
    let (server, client) = server_with_response(MockResponse::result(json!(7))).await;
    let params = json!({"zeta": {"b": 1, "a": "ü"}, "alpha": [true, null]});
    client.call(raw("crm.V2.deal_list", params.clone())).await.unwrap();
    client.call(raw("tasks.task.get", params).v3()).await.unwrap();
    client.call(raw("profile", json!(null))).await.unwrap();
    client.call(raw("task.item.list", json!([{"ID": "asc"}, {}]))).await.unwrap();

    let body = r#"{"zeta":{"b":1,"a":"ü"},"alpha":[true,null]}"#;
    let expected = [
        (format!("/rest/1/{SECRET}/crm.V2.deal_list.json"), false, body),
        (format!("/rest/api/1/{SECRET}/tasks.task.get"), true, body),
        (format!("/rest/1/{SECRET}/profile.json"), false, "{}"),
        (format!("/rest/1/{SECRET}/task.item.list.json"), false, r#"{"0":{"ID":"asc"},"1":{}}"#),
    ];
    let calls = server.calls();
    assert_eq!(calls.len(), expected.len());
    for (call, (path, v3, params)) in calls.iter().zip(expected) {
        assert_eq!((call.verb.as_str(), &call.path, call.v3), ("POST", &path, v3));
        assert_eq!(call.params.to_string(), params, "{path}: order included");
        assert_eq!(call.header("content-type"), Some("application/json"));
        assert_eq!(call.header("accept"), Some("application/json"));
        assert_eq!(call.header("user-agent"), Some(concat!("bitrix24-rust/", env!("CARGO_PKG_VERSION"))));
        assert_eq!(call.header("referer"), None);
    }
}

#[tokio::test]
async fn a_response_has_the_result_the_time_and_the_counts() {
    let cases = [
        (json!({"result": 7}), (7, None, None, None)),
        (json!({"result": "7", "time": {"duration": 0.5}}), (7, Some(0.5), None, None)),
        (
            json!({"result": 7.0, "time": {"duration": "0.5"}, "total": 120, "next": 50}),
            (7, Some(0.5), Some(120), Some(50)),
        ),
        (json!({"result": 7, "total": "120", "next": 0}), (7, None, Some(120), Some(0))),
        (json!({"result": 7, "time": false, "total": null, "next": ""}), (7, None, None, None)),
        (json!({"result": 7, "error": "", "time": []}), (7, None, None, None)),
    ];
    for (body, expected) in cases {
        let (_portal, client) = server_with_response(MockResponse::json(200, &body)).await;
        let response = client.call(CountRows).await.unwrap();
        assert_eq!(
            (response.result, response.time.duration, response.total, response.next),
            expected,
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_result_is_read_as_the_type_of_the_method() {
    let (server, client) =
        server_with_response(MockResponse::result(json!({"bolt": ["3", 4], "nut": []}))).await;
    let response = client.call(CountByName { store: 12 }).await.unwrap();
    assert_eq!(
        response.result,
        BTreeMap::from([("bolt".to_owned(), vec![3, 4]), ("nut".to_owned(), vec![])])
    );
    assert_eq!(server.calls()[0].params, json!({"store": 12}));
    assert!(server.calls()[0].v3);
}

#[tokio::test]
async fn a_mismatch_has_the_path_in_the_result() {
    let (_portal, client) = server_with_response(MockResponse::result(json!({"bolt": ["3", "many"]}))).await;
    let error = client.call(CountByName { store: 12 }).await.unwrap_err();
    assert_eq!(error.mismatch().unwrap().path(), "bolt[1]");
    assert_eq!((error.kind(), error.executed()), (ErrorKind::Decode, Executed::Yes));
}

#[tokio::test]
async fn an_invalid_method_name_is_refused_before_it_is_sent() {
    let (server, client) = server_with_response(MockResponse::result(json!(7))).await;
    let names = [
        "",
        ".",
        "..",
        ".profile",
        "profile.",
        "crm..deal",
        "crm/deal",
        "../auth",
        "profile.json?x=1",
        "profile#x",
        "crm deal",
        "crm-deal",
        "crm%2edeal",
        "сделки",
        "profile\n",
        "a:b",
    ];
    for name in names {
        for request in [raw(name, json!({})), raw(name, json!({})).v3()] {
            let error: Error = client.call(request).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.executed(), error.method()),
                (ErrorKind::Request, Executed::No, name)
            );
            assert!(error.to_string().contains("invalid method name"), "{error}");
        }
    }
    assert_eq!(server.calls(), []);
}

#[tokio::test]
async fn a_url_used_as_a_method_name_is_not_shown() {
    let (server, client) = server_with_response(MockResponse::result(json!(7))).await;
    let error = client.call(raw(server.webhook(), json!({}))).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains(SECRET), "{error:?}");
}

#[tokio::test]
async fn clones_call_concurrently_from_other_tasks() {
    let (server, client) =
        server_with_response(MockResponse::result(json!(7)).after(Duration::from_millis(50))).await;
    let tasks: Vec<_> = (0..8).map(|_| tokio::spawn(client.clone().call(CountRows))).collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap().result, 7);
    }
    assert_eq!(server.calls().len(), 8);
}

#[test]
fn a_call_future_is_small_send_and_static() {
    fn check<T: Send + 'static>(_: &T) {}
    let client = Client::webhook("https://shop.example/rest/1/abc/").unwrap();
    let future = {
        let client = client.clone();
        client.call(CountByName { store: 1 })
    };
    check(&future);
    check(&client);
    assert!(size_of_val(&future) <= 192, "{} bytes", size_of_val(&future));
}

#[tokio::test]
async fn nothing_is_sent_until_the_future_is_polled() {
    let (server, client) = server_with_response(MockResponse::result(json!(7))).await;
    drop(client.call(CountRows));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(server.calls(), []);
}

#[test]
fn debug_of_a_client_shows_only_its_portal_and_user() {
    let client = Client::webhook("https://shop.example:8443/rest/12/q8Zt_4mN-x2Lw7/").unwrap();
    assert_eq!(
        format!("{client:?}"),
        r#"Client { portal: "https://shop.example:8443", key: "user 12", .. }"#
    );
}

#[test]
fn debug_of_a_builder_shows_nothing_of_the_http_client() {
    let proxy = reqwest::Proxy::all("http://clerk:q8Zt_4mN@proxy.example:3128").unwrap();
    let http = reqwest::Client::builder().proxy(proxy).build().unwrap();
    let text = format!("{:?}", Client::builder().http_client(HttpClient::from_reqwest_0_13(http)));
    assert!(text.contains("has_http_client: true") && text.contains("timeout: 70s"), "{text}");
    assert!(!text.contains("clerk") && !text.contains("q8Zt"), "{text}");
}

#[tokio::test]
async fn a_proxy_carries_the_calls() {
    let proxy = MockServer::start(|call| MockResponse::result(json!(call.path))).await;
    let client = Client::builder()
        .proxy(Proxy::http(&format!("http://{}", proxy.address())).unwrap())
        .webhook("http://localhost:1/rest/1/k7Jq/")
        .unwrap();
    let response = client.call(raw("profile", json!(null))).await.unwrap();
    assert_eq!(response.result, json!("http://localhost:1/rest/1/k7Jq/profile.json"));
}

#[tokio::test]
async fn an_observer_sees_no_secret() {
    #[derive(Clone, Default)]
    struct Methods(std::sync::Arc<std::sync::Mutex<Vec<String>>>);
    impl bitrix24_client::Observer for Methods {
        fn observe(&self, event: &bitrix24_client::Event<'_>) {
            self.0.lock().unwrap().push(event.method().to_owned());
        }
    }
    let server = MockServer::start(|_| MockResponse::result(json!(7))).await;
    let methods = Methods::default();
    let webhook = format!("{}/rest/1/k7Jq2wXv9hRz/", server.origin());
    let portal = Client::builder().observer(methods.clone()).webhook(&webhook).unwrap();
    // A part of a URL, pasted as the name of a method.
    portal.call(raw("k7Jq2wXv9hRz.profile", json!({}))).await.unwrap();
    let methods = methods.0.lock().unwrap();
    assert!(methods.len() > 2 && methods.iter().all(|method| method == "***.profile"), "{methods:?}");
}
