//! Values in running text: "Possible values: `a`, `b`", each perhaps with its meaning or in a line of its own.

use crate::extract::lexicon::phrases::sentences;
use crate::extract::lexicon::values::{
    BEFORE_VALUES, DEFAULTS, EXAMPLES, KINDS, LEADS, NO_VALUES, SEPARATORS, VALUES, VALUES_ALONE,
};
use crate::extract::rules::params::literals::{DASHES, item_value, literal};
use crate::extract::syntax::ast::{Run, Text};
use crate::extract::syntax::text::prose;

/// The values behind an announcement in the same text.
pub(super) fn in_line(text: &Text) -> Vec<String> {
    let runs = text.runs();
    let start = runs.iter().position(announces);
    let start = start.or_else(|| runs.first().filter(|run| is_kind(run)).map(|_| 0));
    let start = start.or_else(|| kind_line(text, &runs));
    start.and_then(|start| runs.get(start + 1..)).and_then(read).unwrap_or_default()
}

/// The values that the lines of a text explain one by one: "`a` — the first".
pub(super) fn in_lines(text: &Text) -> Vec<String> {
    let runs = text.runs();
    let begins = |run: &Run<'_>| !run.is_blank();
    let start = runs.iter().position(begins).filter(|start| matches!(runs.get(*start), Some(Run::Code(_))));
    start.and_then(|start| runs.get(start..)).and_then(read).unwrap_or_default()
}

/// The values that an item begins with: one and its meaning, or several in a row.
pub(super) fn in_item(item: &Text) -> Option<Vec<String>> {
    if !begins_row(item) {
        return item_value(item).map(|value| vec![value]);
    }
    let values = in_lines(item);
    (!values.is_empty()).then_some(values)
}

/// Whether a text begins with several values in a row: "`a`, `b`".
fn begins_row(text: &Text) -> bool {
    let runs = text.runs();
    let mut runs = runs.iter().skip_while(|run| run.is_blank());
    let is_separator = |words: &str| words.starts_with([',', ';']) && SEPARATORS.are(words);
    matches!(runs.next(), Some(Run::Code(_)))
        && matches!(runs.next(), Some(Run::Words(words)) if is_separator(words.trim()))
        && matches!(runs.next(), Some(Run::Code(_)))
}

/// Whether words announce values: "Possible values:", "the allowed values are", "accepts values". "Examples of valid values:"
/// announces some of them.
fn announces(run: &Run<'_>) -> bool {
    let Run::Words(words) = run else { return false };
    let words = words.trim_end();
    let last = sentences(words).last().unwrap_or_default();
    if EXAMPLES.begin(last) {
        return false;
    }
    (words.ends_with([':', '—']) || BEFORE_VALUES.end(words)) && VALUES.stand_in(last)
        || VALUES.end(last)
        || words.ends_with(':') && VALUES_ALONE.are(last.trim_end_matches(':'))
        || LEADS.end(last.trim_end_matches(':'))
}

/// Whether the words before the first code name a kind and nothing else: "Kind of the cage:".
fn is_kind(run: &Run<'_>) -> bool {
    let Run::Words(words) = run else { return false };
    let words = words.trim_end();
    let alone = sentences(words.trim_end_matches(':')).count() == 1;
    words.ends_with(':')
        && alone
        && KINDS.are_words_of(words)
        && !NO_VALUES.are_words_of(words)
        && !EXAMPLES.stand_in(words)
}

