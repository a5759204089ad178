//! Detects the source form of a document from its text and parses it.

use std::sync::Arc;

use crate::descriptor::SourceForm;
use crate::diagnostic::{Diagnostic, SourceText};
use crate::extract::page_log::PageLog;
use crate::extract::source::documents::Document;
use crate::extract::syntax::ast::Page;
use crate::extract::syntax::front_matter::FrontMatter;
use crate::extract::syntax::{front_matter, rendered, yfm};

/// A document that is text, parsed.
pub(crate) struct ParsedPage {
    /// The form of the page itself: Markdown or rendered.
    pub(crate) form: SourceForm,
    pub(crate) page: Page,
    /// The front matter at the head of the document, if any.
    pub(crate) front_matter: Option<FrontMatter>,
}

/// Detects the form of a document and parses it.
///
/// # Errors
/// Returns a diagnostic if the document is not UTF-8.
pub(crate) fn parse(document: &Document) -> Result<ParsedPage, Diagnostic> {
    let text = match std::str::from_utf8(&document.bytes) {
        Ok(text) => without_bom(text),
        Err(error) => return Err(not_utf8(document, error.valid_up_to())),
    };
    if let Some(head) = front_matter::split(text) {
        let mut log = PageLog::default();
        let front_matter = front_matter::read(&head, &mut log);
        let mut page = yfm::read_page(head.page, head.page_line);
        log.append(std::mem::take(&mut page.log));
        page.log = log;
        return Ok(ParsedPage { form: SourceForm::Yfm, page, front_matter });
    }
    let (form, page) = if rendered::is_rendered(text) {
        (SourceForm::Rendered, rendered::read_page(text))
    } else {
        (SourceForm::Yfm, yfm::read_page(text, 1))
    };
    Ok(ParsedPage { form, page, front_matter: None })
}

/// The text of a document for diagnostics.
pub(crate) fn source_of(document: &Document) -> Arc<SourceText> {
    let text = String::from_utf8_lossy(&document.bytes);
    SourceText::new(document.path.as_str(), without_bom(&text))
}

/// The text without a byte order mark.
fn without_bom(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// Reports the line of the first byte that is not UTF-8. Invalid bytes are replaced in the shown line.
fn not_utf8(document: &Document, valid: usize) -> Diagnostic {
    let line = 1 + document.bytes.iter().take(valid).filter(|byte| **byte == b'\n').count();
    let source = source_of(document);
    Diagnostic::warning("the document is not UTF-8 and is skipped")
        .expecting("a document in UTF-8")
        .at_line(&source, line)
}
