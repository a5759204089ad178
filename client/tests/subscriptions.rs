//! Bindings of events and placements, one by one and as a declarative list.

use std::borrow::Cow;

use bitrix24_client::subscriptions::{Action, Plan};
use bitrix24_client::{App, Client, EventBinding, MemoryStore, NoLimit, PlacementBinding, Subscriptions};
use bitrix24_core::events::EventType;
use bitrix24_core::oauth::Tokens;
use bitrix24_core::placements::{NoOptions, PlacementContext, PlacementType};
use bitrix24_core::wire::{Fields, FromFields, ToWire};
use bitrix24_core::{ErrorKind, Map, Value, json, raw};
use bitrix24_portal::{Fault, Portal, Script};

const HOOK: &str = "https://shop.example/bitrix24/events";
const TAB: &str = "https://shop.example/bitrix24/tab";

#[derive(Debug, Default)]
struct DealUpdate;

impl FromFields for DealUpdate {
    fn from_fields(_: &mut Fields<'_>) -> Self {
        Self
    }
}

impl EventType for DealUpdate {
    const NAME: &'static str = "ONCRMDEALUPDATE";
}

struct ChatMenu;

struct ChatMenuOptions {
    role: &'static str,
}

impl ToWire for ChatMenuOptions {
    fn to_wire(&self) -> Value {
        json!({"role": self.role, "width": 300, "extranet": true})
    }
}

impl PlacementType for ChatMenu {
    const CODE: &'static str = "IM_CONTEXT_MENU";
    type Options = ChatMenuOptions;
}

impl PlacementContext for ChatMenu {
    type Context = Option<i64>;

    fn from_code(code: &str) -> Option<Self> {
        (code == Self::CODE).then_some(Self)
    }

    fn code(&self) -> Cow<'static, str> {
        Self::CODE.into()
    }
}

/// A place of a family, with the number of the herd in its code.
#[derive(Debug, PartialEq)]
struct HerdTab {
    herd: i64,
}

impl PlacementType for HerdTab {
    const CODE: &'static str = "ZOO_HERD_XXX_TAB";
    type Options = NoOptions;
}

impl PlacementContext for HerdTab {
    type Context = Option<i64>;

    fn from_code(code: &str) -> Option<Self> {
        let herd = code.strip_prefix("ZOO_HERD_")?.strip_suffix("_TAB")?.parse().ok()?;
        Some(Self { herd })
    }

    fn code(&self) -> Cow<'static, str> {
        format!("ZOO_HERD_{}_TAB", self.herd).into()
    }
}

fn client(portal: &Portal) -> Client {
    let (id, secret) = portal.client_credentials();
    let tokens = Tokens::new(portal.issue_tokens().access_token, portal.client_endpoint());
    let app = App::new(id, secret).with_server(&portal.origin()).unwrap();
    Client::builder().limiter(NoLimit).application(app, MemoryStore::new(tokens))
}

async fn start() -> (Portal, Client) {
    let portal = Portal::start().await.unwrap();
    let client = client(&portal);
    (portal, client)
}

/// Lets `event.get` leave out the source of an offline event, which no page documents.
fn hide_connectors(portal: &Portal) -> Script {
    portal.respond("event.get", |call| {
        let mut bound = call.run()?;
        for row in bound.result.as_array_mut().into_iter().flatten() {
            row.as_object_mut().and_then(|row| row.shift_remove("connector_id"));
        }
        Ok(bound)
    })
}

/// Each bound event, with its address or the source of its queue, and its user.
fn events(portal: &Portal) -> Vec<String> {
    let listed = portal.call("event.get", Map::new()).unwrap();
    let row = |row: &Value| {
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        format!("{} {}{} {}", text("event"), text("handler"), text("connector_id"), text("auth_type"))
    };
    let mut rows: Vec<String> = listed.as_array().unwrap().iter().map(row).collect();
    rows.sort();
    rows
}

fn placements(portal: &Portal) -> Vec<Value> {
    portal.call("placement.get", Map::new()).unwrap().as_array().unwrap().clone()
}

fn calls_of(portal: &Portal, method: &str) -> Vec<Value> {
    let calls = portal.calls().into_iter().filter(|call| call.method == method);
    calls.map(|call| Value::Object(call.params)).collect()
}

