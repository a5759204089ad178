//! One documentation in several forms: a clone, an archive, a folder, and with the line breaks of another system.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::common::{project, run, text};
use crate::documentation::Documentation;
use crate::state::{State, state_of};

/// The descriptors that an import of `docs` gives, without the source, and the source.
fn imported(prepare: impl Fn(&Path), words: &[&str]) -> (State, String) {
    let project = project();
    fs::remove_dir_all(project.path().join("docs")).unwrap();
    prepare(project.path());
    let mut all = vec!["spec", "import", "docs"];
    all.extend(words);
    let output = run(project.path(), &all);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let state = state_of(&project.path().join("spec"));
    let source = state.text("source.yaml").unwrap();
    (state.without("source.yaml"), source)
}

fn git(folder: &Path, words: &[&str]) {
    let output = Command::new("git")
        .args([
            "-c",
            "user.name=Keeper",
            "-c",
            "user.email=keeper@example.com",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(["-c", "commit.gpgSign=false"])
        .args(words)
        .env("GIT_COMMITTER_DATE", "2026-05-04T12:00:00Z")
        .env("GIT_AUTHOR_DATE", "2026-05-03T12:00:00Z")
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
}

/// Makes a clone of a folder's content.
fn make_clone(folder: &Path) {
    git(folder, &["init"]);
    git(folder, &["remote", "add", "origin", "https://keeper:secret@example.com/zoo/docs.git"]);
    git(folder, &["add", "."]);
    git(folder, &["commit", "--message", "Pages"]);
}

#[test]
fn a_clone_an_archive_and_a_folder_give_the_same_descriptors() {
    let documentation = Documentation::of(20);
    let (folder, source) = imported(|root| documentation.write(&root.join("docs")), &[]);
    assert!(!source.contains("commit") && source.contains("pages: 20"), "{source}");
    let hash = |source: &str| source.lines().find(|line| line.starts_with("hash")).unwrap().to_owned();

    let (wrapped, of_wrapped) = imported(|root| documentation.write(&root.join("docs/docs-main/docs")), &[]);
    assert_eq!((&wrapped, hash(&of_wrapped)), (&folder, hash(&source)));

    let clone = |root: &Path| {
        documentation.write(&root.join("docs"));
        make_clone(&root.join("docs"));
    };
    let (cloned, of_clone) = imported(clone, &[]);
    assert_eq!((&cloned, hash(&of_clone)), (&folder, hash(&source)));
    assert!(of_clone.contains("repository: \"https://example.com/zoo/docs.git\""), "{of_clone}");
    assert!(of_clone.contains("date: 2026-05-04") && !of_clone.contains("secret"), "{of_clone}");
    assert!(of_clone.lines().any(|line| line.starts_with("commit: ") && line.len() == 48), "{of_clone}");

    let with_revision = |root: &Path| {
        documentation.write(&root.join("docs"));
        let revision = "zoo/docs, commit 0123456789abcdef0123456789abcdef01234567, 2026-05-04";
        fs::write(root.join("docs/REVISION"), revision).unwrap();
    };
    let (archived, of_archive) = imported(with_revision, &["--date", "2026-06-01"]);
    assert_eq!((&archived, hash(&of_archive)), (&folder, hash(&source)));
    assert!(of_archive.contains("repository: zoo/docs\ncommit: 0123456789abcdef"), "{of_archive}");
    assert!(of_archive.contains("date: 2026-06-01"), "a flag comes before the file: {of_archive}");
}

#[test]
fn line_breaks_marks_of_the_byte_order_hidden_files_and_links_make_no_difference() {
    let documentation = Documentation::of(20);
    let (plain, source) = imported(|root| documentation.write(&root.join("docs")), &[]);
    let other = |root: &Path| {
        documentation.write(&root.join("docs"));
        let pages = root.join("docs/api-reference/zoo");
        for entry in fs::read_dir(&pages).unwrap() {
            let path = entry.unwrap().path();
            let page = fs::read_to_string(&path).unwrap();
            fs::write(&path, format!("\u{feff}{}", page.replace('\n', "\r\n"))).unwrap();
        }
        fs::create_dir_all(root.join("docs/.cache")).unwrap();
        fs::write(root.join("docs/.cache/page.md"), "# Hidden zoo.cache.get\n").unwrap();
        fs::create_dir_all(root.join("docs/__MACOSX")).unwrap();
        fs::write(root.join("docs/__MACOSX/page.md"), "nothing").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(&pages, root.join("docs/api-reference/other")).unwrap();
    };
    let (same, of_same) = imported(other, &[]);
    assert_eq!((same, of_same), (plain, source));
}

#[test]
fn a_wrong_flag_is_refused() {
    let project: TempDir = project();
    for words in [
        ["--date", "2026-13-01"],
        ["--date", "yesterday"],
        ["--commit", "main"],
        ["--repository", "/srv/docs"],
    ] {
        let all = ["spec", "import", "docs", words[0], words[1]];
        assert_eq!(run(project.path(), &all).status.code(), Some(2), "{words:?}");
    }
}
