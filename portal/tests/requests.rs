//! Requests to an application as data: what a test reads is what the portal sends.

mod common;

use std::collections::BTreeMap;

use bitrix24_core::json;
use bitrix24_handler::Incoming;
use bitrix24_portal::{Outgoing, Portal};
use common::{Server, application, call};

/// The fields of a form, without those that each request has anew.
fn fields(form: &str) -> BTreeMap<String, String> {
    let own = ["ts", "auth[expires]", "auth[expires_in]", "AUTH_EXPIRES", "workflow_id", "event_token"];
    let pairs = form_urlencoded::parse(form.as_bytes()).into_owned();
    pairs.filter(|(name, _)| !own.contains(&name.as_str())).collect()
}

/// The query and the fields of the last request to a server.
fn last(server: &Server) -> (String, BTreeMap<String, String>) {
    let request = server.raw().pop().expect("a request");
    let (head, body) = request.split_once("\r\n\r\n").expect("a body");
    let target = head.split(' ').nth(1).expect("a target");
    (target.replacen("/hook?from=b24", "", 1).trim_start_matches('&').to_owned(), fields(body))
}

#[track_caller]
fn assert_is_last(server: &Server, request: &Outgoing) {
    assert_eq!(last(server), (request.query(), fields(&request.body())));
}

#[tokio::test]
async fn requests_as_data_are_those_that_the_portal_sends() {
    let (portal, server) = (Portal::start().await.unwrap(), Server::start().await);
    let client = application(&portal);
    let install = portal.install_request();
    assert_eq!(install.send(&server.url).await.status(), Some(200));
    assert_is_last(&server, &install);
    portal.install(&server.url).await;
    assert_is_last(&server, &portal.page_request("DEFAULT", &json!(null)));
    let installed = server.raw();
    assert_eq!(fields(installed[1].split_once("\r\n\r\n").unwrap().1), fields(&install.body()));

    // Another binding before, so that identifiers are not all 1.
    call(&client, "event.bind", json!({"event": "onCrmLeadAdd", "handler": "http://127.0.0.1:9/"})).await;
    let unbound = portal.event_request("onCrmDealAdd", json!({}));
    assert_eq!(unbound.fields()["event_handler_id"], 1);
    call(&client, "event.bind", json!({"event": "onCrmDealAdd", "handler": server.url, "auth_type": 7}))
        .await;
    let event = portal.event_request("onCrmDealAdd", json!({"FIELDS": {"ID": 3}}));
    assert_eq!(
        (&event.fields()["event_handler_id"], &event.fields()["auth"]["user_id"]),
        (&json!(2), &json!(7))
    );
    portal.fire_event("onCrmDealAdd", json!({"FIELDS": {"ID": 3}})).unwrap();
    portal.delivered().await;
    assert_is_last(&server, &event);
    let plausible = portal.event_request("onCrmDealAdd", json!(null));
    portal.fire_event("onCrmDealAdd", json!(null)).unwrap();
    portal.delivered().await;
    assert_is_last(&server, &plausible);

    let tab = json!({"PLACEMENT": "CRM_DEAL_DETAIL_TAB", "HANDLER": server.url});
    call(&client, "placement.bind", tab).await;
    portal.open_placement("CRM_DEAL_DETAIL_TAB", &json!({"ID": "7"})).await.unwrap();
    assert_is_last(&server, &portal.page_request("CRM_DEAL_DETAIL_TAB", &json!({"ID": "7"})));

    let robot = json!({"CODE": "bell", "HANDLER": server.url, "NAME": "Bell", "USE_SUBSCRIPTION": "Y"});
    call(&client, "bizproc.robot.add", robot).await;
    portal.run_robot("bell", &json!({"times": 3})).await.unwrap();
    assert_is_last(&server, &portal.robot_request("bell", &json!({"times": 3})));

    let uninstall = portal.uninstall_request(true);
    portal.uninstall(true).await;
    assert_is_last(&server, &uninstall);
}

#[tokio::test]
async fn requests_need_nothing_that_is_bound() {
    let (portal, server) = (Portal::start().await.unwrap(), Server::start().await);
    assert_eq!(portal.install_request().send(&server.url).await.status(), Some(200));
    server.take();
    let undocumented = portal.event_request("onZebraFed", json!({"GRAMS": [250, 300]}));
    let robot = portal.robot_request("feed", &json!({"grams": 250}));
    let page = portal.page_request("ZOO_TAB", &json!({"ID": 7}));
    for request in [&undocumented, &robot, &page] {
        assert_eq!(request.send(&server.url).await.response, Ok((200, "ok".to_owned())));
    }
    let received = server.take();
    let [Incoming::Event(event), Incoming::Handler(robot), Incoming::Page(page)] = received.as_slice() else {
        panic!("{received:?}")
    };
    assert!(event.is("onZebraFed") && event.tokens().is_some());
    assert_eq!(event.data(), &json!({"GRAMS": ["250", "300"]}));
    assert_eq!((&robot.fields()["code"], &robot.fields()["use_subscription"]), (&json!("feed"), &json!("N")));
    assert_eq!((page.placement().code(), page.placement().id()), ("ZOO_TAB", Some(7)));
    assert!(portal.deliveries().is_empty(), "the portal has sent nothing");
}

#[tokio::test]
async fn changed_requests_are_refused() {
    let (portal, server) = (Portal::start().await.unwrap(), Server::start().await);
    portal.install(&server.url).await;
    server.take();
    let event = portal.event_request("onCrmDealAdd", json!({"FIELDS": {"ID": 3}}));
    let forged = event.clone().with("auth[application_token]", "another");
    assert_eq!(forged.send(&server.url).await.status(), Some(403));
    assert_eq!(event.clone().without("auth[member_id]").send(&server.url).await.status(), Some(403));
    let anonymous = event.clone().without_tokens();
    assert!(!anonymous.body().contains("access_token") && anonymous.body().contains("application_token"));
    let nothing = event.send("http://127.0.0.1:9/").await;
    assert_eq!((nothing.status(), nothing.body()), (None, ""));
    let shown = format!("{event:?}");
    assert!(shown.contains("ONCRMDEALADD") && !shown.contains(&portal.application_token()), "{shown}");
    // Tokens of requests are valid on the portal.
    let token = event.fields()["auth"]["access_token"].as_str().unwrap();
    let url = format!("{}profile?auth={token}", portal.client_endpoint());
    assert_eq!(reqwest::get(&url).await.unwrap().status(), 200);
}
