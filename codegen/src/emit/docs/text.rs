//! Pieces of documentation: escaping, code spans, and sentences of a text in Markdown.

/// Formats a code span, with a fence that is longer than any run of backticks in the text.
pub fn code(text: &str) -> String {
    let (mut longest, mut run) = (0, 0);
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Escapes what Markdown and rustdoc would interpret.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '[' | ']' | '<' | '>' | '*' | '`' | '\\' | '|') {
            escaped.push('\\');
        }
        escaped.push(if c.is_control() { ' ' } else { c });
    }
    escaped
}

/// Escapes a text for a table cell.
pub(super) fn cell(text: &str) -> String {
    text.replace("\\|", "|").replace('|', "\\|")
}

/// The words with which a sentence can begin that goes on in the middle of another one.
const CONTINUING: &[&str] = &[
    "A",
    "All",
    "An",
    "As",
    "Both",
    "Each",
    "Either",
    "For",
    "How",
    "Information",
    "Its",
    "Nothing",
    "One",
    "Only",
    "The",
    "Their",
    "What",
    "Whether",
    "Which",
    "With",
];

/// A text as the end of a sentence: with a small letter if it begins with a common word. `None`: it stays a sentence.
pub(super) fn continued(text: &str) -> Option<String> {
    let word = text.split([' ', ',', ':']).next().unwrap_or_default();
    if text.starts_with('`') {
        return Some(text.to_owned());
    }
    let rest = text.strip_prefix(word)?;
    CONTINUING.contains(&word).then(|| format!("{}{rest}", word.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_continue_a_sentence() {
        assert_eq!(continued("The number."), Some("the number.".to_owned()));
        assert_eq!(continued("`true` if it is."), Some("`true` if it is.".to_owned()));
        assert_eq!(continued("Deals by number."), None);
    }
}
