//! Events from the forms that PHP writes, from rows of the queue of offline events, and from recorded lines.

use bitrix24_core::events::{EventTokens, EventType, FromEvent, RawEvent, Received};
use bitrix24_core::oauth::{EventRequest, IncomingRequest};
use bitrix24_core::wire::{DateTime, Decimal, Fields, FromFields, Json};
use bitrix24_core::{Map, Value, json, tables};

/// Payloads as they are generated.
mod zoo {
    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct AnimalFeed {
        pub(crate) fields: Option<AnimalFeedFields>,
        pub(crate) keepers: Option<Vec<i64>>,
        pub(crate) extra: Map<String, Value>,
    }

    impl FromFields for AnimalFeed {
        fn from_fields(fields: &mut Fields<'_>) -> Self {
            Self {
                fields: fields.optional("FIELDS"),
                keepers: fields.optional("KEEPERS"),
                extra: fields.remaining(),
            }
        }
    }

    tables::result! { AnimalFeed { fields "FIELDS" keepers "KEEPERS" } }

    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct AnimalFeedFields {
        pub(crate) id: Option<i64>,
        pub(crate) name: Option<String>,
        pub(crate) is_hungry: Option<bool>,
        pub(crate) grams: Option<Decimal>,
        pub(crate) fed: Option<DateTime>,
        pub(crate) extra: Map<String, Value>,
    }

    impl FromFields for AnimalFeedFields {
        fn from_fields(fields: &mut Fields<'_>) -> Self {
            Self {
                id: fields.optional("ID"),
                name: fields.optional("NAME"),
                is_hungry: fields.optional("IS_HUNGRY"),
                grams: fields.optional("GRAMS"),
                fed: fields.optional("FED"),
                extra: fields.remaining(),
            }
        }
    }

    tables::result! {
        AnimalFeedFields { id "ID" name "NAME" is_hungry "IS_HUNGRY" grams "GRAMS" fed "FED" }
    }

    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct CageOpen {
        pub(crate) value: Option<i64>,
    }

    tables::whole! { CageOpen { value i64 } }

    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct HerdMove {
        pub(crate) items: Option<Vec<String>>,
    }

    tables::whole! { HerdMove { items Vec<String> } }

    #[deprecated(note = "replaced by onZooAnimalFeed")]
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Feed {
        pub(crate) value: Option<Value>,
    }

    #[allow(deprecated)]
    mod feed {
        use super::{Feed, tables};
        tables::whole! { Feed { value Value } }
    }
}

#[allow(deprecated)]
mod facts {
    use super::tables;
    use super::zoo::*;

    tables::event! {
        AnimalFeed "ONZOOANIMALFEED" "onZooAnimalFeed" ["zoo"] Sometimes
    }
    tables::event! { CageOpen "ONZOOCAGEOPEN" "ONZOOCAGEOPEN" [] Unknown }
    tables::event! { HerdMove "ONZOOHERDMOVE" "ONZOOHERDMOVE" [] Unknown with_family("ONZOOHERDMOVE_", "kind", "") }
    tables::event! { Feed "ONZOOFEED" "ONZOOFEED" [] Unknown with_deprecated(&["onZooAnimalFeed"]) }
}

#[allow(deprecated)]
#[derive(Clone, PartialEq)]
enum Event {
    ZooAnimalFeed(Received<zoo::AnimalFeed>),
    ZooCageOpen(Received<zoo::CageOpen>),
    ZooHerdMove(Received<zoo::HerdMove>),
    ZooFeed(Received<zoo::Feed>),
    Other(RawEvent),
}

tables::events! {
    Event {
        ZooAnimalFeed zoo::AnimalFeed
        ZooCageOpen zoo::CageOpen
        ZooHerdMove zoo::HerdMove
        #[cfg(not(test))]
        ZooNever zoo::Never
        ZooFeed zoo::Feed
    }
}

/// The request of an event, as PHP's `http_build_query` writes it.
fn raw(form: &str) -> RawEvent {
    let form = format!(
        "{form}&ts=1800000000&auth[member_id]=m1&auth[domain]=shop.example&auth[application_token]=t"
    );
    let request = EventRequest::parse(&IncomingRequest::new(form.as_bytes()), 1_800_000_000).unwrap();
    RawEvent::from(&request)
}

fn feed(data: &str) -> Received<zoo::AnimalFeed> {
    raw(&format!("event=ONZOOANIMALFEED&{data}")).decode().unwrap()
}

