//! Chat bots of both versions, with their commands, chats and messages.

#[path = "support/program.rs"]
mod program;

use program::{Program, all};
use serde_json::{Value, json};

async fn bot(caller: &Program, code: &str, name: &str) -> Value {
    let fields = json!({"code": code, "properties": {"name": name}, "eventMode": "fetch"});
    caller.call("imbot.v2.Bot.register", json!({"fields": fields})).await["bot"]["id"].clone()
}

#[tokio::test]
async fn bots_of_both_versions_are_the_same_rows() {
    let caller = Program::start().await;
    let params = json!({"CODE": "guide", "EVENT_HANDLER": "http://127.0.0.1:9/", "OPENLINE": "Y", "PROPERTIES": {"NAME": "Guide", "LAST_NAME": "One"}});
    let first = caller.call("imbot.register", params.clone()).await;
    assert_eq!(caller.call("imbot.register", params).await, first, "a code is registered once");
    assert_ne!(first, json!(1), "a bot is not the first user");
    let second = bot(&caller, "porter", "Porter").await;
    assert_ne!(caller.user("Bo", "Birch").await, second);
    let list = caller.call("imbot.bot.list", json!({})).await;
    let named = |id: &Value| list[id.to_string()].clone();
    assert_eq!(
        (&named(&first)["NAME"], &named(&first)["OPENLINE"]),
        (&json!("Guide One"), &json!("Y")),
        "{list}"
    );
    assert_eq!((&named(&second)["NAME"], &named(&second)["CODE"]), (&json!("Porter"), &json!("porter")));
    let found = caller.call("imbot.v2.Bot.get", json!({"code": "guide"})).await;
    assert_eq!((&found["bot"]["id"], &found["users"][0]["name"]), (&first, &json!("Guide One")), "{found}");
    let fields = json!({"properties": {"name": "Leader"}, "webhookUrl": "http://127.0.0.1:9/", "eventMode": "webhook"});
    let updated = caller.call("imbot.v2.Bot.update", json!({"botId": second, "fields": fields})).await;
    assert_eq!(
        (&updated["bot"]["eventMode"], &updated["users"][0]["name"]),
        (&json!("webhook"), &json!("Leader"))
    );
    caller.call("imbot.update", json!({"BOT_ID": first, "FIELDS": {"PROPERTIES": {"NAME": "Head"}}})).await;
    let bots = caller.call("imbot.v2.Bot.list", json!({})).await;
    assert_eq!(all(&bots["users"], "firstName"), [json!("Head"), json!("Leader")], "{bots}");
    caller.call("imbot.unregister", json!({"BOT_ID": first})).await;
    caller.call("imbot.v2.Bot.unregister", json!({"botId": second})).await;
    assert_eq!(caller.call("imbot.v2.Bot.list", json!({})).await["bots"], json!([]));
    assert_eq!(caller.refused("imbot.unregister", json!({"BOT_ID": first})).await, "BOT_ID_ERROR");
    assert_eq!(caller.refused("imbot.v2.Bot.get", json!({"botId": second})).await, "BOT_NOT_FOUND");
}

