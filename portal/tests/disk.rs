//! Files that are sent and downloaded.

use bitrix24_portal::Portal;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

struct Caller {
    http: reqwest::Client,
    webhook: String,
}

impl Caller {
    fn new(portal: &Portal) -> Self {
        Self { http: reqwest::Client::new(), webhook: portal.webhook() }
    }

    async fn call(&self, method: &str, params: Value) -> Value {
        let request = self.http.post(format!("{}{method}", self.webhook)).json(&params);
        let response = request.send().await.expect("a response");
        let status = response.status().as_u16();
        let body: Value = response.json().await.expect("JSON");
        assert_eq!(status, 200, "{method} {params}: {body}");
        body["result"].clone()
    }

    async fn download(&self, url: &Value) -> (u16, Vec<u8>) {
        let response = self.http.get(url.as_str().expect("an address")).send().await.expect("a response");
        (response.status().as_u16(), response.bytes().await.expect("a body").to_vec())
    }

    async fn names(&self, folder: &str) -> Vec<String> {
        let children =
            self.call("disk.folder.getchildren", json!({"id": folder, "order": {"NAME": "ASC"}})).await;
        assert!(
            children.as_array().is_some_and(|rows| rows.iter().all(|row| row["NAME"].is_string())),
            "{children}"
        );
        let children = children.as_array().expect("rows").iter();
        children.map(|child| child["NAME"].as_str().expect("a name").to_owned()).collect()
    }
}

/// A text, or a number as text.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[tokio::test]
async fn files_are_uploaded_downloaded_moved_and_deleted() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let storages = caller.call("disk.storage.getlist", json!({"filter": {"ENTITY_TYPE": "common"}})).await;
    let (storage, root) = (&storages[0]["ID"], &text(&storages[0]["ROOT_OBJECT_ID"]));
    let folder =
        caller.call("disk.storage.addfolder", json!({"id": storage, "data": {"NAME": "Plans"}})).await;
    let folder = &text(&folder["ID"]);
    let sub = caller.call("disk.folder.addsubfolder", json!({"id": folder, "data": {"NAME": "Old"}})).await;
    let sub = &text(&sub["ID"]);
    let upload = json!({"id": folder, "data": {"NAME": "gate.txt"}, "fileContent": ["gate.txt", "b25l"]});
    let file = caller.call("disk.folder.uploadfile", upload).await;
    let id = &text(&file["ID"]);
    assert!(![folder, sub, root].contains(&id), "files and folders have identifiers of one sequence");
    assert_eq!([text(&file["SIZE"]), text(&file["TYPE"])], ["3", "file"]);
    let found = caller.call("disk.file.get", json!({"id": id})).await;
    assert_eq!(caller.download(&found["DOWNLOAD_URL"]).await, (200, b"one".to_vec()));
    assert_eq!(caller.names(folder).await, ["gate.txt", "Old"]);
    assert_eq!(caller.names(root).await, ["Plans"]);

    let version = json!({"id": id, "fileContent": ["gate.txt", "dHdvIQ=="]});
    let file = caller.call("disk.file.uploadversion", version).await;
    assert_eq!(caller.download(&file["DOWNLOAD_URL"]).await, (200, b"two!".to_vec()));
    let versions = caller.call("disk.file.getversions", json!({"id": id})).await;
    assert_eq!(
        (versions.as_array().map(Vec::len), &versions[1]["SIZE"]),
        (Some(2), &json!("4")),
        "{versions}"
    );
    assert_eq!(caller.download(&versions[0]["DOWNLOAD_URL"]).await, (200, b"one".to_vec()));

    caller.call("disk.file.rename", json!({"id": id, "newName": "door.txt"})).await;
    let copy = caller.call("disk.file.copyto", json!({"id": id, "targetFolderId": sub})).await;
    assert_eq!(caller.download(&copy["DOWNLOAD_URL"]).await, (200, b"two!".to_vec()));
    caller.call("disk.file.moveto", json!({"id": id, "targetFolderId": root})).await;
    assert_eq!(caller.names(root).await, ["door.txt", "Plans"]);
    assert_eq!(
        (caller.names(folder).await, caller.names(sub).await),
        (vec!["Old".to_owned()], vec!["door.txt".to_owned()])
    );
    caller.call("disk.file.markdeleted", json!({"id": id})).await;
    assert_eq!(caller.names(root).await, ["Plans"]);
    caller.call("disk.file.restore", json!({"id": id})).await;
    assert_eq!(caller.names(root).await, ["door.txt", "Plans"]);
    assert_eq!(caller.call("disk.file.delete", json!({"id": id})).await, true);
    assert_eq!(caller.names(root).await, ["Plans"]);
    let guessed = json!(format!("{}/rest/download/?token=1-0000000000000000", portal.origin()));
    assert_eq!(caller.download(&guessed).await.0, 404);
}

