//! The method that a page is about.

use crate::extract::lexicon::headings::SectionKind;
use crate::extract::lexicon::method_names::is_method_name;
use crate::extract::lexicon::preamble::DEPRECATED_FOLDERS;
use crate::extract::register::Rule;
use crate::extract::register::page::{METHOD_NAME_IN_CODE, METHOD_NAME_IN_TITLE};
use crate::extract::syntax::ast::Page;
use crate::extract::syntax::calls::Calls;

/// The sections of a page about a method.
pub(super) const METHOD_SECTIONS: [SectionKind; 3] =
    [SectionKind::Parameters, SectionKind::Response, SectionKind::Errors];

/// The name of the method, in the spelling of the code if the code has it, and the rule that read it.
///
/// The title has the name last; examples are copied between pages and may name another method. A name in both is certain.
/// Otherwise the name after which the file is named is taken, and at last the title alone.
pub(crate) fn method_name(page: &Page, calls: &Calls, path: &str) -> Option<(String, &'static Rule)> {
    let title = title_name(page);
    let from_code =
        title.as_ref().and_then(|title| calls.names().find(|name| name.eq_ignore_ascii_case(title)));
    if let Some(name) = from_code {
        return Some((name.to_owned(), &METHOD_NAME_IN_TITLE));
    }
    if let Some(name) = named_like_file(title.as_deref().into_iter().chain(calls.names()), path) {
        return Some((name, &METHOD_NAME_IN_CODE));
    }
    let has_method_sections = || METHOD_SECTIONS.into_iter().any(|kind| page.has(kind));
    title.filter(|_| has_method_sections()).map(|name| (name, &METHOD_NAME_IN_TITLE))
}

/// The last word of the title with dots in it that has the form of a method's name. A word such as `zoo.cage.*` or `zoo.v2`
/// stands for several methods.
fn title_name(page: &Page) -> Option<String> {
    let title = page.title.prose();
    let words = title.split_whitespace().rev().filter(|word| !word.ends_with(".*"));
    let mut words = words.map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()));
    let is_name = |word: &&str| word.contains('.') && !ends_with_version(word) && is_method_name(word);
    words.find(is_name).map(str::to_owned)
}

/// Whether the last part of a name is a version: `v2`.
fn ends_with_version(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    let number = last.strip_prefix(['v', 'V']).unwrap_or_default();
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// The first of these names after which the file is named.
fn named_like_file<'a>(mut names: impl Iterator<Item = &'a str>, path: &str) -> Option<String> {
    let file = path.rsplit('/').next().unwrap_or_default();
    let file = alphanumeric(file.trim_end_matches(".md").trim_end_matches(".txt"));
    names.find(|name| alphanumeric(name) == file).map(str::to_owned)
}

/// Whether the file is named after the method, as the main page of a method is.
pub(crate) fn file_is_named_after(path: &str, method: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or_default();
    let file = file.split('.').next().unwrap_or_default();
    alphanumeric(file) == alphanumeric(method)
}

/// Whether this is the main page of the method, which decides between several: its file is named after the method, and
/// it is neither among examples nor among deprecated pages.
pub(crate) fn is_main_page(path: &str, method: &str) -> bool {
    let is_aside = |folder: &str| folder == "examples" || DEPRECATED_FOLDERS.contains(&folder);
    file_is_named_after(path, method) && !path.rsplit('/').skip(1).any(is_aside)
}

fn alphanumeric(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}