/// The end of a first line that names a kind, with values in the line below: "Kind of the cage if `OPEN = 1`:".
fn kind_line(text: &Text, runs: &[Run<'_>]) -> Option<usize> {
    let end = runs.iter().position(|run| *run == Run::Break)?;
    let is_last = |run: &&Run<'_>| matches!(run, Run::Words(words) if words.trim_end().ends_with(':'));
    runs.get(..end)?.iter().rev().find(|run| !run.is_blank()).filter(is_last)?;
    let first = Run::Words(prose(text.first_line()).into());
    is_kind(&first).then_some(end)
}

/// The values up to the end of the sentence or of the lines of values. `None` where the runs are something else.
fn read(runs: &[Run<'_>]) -> Option<Vec<String>> {
    let mut values = Vec::new();
    let mut joined = true;
    // Whether each value has a line of its own, in which its meaning may have code.
    let mut in_lines = false;
    let mut in_meaning = false;
    for (at, run) in runs.iter().enumerate() {
        let rest = runs.get(at + 1..).unwrap_or_default();
        match run {
            Run::Code(_) | Run::Words(_) if in_meaning => {}
            Run::Code(code) if joined => {
                // One code span may have all values, with strokes between them.
                let all: Option<Vec<String>> = code.split('|').map(literal).collect();
                values.extend(all?);
                joined = false;
            }
            Run::Code(_) => return None,
            Run::Break if joined || begins_line(rest) => (joined, in_lines, in_meaning) = (true, true, false),
            Run::Break => break,
            Run::Words(words) => match after_value(words.trim()) {
                Next::Value => joined = true,
                Next::Meaning => in_meaning = in_lines,
                Next::End => break,
                Next::Other => return None,
            },
        }
    }
    (values.len() >= 2 && !joined).then_some(values)
}

/// Whether a line has a value alone or explains it: "`a` — the first".
fn begins_line(rest: &[Run<'_>]) -> bool {
    let mut rest = rest.iter().skip_while(|run| matches!(run, Run::Words(_)) && run.is_blank());
    let is_value = matches!(rest.next(), Some(Run::Code(_)));
    let mut rest = rest.skip_while(|run| matches!(run, Run::Words(_)) && run.is_blank());
    is_value && rest.next().is_none_or(|next| *next == Run::Break || is_meaning(next))
}

fn is_meaning(run: &Run<'_>) -> bool {
    matches!(run, Run::Words(words) if words.trim_start().starts_with(DASHES))
}

/// What words behind a value lead to.
enum Next {
    /// Another value.
    Value,
    /// The end of the text, or of a line.
    Meaning,
    /// The end of the values.
    End,
    /// Something else than values.
    Other,
}

fn after_value(words: &str) -> Next {
    if SEPARATORS.are(words) {
        return Next::Value;
    }
    if words.is_empty() || words.starts_with('.') {
        return Next::End;
    }
    let bare = words.trim_start_matches([',', ';']).trim_start();
    if bare.len() < words.len() && DEFAULTS.begin(bare) {
        return Next::End;
    }
    if !words.starts_with(DASHES) || bare.len() < words.len() {
        return Next::Other;
    }
    if words.contains(". ") || words.ends_with('.') {
        return Next::End;
    }
    let joins = words.ends_with([',', ';']) || words.ends_with(" or") || words.ends_with(" and");
    if joins { Next::Value } else { Next::Meaning }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::syntax::ast::{Span, SpanKind};

    /// A text in which `'` encloses code and `/` ends a line.
    fn values(marked: &str) -> String {
        let mut spans = Vec::new();
        for (index, part) in marked.split('\'').enumerate() {
            let kind = if index % 2 == 1 { SpanKind::Code } else { SpanKind::Words };
            for (line, text) in part.split('/').enumerate() {
                if line > 0 {
                    spans.push(Span { kind: SpanKind::Break, ..Span::default() });
                }
                if !text.is_empty() {
                    spans.push(Span { kind, text: text.to_owned(), ..Span::default() });
                }
            }
        }
        in_line(&Text { spans, ..Text::default() }).join(" ")
    }

    #[test]
    fn values_end_with_their_sentence_or_their_lines() {
        for (text, found) in [
            ("Possible values: 'a', 'b' or 'c'.", "a b c"),
            ("Possible values: 'a' — one, 'b' — two. Default is 'a'.", "a b"),
            ("Possible values:/'a' — one/'b' — two/Default — 'a'", "a b"),
            ("Possible values:/'a'/'b'", "a b"),
            ("Accepts values 'a' and 'b'. Default is 'a'", "a b"),
            ("Supported values are 'a' and 'b', default is 'b'", "a b"),
            ("Kind of the cage: 'a' or 'b'", "a b"),
            ("Kind of the cage:/'a' — one/'b' — two", "a b"),
            ("The cage. Kind of the key: 'a' or 'b'", ""),
            ("Form of the kind: 'a' or 'b'", ""),
            ("Cages: 'a' or 'b'", ""),
            ("Values: 'a|b'. Default is 'a'", "a b"),
            ("The values: 'a' or 'b'", ""),
            ("Starts with a letter. Examples of valid values: 'a', 'b'", ""),
            ("The key can be 'a' or 'b'", "a b"),
            ("Accepts: 'a', 'b'", "a b"),
            ("It can be read by 'a' or 'b'", ""),
            ("Must be 'a' if 'b' is set", ""),
            ("Options: 'a', 'b'", "a b"),
            ("Possible values: 'a' — like 'b', 'c'", ""),
            ("Possible values: 'a' when 'b' is set", ""),
            ("Possible values: 'a'", ""),
            ("Possible values:/'a' — like 'x', or 'y'/'b' — the second", "a b"),
        ] {
            assert_eq!(values(text), found, "{text}");
        }
    }
}
