//! Open lines: lines, connectors, and sessions with customers.

#[path = "support/program.rs"]
mod program;

use program::{Program, all};
use serde_json::{Value, json};

fn message(id: &str, text: &str) -> Value {
    json!({"user": {"id": "u7", "name": "Cy", "last_name": "Cole"}, "message": {"id": id, "text": text}, "chat": {"id": "c9", "name": "Cy writes"}})
}

/// A line with an active connector.
async fn line(caller: &Program) -> Value {
    let line = caller.call("imopenlines.config.add", json!({"PARAMS": {"LINE_NAME": "Front"}})).await;
    let icon = json!({"DATA_IMAGE": "data:,"});
    let connector =
        json!({"ID": "pigeon", "NAME": "Pigeon", "ICON": icon, "PLACEMENT_HANDLER": "http://127.0.0.1:9/"});
    caller.call("imconnector.register", connector).await;
    caller.call("imconnector.activate", json!({"CONNECTOR": "pigeon", "LINE": line, "ACTIVE": "1"})).await;
    line
}

/// Sends messages of a customer, and returns the session.
async fn send(caller: &Program, line: &Value, messages: Value) -> Value {
    let params = json!({"CONNECTOR": "pigeon", "LINE": line, "MESSAGES": messages});
    caller.call("imconnector.send.messages", params).await["DATA"]["RESULT"][0]["session"].clone()
}

#[tokio::test]
async fn lines_are_added_changed_and_removed() {
    let caller = Program::start().await;
    let id = caller
        .call("imopenlines.config.add", json!({"PARAMS": {"LINE_NAME": "Front", "QUEUE_TIME": 60}}))
        .await;
    let get = || caller.call("imopenlines.config.get", json!({"CONFIG_ID": id}));
    assert_eq!((&get().await["LINE_NAME"], &get().await["QUEUE_TIME"]), (&json!("Front"), &json!("60")));
    caller.call("imopenlines.config.update", json!({"CONFIG_ID": id, "PARAMS": {"LINE_NAME": "Back"}})).await;
    let list = caller
        .call("imopenlines.config.list.get", json!({"PARAMS": {"filter": {"LINE_NAME": "Back"}}}))
        .await;
    assert_eq!(all(&list, "LINE_NAME"), [json!("Back")]);
    caller.call("imopenlines.config.delete", json!({"CONFIG_ID": id})).await;
    assert_eq!(caller.call("imopenlines.config.list.get", json!({})).await, json!([]));
}

#[tokio::test]
async fn connectors_are_registered_and_activated() {
    let caller = Program::start().await;
    let status = |line: &Value| {
        caller.call("imconnector.status", json!({"CONNECTOR": "pigeon", "LINE": line.to_string()}))
    };
    assert_eq!(status(&json!(1)).await["STATUS"], false);
    let line = line(&caller).await;
    assert_eq!(caller.call("imconnector.list", json!({})).await, json!({"pigeon": "Pigeon"}));
    let found = status(&line).await;
    assert_eq!(
        (&found["STATUS"], &found["CONFIGURED"], &found["ERROR"]),
        (&json!(true), &json!(true), &json!(false)),
        "{found}"
    );
    caller.call("imconnector.activate", json!({"CONNECTOR": "pigeon", "LINE": line, "ACTIVE": "0"})).await;
    assert_eq!(status(&line).await["STATUS"], false);
    let params = json!({"CONNECTOR": "pigeon", "LINE": line, "MESSAGES": [message("m1", "Hello")]});
    assert_eq!(caller.refused("imconnector.send.messages", params).await, "NOT_ACTIVE_LINE");
    caller.call("imconnector.unregister", json!({"ID": "pigeon"})).await;
    assert_eq!(caller.call("imconnector.list", json!({})).await, json!([]));
    assert_eq!(
        caller.refused("imconnector.unregister", json!({"ID": "pigeon"})).await,
        "APPLICATION_UNREGISTRATION_ERROR"
    );
}

