//! `cargo conform --recorded FILE --shapes`: recorded lines with values replaced by shapes, each line once.

use std::collections::HashSet;

use bitrix24_codegen::descriptor::Api;
use bitrix24_codegen::recorded::{Recorded, RecordedKind};
use bitrix24_core::recording::{Exchange, RecordValues, shape};
use serde_json::{Value, json};

/// The lines as a client would have recorded them by default. A batch stays together: its names are in both lines.
pub(crate) fn shapes(lines: &[Recorded]) -> String {
    let mut seen = HashSet::new();
    let mut text = String::new();
    let mut batch = None;
    for line in lines {
        let is_batch = line.method.eq_ignore_ascii_case("batch");
        let shaped = match line.kind {
            RecordedKind::Request if is_batch => {
                batch = Some(&line.body);
                continue;
            }
            RecordedKind::Response if is_batch => exchange(line, batch.take()).join("\n"),
            RecordedKind::Request => first(exchange(line, Some(&line.body))),
            RecordedKind::Response => last(exchange(line, None)),
            RecordedKind::Event => event(line),
        };
        if seen.insert(shaped.clone()) {
            text.push_str(&shaped);
            text.push('\n');
        }
    }
    text
}

/// Both lines of the exchange of a line.
fn exchange(line: &Recorded, params: Option<&Value>) -> [String; 2] {
    let api = match line.api {
        Api::V2 => bitrix24::Api::V2,
        Api::V3 => bitrix24::Api::V3,
    };
    let params = params.cloned().unwrap_or_default();
    let exchange =
        Exchange::new(api, &line.method, params, line.status.unwrap_or_default(), line.body.clone());
    exchange.lines(RecordValues::Shapes, &str::to_owned)
}

fn first([first, _]: [String; 2]) -> String {
    first
}

fn last([_, last]: [String; 2]) -> String {
    last
}

fn event(line: &Recorded) -> String {
    json!({"api": line.api, "method": line.method, "kind": "event", "body": shape(&line.body)}).to_string()
}
