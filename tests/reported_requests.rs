//! What real portals accept, refuse and send to applications, where the documentation says little or something else: each test
//! names the reported facts that it shows. `reported.rs` has the facts about results.
//!
//! Facts without a test, and why:
//! - 27, 52, 54, 57, 59, 61, 94, 107, 132, 134, 144, 145, 148, 149, 151, 160, 163, 174, 189: one report, or sources that contradict
//!   each other.
//! - 47, 53, 58, 69, 71, 90, 95, 127, 128, 155, 158, 183, 186, 191: what a portal does with a valid request; no type, code or page
//!   depends on it.
//! - 51, 182: a library for browsers.
//! - 140: `fileContent` as a plain text is accepted beside the documented pair; `extra` sends it.
//! - 164: `vote.AttachedVote.download` answers with a file, which no typed call reads.

use std::path::Path;

use bitrix24::filter::{Conditions, Filter};
use bitrix24::oauth::{self, AppRequest, EventRequest, IncomingRequest};
use bitrix24::wire::decode_strict;
use bitrix24::{
    Batch, Client, ErrorCode, ErrorKind, File, Method, Value, crm, im_connector, json, parse_response, raw,
    sale, task, v3, voximplant,
};
use bitrix24_codegen::descriptor::{Api, Context, Spec};
use bitrix24_testing::{Call, MockResponse, MockServer};

/// The parameters of a request as they are sent.
fn sent(request: impl Method) -> Value {
    Value::Object(request.params().into_map())
}

fn event(body: &str) -> EventRequest {
    EventRequest::parse(&IncomingRequest::new(body.as_bytes()), 1_800_000_000).unwrap()
}

async fn portal(script: impl Fn(&Call) -> MockResponse + Send + Sync + 'static) -> (MockServer, Client) {
    let server = MockServer::start(script).await;
    let client = Client::webhook(&server.webhook()).unwrap();
    (server, client)
}

fn spec() -> Spec {
    let (spec, problems) = Spec::load(Path::new(env!("CARGO_MANIFEST_DIR")), Path::new("spec"));
    assert_eq!(problems, []);
    spec
}

#[test]
fn codes_are_compared_without_case_and_messages_in_any_language_do_not_change_them() {
    // Facts 4, 6 and 29.
    type DealError = <crm::item::Get as Method>::Error;
    let english = DealError::from_code("NOT_FOUND", "Item not found").unwrap();
    assert_eq!(DealError::from_code("not_found", "Элемент не найден"), Some(english));
    type OrderError = <sale::order::Get as Method>::Error;
    let of_code = OrderError::from_code("201240400001", "Order not found").unwrap();
    assert_eq!(OrderError::from_code("201240400001", "The order is not exists"), Some(of_code));
    assert_eq!(OrderError::from_code("200999999999", "The order is not exists"), None);
}

#[test]
fn a_wrong_order_of_an_old_method_has_the_common_code_and_a_message_with_line_breaks() {
    // Fact 31.
    let body = r#"{"error": "ERROR_CORE", "error_description": "TASKS_ERROR_EXCEPTION_#256; bad; 256/TE/WRONG_ARGUMENTS<br>"}"#;
    let failure = parse_response(400, body.as_bytes()).unwrap_err();
    assert_eq!((failure.kind(), failure.code()), (ErrorKind::Method, Some("ERROR_CORE")));
    type ListError = <task::elapsed_item::GetList as Method>::Error;
    assert!(ListError::from_code("ERROR_CORE", "TASKS_ERROR_EXCEPTION_#256; bad").is_some());
}

