//! Calls, lines and senders of messages, from their registration to what is read later.

#[path = "support/program.rs"]
mod program;

use program::{Program, all};
use serde_json::{Value, json};

#[tokio::test]
async fn a_finished_call_is_in_the_statistics() {
    let caller = Program::start().await;
    let contact = json!({"fields": {"NAME": "Bo", "PHONE": [{"VALUE": "+4930123", "VALUE_TYPE": "WORK"}]}});
    let contact = caller.call("crm.contact.add", contact).await;
    let found =
        caller.call("telephony.externalCall.searchCrmEntities", json!({"PHONE_NUMBER": "+4930123"})).await;
    assert_eq!(
        (&found[0]["CRM_ENTITY_TYPE"], &found[0]["NAME"]),
        (&json!("CONTACT"), &json!("Bo")),
        "{found}"
    );
    let call =
        json!({"USER_ID": 1, "PHONE_NUMBER": "+4930123", "TYPE": 2, "LINE_NUMBER": "7", "CRM_CREATE": 1});
    let call = caller.call("telephony.externalCall.register", call).await;
    assert_eq!(
        (&call["CRM_ENTITY_TYPE"], call["CRM_ENTITY_ID"].to_string().trim_matches('"').to_owned()),
        (&json!("CONTACT"), contact.to_string())
    );
    let statistics = || caller.call("voximplant.statistic.get", json!({}));
    assert_eq!(statistics().await, json!([]), "a call that goes on is in no statistics");
    let params = json!({"CALL_ID": call["CALL_ID"], "USER_ID": 1, "DURATION": 95, "VOTE": 5});
    let finished = caller.call("telephony.externalCall.finish", params.clone()).await;
    assert_eq!(
        (&finished["CALL_FAILED_CODE"], &finished["PHONE_NUMBER"], &finished["CALL_ID"]),
        (&json!("200"), &json!("+4930123"), &call["CALL_ID"]),
        "{finished}"
    );
    let rows = statistics().await;
    let row = &rows[0];
    for (field, value) in [
        ("CALL_ID", call["CALL_ID"].clone()),
        ("CALL_DURATION", json!("95")),
        ("CALL_TYPE", json!("2")),
        ("CALL_FAILED_CODE", json!("200")),
        ("PORTAL_NUMBER", json!("7")),
        ("CRM_ENTITY_TYPE", json!("CONTACT")),
        ("CRM_ENTITY_ID", json!(contact.to_string())),
        ("CALL_VOTE", json!("5")),
    ] {
        assert_eq!(row[field], value, "{field} {row}");
    }
    let activity = caller.call("crm.activity.get", json!({"id": row["CRM_ACTIVITY_ID"]})).await;
    assert_eq!(
        (&activity["PROVIDER_ID"], &activity["OWNER_TYPE_ID"]),
        (&json!("VOXIMPLANT_CALL"), &json!("3")),
        "{activity}"
    );
    assert_eq!(caller.refused("telephony.externalCall.finish", params).await, "ERROR_CORE", "it is finished");
}

#[tokio::test]
async fn an_unknown_number_becomes_a_lead() {
    let caller = Program::start().await;
    let register = |create: i64| {
        let call = json!({"USER_ID": 1, "PHONE_NUMBER": "+4940555", "TYPE": 2, "CRM_CREATE": create});
        caller.call("telephony.externalCall.register", call)
    };
    let without = register(0).await;
    assert_eq!(
        (&without["CRM_ENTITY_ID"], &without["CRM_CREATED_ENTITIES"]),
        (&Value::Null, &json!([])),
        "{without}"
    );
    let call = register(1).await;
    let lead = caller.call("crm.lead.list", json!({})).await[0]["ID"].clone();
    let lead = json!(lead.as_str().and_then(|id| id.parse::<i64>().ok()));
    let created = &call["CRM_CREATED_ENTITIES"][0];
    assert_eq!((&created["ENTITY_TYPE"], &created["ENTITY_ID"]), (&json!("LEAD"), &lead), "{call}");
    let again = register(1).await;
    assert_eq!(
        (&again["CRM_ENTITY_TYPE"], &again["CRM_CREATED_ENTITIES"]),
        (&json!("LEAD"), &json!([])),
        "{again}"
    );
    assert_ne!(again["CALL_ID"], call["CALL_ID"]);
}

#[tokio::test]
async fn missed_calls_have_the_code_of_missed_calls() {
    let caller = Program::start().await;
    for (params, code) in [
        (json!({}), "304"),
        (json!({"DURATION": 3}), "200"),
        (json!({"STATUS_CODE": "603-S", "FAILED_REASON": "Canceled"}), "603-S"),
    ] {
        let call = json!({"USER_ID": 1, "PHONE_NUMBER": "+4930123", "TYPE": 1});
        let call = caller.call("telephony.externalCall.register", call).await;
        let mut finish = json!({"CALL_ID": call["CALL_ID"], "USER_ID": 1});
        finish.as_object_mut().expect("a map").extend(params.as_object().cloned().expect("a map"));
        assert_eq!(caller.call("telephony.externalCall.finish", finish).await["CALL_FAILED_CODE"], code);
    }
    let missed =
        caller.call("voximplant.statistic.get", json!({"FILTER": {"CALL_FAILED_CODE": "304"}})).await;
    assert_eq!(all(&missed, "ID"), [json!("1")]);
    let newest = caller.call("voximplant.statistic.get", json!({"SORT": "ID", "ORDER": "DESC"})).await;
    assert_eq!(all(&newest, "ID"), [json!("3"), json!("2"), json!("1")]);
}