fn actions(plan: &Plan) -> Vec<Action> {
    plan.steps().iter().map(|step| step.action).collect()
}

#[tokio::test]
async fn an_event_is_bound_listed_and_removed() {
    let (portal, client) = start().await;
    client.bind::<DealUpdate>(HOOK).await.unwrap();
    client.bind::<DealUpdate>(HOOK).user(7).await.unwrap();
    client.bind_offline::<DealUpdate>().connector("stock").await.unwrap();
    let notify = EventBinding::new("onOfflineEvent", HOOK).option("minTimeout", 5);
    client.bind_event(notify).await.unwrap();
    assert_eq!(calls_of(&portal, "event.bind")[3]["options"], json!({"minTimeout": 5}));
    let bound = client.bound_events().await.unwrap();
    assert_eq!(
        bound.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "ONCRMDEALUPDATE to https://shop.example/bitrix24/events",
            "ONCRMDEALUPDATE to https://shop.example/bitrix24/events as user 7",
            "ONCRMDEALUPDATE to the queue of `stock`",
            "ONOFFLINEEVENT to https://shop.example/bitrix24/events",
        ]
    );
    // An address is one in every spelling, and all users have it.
    assert_eq!(client.unbind::<DealUpdate>("https://SHOP.example:443/bitrix24/events").await.unwrap(), 2);
    let offline = EventBinding::offline_of::<DealUpdate>().connector("stock");
    assert_eq!(client.unbind_event(&offline).await.unwrap(), 1);
    assert_eq!(client.unbind_event(&offline).await.unwrap(), 0);
    assert_eq!(events(&portal), ["ONOFFLINEEVENT https://shop.example/bitrix24/events 0"]);
}

#[tokio::test]
async fn a_second_binding_and_a_lost_response_are_no_error() {
    let (portal, client) = start().await;
    portal.fail("event.bind", Fault::LoseAnswer, 1);
    client.bind::<DealUpdate>(HOOK).await.unwrap();
    client.bind::<DealUpdate>(HOOK).await.unwrap();
    assert_eq!((calls_of(&portal, "event.bind").len(), portal.runs("event.bind")), (2, 1));
    assert_eq!(events(&portal).len(), 1);
    let tab = PlacementBinding::new("CRM_DEAL_DETAIL_TAB", TAB).title("Stock");
    portal.fail("placement.bind", Fault::LoseAnswer, 1);
    client.bind_placement(&tab).await.unwrap();
    client.bind_placement(&tab).await.unwrap();
    assert_eq!(placements(&portal).len(), 1);
    assert!(client.unbind_placement(&tab).await.unwrap());
    assert!(!client.unbind_placement(&tab).await.unwrap());
}

#[tokio::test]
async fn a_refused_binding_is_an_error() {
    let (portal, client) = start().await;
    let error = client.bind_event(EventBinding::new("zebraFed", HOOK)).await.unwrap_err();
    assert_eq!(error.code(), Some("ERROR_EVENT_NOT_FOUND"));
    let webhook = Client::builder().limiter(NoLimit).webhook(&portal.webhook()).unwrap();
    for error in [
        webhook.bind::<DealUpdate>(HOOK).await.unwrap_err(),
        webhook.bound_placements().await.unwrap_err(),
        Subscriptions::new().on::<DealUpdate>(HOOK).apply(&webhook).await.unwrap_err(),
    ] {
        assert_eq!(error.code(), Some("WRONG_AUTH_TYPE"));
        assert!(error.to_string().contains("Client::application"), "{error}");
    }
}

