//! The names of the variants of error enumerations.
//!
//! | error | name |
//! |---|---|
//! | a code of words | its words; the last ones that fit, if there are more than 40 characters |
//! | a class of exceptions of REST 3 | the class, without its namespace and `Exception` |
//! | a number with a `name` in the descriptor | that name |
//! | a message without a code that distinguishes errors | a few words of the message |
//! | none of these | `Unspecified`, `InvalidArgument` for `100`, `Code` and the number for other numbers |

use heck::{ToSnakeCase, ToUpperCamelCase};

use super::names;
use crate::descriptor::{ErrorDescriptor, MAX_LENGTH, distinguishing_words, name_words};
use crate::model::RustName;

/// Names of codes that many different errors have. The argument exceptions of the portal's framework have the code 100.
const GENERIC: &[(&str, &str)] = &[("", "Unspecified"), ("0", "Unspecified"), ("100", "InvalidArgument")];

/// Words in the names of exception classes of REST 3, which codes write without separators.
const CLASS_WORDS: &[&str] = &[
    "ACCESS",
    "ACTION",
    "AGGREGATE",
    "ALREADY",
    "ARGUMENT",
    "AUTH",
    "BATCH",
    "CLASS",
    "CONTEXT",
    "CONTROLLER",
    "CURSOR",
    "DENIED",
    "DTO",
    "ENTITY",
    "ERROR",
    "EXECUTION",
    "EXISTS",
    "EXPIRED",
    "FIELD",
    "FILE",
    "FILTER",
    "FORMAT",
    "FOUND",
    "INSUFFICIENT",
    "INTERNAL",
    "INVALID",
    "JSON",
    "KEY",
    "LICENSE",
    "LIMIT",
    "METHOD",
    "MISSING",
    "MODULE",
    "NOT",
    "OPERATION",
    "OPERATOR",
    "ORDER",
    "PAGINATION",
    "PARAMETER",
    "PERMISSION",
    "PROPERTY",
    "RATE",
    "REALISATION",
    "RELATION",
    "REQUEST",
    "REQUIRED",
    "RESPONSE",
    "SCHEMA",
    "SCOPE",
    "SELECT",
    "SERVER",
    "SORT",
    "STATE",
    "SYSTEM",
    "TIMEOUT",
    "TOKEN",
    "TOO",
    "TYPE",
    "UNIQUE",
    "UNKNOWN",
    "UNSUPPORTED",
    "USER",
    "VALIDATION",
    "VALUE",
    "LARGE",
    "SUPPORTED",
    "ALLOWED",
    "LOGIC",
    "FIELDS",
    "EMPTY",
    "DATA",
    "UPDATE",
    "DELETE",
    "ADD",
    "GET",
    "LIST",
    "OBJECT",
];

/// The candidates for the name of an error, the best one first.
pub(super) fn candidates(error: &ErrorDescriptor) -> Vec<RustName> {
    let words = match (&error.name, &error.message) {
        (Some(name), _) => numbered(name, &error.code),
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
    let whole = code.to_upper_camel_case();
    if let Some(class) = exception_class(code) {
        return vec![class, whole];
    }
    let snake = code.to_snake_case();
    let words: Vec<&str> = snake.split('_').collect();
    let is_short = |words: &&[&str]| words.iter().map(|word| word.len()).sum::<usize>() <= MAX_LENGTH;
    let last_words = (0..words.len()).filter_map(|from| words.get(from..)).find(is_short);
    let shortened = last_words.map(|words| words.join(" ").to_upper_camel_case());
    shortened.filter(|name| name.len() < whole.len()).into_iter().chain([whole.clone()]).collect()
}

fn of_message(message: &str, code: &str) -> Vec<String> {
    let words = name_words(message);
    if words.is_empty() {
        return of_code(code);
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
    found.extend(numbered(&words.join(" "), code).pop());
    found
}

/// A name, and the name with the code behind it.
fn numbered(name: &str, code: &str) -> Vec<String> {
    let name = name.to_upper_camel_case();
    let with_code = format!("{name}{}", code.to_upper_camel_case());
    vec![name, with_code]
}

/// The class of an exception of REST 3, whose code is the upper-cased name of the class with its namespace.
fn exception_class(code: &str) -> Option<String> {
    let code = code.to_ascii_uppercase();
    let class = code.strip_prefix("BITRIX_")?.rsplit('_').next()?.strip_suffix("EXCEPTION")?;
    let words = class_words(class).unwrap_or_else(|| vec![class]);
    Some(words.join(" ").to_lowercase().to_upper_camel_case()).filter(|name| !name.is_empty())
}

/// Splits the name of a class into known words.
fn class_words(class: &str) -> Option<Vec<&str>> {
    if class.is_empty() {
        return Some(Vec::new());
    }
    let mut starts: Vec<&str> = CLASS_WORDS.iter().copied().filter(|word| class.starts_with(word)).collect();
    starts.sort_by_key(|word| std::cmp::Reverse(word.len()));
    starts.into_iter().find_map(|word| {
        let mut words = class_words(class.get(word.len()..)?)?;
        words.insert(0, class.get(..word.len())?);
        Some(words)
    })
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
            ("OTHER", None, None, "Other_"),
            (
                "ZOO_CONTROLLER_ANIMALS_KEEPER_MODULE_NOT_INSTALLED",
                None,
                None,
                "AnimalsKeeperModuleNotInstalled",
            ),
            ("BITRIX_REST_V3_EXCEPTION_ACCESSDENIEDEXCEPTION", None, None, "AccessDenied"),
            ("BITRIX_REST_V3_EXCEPTION_VALIDATION_DTOVALIDATIONEXCEPTION", None, None, "DtoValidation"),
            ("BITRIX_REST_V3_EXCEPTION_ZEBRAEXCEPTION", None, None, "Zebra"),
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
