//! The names of the variants of error enumerations.
//!
//! | error | name |
//! |---|---|
//! | a code of words | its words; the telling ones, if there are more than five or 40 characters |
//! | a class of exceptions | the class, without its namespace and `Exception` |
//! | a code that is a sentence | as a message |
//! | a number with a `name` in the descriptor | that name |
//! | a message without a code that distinguishes errors | a few words of the message |
//! | none of these | `Unspecified`, `InvalidArgument` for `100`, `Code` and the number for other numbers |

use super::names;
use crate::descriptor::{ErrorDescriptor, MAX_LENGTH, distinguishing_words, is_predicate, name_words};
use crate::model::RustName;

/// Names of codes that many different errors have. The argument exceptions of the portal's framework have the code 100.
const GENERIC: &[(&str, &str)] = &[("", "Unspecified"), ("0", "Unspecified"), ("100", "InvalidArgument")];

/// How many words the name of an error has at most, if there is a choice.
const MAX_WORDS: usize = 5;

const VENDOR: &str = "bitrix";

const EXCEPTION: &str = "exception";

/// Words that a long name leaves out, the least telling ones first.
const BOILERPLATE: &[&[&str]] = &[
    &["bitrix", "exception", "rest", "v3", "controller", "error"],
    &["the", "a", "an", "is", "are", "was", "were", "be", "been", "has", "have", "does", "do", "this"],
    &["of", "for", "in", "to", "and", "with", "by", "on", "from"],
    &["parameter", "field", "value", "argument"],
];

/// Words with which an error says what is wrong, at the end of its name.
const FAULTS: &[&str] =
    &["required", "invalid", "wrong", "empty", "missing", "denied", "expired", "exists", "exceeded"];

/// The candidates for the name of an error, the best one first.
pub(super) fn candidates(error: &ErrorDescriptor) -> Vec<RustName> {
    let words = match (&error.name, &error.message) {
        (Some(name), _) => numbered(&bounded(&names::words(name), true), &error.code),
        (None, Some(message)) if !is_of_words(&error.code) => of_message(message, &error.code),
        _ => of_code(&error.code),
    };
    words.iter().filter_map(|words| names::error(words)).collect()
}

/// The candidates for the name of a system error.
pub(super) fn of_system(code: &str) -> Vec<RustName> {
    of_code(code).iter().filter_map(|words| names::error(words)).collect()
}

/// Whether a code names its error: it is neither empty nor a number.
pub(super) fn is_of_words(code: &str) -> bool {
    !code.is_empty() && !code.bytes().all(|b| b.is_ascii_digit())
}

fn of_code(code: &str) -> Vec<String> {
    if let Some((_, name)) = GENERIC.iter().find(|(known, _)| *known == code) {
        return numbered(name, code);
    }
    if code.contains(' ') && !name_words(code).is_empty() {
        return of_message(code, code);
    }
    let short = bounded(&names::words(code), false);
    let whole = names::words(&code.replace('\\', " "));
    let class = exception_class(code).map(|class| bounded(&class, false));
    class.into_iter().chain([short, whole]).collect()
}

fn of_message(message: &str, code: &str) -> Vec<String> {
    let words = name_words(message);
    if words.is_empty() {
        return if is_of_words(code) { vec![names::words(code)] } else { of_code(code) };
    }
    let mut found = vec![words.join(" ")];
    for word in distinguishing_words(message) {
        if !words.iter().any(|known| known.eq_ignore_ascii_case(&word)) {
            let mut longer = words.clone();
            while longer.len() > 1 && longer.concat().len() + word.len() > MAX_LENGTH {
                longer.pop();
            }
            found.push(format!("{} {word}", longer.join(" ")));
        }
    }
    let short: Vec<String> = found.iter().map(|words| bounded(&names::words(words), true)).collect();
    let with_code = numbered(short.first().map(String::as_str).unwrap_or_default(), code).pop();
    short.into_iter().chain(found).chain(with_code).collect()
}

/// A name, and the name with the code behind it.
fn numbered(name: &str, code: &str) -> Vec<String> {
    let name = names::camel(name);
    let with_code = format!("{name}{}", names::camel(code));
    vec![name, with_code]
}

