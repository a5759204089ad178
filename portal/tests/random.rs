//! Random calls of random methods. `BITRIX24_PORTAL_RANDOM_SECONDS=3600` calls for an hour instead of a thousand times.
#![cfg(feature = "cli")]
#![allow(clippy::print_stderr, reason = "a long test says how far it is")]

#[path = "support/process.rs"]
mod process;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use process::Process;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};

/// The spec as the portal has it.
const SPEC: &str = include_str!("../generated/spec.txt");

/// The statuses that the interface has for any method; see `system` of the spec and `check/`.
const GENERAL: [u16; 7] = [200, 400, 401, 403, 404, 405, 413];

/// The largest memory after a thousand calls, and after an hour, in mebibytes.
const MAX_MEMORY: [u64; 2] = [400, 1500];

/// What the spec says of a method.
#[derive(Debug)]
struct Method {
    is_v3: bool,
    name: String,
    params: Vec<String>,
    fields: Vec<String>,
    /// Documented statuses by code in lower case.
    errors: BTreeMap<String, BTreeSet<u16>>,
}

fn methods() -> Vec<Method> {
    let keys = |value: &Value| value.as_object().into_iter().flat_map(Map::keys).cloned().collect::<Vec<_>>();
    let parse = |line: &str| {
        let value: Value = serde_json::from_str(line.splitn(4, ' ').nth(3)?).ok()?;
        let mut errors: BTreeMap<String, BTreeSet<u16>> = BTreeMap::new();
        for error in value["errors"].as_array().into_iter().flatten() {
            let code = error["code"].as_str().unwrap_or_default().to_lowercase();
            errors.entry(code).or_default().insert(error["status"].as_u64().unwrap_or(400) as u16);
        }
        let params = &value["params"]["properties"];
        let inner = params.as_object().into_iter().flat_map(Map::values).map(|param| &param["properties"]);
        let result = keys(&value["returns"]["properties"]);
        Some(Method {
            is_v3: value["api"] == "v3",
            name: value["method"].as_str()?.to_owned(),
            params: keys(params),
            fields: inner.flat_map(keys).chain(result).collect(),
            errors,
        })
    };
    SPEC.lines().filter(|line| line.starts_with("method ")).filter_map(parse).collect()
}

/// Codes that any method may have, in lower case.
fn system_codes() -> BTreeMap<String, BTreeSet<u16>> {
    let line = SPEC.lines().find_map(|line| line.strip_prefix("system ")).expect("a line");
    let system: Value = serde_json::from_str(line).expect("JSON");
    let mut codes: BTreeMap<String, BTreeSet<u16>> = BTreeMap::new();
    for error in system["errors"].as_array().into_iter().flatten() {
        let statuses = codes.entry(error["code"].as_str().unwrap_or_default().to_lowercase()).or_default();
        statuses.extend(error["status"].as_u64().map(|status| status as u16));
        let others = error["other_statuses"].as_array().into_iter().flatten();
        statuses.extend(others.filter_map(Value::as_u64).map(|status| status as u16));
    }
    codes
}

/// How a call is sent.
#[derive(Clone, Copy, Debug)]
enum Form {
    Json,
    Brackets,
    Query,
    Batch,
}

/// A random call.
#[derive(Clone, Debug)]
struct Call {
    method: usize,
    form: Form,
    /// Positions among the names of the method, with a value each.
    params: Vec<(prop::sample::Index, Value)>,
    others: Vec<(String, Value)>,
    key: Option<u8>,
}

fn scalar() -> impl Strategy<Value = Value> {
    let numbers = prop::sample::select(vec![0_i64, 1, 2, -1, 7, 50, 128, i64::MAX, i64::MIN, 1 << 53]);
    let texts = [
        "",
        "1",
        "Y",
        "N",
        "0",
        "-1",
        "desc",
        "ASC",
        "*",
        "UF_*",
        "$result[a][ID]",
        "2026-01-01",
        "%",
        "1e999",
        "null",
        "' OR 1=1 --",
        "<script>",
        "\u{0}\u{feff}\u{202e}",
    ];
    prop_oneof![
        4 => numbers.prop_map(Value::from),
        4 => prop::sample::select(texts.to_vec()).prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => (1_usize..3000).prop_map(|length| Value::from("я".repeat(length))),
    ]
}

