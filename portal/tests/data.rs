//! State in a file: what was acknowledged is there after a kill at any moment, and files that cannot be used are named.
//!
//! `BITRIX24_PORTAL_KILLS=200 cargo test -p bitrix24-portal --test data kill -- --nocapture` kills 200 times; the default is 10.
#![cfg(feature = "cli")]
#![allow(clippy::print_stdout, reason = "the number of kills is a result")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bitrix24_portal::Portal;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};

/// An empty folder.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("bitrix24-portal-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// A portal as a process.
struct Process {
    child: Child,
    webhook: String,
}

fn command(file: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bitrix24-portal"));
    command.args(["--listen", "127.0.0.1:0", "--data"]).arg(file);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

async fn start(mut command: Command) -> Result<Process, String> {
    let mut child = command.spawn().expect("a process");
    let mut lines = BufReader::new(child.stdout.take().expect("an output")).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some(webhook) = line.strip_prefix("webhook ") {
            return Ok(Process { child, webhook: webhook.trim().to_owned() });
        }
    }
    let mut message = String::new();
    let mut errors = child.stderr.take().expect("an output");
    errors.read_to_string(&mut message).await.expect("an error");
    Err(message)
}

/// The result of a call. `None`: there was no answer.
async fn call(http: &reqwest::Client, webhook: &str, method: &str, params: Value) -> Option<Value> {
    let response = http.post(format!("{webhook}{method}")).json(&params).send().await.ok()?;
    let status = response.status().as_u16();
    let body: Value = response.json().await.ok()?;
    assert_eq!(status, 200, "{method} {params}: {body}");
    Some(body)
}

/// What a writer knows of a row: the texts that it may have. `None`: it may not exist.
type Known = BTreeMap<i64, Vec<Option<String>>>;

#[derive(Default)]
struct Model {
    deals: Known,
    /// Marks of batches, and whether the batch was acknowledged.
    batches: BTreeMap<String, bool>,
    /// The greatest identifier that was acknowledged.
    last: i64,
}

/// Adds, changes and removes deals, and adds contacts three at a time, until there is no answer.
async fn write(
    http: reqwest::Client,
    webhook: String,
    name: String,
    model: Arc<Mutex<Model>>,
    end: Arc<AtomicBool>,
) {
    let mut own: Vec<i64> = Vec::new();
    for number in 0.. {
        if end.load(Ordering::Relaxed) {
            return;
        }
        let text = format!("{name}.{number}");
        let fields = json!({"TITLE": text, "COMMENTS": text});
        let note =
            |id: i64, texts: Vec<Option<String>>| model.lock().expect("a model").deals.insert(id, texts);
        let known = |id: i64| model.lock().expect("a model").deals[&id].clone();
        match number % 4 {
            0 | 1 => {
                let Some(body) = call(&http, &webhook, "crm.deal.add", json!({"fields": fields})).await
                else {
                    return;
                };
                let id = body["result"].as_i64().expect("an identifier");
                note(id, vec![Some(text)]);
                let mut model = model.lock().expect("a model");
                model.last = model.last.max(id);
                own.push(id);
            }
            2 if !own.is_empty() => {
                let id = own[number % own.len()];
                let before = known(id);
                note(id, [before, vec![Some(text.clone())]].concat());
                let params = json!({"id": id, "fields": fields});
                if call(&http, &webhook, "crm.deal.update", params).await.is_none() {
                    return;
                }
                note(id, vec![Some(text)]);
                if number % 8 == 2 {
                    note(id, vec![known(id)[0].clone(), None]);
                    if call(&http, &webhook, "crm.deal.delete", json!({"id": id})).await.is_none() {
                        return;
                    }
                    note(id, vec![None]);
                    own.retain(|one| *one != id);
                }
            }
            _ => {
                let command = format!("crm.contact.add?fields[NAME]={text}");
                model.lock().expect("a model").batches.insert(text.clone(), false);
                let params = json!({"cmd": [command, command, command]});
                if call(&http, &webhook, "batch", params).await.is_none() {
                    return;
                }
                model.lock().expect("a model").batches.insert(text, true);
            }
        }
    }
}

