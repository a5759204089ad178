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

/// The first sentence of a text, and the rest. Full stops inside of code and links end no sentence.
pub(super) fn first_sentence(text: &str) -> (&str, &str) {
    let mut is_code = false;
    let mut depth = 0_usize;
    let mut letters = text.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        match c {
            '`' => is_code = !is_code,
            '[' | '(' if !is_code => depth += 1,
            ']' | ')' if !is_code => depth = depth.saturating_sub(1),
            '.' | '!' | '?' if !is_code && depth == 0 => {
                let end = at + c.len_utf8();
                if letters.peek().is_some_and(|(_, next)| *next == ' ') {
                    return (&text[..end], text[end..].trim_start());
                }
            }
            _ => {}
        }
    }
    (text, "")
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
    fn sentences_end_outside_of_code_and_links() {
        let text = "Calls `a. b` of [x. y](z. q). Then more. And more.";
        assert_eq!(first_sentence(text), ("Calls `a. b` of [x. y](z. q).", "Then more. And more."));
        assert_eq!(first_sentence("Version 1.2 only"), ("Version 1.2 only", ""));
    }

    #[test]
    fn texts_continue_a_sentence() {
        assert_eq!(continued("The number."), Some("the number.".to_owned()));
        assert_eq!(continued("`true` if it is."), Some("`true` if it is.".to_owned()));
        assert_eq!(continued("Deals by number."), None);
    }
}
