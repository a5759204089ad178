//! Imports the five documents that the project started with. They are outside the repository; without them the tests print a
//! note and pass.
#![cfg(feature = "importer")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bitrix24_codegen::descriptor::{Descriptor, Pagination, Ran, SourceForm};
use bitrix24_codegen::diagnostic::SourceText;
use bitrix24_codegen::extract::{Import, import, read_documents};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Imports the documents, with or without the patches of the spec. `None` if they are absent.
#[expect(clippy::print_stderr, reason = "the output of the tests must show that they checked nothing")]
fn seeds(with_patches: bool) -> Option<Import> {
    let folder = root().join("../shared/seeds");
    if !folder.is_dir() {
        eprintln!("note: {} does not exist, so nothing is tested", folder.display());
        return None;
    }
    let documents = read_documents(&folder).unwrap();
    let patches = if with_patches { patches() } else { Vec::new() };
    let first = import(&documents, &[], None, &patches);
    let again = import(&documents, &first.descriptors, first.system.as_ref(), &patches);
    assert_eq!((&first.descriptors, &first.system), (&again.descriptors, &again.system));
    Some(first)
}

fn patches() -> Vec<Arc<SourceText>> {
    let files = std::fs::read_dir(root().join("spec/patches")).unwrap();
    let read =
        |path: PathBuf| SourceText::new(path.display().to_string(), std::fs::read_to_string(path).unwrap());
    files.map(|file| read(file.unwrap().path())).collect()
}

fn method<'a>(import: &'a Import, name: &str) -> &'a Descriptor {
    import.descriptors.iter().find(|descriptor| descriptor.method == name).unwrap()
}

/// The code, the status and the `historical` mark of each error.
fn errors(descriptor: &Descriptor) -> Vec<(&str, Option<u16>, bool)> {
    descriptor.errors.iter().map(|error| (error.code.as_str(), error.status, error.historical)).collect()
}

fn json(descriptor: &Descriptor, key: &str) -> String {
    serde_json::to_value(descriptor).unwrap()[key].to_string()
}

#[test]
fn the_documents_describe_three_methods_and_the_system() {
    let Some(import) = seeds(true) else { return };
    assert_eq!(import.report.errors(), 0, "{:?}", import.report.diagnostics);
    assert_eq!((import.report.read.len(), import.report.skipped.len()), (5, 0));
    let known =
        ["imopenlines.bot.session.finish", "imopenlines.session.head.vote", "imopenlines.session.start"];
    let of_these = |target: &Option<String>| target.as_deref().is_none_or(|target| known.contains(&target));
    assert!(!import.report.patches_left_alone.iter().any(|patch| of_these(&patch.target)));
    let methods: Vec<_> = import.descriptors.iter().map(|descriptor| descriptor.method.as_str()).collect();
    assert_eq!(
        methods,
        ["imopenlines.bot.session.finish", "imopenlines.session.head.vote", "imopenlines.session.start"]
    );
    for descriptor in &import.descriptors {
        assert_eq!(json(descriptor, "returns"), r#"{"type":"boolean"}"#);
        assert_eq!(descriptor.pagination, Pagination::None);
        assert!(descriptor.page.is_some() && descriptor.summary.is_some());
        for (name, schema) in &descriptor.params.properties {
            assert!(!schema.types.is_empty(), "{name}");
        }
    }
}

#[test]
fn vote_is_merged_from_three_documents() {
    let Some(import) = seeds(true) else { return };
    let vote = method(&import, "imopenlines.session.head.vote");
    assert_eq!(vote.scope, ["imopenlines"]);
    assert_eq!(vote.args, ["SESSION_ID"]);
    assert_eq!(vote.rate_limit_per_sec, Some(2), "only the oldest document has it");
    assert_eq!(
        json(vote, "params"),
        r#"{"type":"object","required":["SESSION_ID"],"properties":{"SESSION_ID":{"type":"integer"},"RATING":{"type":"integer","minimum":1,"maximum":5},"COMMENT":{"type":"string"}},"anyOf":[{"required":["RATING"]},{"required":["COMMENT"]}]}"#
    );
    let expected = [
        ("EMPTY_VOTE_PARAMS", Some(400), false),
        ("EMPTY_SESSION_ID", Some(400), false),
        ("ACCESS_DENIED", Some(400), false),
        ("CHAT_TYPE", None, true),
        ("CHAT_ID", None, true),
        ("WRONG_PARAMETER", None, true),
    ];
    assert_eq!(errors(vote), expected);
    let forms: Vec<_> = vote.sources.iter().map(|source| source.form).collect();
    use SourceForm::{FrontMatter, Patch, Rendered, Yfm};
    assert_eq!(forms, [Rendered, Yfm, Yfm, FrontMatter, Patch]);
}

#[test]
fn without_patches_every_unknown_fact_is_reported() {
    let Some(import) = seeds(false) else { return };
    let vote = method(&import, "imopenlines.session.head.vote");
    let promised: Vec<_> = vote.errors.iter().filter(|error| !error.historical).collect();
    assert_eq!(promised.len(), 1);
    let finish = method(&import, "imopenlines.bot.session.finish");
    assert_eq!(finish.scope, ["imopenlines", "imbot"]);
    assert_eq!(errors(finish), [("CHAT_ID_EMPTY", None, false)]);
    assert_eq!(finish.params.required, ["CHAT_ID"]);
    assert_eq!(errors(method(&import, "imopenlines.session.start")), [("CHAT_ID", Some(400), false)]);
    assert!(import.system.as_ref().unwrap().errors.is_empty());
    let messages: Vec<_> = import.report.diagnostics.iter().map(ToString::to_string).collect();
    let count = |words: &str| messages.iter().filter(|message| message.contains(words)).count();
    assert_eq!(count("15 of 15 system errors"), 3);
    assert_eq!(count("the code of the error"), 7);
    assert_eq!(count("the type of CLIENT_ID is not known"), 1);
    assert_eq!(count("is kept as historical"), 4);
    assert_eq!(count("in the front"), 2);
    assert!(import.report.diagnostics.iter().all(|diagnostic| diagnostic.position().is_some()));
}

#[test]
fn the_system_has_fifteen_documented_errors_and_eleven_from_patches() {
    let Some(import) = seeds(true) else { return };
    let system = import.system.unwrap();
    assert_eq!(system.errors.len(), 15 + 11);
    let without_status = system.errors.iter().filter(|error| error.status.is_none());
    assert_eq!(without_status.map(|error| &*error.code).collect::<Vec<_>>(), ["ERROR_METHOD_NOT_FOUND"]);
    assert_eq!(system.errors.iter().filter(|error| error.ran == Ran::No).count(), 13 + 11);
    assert_eq!(system.time.properties.len(), 8);
}
