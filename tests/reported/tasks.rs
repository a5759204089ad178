//! Values of tasks.

use bitrix24::{json, task, tasks};

use super::fact::{assert_all, date, result, yes};

#[test]
fn values_of_tasks() {
    assert_all(vec![
        result::<task::check_list_item::GetList>(
            116,
            "task.checklistitem.getlist",
            json!([{"ID": "1", "TITLE": "Feed", "IS_COMPLETE": "N"}]),
            |items| items[0].id == Some(1),
        ),
        result::<task::check_list_item::GetList>(
            116,
            "task.checklistitem.getlist",
            json!({"21": {"ID": "21", "TITLE": "Feed"}}),
            |items| items[0].id == Some(21),
        ),
        result::<task::comment_item::Add>(117, "task.commentitem.add", json!("305"), |id| *id == 305),
        result::<tasks::flow::flow::Get>(
            119,
            "tasks.flow.Flow.get",
            json!({"active": true, "demo": false, "notifyAtHalfTime": false, "notifyOnQueueOverflow": null}),
            |flow| flow.active == Some(true) && flow.notify_on_queue_overflow.is_none(),
        ),
        result::<tasks::task::Get>(
            120,
            "tasks.task.get",
            json!({"task": {"deadline": "2026-05-09T00:00:00+03:00", "deadlineOrig": "2026-05-09 00:00:00"}}),
            |result| date(&result.task.as_ref().unwrap().deadline_orig, "2026-05-09 00:00:00"),
        ),
        result::<tasks::task::Get>(
            121,
            "tasks.task.get",
            json!({"task": {"multitask": "N", "favorite": "Y", "mark": null, "timeEstimate": "0"}}),
            |result| {
                let task = result.task.as_ref().unwrap();
                yes(task.favorite) && task.mark.is_none() && task.time_estimate == Some(0)
            },
        ),
        result::<tasks::task::List>(
            122,
            "tasks.task.list",
            json!({"tasks": [{"group": []}, {"group": {"id": "4", "name": "Keepers"}}]}),
            |list| {
                let tasks = list.tasks.as_ref().unwrap();
                let group = |index: usize| tasks[index].group.as_ref().and_then(|group| group.id);
                group(0).is_none() && group(1) == Some(4)
            },
        ),
        result::<tasks::task::List>(
            123,
            "tasks.task.list",
            json!({"tasks": [{"id": "86", "status": "2", "groupId": "0", "subStatus": "-1"}]}),
            |list| {
                let task = &list.tasks.as_ref().unwrap()[0];
                task.id == Some(86) && task.group_id == Some(0) && task.sub_status.as_deref() == Some("-1")
            },
        ),
        result::<tasks::task::Get>(
            124,
            "tasks.task.get",
            json!({"task": {"tags": {"8": {"id": 8, "title": "lion"}}}}),
            |result| {
                let tags = result.task.as_ref().unwrap().tags.as_ref().unwrap();
                tags["8"].title.as_deref() == Some("lion")
            },
        ),
        result::<tasks::task::Get>(
            124,
            "tasks.task.get",
            json!({"task": {"tags": [{"id": 8, "title": "lion"}]}}),
            |result| {
                let tags = result.task.as_ref().unwrap().tags.as_ref().unwrap();
                tags["0"].id == Some(8)
            },
        ),
        result::<tasks::task::Add>(
            125,
            "tasks.task.add",
            json!({"task": {"id": "86", "responsibleName": "Ann", "createdByLogin": "ann"}}),
            |result| result.task.as_ref().unwrap().extra["responsibleName"] == "Ann",
        ),
        result::<tasks::task::Get>(
            129,
            "tasks.task.get",
            json!({"task": {
                "chatId": 5, "ufCrmTask": ["D_4"], "ufTaskWebdavFiles": [31], "ufMailMessage": null,
            }}),
            |result| {
                let task = result.task.as_ref().unwrap();
                task.chat_id == Some(5) && task.uf_task_webdav_files.as_deref() == Some(&[31])
            },
        ),
        result::<tasks::task::GetAccess>(
            130,
            "tasks.task.getaccess",
            json!({"allowedActions": {"7": {"edit": true}}}),
            |result| result.allowed_actions.as_ref().unwrap()["7"]["edit"],
        ),
        result::<tasks::task::history::List>(
            130,
            "tasks.task.history.list",
            json!({"list": [{"id": "3", "field": "STATUS", "value": {"from": "2", "to": 3}}]}),
            |list| list.list.as_ref().unwrap()[0].id == Some(3),
        ),
        result::<tasks::task::counters::Get>(
            130,
            "tasks.task.counters.get",
            json!({"expired": {"counter": 1, "code": 6}, "total": {"counter": 4, "code": 9}}),
            |counters| counters["total"].counter == Some(4),
        ),
        result::<tasks::task::counters::Get>(130, "tasks.task.counters.get", json!([]), |counters| {
            counters.is_empty()
        }),
    ]);
}
