//! Tokens in a file: whole at every moment, and for nobody else's eyes.

use std::fs;
use std::path::Path;
use std::sync::Arc;

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
async fn a_file_keeps_what_it_was_given_last() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::new(folder.path().join("portal.json"));
    assert_eq!(store.load().await.unwrap(), None);
    for number in 0..3 {
        store.save(&pair(number)).await.unwrap();
        assert_eq!(store.load().await.unwrap(), Some(pair(number)));
    }
    assert_eq!(FileStore::new(store.path()).load().await.unwrap(), Some(pair(2)));
    assert_eq!(names(folder.path()), ["portal.json"], "nothing is left lying about");
    assert!(!format!("{store:?}").contains("acc3ss"));
}

#[tokio::test]
async fn a_file_that_another_program_wrote_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("portal.json");
    let answer = r#"{"access_token": "a", "refresh_token": "r", "expires_in": 3600, "domain": "oauth.example",
        "client_endpoint": "https://shop.example/rest/"}"#;
    fs::write(&path, answer).unwrap();
    let tokens = FileStore::new(&path).load().await.unwrap().unwrap();
    assert_eq!((tokens.refresh_token(), tokens.expires_at()), (Some("r"), None));
}

#[tokio::test]
async fn many_at_once_leave_one_whole_file() {
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
    assert_eq!(names(folder.path()), ["portal.json"]);
}

#[tokio::test]
async fn what_cannot_be_read_or_written_is_told_with_the_path_and_without_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("portal.json");
    let store = FileStore::new(&path);
    for content in
        ["", "acc3ss-1", "{\"access_token\": \"acc3ss-1\"", "{\"access_token\": \"acc3ss-1\"}", "[]"]
    {
        fs::write(&path, content).unwrap();
        let told = store.load().await.unwrap_err().to_string();
        assert!(told.contains("portal.json") && told.contains("contains no valid tokens"), "{told}");
        assert!(!told.contains("acc3ss"), "{told}");
    }
    let nowhere = FileStore::new(folder.path().join("no/such/portal.json"));
    let told = nowhere.save(&pair(1)).await.unwrap_err().to_string();
    assert!(told.contains("portal.json") && told.contains("cannot be written"), "{told}");
    assert!(!told.contains("acc3ss"), "{told}");
    let a_folder = FileStore::new(folder.path());
    assert!(a_folder.load().await.unwrap_err().to_string().contains("cannot be read"));
    assert!(a_folder.save(&pair(1)).await.is_err());
    assert_eq!(names(folder.path()), ["portal.json"], "nothing is left lying about");
}

#[cfg(unix)]
#[tokio::test]
async fn its_owner_alone_can_read_and_write_it() {
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
async fn a_link_stays_one() {
    let folder = tempfile::tempdir().unwrap();
    let (link, real) = (folder.path().join("link.json"), folder.path().join("real.json"));
    FileStore::new(&real).save(&pair(1)).await.unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    FileStore::new(&link).save(&pair(2)).await.unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(FileStore::new(&real).load().await.unwrap(), Some(pair(2)));
}

#[tokio::test]
async fn stores_in_memory_are_shared_by_their_clones() {
    let store = MemoryStore::new(pair(1));
    let kept: Arc<dyn TokenStore> = Arc::new(store.clone());
    kept.save(&pair(2)).await.unwrap();
    assert_eq!((store.tokens(), kept.load().await.unwrap()), (Some(pair(2)), Some(pair(2))));
    assert_eq!(MemoryStore::default().load().await.unwrap(), None);
    assert!(!format!("{store:?}").contains("acc3ss"));
}
