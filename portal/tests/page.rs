//! The page for people in a browser without a window, if Chromium is installed. `BITRIX24_PORTAL_PICTURES` is a folder for pictures.

#[path = "support/browser.rs"]
mod browser;

use std::path::PathBuf;

use bitrix24_portal::{Plan, Portal};
use browser::Browser;
use serde_json::json;
use tokio::runtime::Runtime;

/// Checks in the page: the contrast of every visible text with what is behind it, by the rules of WCAG 2.
const CONTRASTS: &str = r#"
(() => {
  const numbers = (color) => color.match(/[\d.]+/g).map(Number);
  const light = ([red, green, blue]) => [red, green, blue].map((part) => part / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = numbers(getComputedStyle(at).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const wrong = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility() || element.closest("svg, :disabled, option")) continue;
    const [one, other] = [light(numbers(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) wrong.push(`${ratio.toFixed(2)} ${element.outerHTML.slice(0, 80)}`);
  }
  return wrong;
})()
"#;

/// A portal with a runtime, and a browser with the page open.
struct Opened {
    runtime: Runtime,
    portal: Portal,
    browser: Browser,
    http: reqwest::Client,
}

impl Opened {
    fn new() -> Option<Self> {
        let browser = Browser::start()?;
        let runtime = Runtime::new().expect("a runtime");
        let plan = Plan::Bucket { burst: 500, per_second: 1.0 };
        let builder = Portal::builder().rows("crm.company", 10_000).plan(plan);
        let portal = runtime.block_on(builder.start()).expect("a portal");
        let mut opened = Self { runtime, portal, browser, http: reqwest::Client::new() };
        let origin = opened.portal.origin();
        opened.browser.window(1280, 900, "light");
        opened.browser.open(&format!("{origin}/"));
        opened.browser.until("document.querySelectorAll('#found a').length > 100");
        Some(opened)
    }

    fn view(&mut self, fragment: &str) {
        self.browser.value(&format!("location.hash = {}; true", json!(fragment)));
    }

    /// Calls a method as another program does.
    fn call(&self, method: &str, params: serde_json::Value) {
        let url = format!("{}{method}", self.portal.webhook());
        let sent = self.http.post(url).json(&params).send();
        assert_eq!(self.runtime.block_on(sent).expect("an answer").status(), 200);
    }

    fn assert_clean(&self) {
        assert_eq!(self.browser.errors(), Vec::<String>::new());
        let (origin, requested) = (self.portal.origin(), self.browser.requested());
        let outside = |url: &&String| !url.starts_with(&format!("{origin}/")) && !url.starts_with("data:,");
        assert!(requested.len() > 3);
        assert_eq!(requested.iter().filter(outside).collect::<Vec<_>>(), Vec::<&String>::new());
    }
}

#[test]
fn a_call_is_found_filled_and_sent_with_the_keyboard_only() {
    let Some(mut opened) = Opened::new() else { return };
    let browser = &mut opened.browser;
    browser.until("document.activeElement.id === 'search'");
    browser.tab_to("#found a");
    browser.press("/");
    browser.until("document.activeElement.id === 'search'");
    browser.write("deal add");
    browser.until("document.querySelector('#found b').textContent === 'crm.deal.add'");
    assert!(browser.value("document.querySelector('#found span').textContent") != "", "a method has words");
    for key in ["ArrowDown", "ArrowDown", "ArrowUp"] {
        browser.press(key);
    }
    assert_eq!(browser.value("document.activeElement.querySelector('b').textContent"), "crm.deal.add");
    browser.press("Enter");
    browser.until("document.querySelector('#detail h2')?.textContent === 'crm.deal.add'");
    browser.until("document.activeElement.matches('#detail h2')");
    browser.tab_to("#param-0");
    let prefilled = browser.value("document.activeElement.value");
    assert!(prefilled.as_str().is_some_and(|text| text.contains("TITLE")), "{prefilled}");
    let outline = browser.value("getComputedStyle(document.activeElement).outlineStyle");
    assert_eq!(outline, "solid", "the focus is visible");
    let title = "<script>alert(1)</script><img src=x onerror=alert(2)>";
    browser.press("Ctrl+a");
    browser.write(&json!({"TITLE": title}).to_string());
    browser.press("Ctrl+Enter");
    browser.until("document.querySelector('#sent .right')?.textContent.startsWith('200')");
    browser.until("document.querySelector('#answer pre').textContent.includes('\"result\": 1')");
    assert_eq!(opened.portal.rows("crm.deal")[0]["TITLE"], title);
    // What is no JSON is not sent, and the field says so.
    let browser = &mut opened.browser;
    browser.tab_to("#param-0");
    browser.press("Ctrl+a");
    browser.write("{");
    browser.press("Ctrl+Enter");
    browser.until("document.activeElement.getAttribute('aria-invalid') === 'true'");
    assert_eq!(opened.portal.calls().len(), 1);

    // The row appears, as text.
    let browser = &mut opened.browser;
    browser.tab_to("#detail a[href='#/rows/crm.deal']");
    browser.press("Enter");
    browser.until("[...document.querySelectorAll('#rows-table td')].some((cell) => cell.textContent.startsWith('<script>'))");
    assert_eq!(browser.value("document.querySelectorAll('main script, main img').length"), 0);
    browser.tab_to("#rows-table button");
    browser.press("Enter");
    browser.until("document.getElementById('dialog').open");
    assert!(
        browser.value("document.getElementById('dialog-text').textContent").to_string().contains("<script>")
    );
    browser.press("Escape");
    browser.until("!document.getElementById('dialog').open");

    // The call is in the record, and can be sent again with changes.
    browser.tab_to("nav a[data-page=calls]");
    browser.press("Enter");
    browser.until("document.querySelectorAll('#calls-table tbody tr').length === 1");
    browser.tab_to("#calls-table a");
    browser.press("Enter");
    browser.until("document.querySelector('#call pre')?.textContent.includes('<script>')");
    browser.tab_to("#call button");
    browser.press("Enter");
    browser.until("document.querySelector('#param-0')?.value.includes('<script>')");
    opened.assert_clean();
}

#[test]
fn ten_thousand_rows_have_pages_and_a_search() {
    let Some(mut opened) = Opened::new() else { return };
    opened.view("#/rows/crm.company");
    let browser = &mut opened.browser;
    browser.until("document.getElementById('rows-shown').textContent === 'Page 1 of 200: 10,000 rows'");
    assert_eq!(browser.value("document.querySelectorAll('#rows-table tbody tr').length"), 50);
    browser.tab_to("#rows-table button");
    browser.press("End");
    assert_eq!(browser.value("document.activeElement.textContent"), "50");
    browser.tab_to("#rows-after");
    browser.press("Enter");
    browser.until("document.querySelector('#rows-table button').textContent === '51'");
    browser.value("document.getElementById('rows-text').focus(); true");
    browser.write("maple 47");
    browser.press("Enter");
    browser
        .until("/^Page 1 of \\d+: \\d+ rows with/.test(document.getElementById('rows-shown').textContent)");
    opened.assert_clean();
}

#[test]
fn the_plot_moves_with_calls() {
    let Some(mut opened) = Opened::new() else { return };
    opened.view("#/limits");
    let level = "Number(document.getElementById('plot-now').textContent.split(' ')[0])";
    opened.browser.until(&format!("{level} < 1"));
    let before = opened.browser.value("document.querySelector('#plot .bucket').getAttribute('points')");
    for _ in 0..60 {
        opened.call("profile", json!({}));
    }
    opened.browser.until(&format!("{level} > 30"));
    let after = opened.browser.value("document.querySelector('#plot .bucket').getAttribute('points')");
    assert_ne!(before, after);
    // The bucket leaks.
    opened
        .browser
        .until(&format!("window.highest = Math.max(window.highest || 0, {level}), {level} < window.highest"));
    opened.browser.until("document.querySelector('#operating tbody td')?.textContent === 'profile'");
    opened.browser.until("document.getElementById('count').textContent === '60'");
    opened.assert_clean();
}

#[test]
fn the_page_is_readable_on_small_and_large_screens_in_light_and_dark() {
    let Some(mut opened) = Opened::new() else { return };
    opened.call("crm.deal.add", json!({"fields": {"TITLE": "A gate"}}));
    let folder = std::env::var_os("BITRIX24_PORTAL_PICTURES").map(PathBuf::from);
    for (view, ready) in [
        ("#/", "document.querySelectorAll('#found a').length > 100"),
        ("#/method/v2/crm.deal.add", "document.querySelector('#detail form') !== null"),
        (
            "#/method/v3/tasks.task.add",
            "document.querySelector('#detail h2').textContent === 'tasks.task.add'",
        ),
        ("#/entity/v2/crm.deal", "document.querySelector('#detail h2').textContent === 'crm.deal'"),
        ("#/rows/crm.company", "document.querySelectorAll('#rows-table tr').length > 50"),
        ("#/calls", "document.querySelector('#calls-table a') !== null"),
        ("#/call/1", "document.querySelector('#call h2') !== null"),
        ("#/limits", "document.querySelector('#plot .rate').getAttribute('points').length > 20"),
    ] {
        opened.view(view);
        let browser = &mut opened.browser;
        browser.until(ready);
        for (width, height) in [(1280, 900), (400, 800)] {
            for scheme in ["light", "dark"] {
                browser.window(width, height, scheme);
                assert_eq!(browser.value(CONTRASTS), json!([]), "{view} {scheme}");
                let too_wide = "[document.documentElement.scrollWidth, innerWidth]";
                let widths = browser.value(too_wide);
                assert!(widths[0].as_u64() <= widths[1].as_u64(), "{view} {width}: {widths}");
                let picture = browser.picture();
                assert!(picture.starts_with(b"\x89PNG") && picture.len() > 10_000, "{view} {width} {scheme}");
                if let Some(folder) = &folder {
                    let name = view.replace(['#', '/'], "_");
                    std::fs::write(folder.join(format!("{name}-{width}-{scheme}.png")), picture)
                        .expect("a picture");
                }
            }
        }
        browser.window(1280, 900, "light");
        let tree = browser.command("Accessibility.getFullAXTree", json!({}));
        for node in tree["nodes"].as_array().expect("nodes") {
            let role = node["role"]["value"].as_str().unwrap_or_default();
            let needs_name = matches!(
                role,
                "button" | "link" | "textbox" | "searchbox" | "combobox" | "checkbox" | "region" | "image"
            );
            let name = node["name"]["value"].as_str().unwrap_or_default();
            assert!(!needs_name || node["ignored"] == true || !name.is_empty(), "{view}: {node}");
        }
    }
    opened.assert_clean();
}

#[test]
fn pages_of_other_sites_command_nothing() {
    let Some(mut opened) = Opened::new() else { return };
    let (webhook, port) = (opened.portal.webhook(), opened.portal.address().port());
    let add = format!("{webhook}crm.deal.add?fields[TITLE]=x");
    let browser = &mut opened.browser;
    // A page without an origin, as a frame of the internet has it, and a page that was found under another name.
    for page in ["data:text/html,<p>", &format!("http://rebound.zoo.example.com:{port}/")] {
        browser.open(page);
        let image = format!(
            "new Promise((done) => {{ const image = new Image(); image.onload = image.onerror = () => done(true); image.src = {}; }})",
            json!(add)
        );
        assert_eq!(browser.value(&image), true);
        let send = |mode: &str| {
            format!(
                "fetch({}, {{method: 'POST', mode: '{mode}'}}).then((answer) => answer.type === 'opaque' || !answer.ok, () => true)",
                json!(add)
            )
        };
        assert_eq!(browser.value(&send("no-cors")), true);
        assert_eq!(browser.value(&send("cors")), true);
        let read =
            format!("fetch('http://127.0.0.1:{port}/page/index').then((answer) => answer.ok, () => false)");
        assert_eq!(browser.value(&read), false);
    }
    assert!(browser.value("document.body.textContent").to_string().contains("--allow-host"));
    assert_eq!(opened.portal.calls().len(), 0);
    // A page of this machine may call, and does not see the page's data.
    let browser = &mut opened.browser;
    browser.open(&format!("http://localhost:{port}/no/page"));
    let call = format!("fetch({}, {{method: 'POST'}}).then((answer) => answer.ok)", json!(add));
    assert_eq!(browser.value(&call), true);
    let read = format!("fetch('http://127.0.0.1:{port}/page/index').then(() => true, () => false)");
    assert_eq!(browser.value(&read), false);
    assert_eq!(opened.portal.rows("crm.deal").len(), 1);
}