fn name() -> impl Strategy<Value = String> {
    let names = [
        "ID",
        "id",
        ">ID",
        "!@ID",
        "TITLE",
        "%TITLE",
        "><DATE_CREATE",
        "LOGIC",
        "0",
        "1",
        "UF_CRM_1",
        "filter",
        "FILTER",
        "select",
        "order",
        "start",
        "limit",
        "offset",
        "page",
        "pagination",
        "fields",
        "cmd",
        "halt",
        "afterCursor",
        "conditions",
        "logic",
        "auth",
        "",
        "a[b",
        "]",
    ];
    prop_oneof![9 => prop::sample::select(names.to_vec()).prop_map(str::to_owned), 1 => any::<String>()]
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name(), inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn call(methods: usize) -> impl Strategy<Value = Call> {
    let form = prop_oneof![
        4 => Just(Form::Json),
        2 => Just(Form::Brackets),
        1 => Just(Form::Query),
        1 => Just(Form::Batch),
    ];
    let params = prop::collection::vec((any::<prop::sample::Index>(), value()), 0..6);
    let others = prop::collection::vec((name(), value()), 0..3);
    (0..methods, form, params, others, prop::option::weighted(0.1, any::<u8>()))
        .prop_map(|(method, form, params, others, key)| Call { method, form, params, others, key })
}

/// The parameters by name: those of the method, those of its fields, and others.
fn params(method: &Method, call: &Call) -> Map<String, Value> {
    let names: Vec<&String> = method.params.iter().chain(&method.fields).collect();
    let known = call.params.iter().filter(|_| !names.is_empty());
    let known = known.map(|(at, value)| (names[at.index(names.len())].clone(), value.clone()));
    known.chain(call.others.iter().cloned()).collect()
}

/// The form of PHP: `a[b][0]=1`.
fn brackets(params: &Map<String, Value>) -> String {
    fn add(form: &mut form_urlencoded::Serializer<'_, String>, name: &str, value: &Value) {
        match value {
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(at, item)| add(form, &format!("{name}[{at}]"), item))
            }
            Value::Object(fields) => {
                fields.iter().for_each(|(key, field)| add(form, &format!("{name}[{key}]"), field))
            }
            Value::String(text) => drop(form.append_pair(name, text)),
            other => drop(form.append_pair(name, &other.to_string())),
        }
    }
    let mut form = form_urlencoded::Serializer::new(String::new());
    params.iter().for_each(|(name, value)| add(&mut form, name, value));
    form.finish()
}

/// What is wrong with an answer.
fn problem(
    method: &Method,
    form: Form,
    system: &BTreeMap<String, BTreeSet<u16>>,
    status: u16,
    body: &Value,
) -> Option<String> {
    if matches!(form, Form::Batch) && status == 200 {
        let parts = ["result", "result_error", "result_total", "result_next", "result_time"];
        let is_whole =
            parts.iter().all(|part| body["result"][part].is_object() || body["result"][part].is_array());
        return (!is_whole).then(|| "a batch without one of its parts".to_owned());
    }
    let documented: BTreeSet<u16> = method.errors.values().flatten().copied().collect();
    if !(GENERAL.contains(&status) || documented.contains(&status) || method.is_v3 && status == 422) {
        return Some(format!("the status {status} is not documented"));
    }
    if status == 200 && body.get("error").is_none() {
        let is_whole = body.get("result").is_some() && body["time"]["duration"].is_number();
        return (!is_whole).then(|| "no result or no time".to_owned());
    }
    let (code, message) = match &body["error"] {
        Value::Object(error) if method.is_v3 => (&error["code"], &error["message"]),
        code => (code, &body["error_description"]),
    };
    let (Some(code), Some(_)) = (code.as_str(), message.as_str()) else {
        return Some("an error without a code or a message".to_owned());
    };
    let code = code.to_lowercase();
    let of_method = method.errors.get(&code);
    let of_system = system.get(&code).filter(|statuses| !statuses.is_empty());
    let fits = |statuses: &BTreeSet<u16>| statuses.contains(&status);
    let is_documented = of_method.is_some_and(fits) || of_system.is_some_and(fits);
    // A code without a documented status, that of a page that lists no errors, and those of REST 3, which pages list rarely.
    let is_general = of_method.is_none()
        && of_system.is_none()
        && (system.contains_key(&code) || code.is_empty() || method.is_v3);
    (!is_documented && !is_general).then(|| format!("{status} is no status of the code `{code}`"))
}

