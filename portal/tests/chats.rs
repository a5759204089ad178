//! Chats, their users, files and votes, as methods of `im` show them.

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
async fn users_join_and_leave_a_chat() {
    let caller = Program::start().await;
    let (bo, cy) = (caller.user("Bo", "Birch").await, caller.user("Cy", "Cole").await);
    let (id, dialog) = chat(&caller, "Yard", json!([bo])).await;
    let users = |chat: Value| caller.call("im.chat.user.list", json!({"CHAT_ID": chat}));
    assert_eq!(users(id.clone()).await, json!([1, bo]));
    for _ in 0..2 {
        caller.call("im.chat.user.add", json!({"CHAT_ID": id, "USERS": [cy, bo]})).await;
        assert_eq!(users(id.clone()).await, json!([1, bo, cy]), "a user is in a chat once");
    }
    let shown = caller.call("im.dialog.users.list", json!({"DIALOG_ID": dialog})).await;
    assert_eq!(all(&shown, "name"), [json!("Ada Adler"), json!("Bo Birch"), json!("Cy Cole")]);
    caller.call("im.chat.user.delete", json!({"CHAT_ID": id, "USER_ID": bo})).await;
    caller.call("im.chat.leave", json!({"CHAT_ID": id})).await;
    assert_eq!(users(id.clone()).await, json!([cy]));
    assert_eq!(caller.call("im.dialog.get", json!({"DIALOG_ID": dialog})).await["user_counter"], 1);
    for (method, params, code) in [
        ("im.chat.user.add", json!({"CHAT_ID": 77, "USERS": [1]}), "ACCESS_ERROR"),
        ("im.chat.user.list", json!({"CHAT_ID": 77}), "ACCESS_ERROR"),
        ("im.chat.user.delete", json!({"CHAT_ID": id, "USER_ID": bo}), "USER_NOT_FOUND"),
        ("im.chat.leave", json!({"CHAT_ID": 77}), "ACCESS_ERROR"),
        ("im.dialog.get", json!({"DIALOG_ID": "chat77"}), "ACCESS_ERROR"),
        ("im.chat.updateTitle", json!({"CHAT_ID": 77, "TITLE": "Gate"}), "ACCESS_ERROR"),
    ] {
        assert_eq!(caller.refused(method, params).await, code, "{method}");
    }
}

#[tokio::test]
async fn a_chat_changes_its_owner_color_and_flags() {
    let caller = Program::start().await;
    let bo = caller.user("Bo", "Birch").await;
    let params = json!({"TITLE": "Yard", "COLOR": "MINT", "ENTITY_TYPE": "GATE", "ENTITY_ID": "7", "DESCRIPTION": "All day"});
    let id = caller.call("im.chat.add", params).await;
    assert_eq!(caller.call("im.chat.get", json!({"ENTITY_TYPE": "GATE", "ENTITY_ID": "7"})).await["ID"], id);
    let dialog = json!({"DIALOG_ID": format!("chat{id}")});
    let found = caller.call("im.dialog.get", dialog.clone()).await;
    assert_eq!(
        (&found["color"], &found["role"], &found["mute_list"]),
        (&json!("#4ba984"), &json!("owner"), &json!([]))
    );
    caller.call("im.chat.setOwner", json!({"CHAT_ID": id, "USER_ID": bo})).await;
    caller.call("im.chat.updateColor", json!({"CHAT_ID": id, "COLOR": "RED"})).await;
    caller.call("im.chat.mute", json!({"CHAT_ID": id, "MUTE": "Y"})).await;
    let found = caller.call("im.dialog.get", dialog.clone()).await;
    assert_eq!(
        (&found["owner"], &found["role"], &found["color"], &found["mute_list"], &found["description"]),
        (&bo, &json!("member"), &json!("#df532d"), &json!([1]), &json!("All day"))
    );
    caller.call("im.chat.mute", json!({"DIALOG_ID": dialog["DIALOG_ID"], "MUTE": "N"})).await;
    assert_eq!(caller.call("im.dialog.get", dialog).await["mute_list"], json!([]));
}