#[tokio::test]
async fn a_plan_says_what_it_would_do_and_changes_nothing() {
    let (portal, client) = start().await;
    client.bind::<DealUpdate>("HTTPS://shop.example:443/bitrix24/events").await.unwrap();
    client.bind_event(EventBinding::new("onCrmLeadAdd", "https://shop.example/bitrix24/old")).await.unwrap();
    client.bind_event(EventBinding::new("onCrmLeadAdd", "https://other.example/")).await.unwrap();
    client.bind_event(EventBinding::offline("onCrmLeadAdd").connector("old")).await.unwrap();
    client.bind_event(EventBinding::offline("onCrmLeadAdd").connector("theirs")).await.unwrap();
    client.bind_placement(&PlacementBinding::new("CRM_DEAL_DETAIL_TAB", TAB).title("Stock")).await.unwrap();
    let before = portal.calls().len();
    let plan = Subscriptions::new()
        .on::<DealUpdate>(HOOK)
        .offline::<DealUpdate>()
        .event(EventBinding::new("oncrmdealupdate", HOOK))
        .placement(PlacementBinding::new("CRM_DEAL_DETAIL_TAB", TAB).title("Warehouse"))
        .owns("https://shop.example/bitrix24/")
        .owns_connector("old")
        .plan(&client)
        .await
        .unwrap();
    assert_eq!(
        plan.to_string(),
        "keep   event ONCRMDEALUPDATE to https://shop.example/bitrix24/events\n\
         add    event ONCRMDEALUPDATE to the queue: it is not bound\n\
         remove event ONCRMLEADADD to https://shop.example/bitrix24/old: it is not wanted, its address is below \
         https://shop.example/bitrix24/\n\
         leave  event ONCRMLEADADD to https://other.example/: it is not wanted, its address does not belong to the program\n\
         remove event ONCRMLEADADD to the queue of `old`: it is not wanted, the program owns the queue of the source `old`\n\
         leave  event ONCRMLEADADD to the queue of `theirs`: it is not wanted, the program does not own the queue of the source \
         `theirs`\n\
         change placement CRM_DEAL_DETAIL_TAB to https://shop.example/bitrix24/tab: TITLE is \"Stock\" instead of \"Warehouse\""
    );
    let calls: Vec<String> = portal.calls()[before..].iter().map(|call| call.method.clone()).collect();
    assert_eq!(calls, ["event.get", "placement.get"]);
}

/// A list with everything, whose options come back as texts.
fn subscriptions() -> Subscriptions {
    Subscriptions::new()
        .on::<DealUpdate>(HOOK)
        .event(EventBinding::of::<DealUpdate>(HOOK).user(7))
        .event(EventBinding::new("onOfflineEvent", HOOK).option("minTimeout", 5))
        .event(EventBinding::offline("onCrmLeadAdd"))
        .event(EventBinding::offline("onCrmLeadAdd").connector("stock"))
        .placement(PlacementBinding::at(&ChatMenu, TAB, &ChatMenuOptions { role: "USER" }).title("Stock"))
        .placement(
            PlacementBinding::new("CRM_DEAL_DETAIL_TAB", TAB)
                .title("Stock")
                .description("What is left")
                .group("Shop")
                .title_in("de", "Lager"),
        )
        .owns("https://shop.example/")
        .owns_connector("stock")
        .owns_connector("")
}

#[tokio::test]
async fn a_list_is_applied_in_few_calls_and_a_second_time_without_effect() {
    for names_connectors in [true, false] {
        let (portal, client) = start().await;
        let _hidden = (!names_connectors).then(|| hide_connectors(&portal));
        let applied = subscriptions().apply(&client).await.unwrap();
        assert!(applied.is_complete(), "{applied}");
        assert_eq!((events(&portal).len(), placements(&portal).len()), (5, 2));
        assert!(portal.calls().len() <= 6, "{:?}", portal.calls().len());
        assert_eq!(
            placements(&portal)[0]["options"],
            json!({"role": "USER", "width": "300", "extranet": "1"})
        );
        let plan = subscriptions().plan(&client).await.unwrap();
        assert_eq!(plan.is_complete(), names_connectors, "{plan}");
        let (before, bound) = (portal.calls().len(), events(&portal));
        let applied = plan.apply(&client).await;
        assert!(applied.is_complete(), "{applied}");
        assert_eq!(portal.calls().len() == before, names_connectors, "there is nothing to do");
        assert_eq!(events(&portal), bound);
    }
}

