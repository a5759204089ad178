//! The matcher of phrases: compares a list of phrases with a text.

/// Phrases in lower case. Every comparison ignores case.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Phrases(pub(crate) &'static [&'static str]);

impl Phrases {
    /// Whether a text contains one of them.
    pub(crate) fn stand_in(self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.0.iter().any(|phrase| text.contains(phrase))
    }

    /// Whether a text begins with one of them.
    pub(crate) fn begin(self, text: &str) -> bool {
        self.behind(text).is_some()
    }

    /// The text behind the phrase that it begins with, in lower case.
    pub(crate) fn behind(self, text: &str) -> Option<String> {
        let text = text.to_lowercase();
        self.0.iter().find_map(|phrase| text.strip_prefix(phrase).map(str::to_owned))
    }

    /// The text behind the phrase that it begins with, as it is written.
    pub(crate) fn strip_from(self, text: &str) -> Option<&str> {
        self.0.iter().find_map(|phrase| {
            let mut rest = text.chars();
            let mut wanted = phrase.chars();
            loop {
                match wanted.next() {
                    None => return Some(rest.as_str()),
                    Some(wanted) if rest.next()?.to_lowercase().eq([wanted]) => {}
                    Some(_) => return None,
                }
            }
        })
    }

    /// The place, in the text in lower case, of the first of them that it contains.
    pub(crate) fn find(self, text: &str) -> Option<usize> {
        let text = text.to_lowercase();
        self.0.iter().find_map(|phrase| text.find(phrase))
    }

    /// The end, in the text in lower case, of the last of them that it contains.
    pub(crate) fn find_end(self, text: &str) -> Option<usize> {
        let text = text.to_lowercase();
        self.0.iter().filter_map(|phrase| Some(text.rfind(phrase)? + phrase.len())).max()
    }

    /// Whether a text ends with one of them.
    pub(crate) fn end(self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.0.iter().any(|phrase| text.ends_with(phrase))
    }

    /// Whether a text is one of them and nothing else.
    pub(crate) fn are(self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.0.contains(&text.as_str())
    }

    /// Whether one of them is a word of a text.
    pub(crate) fn are_words_of(self, text: &str) -> bool {
        let text = text.to_lowercase();
        text.split(|c: char| !c.is_alphanumeric()).any(|word| self.0.contains(&word))
    }
}

/// The sentences of a text.
pub(crate) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(". ").map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_compared_without_case() {
        const EITHER: Phrases = Phrases(&["pass either", "one of"]);
        assert!(EITHER.stand_in("You may Pass either A or B"));
        assert!(EITHER.begin("One of them") && !EITHER.begin("Any one of them"));
        assert_eq!(EITHER.behind("ONE OF Them").as_deref(), Some(" them"));
        assert_eq!(EITHER.strip_from("ONE OF Them"), Some(" Them"));
        assert_eq!(EITHER.strip_from("Any one of them"), None);
        assert!(EITHER.end("this is One Of") && EITHER.are("One of") && !EITHER.are("One of them"));
        assert!(
            Phrases(&["list"]).are_words_of("A list, of cages") && !Phrases(&["list"]).are_words_of("listed")
        );
        assert_eq!(sentences("One. Two, three. Four").collect::<Vec<_>>(), ["One", "Two, three", "Four"]);
    }
}
