//! Names for the errors of a module whose codes are numbers, out of the words of all its pages.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use heck::{ToSnakeCase, ToUpperCamelCase};

use crate::descriptor::{MAX_LENGTH, is_predicate, significant_words, without_connectors};

/// The names of the errors of several methods.
#[derive(Default)]
pub(super) struct ErrorNames {
    /// How often each sequence of words describes a code.
    sentences: BTreeMap<String, Sentences>,
    /// The chosen names by codes, with the words that they consist of.
    names: HashMap<String, (String, Vec<String>)>,
    /// The names of an earlier import, by codes.
    frozen: HashMap<String, String>,
}

/// Sequences of words with their numbers of pages.
type Sentences = BTreeMap<Vec<String>, usize>;

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
        self.frozen.entry(code.to_lowercase()).or_insert_with(|| name.to_owned());
    }

    /// Chooses a name for each code. Codes that more pages list choose first; no two codes have the same name.
    pub(super) fn choose(&mut self) {
        let mut taken: HashSet<String> = self.frozen.values().cloned().collect();
        let mut codes: Vec<_> = self.sentences.iter().collect();
        codes.sort_by_key(|(_, sentences)| Reverse(sentences.values().sum::<usize>()));
        for (code, sentences) in codes {
            let candidates = [common_words(sentences), most_frequent(sentences)];
            let named = candidates.iter().map(|words| (name(words), words.clone()));
            let named = named.filter(|(name, _)| is_name(name));
            let numbered = candidates.iter().map(|words| (numbered(words.clone(), code), words.clone()));
            let mut all = named.chain(numbered.filter(|(name, _)| is_name(name)));
            if let Some((name, words)) = all.find(|(name, _)| !taken.contains(name)) {
                taken.insert(name.clone());
                self.names.insert(code.clone(), (name, words));
            }
        }
    }

    /// The name of a code in an earlier import.
    pub(super) fn frozen(&self, code: &str) -> Option<String> {
        self.frozen.get(&code.to_lowercase()).cloned()
    }

    /// The name of a code.
    pub(super) fn get(&self, code: &str) -> Option<String> {
        self.names.get(&code.to_lowercase()).map(|(name, _)| name.clone())
    }

    /// The name of a code, if it describes the code also in the words of a part of the methods.
    pub(super) fn get_if_true_of(&self, code: &str, part: &Self) -> Option<String> {
        let (name, words) = self.names.get(&code.to_lowercase())?;
        let thing = thing(words);
        let sentences = part.sentences.get(&code.to_lowercase())?;
        let fits = |sentence: &Vec<String>| thing.iter().all(|word| sentence.contains(word));
        sentences.keys().any(fits).then(|| name.clone())
    }
}

/// The words without what they say at their end about a thing.
fn thing(words: &[String]) -> &[String] {
    let ends = (0..words.len()).find(|at| words.get(*at..).is_some_and(is_predicate));
    ends.and_then(|end| words.get(..end)).unwrap_or(words)
}

/// The words with which most sentences begin, or with which most end if they begin differently; otherwise those of the most
/// frequent sentence.
fn common_words(sentences: &Sentences) -> Vec<String> {
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
fn common_start(sentences: &Sentences) -> Vec<String> {
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
fn most_frequent(sentences: &Sentences) -> Vec<String> {
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
