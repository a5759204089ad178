//! From names on the wire to names in Rust.

use heck::{ToSnakeCase, ToUpperCamelCase};

use crate::model::RustName;

/// Keywords of Rust, of every edition; `r#` goes before them in a name.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Keywords that cannot be an identifier even with `r#`.
const PATH_KEYWORDS: &[&str] = &["crate", "self", "super", "_"];

/// Names of types that every module sees without asking; a generated type of that name would hide them from its module.
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

/// Methods of operators: a setter of that name would look like one of them.
const OPERATORS: &[&str] = &["add", "bitand", "bitor", "bitxor", "div", "mul", "rem", "shl", "shr", "sub"];

/// The field in which requests and results keep what the documentation does not list.
const EXTRA: &str = "extra";

/// The word that the types of a result have in their names, beside those of the request.
pub(super) const RESULT: &str = "result";

/// The name of a function or a module: a word of a method's name.
pub(super) fn function(wire: &str) -> Option<RustName> {
    snake(wire)
}

/// The name of a field and of its setter. Nothing but letters, digits and underscores is left of a wire name; `None` where
/// that is nothing.
pub(super) fn field(wire: &str) -> Option<RustName> {
    let taken = |name: &RustName| name.as_str() == EXTRA || OPERATORS.contains(&name.as_str());
    snake(wire).map(|name| if taken(&name) { RustName(format!("{name}_")) } else { name })
}

fn snake(wire: &str) -> Option<RustName> {
    let mut name = identifier(wire.to_snake_case())?;
    if wire.starts_with('~') {
        // The portal's mark for a value as it is stored, beside the one that is prepared for a page.
        name.insert_str(0, "raw_");
    }
    if KEYWORDS.contains(&name.as_str()) {
        name.insert_str(0, "r#");
    } else if PATH_KEYWORDS.contains(&name.as_str()) {
        name.push('_');
    }
    Some(RustName(name))
}

/// The name of a type, from the words that lead to it: `["list", "result"]` gives `ListResult`.
pub(super) fn type_name(words: &[&str]) -> Option<RustName> {
    let mut name = identifier(words.iter().map(|word| word.to_upper_camel_case()).collect())?;
    if PRELUDE.contains(&name.as_str()) {
        name.push_str("Request");
    }
    Some(RustName(name))
}

/// How long the name of a type may become before words in its middle are left out.
const LONG: usize = 40;

/// The names that a type may have by the words that lead to it, the first choice first: all of them or, where that is long,
/// the word that all begin with and as few of the last ones as are free.
pub(super) fn type_names(head: &[&str], path: &[&str]) -> Vec<RustName> {
    let Some(whole) = type_name(&[head, path].concat()) else { return Vec::new() };
    if whole.as_str().len() <= LONG {
        return vec![whole];
    }
    // That something stands in a list or a map tells little of it.
    let telling =
        |words: &&[&str]| words.iter().filter(|word| !matches!(**word, "item" | "value")).count() > 1;
    let ends = (1..path.len()).rev().filter_map(|from| path.get(from..)).filter(telling);
    ends.filter_map(|end| type_name(&[head, end].concat())).chain([whole.clone()]).collect()
}

/// The name of a variant for a documented value; `None` where no letter or digit is in it.
pub(super) fn value(wire: &str) -> Option<RustName> {
    if wire.is_empty() {
        return Some(RustName("Empty".to_owned()));
    }
    let name = wire.to_upper_camel_case();
    let name = if name.starts_with(|c: char| c.is_numeric()) { format!("Value{name}") } else { name };
    variant(identifier(name)?)
}

/// The name of a variant for an integer value.
pub(super) fn integer_value(wire: i64) -> RustName {
    let sign = if wire < 0 { "Minus" } else { "" };
    RustName(format!("Value{sign}{}", wire.unsigned_abs()))
}

/// The name of a variant for an error: of its code, or of its message where the code tells nothing.
pub(super) fn error(code: &str, message: Option<&str>) -> Option<RustName> {
    let told = match message {
        Some(message) if code.is_empty() || is_number(code) => message,
        _ => code,
    };
    if told.is_empty() {
        return Some(RustName("Unspecified".to_owned()));
    }
    let name = told.to_upper_camel_case();
    let name = if name.starts_with(|c: char| c.is_numeric()) { format!("Code{name}") } else { name };
    variant(identifier(name)?)
}

fn is_number(code: &str) -> bool {
    !code.is_empty() && code.bytes().all(|b| b.is_ascii_digit())
}

/// `Other` is where unlisted values go.
fn variant(name: String) -> Option<RustName> {
    Some(RustName(if matches!(name.as_str(), "Other" | "Self") { format!("{name}_") } else { name }))
}

/// A name that may stand in Rust, but for keywords: letters of ASCII, digits and underscores, with no digit first.
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
            ("EXTRA", Some("extra_")),
            ("ADD", Some("add_")),
            ("~TITLE", Some("raw_title")),
            ("0", Some("_0")),
            ("UF_\\*", Some("uf")),
            ("\"quoted\"", Some("quoted")),
            ("***", None),
            ("__", None),
            ("", None),
        ];
        for (wire, name) in cases {
            assert_eq!(field(wire).as_ref().map(RustName::as_str), name, "{wire:?}");
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

    #[test]
    fn errors_are_named_by_what_tells_them_apart() {
        let cases = [
            ("EMPTY_VOTE_PARAMS", None, Some("EmptyVoteParams")),
            ("100", None, Some("Code100")),
            ("200040300010", None, Some("Code200040300010")),
            ("0x00000142", None, Some("Code0x00000142")),
            ("", None, Some("Unspecified")),
            ("", Some("Nothing there"), Some("NothingThere")),
            ("0", Some("Nothing there"), Some("NothingThere")),
            ("NOT_FOUND", Some("No such task"), Some("NotFound")),
            ("OTHER", None, Some("Other_")),
            ("...", None, None),
        ];
        for (code, message, name) in cases {
            assert_eq!(error(code, message).as_ref().map(RustName::as_str), name, "{code:?} {message:?}");
        }
    }
}
