//! The form a document came in, told from its text.

use std::sync::Arc;

use crate::descriptor::SourceForm;
use crate::diagnostic::{Diagnostic, SourceText};
use crate::extract::diagnostics::PageDiagnostics;
use crate::extract::source::documents::Document;
use crate::extract::syntax::ast::Page;
use crate::extract::syntax::front_matter::FrontMatter;
use crate::extract::syntax::{front_matter, rendered, yfm};

/// A document that could be read as text.
pub(crate) struct ParsedPage {
    /// The form of the page itself: Markdown or rendered.
    pub(crate) form: SourceForm,
    pub(crate) page: Page,
    /// What stands between `---` lines at its head, where something does.
    pub(crate) front_matter: Option<FrontMatter>,
}

/// Parses a document in whatever form it is.
///
/// # Errors
/// Where it is not text.
pub(crate) fn parse(document: &Document) -> Result<ParsedPage, Diagnostic> {
    let text = match std::str::from_utf8(&document.bytes) {
        Ok(text) => without_mark(text),
        Err(error) => return Err(not_utf8(document, error.valid_up_to())),
    };
    if let Some(head) = front_matter::split(text) {
        let mut diagnostics = PageDiagnostics::default();
        let front_matter = front_matter::read(&head, &mut diagnostics);
        let mut page = yfm::read_page(head.page, head.page_line);
        diagnostics.append(std::mem::take(&mut page.diagnostics));
        page.diagnostics = diagnostics;
        return Ok(ParsedPage { form: SourceForm::Yfm, page, front_matter });
    }
    let (form, page) = if rendered::is_rendered(text) {
        (SourceForm::Rendered, rendered::read_page(text))
    } else {
        (SourceForm::Yfm, yfm::read_page(text, 1))
    };
    Ok(ParsedPage { form, page, front_matter: None })
}

/// The text of a document, as diagnostics show it.
pub(crate) fn source_of(document: &Document) -> Arc<SourceText> {
    let text = String::from_utf8_lossy(&document.bytes);
    SourceText::new(document.path.as_str(), without_mark(&text))
}

/// A text without the mark of its byte order.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// The line of the first byte that is no UTF-8 is shown with what is wrong replaced.
fn not_utf8(document: &Document, valid: usize) -> Diagnostic {
    let line = 1 + document.bytes.iter().take(valid).filter(|byte| **byte == b'\n').count();
    let source = source_of(document);
    Diagnostic::warning("this document is not UTF-8, so nothing of it was used")
        .expecting("the document in UTF-8")
        .at_line(&source, line)
}