#[tokio::test]
async fn a_record_and_a_transcript_belong_to_a_call() {
    let caller = Program::start().await;
    let call = json!({"USER_ID": 1, "PHONE_NUMBER": "+4930123", "TYPE": 1});
    let call = caller.call("telephony.externalCall.register", call).await["CALL_ID"].clone();
    caller.call("telephony.externalCall.finish", json!({"CALL_ID": call, "USER_ID": 1})).await;
    let record =
        json!({"CALL_ID": call, "FILENAME": "call.mp3", "RECORD_URL": "http://127.0.0.1:9/call.mp3"});
    caller.call("telephony.externalCall.attachRecord", record).await;
    let words = json!([{"SIDE": "User", "START_TIME": 1, "STOP_TIME": 2, "MESSAGE": "Hello"}]);
    let transcript = json!({"CALL_ID": call, "MESSAGES": words});
    let transcript =
        caller.call("telephony.call.attachTranscription", transcript).await["TRANSCRIPT_ID"].clone();
    let row = caller.call("voximplant.statistic.get", json!({"FILTER": {"CALL_ID": call}})).await[0].clone();
    assert_eq!(row["CALL_RECORD_URL"], "http://127.0.0.1:9/call.mp3");
    assert_eq!(row["TRANSCRIPT_ID"], json!(transcript.to_string()), "{row}");
    let unknown = json!({"CALL_ID": "externalCall.0", "MESSAGES": words});
    assert_eq!(caller.refused("telephony.call.attachTranscription", unknown).await, "ERROR_CORE");
}

#[tokio::test]
async fn lines_are_added_changed_and_removed() {
    let caller = Program::start().await;
    caller.call("telephony.externalLine.add", json!({"NUMBER": "+4930", "NAME": "Front"})).await;
    caller.call("telephony.externalLine.update", json!({"NUMBER": "+4930", "NAME": "Back"})).await;
    assert_eq!(all(&caller.call("telephony.externalLine.get", json!({})).await, "NAME"), [json!("Back")]);
    caller.call("telephony.externalLine.delete", json!({"NUMBER": "+4930"})).await;
    assert_eq!(caller.call("telephony.externalLine.get", json!({})).await, json!([]));
    let sip = json!({"TITLE": "Cloud", "SERVER": "sip.example.com", "LOGIN": "front", "TYPE": "cloud"});
    let added = caller.call("voximplant.sip.add", sip.clone()).await;
    assert_eq!(caller.refused("voximplant.sip.add", sip).await, "TITLE_EXISTS");
    let config = added["CONFIG_ID"].clone();
    caller.call("voximplant.sip.update", json!({"CONFIG_ID": config, "TITLE": "Office"})).await;
    assert_eq!(caller.call("voximplant.sip.get", json!({})).await[0]["TITLE"], "Office");
    assert_eq!(caller.call("voximplant.line.get", json!({})).await, json!({"reg1": "Office"}));
    assert_eq!(
        caller.call("voximplant.sip.status", json!({"REG_ID": added["REG_ID"]})).await["STATUS_RESULT"],
        "success"
    );
    caller.call("voximplant.line.outgoing.sip.set", json!({"CONFIG_ID": config})).await;
    assert_eq!(caller.call("voximplant.line.outgoing.get", json!({})).await, "reg1");
    caller.call("voximplant.sip.delete", json!({"CONFIG_ID": config})).await;
    assert_eq!(
        caller.refused("voximplant.sip.update", json!({"CONFIG_ID": config, "TITLE": "x"})).await,
        "ERROR_NOT_FOUND"
    );
    assert_eq!(caller.refused("voximplant.sip.status", json!({"REG_ID": 7})).await, "REG_ID_NOT_FOUND");
}

#[tokio::test]
async fn phones_are_those_of_users() {
    let caller = Program::start().await;
    caller.call("voximplant.user.activatePhone", json!({"USER_ID": 1})).await;
    let found = caller.call("voximplant.user.get", json!({"USER_ID": [1]})).await;
    assert_eq!((&found[0]["ID"], &found[0]["PHONE_ENABLED"]), (&json!("1"), &json!("Y")), "{found}");
    caller.call("voximplant.user.deactivatePhone", json!({"USER_ID": 1})).await;
    assert_eq!(caller.call("voximplant.user.get", json!({"USER_ID": 1})).await[0]["PHONE_ENABLED"], "N");
    assert_eq!(caller.call("user.get", json!({"ID": 1})).await[0]["NAME"], "Ada");
}

#[tokio::test]
async fn senders_of_messages_are_installed_once() {
    let caller = Program::start().await;
    let sender = json!({"CODE": "pigeon", "TYPE": "SMS", "HANDLER": "http://127.0.0.1:9/", "NAME": "Pigeon"});
    caller.call("messageservice.sender.add", sender.clone()).await;
    assert_eq!(caller.call("messageservice.sender.list", json!({})).await, json!(["pigeon"]));
    assert_eq!(caller.refused("messageservice.sender.add", sender).await, "ERROR_SENDER_ALREADY_INSTALLED");
    caller.call("messageservice.sender.update", json!({"CODE": "pigeon", "NAME": "Dove"})).await;
    caller.call("messageservice.sender.delete", json!({"CODE": "pigeon"})).await;
    assert_eq!(caller.call("messageservice.sender.list", json!({})).await, json!([]));
    assert_eq!(
        caller.refused("messageservice.sender.delete", json!({"CODE": "pigeon"})).await,
        "ERROR_SENDER_NOT_FOUND"
    );
}
