//! The control address, and the same as methods of `Portal`; REST 3 batches and languages.

mod common;

use bitrix24_core::{Value, json};
use bitrix24_portal::{Plan, Portal};
use common::{Server, application, call};

/// Sends a request to the control address: status and body.
async fn control(portal: &Portal, path: &str, body: Value) -> (u16, Value) {
    let request = reqwest::Client::new().post(format!("{}/control/{path}", portal.origin()));
    let response = request.json(&body).send().await.expect("a response");
    (response.status().as_u16(), response.json().await.expect("JSON"))
}

async fn read(portal: &Portal, path: &str) -> Value {
    let url = format!("{}/control/{path}", portal.origin());
    reqwest::get(url).await.expect("a response").json().await.expect("JSON")
}

async fn get(url: String) -> (u16, Value) {
    let response = reqwest::get(url).await.expect("a response");
    (response.status().as_u16(), response.json().await.unwrap_or_default())
}

#[tokio::test]
async fn faults_are_set_over_http() {
    let portal = Portal::builder().rows("crm.deal", 2).start().await.expect("a portal");
    let fault = json!({"error": {"status": 503, "code": "QUERY_LIMIT_EXCEEDED", "message": "Slower"}});
    let done = control(&portal, "fail", json!({"method": "crm.deal.list", "fault": fault, "calls": 2})).await;
    assert_eq!(done, (200, json!({"done": true})));
    let list = || get(format!("{}crm.deal.list", portal.webhook()));
    for wanted in [503, 503, 200] {
        assert_eq!(list().await.0, wanted);
    }
    for fault in [json!("lose_answer"), json!("close"), json!("cut_answer")] {
        assert_eq!(control(&portal, "fail", json!({"method": "*", "fault": fault})).await.0, 200);
        let sent = reqwest::get(format!("{}crm.deal.list", portal.webhook())).await;
        let read = match sent {
            Ok(response) => response.bytes().await.map(|_| ()),
            Err(error) => Err(error),
        };
        assert!(read.is_err(), "{fault}");
    }
    control(&portal, "fail", json!({"method": "crm.deal.list", "fault": {"html": 502}})).await;
    assert_eq!(list().await, (502, json!(null)));
    control(&portal, "fail", json!({"method": "crm.deal.list", "fault": {"delay_ms": 80}})).await;
    let started = std::time::Instant::now();
    assert_eq!(list().await.0, 200);
    assert!(started.elapsed().as_millis() >= 80);
    let page = json!({"respond": {"status": 418, "headers": {"x-shelf": "7"}, "body": {"result": []}}});
    let params = json!({"method": "crm.deal.list", "fault": page, "skip": 1, "after_running": true});
    assert_eq!(control(&portal, "fail", params).await.0, 200);
    assert_eq!([list().await.0, list().await.0, list().await.0], [200, 418, 200]);
    let deal = json!({"method": "crm.deal.delete", "params": {"id": 1}});
    control(&portal, "fail", json!({"method": "crm.deal.get", "fault": {"after_calls": [deal]}})).await;
    assert_eq!(get(format!("{}crm.deal.get?id=1", portal.webhook())).await.0, 400);
    let added = json!({"method": "crm.deal.add", "params": {"fields": {"TITLE": "Gate"}}});
    assert_eq!(control(&portal, "call", added).await, (200, json!({"result": 3})));
    assert_eq!(read(&portal, "rows?table=crm.deal").await.as_array().map(Vec::len), Some(2));
    let calls = read(&portal, "calls").await;
    assert_eq!((calls.as_array().map(Vec::len), &calls[0]["status"]), (Some(12), &json!(503)));
    assert_eq!(read(&portal, "recorded").await[0]["kind"], "request");
    assert_eq!(control(&portal, "reset", json!({})).await.0, 200);
    assert_eq!((portal.calls().len(), portal.rows("crm.deal").len()), (0, 0));
}

