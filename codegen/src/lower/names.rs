//! Converts names on the wire to names in Rust.

use std::collections::HashMap;

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

use super::{nouns, words};
use crate::model::RustName;

/// Keywords of every Rust edition. They get the prefix `r#`.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Keywords that cannot be raw identifiers.
const PATH_KEYWORDS: &[&str] = &["crate", "self", "super", "_"];

/// Names of the prelude, which a generated type of the same name would hide.
const PRELUDE: &[&str] = &[
    "AsMut",
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Drop",
    "Eq",
    "Err",
    // Not of the prelude, but read as an error.
    "Error",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Hash",
    "Into",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
];

/// The field for undocumented parameters and fields.
const EXTRA: &str = "extra";

/// The word in the type names of results, which distinguishes them from those of requests.
pub(super) const RESULT: &str = "result";

/// The name of a function or a module, from a word of a method name.
pub(super) fn function(wire: &str) -> Option<RustName> {
    snake(wire)
}

/// A frozen name. `None` if it is no identifier.
pub(super) fn frozen(name: &str) -> Option<RustName> {
    let bare = name.strip_prefix("r#").unwrap_or(name);
    let is_identifier = identifier(bare.to_owned()).is_some_and(|known| known == bare)
        && !PATH_KEYWORDS.contains(&bare)
        && KEYWORDS.contains(&bare) == name.starts_with("r#");
    is_identifier.then(|| RustName(name.to_owned()))
}

/// The name of a field and its setter. It keeps the letters, digits and underscores of the wire name; `None` if there are
/// none.
pub(super) fn field(wire: &str) -> Option<RustName> {
    snake(wire).map(unlike_others)
}

/// The names of the fields of an object, in the order of the wire names. Of names that differ only in the division of their words, one
/// is divided and the others are as written.
pub(super) fn fields<'w>(wires: impl Iterator<Item = &'w str> + Clone) -> Vec<Option<RustName>> {
    let as_written = |wire: &str| escaped(wire, wire.to_snake_case()).map(unlike_others);
    // A name that is written with its words apart comes first.
    let mut holders: HashMap<RustName, &str> = HashMap::new();
    for wire in wires.clone() {
        if let Some(name) = field(wire).filter(|name| as_written(wire).as_ref() == Some(name)) {
            holders.entry(name).or_insert(wire);
        }
    }
    for wire in wires.clone() {
        if let Some(name) = field(wire) {
            holders.entry(name).or_insert(wire);
        }
    }
    let own = |wire: &'w str| {
        let divided = field(wire)?;
        if holders.get(&divided) == Some(&wire) { Some(divided) } else { as_written(wire) }
    };
    wires.map(own).collect()
}

fn unlike_others(name: RustName) -> RustName {
    if name.as_str() == EXTRA { RustName(format!("{name}_value")) } else { name }
}

/// The words of a wire name in lower case, with spaces between them. A class of PHP with its namespaces has those of the class alone.
pub(super) fn words(wire: &str) -> String {
    let wire = class_of(wire).unwrap_or(wire);
    let divided = |word: &str| {
        let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = word.get(letters.len()..).unwrap_or_default();
        words::divide(letters).map_or_else(|| word.to_owned(), |parts| format!("{}{digits}", parts.join(" ")))
    };
    wire.to_snake_case().split('_').map(divided).collect::<Vec<_>>().join(" ")
}

/// The class in a name of PHP with its namespaces: `Report` in `Bitrix\\Zoo\\Report` and in `Bitrix_Zoo_Report`.
fn class_of(wire: &str) -> Option<&str> {
    let parts: Vec<&str> = wire.trim_start_matches('\\').split(['\\', '_']).collect();
    let is_part = |part: &&str| {
        part.starts_with(|c: char| c.is_ascii_uppercase()) && part.contains(|c: char| c.is_ascii_lowercase())
    };
    let is_class = parts.len() > 2 && parts.first() == Some(&"Bitrix") && parts.iter().all(is_part);
    parts.last().copied().filter(|_| is_class)
}

fn snake(wire: &str) -> Option<RustName> {
    escaped(wire, words(wire).replace(' ', "_"))
}

fn escaped(wire: &str, name: String) -> Option<RustName> {
    let mut name = identifier(name)?;
    if wire.starts_with('~') {
        // The portal marks a stored value with `~`, beside the same value prepared for display.
        name.insert_str(0, "raw_");
    }
    if KEYWORDS.contains(&name.as_str()) {
        name.insert_str(0, "r#");
    } else if PATH_KEYWORDS.contains(&name.as_str()) {
        name.push('_');
    }
    Some(RustName(name))
}

