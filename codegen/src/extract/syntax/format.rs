//! The form a document came in, told from its text.

use std::sync::Arc;

use crate::descriptor::SourceForm;
use crate::diagnostic::{Diagnostic, SourceText};
use crate::extract::diagnostics::PageDiagnostics;
use crate::extract::source::documents::Document;
use crate::extract::syntax::ast::Page;
use crate::extract::syntax::{front_matter, rendered, yfm};

/// A document that could be read as text.
pub(crate) struct ReadPage {
    pub(crate) source: Arc<SourceText>,
    /// The form of the page itself: Markdown or rendered.
    pub(crate) form: SourceForm,
    pub(crate) page: Page,
    /// What stands between `---` lines at its head, where something does.
    pub(crate) front_matter: Option<front_matter::FrontMatter>,
}

/// Reads a document in whatever form it is.
///
/// # Errors
/// Where it is not text.
pub(crate) fn read(document: &Document) -> Result<ReadPage, Diagnostic> {
    let text = match std::str::from_utf8(&document.bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => return Err(not_utf8(document, error.valid_up_to())),
    };
    let source = SourceText::new(document.path.as_str(), text);
    if let Some(head) = front_matter::split(text) {
        let mut diagnostics = PageDiagnostics::default();
        let front_matter = front_matter::read(&head, &mut diagnostics);
        let mut page = yfm::read_page(head.page, head.page_line);
        diagnostics.append(std::mem::take(&mut page.diagnostics));
        page.diagnostics = diagnostics;
        return Ok(ReadPage { source, form: SourceForm::Yfm, page, front_matter });
    }
    let (form, page) = if rendered::is_rendered(text) {
        (SourceForm::Rendered, rendered::read_page(text))
    } else {
        (SourceForm::Yfm, yfm::read_page(text, 1))
    };
    Ok(ReadPage { source, form, page, front_matter: None })
}

/// The line of the first byte that is no UTF-8 is shown with what is wrong replaced.
fn not_utf8(document: &Document, valid: usize) -> Diagnostic {
    let line = 1 + document.bytes.iter().take(valid).filter(|byte| **byte == b'\n').count();
    let source = SourceText::new(document.path.as_str(), String::from_utf8_lossy(&document.bytes));
    Diagnostic::warning("this document is not UTF-8, so nothing of it was used")
        .expecting("the document in UTF-8")
        .at_line(&source, line)
}