#[tokio::test]
async fn methods_are_scripted_over_http() {
    let portal = Portal::start().await.expect("a portal");
    let respond = |params: Value| async { control(&portal, "respond", params).await.0 };
    let call = |query: &str| get(format!("{}{query}", portal.webhook()));
    let name = "zoo.animal.list";
    assert_eq!(call(name).await.0, 404);
    let rows: Vec<Value> = (1..=60).map(|id| json!({"id": id, "name": "Zebra"})).collect();
    assert_eq!(respond(json!({"method": name, "rows": rows, "within": "animals"})).await, 200);
    let (_, page) = call("zoo.animal.list?filter[>id]=7&select[]=id").await;
    assert_eq!(
        (&page["result"]["animals"][0], &page["total"], &page["next"]),
        (&json!({"id": 8}), &json!(53), &json!(50))
    );
    assert_eq!(respond(json!({"method": "Zoo.Animal.List", "result": null})).await, 200);
    let (_, nothing) = call("batch?cmd[a]=zoo.animal.list").await;
    assert_eq!(nothing["result"]["result"]["a"], json!(null));
    assert!(nothing["result"]["result_time"]["a"]["date_start"].is_string(), "{nothing}");
    let closed = json!({"method": "profile", "error": {"status": 403, "code": "CLOSED"}});
    assert_eq!(respond(closed).await, 200);
    assert_eq!(call("profile").await, (403, json!({"error": "CLOSED", "error_description": ""})));
    for method in ["profile", name] {
        assert_eq!(respond(json!({"method": method})).await, 200);
    }
    assert_eq!((call("profile").await.0, call(name).await.0), (200, 404));
    for wrong in [
        json!({"result": 1}),
        json!({"method": name, "result": 1, "rows": []}),
        json!({"method": name, "result": 1, "within": "x"}),
        json!({"method": name, "error": {"status": 7, "code": "X"}}),
        json!({"method": name, "results": 1}),
    ] {
        assert_eq!(respond(wrong.clone()).await, 400, "{wrong}");
    }
}

#[tokio::test]
async fn requests_to_an_application_are_data_over_http() {
    let portal = Portal::start().await.expect("a portal");
    let token = portal.application_token();
    let event = json!({"kind": "event", "event": "onCrmDealAdd", "data": {"FIELDS": {"ID": 7}}});
    let cases = [
        (event, "event=ONCRMDEALADD"),
        (json!({"kind": "install"}), "event=ONAPPINSTALL"),
        (json!({"kind": "uninstall", "clean": true}), "CLEAN%5D=1"),
        (json!({"kind": "placement", "placement": "DEFAULT"}), "PLACEMENT_OPTIONS=undefined"),
        (json!({"kind": "robot", "code": "feed", "properties": {"grams": 5}}), "properties%5Bgrams%5D=5"),
    ];
    for (params, part) in cases {
        let (status, sent) = control(&portal, "request", params.clone()).await;
        let body = sent["body"].as_str().unwrap_or_default();
        assert!(status == 200 && body.contains(part) && body.contains(&token), "{params}: {sent}");
        let is_page = params["kind"] == "placement";
        assert_eq!(
            sent["query"].as_str().is_some_and(|query| query.starts_with("DOMAIN=127.0.0.1")),
            is_page
        );
    }
    assert_eq!(control(&portal, "request", json!({"kind": "letter"})).await.0, 400);
    assert!(portal.deliveries().is_empty());
}

