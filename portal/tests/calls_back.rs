//! The portal calls an application: events of rows, offline events, installations, placements, robots and bots.

mod common;

use std::time::Duration;

use bitrix24_client::{EventBinding, PlacementBinding, Subscriptions};
use bitrix24_core::{json, raw};
use bitrix24_handler::Incoming;
use bitrix24_portal::Portal;
use common::{Server, application, call, client_with};

/// A portal with the application installed at a server.
async fn installed() -> (Portal, Server, bitrix24_client::Client) {
    let (portal, server) = (Portal::start().await.expect("a portal"), Server::start().await);
    for sent in portal.install(&server.url).await {
        assert_eq!(sent.response, Ok((200, "ok".to_owned())), "{sent:?}");
    }
    let client = application(&portal);
    (portal, server, client)
}

#[track_caller]
fn event(incoming: &Incoming) -> (&str, &bitrix24_core::Value) {
    let Incoming::Event(event) = incoming else { panic!("{incoming:?}") };
    (event.event().expect("a name"), event.data())
}

#[tokio::test]
async fn an_application_is_installed_and_removed() {
    let (portal, server, client) = installed().await;
    let received = server.take();
    let [Incoming::Install(install), Incoming::Page(page)] = received.as_slice() else {
        panic!("{received:?}")
    };
    let tokens = install.tokens().expect("tokens");
    assert_eq!(tokens.client_endpoint(), portal.client_endpoint());
    assert_eq!((page.placement().code(), page.language()), ("DEFAULT", Some("en")));
    assert_eq!(page.tokens().client_endpoint(), portal.client_endpoint());
    assert!(server.raw()[1].starts_with("POST /hook?from=b24&DOMAIN=127.0.0.1%3A"), "{:?}", server.raw());

    call(&client, "event.bind", json!({"event": "onCrmDealAdd", "handler": server.url})).await;
    assert_eq!(portal.uninstall(true).await.len(), 1);
    let received = server.take();
    let [Incoming::Uninstall(removed)] = received.as_slice() else { panic!("{received:?}") };
    assert!(removed.is_clean());
    // Its tokens and its handlers are gone.
    let error = client.call(raw("event.get", json!({}))).await.expect_err("no token");
    assert_eq!(error.code(), Some("INVALID_TOKEN"));
    call(&application(&portal), "crm.deal.add", json!({"fields": {"TITLE": "Gate"}})).await;
    portal.delivered().await;
    assert!(server.take().is_empty());
}

#[tokio::test]
async fn rows_that_change_are_events() {
    let (portal, server, client) = installed().await;
    server.take();
    for name in ["onCrmDealAdd", "onCrmDealUpdate", "onCrmDealDelete"] {
        call(&client, "event.bind", json!({"event": name, "handler": server.url})).await;
    }
    let id = call(&client, "crm.deal.add", json!({"fields": {"TITLE": "Gate"}})).await;
    call(&client, "crm.deal.update", json!({"id": id, "fields": {"TITLE": "Fence"}})).await;
    call(&client, "crm.deal.get", json!({"id": id})).await;
    call(&client, "crm.deal.delete", json!({"id": id})).await;
    let lost = client.call(raw("crm.deal.update", json!({"id": id, "fields": {}}))).await;
    assert!(lost.is_err(), "what does not change is no event");
    portal.delivered().await;
    let received = server.take();
    let names: Vec<&str> = received.iter().map(|incoming| event(incoming).0).collect();
    assert_eq!(names, ["ONCRMDEALADD", "ONCRMDEALUPDATE", "ONCRMDEALDELETE"]);
    for (at, incoming) in received.iter().enumerate() {
        assert_eq!(event(incoming).1, &json!({"FIELDS": {"ID": id.to_string()}}));
        let Incoming::Event(event) = incoming else { unreachable!("an event") };
        assert_eq!(event.fields()["event_handler_id"], (at + 1).to_string());
        let tokens = event.tokens().expect("tokens");
        assert_eq!(tokens.client_endpoint(), portal.client_endpoint());
        assert!(tokens.refresh_token().is_some());
    }
}