#[tokio::test]
async fn a_portal_with_a_new_name_redirects_and_its_key_stays_here() {
    // Fact 8.
    let (_server, client) =
        portal(|_| MockResponse::redirect(302, Some("https://new.example/rest/1/x/profile.json"))).await;
    let error = client.call(raw("profile", json!({}))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
}

#[test]
fn the_authorization_server_refuses_with_a_status_of_success() {
    // Facts 5 and 24; 23: the grant is a form.
    let failure =
        oauth::parse_response(200, br#"{"error": "wrong_client"}"#, 1_800_000_000, None).unwrap_err();
    assert_eq!((failure.kind(), failure.code()), (ErrorKind::Authorization, Some("wrong_client")));
    let form = oauth::Grant::Refresh("r").form("app.1", "secret");
    assert!(form.contains("grant_type=refresh_token") && form.contains("client_id=app.1"), "{form}");
}

#[test]
fn every_map_of_a_batch_may_be_an_empty_list() {
    // Facts 37, 43 and 44: a failed command has no time, and only lists have totals and further pages.
    let empty =
        json!({"result": [], "result_error": [], "result_total": [], "result_next": [], "result_time": []});
    let decoded = decode_strict::<<bitrix24::basic::Batch as Method>::Output>(empty).unwrap();
    assert!(decoded.result_time.unwrap().is_empty() && decoded.result_total.unwrap().is_empty());
    let mixed = json!({
        "result": {"a": [], "b": true}, "result_total": {"a": 60}, "result_next": {"a": 50},
        "result_error": {"c": {"error": "", "error_description": "Gone"}}, "result_time": {"a": {}, "b": {}},
    });
    let decoded = decode_strict::<<bitrix24::basic::Batch as Method>::Output>(mixed).unwrap();
    assert_eq!(decoded.result_total.unwrap()["a"], 60);
    assert_eq!(decoded.result_next.unwrap().get("b"), None);
}

#[tokio::test]
async fn a_batch_neither_sends_null_nor_adds_keys() {
    // Facts 38, 39 and 126: `null` cannot be written as a query, and positional methods break if a key is added.
    let (server, client) = portal(|call| {
        let names = call.params["cmd"].as_object().unwrap().keys();
        let results: serde_json::Map<String, Value> = names.map(|name| (name.clone(), json!([]))).collect();
        MockResponse::result(json!({"result": results, "result_error": []}))
    })
    .await;
    let mut batch = Batch::new();
    let with_null = batch.add(raw("crm.deal.get", json!({"id": null})));
    assert_eq!(client.run(batch).await.get(with_null).unwrap_err().kind(), ErrorKind::Request);
    assert!(server.calls().is_empty());
    let mut batch = Batch::new();
    let positional = batch.add(task::elapsed_item::get(7, 9));
    let results = client.run(batch).await;
    assert!(results.get(positional).is_ok(), "{:?}", results.get(positional));
    let calls = server.calls();
    let commands = calls[0].params["cmd"].as_object().unwrap();
    assert_eq!(commands.len(), 1);
    let command = commands.values().next().unwrap().as_str().unwrap();
    let (method, query) = command.split_once('?').unwrap();
    assert_eq!(method, "task.elapseditem.get");
    assert_eq!(query.split('&').count(), 2, "{query}");
}

#[tokio::test]
async fn old_methods_take_their_parameters_by_position_and_nothing_else() {
    // Facts 118 and 126.
    let (server, client) = portal(|_| MockResponse::result(json!([]))).await;
    let request = task::elapsed_item::get_list().task_id(595).order([("ID", "desc")]);
    client.call(request).await.unwrap();
    let calls = server.calls();
    // PHP reads the keys of a list and those of an object of numbers in the same way.
    let sent: Vec<(&String, &Value)> = calls[0].params.as_object().unwrap().iter().collect();
    assert_eq!(sent, [(&"0".to_owned(), &json!(595)), (&"1".to_owned(), &json!({"ID": "desc"}))]);
    assert!(!calls[0].path.contains('?'), "{}", calls[0].path);
}

#[test]
fn conditions_are_written_as_portals_read_them() {
    // Facts 60, 63 and 70: a comparison before the name, letters or numbers for flags, and names that no page lists.
    let filter =
        Filter::new().equal("ownerType", "D").equal("ownerId", 4).field("ufCrm5_1712", 1).field("TAG", "x");
    let written = json!({"=ownerType": "D", "=ownerId": 4, "ufCrm5_1712": 1, "TAG": "x"});
    assert_eq!(filter.to_json(), written);
    // Facts 196 and 199: REST 3 takes lists of three, and an object as order.
    let conditions = Conditions::new().above("id", 7).one_of("status", [1, 2]).between("created", 1, 2);
    let written = conditions.to_json();
    assert_eq!(written, json!([["id", ">", 7], ["status", "in", [1, 2]], ["created", "between", [1, 2]]]));
    let request = v3::tasks::task::list().filter([json!(["id", ">", 7])]).order([("id", "ASC")]);
    assert_eq!(sent(request), json!({"filter": [["id", ">", 7]], "order": {"id": "ASC"}}));
}

#[test]
#[expect(deprecated, reason = "programs still call the methods of contacts")]
fn requests_have_the_forms_that_portals_accept() {
    // Fact 72: the field and the direction are separate texts.
    let request = voximplant::statistic::get().sort("ID").order(voximplant::statistic::GetOrder::Desc);
    assert_eq!(sent(request), json!({"SORT": "ID", "ORDER": "DESC"}));
    // Fact 150: the identifiers of messages are a list.
    let message = im_connector::send::status::DeliveryMessageContent::new().id(["m1"]);
    let item = im_connector::send::status::DeliveryMessage::new().message(message);
    let request = im_connector::send::status::delivery("zoo", 3, [item]);
    assert_eq!(sent(request)["MESSAGES"], json!([{"message": {"id": ["m1"]}}]));
    // Fact 111: the key of a value decides whether it is new, changed or removed.
    let spec = spec();
    let update = spec.methods.iter().find(|file| file.content.method == "crm.item.update").unwrap();
    let kinds = &update.content.params.properties["fields"].one_of;
    let values: Vec<_> = kinds.iter().filter_map(|kind| kind.properties.get("fm")).collect();
    assert!(
        !values.is_empty()
            && values.iter().all(|fm| fm.types.0 == [bitrix24_codegen::descriptor::JsonType::Object])
    );
    // Fact 78: a file of CRM is a pair below a key.
    let photo = File::new("lion.png", b"x").as_file_data();
    let fields = crm::contact::AddFields::new().photo(photo.clone());
    assert_eq!(sent(crm::contact::add().fields(fields))["fields"]["PHOTO"], photo);
    // Facts 110 and 112: an empty text, `null` beside an identifier, and any other form can be sent.
    let fields = json!({"observers": "", "PHONE": [{"ID": 5, "VALUE": null}]});
    assert_eq!(sent(crm::item::update(2, 7, fields.clone()))["fields"], fields);
}

#[test]
fn rows_without_fields_and_fields_of_one_portal_decode() {
    // Fact 62: with original names and a selection, rows may be empty lists.
    type Items = <crm::item::List as Method>::Output;
    let rows = decode_strict::<Items>(json!({"items": [[], []]})).unwrap().items.unwrap();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row.id.is_none()));
    // Facts 104, 101 and 114: the names of a portal's fields keep an underscore, and their values any form.
    type Item = <crm::item::Get as Method>::Output;
    let item = json!({"item": {"ufCrm11_1712074666": 2209, "ufCrm5_2": "Gate 3|;|15"}});
    let item = decode_strict::<Item>(item).unwrap().item.unwrap();
    assert_eq!(item.extra["ufCrm11_1712074666"], 2209);
    assert_eq!(item.extra["ufCrm5_2"], "Gate 3|;|15");
}

