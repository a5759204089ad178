//! Events as portals send them: whole forms with the parts of `auth` that come with them, in the shapes that pages do not show.

#![allow(deprecated, reason = "portals send events that are replaced")]

use bitrix24::events::{EVENTS, Event, RawEvent};
use bitrix24::json;
use bitrix24::oauth::{EventRequest, IncomingRequest};

const NOW: u64 = 1_800_000_000;

/// What comes with an event that a user caused. Brackets are escaped, as `http_build_query` does.
fn by_user(form: &str) -> String {
    let auth = [
        ("access_token", "s3cretAccess"),
        ("expires", "1800003600"),
        ("expires_in", "3600"),
        ("scope", "crm,im,imbot,task,telephony"),
        ("domain", "zoo.example"),
        ("server_endpoint", "https://oauth.example/rest/"),
        ("status", "F"),
        ("client_endpoint", "https://zoo.example/rest/"),
        ("member_id", "5c1b4e0fa2"),
        ("user_id", "17"),
        ("application_token", "s3cretApplication"),
    ];
    whole(form, &auth)
}

/// What comes with an event that no user caused: no tokens.
fn by_system(form: &str) -> String {
    let auth = [
        ("domain", "zoo.example"),
        ("server_endpoint", "https://oauth.example/rest/"),
        ("status", "F"),
        ("client_endpoint", "https://zoo.example/rest/"),
        ("member_id", "5c1b4e0fa2"),
        ("application_token", "s3cretApplication"),
    ];
    whole(form, &auth)
}

fn whole(form: &str, auth: &[(&str, &str)]) -> String {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    for pair in form.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        pairs.append_pair(name, value);
    }
    pairs.append_pair("ts", "1800000000");
    for (name, value) in auth {
        pairs.append_pair(&format!("auth[{name}]"), value);
    }
    pairs.finish()
}

fn parse(form: &str) -> RawEvent {
    let request = EventRequest::parse(&IncomingRequest::new(form.as_bytes()), NOW).unwrap();
    RawEvent::from(request)
}

/// The event of a form, which is known and whose values all have their types. The same is read if it was recorded.
fn event(form: &str) -> Event {
    let sent = by_user(form);
    let event = Event::from(parse(&sent));
    assert!(!matches!(event, Event::Other(_)), "no type: {form}");
    assert!(event.mismatches().is_empty(), "{form}: {:?}", event.mismatches());
    let envelope = event.envelope();
    assert_eq!(
        (envelope.member_id.as_deref(), envelope.timestamp),
        (Some("5c1b4e0fa2"), Some(NOW)),
        "{form}"
    );
    let tokens = envelope.tokens.as_ref().unwrap();
    assert_eq!(
        (tokens.user_id(), tokens.status(), tokens.expires_at()),
        (Some(17), Some("F"), Some(NOW + 3600))
    );
    assert!(!format!("{event:?}").contains("s3cret"), "{form}");
    let recorded = Event::from(RawEvent::from_recorded(&sent.into()).unwrap());
    assert_eq!(recorded.mismatches(), event.mismatches());
    event
}

macro_rules! expect {
    ($variant:ident, $form:expr) => {{
        let form: &str = $form;
        let Event::$variant(event) = event(form) else { panic!("another event: {form}") };
        event
    }};
}

#[test]
fn events_of_records_have_their_number() {
    let added = expect!(CrmDealAdd, "event=ONCRMDEALADD&event_handler_id=655&data[FIELDS][ID]=7405");
    assert_eq!((added.id(), added.handler_id()), (Some(7405), Some(655)));
    let item = expect!(
        CrmDynamicItemAdd,
        "event=ONCRMDYNAMICITEMADD&event_id=12&event_handler_id=7&data[FIELDS][ID]=9&data[FIELDS][ENTITY_TYPE_ID]=174"
    );
    assert_eq!(item.fields.as_ref().and_then(|fields| fields.entity_type_id), Some(174));
    let of_family = expect!(CrmDynamicItemAdd, "event=ONCRMDYNAMICITEMADD_174&data[FIELDS][ID]=9");
    assert_eq!((of_family.id(), of_family.event_name()), (Some(9), "ONCRMDYNAMICITEMADD_174"));
    let entry = expect!(CalendarEntryUpdate, "event=OnCalendarEntryUpdate&data[id]=3");
    assert_eq!(entry.id, Some(3));
}