#[tokio::test]
async fn commands_belong_to_a_bot_and_go_with_it() {
    let caller = Program::start().await;
    let id = bot(&caller, "guide", "Guide").await;
    let fields = json!({"command": "path", "title": {"en": "Path"}, "params": {"en": "place"}});
    let command =
        caller.call("imbot.v2.Command.register", json!({"botId": id, "fields": fields})).await["command"]
            .clone();
    assert_eq!((&command["command"], &command["title"]), (&json!("path"), &json!("Path")), "{command}");
    let old = json!({"BOT_ID": id, "COMMAND": "map", "EVENT_COMMAND_ADD": "http://127.0.0.1:9/", "LANG": [{"LANGUAGE_ID": "en", "TITLE": "Map"}]});
    let old = caller.call("imbot.command.register", old).await;
    let list = || caller.call("imbot.v2.Command.list", json!({"botId": id}));
    assert_eq!(all(&list().await["commands"], "title"), [json!("Path"), json!("Map")]);
    let changed = json!({"botId": id, "commandId": command["id"], "fields": {"title": {"en": "Way"}}});
    assert_eq!(caller.call("imbot.v2.Command.update", changed).await["command"]["title"], "Way");
    caller.call("imbot.command.unregister", json!({"COMMAND_ID": old})).await;
    assert_eq!(all(&list().await["commands"], "command"), [json!("path")]);
    for (method, params, code) in [
        ("imbot.v2.Command.list", json!({"botId": 77}), "BOT_NOT_FOUND"),
        ("imbot.v2.Command.unregister", json!({"botId": id, "commandId": 77}), "COMMAND_NOT_FOUND"),
        ("imbot.command.update", json!({"COMMAND_ID": old, "FIELDS": {"COMMAND": "x"}}), "COMMAND_ID_ERROR"),
    ] {
        assert_eq!(caller.refused(method, params).await, code, "{method}");
    }
    caller.call("imbot.v2.Bot.unregister", json!({"botId": id})).await;
    assert_eq!(caller.portal.rows("imbot.v2.Command").len(), 0);
}

#[tokio::test]
async fn a_bot_makes_a_chat_and_writes_in_it() {
    let caller = Program::start().await;
    let (id, bo) = (bot(&caller, "guide", "Guide").await, caller.user("Bo", "Birch").await);
    let fields = json!({"title": "Tour", "userIds": [bo], "message": "Welcome"});
    let added = caller.call("imbot.v2.Chat.add", json!({"botId": id, "fields": fields})).await;
    let dialog = added["chat"]["dialogId"].clone();
    assert_eq!((&added["chat"]["name"], &added["chat"]["owner"]), (&json!("Tour"), &id), "{added}");
    let of_chat = |more: Value| {
        let mut params = json!({"botId": id, "dialogId": dialog});
        params.as_object_mut().expect("a map").extend(more.as_object().cloned().expect("a map"));
        params
    };
    caller.call("imbot.v2.Chat.User.add", of_chat(json!({"userIds": [1]}))).await;
    caller.call("imbot.v2.Chat.User.delete", of_chat(json!({"userId": bo}))).await;
    assert_eq!(all(&caller.call("imbot.v2.Chat.User.list", of_chat(json!({}))).await, "id"), [json!(1)]);
    caller.call("imbot.v2.Chat.Manager.add", of_chat(json!({"userIds": [1]}))).await;
    caller.call("imbot.v2.Chat.update", of_chat(json!({"fields": {"title": "Round"}}))).await;
    let chat = caller.call("imbot.v2.Chat.get", of_chat(json!({}))).await["chat"].clone();
    assert_eq!(
        (&chat["name"], &chat["managerList"], &chat["messageCount"]),
        (&json!("Round"), &json!([1]), &json!(1))
    );
    let sent =
        caller.call("imbot.v2.Chat.Message.send", of_chat(json!({"fields": {"message": "Next"}}))).await;
    let of_message = |more: Value| {
        let mut params = json!({"botId": id, "messageId": sent["id"]});
        params.as_object_mut().expect("a map").extend(more.as_object().cloned().expect("a map"));
        params
    };
    caller.call("imbot.v2.Chat.Message.update", of_message(json!({"fields": {"message": "Later"}}))).await;
    let found = caller.call("imbot.v2.Chat.Message.get", of_message(json!({}))).await;
    assert_eq!(
        (&found["message"]["text"], &found["user"]["name"]),
        (&json!("Later"), &json!("Guide")),
        "{found}"
    );
    let context = caller.call("imbot.v2.Chat.Message.getContext", of_message(json!({}))).await;
    assert_eq!(all(&context["messages"], "text"), [json!("Welcome"), json!("Later")]);
    let read = caller.call("imbot.v2.Chat.Message.read", of_chat(json!({}))).await;
    assert_eq!((&read["lastId"], &read["viewedMessages"]), (&sent["id"], &json!([1, 2])));
    caller.call("imbot.v2.Chat.Message.Reaction.add", of_message(json!({"reaction": "like"}))).await;
    let again = of_message(json!({"reaction": "like"}));
    assert_eq!(
        caller.refused("imbot.v2.Chat.Message.Reaction.add", again.clone()).await,
        "REACTION_ALREADY_SET"
    );
    caller.call("imbot.v2.Chat.Message.Reaction.delete", again.clone()).await;
    assert_eq!(caller.refused("imbot.v2.Chat.Message.Reaction.delete", again).await, "REACTION_NOT_FOUND");
    caller.call("imbot.v2.Chat.Message.delete", of_message(json!({}))).await;
    let shown = caller.call("im.dialog.messages.get", json!({"DIALOG_ID": dialog})).await;
    assert_eq!(
        (all(&shown["messages"], "text"), all(&shown["users"], "id")),
        (vec![json!("Welcome")], vec![id.clone()])
    );
    for (method, params, code) in [
        ("imbot.v2.Chat.get", json!({"botId": id, "dialogId": "chat77"}), "ACCESS_DENIED"),
        ("imbot.v2.Chat.get", json!({"botId": 77, "dialogId": dialog}), "BOT_NOT_FOUND"),
        (
            "imbot.v2.Chat.Message.send",
            json!({"botId": id, "dialogId": "chat77", "fields": {}}),
            "ACCESS_DENIED",
        ),
        ("imbot.v2.Chat.Message.getContext", json!({"botId": id, "messageId": 77}), "MESSAGE_NOT_FOUND"),
    ] {
        assert_eq!(caller.refused(method, params).await, code, "{method}");
    }
}

