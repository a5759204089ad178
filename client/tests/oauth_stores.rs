//! Token stores: a file is always complete, and only its owner can read it.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bitrix24_client::{FileStore, MemoryStore, TokenStore};
use bitrix24_core::oauth::Tokens;

fn pair(number: usize) -> Tokens {
    Tokens::new(format!("acc3ss-{number}"), "https://shop.example/rest/")
        .with_refresh_token("r3fresh")
        .with_expires_at(1_800_000_000)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_file_holds_the_last_saved_tokens() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::new(folder.path().join("portal.json"));
    assert_eq!(store.load().await.unwrap(), None);
    for number in 0..3 {
        store.save(&pair(number)).await.unwrap();
        assert_eq!(store.load().await.unwrap(), Some(pair(number)));
    }
    assert_eq!(FileStore::new(store.path()).load().await.unwrap(), Some(pair(2)));
    assert_eq!(names(folder.path()), ["portal.json", "portal.json.lock"], "no temporary file is left");
    assert!(!format!("{store:?}").contains("acc3ss"));
}

#[tokio::test]
async fn a_file_written_by_another_program_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("portal.json");
    let answer = r#"{"access_token": "a", "refresh_token": "r", "expires_in": 3600, "domain": "oauth.example",
        "client_endpoint": "https://shop.example/rest/"}"#;
    fs::write(&path, answer).unwrap();
    let tokens = FileStore::new(&path).load().await.unwrap().unwrap();
    assert_eq!((tokens.refresh_token(), tokens.expires_at()), (Some("r"), None));
}

#[tokio::test]
async fn concurrent_saves_leave_one_complete_file() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::new(folder.path().join("portal.json"));
    let savers: Vec<_> = (0..20)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move { store.save(&pair(number)).await.unwrap() })
        })
        .collect();
    for saver in savers {
        saver.await.unwrap();
        assert!(store.load().await.unwrap().is_some());
    }
    assert_eq!(names(folder.path()), ["portal.json", "portal.json.lock"]);
}

#[tokio::test]
async fn a_store_error_has_the_path_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("portal.json");
    let store = FileStore::new(&path);
    for content in
        ["", "acc3ss-1", "{\"access_token\": \"acc3ss-1\"", "{\"access_token\": \"acc3ss-1\"}", "[]"]
    {
        fs::write(&path, content).unwrap();
        let message = store.load().await.unwrap_err().to_string();
        assert!(message.contains("portal.json") && message.contains("contains no valid tokens"), "{message}");
        assert!(!message.contains("acc3ss"), "{message}");
    }
    let missing_folder = FileStore::new(folder.path().join("no/such/portal.json"));
    let message = missing_folder.save(&pair(1)).await.unwrap_err().to_string();
    assert!(message.contains("portal.json") && message.contains("cannot be written"), "{message}");
    assert!(!message.contains("acc3ss"), "{message}");
    let directory_store = FileStore::new(folder.path());
    assert!(directory_store.load().await.unwrap_err().to_string().contains("cannot be read"));
    assert!(directory_store.save(&pair(1)).await.is_err());
    assert_eq!(names(folder.path()), ["portal.json"], "no temporary file is left");
}

/// The file with a new pair that a process was about to rename.
fn new_file(folder: &Path, content: &str) -> std::path::PathBuf {
    let hash = content.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    folder.join(format!("portal.json.{hash:016x}.new"))
}

#[tokio::test]
async fn a_pair_that_was_written_and_not_renamed_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::new(folder.path().join("portal.json"));
    for content in [None, Some(format!("{:#}\n", pair(1).to_json()))] {
        if let Some(content) = &content {
            fs::write(store.path(), content).unwrap();
        }
        let new = new_file(folder.path(), content.as_deref().unwrap_or_default());
        let complete = pair(2).to_json().to_string();
        for length in 0..complete.len() {
            fs::write(&new, &complete[..length]).unwrap();
            assert_eq!(store.load().await.unwrap(), content.as_ref().map(|_| pair(1)), "an incomplete file");
        }
        fs::write(&new, format!("{complete}   ")).unwrap();
        assert_eq!(store.load().await.unwrap(), Some(pair(2)));
        assert!(store.replace(Some(&pair(2)), &pair(3)).await.unwrap());
        assert_eq!(store.load().await.unwrap(), Some(pair(3)));
        fs::remove_file(store.path()).unwrap();
    }
}

#[tokio::test]
async fn a_pair_that_was_written_for_another_content_is_not_used() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::new(folder.path().join("portal.json"));
    let old = format!("{:#}\n", pair(1).to_json());
    fs::write(new_file(folder.path(), &old), pair(2).to_json().to_string()).unwrap();
    // A new installation, by a program of another kind.
    fs::write(store.path(), pair(7).to_json().to_string()).unwrap();
    assert_eq!(store.load().await.unwrap(), Some(pair(7)));
    assert!(!store.replace(Some(&pair(1)), &pair(2)).await.unwrap());
    store.save(&pair(8)).await.unwrap();
    assert_eq!(names(folder.path()), ["portal.json", "portal.json.lock"], "the other pair is gone");
}

#[tokio::test]
async fn one_client_at_a_time_has_the_lock() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::new(folder.path().join("portal.json"));
    store.save(&pair(1)).await.unwrap();
    let lock = store.lock().await.unwrap().unwrap();
    store.prepare(&pair(1)).await.unwrap();
    let other = FileStore::new(store.path());
    let waits = tokio::time::timeout(Duration::from_millis(100), other.save(&pair(2))).await;
    assert!(waits.is_err(), "an installation waits for the refresh");
    assert_eq!(other.load().await.unwrap(), Some(pair(1)), "loading does not");
    assert_eq!(names(folder.path()).len(), 3, "the room for the new pair");
    lock.release().await.unwrap();
    assert_eq!(names(folder.path()), ["portal.json", "portal.json.lock"]);
    other.save(&pair(2)).await.unwrap();
    assert_eq!(store.load().await.unwrap(), Some(pair(2)));
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_and_write_the_file() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("portal.json");
    fs::write(&path, "{}").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    FileStore::new(&path).save(&pair(1)).await.unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[cfg(unix)]
#[tokio::test]
async fn a_symbolic_link_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (link, real) = (folder.path().join("link.json"), folder.path().join("real.json"));
    FileStore::new(&real).save(&pair(1)).await.unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    FileStore::new(&link).save(&pair(2)).await.unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(FileStore::new(&real).load().await.unwrap(), Some(pair(2)));
}

#[tokio::test]
async fn clones_of_a_memory_store_share_the_tokens() {
    let store = MemoryStore::new(pair(1));
    let clone: Arc<dyn TokenStore> = Arc::new(store.clone());
    clone.save(&pair(2)).await.unwrap();
    assert_eq!((store.tokens(), clone.load().await.unwrap()), (Some(pair(2)), Some(pair(2))));
    assert_eq!(MemoryStore::default().load().await.unwrap(), None);
    assert!(!format!("{store:?}").contains("acc3ss"));
}
