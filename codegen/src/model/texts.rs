//! Words about items, as Markdown with links of rustdoc. `crate::words` adds them to a library.

use serde::Serialize;

/// The words about a method.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MethodTexts {
    /// What it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What it returns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returns: Option<String>,
    /// Rights, limits and what is surprising.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The methods that replace it, each as a link. One that the words above name is left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replaced_by: Vec<String>,
}

impl MethodTexts {
    /// Whether there are no words.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The words about a module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ModuleTexts {
    /// What its methods are about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The part of the product that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<ScopeTexts>,
}

/// The words about a scope: a part of the product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ScopeTexts {
    /// Its name.
    pub title: String,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Which methods to begin with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
}

/// The first sentence of a text, and the rest. Full stops inside of code and links end no sentence.
pub(crate) fn first_sentence(text: &str) -> (&str, &str) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_outside_of_code_and_links() {
        let text = "Calls `a. b` of [x. y](z. q). Then more. And more.";
        assert_eq!(first_sentence(text), ("Calls `a. b` of [x. y](z. q).", "Then more. And more."));
        assert_eq!(first_sentence("Version 1.2 only"), ("Version 1.2 only", ""));
    }
}