#[tokio::test]
async fn events_have_the_data_of_their_pages() {
    let (portal, server, client) = installed().await;
    server.take();
    let cases = [
        (
            "onTaskAdd",
            "tasks.task.add",
            json!({"fields": {"TITLE": "x", "RESPONSIBLE_ID": 1}}),
            json!({
                "FIELDS_BEFORE": "undefined", "FIELDS_AFTER": {"ID": "1"}, "IS_ACCESSIBLE_BEFORE": "N",
                "IS_ACCESSIBLE_AFTER": "undefined",
            }),
        ),
        (
            "onCrmDynamicItemAdd_147",
            "crm.item.add",
            json!({"entityTypeId": 147, "fields": {"title": "x"}}),
            json!({
                "FIELDS": {"ID": "1", "ENTITY_TYPE_ID": "147"},
            }),
        ),
        (
            "onCrmLeadAdd",
            "crm.item.add",
            json!({"entityTypeId": 1, "fields": {"title": "x"}}),
            json!({
                "FIELDS": {"ID": "1"},
            }),
        ),
        (
            "onCrmCurrencyAdd",
            "crm.currency.add",
            json!({"fields": {"CURRENCY": "GEL", "AMOUNT": 1, "AMOUNT_CNT": 1}}),
            json!({
                "FIELDS": {"ID": "GEL"},
            }),
        ),
        (
            "CATALOG.PRICE.TYPE.ON.ADD",
            "catalog.priceType.add",
            json!({"fields": {"name": "x"}}),
            json!({
                "FIELDS": {"ID": "2"},
            }),
        ),
        (
            "onLiveFeedPostAdd",
            "log.blogpost.add",
            json!({"POST_MESSAGE": "x"}),
            json!({"FIELDS": {"POST_ID": "1"}}),
        ),
    ];
    call(&client, "crm.type.add", json!({"fields": {"title": "Boats", "entityTypeId": 147}})).await;
    for (name, method, params, data) in cases {
        call(&client, "event.bind", json!({"event": name, "handler": server.url})).await;
        call(&client, method, params).await;
        portal.delivered().await;
        let received = server.take();
        let [incoming] = received.as_slice() else { panic!("{name}: {received:?}") };
        assert_eq!(event(incoming), (name.to_ascii_uppercase().as_str(), &data));
    }
}

#[tokio::test]
async fn subscriptions_are_applied_and_listed() {
    let (_portal, server, client) = installed().await;
    let wanted = Subscriptions::new()
        .event(EventBinding::new("onCrmDealUpdate", &server.url).user(7))
        .event(EventBinding::offline("onCrmCompanyAdd").connector("stock"))
        .placement(PlacementBinding::new("CRM_DEAL_DETAIL_TAB", &server.url).title("Stock"))
        .owns_everything();
    let applied = wanted.apply(&client).await.expect("applied");
    assert_eq!(applied.failures().count(), 0);
    let plan = wanted.plan(&client).await.expect("a plan");
    assert!(plan.is_complete(), "{plan}");
    assert_eq!(call(&client, "event.get", json!({})).await.as_array().map(Vec::len), Some(2));
    let error = client.call(raw("event.bind", json!({"event": "onZoo", "handler": server.url}))).await;
    assert_eq!(error.expect_err("no event").code(), Some("ERROR_EVENT_NOT_FOUND"));
    let error =
        client.call(raw("event.bind", json!({"event": "onCrmDealAdd", "handler": "no address"}))).await;
    assert_eq!(error.expect_err("no address").code(), Some("ERROR_ARGUMENT"));
    let removed =
        call(&client, "event.unbind", json!({"event": "OnCrmDealUpdate", "handler": server.url})).await;
    assert_eq!(removed, json!({"count": 1}));
    let events = call(&client, "events", json!({"SCOPE": "task"})).await;
    assert_eq!(events.as_array().map(Vec::len), Some(6), "{events}");
}