#[tokio::test]
async fn recent_dialogs_have_their_last_messages() {
    let caller = Program::start().await;
    let bo = caller.user("Bo", "Birch").await;
    let (yard, yard_dialog) = chat(&caller, "Yard", json!([bo])).await;
    let (_, gate) = chat(&caller, "Gate", json!([])).await;
    let send = |dialog: Value, text: &'static str| {
        caller.call("im.message.add", json!({"DIALOG_ID": dialog, "MESSAGE": text}))
    };
    send(json!(gate), "first").await;
    send(json!(yard_dialog), "second").await;
    send(bo.clone(), "third").await;
    let recent = || caller.call("im.recent.list", json!({}));
    let items = recent().await["items"].clone();
    let texts: Vec<&Value> =
        items.as_array().expect("items").iter().map(|item| &item["message"]["text"]).collect();
    assert_eq!(texts, ["third", "second", "first"]);
    assert_eq!(
        (&items[0]["type"], &items[0]["id"], &items[0]["user"]["name"], &items[0]["title"]),
        (&json!("user"), &json!(bo.to_string()), &json!("Bo Birch"), &json!("Bo Birch"))
    );
    assert_eq!(
        (&items[1]["type"], &items[1]["id"], &items[1]["chat"]["name"], &items[1]["chat"]["user_counter"]),
        (&json!("chat"), &json!(yard_dialog), &json!("Yard"), &json!(2))
    );
    caller.call("im.recent.pin", json!({"DIALOG_ID": gate, "PIN": "Y"})).await;
    caller.call("im.recent.hide", json!({"DIALOG_ID": yard_dialog})).await;
    let found = caller.call("im.recent.get", json!({})).await;
    assert_eq!(all(&found, "id"), [json!(gate), json!(bo.to_string())], "{found}");
    assert_eq!(all(&found, "pinned"), [json!(true), json!(false)]);
    send(json!(yard_dialog), "again").await;
    let only_chats = caller.call("im.recent.list", json!({"SKIP_DIALOG": "Y"})).await["items"].clone();
    assert!(all(&only_chats, "chat_id").contains(&yard), "a message shows a hidden chat");
    assert_eq!(all(&only_chats, "id").len(), 2);
    let page = caller.call("im.recent.list", json!({"LIMIT": 1, "OFFSET": 1})).await;
    assert_eq!((all(&page["items"], "id"), &page["hasMore"]), (vec![json!(yard_dialog)], &json!(true)));
}

#[tokio::test]
async fn chats_are_searched_and_remembered() {
    let caller = Program::start().await;
    let (yard, dialog) = chat(&caller, "Yard", json!([])).await;
    chat(&caller, "Gate", json!([])).await;
    assert_eq!(all(&caller.call("im.search.chat.list", json!({"FIND": "yar"})).await, "id"), [yard]);
    for _ in 0..2 {
        caller.call("im.search.last.add", json!({"DIALOG_ID": dialog})).await;
    }
    let last = caller.call("im.search.last.get", json!({})).await;
    assert_eq!((all(&last, "id"), &last[0]["chat"]["name"]), (vec![json!(dialog)], &json!("Yard")));
    caller.call("im.search.last.delete", json!({"DIALOG_ID": dialog})).await;
    assert_eq!(caller.call("im.search.last.get", json!({})).await, json!([]));
}

