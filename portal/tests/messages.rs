//! Messages, counters, notifications and users, as methods of `im` show them.

#[path = "support/program.rs"]
mod program;

use program::{Program, all};
use serde_json::{Value, json};

async fn chat(caller: &Program, title: &str, users: Value) -> (Value, String) {
    let id = caller.call("im.chat.add", json!({"TITLE": title, "USERS": users})).await;
    let dialog = format!("chat{id}");
    (id, dialog)
}

#[tokio::test]
async fn messages_are_shown_with_their_users_and_pages_go_both_ways() {
    let caller = Program::start().await;
    let (id, dialog) = chat(&caller, "Yard", json!([])).await;
    for number in 1..=25 {
        let sent = caller
            .call("im.message.add", json!({"DIALOG_ID": dialog, "MESSAGE": format!("Note {number}")}))
            .await;
        assert_eq!(sent, number);
    }
    let get = |more: Value| {
        let mut params = json!({"DIALOG_ID": dialog});
        params.as_object_mut().expect("a map").extend(more.as_object().cloned().expect("a map"));
        caller.call("im.dialog.messages.get", params)
    };
    let newest = get(json!({})).await;
    let ids =
        |found: &Value| all(&found["messages"], "id").iter().filter_map(Value::as_i64).collect::<Vec<_>>();
    assert_eq!((ids(&newest), &newest["chat_id"]), ((6..=25).rev().collect(), &id));
    assert_eq!(all(&newest["users"], "name"), [json!("Ada Adler")]);
    assert_eq!(ids(&get(json!({"LAST_ID": 6})).await), [5, 4, 3, 2, 1]);
    assert_eq!(ids(&get(json!({"FIRST_ID": 0, "LIMIT": 2})).await), [1, 2]);
    assert_eq!(ids(&get(json!({"FIRST_ID": 23})).await), [24, 25]);
    caller.call("im.message.update", json!({"MESSAGE_ID": 25, "MESSAGE": "Last"})).await;
    caller.call("im.message.like", json!({"MESSAGE_ID": 25})).await;
    caller.call("im.message.delete", json!({"MESSAGE_ID": 24})).await;
    let found = get(json!({"FIRST_ID": 22})).await;
    assert_eq!(all(&found["messages"], "text"), [json!("Note 23"), json!("Last")]);
    assert_eq!(found["messages"][1]["params"]["LIKE"], json!([1]));
    caller.call("im.message.like", json!({"MESSAGE_ID": 25, "ACTION": "minus"})).await;
    assert_eq!(get(json!({"FIRST_ID": 24})).await["messages"][0]["params"], json!([]));
    let found =
        caller.call("im.dialog.messages.search", json!({"CHAT_ID": id, "SEARCH_MESSAGE": "note 2"})).await;
    assert_eq!(ids(&found), [23, 22, 21, 20, 2]);
    for (method, params, code) in [
        ("im.message.add", json!({"DIALOG_ID": "chat77", "MESSAGE": "x"}), "CHAT_ID"),
        ("im.message.add", json!({"DIALOG_ID": "77", "MESSAGE": "x"}), "USER_NOT_FOUND"),
        ("im.message.update", json!({"MESSAGE_ID": 24, "MESSAGE": "x"}), "CANT_EDIT_MESSAGE"),
        ("im.message.delete", json!({"MESSAGE_ID": 24}), "CANT_EDIT_MESSAGE"),
        ("im.message.like", json!({"MESSAGE_ID": 24}), "MESSAGE_ID_ERROR"),
        ("im.dialog.messages.get", json!({"DIALOG_ID": "chat77"}), "ACCESS_ERROR"),
    ] {
        assert_eq!(caller.refused(method, params).await, code, "{method}");
    }
}

#[tokio::test]
async fn counters_follow_what_is_read() {
    let caller = Program::start().await;
    let bot =
        json!({"CODE": "guide", "EVENT_HANDLER": "http://127.0.0.1:9/", "PROPERTIES": {"NAME": "Guide"}});
    let bot = caller.call("imbot.register", bot).await;
    let (id, dialog) = chat(&caller, "Yard", json!([])).await;
    for text in ["one", "two", "three"] {
        caller.call("imbot.message.add", json!({"BOT_ID": bot, "DIALOG_ID": dialog, "MESSAGE": text})).await;
    }
    let counters = || caller.call("im.counters.get", json!({}));
    let found = counters().await;
    assert_eq!((&found["TYPE"]["CHAT"], &found["CHAT"][id.to_string()]), (&json!(3), &json!(3)), "{found}");
    let read = caller.call("im.dialog.read", json!({"DIALOG_ID": dialog, "MESSAGE_ID": 2})).await;
    assert_eq!(read, json!({"dialogId": dialog, "chatId": id, "lastId": 2, "counter": 1}));
    assert_eq!(counters().await["TYPE"]["ALL"], 1);
    let recent = caller.call("im.recent.list", json!({})).await["items"][0].clone();
    assert_eq!((&recent["counter"], &recent["last_id"]), (&json!(1), &json!(2)));
    caller.call("im.dialog.unread", json!({"DIALOG_ID": dialog, "MESSAGE_ID": 1})).await;
    assert_eq!(caller.call("im.dialog.get", json!({"DIALOG_ID": dialog})).await["counter"], 3);
    caller.call("im.dialog.read.all", json!({})).await;
    assert_eq!((&counters().await["TYPE"]["ALL"], &counters().await["CHAT"]), (&json!(0), &json!([])));
    let users = caller.call("im.dialog.messages.get", json!({"DIALOG_ID": dialog})).await["users"].clone();
    assert_eq!((all(&users, "id"), all(&users, "bot")), (vec![bot], vec![json!(true)]));
}