/// The words of the class of an exception, whose code is the upper-cased name of the class with its namespace.
fn exception_class(code: &str) -> Option<String> {
    let code = code.to_ascii_uppercase();
    let class = code.strip_prefix("BITRIX_")?.rsplit('_').next()?.strip_suffix("EXCEPTION")?;
    Some(names::words(class)).filter(|name| !name.is_empty())
}

/// The words of an error that distinguish it from others, at most [`MAX_WORDS`]: without namespaces and what every error is, then without
/// articles, then without prepositions. Of a code the last words remain; of a sentence the first, or what it says at its end.
fn bounded(words: &str, is_sentence: bool) -> String {
    let mut words: Vec<String> = words.split(' ').map(str::to_owned).collect();
    if words.len() > 1 && words.first().is_some_and(|word| word == VENDOR) {
        words.remove(0);
    }
    if words.len() > 1 && words.last().is_some_and(|word| word == EXCEPTION) {
        words.pop();
    }
    let is_long = |words: &[String]| words.len() > MAX_WORDS || words.concat().len() > MAX_LENGTH;
    for group in BOILERPLATE {
        // The last word stays: a name that ends with `error` says what it is.
        while is_long(&words) {
            let known = words.iter().position(|word| group.contains(&word.as_str()));
            let Some(at) = known.filter(|at| at + 1 < words.len()) else { break };
            words.remove(at);
        }
    }
    let ends_with_predicate = words.last().is_some_and(|word| FAULTS.contains(&word.as_str()))
        || (1..words.len()).any(|at| words.get(at..).is_some_and(is_predicate));
    while is_long(&words) && words.len() > 1 {
        if is_sentence && !ends_with_predicate {
            words.pop();
        } else {
            words.remove(0);
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_named_after_the_code_the_name_or_the_message() {
        let cases = [
            ("EMPTY_VOTE_PARAMS", None, None, "EmptyVoteParams"),
            ("100", None, None, "InvalidArgument"),
            ("0", None, None, "Unspecified"),
            ("200040300010", None, None, "Code200040300010"),
            ("200040300010", Some("CageNotFound"), None, "CageNotFound"),
            ("0x00000142", None, None, "Code0x00000142"),
            ("", None, None, "Unspecified"),
            ("", None, Some("Nothing there"), "NothingThere"),
            ("0", None, Some("You do not have permissions to open the cage"), "NoPermissionToOpenCage"),
            ("NOT_FOUND", None, Some("No such task"), "NotFound"),
            ("OTHER", None, None, "OtherError"),
            (
                "ZOO_CONTROLLER_ANIMALS_KEEPER_MODULE_NOT_INSTALLED",
                None,
                None,
                "AnimalsKeeperModuleNotInstalled",
            ),
            ("BITRIX_REST_V3_EXCEPTION_ACCESSDENIEDEXCEPTION", None, None, "AccessDenied"),
            ("BITRIX_REST_V3_EXCEPTION_VALIDATION_DTOVALIDATIONEXCEPTION", None, None, "DtoValidation"),
            ("BITRIX_REST_V3_EXCEPTION_ZEBRAEXCEPTION", None, None, "Zebra"),
            ("Bitrix\\Zoo\\CageNotFoundException", None, None, "CageNotFound"),
            ("ZOO_CONTROLLER_LIVEFEED_ANIMAL_ADD_ERROR", None, None, "LiveFeedAnimalAddError"),
            ("Cage of the animal is not found", None, None, "CageNotFound"),
            ("0", None, Some("The parameter cageEntityTypeId is required"), "CageEntityTypeIdRequired"),
            ("0", None, Some("CZooCage All doors need a lock"), "AllDoorsNeedALock"),
            ("0", None, Some("The door hasn't been closed"), "TheDoorNotBeenClosed"),
        ];
        for (code, name, message, expected) in cases {
            let error = ErrorDescriptor {
                code: code.to_owned(),
                name: name.map(str::to_owned),
                message: message.map(str::to_owned),
                ..ErrorDescriptor::default()
            };
            let names = candidates(&error);
            assert_eq!(names.first().map(RustName::as_str), Some(expected), "{code:?} {message:?}");
        }
    }

    #[test]
    fn a_code_without_letters_and_digits_has_no_name() {
        let error = ErrorDescriptor { code: "...".to_owned(), ..ErrorDescriptor::default() };
        assert!(candidates(&error).is_empty());
    }
}