#[tokio::test]
async fn wrong_requests_say_what_is_wrong() {
    let portal = Portal::start().await.expect("a portal");
    let cases = [
        ("zoo", json!({}), 404, "GET /control/ lists"),
        ("rows", json!({}), 405, "takes GET, not POST"),
        ("fail", json!({"method": "x"}), 400, "missing field `fault`"),
        ("fail", json!({"method": "x", "fault": "close", "times": 2}), 400, "unknown field `times`"),
        ("fail", json!({"method": "x", "fault": {"html": 99}}), 400, "99 is no status"),
        ("fail", json!({"method": "x", "fault": {"respond": {"status": 1}}}), 400, "1 is no status"),
        ("call", json!({"method": "crm.zoo.add"}), 400, "ERROR_METHOD_NOT_FOUND"),
        ("install", json!([]), 400, "takes a JSON object"),
        ("placement", json!({"placement": "CRM_ZOO"}), 404, "There is no placement `CRM_ZOO`"),
        ("event", json!({"event": "onZoo"}), 404, "there is no event `onZoo`"),
        ("robot", json!({"code": "bell"}), 404, "no robot"),
        ("message", json!({"bot": 7, "text": "x"}), 404, "there is no bot 7"),
        ("move", json!({"origin": "zoo"}), 400, "an origin is such as"),
        ("operating", json!({"method": "profile", "seconds": -1.0}), 400, "0 or more"),
    ];
    for (path, body, status, text) in cases {
        let (found, response) = control(&portal, path, body).await;
        let description = response["error_description"].as_str().unwrap_or_default();
        assert!(description.contains(text), "{path}: {description}");
        assert_eq!((found, &response["error"]), (status, &json!("INVALID_CONTROL_REQUEST")), "{path}");
    }
    let (status, _) = get(format!("{}/control/rows?table=zoo", portal.origin())).await;
    assert_eq!(status, 404);
    assert!(read(&portal, "").await.as_array().is_some_and(|all| all.len() == 23));
}

#[tokio::test]
async fn pages_of_other_origins_are_refused() {
    let portal = Portal::start().await.expect("a portal");
    let url = format!("{}/control/reset", portal.origin());
    let send = |headers: &[(&str, String)]| {
        let mut request = reqwest::Client::new().post(&url).body("{}");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        async { request.send().await.expect("a response").status().as_u16() }
    };
    assert_eq!(send(&[]).await, 200);
    assert_eq!(send(&[("origin", portal.origin())]).await, 200);
    assert_eq!(send(&[("origin", "http://zoo.example".to_owned())]).await, 403);
    assert_eq!(
        send(&[("host", "zoo.example.com".to_owned())]).await,
        403,
        "a name that resolves to this machine"
    );
    let secret = format!("Bearer {}", portal.control_secret());
    assert_eq!(send(&[("authorization", secret)]).await, 200);
    assert_eq!(send(&[("authorization", "Bearer no".to_owned())]).await, 403);
}

#[tokio::test]
async fn an_application_is_controlled_over_http() {
    let (portal, server) = (Portal::start().await.expect("a portal"), Server::start().await);
    let (status, sent) = control(&portal, "install", json!({"handler": server.url})).await;
    assert_eq!((status, &sent[0]["what"], &sent[1]["status"]), (200, &json!("ONAPPINSTALL"), &json!(200)));
    let client = application(&portal);
    call(&client, "event.bind", json!({"event": "onVoximplantCallEnd", "handler": server.url})).await;
    call(&client, "placement.bind", json!({"PLACEMENT": "LEFT_MENU", "HANDLER": server.url})).await;
    assert_eq!(
        control(&portal, "event", json!({"event": "onVoximplantCallEnd"})).await.1,
        json!({"handlers": 1})
    );
    assert_eq!(control(&portal, "placement", json!({"placement": "LEFT_MENU"})).await.1["status"], 200);
    assert_eq!(control(&portal, "placement", json!({"placement": "DEFAULT"})).await.1["status"], 200);
    portal.delivered().await;
    assert_eq!(server.take().len(), 5);
    let deliveries = read(&portal, "deliveries").await;
    assert_eq!(deliveries.as_array().map(Vec::len), Some(5));
    let pair = control(&portal, "tokens", json!({})).await.1;
    let profile = format!(
        "{}profile?auth={}",
        portal.client_endpoint(),
        pair["access_token"].as_str().unwrap_or_default()
    );
    assert_eq!(get(profile.clone()).await.0, 200);
    control(&portal, "expire", json!({})).await;
    assert_eq!(get(profile).await.1["error"], "expired_token");
    control(&portal, "uninstall", json!({"clean": true})).await;
    assert_eq!(server.take().len(), 1);
    let other = Portal::start().await.expect("a portal");
    control(&portal, "move", json!({"origin": other.origin()})).await;
    get(format!("{}profile", portal.webhook())).await;
    assert_eq!(other.runs("profile"), 1);
    control(&portal, "move", json!({"origin": null})).await;
    get(format!("{}profile", portal.webhook())).await;
    assert_eq!(portal.runs("profile"), 2);
}

