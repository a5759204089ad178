//! Installations in files, of several processes and after a crash.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use bitrix24_handler::{FileInstallations, Installation, Installations};

fn installation(member_id: &str, token: &str) -> Installation {
    Installation::new(member_id).with_application_token(token, 1_800_000_000).with_webhook_token("w")
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn an_installation_is_saved_replaced_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileInstallations::new(folder.path());
    assert!(store.load("m1").await.unwrap().is_none());
    for token in ["first", "second"] {
        store.save(&installation("m1", token)).await.unwrap();
        let other = FileInstallations::new(folder.path());
        assert_eq!(other.load("m1").await.unwrap(), Some(installation("m1", token)), "of another process");
    }
    store.save(&installation("m2", "third")).await.unwrap();
    assert_eq!(files(folder.path()), ["portal-m1.json", "portal-m2.json"]);
    store.remove("m1").await.unwrap();
    store.remove("m1").await.unwrap();
    assert!(store.load("m1").await.unwrap().is_none());
    assert!(store.load("m2").await.unwrap().is_some());
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_a_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    FileInstallations::new(folder.path()).save(&installation("m1", "token")).await.unwrap();
    let mode = fs::metadata(folder.path().join("portal-m1.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn no_member_id_leads_out_of_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    let store = FileInstallations::new(&inner);
    for id in ["", ".", "../x", "a/b", "a\\b", "a\0b", "é", &"x".repeat(65)] {
        assert!(store.load(id).await.is_err(), "{id:?}");
        assert!(store.save(&installation(id, "token")).await.is_err(), "{id:?}");
        assert!(store.remove(id).await.is_err(), "{id:?}");
    }
    assert_eq!(files(folder.path()), ["inner"]);
    assert!(files(&inner).is_empty());
}

#[tokio::test]
async fn a_crash_during_a_write_leaves_the_earlier_installation() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileInstallations::new(folder.path());
    store.save(&installation("m1", "first")).await.unwrap();
    // A process that was killed has left a part of the next one.
    fs::write(folder.path().join("portal-m1.77-0.new"), "{\"member_id\": \"m1\"").unwrap();
    assert_eq!(store.load("m1").await.unwrap(), Some(installation("m1", "first")));
    store.save(&installation("m1", "second")).await.unwrap();
    assert_eq!(store.load("m1").await.unwrap(), Some(installation("m1", "second")));
}

#[tokio::test]
async fn a_damaged_file_is_an_error_that_shows_none_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileInstallations::new(folder.path());
    let damaged = ["", "{", "[]", r#"{"member_id": "m1", "application_token": "s3cret"}"#, "\u{0}s3cret"];
    for content in damaged {
        fs::write(folder.path().join("portal-m1.json"), content).unwrap();
        let error = store.load("m1").await.unwrap_err().to_string();
        assert!(error.contains("portal-m1.json") && !error.contains("s3cret"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_never_sees_half_an_installation() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(FileInstallations::new(folder.path()));
    store.save(&installation("m1", "t")).await.unwrap();
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                for at in 0..20 {
                    let token = "t".repeat(1 + (writer * 20 + at) % 40);
                    store.save(&installation("m1", &token)).await.unwrap();
                }
            })
        })
        .collect();
    for _ in 0..200 {
        assert!(store.load("m1").await.unwrap().is_some());
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(files(folder.path()), ["portal-m1.json"]);
}
