//! The loader and the generator neither panic nor hang, for arbitrary text and for nearly valid descriptors.

#![cfg(feature = "importer")]

#[path = "../../fuzz/harness.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]
mod harness;

use std::path::Path;
use std::sync::Arc;

use bitrix24_codegen::descriptor::{Descriptor, Spec, SystemDescriptor, read_yaml, to_yaml};
use bitrix24_codegen::diagnostic::SourceText;
use proptest::prelude::*;

/// Reads a text as a descriptor, an entity and the system, and generates Rust or renders the diagnostics.
fn generate_or_report(text: &str) {
    harness::descriptors(text.as_bytes());
    for path in ["entities/a.yaml", "system.yaml"] {
        harness::descriptors(format!("{}{path}\n{text}", harness::SEPARATOR).as_bytes());
    }
}

/// Valid and invalid values.
fn value() -> impl Strategy<Value = String> {
    let words = [
        "object",
        "array",
        "integer",
        "string",
        "boolean",
        "number",
        "\"null\"",
        "[string, \"null\"]",
        "true",
        "12",
        "-1.5",
        "\"\"",
        "\"***\"",
        "type",
        "self",
        "r#type",
        "Option",
        "ID",
        "id",
        "A B",
        "\"a\\nb\"",
        "Название",
        "~",
        ".nan",
        "1e999",
        "\"#/$defs/A\"",
        "&a [*a]",
        "!tag x",
        "v3",
        "unknown",
        "x.type.list",
        "x",
    ];
    prop_oneof![
        4 => proptest::sample::select(words.to_vec()).prop_map(str::to_owned),
        1 => "[ -~]{0,12}",
        1 => "\\PC{0,6}",
    ]
}

/// Keys of the format, and others.
fn key() -> impl Strategy<Value = String> {
    let words = [
        "method",
        "api",
        "scope",
        "pagination",
        "args",
        "params",
        "returns",
        "type",
        "properties",
        "items",
        "required",
        "enum",
        "format",
        "$ref",
        "$defs",
        "anyOf",
        "oneOf",
        "additionalProperties",
        "minimum",
        "maximum",
        "errors",
        "code",
        "status",
        "message",
        "positional",
        "context",
        "rows",
        "deprecated",
        "page",
        "summary",
        "sources",
        "time",
        "ran",
        "A",
        "ID",
        "id",
        "type",
        "\"\"",
    ];
    prop_oneof![8 => proptest::sample::select(words.to_vec()).prop_map(str::to_owned), 1 => "[A-Za-z_*.]{1,8}"]
}

/// YAML with the structure of a descriptor and arbitrary content.
fn nearly_a_descriptor() -> impl Strategy<Value = String> {
    let node = value().prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec((key(), inner.clone()), 0..6).prop_map(|pairs| format!(
                "{{{}}}",
                pairs.iter().map(|(key, value)| format!("{key}: {value}")).collect::<Vec<_>>().join(", ")
            )),
            proptest::collection::vec(inner, 0..5).prop_map(|items| format!("[{}]", items.join(", "))),
        ]
    });
    proptest::collection::vec((key(), node), 1..10).prop_map(|pairs| {
        let mut text = String::from("method: x.y.z\n");
        for (key, value) in pairs {
            text.push_str(&format!("{key}: {value}\n"));
        }
        text
    })
}

/// A valid descriptor with a part removed or replaced.
fn damaged() -> impl Strategy<Value = String> {
    const GOOD: &str = include_str!("cases/required_parameters_are_arguments/zoo.animal.feed.yaml");
    let boundary =
        |at: usize| GOOD.char_indices().map(|(byte, _)| byte).nth(at % GOOD.chars().count()).unwrap_or(0);
    (any::<usize>(), any::<usize>(), "[ -~\n\t]{0,5}").prop_map(move |(a, b, piece)| {
        let (from, to) = (boundary(a).min(boundary(b)), boundary(a).max(boundary(b)));
        let to = to.min(from + 40);
        let to = (to..GOOD.len()).find(|byte| GOOD.is_char_boundary(*byte)).unwrap_or(GOOD.len());
        format!("{}{piece}{}", &GOOD[..from], &GOOD[to..])
    })
}

/// The number of cases: that of `PROPTEST_CASES`, if it is set.
fn config(cases: u32) -> ProptestConfig {
    let default = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { default.cases } else { cases };
    ProptestConfig { cases, failure_persistence: None, ..default }
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn arbitrary_text_does_not_panic(text in "\\PC{0,200}|[ -~\n\t]{0,300}") {
        generate_or_report(&text);
    }

    #[test]
    fn a_nearly_valid_descriptor_does_not_panic(text in nearly_a_descriptor()) {
        generate_or_report(&text);
    }

    #[test]
    fn a_damaged_descriptor_does_not_panic(text in damaged()) {
        generate_or_report(&text);
    }

    #[test]
    fn a_rendered_descriptor_is_parsed_unchanged(text in prop_oneof![nearly_a_descriptor(), damaged()]) {
        let read = |text: &str| read_yaml::<Descriptor>(&SourceText::new("a.yaml", text));
        if let Some(descriptor) = read(&text).content {
            let written = to_yaml(&descriptor).unwrap();
            let again = read(&written);
            prop_assert_eq!(again.problems, vec![], "{}", written);
            prop_assert_eq!(again.content.as_ref(), Some(&descriptor), "{}", written);
        }
    }
}

#[test]
fn invalid_utf8_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.yaml"), b"method: \xff\xfe").unwrap();
    let (spec, problems) = Spec::read(folder.path(), &[Path::new("a.yaml").to_owned()]);
    assert!(spec.methods.is_empty());
    assert!(problems[0].to_string().contains("a.yaml cannot be read"), "{}", problems[0]);
}

#[test]
fn deep_nesting_and_aliases_are_errors() {
    let deep = format!("method: x.y\nparams: {}1{}\n", "{a: ".repeat(5000), "}".repeat(5000));
    let laughs = (1..40)
        .fold("a0: &a0 [x, x]\n".to_owned(), |text, n| format!("{text}a{n}: &a{n} [*a{0}, *a{0}]\n", n - 1));
    for text in [deep, laughs] {
        let source: Arc<SourceText> = SourceText::new("a.yaml", text);
        assert!(!read_yaml::<Descriptor>(&source).problems.is_empty());
        assert!(!read_yaml::<SystemDescriptor>(&source).problems.is_empty());
    }
}