#[tokio::test]
async fn a_plan_is_chosen_while_the_portal_runs() {
    let portal = Portal::start().await.expect("a portal");
    portal.set_plan(&Plan::Bucket { burst: 2, per_second: 0.001 });
    let statuses = [(); 3].map(|()| get(format!("{}profile", portal.webhook())));
    let mut found = Vec::new();
    for status in statuses {
        found.push(status.await.0);
    }
    assert_eq!(found, [200, 200, 503]);
    control(&portal, "plan", json!({"plan": null})).await;
    assert_eq!(get(format!("{}profile", portal.webhook())).await.0, 200);
    control(&portal, "operating", json!({"method": "profile", "seconds": 500.0})).await;
    control(&portal, "plan", json!({"plan": "Basic"})).await;
    control(&portal, "operating", json!({"method": "profile", "seconds": 500.0})).await;
    assert_eq!(get(format!("{}profile", portal.webhook())).await.0, 200);
    assert_eq!(get(format!("{}profile", portal.webhook())).await.1["error"], "OPERATION_TIME_LIMIT");
}

#[tokio::test]
async fn a_batch_of_rest_3_refers_to_earlier_results() {
    let portal = Portal::start().await.expect("a portal");
    let url = format!("{}/rest/api/batch", portal.origin());
    let token = portal.issue_tokens().access_token;
    let send = |body: Value| {
        let request = reqwest::Client::new().post(&url).bearer_auth(&token).json(&body);
        async {
            let response = request.send().await.expect("a response");
            (response.status().as_u16(), response.json::<Value>().await.expect("JSON"))
        }
    };
    let task = json!({"fields": {"title": "Gate", "creatorId": 1, "responsibleId": 1}});
    let (status, response) = send(json!([
        {"method": "tasks.task.add", "query": task},
        {"method": "tasks.task.get", "query": {"id": 1}, "as": "gate"},
        {"method": "tasks.task.get", "query": {"id": {"$ref": "gate.item.id"}, "select": ["id", "title"]}},
    ]))
    .await;
    assert_eq!(status, 200, "{response}");
    assert_eq!(response["result"][2]["item"]["title"], "Gate", "{response}");
    assert!(response["time"].is_object() && response["result"][0].get("time").is_none());
    let (status, response) = send(json!([
        {"method": "tasks.task.get", "query": {"id": 1}},
        {"method": "tasks.task.get", "query": {}},
    ]))
    .await;
    assert_eq!((status, &response["error"]["validation"][0]["field"]), (400, &json!("id")));
    assert!(response.get("result").is_none());
}

#[tokio::test]
async fn messages_of_rest_3_are_in_the_language_of_the_portal() {
    let portal = Portal::builder().language("ru").start().await.expect("a portal");
    let get_task = || {
        get(format!(
            "{}/rest/api/tasks.task.get?auth={}",
            portal.origin(),
            portal.issue_tokens().access_token
        ))
    };
    let (_, response) = get_task().await;
    assert_eq!(response["error"]["validation"][0]["message"], "Не задан обязательный параметр id");
    portal.set_language("de");
    assert_eq!(get_task().await.1["error"]["message"], "Der Pflichtparameter id fehlt");
    control(&portal, "language", json!({"language": "en"})).await;
    assert_eq!(get_task().await.1["error"]["message"], "The required parameter id is missing");
}
