//! What methods of `im` check, and what they keep of the user and of the looks of a chat.

#[path = "support/caller.rs"]
mod caller;

use bitrix24_portal::Portal;
use caller::Caller;
use serde_json::json;

#[tokio::test]
async fn the_user_has_the_status_that_was_set() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    assert_eq!(caller.call("im.user.status.get", json!({})).await, "online");
    assert_eq!(caller.call("im.user.status.set", json!({"STATUS": "dnd"})).await, true);
    assert_eq!(caller.call("im.user.status.get", json!({})).await, "dnd");
    assert_eq!(caller.call("im.user.get", json!({})).await["status"], "dnd");
    assert_eq!(caller.refused("im.user.status.set", json!({"STATUS": "asleep"})).await, "STATUS_ERROR");
    for method in ["im.user.status.idle.start", "im.user.status.idle.end"] {
        assert_eq!(caller.call(method, json!({})).await, true, "{method}");
    }
}

#[tokio::test]
async fn chats_have_colours_and_pictures() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let chat = caller.call("im.chat.add", json!({"TITLE": "Yard", "COLOR": "PINK"})).await;
    caller.call("im.chat.updateAvatar", json!({"CHAT_ID": chat, "AVATAR": "aGVsbG8="})).await;
    let shown = caller.call("im.dialog.get", json!({"DIALOG_ID": format!("chat{chat}")})).await;
    assert_eq!(shown["color"], "#f76187");
    assert!(shown["avatar"].as_str().is_some_and(|avatar| avatar.starts_with("http")), "{shown}");
}

#[tokio::test]
async fn messages_without_a_text_and_short_searches_are_refused() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let chat = caller.call("im.chat.add", json!({"TITLE": "Yard"})).await;
    let dialog = format!("chat{chat}");
    let message = caller.call("im.message.add", json!({"DIALOG_ID": dialog, "MESSAGE": "Swept"})).await;
    let attached = json!({"DIALOG_ID": dialog, "ATTACH": [{"MESSAGE": "Plan"}]});
    caller.call("im.message.add", attached).await;
    let like = |action: &str| json!({"MESSAGE_ID": message, "ACTION": action});
    assert_eq!(caller.call("im.message.like", like("plus")).await, true);
    for (method, params, code) in [
        ("im.message.add", json!({"DIALOG_ID": dialog}), "MESSAGE_EMPTY"),
        ("im.message.add", json!({"DIALOG_ID": dialog, "MESSAGE": ""}), "MESSAGE_EMPTY"),
        ("im.notify.personal.add", json!({"USER_ID": 1, "MESSAGE": ""}), "MESSAGE_EMPTY"),
        ("im.chat.updateTitle", json!({"CHAT_ID": chat, "TITLE": ""}), "TITLE_EMPTY"),
        ("im.search.user.list", json!({"FIND": "Ad"}), "FIND_SHORT"),
        ("im.message.like", like("plus"), "WITHOUT_CHANGES"),
    ] {
        assert_eq!(caller.refused(method, params.clone()).await, code, "{method} {params}");
    }
    caller.call("im.chat.leave", json!({"CHAT_ID": chat})).await;
    let message = json!({"DIALOG_ID": dialog, "MESSAGE": "Gone"});
    assert_eq!(caller.refused("im.message.add", message).await, "ACCESS_ERROR");
    assert_eq!(caller.call("im.message.like", like("minus")).await, true);
    assert_eq!(caller.refused("im.message.like", like("minus")).await, "WITHOUT_CHANGES");
}

#[tokio::test]
async fn a_file_of_a_bot_is_in_the_result_and_can_be_downloaded() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let bot = json!({"code": "clerk", "properties": {"name": "Clerk"}, "type": "bot", "eventMode": "fetch"});
    let bot = caller.call("imbot.v2.Bot.register", json!({"fields": bot, "botToken": "secret"})).await["bot"]
        ["id"]
        .clone();
    let file = json!({
        "botId": bot, "botToken": "secret", "dialogId": "1", "fields": {"name": "a.txt", "content": "aGVsbG8="}
    });
    let file = caller.call("imbot.v2.File.upload", file).await["file"].clone();
    assert_eq!((&file["name"], &file["size"]), (&json!("a.txt"), &json!(5)), "{file}");
    let download = json!({"botId": bot, "botToken": "secret", "fileId": file["id"]});
    let link = caller.call("imbot.v2.File.download", download).await["downloadUrl"].clone();
    assert!(link.as_str().is_some_and(|link| link.starts_with("http")), "{link}");
}
