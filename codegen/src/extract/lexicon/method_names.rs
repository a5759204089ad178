//! The form of the names of methods.

/// Whether a word may be the name of a method.
pub(crate) fn is_method_name(word: &str) -> bool {
    word.len() <= 120
        && word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word
            .split('.')
            .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
}