#[test]
fn events_without_a_user_have_no_tokens_and_are_the_same_events() {
    for form in ["event=ONCRMDEALADD&data[FIELDS][ID]=7", "event=ONVOXIMPLANTCALLEND&data[CALL_ID]=c.1"] {
        let raw = parse(&by_system(form));
        assert_eq!(
            (raw.envelope.tokens.as_ref(), raw.envelope.domain.as_deref()),
            (None, Some("zoo.example"))
        );
        let event = Event::from(raw);
        assert!(!matches!(event, Event::Other(_)) && event.mismatches().is_empty(), "{form}");
    }
    // A user of the number 0 is none.
    let nobody = by_system("event=ONCRMDEALADD&data[FIELDS][ID]=7&auth[access_token]=a&auth[user_id]=0");
    assert_eq!(parse(&nobody).envelope.tokens.and_then(|tokens| tokens.user_id()), None);
    // Without a time of the token's end, it is valid until a portal refuses it.
    let tokens =
        parse(&by_system("event=ONX&auth[access_token]=a&auth[expires]=&auth[user_id]=1")).envelope.tokens;
    assert_eq!(tokens.and_then(|tokens| tokens.expires_at()), None);
}

#[test]
fn tasks_have_undefined_parts() {
    let updated = expect!(
        TaskUpdate,
        "event=ONTASKUPDATE&data[FIELDS_BEFORE][ID]=5&data[FIELDS_AFTER][ID]=5\
         &data[IS_ACCESSIBLE_BEFORE]=undefined&data[IS_ACCESSIBLE_AFTER]=undefined"
    );
    assert_eq!((updated.is_accessible_before, updated.is_accessible_after), (None, None));
    assert_eq!(updated.fields_after.as_ref().and_then(|task| task.id), Some(5));
    let added = expect!(
        TaskAdd,
        "event=ONTASKADD&data[FIELDS_BEFORE]=undefined&data[FIELDS_AFTER][ID]=6\
         &data[IS_ACCESSIBLE_BEFORE]=N&data[IS_ACCESSIBLE_AFTER]=undefined"
    );
    assert_eq!((added.fields_before.is_none(), added.is_accessible_before), (true, Some(false)));
    expect!(
        TaskDelete,
        "event=ONTASKDELETE&data[FIELDS_BEFORE][ID]=6&data[FIELDS_AFTER]=undefined&data[IS_ACCESSIBLE_AFTER]=undefined"
    );
    let comment = expect!(
        TaskCommentAdd,
        "event=ONTASKCOMMENTADD&data[FIELDS_BEFORE]=undefined&data[FIELDS_AFTER][ID]=31&data[FIELDS_AFTER][TASK_ID]=5\
         &data[FIELDS_AFTER][MESSAGE_ID]=0&data[IS_ACCESSIBLE_BEFORE]=undefined&data[IS_ACCESSIBLE_AFTER]=undefined"
    );
    assert_eq!(comment.fields_after.as_ref().and_then(|comment| comment.task_id), Some(5));
}

