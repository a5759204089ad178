//! The scopes of a method.

use crate::extract::classify::preamble::{Audience, Preamble};
use crate::extract::evidence::Evidence;
use crate::extract::lexicon::preamble::{NO_SCOPE, SCOPE_CODES, SCOPE_LABELS, SCOPE_SEPARATORS, WHO_LABELS};
use crate::extract::page_log::PageLog;
use crate::extract::register::errors::CODE_SPAN;
use crate::extract::register::page::{NO_SCOPE_NEEDED, SCOPE_CODE, SCOPE_LINE};
use crate::extract::syntax::ast::{Run, Text, one_line};

/// The scopes: code spans behind the label, or words up to the text that rendering has joined to them. A page with
/// the line on who may call its method and without a line of scopes is about a method that needs none. `None` if the page has neither line.
pub(crate) fn extract(preamble: &Preamble<'_>, log: &mut PageLog) -> Option<Evidence<Vec<String>>> {
    let Some((text, following)) = preamble.scope else {
        let no_scope = || Evidence::new(&NO_SCOPE_NEEDED, Vec::new(), 0);
        return (preamble.audience == Some(Audience::Method)).then(no_scope);
    };
    let (named, rest) = match text.code().next().is_some() {
        true => {
            log.fire(&CODE_SPAN);
            from_code(text)
        }
        false => from_words(text, following)?,
    };
    let mut scopes: Vec<String> = Vec::new();
    for word in named.iter().flat_map(|named| named.split(',')).map(str::trim) {
        let code = SCOPE_CODES.iter().find(|(name, _)| *name == word).map_or(word, |(_, code)| {
            log.fire(&SCOPE_CODE);
            code
        });
        if is_scope(code) && !scopes.iter().any(|known| known == code) {
            scopes.push(code.to_owned());
        } else if !is_scope(code) && !word.is_empty() && !NO_SCOPE.contains(&word) {
            log.add(
                text.line,
                format!("`{word}` is no scope, so it was left out"),
                "lower-case letters, digits, `_` and `.`",
            );
        }
    }
    if let Some(rest) = rest {
        let message = format!("besides the scopes that are listed, this depends on the call: \"{rest}\"");
        log.add(text.line, message, "a list of scopes; the rest was left out");
    }
    Some(Evidence::new(&SCOPE_LINE, scopes, text.line))
}

/// The code spans of a list, and the text behind it. A code span behind words that are no part of a list, as in "module scope
/// from `moduleId`", is no scope.
fn from_code(text: &Text) -> (Vec<String>, Option<String>) {
    let mut named = Vec::new();
    let mut before = String::new();
    let runs = text.runs();
    for (index, run) in runs.iter().enumerate() {
        let code = match run {
            Run::Break if !named.is_empty() => break,
            Run::Code(code) => code,
            words => {
                before.push_str(words.as_str());
                continue;
            }
        };
        let words = match SCOPE_LABELS.strip_from(before.trim()) {
            Some(behind) if named.is_empty() => behind,
            _ => before.as_str(),
        };
        let mut words = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        if !words.all(|word| SCOPE_SEPARATORS.contains(&word)) {
            let rest: String = runs.iter().skip(index.saturating_sub(1)).map(Run::as_str).collect();
            return (named, Some(one_line(rest.trim_start_matches([']', ',', ' ']))));
        }
        named.push(code.trim().to_owned());
        before.clear();
    }
    (named, None)
}

fn from_words(text: &Text, following: Option<&Text>) -> Option<(Vec<String>, Option<String>)> {
    let prose = text.prose();
    let after = SCOPE_LABELS.strip_from(&prose)?;
    let after = if after.trim().is_empty() { following?.prose() } else { after.to_owned() };
    let end = WHO_LABELS.iter().filter_map(|label| after.find(label)).min().unwrap_or(after.len());
    Some((vec![after.get(..end)?.to_owned()], None))
}

fn is_scope(word: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '.');
    !word.is_empty() && word.chars().all(fits) && !NO_SCOPE.contains(&word)
}
