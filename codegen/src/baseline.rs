//! Accepted findings, so that a run shows only what is new.
//!
//! A baseline is a text file with a sorted line for each accepted finding. A line has what the finding is about and what it says,
//! and no line numbers, so that an edited document does not change it. A finding that occurs twice has two lines.

use std::collections::{BTreeMap, BTreeSet};

/// A set of accepted findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline(BTreeMap<String, usize>);

/// The key of a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// What it is about: a method, or a document about no method.
    pub subject: String,
    /// What it says.
    pub text: String,
}

/// The differences between findings and a baseline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The indices of the findings that are not accepted.
    pub new: Vec<usize>,
    /// The number of findings that are.
    pub known: usize,
    /// The accepted findings that do not occur any more.
    pub gone: Vec<String>,
}

/// The comment at the start of a file.
const HEAD: &str = "# Accepted findings, one a line. Written with `--accept`; do not edit.\n";

/// Between the subject and the text of a line.
const SEPARATOR: &str = ": ";

impl Baseline {
    /// Parses the content of a file.
    pub fn parse(text: &str) -> Self {
        let mut lines = BTreeMap::new();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            *lines.entry(line.to_owned()).or_default() += 1;
        }
        Self(lines)
    }

    /// The baseline that accepts these findings, and of an earlier one those on subjects that the run does not cover.
    pub fn accepting(keys: &[Key], earlier: &Self, covers: &dyn Fn(&str) -> bool) -> Self {
        let mut accepted = Self::default();
        for (line, count) in &earlier.0 {
            if !covers(subject(line)) {
                accepted.0.insert(line.clone(), *count);
            }
        }
        for key in keys {
            *accepted.0.entry(key.line()).or_default() += 1;
        }
        accepted
    }

    /// Compares findings with the baseline. An accepted finding is only gone if the run `covers` its subject.
    pub fn compare(&self, keys: &[Key], covers: &dyn Fn(&str) -> bool) -> Comparison {
        let mut left = self.0.clone();
        let mut comparison = Comparison::default();
        for (index, key) in keys.iter().enumerate() {
            match left.get_mut(&key.line()).filter(|count| **count > 0) {
                Some(count) => {
                    *count -= 1;
                    comparison.known += 1;
                }
                None => comparison.new.push(index),
            }
        }
        let gone = left.into_iter().filter(|(line, _)| covers(subject(line)));
        comparison.gone = gone.flat_map(|(line, count)| vec![line; count]).collect();
        comparison
    }

    /// The content of the file.
    pub fn render(&self) -> String {
        let lines: String = self.0.iter().map(|(line, count)| format!("{line}\n").repeat(*count)).collect();
        format!("{HEAD}{lines}")
    }

    /// The subjects of the accepted findings.
    pub fn subjects(&self) -> BTreeSet<&str> {
        self.0.keys().map(|line| subject(line)).collect()
    }
}

impl Key {
    /// The line in a baseline. Line breaks become spaces.
    fn line(&self) -> String {
        let words: Vec<&str> = self.text.split_whitespace().collect();
        format!("{}{SEPARATOR}{}", self.subject, words.join(" "))
    }
}

fn subject(line: &str) -> &str {
    line.split(SEPARATOR).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(subject: &str, text: &str) -> Key {
        Key { subject: subject.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_run_shows_what_is_new_and_what_is_gone() {
        let accepted = [key("zoo.get", "old\n words: a"), key("zoo.get", "twice"), key("zoo.get", "twice")];
        let baseline = Baseline::accepting(&accepted, &Baseline::default(), &|_| true);
        let baseline = Baseline::parse(&baseline.render());
        let now = [key("zoo.get", "twice"), key("zoo.get", "new"), key("zoo.get", "old words: a")];
        let found = baseline.compare(&now, &|_| true);
        assert_eq!(found, Comparison { new: vec![1], known: 2, gone: vec!["zoo.get: twice".to_owned()] });
        let again = baseline.compare(&accepted, &|_| true);
        assert_eq!(again, Comparison { new: vec![], known: 3, gone: vec![] });
    }

    #[test]
    fn a_run_over_a_part_keeps_the_rest() {
        let baseline = Baseline::parse("a: x\nb: y\n");
        let only_a = |subject: &str| subject == "a";
        assert_eq!(baseline.compare(&[], &only_a).gone, ["a: x"]);
        let accepted = Baseline::accepting(&[key("a", "z")], &baseline, &only_a);
        assert_eq!(accepted, Baseline::parse("a: z\nb: y\n"));
        assert_eq!(accepted.subjects(), BTreeSet::from(["a", "b"]));
    }
}
