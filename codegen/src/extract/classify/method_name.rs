//! Which method a page is about.

use crate::extract::lexicon::headings::SectionKind;
use crate::extract::lexicon::method_names::is_method_name;
use crate::extract::lexicon::preamble::DEPRECATED_FOLDERS;
use crate::extract::syntax::ast::Page;
use crate::extract::syntax::calls::Calls;

/// The name of the method, in the spelling of the code where that has one.
///
/// The title names it last; code is copied from page to page, and so sometimes names another. Where both agree there is no
/// doubt. Where they do not, the file is named after the method. Only then one alone is believed.
pub(crate) fn method_name(page: &Page, calls: &Calls, path: &str) -> Option<String> {
    let title = title_name(page);
    let from_code =
        title.as_ref().and_then(|title| calls.names().find(|name| name.eq_ignore_ascii_case(title)));
    if let Some(name) = from_code {
        return Some(name.to_owned());
    }
    let file = alphanumeric(
        path.rsplit('/').next().unwrap_or_default().trim_end_matches(".md").trim_end_matches(".txt"),
    );
    let candidates: Vec<&str> = title.iter().map(String::as_str).chain(calls.names()).collect();
    let named_like_file =
        candidates.iter().find(|name| alphanumeric(name) == file).map(|name| (*name).to_owned());
    if named_like_file.is_some() {
        return named_like_file;
    }
    let of_a_method = [SectionKind::Parameters, SectionKind::Response, SectionKind::Errors];
    title.filter(|_| of_a_method.into_iter().any(|kind| page.has(kind)))
}

/// The last word of the title that has dots in it, as names of methods do.
fn title_name(page: &Page) -> Option<String> {
    let title = page.title.prose();
    let words =
        title.split_whitespace().rev().map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()));
    words.filter(|word| word.contains('.')).find(|word| is_method_name(word)).map(str::to_owned)
}

/// Whether the file is named after the method, as the main page of a method is.
pub(crate) fn file_is_named_after(path: &str, method: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or_default();
    let file = file.split('.').next().unwrap_or_default();
    alphanumeric(file) == alphanumeric(method)
}

/// Whether this is the page of the method that decides where several speak of it: the one named after it, and neither
/// among examples nor among what is outdated.
pub(crate) fn is_main_page(path: &str, method: &str) -> bool {
    let aside = |folder: &str| folder == "examples" || DEPRECATED_FOLDERS.contains(&folder);
    file_is_named_after(path, method) && !path.rsplit('/').skip(1).any(aside)
}

fn alphanumeric(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}