#[tokio::test]
async fn files_are_sent_in_chats() {
    let caller = Program::start().await;
    let (id, dialog) = chat(&caller, "Yard", json!([])).await;
    let fields = json!({"name": "plan.txt", "content": "Z2F0ZQ==", "message": "The plan"});
    let sent = caller.call("im.v2.File.upload", json!({"dialogId": dialog, "fields": fields})).await;
    assert_eq!(
        (&sent["chatId"], &sent["file"]["name"], &sent["file"]["size"]),
        (&id, &json!("plan.txt"), &json!(4)),
        "{sent}"
    );
    let file = sent["file"]["id"].clone();
    let url =
        caller.call("im.v2.File.download", json!({"dialogId": dialog, "fileId": file})).await["downloadUrl"]
            .clone();
    let content = reqwest::get(url.as_str().expect("a link")).await.expect("a response").text().await;
    assert_eq!(content.expect("a content"), "gate");
    let shown = caller.call("im.dialog.messages.get", json!({"DIALOG_ID": dialog})).await;
    assert_eq!(
        (&shown["messages"][0]["text"], all(&shown["files"], "id")),
        (&json!("The plan"), vec![json!(file)]),
        "{shown}"
    );
    let committed = json!({"CHAT_ID": id, "FILE_ID": [file], "MESSAGE": "Again"});
    let committed = caller.call("im.disk.file.commit", committed).await;
    assert_eq!((&committed["DISK_ID"], &committed["MESSAGE_ID"]), (&json!([file]), &json!(2)), "{committed}");
    let folder = caller.call("im.disk.folder.get", json!({"CHAT_ID": id})).await["ID"].clone();
    assert_eq!(caller.call("im.disk.folder.get", json!({"DIALOG_ID": dialog})).await["ID"], folder);
    let saved = caller.call("im.disk.file.save", json!({"FILE_ID": file})).await;
    assert_eq!((&saved["file"]["name"], &saved["folder"]["id"]), (&json!("plan.txt"), &json!(2)));
    caller.call("im.disk.file.delete", json!({"CHAT_ID": id, "FILE_ID": file})).await;
    let gone = json!({"dialogId": dialog, "fileId": file});
    assert_eq!(caller.refused("im.v2.File.download", gone).await, "FILE_NOT_FOUND");
    assert_eq!(caller.refused("im.disk.folder.get", json!({"CHAT_ID": 77})).await, "ACCESS_ERROR");
}

#[tokio::test]
async fn votes_are_counted_and_recalled() {
    let caller = Program::start().await;
    let (id, dialog) = chat(&caller, "Yard", json!([])).await;
    let answers = json!([{"MESSAGE": "Red"}, {"MESSAGE": "Green"}]);
    let data = json!({"QUESTIONS": [{"QUESTION": "Which gate?", "ANSWERS": answers}]});
    let sent =
        caller.call("vote.Integration.Im.send", json!({"chatId": id, "IM_MESSAGE_VOTE_DATA": data})).await;
    let shown = caller.call("im.dialog.messages.get", json!({"DIALOG_ID": dialog})).await;
    assert_eq!(
        (&shown["messages"][0]["id"], &shown["messages"][0]["text"]),
        (&sent["messageId"], &json!("Which gate?"))
    );
    let of_message = json!({"moduleId": "Im", "entityType": "Bitrix\\Vote\\Attachment\\ImMessageConnector", "entityId": sent["messageId"]});
    let get = || caller.call("vote.AttachedVote.get", of_message.clone());
    let attach = get().await["attach"].clone();
    assert_eq!((&attach["isVoted"], &attach["COUNTER"]), (&json!(false), &json!(0)), "{attach}");
    let (question, asked) =
        attach["QUESTIONS"].as_object().and_then(|all| all.iter().next()).expect("a question");
    let messages: Vec<&Value> =
        asked["ANSWERS"].as_object().expect("answers").values().map(|one| &one["MESSAGE"]).collect();
    assert_eq!(messages, ["Red", "Green"]);
    let ballot = json!({"attachId": attach["ID"], "ballot": {question.as_str(): ["2"]}});
    let voted = caller.call("vote.AttachedVote.vote", ballot).await["attach"].clone();
    let answer = &voted["QUESTIONS"][question]["ANSWERS"]["2"];
    assert_eq!(
        (&voted["isVoted"], answer["COUNTER"].to_string().trim_matches('"')),
        (&json!(true), "1"),
        "{voted}"
    );
    let who = caller
        .call("vote.AttachedVote.getAnswerVoted", json!({"attachId": attach["ID"], "answerId": 2}))
        .await;
    assert_eq!(all(&who["items"], "NAME"), [json!("Ada Adler")]);
    let all_voted = caller.call("vote.AttachedVote.getWithVoted", of_message.clone()).await;
    assert_eq!(all_voted["voted"]["2"][0]["NAME"], "Ada Adler", "{all_voted}");
    caller.call("vote.AttachedVote.stop", of_message.clone()).await;
    assert_eq!(get().await["attach"]["isFinished"], true);
    caller.call("vote.AttachedVote.recall", of_message.clone()).await;
    assert_eq!(get().await["attach"]["COUNTER"], 0);
    assert_eq!(caller.refused("vote.AttachedVote.get", json!({"attachId": 77})).await, "ATTACH_NOT_FOUND");
}