#[test]
fn bots_have_their_tokens_by_number_and_texts_stay_as_they_are() {
    let of_bot = "data[BOT][39][AUTH][access_token]=s3cretBot&data[BOT][39][AUTH][expires]=1800003600\
         &data[BOT][39][AUTH][expires_in]=3600&data[BOT][39][AUTH][scope]=imbot&data[BOT][39][AUTH][domain]=zoo.example\
         &data[BOT][39][AUTH][member_id]=5c1b4e0fa2&data[BOT][39][AUTH][user_id]=39\
         &data[BOT][39][access_token]=s3cretBot&data[BOT][39][user_id]=39&data[BOT][39][BOT_ID]=39&data[BOT][39][BOT_CODE]=keeper";
    for text in ["undefined", "null", "1", "a & b = c\r\n😀 + [x]", ""] {
        let escaped: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let form = format!(
            "event=ONIMBOTMESSAGEADD&{of_bot}&data[PARAMS][DIALOG_ID]=chat9&data[PARAMS][FROM_USER_ID]=17\
             &data[PARAMS][CHAT_ID]=9&data[PARAMS][SYSTEM]=N&data[PARAMS][TO_USER_ID]=&data[PARAMS][MESSAGE]=@\
             &data[PARAMS][FILES][88][id]=88&data[PARAMS][FILES][88][name]=a.png&data[PARAMS][NEW_ONE][0]=x\
             &data[USER][ID]=17&data[USER][NAME]=Ann&data[USER][IS_EXTRANET]=N"
        );
        let sent = by_user(&form).replace("%40", &escaped);
        let Event::ImBotMessageAdd(event) = Event::from(parse(&sent)) else { panic!("another event") };
        assert!(event.mismatches.is_empty(), "{:?}", event.mismatches);
        let params = event.params.as_ref().unwrap();
        assert_eq!(params.message.as_deref(), Some(text));
        assert_eq!((params.from_user_id, params.system, params.to_user_id), (Some(17), Some(false), None));
        assert_eq!(params.extra.get("NEW_ONE"), Some(&json!(["x"])));
        let bot = &event.bot.as_ref().unwrap()["39"];
        assert_eq!((bot.bot_id, bot.bot_code.as_deref()), (Some(39), Some("keeper")));
        assert_eq!(event.user.as_ref().and_then(|user| user.id), Some(17));
        assert!(!format!("{:?}", Event::ImBotMessageAdd(event)).contains("s3cret"));
    }
    // A message of the system has no user. A bot with the number 0 makes a list.
    let system = expect!(
        ImBotMessageAdd,
        "event=ONIMBOTMESSAGEADD&data[BOT][0][BOT_ID]=0&data[PARAMS][MESSAGE]=Ann joined&data[PARAMS][SYSTEM]=Y&data[USER]="
    );
    assert!(system.user.is_none() && system.bot.as_ref().unwrap()["0"].bot_id == Some(0));
    let command = expect!(
        ImBotImCommandAdd,
        "event=ONIMCOMMANDADD&data[COMMAND][14][BOT_ID]=39&data[COMMAND][14][COMMAND]=feed&data[COMMAND][14][COMMAND_ID]=14\
         &data[COMMAND][14][COMMAND_PARAMS]=two zebras&data[COMMAND][14][COMMAND_CONTEXT]=TEXTAREA&data[COMMAND][14][MESSAGE_ID]=1221\
         &data[PARAMS][MESSAGE]=/feed two zebras&data[USER][ID]=17"
    );
    let command = &command.command.as_ref().unwrap()["14"];
    assert_eq!((command.command_params.as_deref(), command.message_id), (Some("two zebras"), Some(1221)));
}

#[test]
fn connectors_and_lines_have_lists() {
    let sent = expect!(
        ImConnectorMessageAdd,
        "event=ONIMCONNECTORMESSAGEADD&event_handler_id=12&data[CONNECTOR]=zoo_line&data[LINE]=2\
         &data[MESSAGES][0][im][chat_id]=4&data[MESSAGES][0][im][message_id]=91&data[MESSAGES][0][message][user_id]=17\
         &data[MESSAGES][0][message][text]=undefined&data[MESSAGES][0][message][files][0][name]=a.png&data[MESSAGES][0][chat][id]=x-1\
         &data[MESSAGES][1][im][chat_id]=4&data[MESSAGES][1][im][message_id]=92&data[MESSAGES][1][message][text]=&data[MESSAGES][1][chat][id]=7"
    );
    let messages = sent.messages.as_ref().unwrap();
    let text = |at: usize| messages[at].message.as_ref().and_then(|message| message.text.as_deref());
    assert_eq!((sent.line, text(0), text(1)), (Some(2), Some("undefined"), Some("")));
    assert_eq!(messages[1].chat.as_ref().and_then(|chat| chat.id.as_deref()), Some("7"));
    let line = expect!(
        ImOpenLinesOpenLineMessageAdd,
        "event=ONOPENLINEMESSAGEADD&eventId=31&data[DATA][0][connector][connector_id]=livechat&data[DATA][0][connector][line_id]=1\
         &data[DATA][0][connector][chat_id]=5&data[DATA][0][chat][id]=5&data[DATA][0][message][id]=77\
         &data[DATA][0][message][date]=2026-05-20T10:00:00+03:00&data[DATA][0][message][text]=Hello&data[DATA][0][message][system]=N\
         &data[DATA][0][message][user_id]=0&data[DATA][0][extra][EXTRA_URL]=https://zoo.example/"
    );
    assert_eq!(line.handler_id(), Some(31));
    let message = line.data.as_ref().unwrap()[0].message.as_ref().unwrap();
    assert_eq!((message.id, message.system, message.user_id), (Some(77), Some(false), Some(0)));
}

