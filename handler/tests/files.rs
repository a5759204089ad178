//! Installations in files, of several processes and after a crash.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bitrix24_handler::{FileInstallations, Installation, Installations};

fn installation(member_id: &str, token: &str) -> Installation {
    Installation::new(member_id).with_application_token(token, 1_800_000_000).with_webhook_token("w")
}

/// Stores an installation in place of any earlier one.
async fn save(store: &FileInstallations, installation: &Installation) {
    let member_id = installation.member_id();
    loop {
        let known = store.load(member_id).await.unwrap();
        if store.replace(member_id, known.as_ref(), Some(installation)).await.unwrap() {
            return;
        }
    }
}

/// The files, without the one that is locked.
fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "portals.lock")
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
        save(&store, &installation("m1", token)).await;
        let other = FileInstallations::new(folder.path());
        assert_eq!(other.load("m1").await.unwrap(), Some(installation("m1", token)), "of another process");
    }
    save(&store, &installation("m2", "third")).await;
    assert_eq!(files(folder.path()), ["portal-m1.json", "portal-m2.json"]);
    let (first, second) = (installation("m1", "first"), installation("m1", "second"));
    assert!(!store.replace("m1", Some(&first), None).await.unwrap(), "another one is stored");
    assert!(!store.replace("m1", None, Some(&first)).await.unwrap(), "one is stored");
    assert!(store.replace("m1", Some(&second), None).await.unwrap());
    assert!(!store.replace("m1", Some(&second), None).await.unwrap(), "none is stored");
    assert!(store.load("m1").await.unwrap().is_none());
    assert!(store.load("m2").await.unwrap().is_some());
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_a_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    save(&FileInstallations::new(folder.path()), &installation("m1", "token")).await;
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
        assert!(store.replace(id, None, Some(&installation(id, "token"))).await.is_err(), "{id:?}");
    }
    assert_eq!(files(folder.path()), ["inner"]);
    assert!(files(&inner).is_empty());
}

#[tokio::test]
async fn a_crash_during_a_write_leaves_the_earlier_installation() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileInstallations::new(folder.path());
    save(&store, &installation("m1", "first")).await;
    // A process that was killed has left a part of the next one.
    let [old, young] = ["portal-m1.77-0.new", "portal-m1.78-0.new"].map(|name| folder.path().join(name));
    for path in [&old, &young] {
        fs::write(path, "{\"member_id\": \"m1\"").unwrap();
    }
    let long_ago = SystemTime::now() - Duration::from_secs(90);
    File::options().write(true).open(&old).unwrap().set_modified(long_ago).unwrap();
    assert_eq!(store.load("m1").await.unwrap(), Some(installation("m1", "first")));
    save(&store, &installation("m1", "second")).await;
    assert_eq!(store.load("m1").await.unwrap(), Some(installation("m1", "second")));
    // It contains tokens. The other one may be of a process that writes it at present.
    assert_eq!((old.exists(), young.exists()), (false, true));
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
    save(&store, &installation("m1", "t")).await;
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                for at in 0..20 {
                    let token = "t".repeat(1 + (writer * 20 + at) % 40);
                    save(&store, &installation("m1", &token)).await;
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

#[tokio::test(flavor = "multi_thread")]
async fn of_processes_that_replace_the_same_installation_one_succeeds() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileInstallations::new(folder.path());
    save(&store, &installation("m1", "0")).await;
    for round in 0..10 {
        let known = store.load("m1").await.unwrap();
        let others: Vec<_> = (0..8)
            .map(|process| {
                // Each has a store of its own, and they share the folder.
                let (store, known) = (FileInstallations::new(folder.path()), known.clone());
                tokio::spawn(async move {
                    let new = installation("m1", &format!("{round} {process}"));
                    store.replace("m1", known.as_ref(), Some(&new)).await.unwrap().then_some(new)
                })
            })
            .collect();
        let mut replaced = Vec::new();
        for other in others {
            replaced.extend(other.await.unwrap());
        }
        assert_eq!(replaced.len(), 1, "{replaced:?}");
        assert_eq!(store.load("m1").await.unwrap(), replaced.pop());
    }
}