/// The fields of a payload, as JSON with types.
fn shown(event: &zoo::AnimalFeed) -> Value {
    let fields = event.fields.as_ref().map(|fields| {
        json!({
            "id": fields.id, "name": fields.name, "is_hungry": fields.is_hungry,
            "grams": fields.grams.as_ref().map(|grams| grams.to_string()),
            "fed": fields.fed.as_ref().map(DateTime::as_str), "extra": fields.extra,
        })
    });
    json!({"fields": fields, "keepers": event.keepers, "extra": event.extra})
}

#[test]
fn texts_of_a_form_are_read_by_their_types() {
    let all = json!({"id": 7, "name": "Ann", "is_hungry": true, "grams": "1.50", "fed": "2026-03-16T20:24:38+01:00", "extra": {}});
    let nothing = json!({"id": null, "name": "", "is_hungry": null, "grams": null, "fed": null, "extra": {}});
    let absent =
        json!({"id": null, "name": null, "is_hungry": null, "grams": null, "fed": null, "extra": {}});
    let with = |key: &str, value: Value| {
        let mut fields = absent.clone();
        fields[key] = value;
        json!({"fields": fields, "keepers": null, "extra": {}})
    };
    let empty = json!({"fields": null, "keepers": null, "extra": {}});
    let cases = [
        (
            "data[FIELDS][ID]=7&data[FIELDS][NAME]=Ann&data[FIELDS][IS_HUNGRY]=1&data[FIELDS][GRAMS]=1.50\
             &data[FIELDS][FED]=2026-03-16T20%3A24%3A38%2B01%3A00",
            json!({"fields": all, "keepers": null, "extra": {}}),
        ),
        // `null` is an empty text.
        (
            "data[FIELDS][ID]=&data[FIELDS][NAME]=&data[FIELDS][IS_HUNGRY]=&data[FIELDS][GRAMS]=&data[FIELDS][FED]=",
            json!({"fields": nothing, "keepers": null, "extra": {}}),
        ),
        ("data[FIELDS][IS_HUNGRY]=0", with("is_hungry", json!(false))),
        ("data[FIELDS][IS_HUNGRY]=Y", with("is_hungry", json!(true))),
        ("data[FIELDS][IS_HUNGRY]=n", with("is_hungry", json!(false))),
        ("data[FIELDS][IS_HUNGRY]=true", with("is_hungry", json!(true))),
        ("data%5BFIELDS%5D%5BID%5D=%2B7", with("id", json!(7))),
        ("data[FIELDS][ID]=7.0", with("id", json!(7))),
        ("data[FIELDS][NAME]=7", with("name", json!("7"))),
        // The word for a missing part, but a text may be that word.
        ("data[FIELDS][NAME]=undefined", with("name", json!("undefined"))),
        ("data[FIELDS]=undefined", empty.clone()),
        (
            "data[FIELDS][ID]=undefined&data[FIELDS][FED]=undefined&data[KEEPERS]=undefined",
            with("id", json!(null)),
        ),
        ("data[FIELDS][NEW]=x", with("extra", json!({"NEW": "x"}))),
        // Lists, those with gaps too. An empty one is missing.
        ("data[KEEPERS][0]=1&data[KEEPERS][1]=2", json!({"fields": null, "keepers": [1, 2], "extra": {}})),
        ("data[KEEPERS][]=1&data[KEEPERS][]=2", json!({"fields": null, "keepers": [1, 2], "extra": {}})),
        ("data[KEEPERS][3]=1&data[KEEPERS][7]=2", json!({"fields": null, "keepers": [1, 2], "extra": {}})),
        ("data[KEEPERS]=", empty.clone()),
        ("data[FIELDS]=", empty.clone()),
        ("data=", empty.clone()),
        ("data=undefined", empty.clone()),
        ("", empty.clone()),
    ];
    for (form, expected) in cases {
        let event = feed(form);
        assert_eq!(shown(&event), expected, "{form}");
        assert!(event.mismatches.is_empty(), "{form}: {:?}", event.mismatches);
        assert_eq!(event.unread, None, "{form}");
    }
}