#[tokio::test]
async fn a_queue_without_a_source_is_not_taken_for_the_wanted_one() {
    let (portal, client) = start().await;
    let hidden = hide_connectors(&portal);
    client.bind_offline::<DealUpdate>().await.unwrap();
    let stock = EventBinding::offline_of::<DealUpdate>().connector("stock");
    let refused = || Fault::error(403, "ACCESS_DENIED", "Access denied");
    portal.fail("event.bind", refused(), 1);
    assert!(client.bind_event(stock.clone()).await.unwrap_err().is_access_denied());
    let list = Subscriptions::new().event(stock.clone()).owns_everything();
    let plan = list.plan(&client).await.unwrap();
    assert_eq!(actions(&plan), [Action::Add, Action::Leave]);
    assert!(plan.to_string().contains("does not name the source"), "{plan}");
    portal.fail("event.bind", refused(), 1);
    assert!(!plan.clone().apply(&client).await.is_complete());
    assert!(plan.apply(&client).await.is_complete());
    assert_eq!(events(&portal).len(), 2);
    // Bound already.
    client.bind_event(stock.clone()).await.unwrap();
    assert_eq!(client.unbind_event(&stock).await.unwrap_err().kind(), ErrorKind::NotExecuted);
    let listed = client.bound_events().await.unwrap();
    assert_eq!(client.unbind_event(&listed[0]).await.unwrap_err().kind(), ErrorKind::NotExecuted);
    hidden.end();
    assert_eq!(client.unbind_event(&stock).await.unwrap(), 1);
    assert_eq!(events(&portal), ["ONCRMDEALUPDATE  0"], "the queue without a source is bound again");
    hide_connectors(&portal);
    let listed = client.bound_events().await.unwrap();
    assert_eq!(client.unbind_event(&listed[0]).await.unwrap(), 1);
    assert!(events(&portal).is_empty());
}

#[tokio::test]
async fn only_what_belongs_to_the_program_is_removed() {
    let (portal, client) = start().await;
    for address in ["https://shop.example/a/x", "https://shop.example/ab", "https://other.example/a"] {
        client.bind::<DealUpdate>(address).await.unwrap();
    }
    client.bind_offline::<DealUpdate>().await.unwrap();
    assert!(Subscriptions::new().apply(&client).await.unwrap().is_complete());
    assert_eq!(events(&portal).len(), 4, "nothing belongs to the program");
    let owning = Subscriptions::new().owns("https://shop.example/a");
    assert!(owning.apply(&client).await.unwrap().is_complete());
    assert_eq!(
        events(&portal),
        [
            "ONCRMDEALUPDATE  0",
            "ONCRMDEALUPDATE https://other.example/a 0",
            "ONCRMDEALUPDATE https://shop.example/ab 0",
        ]
    );
    let plan = Subscriptions::new().owns_everything().plan(&client).await.unwrap();
    assert_eq!(actions(&plan), [Action::Remove; 3]);
    assert!(plan.apply(&client).await.is_complete());
    assert!(events(&portal).is_empty());
}

#[tokio::test]
async fn each_failure_is_reported_for_its_binding_and_keeps_no_other_from_being_done() {
    let (portal, client) = start().await;
    let list = Subscriptions::new()
        .on::<DealUpdate>(HOOK)
        .event(EventBinding::new("zebraFed", HOOK))
        .event(EventBinding::new("onCrmLeadAdd", "no address"))
        .placement(PlacementBinding::new("CRM_DEAL_DETAIL_TAB", TAB).user(7))
        .placement(PlacementBinding::new("CRM_LEAD_DETAIL_TAB", TAB));
    let applied = list.apply(&client).await.unwrap();
    let codes: Vec<Option<String>> = applied
        .steps()
        .iter()
        .map(|step| step.outcome.as_ref().err().and_then(|error| error.code().map(str::to_owned)))
        .collect();
    let expected = [
        None,
        Some("ERROR_EVENT_NOT_FOUND"),
        Some("ERROR_ARGUMENT"),
        Some("ERROR_PLACEMENT_USER_MODE"),
        None,
    ];
    assert_eq!(codes, expected.map(|code| code.map(str::to_owned)));
    assert_eq!((applied.failures().count(), events(&portal).len(), placements(&portal).len()), (3, 1, 1));
    assert!(
        applied.to_string().contains(
            "add    event ZEBRAFED to https://shop.example/bitrix24/events: it is not bound; failed:"
        )
    );
    assert!(applied.into_result().is_err());
}