/// A name in upper camel case. Numbers that are words stay apart: `6_12`.
pub(super) fn camel(wire: &str) -> String {
    words(wire).split(' ').fold(String::new(), |name, word| {
        let apart = name.ends_with(is_digit) && word.starts_with(is_digit);
        name + if apart { "_" } else { "" } + &word.to_upper_camel_case()
    })
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// The name of a type: `["list", "result"]` gives `ListResult`.
pub(super) fn type_name(words: &[&str]) -> Option<RustName> {
    let mut name = identifier(words.iter().map(|word| camel(word)).collect())?;
    if PRELUDE.contains(&name.as_str()) {
        name.push_str("Request");
    }
    Some(RustName(name))
}

/// The name of a type of these words. `None` if it would be long, hide a name of the prelude, or be no name at all.
pub(super) fn type_of(words: &str) -> Option<RustName> {
    let name = identifier(words.to_upper_camel_case())?;
    let is_short = name.len() <= LONG && words.split(' ').count() <= MAX_WORDS;
    let is_free = !PRELUDE.contains(&name.as_str()) && !name.starts_with('_');
    (is_short && is_free).then_some(RustName(name))
}

/// How many words the name of a type has at most, if there is a choice.
const MAX_WORDS: usize = 5;

/// The length above which a type name leaves out words in the middle, in bytes.
const LONG: usize = 40;

/// The candidates for the name of a type, the best one first: all words or, if that is too long, the head and as few of the last
/// words as possible.
pub(super) fn type_names(head: &[&str], path: &[&str]) -> Vec<RustName> {
    // The head with this word alone is the name of the method's errors.
    let path = match path {
        [word] if word.eq_ignore_ascii_case("error") => &[*word, "value"],
        path => path,
    };
    let Some(whole) = type_name(&[head, path].concat()) else { return Vec::new() };
    if whole.as_str().len() <= LONG {
        return vec![whole];
    }
    // `item` and `value` only say that the type is in a list or a map.
    let significant =
        |words: &&[&str]| words.iter().filter(|word| !matches!(**word, "item" | "value")).count() > 1;
    let ends = (1..path.len()).rev().filter_map(|from| path.get(from..)).filter(significant);
    ends.filter_map(|end| type_name(&[head, end].concat())).chain([whole.clone()]).collect()
}

/// The candidates for the name of a part of what a portal sends, the best one first. `shipments` with a list of objects has a
/// `shipment`.
pub(super) fn part_names(head: &[&str], path: &[&str]) -> Vec<RustName> {
    let mut things: Vec<String> = Vec::new();
    let mut rest = path.iter().peekable();
    while let Some(word) = rest.next() {
        let own = words(word);
        let one = nouns::singular(&own);
        let is_many = one != own && rest.next_if(|next| matches!(**next, "item" | "value")).is_some();
        things.push(if is_many { one } else { own });
    }
    let things: Vec<&str> = things.iter().map(String::as_str).collect();
    let whole = type_names(head, path).pop();
    type_names(head, &things).into_iter().chain(whole).collect()
}

/// The name of a variant for a documented value; `None` if the value has no letter and no digit.
pub(super) fn value(wire: &str) -> Option<RustName> {
    if wire.is_empty() {
        return Some(RustName("Empty".to_owned()));
    }
    let name = camel(wire);
    let name = if name.starts_with(|c: char| c.is_numeric()) { format!("Value{name}") } else { name };
    variant(identifier(name)?, "Value")
}

/// The name of a constant.
pub(super) fn constant(wire: &str) -> Option<RustName> {
    identifier(words(wire).to_shouty_snake_case()).map(RustName)
}

/// The name of a variant for an integer value.
pub(super) fn integer_value(wire: i64) -> RustName {
    let sign = if wire < 0 { "Minus" } else { "" };
    RustName(format!("Value{sign}{}", wire.unsigned_abs()))
}

/// The name of a variant for an error, from the words of its code or message.
pub(super) fn error(words: &str) -> Option<RustName> {
    let name = camel(words);
    let name = if name.starts_with(|c: char| c.is_numeric()) { format!("Code{name}") } else { name };
    variant(identifier(name)?, "Error")
}

/// Names with `suffix` the variants that would collide with `Other`, the variant for undocumented values, or with `Self`.
fn variant(name: String, suffix: &str) -> Option<RustName> {
    Some(RustName(if matches!(name.as_str(), "Other" | "Self") { format!("{name}{suffix}") } else { name }))
}

/// Reduces a name to ASCII letters, digits and underscores, without a digit at the start. It may still be a keyword.
fn identifier(name: String) -> Option<String> {
    let mut name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    if name.chars().all(|c| c == '_') {
        return None;
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, '_');
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_names_become_rust_names() {
        let cases = [
            ("SESSION_ID", Some("session_id")),
            ("entityTypeId", Some("entity_type_id")),
            ("pinAll", Some("pin_all")),
            ("UF_CRM_1", Some("uf_crm_1")),
            (">=ID", Some("id")),
            ("fields.CONTACT_ID", Some("fields_contact_id")),
            ("type", Some("r#type")),
            ("self", Some("self_")),
            ("EXTRA", Some("extra_value")),
            ("ADD", Some("add")),
            ("uploadfile", Some("upload_file")),
            ("TASKID2", Some("task_id2")),
            ("~TITLE", Some("raw_title")),
            ("0", Some("_0")),
            ("UF_\\*", Some("uf")),
            ("\"quoted\"", Some("quoted")),
            ("Bitrix_Zoo_Report_DailyReport", Some("daily_report")),
            ("\\Bitrix\\Zoo\\Report", Some("report")),
            ("Bitrix_Zoo", Some("bitrix_zoo")),
            ("Bitrix_ZOO_Report", Some("bitrix_zoo_report")),
            ("***", None),
            ("__", None),
            ("", None),
        ];
        for (wire, name) in cases {
            assert_eq!(field(wire).as_ref().map(RustName::as_str), name, "{wire:?}");
        }
    }

    #[test]
    fn numbers_that_are_words_stay_apart() {
        let cases = [
            ("6_12", "Value6_12"),
            ("1.0", "Value1_0"),
            ("10", "Value10"),
            ("v2.b3", "V2B3"),
            ("a1-2b", "A1_2b"),
        ];
        for (wire, name) in cases {
            assert_eq!(value(wire).unwrap().as_str(), name, "{wire}");
        }
    }

    #[test]
    fn type_names_do_not_hide_the_prelude() {
        let cases: [(&[&str], _); 4] = [
            (&["vote"], "Vote"),
            (&["pinAll", "error"], "PinAllError"),
            (&["option"], "OptionRequest"),
            (&["2fa"], "_2fa"),
        ];
        for (words, name) in cases {
            assert_eq!(type_name(words).unwrap().as_str(), name);
        }
    }

    #[test]
    fn a_type_does_not_have_the_name_of_the_errors() {
        assert_eq!(type_names(&["get"], &["error"]), [RustName("GetErrorValue".to_owned())]);
        assert_eq!(type_names(&["get"], &["errors"]), [RustName("GetErrors".to_owned())]);
    }

    #[test]
    fn parts_of_what_a_portal_sends_are_in_the_singular() {
        let cases: [(&[&str], &str); 6] = [
            (&["shipments", "item"], "FeedShipment"),
            (&["shipments", "item", "extraValues", "item"], "FeedShipmentExtraValue"),
            (&["houses", "value", "cages", "item", "config", "item"], "FeedHouseCageConfigItem"),
            (&["items", "item", "items"], "FeedItemItems"),
            (&["settings"], "FeedSettings"),
            (&["item"], "FeedItem"),
        ];
        for (path, name) in cases {
            assert_eq!(part_names(&["feed"], path).first().map(RustName::as_str), Some(name), "{path:?}");
        }
    }

    #[test]
    fn long_names_of_types_leave_out_words_in_their_middle() {
        let path = ["session", "messages", "item", "attachments", "item", "preview", "thumbnail", "item"];
        let names = type_names(&["history", "result"], &path);
        let names: Vec<&str> = names.iter().map(RustName::as_str).collect();
        let ends = [
            "PreviewThumbnailItem",
            "ItemPreviewThumbnailItem",
            "AttachmentsItemPreviewThumbnailItem",
            "ItemAttachmentsItemPreviewThumbnailItem",
            "MessagesItemAttachmentsItemPreviewThumbnailItem",
            "SessionMessagesItemAttachmentsItemPreviewThumbnailItem",
        ];
        assert_eq!(names, ends.map(|end| format!("HistoryResult{end}")));
        assert_eq!(type_names(&["history", "result"], &path[..2]).len(), 1, "a short name stays whole");
        assert_eq!(type_names(&["get", "result"], &["a_field_with_a_name_as_long_as_a_sentence"]).len(), 1);
        assert!(type_names(&["..."], &[]).is_empty());
    }
}