#[tokio::test]
async fn chats_of_the_first_version_are_those_of_the_messenger() {
    let caller = Program::start().await;
    let params =
        json!({"CODE": "guide", "EVENT_HANDLER": "http://127.0.0.1:9/", "PROPERTIES": {"NAME": "Guide"}});
    let id = caller.call("imbot.register", params).await;
    let chat = caller
        .call("imbot.chat.add", json!({"BOT_ID": id, "TITLE": "Tour", "USERS": [1], "MESSAGE": "Hi"}))
        .await;
    let users = || caller.call("im.chat.user.list", json!({"CHAT_ID": chat}));
    assert_eq!(users().await, json!([id, 1]));
    caller.call("imbot.chat.setManager", json!({"BOT_ID": id, "CHAT_ID": chat, "USER_ID": 1})).await;
    let dialog = caller.call("imbot.dialog.get", json!({"DIALOG_ID": format!("chat{chat}")})).await;
    assert_eq!(
        (&dialog["manager_list"], &dialog["counter"], &dialog["owner"]),
        (&json!([1]), &json!(1), &id)
    );
    caller.call("imbot.chat.updateTitle", json!({"BOT_ID": id, "CHAT_ID": chat, "TITLE": "Round"})).await;
    caller.call("imbot.chat.leave", json!({"BOT_ID": id, "CHAT_ID": chat})).await;
    assert_eq!(users().await, json!([1]));
    let answer = json!({"COMMAND": "path", "MESSAGE_ID": 1, "MESSAGE": "Left"});
    let command = json!({"BOT_ID": id, "COMMAND": "path", "EVENT_COMMAND_ADD": "http://127.0.0.1:9/", "LANG": [{"LANGUAGE_ID": "en", "TITLE": "Path"}]});
    caller.call("imbot.command.register", command).await;
    caller.call("im.message.command", json!({"MESSAGE_ID": 1, "BOT_ID": id, "COMMAND": "path"})).await;
    caller.call("imbot.command.answer", answer).await;
    let shown = caller.call("im.dialog.messages.get", json!({"DIALOG_ID": format!("chat{chat}")})).await;
    assert_eq!(all(&shown["messages"], "author_id"), [id.clone(), id.clone()]);
    let unknown = json!({"BOT_ID": 77, "DIALOG_ID": format!("chat{chat}"), "MESSAGE": "x"});
    assert_eq!(caller.refused("imbot.message.add", unknown).await, "BOT_ID_ERROR");
    let unknown = json!({"MESSAGE_ID": 1, "BOT_ID": id, "COMMAND": "map"});
    assert_eq!(caller.refused("im.message.command", unknown).await, "COMMAND_ERROR");
}