#[test]
fn a_value_of_another_type_costs_its_field() {
    let cases = [
        (
            "data[FIELDS][ID]=seven&data[FIELDS][NAME]=Ann",
            r#"`FIELDS.ID`: expected an integer, found "seven""#,
        ),
        (
            "data[FIELDS][IS_HUNGRY]=D&data[FIELDS][NAME]=Ann",
            r#"`FIELDS.IS_HUNGRY`: expected true or false, found "D""#,
        ),
        ("data[KEEPERS][0]=x&data[FIELDS][NAME]=Ann", r#"`KEEPERS[0]`: expected an integer, found "x""#),
        (
            "data[FIELDS][GRAMS][a]=1&data[FIELDS][NAME]=Ann",
            "`FIELDS.GRAMS`: expected a number, found an object with 1 keys (a)",
        ),
    ];
    for (form, expected) in cases {
        let event = feed(form);
        let found: Vec<String> = event.mismatches.iter().map(ToString::to_string).collect();
        assert_eq!(found, [expected], "{form}");
        assert_eq!(event.fields.as_ref().and_then(|fields| fields.name.as_deref()), Some("Ann"), "{form}");
    }
    let event = feed("data=7");
    assert_eq!(event.mismatches.as_slice()[0].to_string(), r#"`result`: expected an object, found "7""#);
    assert_eq!((event.unread.clone(), event.payload), (Some(json!("7")), zoo::AnimalFeed::default()));
}

#[test]
fn a_payload_may_be_a_scalar_or_a_list() {
    let scalar =
        |form: &str| raw(&format!("event=onzoocageopen&{form}")).decode::<Received<zoo::CageOpen>>().unwrap();
    assert_eq!(scalar("data=107").value, Some(107));
    assert_eq!(scalar("data=").value, None);
    assert_eq!(scalar("").value, None);
    let list = scalar("data[0]=107");
    assert_eq!((list.value, list.unread.clone(), list.mismatches.len()), (None, Some(json!(["107"])), 1));
    let herd =
        |form: &str| raw(&format!("event=ONZOOHERDMOVE&{form}")).decode::<Received<zoo::HerdMove>>().unwrap();
    assert_eq!(herd("data[0]=a&data[1]=b").items, Some(vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(herd("data[5]=a").items, Some(vec!["a".to_owned()]));
    assert_eq!(herd("data=").items, None);
}

#[test]
fn the_envelope_comes_with_the_payload() {
    let form = "event=onZooAnimalFeed&event_handler_id=655&data[FIELDS][ID]=7&auth[access_token]=s3cret\
        &auth[client_endpoint]=https://shop.example/rest/&auth[expires_in]=3600&auth[user_id]=1";
    let event: Received<zoo::AnimalFeed> = raw(form).decode().unwrap();
    assert_eq!((event.event_name(), event.handler_id()), ("ONZOOANIMALFEED", Some(655)));
    assert_eq!((event.timestamp(), event.member_id()), (Some(1_800_000_000), Some("m1")));
    assert_eq!((event.domain(), event.tokens().and_then(|t| t.user_id())), (Some("shop.example"), Some(1)));
    assert!(!format!("{event:?}").contains("s3cret"));
    assert_eq!(event.envelope.offline, None);
    // Other events name the subscription otherwise, and it may be missing in a word.
    for (form, expected) in
        [("eventId=651", Some(651)), ("eventId=", None), ("event_handler_id=undefined", None), ("", None)]
    {
        assert_eq!(raw(&format!("event=ONZOOANIMALFEED&{form}")).envelope.handler_id, expected, "{form}");
    }
    // Without a user there are no tokens.
    assert!(feed("data[FIELDS][ID]=7").tokens().is_none());
}

#[test]
fn rows_of_the_queue_are_events() {
    let row = |row: Value| RawEvent::from_offline_row(Json::from_value(&row).unwrap().get());
    let event = row(json!({
        "ID": "3", "TIMESTAMP_X": "2001-09-09T04:46:40+03:00", "EVENT_NAME": "onZooAnimalFeed",
        "EVENT_DATA": {"FIELDS": {"ID": 7, "IS_HUNGRY": false}}, "EVENT_ADDITIONAL": {"user_id": 1},
        "MESSAGE_ID": "5f1a", "PROCESS_ID": "", "ERROR": "0",
    }))
    .unwrap();
    let event: Received<zoo::AnimalFeed> = event.decode().unwrap();
    assert_eq!((event.event_name(), event.timestamp()), ("ONZOOANIMALFEED", Some(1_000_000_000)));
    let fields = event.fields.clone().unwrap();
    assert_eq!((fields.id, fields.is_hungry), (Some(7), Some(false)));
    let offline = event.envelope.offline.clone().unwrap();
    assert_eq!(
        (offline.id, offline.message_id.as_deref(), offline.process_id),
        (Some(3), Some("5f1a"), None)
    );
    assert_eq!(offline.additional, json!({"user_id": 1}));
    // `false` stands for nothing, and a number of a message is its digits.
    let event = row(
        json!({"EVENT_NAME": "ONZOOANIMALFEED", "EVENT_DATA": false, "EVENT_ADDITIONAL": false, "MESSAGE_ID": 1}),
    );
    let event: Received<zoo::AnimalFeed> = event.unwrap().decode().unwrap();
    assert_eq!((event.payload.clone(), event.mismatches.len()), (zoo::AnimalFeed::default(), 0));
    let offline = event.envelope.offline.unwrap();
    assert_eq!((offline.message_id.as_deref(), offline.additional), (Some("1"), Value::Null));
    for wrong in
        [json!({}), json!({"EVENT_NAME": " "}), json!({"EVENT_NAME": null}), json!("row"), Value::Null]
    {
        assert_eq!(row(wrong).unwrap_err().to_string(), "`EVENT_NAME` is missing");
    }
}

#[test]
fn recorded_events_are_objects_or_forms() {
    let object = json!({"event": "ONZOOANIMALFEED", "event_handler_id": "9", "data": {"FIELDS": {"ID": 7}}, "ts": 1,
        "auth": {"member_id": "m1", "domain": "shop.example"}});
    let form = "event=ONZOOANIMALFEED&event_handler_id=9&data[FIELDS][ID]=7&ts=1&auth[member_id]=m1&auth[domain]=shop.example";
    for body in [object, json!(form)] {
        let event: Received<zoo::AnimalFeed> = RawEvent::from_recorded(&body).unwrap().decode().unwrap();
        assert_eq!(event.fields.as_ref().and_then(|fields| fields.id), Some(7));
        assert_eq!((event.handler_id(), event.timestamp()), (Some(9), Some(1)));
        assert_eq!((event.member_id(), event.domain()), (Some("m1"), Some("shop.example")));
    }
    for (wrong, problem) in [
        (json!([]), "the body is neither an object nor a form"),
        (json!({"data": {}}), "`event` is missing"),
        (json!(""), "`event` is missing"),
    ] {
        assert_eq!(RawEvent::from_recorded(&wrong).unwrap_err().to_string(), problem);
    }
}

#[test]
#[allow(deprecated)]
fn the_enumeration_is_decoded_by_name_in_any_case() {
    let named = |name: &str| Event::from(raw(&format!("event={name}&data[FIELDS][ID]=7")));
    for name in ["ONZOOANIMALFEED", "onZooAnimalFeed", "onzooanimalfeed"] {
        let Event::ZooAnimalFeed(event) = named(name) else { panic!("{name}") };
        assert_eq!(event.fields.as_ref().and_then(|fields| fields.id), Some(7));
    }
    assert!(matches!(named("OnZooHerdMove_7"), Event::ZooHerdMove(_)));
    assert!(matches!(named("onZooFeed"), Event::ZooFeed(_)));
    for name in ["ONZOOANIMALFEE", "ONZOOANIMALFEEDX", "ONZOONEVER", ""] {
        let Event::Other(event) = named(name) else { panic!("{name}") };
        assert_eq!(event.data, json!({"FIELDS": {"ID": "7"}}), "{name}");
    }
    assert_eq!(named("onzoofeed").envelope().name, "ONZOOFEED");
    let event = Event::from(raw("event=ONZOOANIMALFEED&data[FIELDS][ID]=x"));
    assert_eq!(event.mismatches()[0].field(), "FIELDS.ID");
    let Err(other) = raw("event=onZooFeed").decode::<Received<zoo::AnimalFeed>>() else { panic!() };
    assert_eq!(other.to_string(), r#"expected the event onZooAnimalFeed, received "ONZOOFEED""#);
    assert_eq!(other.into_event().name(), "ONZOOFEED");
    assert!(RawEvent::from_event(raw("event=x")).is_ok());
}

#[test]
#[allow(deprecated)]
fn facts_are_known_without_an_event() {
    let info = zoo::AnimalFeed::INFO;
    assert_eq!(
        (zoo::AnimalFeed::NAME, info.name(), info.spelling(), info.scopes()),
        ("ONZOOANIMALFEED", "ONZOOANIMALFEED", "onZooAnimalFeed", &["zoo"][..])
    );
    assert_eq!((info.tokens(), info.replaced_by()), (Some(EventTokens::Sometimes), None));
    assert_eq!(zoo::Feed::INFO.replaced_by(), Some(&["onZooAnimalFeed"][..]));
    assert_eq!(zoo::HerdMove::INFO.name_with("t7").as_deref(), Some("ONZOOHERDMOVE_T7"));
}