#[tokio::test]
async fn offline_events_are_reserved_and_cleared() {
    let (portal, server, client) = installed().await;
    server.take();
    call(&client, "event.bind", json!({"event": "onCrmDealUpdate", "event_type": "offline"})).await;
    let own = json!({"event": "onCrmDealUpdate", "event_type": "offline", "auth_connector": "own"});
    call(&client, "event.bind", own).await;
    let notified = json!({"event": "onOfflineEvent", "handler": server.url, "options": {"minTimeout": 60}});
    call(&client, "event.bind", notified).await;
    for deal in 1..=3 {
        call(&client, "crm.deal.add", json!({"fields": {"TITLE": "Gate"}})).await;
        let params = json!({"id": deal, "fields": {"TITLE": "Fence"}, "auth_connector": "own"});
        call(&client, "crm.deal.update", params.clone()).await;
        call(&client, "crm.deal.update", params).await;
    }
    portal.delivered().await;
    let received = server.take();
    assert_eq!(received.len(), 1, "one notification within the time: {received:?}");
    assert_eq!(event(&received[0]).0, "ONOFFLINEEVENT");
    // Calls of a source put nothing into its own queue.
    let listed = call(&client, "event.offline.list", json!({"auth_connector": "own"})).await;
    assert_eq!(listed, json!([]));

    let poll = (Duration::from_millis(5), Duration::from_millis(20));
    let mut events = client.offline_events().poll_interval(poll.0, poll.1);
    for deal in 1..=3 {
        let next = tokio::time::timeout(Duration::from_secs(10), events.next()).await.expect("in time");
        let event = next.expect("an event").expect("no error");
        assert_eq!(event.raw().data.to_value()["FIELDS"]["ID"], deal, "{:?}", event.raw());
        event.done().await;
    }
    drop(events);
    let left = async {
        while call(&client, "event.offline.list", json!({})).await != json!([]) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), left).await.expect("all are cleared");
}

#[tokio::test]
async fn a_reservation_hides_events_until_it_is_cleared_or_failed() {
    let (portal, _server, client) = installed().await;
    call(&client, "event.bind", json!({"event": "onCrmDealUpdate", "event_type": "offline"})).await;
    for deal in 1..=4 {
        assert_eq!(
            portal.fire_event("onCrmDealUpdate", json!({"FIELDS": {"ID": deal}})).expect("an event"),
            1
        );
    }
    let get = json!({"clear": 0, "limit": 3, "filter": {">ID": 1}, "order": {"ID": "DESC"}});
    let reserved = call(&client, "event.offline.get", get).await;
    let process = reserved["process_id"].as_str().expect("a reservation").to_owned();
    let ids: Vec<&str> = reserved["events"]
        .as_array()
        .expect("events")
        .iter()
        .filter_map(|event| event["ID"].as_str())
        .collect();
    assert_eq!(ids, ["4", "3", "2"]);
    let failed = &reserved["events"][0]["MESSAGE_ID"];
    call(&client, "event.offline.error", json!({"process_id": process, "message_id": [failed]})).await;
    call(&client, "event.offline.clear", json!({"process_id": process, "id": [3]})).await;
    let again = call(&client, "event.offline.get", json!({"clear": 0, "process_id": process})).await;
    assert_eq!(again["events"][0]["ID"], "2");
    let erroneous = call(&client, "event.offline.get", json!({"error": 1})).await;
    assert_eq!((&erroneous["events"][0]["ID"], &erroneous["process_id"]), (&json!("4"), &json!(null)));
    let rest = call(&client, "event.offline.get", json!({})).await;
    assert_eq!((rest["events"].as_array().map(Vec::len), &rest["events"][0]["ID"]), (Some(1), &json!("1")));
}

