//! Typed events: from the forms that a portal sends to the types of the scope `crm`.

use bitrix24::events::{EVENTS, Event, EventType, RawEvent, Received, crm};
use bitrix24::json;
use bitrix24::oauth::{EventRequest, IncomingRequest};
use bitrix24::wire::Json;

fn received(form: &str) -> RawEvent {
    let form = format!(
        "{form}&ts=1800000000&auth[member_id]=m1&auth[domain]=shop.example&auth[application_token]=t"
    );
    RawEvent::from(&EventRequest::parse(&IncomingRequest::new(form.as_bytes()), 1_800_000_000).unwrap())
}

#[test]
fn a_form_is_read_as_the_event_of_its_name() {
    for name in ["ONCRMDEALUPDATE", "onCrmDealUpdate", "oncrmdealupdate"] {
        let form = format!("event={name}&event_handler_id=655&data%5BFIELDS%5D%5BID%5D=7");
        let Event::CrmDealUpdate(event) = Event::from(received(&form)) else { panic!("{name}") };
        let id: Option<i64> = event.id();
        assert_eq!((id, event.handler_id(), event.timestamp()), (Some(7), Some(655), Some(1_800_000_000)));
        assert_eq!((event.event_name(), event.member_id()), ("ONCRMDEALUPDATE", Some("m1")));
        assert!(event.mismatches.is_empty());
    }
}

#[test]
fn a_value_of_another_type_costs_its_field_and_not_the_event() {
    let form = "event=ONCRMDEALADD&data[FIELDS][ID]=seven&data[FIELDS][NEW]=1";
    let event: Received<crm::DealAdd> = received(form).decode().unwrap();
    assert_eq!((event.id(), event.mismatches.as_slice()[0].field()), (None, "FIELDS.ID".to_owned()));
    let extra = &event.fields.as_ref().unwrap().extra;
    assert_eq!(json!(extra), json!({"ID": "seven", "NEW": "1"}));
    let empty: Received<crm::DealAdd> = received("event=ONCRMDEALADD").decode().unwrap();
    assert_eq!((empty.id(), empty.mismatches.len()), (None, 0));
}

#[test]
fn an_event_of_another_name_is_given_back() {
    let other =
        received("event=ONCRMDEALADD&data[FIELDS][ID]=7").decode::<Received<crm::DealDelete>>().unwrap_err();
    assert_eq!(other.to_string(), r#"expected the event onCrmDealDelete, received "ONCRMDEALADD""#);
    let event: Received<crm::DealAdd> = other.into_event().decode().unwrap();
    assert_eq!(event.id(), Some(7));
}

#[test]
fn rows_of_the_queue_are_the_same_events() {
    let row = json!({"ID": "3", "EVENT_NAME": "ONCRMLEADADD", "EVENT_DATA": {"FIELDS": {"ID": 7}}, "MESSAGE_ID": "5f"});
    let event = RawEvent::from_offline_row(Json::from_value(&row).unwrap().get()).unwrap();
    let Event::CrmLeadAdd(event) = Event::from(event) else { panic!("another event") };
    let message = event.envelope.offline.as_ref().and_then(|row| row.message_id.as_deref());
    assert_eq!((event.id(), message), (Some(7), Some("5f")));
}

#[test]
fn all_events_of_the_scope_have_a_type_and_their_facts() {
    let of_scope = EVENTS.iter().filter(|info| info.scopes().contains(&"crm"));
    let mut count = 0;
    for info in of_scope {
        for name in [info.name(), info.spelling()] {
            let event = Event::from(RawEvent::new(name, &json!([])));
            assert!(!matches!(event, Event::Other(_)), "{name} has no variant");
            assert_eq!(
                (event.envelope().name.as_str(), event.mismatches()),
                (info.name(), &[][..]),
                "{name}"
            );
        }
        count += 1;
    }
    assert!(count > 50, "{count} events");
    assert!(EVENTS.is_sorted_by_key(|info| info.name()));
    assert_eq!(EVENTS.iter().filter(|info| **info == crm::DealAdd::INFO).count(), 1);
}

#[test]
fn an_event_without_a_type_keeps_its_payload() {
    let Event::Other(event) = Event::from(received("event=ONZEBRAFED&data[ID]=7")) else {
        panic!("a known event")
    };
    assert_eq!((event.name(), event.data == json!({"ID": "7"})), ("ONZEBRAFED", true));
}