#[test]
fn methods_need_what_portals_demand() {
    let spec = spec();
    let methods = || spec.methods.iter().map(|file| &file.content);
    // Fact 141: storages belong to an application.
    let of_storages = methods().filter(|method| method.method.starts_with("entity."));
    assert!(of_storages.clone().count() > 10);
    for method in of_storages {
        assert_eq!(method.context, Context::Application, "141: {}", method.method);
    }
    // Facts 184 and 190: REST 3 has neither CRM nor aggregates.
    for method in methods().filter(|method| method.api == Api::V3) {
        let name = &method.method;
        assert!(!name.starts_with("crm.") && !name.ends_with(".aggregate"), "{name}");
        // Facts 196 and 199.
        let kind = |key: &str| method.params.properties.get(key).and_then(|schema| schema.types.single());
        let is_list = kind("filter").is_none_or(|kind| kind == bitrix24_codegen::descriptor::JsonType::Array);
        assert!(is_list || name == "main.eventlog.tail", "196: {name}");
        let is_object =
            kind("order").is_none_or(|kind| kind == bitrix24_codegen::descriptor::JsonType::Object);
        assert!(is_object, "199: {name}");
    }
}

#[test]
fn events_are_forms_whose_values_are_texts() {
    // Facts 166 to 170: brackets in keys, texts alone, and tokens with or without the refresh token and the server.
    let body = "event=ONCRMDEALADD&data[FIELDS][ID]=7&ts=1645544782&event_handler_id=3&auth[access_token]=a\
        &auth[expires]=1645548382&auth[expires_in]=3600&auth[domain]=zoo.example&auth[user_id]=1\
        &auth[client_endpoint]=https%3A%2F%2Fzoo.example%2Frest%2F&auth[refresh_token]=r&auth[application_token]=t";
    let request = event(body);
    assert_eq!(request.data(), &json!({"FIELDS": {"ID": "7"}}));
    assert_eq!(
        (request.timestamp(), request.fields()["event_handler_id"].as_str()),
        (Some(1_645_544_782), Some("3"))
    );
    let tokens = request.tokens().unwrap();
    assert_eq!((tokens.refresh_token(), tokens.server_endpoint()), (Some("r"), None));
    let server = event(&format!("{body}&auth[server_endpoint]=https%3A%2F%2Foauth.bitrix24.tech%2Frest%2F"));
    let server = server.tokens().unwrap().server_endpoint().map(str::to_owned);
    assert_eq!(server.as_deref(), Some("https://oauth.bitrix24.tech/rest/"));
    let old = event(&body.replace("&event_handler_id=3", ""));
    assert!(old.fields().is_empty(), "169: {:?}", old.fields());
}