#[tokio::test]
async fn a_widget_is_opened_where_it_is_bound() {
    let (portal, server, client) = installed().await;
    server.take();
    let missing = portal.open_placement("CRM_DEAL_DETAIL_TAB", &json!({"ID": "7"})).await;
    assert!(missing.is_err_and(|error| error.to_string().contains("no handler is bound")));
    assert!(portal.open_placement("CRM_ZOO", &json!({})).await.is_err());
    let bound = json!({"PLACEMENT": "CRM_DEAL_DETAIL_TAB", "HANDLER": server.url, "LANG_ALL": {"de": {"TITLE": "Lager"}}});
    call(&client, "placement.bind", bound).await;
    portal.open_placement("CRM_DEAL_DETAIL_TAB", &json!({"ID": "7"})).await.expect("a widget");
    let received = server.take();
    let [Incoming::Page(page)] = received.as_slice() else { panic!("{received:?}") };
    assert_eq!((page.placement().code(), page.placement().id()), ("CRM_DEAL_DETAIL_TAB", Some(7)));
    assert!(!page.tokens().access_token().is_empty());
}

#[tokio::test]
async fn a_robot_runs_and_answers() {
    let (portal, server, client) = installed().await;
    server.take();
    assert!(portal.run_robot("bell", &json!({})).await.is_err());
    let robot = json!({"CODE": "bell", "HANDLER": server.url, "NAME": "Bell", "USE_SUBSCRIPTION": "Y"});
    call(&client, "bizproc.robot.add", robot).await;
    let (token, sent) = portal.run_robot("bell", &json!({"times": 3})).await.expect("a robot");
    assert_eq!(sent.response, Ok((200, "ok".to_owned())));
    let received = server.take();
    let [Incoming::Handler(request)] = received.as_slice() else { panic!("{received:?}") };
    assert_eq!(request.fields()["event_token"], token.as_str());
    assert_eq!(
        (&request.fields()["properties"], &request.fields()["use_subscription"]),
        (&json!({"times": "3"}), &json!("Y"))
    );
    assert!(portal.robot_result(&token).is_none());
    call(&client, "bizproc.event.send", json!({"event_token": token, "return_values": {"rung": 3}})).await;
    assert_eq!(portal.robot_result(&token).expect("a result")["return_values"], json!({"rung": 3}));
}

#[tokio::test]
async fn a_bot_gets_messages() {
    let (portal, server, client) = installed().await;
    server.take();
    let bot = json!({"CODE": "parrot", "EVENT_HANDLER": server.url, "PROPERTIES": {"NAME": "Parrot"}});
    let id = call(&client, "imbot.register", bot).await.as_i64().expect("a number");
    portal.message_to_bot(id, "chat7", "hello & welcome").await.expect("a bot");
    let received = server.take();
    let (name, data) = event(&received[0]);
    assert_eq!((name, &data["PARAMS"]["MESSAGE"]), ("ONIMBOTMESSAGEADD", &json!("hello & welcome")));
    assert_eq!(data["BOT"][id.to_string()]["BOT_CODE"], "parrot");
    assert_eq!(data["PARAMS"]["DIALOG_ID"], "chat7");
    let second = json!({"fields": {"code": "owl", "properties": {"name": "Owl"}, "eventMode": "webhook", "webhookUrl": server.url}});
    // A bot of the second version.
    call(&client, "imbot.unregister", json!({"BOT_ID": id})).await;
    let registered = call(&client, "imbot.v2.Bot.register", second).await;
    let id = registered["bot"]["id"].as_i64().expect("a number");
    portal.message_to_bot(id, "1", "hoo").await.expect("a bot");
    let received = server.take();
    let (name, data) = event(&received[0]);
    assert_eq!(
        (name, &data["message"]["text"], &data["bot"]["code"]),
        ("ONIMBOTV2MESSAGEADD", &json!("hoo"), &json!("owl"))
    );
    assert!(portal.message_to_bot(77, "1", "x").await.is_err());
}

