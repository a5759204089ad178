//! The feed, calendars, workgroups, bookings and people: what a call asks for is what it gets.

#[path = "support/caller.rs"]
mod caller;

use bitrix24_portal::Portal;
use caller::Caller;
use serde_json::{Value, json};

/// The texts in a field of all rows.
fn values<'r>(rows: &'r Value, field: &str) -> Vec<&'r str> {
    let rows = rows.as_array().unwrap_or_else(|| panic!("{rows}")).iter();
    rows.map(|row| row[field].as_str().unwrap_or_else(|| panic!("{row}"))).collect()
}

#[tokio::test]
async fn messages_of_the_feed_have_titles_texts_and_comments() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    for title in ["One", "Two"] {
        caller.call("log.blogpost.add", json!({"POST_TITLE": title, "POST_MESSAGE": "text"})).await;
    }
    caller.call("log.blogpost.update", json!({"POST_ID": 2, "POST_TITLE": "Second"})).await;
    caller.call("log.blogcomment.add", json!({"POST_ID": 2, "TEXT": "Yes"})).await;
    let found = caller.call("log.blogpost.get", json!({"POST_ID": 2})).await;
    assert_eq!(
        (values(&found, "TITLE"), values(&found, "DETAIL_TEXT"), values(&found, "NUM_COMMENTS")),
        (vec!["Second"], vec!["text"], vec!["1"])
    );
    assert!(found[0]["DATE_PUBLISH"].as_str().is_some_and(|date| !date.is_empty()), "{found}");
    assert_eq!(caller.call("log.blogpost.share", json!({"POST_ID": 1, "DEST": ["UA"]})).await, true);
    for (method, params, error) in [
        ("log.blogpost.update", json!({"POST_ID": 99}), "SONET_CONTROLLER_LIVEFEED_BLOGPOST_UPDATE_ERROR"),
        ("log.blogpost.delete", json!({"POST_ID": 99}), "100"),
        ("log.blogcomment.add", json!({"POST_ID": 99, "TEXT": "No"}), ""),
    ] {
        assert_eq!(caller.refused(method, params).await, error, "{method}");
    }
}

#[tokio::test]
async fn events_of_a_calendar_are_found_by_their_time() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let event = json!({
        "type": "user", "ownerId": 1, "name": "Talk", "from": "2037-03-01T10:00:00", "to": "2037-03-01T11:00:00", "section": 4,
        "timezone_from": "Europe/Riga"
    });
    let id = caller.call("calendar.event.add", event).await;
    let found = caller.call("calendar.event.getbyid", json!({"id": id})).await;
    for (field, value) in [
        ("DATE_FROM", json!("2037-03-01T10:00:00+03:00")),
        ("CAL_TYPE", json!("user")),
        ("DT_LENGTH", json!(3600)),
        ("TZ_FROM", json!("Europe/Riga")),
    ] {
        assert_eq!(found[field], value, "{field}");
    }
    assert_eq!((&found["SECTION_ID"], &found["PARENT_ID"]), (&found["SECT_ID"], &found["ID"]));
    for (params, count) in [
        (json!({}), 1),
        (json!({"from": "2037-02-01", "to": "2037-04-01"}), 1),
        (json!({"from": "2038-01-01", "to": "2038-02-01"}), 0),
        (json!({"section": [4, 5]}), 1),
        (json!({"section": [77]}), 0),
    ] {
        let mut params = params;
        params["type"] = json!("user");
        params["ownerId"] = json!(1);
        let rows = caller.call("calendar.event.get", params.clone()).await;
        assert_eq!(rows.as_array().map(Vec::len), Some(count), "{params}");
    }
    let change =
        json!({"id": id, "type": "user", "ownerId": 1, "name": "Long talk", "to": "2037-03-01T12:00:00"});
    assert_eq!(caller.call("calendar.event.update", change).await, id);
    let nearest = caller.call("calendar.event.get.nearest", json!({"type": "user", "ownerId": 1})).await;
    assert_eq!(values(&nearest, "NAME"), ["Long talk"]);
    let busy = json!({"users": [1, 2], "from": "2037-01-01", "to": "2037-12-31"});
    let busy = caller.call("calendar.accessibility.get", busy).await;
    assert_eq!((values(&busy["1"], "NAME"), &busy["2"]), (vec!["Long talk"], &json!([])));
    caller.call("calendar.meeting.status.set", json!({"eventId": id, "status": "N"})).await;
    assert_eq!(caller.call("calendar.meeting.status.get", json!({"eventId": id})).await, "N");
    for kind in ["user", "group"] {
        let section = json!({"type": kind, "ownerId": 1, "name": kind});
        caller.call("calendar.section.add", section).await;
        let found = caller.call("calendar.section.get", json!({"type": kind, "ownerId": 1})).await;
        assert_eq!((values(&found, "NAME"), values(&found, "CAL_TYPE")), (vec![kind], vec![kind]));
    }
}

