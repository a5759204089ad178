//! Splits TypeScript into tokens and drops comments.

/// A token of TypeScript.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'a> {
    /// A name, a keyword or a number.
    Word(&'a str),
    /// The content of a string in quotes.
    Text(&'a str),
    /// Any other character that is not white space.
    Mark(char),
}

/// The tokens of code, in linear time.
pub(super) fn tokens(code: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        let length = if c.is_whitespace() {
            c.len_utf8()
        } else if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if matches!(c, '\'' | '"' | '`') {
            let text = rest.get(1..).unwrap_or_default();
            let end = text.find(|end| end == c || (end == '\n' && c != '`')).unwrap_or(text.len());
            tokens.push(Token::Text(text.get(..end).unwrap_or_default()));
            (end + 2).min(rest.len())
        } else if is_word(c) {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            tokens.push(Token::Word(rest.get(..end).unwrap_or_default()));
            end
        } else {
            tokens.push(Token::Mark(c));
            c.len_utf8()
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}
