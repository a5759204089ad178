//! What the keys of objects say: whether they are data, languages or names of fields.

use std::collections::HashSet;

use serde_json::Value;

use crate::extract::lexicon::field_names::LANGUAGES;
use crate::extract::lexicon::results::{OF_A_FIELD, OF_ITSELF};
use crate::extract::rules::returns::tree::{Inner, Node};
use crate::schema::accepts::is_empty_form;
use crate::schema::example::date_format;

/// The children of lists and objects; those of objects with their keys.
pub(super) fn children<'a>(live: &[&'a Value]) -> impl Iterator<Item = (Option<&'a str>, &'a Value)> {
    live.iter().copied().flat_map(|value| {
        let of_object =
            value.as_object().into_iter().flatten().map(|(key, child)| (Some(key.as_str()), child));
        let of_list = value.as_array().into_iter().flatten().map(|child| (None, child));
        of_object.chain(of_list)
    })
}

pub(super) fn has_number_keys(value: &Value) -> bool {
    value.as_object().is_some_and(|map| map.keys().all(|key| key.parse::<i64>().is_ok()))
}

/// Whether objects hold the same text, or the same texts, in several languages. Some languages have the letters of other words
/// (`id`, `in`).
pub(super) fn are_languages(live: &[&Value]) -> bool {
    const WORDS: [&str; 6] = ["by", "co", "id", "in", "it", "la"];
    let keys: HashSet<&str> = children(live).filter_map(|(key, _)| key).collect();
    let all = |is_kind: fn(&Value) -> bool| {
        children(live).all(|(key, child)| {
            key.is_some_and(|key| LANGUAGES.are(key)) && (is_kind(child) || is_empty_form(child))
        })
    };
    (all(Value::is_string) || all(Value::is_object))
        && keys.iter().filter(|key| !WORDS.contains(key)).count() > 1
}

/// Whether the keys of objects are data: days, selectors, numbered codes, or each the code or the identifier of the
/// object below it.
pub(super) fn have_keys_of_data(live: &[&Value]) -> bool {
    let is_day = |key: &str| date_format(key).is_some();
    let is_its_own = |key: &str, child: &Value| {
        let fields = child.as_object().into_iter().flatten();
        let names = |name: &str| OF_ITSELF.iter().any(|known| known.eq_ignore_ascii_case(name));
        fields.filter(|(name, _)| names(name)).any(|(_, value)| value.as_str() == Some(key))
    };
    let mut all = children(live).peekable();
    all.peek().is_some()
        && all.all(|(key, child)| {
            key.is_some_and(|key| {
                is_day(key) || is_its_own(key, child) || is_selector(key, child) || is_numbered(key, child)
            })
        })
}

/// Whether a key is a CSS selector of a class or an identifier, with a structure below it: `#block3430`, `.zoo-cage`.
fn is_selector(key: &str, child: &Value) -> bool {
    let name = key.strip_prefix(['#', '.']).unwrap_or_default();
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && (child.is_object() || child.is_array())
}

/// Whether a key is a code with a number and a point before it, with a structure below it: `07.wide_cage`, `12.3.roof`.
fn is_numbered(key: &str, child: &Value) -> bool {
    let is_code = key.split_once('.').is_some_and(|(number, name)| {
        !number.is_empty()
            && number.bytes().all(|b| b.is_ascii_digit())
            && name.contains(|c: char| c.is_ascii_alphabetic())
    });
    is_code && (child.is_object() || child.is_array())
}

/// Whether objects hold nothing but field descriptions under the names of the fields.
pub(super) fn are_descriptions(live: &[&Value]) -> bool {
    let mut count = 0;
    for (_, child) in children(live) {
        count += 1;
        let has_type = child.get("type").or_else(|| child.get("TYPE")).is_some_and(Value::is_string);
        if !has_type || !OF_A_FIELD.iter().any(|key| child.get(*key).is_some()) {
            return false;
        }
    }
    count > 1
}

/// Whether a node is the description of a field.
pub(super) fn describes_field(node: &Node<'_>) -> bool {
    let Inner::Object(fields) = &node.inner else { return false };
    let names: Vec<&str> = fields.keys().map(String::as_str).collect();
    let has_type = names.iter().any(|name| name.eq_ignore_ascii_case("type"));
    has_type && names.iter().any(|name| OF_A_FIELD.contains(name))
}
