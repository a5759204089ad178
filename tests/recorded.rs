//! Recorded traffic on its way: written by a client, checked against the generated types, used by an import, and committed.

use std::fs;
use std::path::Path;

use bitrix24::im_open_lines::session;
use bitrix24::wire::{Mismatch, decode};
use bitrix24::{Batch, Client, Method, RecordValues, Value, json, raw};
use bitrix24_codegen::conform::{ReceivedEvent, ResponseMismatch, SpecIndex, TypeRegistry, conform_recorded};
use bitrix24_codegen::descriptor::{Api, Spec};
use bitrix24_codegen::diagnostic::SourceText;
use bitrix24_codegen::extract::{Document, Options, import_with};
use bitrix24_codegen::lower;
use bitrix24_codegen::recorded::{Recorded, RecordedKind, read_recorded};
use bitrix24_core::recording::Exchange;
use bitrix24_testing::{Call, MockResponse, MockServer};

/// A portal with one conversation, in chat 2043.
fn respond(call: &Call) -> MockResponse {
    match call.method.as_str() {
        "imopenlines.session.start" if call.params["CHAT_ID"] == json!(2043) => {
            MockResponse::result(json!(true))
        }
        "imopenlines.session.start" => MockResponse::error(400, "CHAT_ID", "No such chat"),
        "batch" => MockResponse::result(json!({
            "result": call.params["cmd"].as_object().unwrap().keys().map(|name| (name.clone(), json!("Y"))).collect::<Value>(),
            "result_error": [],
        })),
        _ => MockResponse::result(json!({"35943": {"NAME": "Leo"}, "35944": {"NAME": null}})),
    }
}

/// The types of one method.
struct SessionTypes;

impl TypeRegistry for SessionTypes {
    fn decode(
        &self,
        _: Api,
        method: &str,
        result: Value,
    ) -> Option<Result<Vec<ResponseMismatch>, ResponseMismatch>> {
        let describe = |mismatch: &Mismatch| ResponseMismatch {
            path: mismatch.path(),
            field: mismatch.field(),
            pointer: mismatch.pointer(),
            message: mismatch.to_string(),
        };
        let decoded = || decode::<<session::Start as Method>::Output>(result);
        (method == "imopenlines.session.start").then(|| match decoded() {
            Ok(decoded) => Ok(decoded.mismatches.iter().map(describe).collect()),
            Err(error) => Err(describe(error.mismatch())),
        })
    }

    fn event(&self, name: &str, _: &Value) -> Result<ReceivedEvent, String> {
        Err(format!("{name}: these types have no events"))
    }

    fn knows_error(&self, _: Api, _: &str, code: &str, _: &str) -> Option<bool> {
        Some(code == "CHAT_ID")
    }
}

/// The lines that a client records of four calls.
async fn recorded(values: RecordValues) -> Vec<Recorded> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("traffic.jsonl");
    let server = MockServer::start(respond).await;
    let client = Client::builder().record_to(&path).record_values(values).webhook(&server.webhook()).unwrap();
    client.call(session::start(2043)).await.unwrap();
    client.call(session::start(7)).await.unwrap_err();
    client.call(raw("zoo.animal.list", json!({}))).await.unwrap();
    let mut batch = Batch::new();
    let started = batch.add(session::start(2043));
    assert!(client.run(batch).await.get(started).is_ok());
    client.flush_recording().await.unwrap();
    let mut problems = Vec::new();
    let source = SourceText::new("traffic.jsonl", fs::read_to_string(&path).unwrap());
    let lines = read_recorded(&source, &mut problems);
    assert_eq!(problems, []);
    lines
}

#[tokio::test]
async fn lines_of_a_client_pass_the_check_of_conformance() {
    let (spec, problems) = Spec::load(Path::new(env!("CARGO_MANIFEST_DIR")), Path::new("spec"));
    assert_eq!(problems, []);
    let library = lower::lower(&spec).unwrap();
    for values in [RecordValues::Shapes, RecordValues::Verbatim] {
        let lines = recorded(values).await;
        let checked = conform_recorded(&SpecIndex::new(&spec, &library), &SessionTypes, &lines);
        let totals = &checked.totals;
        assert!(checked.is_good(), "{checked:#?}");
        assert_eq!((totals.lines, totals.replies, totals.typed), (8, 2, 2), "{checked:#?}");
        assert_eq!((totals.errors, totals.errors_known), (1, 1));
        assert_eq!((totals.requests, totals.requests_accepted), (3, 3), "{checked:#?}");
        assert_eq!(checked.unknown_methods[0].method, "zoo.animal.list");
    }
}

#[tokio::test]
async fn shapes_and_verbatim_lines_are_the_same_evidence() {
    let page = "# List animals zoo.animal.list\n\n> Scope: [`zoo`](scopes.md)\n\nThe method has no parameters.\n\n\
                ## Response Handling\n\nIt returns the animals.\n";
    let documents = [Document { path: "page.md".to_owned(), bytes: page.as_bytes().to_vec() }];
    let mut returns = Vec::new();
    for values in [RecordValues::Shapes, RecordValues::Verbatim] {
        let lines = recorded(values).await;
        let options = Options { recorded: &lines, ..Options::default() };
        let import = import_with(&documents, &[], None, &[], options);
        returns.push(serde_json::to_value(&import.descriptors[0].returns).unwrap());
    }
    let row = json!({"type": "object", "properties": {"NAME": {"type": "string"}}});
    assert_eq!(returns[0], json!({"type": "object", "additionalProperties": row}));
    assert_eq!(returns[0], returns[1]);
}

#[test]
fn committed_lines_contain_shapes_only() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("spec/recorded");
    let files = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    for path in files.filter(|path| path.extension().is_some_and(|ending| ending == "jsonl")) {
        let mut problems = Vec::new();
        let shown = path.display().to_string();
        let lines =
            read_recorded(&SourceText::new(&*shown, fs::read_to_string(&path).unwrap()), &mut problems);
        assert_eq!(problems, []);
        let mut params = Value::Null;
        for line in &lines {
            let api = if line.api == Api::V2 { bitrix24::Api::V2 } else { bitrix24::Api::V3 };
            let status = line.status.unwrap_or_default();
            // The commands of a batch are in the line of the request.
            let (before, body) = match line.kind {
                RecordedKind::Request => (line.body.clone(), Value::Null),
                _ => (params.clone(), line.body.clone()),
            };
            let exchange = Exchange::new(api, &line.method, before.clone(), status, body);
            let [request, response] = exchange.lines(RecordValues::Shapes, &str::to_owned);
            let shaped = if line.kind == RecordedKind::Request { request } else { response };
            let shaped: Value = serde_json::from_str(&shaped).unwrap();
            assert_eq!(shaped["body"], line.body, "{shown}:{}: this line is no shape", line.line);
            params = before;
        }
    }
}
