//! The verbs in names and on pages of methods that mean reading or changing.

use crate::extract::lexicon::phrases::Phrases;

/// Verbs of methods that only read, as the first word of a title or of a sentence.
const READING: &[&str] = &[
    "access",
    "check",
    "determine",
    "download",
    "find",
    "get",
    "list",
    "read",
    "retrieve",
    "return",
    "search",
    "show",
    "view",
];
/// Verbs of methods that change something.
const CHANGING: &[&str] = &[
    "activate",
    "add",
    "answer",
    "approve",
    "archive",
    "assign",
    "attach",
    "bind",
    "cancel",
    "change",
    "clear",
    "close",
    "complete",
    "conduct",
    "confirm",
    "copy",
    "create",
    "deactivate",
    "delegate",
    "delete",
    "disable",
    "edit",
    "enable",
    "execute",
    "finish",
    "forward",
    "generate",
    "hide",
    "import",
    "initiate",
    "invite",
    "join",
    "leave",
    "mark",
    "merge",
    "modify",
    "move",
    "mute",
    "open",
    "pause",
    "pin",
    "publish",
    "register",
    "remove",
    "rename",
    "renew",
    "reply",
    "reset",
    "restore",
    "resume",
    "save",
    "send",
    "set",
    "start",
    "stop",
    "subscribe",
    "transfer",
    "unbind",
    "unpin",
    "unregister",
    "update",
    "upload",
    "vote",
    "write",
];
/// Those of them that mean, in the text above the parameters, that the method keeps something. The others are nouns as well,
/// or describe the use of the response.
const KEEPING: &[&str] =
    &["clear", "confirm", "create", "delete", "generate", "mark", "modify", "remove", "reset", "save"];
/// Words at the start of the last part of a name that mean reading.
const READING_NAMES: &[&str] = &["check", "count", "fields", "find", "get", "has", "is", "list", "search"];
/// Those of them that also begin names without capitals: `getlist`.
const READING_HEADS: &[&str] = &["get", "find", "list"];
/// Ends of the last part of such a name without a verb: `statuslist`.
const READING_ENDS: &[&str] = &["list", "fields"];
/// Words before the verb of a sentence about a method: subjects and auxiliaries.
const BEFORE_THE_VERB: &[&str] = &[
    "a", "allows", "also", "an", "be", "can", "designed", "for", "function", "intended", "is", "it", "lets",
    "method", "methods", "performs", "the", "this", "to", "used", "will", "you",
];

/// The meaning of a verb for a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VerbClass {
    Reads,
    Changes,
}

/// The class of the first verb in the last part of a name.
pub(crate) fn of_name(method: &str) -> Option<VerbClass> {
    let last = method.rsplit('.').next().unwrap_or_default();
    let head = last.find(|c: char| c.is_ascii_uppercase()).map_or(last, |at| last.split_at(at).0);
    if CHANGING.contains(&head) {
        return Some(VerbClass::Changes);
    }
    let whole = last.to_ascii_lowercase();
    let ends = || {
        READING_ENDS.iter().any(|end| whole.ends_with(end))
            && !CHANGING.iter().any(|verb| whole.starts_with(verb))
    };
    let reads = READING_NAMES.contains(&head)
        || READING_HEADS.iter().any(|verb| whole.starts_with(verb))
        || (head == last && ends());
    reads.then_some(VerbClass::Reads)
}

/// The class of the first word of a title.
pub(crate) fn of_title(title: &str) -> Option<VerbClass> {
    words(title).next().and_then(|word| of_word(&word, true))
}

/// The class of the verb of a sentence about a method. Names of methods in it have dots, or are this one.
pub(crate) fn of_sentence(sentence: &str, method: &str) -> Option<VerbClass> {
    let subject = |word: &String| {
        BEFORE_THE_VERB.contains(&word.as_str()) || word.contains('.') || word.eq_ignore_ascii_case(method)
    };
    words(sentence).find(|word| !subject(word)).and_then(|word| of_word(&word, false))
}

/// Whether a sentence says that the method keeps something, in a form that only a verb of the method has.
pub(crate) fn keeps(sentence: &str) -> bool {
    words(sentence).any(|word| KEEPING.iter().any(|verb| third_person(verb) == word))
}

/// A title may have a gerund ("Searching"); at the start of a sentence a gerund means something else ("Starting from").
fn of_word(word: &str, in_title: bool) -> Option<VerbClass> {
    let is = |verb: &&str| *verb == word || third_person(verb) == word || (in_title && gerund(verb) == word);
    if READING.iter().any(&is) {
        return Some(VerbClass::Reads);
    }
    CHANGING.iter().any(is).then_some(VerbClass::Changes)
}

/// The words of a text in lower case, without punctuation.
fn words(text: &str) -> impl Iterator<Item = String> {
    let plain = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    text.split_whitespace().map(plain).filter(|word| !word.is_empty())
}

/// `searches`, `copies`, `reads`.
fn third_person(verb: &str) -> String {
    match verb.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ if verb.ends_with(['h', 's']) => format!("{verb}es"),
        _ => format!("{verb}s"),
    }
}

/// `searching`, `creating`.
fn gerund(verb: &str) -> String {
    format!("{}ing", verb.strip_suffix('e').unwrap_or(verb))
}

/// The parameter with the fields of a record.
pub(crate) const RECORDS: Phrases = Phrases(&["fields"]);

/// The last words of methods that write a record.
pub(crate) const WRITING_VERBS: Phrases = Phrases(&["add", "update"]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_part_of_a_name_has_a_class() {
        for (name, class) in [
            ("zoo.animal.get", Some(VerbClass::Reads)),
            ("zoo.animal.getFieldsByFilter", Some(VerbClass::Reads)),
            ("zoo.animal.getlist", Some(VerbClass::Reads)),
            ("zoo.animal.statuslist", Some(VerbClass::Reads)),
            ("zoo.animal.isAsleep", Some(VerbClass::Reads)),
            ("zoo.animal.issue", None),
            ("zoo.animal.status", None),
            ("zoo.get.status", None),
            ("zoo.animal.settings", None),
            ("zoo.animal.add", Some(VerbClass::Changes)),
            ("zoo.animal.deleteList", Some(VerbClass::Changes)),
            ("zoo.animal.createfromlist", None),
        ] {
            assert_eq!(of_name(name), class, "{name}");
        }
    }

    #[test]
    fn the_first_verb_of_a_page_has_a_class() {
        for (sentence, class) in [
            ("The method `zoo.animal.get` returns an animal.", Some(VerbClass::Reads)),
            ("This method is designed to retrieve animals.", Some(VerbClass::Reads)),
            ("The method performs a search for animals.", Some(VerbClass::Reads)),
            ("The `feed` method allows you to mark an animal as fed.", Some(VerbClass::Changes)),
            ("Creates an animal and returns it.", Some(VerbClass::Changes)),
            ("The animals that are there.", None),
            ("Starting from version 2, use another method.", None),
        ] {
            assert_eq!(of_sentence(sentence, "feed"), class, "{sentence}");
        }
        assert_eq!(of_title("Searching for Animals"), Some(VerbClass::Reads));
        assert_eq!(of_title("Animals That Return"), None);
    }

    #[test]
    fn only_a_verb_means_keeping() {
        assert!(keeps("Where there is no cage, it creates one."));
        assert!(!keeps("It does not mark animals that somebody created."));
    }
}
