//! Which names may be written to files and to Rust: those that a reader sees as they are, and that YAML and file systems take.

/// The longest name, in characters. YAML reads keys of up to 1,024, in which an escaped character counts several times.
const LONGEST: usize = 200;

/// The largest number of words with dots between them.
const MOST_WORDS: usize = 20;

/// Why a name is refused, and what is expected. `None`: it is a name.
pub(crate) fn refuse_name(name: &str) -> Option<(&'static str, &'static str)> {
    if name.chars().any(is_control) {
        return Some(("has a control character", "a name without control characters"));
    }
    if name.chars().any(is_invisible) {
        let expected = "a name without characters that are invisible or change the direction of text";
        return Some(("has an invisible character", expected));
    }
    if name.chars().count() > LONGEST {
        return Some(("is too long", "at most 200 characters"));
    }
    None
}

/// Why a name of words with dots is refused, and what is expected.
pub(crate) fn refuse_dotted_name(name: &str) -> Option<(&'static str, &'static str)> {
    let has_many_words =
        || (name.split('.').count() > MOST_WORDS).then_some(("has too many words", "at most 20 words"));
    refuse_name(name).or_else(has_many_words)
}

/// Whether a text changes how the lines around it are shown. rustc rejects such a text.
pub(crate) fn changes_direction(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
}

/// Control characters, and the separators of lines and paragraphs.
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Characters without a form of their own: of direction, of joining, of no width, tags, and the mark of the byte order.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_visible_and_short() {
        for name in ["zoo.animal.feed", "!=%TITLE", "Название", "~FIELD", "a b", &"x".repeat(200), ""]
        {
            assert_eq!(refuse_dotted_name(name), None, "{name}");
        }
        for name in
            ["a\nb", "a\u{0}", "a\u{202e}b", "a\u{200b}", "\u{feff}a", &"x".repeat(201), &"a.".repeat(20)]
        {
            assert!(refuse_dotted_name(name).is_some(), "{name:?}");
        }
    }
}
