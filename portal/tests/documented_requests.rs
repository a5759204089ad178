//! The requests of a documentation, sent to a portal.
//!
//! `BITRIX24_DOCS` names the folder of the documentation; without it there is nothing to send.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use bitrix24_codegen::descriptor::{Api, Spec};
use bitrix24_codegen::extract::{examples, read_documents};
use bitrix24_codegen::schema::accepts;
use bitrix24_portal::Portal;
use serde_json::Value;

/// The share of requests that are accepted and answered in the documented type.
const WANTED: f64 = 0.98;

#[tokio::test]
async fn documented_requests_are_accepted() {
    let Some(docs) = std::env::var_os("BITRIX24_DOCS") else { return };
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (spec, _) = Spec::load(&project, Path::new("spec"));
    let key = |api: Api, name: &str| (api, name.to_ascii_lowercase());
    let known: BTreeMap<_, _> = spec
        .methods
        .iter()
        .map(|file| (key(file.content.api, &file.content.method), &file.content))
        .collect();
    let documents = read_documents(Path::new(&docs)).expect("a documentation");
    let http = reqwest::Client::new();
    let (mut sent, mut wrong) = (0, Vec::new());
    for of_method in examples(&documents) {
        // Pages use the same identifiers: what one of them deletes, another one reads.
        let portal = Portal::builder().sample_rows(3).rows_on_demand(true).start().await.expect("a portal");
        let token = portal.issue_tokens().access_token;
        for request in &of_method.requests {
            let name = request.other_method.as_deref().unwrap_or(&of_method.method);
            let (Ok(body), Some(method)) = (&request.body, known.get(&key(of_method.api, name))) else {
                continue;
            };
            let path = if of_method.api == Api::V3 { "rest/api" } else { "rest" };
            let url = format!("{}/{path}/{name}", portal.origin());
            let response = http.post(url).bearer_auth(&token).json(body).send().await.expect("a response");
            let status = response.status().as_u16();
            let answer: Value = response.json().await.expect("a body of JSON");
            sent += 1;
            if status == 200 && accepts(&method.returns, &answer["result"]) {
                continue;
            }
            let answer: String = answer.to_string().chars().take(300).collect();
            wrong.push(format!(
                "{}:{} {name} {status} {answer} for {body}",
                of_method.source.path, request.line
            ));
        }
    }
    let share = 1.0 - wrong.len() as f64 / f64::from(sent);
    let counts = format!("{sent} requests, {} wrong: {share:.4}", wrong.len());
    writeln!(std::io::stdout(), "{}\n{counts}", wrong.join("\n")).expect("an output");
    assert!(sent > 1000 && share >= WANTED, "{sent} {share}");
}