#[test]
fn calls_have_codes_that_are_texts() {
    for (code, cost, duration) in
        [("200", "0.0153", "61"), ("603-S", "0", "0"), ("OTHER", "", ""), ("304", "12", "3")]
    {
        let form = format!(
            "event=ONVOXIMPLANTCALLEND&data[CALL_ID]=externalCall.41&data[CALL_TYPE]=2&data[PHONE_NUMBER]=+49 30 1234\
             &data[PORTAL_NUMBER]=REST_APP:8&data[PORTAL_USER_ID]=17&data[CALL_DURATION]={duration}\
             &data[CALL_START_DATE]=2026-05-20T10:00:00+02:00&data[COST]={cost}&data[COST_CURRENCY]=EUR\
             &data[CALL_FAILED_CODE]={code}&data[CALL_FAILED_REASON]=undefined&data[CRM_ACTIVITY_ID]="
        );
        let ended = expect!(TelephonyVoximplantCallEnd, &form);
        assert_eq!((ended.call_failed_code.as_deref(), ended.call_type), (Some(code), Some(2)), "{form}");
        assert_eq!(ended.call_failed_reason.as_deref(), Some("undefined"));
        assert_eq!((ended.phone_number.as_deref(), ended.crm_activity_id), (Some("+49 30 1234"), None));
        assert_eq!(ended.call_duration, duration.parse().ok());
        assert_eq!(ended.cost.is_some(), !cost.is_empty());
    }
    let call = expect!(
        TelephonyExternalCallStart,
        "event=ONEXTERNALCALLSTART&data[PHONE_NUMBER]=+493012&data[USER_ID]=17&data[CALL_LIST_ID]=0&data[IS_MOBILE]=0&data[CRM_ENTITY_ID]=&data[LINE_NUMBER]="
    );
    assert_eq!((call.user_id, call.call_list_id, call.crm_entity_id), (Some(17), Some(0), None));
}

#[test]
fn events_of_the_application_have_their_facts() {
    let confirmed = expect!(
        AppMethodConfirm,
        "event=OnAppMethodConfirm&data[TOKEN]=s3cretConfirm&data[METHOD]=voximplant.callback.start&data[CONFIRMED]=1&data[LANGUAGE_ID]=de"
    );
    assert_eq!((confirmed.confirmed.as_deref(), confirmed.language_id.as_deref()), (Some("1"), Some("de")));
    let paid = expect!(
        AppPayment,
        "event=ONAPPPAYMENT&data[CODE]=zoo.app&data[VERSION]=2&data[STATUS]=P&data[PAYMENT_EXPIRED]=N&data[DAYS]=30&data[LANGUAGE_ID]=de"
    );
    assert_eq!((paid.days, paid.payment_expired), (Some(30), Some(false)));
    for data in ["", "&data=", "&data[]=", "&data[0]=undefined"] {
        expect!(OfflineEvent, &format!("event=ONOFFLINEEVENT{data}"));
    }
}

#[test]
fn no_event_fails_without_a_payload_or_with_undefined_ones() {
    for info in EVENTS {
        let (name, empty) = (info.name(), ["", "&data=", "&data=undefined"]);
        for data in ["", "&data=", "&data=undefined", "&data[0]=", "&data[FIELDS]=undefined", "&data[NEW]=1"]
        {
            let sent = by_user(&format!("event={name}{data}"));
            let event = Event::from(parse(&sent));
            assert!(
                !empty.contains(&data) || event.mismatches().is_empty(),
                "{name}{data}: {:?}",
                event.mismatches()
            );
            assert_eq!(event.envelope().name, name);
        }
    }
}