/// All rows of a list with identifiers after one.
async fn rows(http: &reqwest::Client, webhook: &str, method: &str, select: Value, after: i64) -> Vec<Value> {
    let (mut rows, mut after) = (Vec::new(), after);
    loop {
        let params = json!({"start": -1, "order": {"ID": "ASC"}, "filter": {">ID": after}, "select": select});
        let body = call(http, webhook, method, params).await.expect("an answer");
        let page = body["result"].as_array().expect("rows").clone();
        let Some(last) = page.last() else { return rows };
        after = last["ID"].as_str().expect("an identifier").parse().expect("a number");
        rows.extend(page);
    }
}

/// Compares the portal with what writers know; what is uncertain is then known.
async fn compare(http: &reqwest::Client, webhook: &str, model: &Mutex<Model>) {
    let deals = rows(http, webhook, "crm.deal.list", json!(["ID", "TITLE", "COMMENTS"]), 0).await;
    let contacts = rows(http, webhook, "crm.contact.list", json!(["ID", "NAME"]), 0).await;
    let mut model = model.lock().expect("a model");
    let mut found: BTreeMap<i64, String> = BTreeMap::new();
    for deal in &deals {
        assert_eq!(deal["TITLE"], deal["COMMENTS"], "half of a change: {deal}");
        let id = deal["ID"].as_str().expect("an identifier").parse().expect("a number");
        found.insert(id, deal["TITLE"].as_str().expect("a text").to_owned());
    }
    for (id, texts) in &mut model.deals {
        let now = found.get(id).cloned();
        assert!(texts.contains(&now), "deal {id} is {now:?}, and not one of {texts:?}");
        *texts = vec![now];
    }
    // Rows whose answer was lost.
    for (id, text) in found {
        model.deals.entry(id).or_insert_with(|| vec![Some(text)]);
    }
    let mut marks: BTreeMap<&str, usize> = BTreeMap::new();
    for contact in &contacts {
        *marks.entry(contact["NAME"].as_str().expect("a text")).or_default() += 1;
    }
    for (mark, acknowledged) in &mut model.batches {
        let found = marks.get(mark.as_str()).copied().unwrap_or_default();
        assert!(found == 3 || found == 0 && !*acknowledged, "{found} of 3 rows of the batch {mark}");
        *acknowledged = found == 3;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_at_any_moment_loses_nothing_acknowledged() {
    let kills: u64 =
        std::env::var("BITRIX24_PORTAL_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(10);
    let folder = folder("kill");
    let file = folder.join("portal.data");
    let model = Arc::new(Mutex::new(Model::default()));
    let mut random = std::process::id().into();
    for round in 0..=kills {
        let http = reqwest::Client::new();
        let mut portal = start(command(&file)).await.expect("a portal");
        compare(&http, &portal.webhook, &model).await;
        if round == kills {
            break;
        }
        let next =
            call(&http, &portal.webhook, "crm.deal.add", json!({"fields": {"TITLE": "x", "COMMENTS": "x"}}));
        let id = next.await.expect("an answer")["result"].as_i64().expect("an identifier");
        {
            let mut model = model.lock().expect("a model");
            assert!(id > model.last, "the identifier {id} is given again, after {}", model.last);
            model.last = id;
            model.deals.insert(id, vec![Some("x".to_owned())]);
        }
        let end = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let name = format!("{round}.{writer}");
                tokio::spawn(write(
                    http.clone(),
                    portal.webhook.clone(),
                    name,
                    Arc::clone(&model),
                    Arc::clone(&end),
                ))
            })
            .collect();
        // A busy machine writes less in the same time.
        let enough = 3 * (usize::try_from(round).expect("a number") + 1);
        while {
            let model = model.lock().expect("a model");
            model.deals.len() < enough || model.batches.is_empty()
        } {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        random = next_random(random);
        tokio::time::sleep(Duration::from_micros(random % 60_000)).await;
        portal.child.kill().await.expect("a killed process");
        end.store(true, Ordering::Relaxed);
        for writer in writers {
            writer.await.expect("a writer");
        }
    }
    let model = model.lock().expect("a model");
    println!("{kills} kills, {} deals, {} batches", model.deals.len(), model.batches.len());
    assert!(model.deals.len() as u64 > 2 * kills && !model.batches.is_empty());
    let _ = std::fs::remove_dir_all(folder);
}

fn next_random(random: u64) -> u64 {
    random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407) >> 1
}

#[tokio::test]
async fn everything_that_has_state_is_there_after_a_restart() {
    let folder = folder("restart");
    let file = folder.join("portal.data");
    let start = |seed: u64| Portal::builder().seed(seed).data(&file).rows("crm.lead", 60).start();
    let http = reqwest::Client::new();
    let portal = start(3).await.expect("a portal");
    let webhook = portal.webhook();
    let secret = |webhook: &str| webhook.rsplit('/').nth(1).expect("a secret").to_owned();
    let pair = portal.issue_tokens();
    let field = json!({"fields": {"FIELD_NAME": "COLOR", "USER_TYPE_ID": "string"}});
    call(&http, &webhook, "crm.deal.userfield.add", field).await.expect("an answer");
    let fields =
        json!({"TITLE": "Gate", "OPPORTUNITY": 10.5, "OPENED": "Y", "UF_CRM_COLOR": ["red", "blue"]});
    call(&http, &webhook, "crm.deal.add", json!({"fields": fields})).await.expect("an answer");
    call(&http, &webhook, "crm.lead.update", json!({"id": 7, "fields": {"TITLE": "Seven"}}))
        .await
        .expect("an answer");
    call(&http, &webhook, "crm.lead.delete", json!({"id": 60})).await.expect("an answer");
    let lead =
        call(&http, &webhook, "crm.lead.get", json!({"id": 8})).await.expect("an answer")["result"].clone();
    let deals = portal.rows("crm.deal");
    let task = |portal: &Portal| {
        let url = format!("{}/rest/api/tasks.task.add", portal.origin());
        let fields = json!({"title": "Sweep", "creatorId": 1, "responsibleId": 1});
        let request = http.post(url).bearer_auth(&pair.access_token).header("idempotency-key", "7");
        request.json(&json!({"fields": fields})).send()
    };
    let added: Value = task(&portal).await.expect("a response").json().await.expect("JSON");
    drop(portal);

    // Another seed and another number of rows are for new files.
    let portal = Portal::builder().seed(4).data(&file).rows("crm.lead", 5).start().await.expect("a portal");
    assert_eq!(secret(&portal.webhook()), secret(&webhook));
    assert_eq!((portal.rows("crm.deal"), deals.len()), (deals, 1));
    assert_eq!(portal.rows("userfieldconfig").len(), 1);
    let webhook = portal.webhook();
    let get = |id: i64| call(&http, &webhook, "crm.lead.get", json!({"id": id}));
    assert_eq!(get(7).await.expect("an answer")["result"]["TITLE"], "Seven");
    assert_eq!(get(8).await.expect("an answer")["result"], lead);
    let next =
        call(&http, &webhook, "crm.lead.add", json!({"fields": {"TITLE": "next"}})).await.expect("an answer");
    assert_eq!((portal.rows("crm.lead").len(), &next["result"]), (60, &json!(61)));
    let again: Value = task(&portal).await.expect("a response").json().await.expect("JSON");
    assert_eq!((&again, portal.runs("tasks.task.add")), (&added, 0));
    let (id, key) = portal.client_credentials();
    let renew = |portal: &Portal| {
        let grant = json!({
            "grant_type": "refresh_token", "client_id": id, "client_secret": key, "refresh_token": pair.refresh_token,
        });
        http.post(portal.token_endpoint()).json(&grant).send()
    };
    assert_eq!(renew(&portal).await.expect("a response").status().as_u16(), 200);
    drop(portal);
    let portal = start(3).await.expect("a portal");
    assert_eq!(
        renew(&portal).await.expect("a response").status().as_u16(),
        400,
        "it was used before the restart"
    );
    drop(portal);
    let _ = std::fs::remove_dir_all(folder);
}

#[tokio::test]
async fn a_file_that_cannot_be_used_is_named() {
    let folder = folder("wrong");
    let file = folder.join("portal.data");
    let mut portal = start(command(&file)).await.expect("a portal");
    let message = start(command(&file)).await.err().expect("the file is in use");
    assert!(message.contains("portal.data") && message.contains("is in use"), "{message}");
    let add = json!({"fields": {"TITLE": "Gate"}});
    call(&reqwest::Client::new(), &portal.webhook, "crm.deal.add", add).await.expect("an answer");
    portal.child.kill().await.expect("a killed process");
    let whole = std::fs::read(&file).expect("a file");
    let other = folder.join("other");
    std::fs::write(&other, "no database, but a text of some length").expect("a file");
    let message = start(command(&other)).await.err().expect("another file");
    assert!(message.contains("other") && message.contains("no data file of a portal"), "{message}");
    std::fs::write(&file, &whole[..whole.len() / 2]).expect("a file");
    let message = start(command(&file)).await.err().expect("half of a file");
    assert!(message.contains("portal.data") && message.contains("is damaged"), "{message}");
    std::fs::write(&file, [vec![0x5a; 4096], whole[4096..].to_vec()].concat()).expect("a file");
    let message = start(command(&file)).await.err().expect("another beginning");
    assert!(message.contains("is damaged"), "{message}");
    let message = start(command(&folder.join("none/portal.data"))).await.err().expect("no folder");
    assert!(message.contains("none/portal.data") && message.contains("cannot be opened"), "{message}");
    let _ = std::fs::remove_dir_all(folder);
}

/// The largest size of a file stands for a full disk: writes beyond it fail.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_acknowledges_nothing_and_is_named() {
    let folder = folder("full");
    let file = folder.join("portal.data");
    let mut limited = Command::new("bash");
    limited.arg("-c").arg("trap '' XFSZ; ulimit -f 3000; exec \"$@\"").arg("bash");
    limited.arg(env!("CARGO_BIN_EXE_bitrix24-portal")).args(["--listen", "127.0.0.1:0", "--data"]).arg(&file);
    limited.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut portal = start(limited).await.expect("a portal");
    let http = reqwest::Client::new();
    let mut acknowledged = Vec::new();
    let mut message = None;
    for number in 0..400 {
        let fields = json!({"TITLE": format!("{number}"), "COMMENTS": "x".repeat(20_000)});
        let request = http.post(format!("{}crm.deal.add", portal.webhook)).json(&json!({"fields": fields}));
        let response = request.send().await.expect("a response");
        let status = response.status().as_u16();
        let body: Value = response.json().await.expect("JSON");
        if status != 200 {
            message = Some((status, body.to_string()));
            break;
        }
        acknowledged.push(body["result"].as_i64().expect("an identifier"));
    }
    let (status, message) = message.expect("the disk is full");
    assert!(status == 500 && message.contains("portal.data cannot be written"), "{status} {message}");
    assert!(acknowledged.len() > 5, "{}", acknowledged.len());
    portal.child.kill().await.expect("a killed process");
    let portal = start(command(&file)).await.expect("a portal");
    let found = rows(&http, &portal.webhook, "crm.deal.list", json!(["ID"]), 0).await;
    let found: Vec<i64> = found
        .iter()
        .map(|row| row["ID"].as_str().expect("an identifier").parse().expect("a number"))
        .collect();
    assert!(acknowledged.iter().all(|id| found.contains(id)), "{acknowledged:?} {found:?}");
    let _ = std::fs::remove_dir_all(folder);
}