#[tokio::test]
async fn a_file_is_sent_in_a_second_request() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let offer = caller.call("disk.folder.uploadfile", json!({"id": 1})).await;
    let (url, field) = (text(&offer["uploadUrl"]), text(&offer["field"]));
    let content: Vec<u8> = (0..=255).collect();
    let send = || {
        let part = Part::bytes(content.clone()).file_name("bytes.bin");
        caller.http.post(&url).multipart(Form::new().part(field.clone(), part)).send()
    };
    let body: Value = send().await.expect("a response").json().await.expect("JSON");
    assert_eq!([text(&body["result"]["NAME"]), text(&body["result"]["SIZE"])], ["bytes.bin", "256"]);
    let file = caller.call("disk.file.get", json!({"id": body["result"]["ID"]})).await;
    assert_eq!(caller.download(&file["DOWNLOAD_URL"]).await, (200, content.clone()));
    assert_eq!(send().await.expect("a response").status().as_u16(), 400, "the address was used");
}

#[cfg(feature = "data")]
#[tokio::test]
async fn a_file_may_be_sent_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let start = || Portal::builder().data(folder.path().join("portal.data")).start();
    let portal = start().await.expect("a portal");
    let offer = |caller: Caller| async move {
        caller.call("disk.folder.uploadfile", json!({"id": 1})).await["uploadUrl"].clone()
    };
    let first = offer(Caller::new(&portal)).await;
    drop(portal);
    let portal = start().await.expect("a portal");
    let second = offer(Caller::new(&portal)).await;
    let token =
        |url: &Value| text(url).split_once("token=").map(|(_, token)| token.to_owned()).expect("a token");
    assert_ne!(token(&first), token(&second));
    let send = async |token: String| {
        let part = Part::bytes(b"one".to_vec()).file_name("one.txt");
        let url = format!("{}/rest/upload/?token={token}", portal.origin());
        let sent = reqwest::Client::new().post(url).multipart(Form::new().part("file", part)).send();
        sent.await.expect("a response").status().as_u16()
    };
    assert_eq!(send(token(&first)).await, 200);
    assert_eq!(send(token(&first)).await, 400, "the address was used");
    drop(portal);
    let portal = start().await.expect("a portal");
    assert_eq!(portal.rows("disk.file").len(), 1);
}

