//! The examples of pages: request bodies, successful responses, and the codes of error tables.
//!
//! An import makes descriptors of them and merges them for it. Here each example stays as it is, with its line, so that a
//! documentation can be compared with the descriptors of another.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use crate::descriptor::Api;
use crate::diagnostic::SourceText;
use crate::extract::classify::PageSubject;
use crate::extract::lexicon::headings::SectionKind;
use crate::extract::page_log::PageLog;
use crate::extract::pages::method_pages;
use crate::extract::rules::errors;
use crate::extract::rules::returns::envelope::Envelope;
use crate::extract::source::documents::Document;
use crate::extract::syntax::ast::{Code, Page, Section};
use crate::extract::syntax::calls::Calls;
use crate::extract::syntax::curl;
use crate::extract::syntax::json::without_place;
use crate::extract::syntax::json_repair::repaired;
use crate::extract::syntax::parsed::ReadPage;

/// The examples of one method in one document.
#[derive(Debug)]
pub struct MethodExamples {
    /// The document.
    pub source: Arc<SourceText>,
    /// The interface that its method belongs to.
    pub api: Api,
    /// The name of the method.
    pub method: String,
    /// The bodies of requests, each once, without the token of the caller.
    pub requests: Vec<RequestExample>,
    /// The successful responses.
    pub responses: Vec<ResponseExample>,
    /// The rows of the error tables.
    pub errors: Vec<DocumentedError>,
}

/// The body of a request: the text behind `-d` in a call of curl.
#[derive(Debug, PartialEq)]
pub struct RequestExample {
    /// The line in which the body begins.
    pub line: usize,
    /// The method that the same call addresses, where it is not that of the page.
    pub other_method: Option<String>,
    /// The body, or why it is not JSON.
    pub body: Result<Value, String>,
}

/// A successful response.
#[derive(Debug, PartialEq)]
pub struct ResponseExample {
    /// The line in which the example begins, or in which it stops being JSON.
    pub line: usize,
    /// The value of `result`, or why the example is not JSON.
    pub result: Result<Value, String>,
}

/// A row of an error table.
#[derive(Debug, PartialEq)]
pub struct DocumentedError {
    /// The line of the row.
    pub line: usize,
    /// The code; empty where the portal sends no code.
    pub code: String,
    /// The message that the portal sends with it.
    pub message: Option<String>,
}

/// Reads all examples of documents, in the order of their paths. Documents that are not about a method have none.
pub fn examples(documents: &[Document]) -> Vec<MethodExamples> {
    method_pages(documents, of_page)
}

fn of_page(read: ReadPage<'_>, subject: PageSubject) -> MethodExamples {
    let page = read.page;
    let listed = errors::extract(page, read.form, &mut PageLog::default()).rows.unwrap_or_default();
    let listed = listed.into_iter().filter_map(|row| {
        Some(DocumentedError { line: row.line, code: row.code?, message: row.message })
            .filter(|error| !error.code.is_empty() || error.message.is_some())
    });
    MethodExamples {
        requests: requests(page, &subject.method),
        responses: responses(page),
        errors: listed.collect(),
        api: subject.api,
        method: subject.method,
        source: read.source,
    }
}

/// The request bodies of a page, each once: the tab of an application repeats that of a webhook, except for its token.
fn requests(page: &Page, method: &str) -> Vec<RequestExample> {
    let mut seen = HashSet::new();
    let calls =
        page.sections.iter().flat_map(Section::code).flat_map(|code| {
            curl::calls_in(&code.text).into_iter().map(|(line, call)| (code.line + line, call))
        });
    let found = calls.flat_map(|(line, call)| bodies(line, &call, method));
    found
        .filter(|request| seen.insert(request.body.as_ref().map(Value::to_string).map_err(Clone::clone)))
        .collect()
}

/// The request bodies in the text of a call, which begins in the given line.
fn bodies(first_line: usize, call: &str, method: &str) -> Vec<RequestExample> {
    let addressed = Calls::of_call(call);
    let is_own = addressed.is_of(method);
    let other_method = addressed.addressed.into_iter().next().filter(|_| !is_own);
    let found = curl::bodies_in(call).list.into_iter();
    found
        .map(|(line, body)| RequestExample {
            line: first_line + line,
            other_method: other_method.clone(),
            body,
        })
        .collect()
}

/// The responses of a page that are not errors.
pub(crate) fn responses(page: &Page) -> Vec<ResponseExample> {
    let mut found = Vec::new();
    for section in &page.sections {
        let kind = section.topic();
        if matches!(kind, SectionKind::Response | SectionKind::ReturnedData) {
            // Beside tables of fields, JSON without an envelope is a part of a response; old pages show the result alone
            // under the response heading.
            let needs_envelope = section.kind != SectionKind::Response;
            found.extend(section.code().filter_map(|code| response(code, needs_envelope)));
        }
    }
    found
}

fn response(code: &Code, needs_envelope: bool) -> Option<ResponseExample> {
    let text = code.text.trim_start();
    let line = code.line
        + code
            .text
            .len()
            .checked_sub(text.len())
            .map_or(0, |blank| code.text.get(..blank).unwrap_or_default().matches('\n').count());
    // An example that the importer can repair is used; any other is a mistake of the page.
    match serde_json::from_str(text).or_else(|error| repaired(text).ok_or(error)) {
        // As in an import, an error beside a result does not hide the result.
        Ok(Value::Object(envelope)) if envelope.contains_key("error") && !envelope.contains_key("result") => {
            None
        }
        Ok(Value::Object(envelope)) if envelope.contains_key("result") => {
            Some(ResponseExample { line, result: Ok(Envelope::of(envelope).result) })
        }
        Ok(_) if needs_envelope => None,
        Ok(bare) => Some(ResponseExample { line, result: Ok(Envelope::bare(bare).result) }),
        Err(error) if text.starts_with(['{', '[']) && text.contains("\"result\"") => {
            let line = line + error.line().saturating_sub(1);
            Some(ResponseExample { line, result: Err(without_place(&error)) })
        }
        Err(_) => None,
    }
}