#[tokio::test]
async fn a_bot_fetches_what_happens_in_its_chats() {
    let caller = Program::start().await;
    let id = bot(&caller, "guide", "Guide").await;
    let chat = caller.call("im.chat.add", json!({"TITLE": "Yard", "USERS": [id]})).await;
    let send = |dialog: Value, text: &'static str| {
        caller.call("im.message.add", json!({"DIALOG_ID": dialog, "MESSAGE": text}))
    };
    send(json!(format!("chat{chat}")), "Hello").await;
    send(id.clone(), "Alone").await;
    let get = |offset: Value| caller.call("imbot.v2.Event.get", json!({"botId": id, "offset": offset}));
    let found = get(json!(0)).await;
    let types = ["ONIMBOTV2JOINCHAT", "ONIMBOTV2MESSAGEADD", "ONIMBOTV2JOINCHAT", "ONIMBOTV2MESSAGEADD"];
    assert_eq!(all(&found["events"], "type"), types, "{found}");
    let data = &found["events"][1]["data"];
    assert_eq!(
        (&data["message"]["text"], &data["chat"]["name"]),
        (&json!("Hello"), &json!("Yard")),
        "{data}"
    );
    assert_eq!((&found["nextOffset"], &found["hasMore"]), (&json!(5), &json!(false)));
    assert_eq!(get(json!(4)).await["events"][0]["data"]["message"]["text"], "Alone");
    let none = get(json!(5)).await;
    assert_eq!(
        (&none["events"], &none["nextOffset"]),
        (&json!([]), &json!(5)),
        "what is confirmed does not come again"
    );
    caller
        .call(
            "imbot.v2.Chat.Message.send",
            json!({"botId": id, "dialogId": format!("chat{chat}"), "fields": {"message": "Hi"}}),
        )
        .await;
    assert_eq!(get(json!(5)).await["events"], json!([]), "a bot gets no messages of its own");
}

#[tokio::test]
async fn a_user_fetches_the_messages_of_others() {
    let caller = Program::start().await;
    let id = bot(&caller, "guide", "Guide").await;
    let write = |text: &'static str| {
        caller.call(
            "imbot.v2.Chat.Message.send",
            json!({"botId": id, "dialogId": "1", "fields": {"message": text}}),
        )
    };
    write("before").await;
    caller.call("im.v2.Event.subscribe", json!({})).await;
    write("Hello").await;
    let mine = json!({"DIALOG_ID": "1", "MESSAGE": "mine"});
    caller.call("im.message.add", mine).await;
    let found = caller.call("im.v2.Event.get", json!({})).await;
    let texts: Vec<&Value> = found["events"]
        .as_array()
        .expect("events")
        .iter()
        .map(|event| &event["data"]["message"]["text"])
        .collect();
    assert_eq!((texts, &found["nextOffset"]), (vec![&json!("Hello")], &json!(2)), "{found}");
    assert_eq!(caller.call("im.v2.Event.get", json!({"offset": 2})).await["events"], json!([]));
    caller.call("im.v2.Event.unsubscribe", json!({})).await;
    write("after").await;
    assert_eq!(caller.call("im.v2.Event.get", json!({"offset": 2})).await["events"], json!([]));
}