#[tokio::test]
async fn messages_of_a_customer_become_a_session_that_operators_work_on() {
    let caller = Program::start().await;
    let line = line(&caller).await;
    let session = send(&caller, &line, json!([message("m1", "Hello"), message("m2", "Anyone?")])).await;
    let chat = session["CHAT_ID"].clone();
    let of_chat = json!({"CHAT_ID": chat});
    assert_eq!(
        send(&caller, &line, json!([message("m3", "Well")])).await,
        session,
        "a customer has one chat"
    );
    let changed = json!({"CONNECTOR": "pigeon", "LINE": line, "MESSAGES": [message("m3", "Well?")]});
    caller.call("imconnector.update.messages", changed).await;
    let removed = json!({"CONNECTOR": "pigeon", "LINE": line, "MESSAGES": [message("m2", "")]});
    caller.call("imconnector.delete.messages", removed).await;
    let dialog = caller.call("imopenlines.dialog.get", of_chat.clone()).await;
    assert_eq!(
        (&dialog["name"], &dialog["type"], &dialog["entity_type"]),
        (&json!("Cy writes"), &json!("lines"), &json!("LINES"))
    );
    let opened = caller.call("imopenlines.session.open", json!({"USER_CODE": dialog["entity_id"]})).await;
    assert_eq!(opened["chatId"], chat.to_string());
    assert_eq!(caller.call("im.counters.get", json!({})).await["TYPE"]["LINES"], 2);
    caller.call("imopenlines.operator.answer", of_chat.clone()).await;
    let dialog_id = format!("chat{chat}");
    caller.call("im.message.add", json!({"DIALOG_ID": dialog_id, "MESSAGE": "At your service"})).await;
    caller.call("imopenlines.operator.transfer", json!({"CHAT_ID": chat, "TRANSFER_ID": 1})).await;
    caller.call("imopenlines.session.mode.pin", of_chat.clone()).await;
    assert_eq!(caller.call("imopenlines.session.mode.pinAll", json!({})).await, json!([session["ID"]]));
    let history = caller.call("imopenlines.session.history.get", json!({"SESSION_ID": session["ID"]})).await;
    let texts: Vec<Value> =
        history["message"].as_object().expect("messages").values().map(|one| one["text"].clone()).collect();
    assert_eq!(texts, [json!("Hello"), json!("Well?"), json!("At your service")], "{history}");
    assert_eq!((&history["chatId"], &history["users"]["1"]["name"]), (&chat, &json!("Ada Adler")));
    caller.call("imopenlines.operator.finish", of_chat.clone()).await;
    assert_eq!(caller.portal.rows("imopenlines.session")[0]["closed"], true);
    for method in ["imopenlines.operator.answer", "imopenlines.operator.finish", "imopenlines.session.join"] {
        assert_eq!(
            caller.refused(method, of_chat.clone()).await,
            "CHAT_ID",
            "{method} of a finished session"
        );
    }
    caller.call("imopenlines.session.start", of_chat.clone()).await;
    caller.call("imopenlines.operator.spam", of_chat).await;
    let unknown = json!({"SESSION_ID": 77});
    assert_eq!(caller.refused("imopenlines.session.history.get", unknown).await, "INVALID_SESSION_ID");
}

#[tokio::test]
async fn chats_belong_to_items_of_the_crm() {
    let caller = Program::start().await;
    let line = line(&caller).await;
    let chat = send(&caller, &line, json!([message("m1", "Hello")])).await["CHAT_ID"].clone();
    caller.call("imopenlines.crm.lead.create", json!({"CHAT_ID": chat})).await;
    let lead = caller.call("crm.lead.list", json!({})).await[0].clone();
    assert_eq!(lead["TITLE"], "Cy writes");
    let of_lead = |more: Value| {
        let mut params = json!({"CRM_ENTITY_TYPE": "lead", "CRM_ENTITY": lead["ID"]});
        params.as_object_mut().expect("a map").extend(more.as_object().cloned().expect("a map"));
        params
    };
    let chats = caller.call("imopenlines.crm.chat.get", of_lead(json!({}))).await;
    assert_eq!(chats, json!([{"CHAT_ID": chat, "CONNECTOR_ID": "pigeon", "CONNECTOR_TITLE": "Pigeon"}]));
    assert_eq!(caller.call("imopenlines.crm.chat.getLastId", of_lead(json!({}))).await, chat);
    let bo = caller.user("Bo", "Birch").await;
    let users = || caller.call("im.chat.user.list", json!({"CHAT_ID": chat}));
    caller.call("imopenlines.crm.chat.user.add", of_lead(json!({"USER_ID": bo}))).await;
    assert!(users().await.as_array().expect("users").contains(&bo));
    caller.call("imopenlines.crm.chat.user.delete", of_lead(json!({"USER_ID": bo}))).await;
    assert!(!users().await.as_array().expect("users").contains(&bo));
    let text = json!({"USER_ID": 1, "CHAT_ID": chat, "MESSAGE": "Noted"});
    caller.call("imopenlines.crm.message.add", of_lead(text.clone())).await;
    let mut other = of_lead(text);
    other["CRM_ENTITY"] = json!(77);
    assert_eq!(caller.refused("imopenlines.crm.message.add", other).await, "CHAT_NOT_IN_CRM");
}
