//! What a page shows beside the comparison.

use serde::Serialize;

use super::changes::Diff;
use super::coverage::Coverage;
use crate::diagnostic::{Diagnostic, Severity, Topic};

/// A comparison with everything that a report shows.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Page {
    /// The name of the spec before.
    pub old: String,
    /// The name of the spec now.
    pub new: String,
    /// The version before, and the one after the step, with the word for the step.
    pub version: Option<(String, Option<(String, &'static str)>)>,
    /// The comparison.
    pub diff: Diff,
    /// What the spec has now.
    pub coverage: Coverage,
    /// Where documents contradict themselves or each other. `None`: no documentation was read.
    pub contradictions: Option<Vec<Contradiction>>,
    /// How many warnings and findings are new, and how many are accepted, a line each.
    pub accepted: Vec<String>,
    /// What a person must decide, in groups.
    pub decisions: Vec<(String, Vec<String>)>,
}

/// A place where the documentation says two things.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Contradiction {
    /// What kind it is: the message without the names that it is about.
    pub kind: String,
    /// The file and the line.
    pub place: String,
    /// The message.
    pub message: String,
}

impl Contradiction {
    /// The warnings of an import that are about contradictions, by kind and place.
    pub fn among(diagnostics: &[Diagnostic]) -> Vec<Self> {
        let is_one = |diagnostic: &&Diagnostic| {
            diagnostic.severity == Severity::Warning && diagnostic.topic == Some(Topic::Contradiction)
        };
        let mut found: Vec<Self> = diagnostics.iter().filter(is_one).map(Self::of).collect();
        found.sort();
        found
    }

    fn of(diagnostic: &Diagnostic) -> Self {
        let place = diagnostic.position().map(|(file, line, _)| format!("{file}:{line}"));
        Self {
            kind: kind(&diagnostic.message),
            place: place.unwrap_or_default(),
            message: diagnostic.message.clone(),
        }
    }
}

/// A message with `…` for each name: a word that is in code, has a capital letter or a character that words do not have.
fn kind(message: &str) -> String {
    let is_name = |word: &str| {
        let bare = word.trim_matches(|c: char| matches!(c, ',' | ':' | ';' | '.'));
        bare.chars().any(|c| c.is_uppercase() || !(c.is_alphabetic() || c == '-'))
    };
    let mut words: Vec<&str> = Vec::new();
    for word in message.split(' ') {
        let word = if is_name(word) { "…" } else { word };
        if !(word == "…" && words.last() == Some(&"…")) {
            words.push(word);
        }
    }
    let kind = words.join(" ");
    // The name of a field may be a plain word.
    match (kind.find("type of "), kind.find(" than ")) {
        (Some(of), Some(than)) if of < than => format!("{}…{}", &kind[..of + 8], &kind[than..]),
        _ => kind,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_that_differ_in_names_are_of_one_kind() {
        let cases = [
            (
                "the example shows another type of ID than its table",
                "the example shows another type of … than its table",
            ),
            (
                "the example shows another type of mood than its table",
                "the example shows another type of … than its table",
            ),
            (
                "an example sends `GRAMS`, which this table does not list",
                "an example sends … which this table does not list",
            ),
            ("the examples disagree", "the examples disagree"),
        ];
        for (message, expected) in cases {
            assert_eq!(kind(message), expected);
        }
    }
}