#[tokio::test]
async fn workgroups_have_the_members_that_were_added() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    for name in ["One", "Two"] {
        caller.call("sonet_group.create", json!({"NAME": name})).await;
    }
    let of = async |group: i64| {
        let rows = caller.call("sonet_group.user.get", json!({"ID": group})).await;
        let pair =
            |row: &Value| format!("{}{}", row["USER_ID"].as_str().unwrap(), row["ROLE"].as_str().unwrap());
        rows.as_array().expect("rows").iter().map(pair).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(caller.call("sonet_group.user.add", json!({"GROUP_ID": 2, "USER_ID": 3})).await, json!(["3"]));
    let several = json!({"GROUP_ID": 2, "USER_ID": [4, 5]});
    assert_eq!(caller.call("sonet_group.user.add", several).await, json!(["4", "5"]));
    assert_eq!((of(1).await.as_str(), of(2).await.as_str()), ("1A", "1A 3K 4K 5K"));
    let role = |user: i64| json!({"GROUP_ID": 2, "USER_ID": user, "ROLE": "E"});
    assert_eq!(caller.call("sonet_group.user.update", role(3)).await, json!(["3"]));
    assert_eq!(caller.call("sonet_group.user.update", role(1)).await, json!([]));
    assert_eq!(
        caller.call("sonet_group.user.delete", json!({"GROUP_ID": 2, "USER_ID": 4})).await,
        json!(["4"])
    );
    assert_eq!(of(2).await, "1A 3E 5K");
    let group = caller.call("sonet_group.get", json!({"FILTER": {"ID": 2}})).await;
    assert_eq!(values(&group, "NUMBER_OF_MEMBERS"), ["3"]);
    caller.call("sonet_group.setowner", json!({"GROUP_ID": 2, "USER_ID": 3})).await;
    assert_eq!(of(2).await, "1E 3A 5K");
    let groups = caller.call("sonet_group.user.groups", json!({})).await;
    assert_eq!(
        (values(&groups, "GROUP_NAME"), values(&groups, "ROLE")),
        (vec!["One", "Two"], vec!["A", "E"])
    );
    assert_eq!(caller.call("sonet_group.user.request", json!({"GROUP_ID": 1})).await, true);
    for method in ["sonet_group.user.get", "sonet_group.user.add", "sonet_group.user.update"] {
        let params = json!({"ID": 99, "GROUP_ID": 99, "USER_ID": 1, "ROLE": "K"});
        assert_eq!(caller.refused(method, params).await, "", "{method}");
    }
}

#[tokio::test]
async fn lists_take_what_is_inside_their_filters() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let at = |timestamp: i64| json!({"timestamp": timestamp, "timezone": "Europe/Berlin"});
    let booking =
        json!({"resourceIds": [1], "datePeriod": {"from": at(1_800_000_000), "to": at(1_800_003_600)}});
    caller.call("booking.v1.booking.add", json!({"fields": booking})).await;
    for (from, to, count) in [(1_700_000_000, 1_700_010_000, 0), (1_800_000_100, 1_900_000_000, 1)] {
        let within = json!({"filter": {"within": {"dateFrom": from, "dateTo": to}}});
        let found = caller.call("booking.v1.booking.list", within).await;
        assert_eq!(found["booking"].as_array().map(Vec::len), Some(count));
    }
    caller.call("department.add", json!({"NAME": "Stock", "PARENT": 1})).await;
    let user = json!({"EMAIL": "bob@example.com", "NAME": "Bob", "LAST_NAME": "Bar", "UF_DEPARTMENT": [2]});
    caller.call("user.add", user).await;
    for (method, params, ids) in [
        ("user.search", json!({"FILTER": {"FIND": "nosuch"}}), vec![]),
        ("user.search", json!({"FILTER": {"FIND": "bob"}}), vec!["2"]),
        ("user.search", json!({"FILTER": {"UF_DEPARTMENT_NAME": "stock"}}), vec!["2"]),
        ("user.search", json!({"FILTER": {"UF_DEPARTMENT_NAME": "nosuch"}}), vec![]),
        ("user.search", json!({}), vec!["1", "2"]),
        ("user.get", json!({"NAME_SEARCH": "bob"}), vec!["2"]),
    ] {
        assert_eq!(values(&caller.call(method, params.clone()).await, "ID"), ids, "{method} {params}");
    }
}