#[tokio::test]
async fn an_event_stays_bound_if_its_new_binding_fails() {
    let old = "https://shop.example/bitrix24/old";
    let (portal, client) = start().await;
    client.bind::<DealUpdate>(old).await.unwrap();
    client.bind_event(EventBinding::new("onCrmLeadAdd", old)).await.unwrap();
    let list = Subscriptions::new().on::<DealUpdate>("no address").owns("https://shop.example/");
    let applied = list.apply(&client).await.unwrap();
    let kinds: Vec<Option<ErrorKind>> =
        applied.steps().iter().map(|step| step.outcome.as_ref().err().map(|error| error.kind())).collect();
    assert_eq!(kinds[1..], [Some(ErrorKind::NotExecuted), None], "{applied}");
    assert_eq!(events(&portal), ["ONCRMDEALUPDATE https://shop.example/bitrix24/old 0"]);
    // A binding whose response is lost has not failed.
    portal.fail("event.bind", Fault::LoseAnswer, 1);
    let list = Subscriptions::new().on::<DealUpdate>(HOOK).owns("https://shop.example/");
    let applied = list.apply(&client).await.unwrap();
    assert!(applied.is_complete(), "{applied}");
    assert_eq!(events(&portal), ["ONCRMDEALUPDATE https://shop.example/bitrix24/events 0"]);
}

#[tokio::test]
async fn a_lost_batch_counts_by_what_it_has_done() {
    let (portal, client) = start().await;
    portal.fail("batch", Fault::LoseAnswer, 10);
    let applied = subscriptions().apply(&client).await.unwrap();
    assert!(applied.is_complete(), "{applied}");
    assert_eq!((events(&portal).len(), placements(&portal).len()), (5, 2));
}

#[tokio::test]
async fn a_batch_that_does_not_arrive_fails_each_of_its_bindings() {
    let (portal, client) = start().await;
    let refused = Fault::error(403, "insufficient_scope", "The request requires higher privileges");
    portal.fail("batch", refused, 10);
    let applied = subscriptions().apply(&client).await.unwrap();
    assert_eq!(applied.failures().count(), 7);
    assert!(events(&portal).is_empty());
}

#[tokio::test]
async fn a_removal_that_takes_another_queue_with_it_is_repaired() {
    let (portal, client) = start().await;
    client.bind_event(EventBinding::offline("onCrmLeadAdd").connector("theirs")).await.unwrap();
    client.bind_event(EventBinding::offline("onCrmLeadAdd").connector("old")).await.unwrap();
    // The portal removes all queues of an event.
    let list = Subscriptions::new()
        .event(EventBinding::offline("onCrmLeadAdd").connector("stock"))
        .owns_connector("old");
    let applied = list.apply(&client).await.unwrap();
    assert!(applied.is_complete(), "{applied}");
    assert_eq!(events(&portal), ["ONCRMLEADADD stock 0", "ONCRMLEADADD theirs 0"]);
}

#[tokio::test]
async fn a_placement_that_cannot_be_changed_stays_as_it_was() {
    let (portal, client) = start().await;
    client.bind_placement(&PlacementBinding::new("CRM_DEAL_DETAIL_TAB", TAB).title("Stock")).await.unwrap();
    portal.fail("placement.bind", Fault::error(400, "ERROR_ARGUMENT", "The title is too long"), 1);
    let list =
        Subscriptions::new().placement(PlacementBinding::new("CRM_DEAL_DETAIL_TAB", TAB).title("Warehouse"));
    let applied = list.apply(&client).await.unwrap();
    assert_eq!(applied.steps()[0].outcome.as_ref().unwrap_err().code(), Some("ERROR_ARGUMENT"));
    assert_eq!((placements(&portal).len(), placements(&portal)[0]["title"].clone()), (1, json!("Stock")));
    let applied = list.apply(&client).await.unwrap();
    assert!(applied.is_complete(), "{applied}");
    assert_eq!((placements(&portal).len(), placements(&portal)[0]["title"].clone()), (1, json!("Warehouse")));
}

