//! The other names of a method.

use crate::extract::evidence::Evidence;
use crate::extract::lexicon::method_names::is_method_name;
use crate::extract::lexicon::preamble::ALIASES;
use crate::extract::register::page::ALIAS_SENTENCE;
use crate::extract::syntax::ast::Page;

/// The names in a paragraph above the first heading that speaks of an alias, without the name of the method itself.
pub(crate) fn extract(page: &Page, method: &str) -> Option<Evidence<Vec<String>>> {
    let preamble = page.sections.first()?;
    let mut aliases: Vec<String> = Vec::new();
    let mut line = 0;
    for text in preamble.paragraphs() {
        if !ALIASES.stand_in(&text.prose()) {
            continue;
        }
        let names: Vec<&str> =
            text.code().filter(|word| word.contains('.') && is_method_name(word)).collect();
        // A paragraph that does not name this method is about others.
        if names.iter().any(|name| name.eq_ignore_ascii_case(method)) {
            let others = names.into_iter().filter(|name| !name.eq_ignore_ascii_case(method));
            others.for_each(|name| aliases.push(name.to_owned()));
            line = text.line;
        }
    }
    aliases.sort_unstable();
    aliases.dedup();
    (!aliases.is_empty()).then(|| Evidence::new(&ALIAS_SENTENCE, aliases, line))
}
