//! The requests of a documentation, sent to a portal.
//!
//! `BITRIX24_DOCS` names the folder of the documentation; without it there is nothing to send.

#[path = "support/documented.rs"]
mod documented;

use std::io::Write;

use bitrix24_codegen::extract::MethodExamples;
use bitrix24_codegen::schema::accepts;
use bitrix24_portal::Portal;
use documented::{Methods, has_placeholder_id, pages, portal};

/// The share of requests that are accepted and answered in the documented type.
const WANTED: f64 = 0.98;

/// In the last words of methods that remove rows.
const REMOVING: [&str; 7] = ["delete", "remove", "unregister", "unbind", "recall", "terminate", "archive"];

/// The requests that were sent, and those of them that went wrong.
struct Requests {
    methods: Methods,
    sent: u32,
    /// Those that no caller can send.
    skipped: u32,
    wrong: Vec<String>,
}

impl Requests {
    fn new() -> Self {
        Self { methods: Methods::load(), sent: 0, skipped: 0, wrong: Vec::new() }
    }

    /// Sends the requests of a page: to this portal, or each to one of its own.
    async fn send(&mut self, shared: Option<&Portal>, page: &MethodExamples) {
        for request in &page.requests {
            let name = request.other_method.as_deref().unwrap_or(&page.method);
            let (Ok(params), Some(method)) = (&request.body, self.methods.find(page.api, name)) else {
                continue;
            };
            if has_placeholder_id(params) {
                self.skipped += 1;
                continue;
            }
            let own = if shared.is_none() { Some(portal().await) } else { None };
            let Some(portal) = shared.or(own.as_ref()) else { continue };
            let (status, body) = self.methods.call(portal, page.api, name, params).await;
            self.sent += 1;
            if status == 200 && accepts(&method.returns, &body["result"]) {
                continue;
            }
            let body: String = body.to_string().chars().take(300).collect();
            let place = format!("{}:{}", page.source.path, request.line);
            self.wrong.push(format!("{place} {name} {status} {body} for {params}"));
        }
    }

    /// Reports what went wrong, and fails if it is too much.
    fn report(&self) {
        let (sent, wrong, skipped) = (self.sent, self.wrong.len(), self.skipped);
        let share = 1.0 - wrong as f64 / f64::from(sent);
        let counts = format!("{sent} requests, {wrong} wrong: {share:.4}, {skipped} without an identifier");
        writeln!(std::io::stdout(), "{}\n{counts}", self.wrong.join("\n")).expect("an output");
        assert!(sent > 1000 && share >= WANTED, "{sent} {share}");
    }
}

#[tokio::test]
async fn documented_requests_are_accepted_by_portals_of_their_own() {
    let Some(pages) = pages() else { return };
    let mut requests = Requests::new();
    for page in &pages {
        requests.send(None, page).await;
    }
    requests.report();
}

/// Pages use the same identifiers: what one of them deletes, another one reads. So those that delete come last, each with its first
/// request, since the others delete the same again.
#[tokio::test]
async fn documented_requests_are_accepted_by_one_portal() {
    let Some(pages) = pages() else { return };
    let deletes = |page: &MethodExamples| {
        let verb = page.method.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        REMOVING.iter().any(|word| verb.contains(word))
    };
    let (mut last, first): (Vec<_>, Vec<_>) = pages.into_iter().partition(deletes);
    last.iter_mut().for_each(|page| page.requests.truncate(1));
    let (portal, mut requests) = (portal().await, Requests::new());
    for page in first.iter().chain(&last) {
        requests.send(Some(&portal), page).await;
    }
    requests.report();
}