#[test]
fn installations_and_removals_are_events() {
    // Facts 171 and 180: everything is a text, and a removal has no tokens.
    let auth = "auth[domain]=zoo.example&auth[member_id]=m&auth[application_token]=t";
    let request = event(&format!(
        "event=ONAPPINSTALL&data[VERSION]=1&data[ACTIVE]=Y&data[INSTALLED]=Y&data[LANGUAGE_ID]=en&{auth}"
    ));
    assert!(request.is_install() && request.data()["VERSION"] == "1");
    let request = event(&format!("event=ONAPPUNINSTALL&data[CLEAN]=1&data[LANGUAGE_ID]=en&{auth}"));
    assert!(request.is_uninstall() && request.tokens().is_none() && request.data()["CLEAN"] == "1");
    assert_eq!((request.member_id(), request.application_token()), (Some("m"), Some("t")));
}

#[test]
fn data_of_events_keeps_its_structure() {
    // Fact, the keys of an event, and what they become.
    let rows = [
        (
            172,
            "data[FIELDS][ID]=7&data[FIELDS][ENTITY_TYPE_ID]=177",
            json!({"FIELDS": {"ID": "7", "ENTITY_TYPE_ID": "177"}}),
        ),
        (173, "data[CALL_ID]=c&data[IS_MOBILE]=0", json!({"CALL_ID": "c", "IS_MOBILE": "0"})),
        (175, "data[PARAMS][FILES][88][id]=88", json!({"PARAMS": {"FILES": {"88": {"id": "88"}}}})),
        (
            176,
            "data[MESSAGES][0][im][chat_id]=4&data[MESSAGES][0][chat][id]=x",
            json!({"MESSAGES": [{"im": {"chat_id": "4"}, "chat": {"id": "x"}}]}),
        ),
        (
            177,
            "data[FIELDS_BEFORE]=undefined&data[FIELDS_AFTER][ID]=5&data[IS_ACCESSIBLE_BEFORE]=undefined",
            json!({"FIELDS_BEFORE": "undefined", "FIELDS_AFTER": {"ID": "5"}, "IS_ACCESSIBLE_BEFORE": "undefined"}),
        ),
        (
            178,
            "data[FIELDS_AFTER][ID]=31&data[FIELDS_AFTER][TASK_ID]=5&data[FIELDS_AFTER][MESSAGE_ID]=9",
            json!({"FIELDS_AFTER": {"ID": "31", "TASK_ID": "5", "MESSAGE_ID": "9"}}),
        ),
        (
            179,
            "data[CALL_START_DATE]=20.05.2026+10%3A00%3A00",
            json!({"CALL_START_DATE": "20.05.2026 10:00:00"}),
        ),
    ];
    for (fact, keys, data) in rows {
        let request = event(&format!("event=ONX&{keys}&auth[application_token]=t"));
        assert_eq!(request.data(), &data, "{fact}");
    }
}

#[test]
fn placements_send_their_options_as_a_text() {
    // Fact 181.
    let body = "AUTH_ID=a&REFRESH_ID=r&AUTH_EXPIRES=3600&member_id=m&status=L&PLACEMENT=DEFAULT&PROTOCOL=1&DOMAIN=zoo.example\
        &PLACEMENT_OPTIONS=%7B%22any%22%3A%225%22%7D";
    let request = AppRequest::parse(&IncomingRequest::new(body.as_bytes()), 1_800_000_000).unwrap();
    assert_eq!(request.placement().options()["any"], "5");
    assert_eq!(request.tokens().expires_at(), Some(1_800_003_600));
}

