//! Names for the errors of a module whose codes are numbers, out of the words of all its pages.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use heck::{ToSnakeCase, ToUpperCamelCase};

use crate::descriptor::{MAX_LENGTH, is_predicate, significant_words, without_connectors};

/// The names of the errors of a module.
#[derive(Default)]
pub(super) struct ErrorNames {
    /// How often each sequence of words describes a code.
    sentences: BTreeMap<String, BTreeMap<Vec<String>, usize>>,
    /// The chosen names by codes, and those of an earlier import.
    names: HashMap<String, String>,
}

impl ErrorNames {
    /// Adds the description of a code on one page.
    pub(super) fn add(&mut self, code: &str, description: &str) {
        let words = significant_words(description);
        // Pages spell words in any case; names in camel case keep their inner capitals.
        let words: Vec<String> = words.iter().map(|word| word.to_snake_case().replace('_', " ")).collect();
        // A name has at least a word that can be read.
        if words.iter().any(|word| word.chars().filter(char::is_ascii_alphabetic).count() > 2) {
            *self.sentences.entry(code.to_lowercase()).or_default().entry(words).or_default() += 1;
        }
    }

    /// Keeps the name of an earlier import.
    pub(super) fn freeze(&mut self, code: &str, name: &str) {
        self.names.entry(code.to_lowercase()).or_insert_with(|| name.to_owned());
    }

    /// Chooses a name for each code without one. Codes that more pages list choose first; no two codes of the module have the same
    /// name.
    pub(super) fn choose(&mut self) {
        let mut taken: HashSet<String> = self.names.values().cloned().collect();
        let mut codes: Vec<_> = self.sentences.iter().collect();
        codes.sort_by_key(|(_, sentences)| Reverse(sentences.values().sum::<usize>()));
        for (code, sentences) in codes {
            if self.names.contains_key(code) {
                continue;
            }
            let words = [common_words(sentences), most_frequent(sentences)];
            let candidates = words.clone().map(|words| name(&words));
            let is_free = |name: &&String| is_name(name) && !taken.contains(*name);
            let numbered = || words.into_iter().map(|words| numbered(words, code)).find(|name| is_name(name));
            if let Some(name) = candidates.iter().find(is_free).cloned().or_else(numbered) {
                taken.insert(name.clone());
                self.names.insert(code.clone(), name);
            }
        }
    }

    /// The name of a code.
    pub(super) fn get(&self, code: &str) -> Option<String> {
        self.names.get(&code.to_lowercase()).cloned()
    }
}

/// The words with which most sentences begin, or with which most end if they begin differently; otherwise those of the most
/// frequent sentence.
fn common_words(sentences: &BTreeMap<Vec<String>, usize>) -> Vec<String> {
    let start = without_connectors(common_start(sentences));
    let frequent = most_frequent(sentences);
    // Different predicates of the same thing say the same.
    if frequent.strip_prefix(start.as_slice()).is_some_and(is_predicate) && !start.is_empty() {
        return frequent;
    }
    if start.len() > 1 {
        return start;
    }
    let reversed = sentences.iter().map(|(words, count)| (words.iter().rev().cloned().collect(), *count));
    let mut end = common_start(&reversed.collect());
    end.reverse();
    if end.len() > start.len() {
        return end;
    }
    if start.is_empty() { frequent } else { start }
}

/// The longest start that at least three in five sentences share.
fn common_start(sentences: &BTreeMap<Vec<String>, usize>) -> Vec<String> {
    let all: usize = sentences.values().sum();
    let mut start: Vec<String> = Vec::new();
    loop {
        let mut next: BTreeMap<&String, usize> = BTreeMap::new();
        for (words, count) in sentences.iter().filter(|(words, _)| words.starts_with(&start)) {
            if let Some(word) = words.get(start.len()) {
                *next.entry(word).or_default() += count;
            }
        }
        match next.into_iter().max_by_key(|(_, count)| *count) {
            Some((word, count)) if count * 5 >= all * 3 => start.push(word.clone()),
            _ => return start,
        }
    }
}

/// The most frequent sentence, of several the shortest.
fn most_frequent(sentences: &BTreeMap<Vec<String>, usize>) -> Vec<String> {
    let best = sentences.iter().min_by_key(|(words, count)| (Reverse(**count), words.len()));
    best.map(|(words, _)| words.clone()).unwrap_or_default()
}

fn name(words: &[String]) -> String {
    words.join(" ").to_upper_camel_case()
}

/// The name of as many words as have room before the code.
fn numbered(mut words: Vec<String>, code: &str) -> String {
    while words.len() > 1 && name(&words).len() + code.len() > MAX_LENGTH {
        words.pop();
    }
    format!("{}{code}", name(&without_connectors(words)))
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(|c| c.is_ascii_alphanumeric())
}