#[test]
fn random_calls_have_documented_answers() {
    let (methods, system) = (methods(), system_codes());
    assert!(methods.len() > 1600 && system.len() > 20);
    let seconds: Option<u64> = std::env::var("BITRIX24_PORTAL_RANDOM_SECONDS")
        .ok()
        .map(|text| text.parse().expect("a number of seconds"));
    let mut portal = Process::start(&["--sample-rows", "3", "--rows-on-demand"]);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let http = reqwest::Client::new();
    let send = |method: &Method, one: &Call| -> (u16, Value) {
        let params = params(method, one);
        let path = if method.is_v3 {
            portal.webhook.replace("/rest/", "/rest/api/")
        } else {
            portal.webhook.clone()
        };
        let url = format!("{path}{}", method.name);
        let form = |body: String| {
            http.post(&url).header("content-type", "application/x-www-form-urlencoded").body(body)
        };
        let mut request = match one.form {
            Form::Json => http.post(&url).json(&params),
            Form::Brackets => form(brackets(&params)),
            Form::Query => {
                let mut query = brackets(&params);
                query.truncate(20_000);
                http.get(format!("{url}?{query}"))
            }
            Form::Batch => {
                let command = format!("{}?{}", method.name, brackets(&params));
                let commands = json!({"a": command, "b": command, "c": "profile"});
                http.post(format!("{}batch", portal.webhook))
                    .json(&json!({"cmd": commands, "halt": one.key.is_some()}))
            }
        };
        if let Some(key) = one.key {
            request = request.header("idempotency-key", key.to_string());
        }
        runtime.block_on(async {
            let answer = request.timeout(Duration::from_secs(60)).send().await.expect("an answer");
            let status = answer.status().as_u16();
            (status, answer.json().await.expect("JSON"))
        })
    };
    let begin = Instant::now();
    let mut rounds = 0;
    loop {
        let config = Config { cases: 1000, failure_persistence: None, ..Config::default() };
        // The same calls in each short run; other ones in each round of a long one.
        let mut runner = if seconds.is_some() {
            TestRunner::new(config)
        } else {
            let rng = proptest::test_runner::TestRng::deterministic_rng(
                proptest::test_runner::RngAlgorithm::ChaCha,
            );
            TestRunner::new_with_rng(config, rng)
        };
        let outcome = runner.run(&call(methods.len()), |one| {
            let method = &methods[one.method];
            let (status, body) = send(method, &one);
            let problem = problem(method, one.form, &system, status, &body);
            prop_assert!(problem.is_none(), "{}: {} {body}", method.name, problem.unwrap_or_default());
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{error}"));
        rounds += 1;
        let memory = portal.memory("VmHWM").unwrap_or(0);
        assert!(memory < MAX_MEMORY[usize::from(seconds.is_some())], "{memory} MiB after {rounds} rounds");
        if seconds.is_none_or(|seconds| begin.elapsed() > Duration::from_secs(seconds)) {
            eprintln!("{rounds} rounds of 1,000 calls in {:?}, {memory} MiB", begin.elapsed());
            break;
        }
    }
    assert!(portal.is_running());
}