#[test]
fn errors_of_rest_3_are_an_open_set() {
    // Facts 192 to 194 and 198.
    let codes = [
        (400, "BITRIX_REST_V3_EXCEPTION_UNKNOWNDTOPROPERTYEXCEPTION"),
        (400, "BITRIX_REST_V3_EXCEPTION_UNKNOWNFILTEROPERATOREXCEPTION"),
        (400, "BITRIX_REST_V3_EXCEPTION_INVALIDPAGINATIONEXCEPTION"),
        (400, "BITRIX_REST_V3_EXCEPTION_INVALIDSELECTEXCEPTION"),
        (404, "BITRIX_REST_V3_EXCEPTION_METHODNOTFOUNDEXCEPTION"),
        (409, "NOTE_DOCUMENT_LOCKED"),
    ];
    type TaskError = <v3::tasks::task::Get as Method>::Error;
    for (status, code) in codes {
        let body = json!({"error": {"code": code, "message": "Нет"}}).to_string();
        let failure = parse_response(status, body.as_bytes()).unwrap_err();
        assert_eq!((failure.status(), failure.code()), (Some(status), Some(code)));
        let error = TaskError::from_code(code, "Нет").unwrap_or_else(|| TaskError::other(code));
        assert_eq!(error.code(), code);
    }
}

#[tokio::test]
async fn rest_3_has_its_own_address_and_its_own_wrappers() {
    // Facts 197, 200 and 202: a method without a type can be called too.
    let (server, client) = portal(|call| {
        MockResponse::result(match call.method.as_str() {
            "tasks.task.get" => json!({"item": {"id": 7}}),
            "tasks.task.update" => json!({"result": true}),
            _ => json!({"items": []}),
        })
    })
    .await;
    let found = client.call(v3::tasks::task::get(7)).await.unwrap().result;
    assert_eq!(found.item.unwrap().id, Some(7));
    assert!(client.call(v3::tasks::task::update(7, [("title", "x")])).await.unwrap().result.result.unwrap());
    client.call(raw("zoo.cage.list", json!({})).v3()).await.unwrap();
    for call in server.calls() {
        let route: Vec<&str> = call.path.trim_matches('/').split('/').collect();
        assert_eq!((route[0], route[1], route.len()), ("rest", "api", 5), "{}", call.path);
        assert_eq!(route[4], call.method);
    }
}

#[tokio::test]
async fn pages_of_rest_3_end_with_an_empty_page_and_not_with_a_short_one() {
    // Facts 188 and 201: a portal reduces the limit without a word, and neither counts rows nor names the next page.
    let (server, client) = portal(|call| {
        let page = &call.params["pagination"];
        let (offset, limit) = (page["offset"].as_u64().unwrap_or(0), page["limit"].as_u64().unwrap_or(50));
        let ids = offset..(offset + limit.min(50)).min(120);
        let items: Vec<Value> = ids.map(|id| json!({"id": id + 1})).collect();
        MockResponse::result(json!({"items": items}))
    })
    .await;
    let request = v3::tasks::task::list().pagination(v3::tasks::task::ListPagination::new().limit(200));
    let mut pages = client.pages(request);
    let mut rows = 0;
    while let Some(page) = pages.next().await {
        rows += page.unwrap().result.items.unwrap_or_default().len();
    }
    assert_eq!(rows, 120);
    assert!(server.calls().len() >= 3);
}

#[tokio::test]
async fn a_count_of_one_page_does_not_end_a_list() {
    // Fact 56: `total` is at most that of a page.
    let (server, client) = portal(|call| {
        let start = call.params["start"].as_u64().unwrap_or(0);
        let rows: Vec<Value> =
            (start..(start + 50).min(70)).map(|id| json!({"TYPE_ID": 1, "ENTITY_ID": id})).collect();
        MockResponse::json(200, &json!({"result": rows, "total": rows.len()}))
    })
    .await;
    let mut rows = client.rows(crm::address::list());
    let mut count = 0;
    while let Some(row) = rows.next().await {
        row.unwrap();
        count += 1;
    }
    assert_eq!((count, server.calls().len()), (70, 2));
}

#[tokio::test]
async fn lists_are_read_in_a_fixed_order() {
    // Fact 48: without an order, rows move between pages. Fact 51 is about a library of browsers that this client does not use.
    let (server, client) = portal(|_| MockResponse::result(json!({"items": []}))).await;
    let mut rows = client.rows(crm::stage_history::list()).by_id();
    let _ = rows.next().await;
    let calls = server.calls();
    assert!(calls[0].text().to_uppercase().contains("ORDER"), "{}", calls[0].text());
}