#[tokio::test]
async fn events_have_tokens_that_expire_and_are_renewed() {
    let (portal, server, client) = installed().await;
    server.take();
    call(&client, "event.bind", json!({"event": "onCrmDealAdd", "handler": server.url})).await;
    call(&client, "crm.deal.add", json!({"fields": {}})).await;
    portal.delivered().await;
    portal.expire_tokens();
    let received = server.take();
    let Incoming::Event(event) = &received[0] else { panic!("{received:?}") };
    let old = event.tokens().expect("tokens").clone();
    let expired =
        reqwest::get(format!("{}profile?auth={}", portal.client_endpoint(), old.access_token())).await;
    assert_eq!(expired.expect("a response").status().as_u16(), 401);
    let renewing = client_with(&portal, old.clone());
    call(&renewing, "profile", json!({})).await;
    // The next event has tokens that are valid.
    call(&renewing, "crm.deal.add", json!({"fields": {}})).await;
    portal.delivered().await;
    let received = server.take();
    let Incoming::Event(event) = &received[0] else { panic!("{received:?}") };
    let tokens = event.tokens().expect("tokens");
    assert_ne!(tokens.access_token(), old.access_token());
    let valid =
        reqwest::get(format!("{}profile?auth={}", portal.client_endpoint(), tokens.access_token())).await;
    assert_eq!(valid.expect("a response").status().as_u16(), 200);
}

#[tokio::test]
async fn a_handler_that_fails_gets_an_event_once_and_delays_no_other() {
    let (portal, server, client) = installed().await;
    server.take();
    let dead = "http://127.0.0.1:9/hook";
    for handler in [dead, "https://127.0.0.1:9/", "http://127.0.0.1:x/", &server.url] {
        call(&client, "event.bind", json!({"event": "onCrmDealAdd", "handler": handler})).await;
    }
    call(&client, "crm.deal.add", json!({"fields": {}})).await;
    portal.delivered().await;
    assert_eq!(server.take().len(), 1);
    let failed: Vec<_> = portal.deliveries().into_iter().filter(|sent| sent.response.is_err()).collect();
    assert_eq!(failed.len(), 3, "{failed:?}");
}

#[cfg(feature = "data")]
#[tokio::test]
async fn bindings_and_offline_events_survive_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("portal.redb");
    let start = || Portal::builder().data(&file).start();
    let portal = start().await.expect("a portal");
    let client = application(&portal);
    let server = Server::start().await;
    call(&client, "event.bind", json!({"event": "onCrmDealUpdate", "event_type": "offline"})).await;
    call(&client, "event.bind", json!({"event": "onCrmDealAdd", "handler": server.url, "auth_type": 7}))
        .await;
    call(&client, "placement.bind", json!({"PLACEMENT": "LEFT_MENU", "HANDLER": server.url})).await;
    call(&client, "crm.deal.add", json!({"fields": {"TITLE": "Gate"}})).await;
    for title in ["Fence", "Door"] {
        call(&client, "crm.deal.update", json!({"id": 1, "fields": {"TITLE": title}})).await;
    }
    let reserved = call(&client, "event.offline.get", json!({"clear": 0})).await;
    call(&client, "crm.deal.update", json!({"id": 1, "fields": {"TITLE": "Wall"}})).await;
    let methods = ["event.get", "placement.get", "event.offline.list"];
    let mut before = Vec::new();
    for method in methods {
        before.push(call(&client, method, json!({})).await);
    }
    assert_eq!(before[2].as_array().map(Vec::len), Some(2), "{}", before[2]);
    drop(portal);

    let portal = start().await.expect("the portal again");
    let client = application(&portal);
    for (method, before) in methods.iter().zip(&before) {
        assert_eq!(call(&client, method, json!({})).await, *before, "{method}");
    }
    let again = json!({"clear": 0, "process_id": reserved["process_id"]});
    assert_eq!(call(&client, "event.offline.get", again).await["events"], reserved["events"]);
    let other = call(&client, "event.offline.get", json!({"clear": 0})).await;
    assert_ne!(other["process_id"], reserved["process_id"]);
    portal.reset().expect("a reset");
    drop(portal);
    let portal = start().await.expect("the portal again");
    assert_eq!(call(&application(&portal), "event.get", json!({})).await, json!([]));
    assert_eq!(portal.rows("crm.deal").len(), 0);
}
