//! Words that code and comments do not use, since the field has plainer terms for what they meant in this project.

use crate::sources::SourceFile;

/// The words, with what to write instead.
const WORDS: &[(&[&str], &str)] = &[
    (&["told", "heard", "hear"], "say what happens: documented, extracted, read, reported, recorded"),
    (&["testimony", "witness", "witnesses"], "evidence, facts, source"),
    (&["trouble", "troubles"], "diagnostic, error, failure"),
    (&["gave"], "decided, credited, returned"),
    (&["deed"], "verb, action"),
    (&["kin"], "related, shared"),
    (&["whoever", "nobody"], "name who it is: the caller, the user, no task"),
];

/// Files that may use a word: the path, the word and the reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[];

/// This file, which lists the words.
const THIS_FILE: &str = "codegen/tests/storeys/words.rs";

/// The forbidden words of a file and of its name. A name is made of words too: `is_told`, `PageTestimony`.
pub(crate) fn forbidden(file: &SourceFile) -> Vec<String> {
    if file.path == THIS_FILE {
        return Vec::new();
    }
    let name = std::iter::once((1, file.path.as_str()));
    let lines = name.chain(file.text.lines().enumerate().map(|(index, line)| (index + 1, line)));
    let found = lines.flat_map(|(number, line)| words(line).into_iter().map(move |word| (number, word)));
    let wrong = found.filter_map(|(number, word)| {
        let (_, instead) = WORDS.iter().find(|(words, _)| words.contains(&word.as_str()))?;
        let is_exception = EXCEPTIONS.iter().any(|(path, allowed, _)| *path == file.path && *allowed == word);
        let place = format!("{}:{number}", file.path);
        let message = format!("{place}: \"{word}\" is not used in this project. Instead: {instead}");
        (!is_exception).then_some(message)
    });
    wrong.collect()
}

/// The exceptions for words that the file does not use.
pub(crate) fn needless_exceptions(files: &[SourceFile]) -> Vec<String> {
    let is_needed = |path: &str, word: &str| {
        let mut files = files.iter().filter(|file| file.path == path);
        files.any(|file| file.text.lines().flat_map(words).any(|found| found == word))
    };
    let needless = EXCEPTIONS.iter().filter(|(path, word, _)| !is_needed(path, word));
    needless.map(|(path, word, _)| format!("{path} has no \"{word}\"; remove the exception")).collect()
}

/// The words of a line in lower case; a name in camel case is several.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in line.chars() {
        let begins = !c.is_alphabetic() || (c.is_uppercase() && before.is_lowercase());
        if begins {
            words.push(String::new());
        }
        if c.is_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn names_are_made_of_words() {
    assert_eq!(
        words("let isRead = page_kind(PageKind::A); // Reads it."),
        ["let", "is", "read", "page", "kind", "page", "kind", "a", "reads", "it"]
    );
}
