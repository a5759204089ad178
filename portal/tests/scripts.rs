//! Methods whose answers a test writes.

use bitrix24_client::{App, Batch, Client, MemoryStore, NoLimit};
use bitrix24_core::oauth::Tokens;
use bitrix24_core::{Keyset, Map, Value, json, raw};
use bitrix24_portal::{Answer, Fault, Portal, Refusal};

async fn start() -> (Portal, Client) {
    let portal = Portal::start().await.unwrap();
    let client = Client::builder().limiter(NoLimit).webhook(&portal.webhook()).unwrap();
    (portal, client)
}

async fn result(client: &Client, method: &str, params: Value) -> Value {
    client.call(raw(method, params)).await.unwrap().result
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

#[tokio::test]
async fn a_script_answers_a_method_that_no_page_has() {
    let (portal, client) = start().await;
    let unknown = client.call(raw("zoo.animal.get", json!({"id": 7}))).await.unwrap_err();
    assert_eq!(unknown.code(), Some("ERROR_METHOD_NOT_FOUND"));
    let mut asked = 0;
    let script = portal.respond("Zoo.Animal.Get", move |call| {
        asked += 1;
        match call.param("id").and_then(Value::as_i64) {
            Some(0) => Err(Refusal::new(403, "CLOSED", "The zoo is closed")),
            _ => {
                Ok(json!({"name": call.method(), "api": format!("{:?}", call.api()), "asked": asked}).into())
            }
        }
    });
    let name = "zoo.animal.get";
    assert_eq!(result(&client, name, json!({"ID": 7})).await, json!({"name": name, "api": "V2", "asked": 1}));
    let error = client.call(raw(name, json!({"id": 0}))).await.unwrap_err();
    assert_eq!((error.status(), error.code()), (Some(403), Some("CLOSED")));
    let v3 = client.call(raw(name, json!({"id": 7})).v3()).await.unwrap();
    assert_eq!(v3.result["api"], "V3");
    let error = client.call(raw(name, json!({"id": 0})).v3()).await.unwrap_err();
    assert_eq!((error.status(), error.code()), (Some(403), Some("CLOSED")));
    assert_eq!((script.calls(), portal.runs(name), portal.calls().len()), (4, 2, 5));
    script.end();
    let ended = client.call(raw(name, json!({"id": 7}))).await.unwrap_err();
    assert_eq!(ended.code(), Some("ERROR_METHOD_NOT_FOUND"));
}

#[tokio::test]
async fn the_portal_makes_the_response() {
    let (portal, _) = start().await;
    portal.respond("zoo.animal.list", |_| {
        let mut page = Answer::of(json!([])).within("animals");
        (page.total, page.next) = (Some(120), Some(50));
        Ok(page)
    });
    let url = format!("{}zoo.animal.list", portal.webhook());
    let body = reqwest::get(&url).await.unwrap().json::<Value>().await.unwrap();
    assert_eq!(
        (&body["result"], &body["total"], &body["next"]),
        (&json!({"animals": []}), &json!(120), &json!(50))
    );
    assert!(body["time"]["operating"].is_number() && body["time"]["date_start"].is_string(), "{body}");
    let wrong = portal.webhook().replacen("/rest/1/", "/rest/1/x", 1) + "zoo.animal.list";
    let refused = reqwest::get(&wrong).await.unwrap().json::<Value>().await.unwrap();
    assert_eq!(refused["error"], "INVALID_CREDENTIALS", "authorization comes before");
}

#[tokio::test]
async fn a_script_answers_commands_of_batches() {
    let (portal, client) = start().await;
    portal.respond("zoo.animal.get", |call| match call.param("id") {
        Some(id) if id != "9" => Ok(json!({"ID": id, "NAME": "Zebra"}).into()),
        _ => Err(Refusal::new(400, "NOT_FOUND", "There is none")),
    });
    let mut batch = Batch::new();
    let found = batch.add(raw("zoo.animal.get", json!({"id": 7})));
    let missing = batch.add(raw("zoo.animal.get", json!({"id": 9})));
    let profile = batch.add(raw("profile", json!({})));
    let responses = client.run(batch).await;
    assert_eq!(responses.get(found).unwrap().result, json!({"ID": "7", "NAME": "Zebra"}));
    assert_eq!(responses.get(missing).unwrap_err().code(), Some("NOT_FOUND"));
    assert!(responses.get(profile).unwrap().result["ID"].is_string());
    let referring = json!({"a": "zoo.animal.get?id=3", "b": "crm.deal.add?fields[TITLE]=$result[a][NAME]"});
    result(&client, "batch", json!({"cmd": referring})).await;
    assert_eq!(portal.rows("crm.deal")[0]["TITLE"], "Zebra");
    assert_eq!((portal.runs("zoo.animal.get"), portal.runs("batch")), (2, 2));
    // A batch is answered by its own script only.
    portal.respond("*", |_| Err(Refusal::new(403, "ACCESS_DENIED", "No")));
    let denied = result(&client, "batch", json!({"cmd": {"a": "profile", "b": "zoo.animal.get?id=3"}})).await;
    assert_eq!(denied["result_error"]["a"]["error"], "ACCESS_DENIED");
    assert_eq!(denied["result"]["b"]["NAME"], "Zebra");
    portal.respond("batch", |_| Ok(json!({"result": []}).into()));
    assert_eq!(result(&client, "batch", json!({"cmd": {"a": "profile"}})).await, json!({"result": []}));
}

#[tokio::test]
async fn a_script_lets_the_portal_answer_and_changes_one_thing() {
    let (portal, client) = start().await;
    for title in ["Gate", "Fence"] {
        result(&client, "crm.deal.add", json!({"fields": {"TITLE": title}})).await;
    }
    // Rows of the portal are values for a script, though they are written directly otherwise.
    let upper = portal.respond("crm.deal.list", |call| {
        let mut answer = call.run()?;
        for row in answer.result.as_array_mut().into_iter().flatten() {
            row["TITLE"] = row["TITLE"].as_str().unwrap_or_default().to_uppercase().into();
        }
        Ok(answer)
    });
    let titles = async || -> Vec<String> {
        let rows = result(&client, "crm.deal.list", json!({})).await;
        let rows = rows.as_array().unwrap().iter();
        rows.map(|row| row["TITLE"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(titles().await, ["GATE", "FENCE"]);
    // A later script is asked first, and asks the one before.
    let only = portal.respond("crm.deal.list", |call| {
        let mut params = call.params().clone();
        params.insert("filter".to_owned(), json!({"TITLE": "Fence"}));
        call.run_with(&params)
    });
    assert_eq!(titles().await, ["FENCE"]);
    upper.end();
    assert_eq!(titles().await, ["Fence"]);
    only.end();
    assert_eq!(titles().await, ["Gate", "Fence"]);
    assert_eq!((upper.calls(), only.calls()), (2, 2));
    // An error of the portal is one of the script.
    portal.respond("crm.deal.get", |call| call.run());
    let error = client.call(raw("crm.deal.get", json!({"id": 99}))).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!(portal.runs("crm.deal.get"), 0);
}

#[tokio::test]
async fn a_script_calls_other_methods() {
    let (portal, client) = start().await;
    portal.respond("zoo.order.add", |call| {
        let fields = json!({"fields": {"TITLE": call.param("what"), "STAGE_ID": "NEW"}});
        let deal = call.call("crm.deal.add", object(fields))?;
        Ok(call.call("crm.deal.get", object(json!({"id": deal})))?.into())
    });
    let order = result(&client, "zoo.order.add", json!({"what": "Hay"})).await;
    assert_eq!((&order["ID"], &order["TITLE"]), (&json!("1"), &json!("Hay")));
    assert_eq!((portal.runs("crm.deal.add"), portal.runs("zoo.order.add")), (0, 1));
}

#[tokio::test]
async fn faults_come_before_scripts_and_a_reset_ends_both() {
    let (portal, client) = start().await;
    portal.respond("zoo.animal.get", |_| Ok(json!(1).into()));
    portal.fail("zoo.animal.get", Fault::error(403, "ACCESS_DENIED", "No"), 1);
    let error = client.call(raw("zoo.animal.get", json!({}))).await.unwrap_err();
    assert!(error.is_access_denied(), "{error}");
    assert_eq!(result(&client, "zoo.animal.get", json!({})).await, 1);
    portal.reset().unwrap();
    assert!(client.call(raw("zoo.animal.get", json!({}))).await.is_err());
}

#[tokio::test]
async fn a_script_that_panics_costs_its_call_only() {
    let (portal, client) = start().await;
    let mut calls = 0;
    portal.respond("zoo.animal.get", move |_| {
        calls += 1;
        assert_ne!(calls, 1, "the first call");
        Ok(Answer::of(calls.into()))
    });
    let answer = client.call(raw("zoo.animal.get", json!({})).read_only()).await;
    assert_eq!(answer.unwrap().result, 2, "the client repeats it");
}

#[tokio::test]
async fn the_rows_of_a_script_are_read_as_a_list() {
    let (portal, client) = start().await;
    let rows: Vec<Value> =
        (1..=120).map(|id| json!({"id": id, "kind": if id % 2 == 0 { "zebra" } else { "ape" }})).collect();
    portal.respond("zoo.animal.list", move |call| Ok(call.page(&rows).within("animals")));
    let page = async |params: Value| {
        let page = client.call(raw("zoo.animal.list", params)).await.unwrap();
        let ids: Vec<i64> = page.result["animals"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["id"].as_i64().unwrap())
            .collect();
        (ids.len(), ids.first().copied(), ids.last().copied(), page.total, page.next)
    };
    assert_eq!(page(json!({})).await, (50, Some(1), Some(50), Some(120), Some(50)));
    assert_eq!(page(json!({"start": 60})).await, (50, Some(51), Some(100), Some(120), Some(100)));
    assert_eq!(page(json!({"start": "100"})).await, (20, Some(101), Some(120), Some(120), None));
    assert_eq!(
        page(json!({"start": -1, "filter": {">id": 110}})).await,
        (10, Some(111), Some(120), Some(0), None)
    );
    let apes = json!({"filter": {"kind": "ape", "<ID": 6, ">unknown": 4}, "order": {"id": "DESC"}});
    assert_eq!(page(apes).await, (3, Some(5), Some(1), Some(3), None));
    let selected = result(&client, "zoo.animal.list", json!({"select": ["kind"], "filter": {"id": 2}})).await;
    assert_eq!(selected["animals"], json!([{"id": 2, "kind": "zebra"}]));
    let none = result(&client, "zoo.animal.list", json!({"select": ["name"], "filter": {"id": 2}})).await;
    assert_eq!(none["animals"], json!([{"id": 2}]));
    // The client reads it by identifier, in batches with references.
    let animals =
        raw("zoo.animal.list", json!({})).keyset(Keyset::new("id")).rows_pointer("/animals").read_only();
    let all = client.rows(animals).by_id().collect_all().await.unwrap();
    assert!(all.iter().map(|row| row["id"].as_i64().unwrap()).eq(1..=120));
}

#[tokio::test]
async fn scripts_need_the_authorization_of_a_call() {
    let portal = Portal::start().await.unwrap();
    let (id, secret) = portal.client_credentials();
    let app = App::new(id, secret).with_server(&portal.origin()).unwrap();
    let tokens = Tokens::new(portal.issue_tokens().access_token, portal.client_endpoint());
    let client = Client::application(app, MemoryStore::new(tokens));
    portal.respond("zoo.animal.get", |call| Ok(json!(call.params().len()).into()));
    assert_eq!(result(&client, "zoo.animal.get", json!({"id": 7})).await, 1, "the token is no parameter");
}
