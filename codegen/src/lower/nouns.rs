//! What things are called: the singular of a word, and the thing that a method returns.

use super::words;

/// Words that say nothing about a thing: a page wraps or counts things in them.
const GENERIC: &[&str] = &[
    "item", "items", "value", "values", "result", "results", "data", "list", "row", "rows", "entries",
    "response",
];

/// The verbs of methods that return what the rest of their name says, or the thing of their module.
const GETTERS: &[&str] = &["get", "list", "search", "find", "fetch", "read", "load"];

/// A method that describes the fields of the thing of its module.
const FIELDS: &str = "fields";

/// Words that look like a plural.
const SINGULARS: &[&str] = &["news", "series", "bus", "gps", "sms", "https", "always", "previous"];

/// Whether words say nothing about a thing: all of them are generic, or they begin with a digit, as keys that are data do.
pub(super) fn is_generic(name: &str) -> bool {
    name.split(' ')
        .all(|word| GENERIC.contains(&word) || word.starts_with(|c: char| !c.is_ascii_alphabetic()))
}

/// The singular of the last of some words. Words without a plural form stay.
pub(super) fn singular(name: &str) -> String {
    let (before, last) = name.rsplit_once(' ').map_or(("", name), |(before, last)| (before, last));
    let one = singular_word(last);
    if before.is_empty() { one } else { format!("{before} {one}") }
}

fn singular_word(word: &str) -> String {
    match word {
        "children" => return "child".to_owned(),
        "people" => return "person".to_owned(),
        _ if SINGULARS.contains(&word) => return word.to_owned(),
        _ => {}
    }
    let ending = |end: &str, instead: &str| word.strip_suffix(end).map(|stem| format!("{stem}{instead}"));
    let endings = [
        ending("ies", "y"),
        ending("sses", "ss"),
        ending("uses", "us").filter(|word| words::is_known(word)),
        ending("xes", "x"),
        ending("ches", "ch"),
        ending("shes", "sh"),
    ];
    let is_plural =
        word.len() > 3 && word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    let plain = || if is_plural { ending("s", "") } else { None };
    endings.into_iter().flatten().next().or_else(plain).unwrap_or_else(|| word.to_owned())
}

/// Whether words end with a plural.
pub(super) fn is_plural(name: &str) -> bool {
    singular(name) != name
}

/// The thing that a method returns by its name: empty for that of the module. `None` if the method does something else than to return a thing.
pub(super) fn thing_of(method: &str) -> Option<String> {
    let (verb, rest) = method.split_once(' ').unwrap_or((method, ""));
    if method == FIELDS {
        return Some(method.to_owned());
    }
    if !GETTERS.contains(&verb) {
        return None;
    }
    // What follows says how the thing is found.
    let words =
        rest.split(' ').take_while(|word| !matches!(*word, "by" | "for" | "from" | "of" | "in" | "as"));
    let rest: Vec<&str> = words.filter(|word| *word != "list").collect();
    Some(rest.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_a_singular() {
        let cases = [
            ("deals", "deal"),
            ("check list items", "check list item"),
            ("entities", "entity"),
            ("addresses", "address"),
            ("statuses", "status"),
            ("licenses", "license"),
            ("boxes", "box"),
            ("children", "child"),
            ("status", "status"),
            ("access", "access"),
            ("analysis", "analysis"),
            ("news", "news"),
            ("gas", "gas"),
            ("", ""),
        ];
        for (many, one) in cases {
            assert_eq!(singular(many), one);
        }
    }

    #[test]
    fn a_getter_returns_the_rest_of_its_name() {
        let cases = [
            ("get", Some("")),
            ("get by id", Some("")),
            ("get list", Some("")),
            ("get fields by type", Some("fields")),
            ("get external link", Some("external link")),
            ("add", None),
            ("status", None),
        ];
        for (method, thing) in cases {
            assert_eq!(thing_of(method).as_deref(), thing, "{method}");
        }
    }
}
