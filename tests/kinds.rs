//! The kinds of an entity over a real socket: what one method returns depends on a parameter, and so do the types.

use bitrix24::crm::item::{self, Contact, Deal, DealFields, Kind};
use bitrix24::wire::{CustomFields, Fields, FromFields};
use bitrix24::{Batch, Client, Map, Value, json};
use bitrix24_testing::{Call, MockResponse, MockServer};

/// A portal with one item of each kind.
fn respond(call: &Call) -> MockResponse {
    let item = match call.params["entityTypeId"].as_i64() {
        Some(2) => {
            json!({"id": 7, "title": "Forty chairs", "opportunity": "1250.50", "opened": "Y", "ufCrm_1": "x"})
        }
        Some(3) => json!({"id": "8", "name": "Ann", "birthdate": ""}),
        Some(1044) => json!({"id": 9, "title": "Contract", "ufCrm12_1712074666": "2026-11-21"}),
        _ => return MockResponse::error(400, "NOT_FOUND", "No such kind"),
    };
    match call.method.as_str() {
        "crm.item.list" => MockResponse::result(json!({"items": [item]})),
        "crm.item.delete" => MockResponse::result(json!([])),
        _ => MockResponse::result(json!({"item": item})),
    }
}

async fn start_portal() -> (MockServer, Client) {
    let server = MockServer::start(respond).await;
    let client = Client::webhook(&server.webhook()).unwrap();
    (server, client)
}

#[tokio::test]
async fn a_kind_sends_its_number_and_returns_its_type() {
    let (server, portal) = start_portal().await;
    let deal: Deal = portal.call(Deal::get(7)).await.unwrap().result.item.unwrap();
    assert_eq!(
        (deal.id, deal.title.as_deref(), deal.opportunity.clone()),
        (Some(7), Some("Forty chairs"), Some("1250.50".into()))
    );
    assert_eq!(deal.custom::<String>("ufCrm_1").unwrap().as_deref(), Some("x"));

    let contact: Contact = portal.call(Contact::get(8)).await.unwrap().result.item.unwrap();
    assert_eq!((contact.id, contact.name.as_deref()), (Some(8), Some("Ann")));
    assert!(contact.birthdate.is_none());

    let sent: Vec<Value> = server.calls().into_iter().map(|call| call.params).collect();
    assert_eq!(sent, [json!({"entityTypeId": 2, "id": 7}), json!({"entityTypeId": 3, "id": 8})]);
}

#[tokio::test]
async fn a_kind_writes_its_fields_and_those_of_one_portal() {
    let (server, portal) = start_portal().await;
    let fields = DealFields::new().title("Forty chairs").opportunity(1250.5).extra("ufCrm_1", "x");
    let added = portal.call(Deal::add(&fields)).await.unwrap().result.item.unwrap();
    portal.call(Deal::update(added.id.unwrap(), &DealFields::new().title("Fifty chairs"))).await.unwrap();
    portal.call(Deal::delete(7)).await.unwrap();

    let sent: Vec<Value> = server.calls().into_iter().map(|call| call.params).collect();
    assert_eq!(
        sent,
        [
            json!({"entityTypeId": 2, "fields": {"title": "Forty chairs", "opportunity": 1250.5, "ufCrm_1": "x"}}),
            json!({"entityTypeId": 2, "id": 7, "fields": {"title": "Fifty chairs"}}),
            json!({"entityTypeId": 2, "id": 7}),
        ]
    );
}

#[tokio::test]
async fn the_rows_of_a_list_have_the_type_of_the_kind() {
    let (server, portal) = start_portal().await;
    let list = Deal::list().with(|list| list.select(["id", "title"]));
    let deals: Vec<Deal> = portal.rows(list).collect_all().await.unwrap();
    assert_eq!(deals[0].title.as_deref(), Some("Forty chairs"));
    assert_eq!(server.calls()[0].params, json!({"entityTypeId": 2, "select": ["id", "title"]}));
}

#[tokio::test]
async fn a_batch_returns_each_kind_in_its_type() {
    let mut batch = Batch::new();
    let deal = batch.add(Deal::get(7));
    let contact = batch.add(Contact::get(8));
    let server = MockServer::start(|call| {
        let commands = call.params["cmd"].as_object().cloned().unwrap_or_default();
        let results: Map<String, Value> = commands
            .into_iter()
            .map(|(name, command)| {
                let is_deal = command.as_str().unwrap_or_default().contains("entityTypeId=2");
                let item = if is_deal {
                    json!({"id": 7, "title": "Chairs"})
                } else {
                    json!({"id": 8, "name": "Ann"})
                };
                (name, json!({"item": item}))
            })
            .collect();
        MockResponse::result(json!({"result": results, "result_error": []}))
    })
    .await;
    let response = Client::webhook(&server.webhook()).unwrap().run(batch).await;
    let deal: Deal = response.get(deal).unwrap().result.item.unwrap();
    let contact: Contact = response.get(contact).unwrap().result.item.unwrap();
    assert_eq!((deal.title.as_deref(), contact.name.as_deref()), (Some("Chairs"), Some("Ann")));
}

/// A kind of one portal, with a struct of its own.
#[derive(Debug, PartialEq)]
struct Contract {
    id: Option<i64>,
    signed: Option<String>,
}

impl FromFields for Contract {
    fn from_fields(fields: &mut Fields<'_>) -> Self {
        Self { id: fields.optional("id"), signed: fields.optional("ufCrm12_1712074666") }
    }
}

impl Kind for Contract {
    const ENTITY_TYPE_ID: i64 = 1044;
    type Fields = Map<String, Value>;
}

#[tokio::test]
async fn a_kind_of_one_portal_has_a_struct_of_its_own() {
    let (_server, portal) = start_portal().await;
    let signed = Some("2026-11-21".to_owned());
    let contract = portal.call(Contract::get(9)).await.unwrap().result.item.unwrap();
    assert_eq!(contract, Contract { id: Some(9), signed });
}

#[tokio::test]
async fn the_untyped_methods_return_the_fields_of_all_kinds() {
    let (_server, portal) = start_portal().await;
    let item = portal.call(item::get(Deal::ENTITY_TYPE_ID, 7)).await.unwrap().result.item.unwrap();
    assert_eq!((item.title.as_deref(), item.name), (Some("Forty chairs"), None));
    let added = portal.call(item::add(3, json!({"name": "Ann"}))).await.unwrap().result.item.unwrap();
    assert_eq!(added.name.as_deref(), Some("Ann"));
}