#[cfg(feature = "data")]
#[tokio::test]
async fn files_of_fields_have_links() {
    let folder = std::env::temp_dir().join(format!("bitrix24-portal-files-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let start = || Portal::builder().data(folder.join("portal.data")).start();
    let portal = start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let fields = json!({
        "NAME": "Ada",
        "UF_CRM_PLAN": {"fileData": ["plan.txt", "b25l"]},
        "UF_CRM_PLANS": [{"fileData": ["a.txt", "b25l"]}, {"fileData": ["b.txt", "dHdv"]}],
        "UF_CRM_TEXTS": ["red", "blue"],
    });
    let id = caller.call("crm.contact.add", json!({"fields": fields})).await;
    drop(portal);
    let portal = start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let contact = caller.call("crm.contact.get", json!({"id": id})).await;
    assert_eq!(caller.download(&contact["UF_CRM_PLAN"]["downloadUrl"]).await, (200, b"one".to_vec()));
    assert_eq!(caller.download(&contact["UF_CRM_PLANS"][1]["downloadUrl"]).await, (200, b"two".to_vec()));
    assert_eq!(contact["UF_CRM_TEXTS"], json!(["red", "blue"]));
    drop(portal);
    let _ = std::fs::remove_dir_all(folder);
}

/// The code of the error of a method.
async fn refused(caller: &Caller, method: &str, params: Value) -> String {
    let request = caller.http.post(format!("{}{method}", caller.webhook)).json(&params);
    let body: Value = request.send().await.expect("a response").json().await.expect("JSON");
    body["error"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn versions_are_restored_and_folders_copied_with_what_is_in_them() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let folder = async |at: i64, name: &str| {
        caller.call("disk.folder.addsubfolder", json!({"id": at, "data": {"NAME": name}})).await["ID"].clone()
    };
    let (inner, other) = (folder(1, "Inner").await, folder(1, "Other").await);
    let file = json!({"id": inner, "data": {"NAME": "a.txt"}, "fileContent": ["a.txt", "aGVsbG8="]});
    let file = caller.call("disk.folder.uploadfile", file).await["ID"].clone();
    caller
        .call("disk.file.uploadversion", json!({"id": file, "fileContent": ["a.txt", "aGVsbG8gd29ybGQ="]}))
        .await;
    let versions = caller.call("disk.file.getVersions", json!({"id": file})).await;
    let restore = |version: &Value| json!({"id": file, "versionId": version});
    let restored = caller.call("disk.file.restoreFromVersion", restore(&versions[0]["ID"])).await;
    assert_eq!([text(&restored["ID"]), text(&restored["SIZE"])], [text(&file), "5".to_owned()], "{restored}");
    assert_eq!(caller.download(&restored["DOWNLOAD_URL"]).await, (200, b"hello".to_vec()));
    let copy = caller.call("disk.folder.copyto", json!({"id": inner, "targetFolderId": other})).await;
    assert_eq!(caller.names(&text(&copy["ID"])).await, ["a.txt"]);
    let link = caller.call("disk.file.getExternalLink", json!({"id": file})).await;
    assert!(link.as_str().is_some_and(|link| link.starts_with(&portal.origin())), "{link}");
    for (method, params, code) in [
        ("disk.file.restoreFromVersion", restore(&json!(99)), "ERROR_NOT_FOUND"),
        ("disk.file.getExternalLink", json!({"id": 999}), "ERROR_NOT_FOUND"),
        ("disk.folder.getchildren", json!({"id": 999}), "ERROR_NOT_FOUND"),
        ("disk.storage.getchildren", json!({"id": 99}), "ERROR_NOT_FOUND"),
        ("disk.file.moveto", json!({"id": file, "targetFolderId": 999}), "ERROR_NOT_FOUND"),
        ("disk.file.copyto", json!({"id": file, "targetFolderId": inner}), "DISK_OBJ_22000"),
        ("disk.folder.copyto", json!({"id": inner, "targetFolderId": other}), "DISK_OBJ_22000"),
        ("disk.folder.addsubfolder", json!({"id": 1, "data": {"NAME": "Inner"}}), "DISK_OBJ_22000"),
        ("disk.storage.addfolder", json!({"id": 1, "data": {"NAME": "Inner"}}), "DISK_OBJ_22000"),
    ] {
        assert_eq!(refused(&caller, method, params.clone()).await, code, "{method} {params}");
    }
}

#[tokio::test]
async fn the_drive_describes_its_fields_and_kinds() {
    let portal = Portal::start().await.expect("a portal");
    let caller = Caller::new(&portal);
    let fields = caller.call("disk.file.getfields", json!({})).await;
    assert_eq!(fields["SIZE"], json!({"TYPE": "integer", "USE_IN_FILTER": false, "USE_IN_SHOW": true}));
    assert_eq!(caller.call("disk.storage.gettypes", json!({})).await, json!(["user", "common", "group"]));
    assert_eq!(caller.call("disk.rights.getTasks", json!({})).await[0]["NAME"], "disk_access_full");
}