#[tokio::test]
async fn users_and_departments_are_those_of_the_portal() {
    let caller = Program::start().await;
    let shop = caller.call("department.add", json!({"NAME": "Workshop", "PARENT": 1})).await;
    let bo = caller.user("Bo", "Birch").await;
    caller.call("user.update", json!({"ID": bo, "WORK_POSITION": "Joiner", "UF_DEPARTMENT": [shop]})).await;
    caller.call("department.update", json!({"ID": shop, "UF_HEAD": bo})).await;
    let found = caller.call("im.user.get", json!({"ID": bo})).await;
    assert_eq!(
        (&found["id"], &found["name"], &found["work_position"], &found["departments"], &found["bot"]),
        (&bo, &json!("Bo Birch"), &json!("Joiner"), &json!([shop]), &json!(false))
    );
    assert_eq!(caller.call("im.user.get", json!({})).await["first_name"], "Ada");
    assert_eq!(caller.refused("im.user.get", json!({"ID": 77})).await, "USER_NOT_EXISTS");
    let several = caller.call("im.user.list.get", json!({"ID": [1, bo], "RESULT_TYPE": "array"})).await;
    assert_eq!(all(&several, "last_name"), [json!("Adler"), json!("Birch")]);
    let found = caller.call("im.search.user.list", json!({"FIND": "join"})).await;
    assert_eq!(all(&found, "id"), [json!(bo)]);
    let departments = caller.call("im.department.get", json!({"ID": [shop], "USER_DATA": "Y"})).await;
    assert_eq!(
        (
            &departments[0]["full_name"],
            &departments[0]["manager_user_id"],
            &departments[0]["manager_user_data"]["name"]
        ),
        (&json!("Workshop / Company"), &bo, &json!("Bo Birch"))
    );
    assert_eq!(
        all(&caller.call("im.search.department.list", json!({"FIND": "work"})).await, "id"),
        [json!(shop)]
    );
    let key = shop.to_string();
    let employees = caller.call("im.department.employees.get", json!({"ID": [shop]})).await;
    assert_eq!(employees[&key], json!([bo]));
    let managers = caller.call("im.department.managers.get", json!({"ID": [shop], "USER_DATA": "Y"})).await;
    assert_eq!(managers[&key][0]["name"], "Bo Birch");
    assert_eq!(caller.call("im.department.colleagues.list", json!({})).await, json!([1]));
}

#[tokio::test]
async fn notifications_are_listed_read_and_removed() {
    let caller = Program::start().await;
    let add = |method: &'static str, text: &'static str, tag: &'static str| {
        caller.call(method, json!({"USER_ID": 1, "MESSAGE": text, "TAG": tag}))
    };
    let first = add("im.notify.personal.add", "Door", "door").await;
    let second = add("im.notify.system.add", "Gate", "gate").await;
    let third = add("im.notify", "Lamp", "lamp").await;
    let list = || caller.call("im.notify.get", json!({}));
    let found = list().await;
    assert_eq!(all(&found["notifications"], "id"), [third.clone(), second.clone(), first.clone()]);
    assert_eq!((&found["total_count"], &found["total_unread_count"]), (&json!(3), &json!(3)));
    assert_eq!(all(&found["users"], "name"), [json!("Ada Adler")]);
    caller.call("im.notify.read.list", json!({"IDS": [first, second]})).await;
    assert_eq!(all(&list().await["notifications"], "notify_read"), [json!("N"), json!("Y"), json!("Y")]);
    assert_eq!(caller.call("im.counters.get", json!({})).await["TYPE"]["NOTIFY"], 1);
    let found = caller.call("im.notify.history.search", json!({"SEARCH_TEXT": "gat"})).await;
    assert_eq!((all(&found["notifications"], "id"), &found["total_results"]), (vec![second], &json!(1)));
    caller.call("im.notify.delete", json!({"TAG": "gate"})).await;
    caller.call("im.notify.read.all", json!({})).await;
    let found = list().await;
    assert_eq!(
        (all(&found["notifications"], "id"), &found["total_unread_count"]),
        (vec![third, first], &json!(0))
    );
    assert_eq!(
        caller.refused("im.notify.answer", json!({"NOTIFY_ID": 77, "ANSWER_TEXT": "x"})).await,
        "ID_ERROR"
    );
}
