//! The page of `cargo spec diff --html` in a browser without a window, if Chromium is installed.

#![allow(clippy::print_stderr, reason = "the test says that it was not run")]

mod common;

use std::path::Path;
use std::process::Command;

use common::{project, run, text, write};
use tempfile::TempDir;

/// The names of the program, the first that starts is used.
const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome"];

/// A browser that neither calls its maker nor keeps anything.
const ARGUMENTS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=2000",
];

/// A page with three changes of two methods, and a field whose name would end a script.
fn page() -> TempDir {
    let project = project();
    let feed = |more: &str| {
        format!(
            "method: zoo.animal.feed\nscope: [zoo]\nargs: []\nparams: {{type: object, properties: {{MEAL: {{}}, {more}}}}}\nreturns: {{}}\n"
        )
    };
    let system = "errors: []\ntime: {type: object}\n";
    write(project.path(), "old/system.yaml", system);
    write(project.path(), "old/zoo/zoo.animal.feed.yaml", &feed("SALT: {type: boolean}"));
    write(project.path(), "new/system.yaml", system);
    write(
        project.path(),
        "new/zoo/zoo.animal.feed.yaml",
        &feed("\"a</script><b onclick=x>&\": {type: integer}"),
    );
    write(
        project.path(),
        "new/zoo/zoo.animal.groom.yaml",
        "method: zoo.animal.groom\nscope: [zoo]\nargs: []\nreturns: {}\n",
    );
    let output = run(project.path(), &["spec", "diff", "old", "new", "--html", "page.html"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    project
}

/// The browser on this machine. Without one, the test says so and passes.
fn browser() -> Option<&'static str> {
    let starts = |name: &&&str| {
        Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success())
    };
    let found = BROWSERS.iter().find(starts).copied();
    if found.is_none() {
        eprintln!("not tested: none of {} is installed", BROWSERS.join(", "));
    }
    found
}

/// The document after its script has run.
fn rendered(browser: &str, project: &Path, part: &str) -> String {
    let profile = tempfile::tempdir().unwrap();
    let page = format!("file://{}/page.html{part}", project.display());
    let mut command = Command::new(browser);
    command.args(ARGUMENTS).arg(format!("--user-data-dir={}", profile.path().display()));
    let output = command.arg("--dump-dom").arg(page).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// The rows of a table that a reader sees.
fn visible_rows(document: &str) -> usize {
    let rows = document.split("<tr data-text=").skip(1);
    rows.filter(|row| !row.split('>').next().is_some_and(|tag| tag.contains("hidden"))).count()
}

#[test]
fn the_filter_shows_the_changes_that_a_link_names() {
    let Some(browser) = browser() else { return };
    let project = page();
    let all = rendered(browser, project.path(), "");
    assert!(all.contains("<output id=\"shown\">3 changes</output>"), "{all}");
    assert!(!all.contains("id=\"filter\" hidden"), "{all}");
    assert_eq!(visible_rows(&all), 3, "{all}");
    let linked = rendered(browser, project.path(), "#groom");
    assert!(linked.contains("<output id=\"shown\">1 change</output>"), "{linked}");
    assert_eq!(visible_rows(&linked), 1, "{linked}");
}

#[test]
fn the_page_is_complete_without_scripts() {
    let Some(browser) = browser() else { return };
    let project = page();
    let path = project.path().join("page.html");
    let policy = "<head><meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'none'\">";
    let without_scripts = std::fs::read_to_string(&path).unwrap().replace("<head>", policy);
    write(project.path(), "page.html", &without_scripts);
    let document = rendered(browser, project.path(), "");
    assert_eq!(visible_rows(&document), 3, "{document}");
    assert!(document.contains("id=\"filter\" hidden"), "{document}");
    assert_eq!(document.matches("<svg").count(), 2, "{document}");
}

#[test]
fn names_of_the_documentation_are_text() {
    let project = page();
    let page = std::fs::read_to_string(project.path().join("page.html")).unwrap();
    assert!(page.contains("a&lt;/script&gt;&lt;b onclick=x&gt;&amp;"), "{page}");
    assert_eq!(page.matches("</script>").count(), 1, "{page}");
    for external in ["http://", "https://", "src=", "<link", "@import", "url("] {
        assert!(!page.contains(external), "the page refers to {external}: {page}");
    }
}

#[test]
fn the_page_is_drawn() {
    let Some(browser) = browser() else { return };
    let project = page();
    let profile = tempfile::tempdir().unwrap();
    let picture = project.path().join("page.png");
    for scheme in ["light", "dark"] {
        let mut command = Command::new(browser);
        command.args(ARGUMENTS).arg("--window-size=1200,1600");
        command.arg(format!("--blink-settings=preferredColorScheme={}", u8::from(scheme == "light")));
        command.arg(format!("--user-data-dir={}", profile.path().display()));
        command.arg(format!("--screenshot={}", picture.display()));
        let output = command.arg(project.path().join("page.html")).output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        let bytes = std::fs::read(&picture).unwrap();
        // An empty page is a few hundred bytes of one color.
        assert!(bytes.starts_with(b"\x89PNG") && bytes.len() > 10_000, "{scheme}: {} bytes", bytes.len());
        std::fs::remove_file(&picture).unwrap();
    }
}