#[tokio::test]
async fn bindings_that_cannot_be_read_after_a_removal_are_failures() {
    let (portal, client) = start().await;
    let tab = |title: &str| PlacementBinding::new("CRM_DEAL_DETAIL_TAB", TAB).title(title);
    client.bind::<DealUpdate>(HOOK).await.unwrap();
    client.bind_event(EventBinding::new("onCrmLeadAdd", HOOK)).await.unwrap();
    client.bind_placement(&tab("Stock")).await.unwrap();
    let list = Subscriptions::new().on::<DealUpdate>(HOOK).placement(tab("Warehouse")).owns_everything();
    let plan = list.plan(&client).await.unwrap();
    assert_eq!(actions(&plan), [Action::Keep, Action::Remove, Action::Change]);
    for method in ["event.get", "placement.get"] {
        portal.fail(method, Fault::error(403, "ACCESS_DENIED", "Access denied"), 10);
    }
    portal.fail("placement.bind", Fault::error(400, "ERROR_ARGUMENT", "The title is too long"), 1);
    let applied = plan.apply(&client).await;
    assert_eq!(applied.failures().count(), 3, "{applied}");
    assert!(applied.to_string().contains("after the removals could not be read: Access denied"), "{applied}");
    assert_eq!((placements(&portal).len(), placements(&portal)[0]["title"].clone()), (1, json!("Stock")));
}

#[tokio::test]
async fn each_place_of_a_family_is_bound_by_its_own_code() {
    let (portal, client) = start().await;
    let herd = |herd| PlacementBinding::at(&HerdTab { herd }, TAB, &NoOptions).title("Stock");
    let codes = || -> Vec<String> {
        placements(&portal)
            .iter()
            .map(|row| row["placement"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    let both = Subscriptions::new().placement(herd(7)).placement(herd(8));
    assert!(both.apply(&client).await.unwrap().is_complete());
    assert_eq!(codes(), ["ZOO_HERD_7_TAB", "ZOO_HERD_8_TAB"]);
    assert_eq!(
        actions(&both.plan(&client).await.unwrap()),
        [Action::Keep, Action::Keep],
        "nothing is left to do"
    );

    let one = Subscriptions::new().placement(herd(8)).owns("https://shop.example/");
    assert!(one.apply(&client).await.unwrap().is_complete());
    assert_eq!(codes(), ["ZOO_HERD_8_TAB"]);
    let bound = client.bound_placements().await.unwrap();
    let found: Vec<Option<HerdTab>> =
        bound.iter().map(|binding| HerdTab::from_code(binding.code())).collect();
    assert_eq!(found, [Some(HerdTab { herd: 8 })]);
}

#[tokio::test]
async fn placements_that_cannot_be_read_matter_only_if_some_are_wanted() {
    let (portal, client) = start().await;
    portal.fail("placement.get", Fault::error(403, "insufficient_scope", "No scope"), 10);
    let list = Subscriptions::new().on::<DealUpdate>(HOOK).owns("https://shop.example/");
    assert!(list.apply(&client).await.unwrap().is_complete());
    let list = list.placement(PlacementBinding::new("CRM_DEAL_DETAIL_TAB", TAB));
    let error = list.plan(&client).await.unwrap_err();
    assert_ne!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.method(), "placement.get");
}

#[tokio::test]
async fn the_portal_of_the_tests_binds_as_documented() {
    let (portal, client) = start().await;
    client.bind_placement(&PlacementBinding::new("CRM_DEAL_DETAIL_TAB", TAB)).await.unwrap();
    let removed = raw("placement.unbind", json!({"PLACEMENT": "CRM_DEAL_DETAIL_TAB"}));
    assert_eq!(
        client.call(removed).await.unwrap().result["count"],
        2,
        "one for the row, and one for its removal"
    );
    client.bind::<DealUpdate>(HOOK).user(7).await.unwrap();
    client.bind::<DealUpdate>(HOOK).await.unwrap();
    let users = raw("event.unbind", json!({"event": "oncrmdealupdate", "handler": HOOK, "auth_type": 0}));
    assert_eq!(client.call(users).await.unwrap().result["count"], 1);
    assert_eq!(events(&portal), ["ONCRMDEALUPDATE https://shop.example/bitrix24/events 7"]);
}
