//! The constraints that the description of a parameter gives: its values, its default and its bounds.

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::{Number, Value};

use crate::descriptor::{JsonType, Schema};
use crate::extract::lexicon::phrases::sentences;
use crate::extract::lexicon::values::{BEFORE_VALUES, EXAMPLES, NO_VALUES, RANGES, VALUES};
use crate::extract::register::Rule;
use crate::extract::register::params::{
    BOUND_IN_DESCRIPTION, ENUM_VALUES_IN_LINE, ENUM_VALUES_IN_LIST, LONGEST_TEXT, RANGE_IN_SENTENCE,
    VALUES_EXPLAINED_IN_LIST, YES_OR_NO_VALUE,
};
use crate::extract::rules::params::literals::{item_value, literal};
use crate::extract::rules::params::{bounds, defaults};
use crate::extract::syntax::ast::{Cell, Run, Text};

/// Adds the unambiguous constraints to the schema of a scalar. Returns the rules that added something, each with its keyword.
pub(super) fn add(schema: &mut Schema, cell: &Cell) -> Vec<(&'static Rule, &'static str)> {
    let mut fired: Vec<(&'static Rule, &'static str)> = Vec::new();
    let Some(json_type) = schema.types.single() else {
        return fired;
    };
    let texts: Vec<&Text> = cell.paragraphs().collect();
    let listed = listed(&texts);
    let is_char = schema.format.as_deref() == Some("char");
    if (is_char || json_type == JsonType::Boolean) && is_yes_or_no(&texts, &listed.values) {
        schema.types.0.iter_mut().filter(|of| **of == json_type).for_each(|of| *of = JsonType::Boolean);
        schema.format = Some("char".to_owned());
        fired.push((&YES_OR_NO_VALUE, "format"));
    } else if matches!(json_type, JsonType::Integer | JsonType::String) {
        fired.extend(add_values(schema, &texts, &listed, json_type).map(|rule| (rule, "enum")));
    }
    if let Some((value, rule)) = defaults::of(&texts, schema) {
        schema.default = Some(value);
        fired.push((rule, "default"));
    }
    if schema.values.is_empty() && matches!(json_type, JsonType::Integer | JsonType::Number) {
        fired.extend(add_bounds(schema, cell, json_type));
    }
    if schema.types.single() == Some(JsonType::String) && schema.values.is_empty() {
        schema.max_length = bounds::max_length(&cell.prose());
        fired.extend(schema.max_length.map(|_| (&LONGEST_TEXT, "maxLength")));
    }
    fired
}

/// The value of a keyword of a schema, for the evidence. It is looked up only when it is serialized, since most imports keep
/// no evidence.
pub(super) struct KeywordOf<'a> {
    pub(super) schema: &'a Schema,
    pub(super) keyword: &'a str,
}

impl Serialize for KeywordOf<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shown = serde_json::to_value(self.schema).map_err(S::Error::custom)?;
        shown.get(self.keyword).unwrap_or(&Value::Null).serialize(serializer)
    }
}

/// Adds the values that are listed, or explained one by one.
fn add_values(
    schema: &mut Schema,
    texts: &[&Text],
    listed: &Listed,
    json_type: JsonType,
) -> Option<&'static Rule> {
    schema.values = values(&listed.values, json_type);
    let mut rule = listed.rule;
    if listed.values.is_empty() && (json_type == JsonType::Integer || introduces_values(texts)) {
        schema.values = values(&explained(texts), json_type);
        rule = &VALUES_EXPLAINED_IN_LIST;
    }
    (!schema.values.is_empty()).then_some(rule)
}

/// Adds the smallest and the largest number.
fn add_bounds(
    schema: &mut Schema,
    cell: &Cell,
    json_type: JsonType,
) -> impl Iterator<Item = (&'static Rule, &'static str)> {
    (schema.minimum, schema.maximum) = bounds::of_number(&cell.prose(), json_type);
    let mut rule = &BOUND_IN_DESCRIPTION;
    match range_in(cell) {
        // Beside a range, another bound belongs to a second range or to something else.
        Some(_) if schema.minimum.is_some() || schema.maximum.is_some() => {
            (schema.minimum, schema.maximum) = (None, None);
        }
        Some((low, high)) => {
            (schema.minimum, schema.maximum) = (Some(low), Some(high));
            rule = &RANGE_IN_SENTENCE;
        }
        None => {}
    }
    let minimum = schema.minimum.as_ref().map(|_| (rule, "minimum"));
    let maximum = schema.maximum.as_ref().map(|_| (rule, "maximum"));
    minimum.into_iter().chain(maximum)
}

/// Whether the only values are `Y` and `N`.
fn is_yes_or_no(texts: &[&Text], listed: &[String]) -> bool {
    let code: Vec<&str> = texts.iter().flat_map(|text| text.code()).collect();
    let has = |value: &str| code.iter().any(|code| code.trim_matches(['\'', '"']) == value);
    let other = ["true", "false", "0", "1"].into_iter().any(has);
    if !listed.is_empty() {
        return listed.len() == 2 && ["Y", "N"].iter().all(|value| listed.iter().any(|known| known == value));
    }
    !other && (has("Y/N") || has("Y") && has("N") || has("Y|N"))
}

/// The values behind an announcement, and the rule that found them.
struct Listed {
    values: Vec<String>,
    rule: &'static Rule,
}

/// The values in a list or a row of code spans behind an announcement; none where one of them is no literal.
fn listed(texts: &[&Text]) -> Listed {
    for (index, text) in texts.iter().enumerate() {
        if !VALUES.stand_in(&text.prose()) {
            continue;
        }
        if text.bullet.is_none() {
            let items = texts.iter().skip(index + 1).take_while(|text| text.bullet.is_some());
            // An item without code refers to further values elsewhere.
            let mut items = items.filter(|item| item.code().next().is_some()).peekable();
            if items.peek().is_some() {
                let values = items.map(|item| item_value(item)).collect::<Option<Vec<_>>>();
                return Listed { values: distinct(values.unwrap_or_default()), rule: &ENUM_VALUES_IN_LIST };
            }
        }
        let values = in_line(text);
        if !values.is_empty() {
            return Listed { values: distinct(values), rule: &ENUM_VALUES_IN_LINE };
        }
    }
    Listed { values: Vec::new(), rule: &ENUM_VALUES_IN_LIST }
}

/// Whether a description consists of one text and a list: "Kind of the cage:" and the kinds. Words for a form, for fields or
/// for some of the values announce something else.
fn introduces_values(texts: &[&Text]) -> bool {
    let [first, second, ..] = texts else { return false };
    first.bullet.is_none() && second.bullet.is_some() && !NO_VALUES.are_words_of(&first.prose())
}

/// The values that a list explains one by one, unless its announcement calls them samples.
fn explained(texts: &[&Text]) -> Vec<String> {
    let Some(first) = texts.iter().position(|text| text.bullet.is_some()) else {
        return Vec::new();
    };
    let before = first.checked_sub(1).and_then(|before| texts.get(before));
    let announcement = before.map(|text| text.prose()).unwrap_or_default();
    if !announcement.ends_with(':') || EXAMPLES.stand_in(&announcement) {
        return Vec::new();
    }
    let items = texts.iter().skip(first).take_while(|text| text.bullet.is_some());
    distinct(items.map(|item| item_value(item)).collect::<Option<Vec<_>>>().unwrap_or_default())
}

fn distinct(values: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    if values.iter().all(|value| seen.insert(value.clone())) { values } else { Vec::new() }
}

/// The values in "Possible values: `a`, `b`, `c`".
fn in_line(text: &Text) -> Vec<String> {
    let announces = |run: &Run<'_>| {
        let Run::Words(words) = run else { return false };
        let words = words.trim_end();
        (words.ends_with([':', '—']) || BEFORE_VALUES.end(words))
            && sentences(words).last().is_some_and(|sentence| VALUES.stand_in(sentence))
    };
    let runs = text.runs();
    let Some(start) = runs.iter().position(announces) else {
        return Vec::new();
    };
    let mut values = Vec::new();
    let mut joined = true;
    for run in runs.iter().skip(start + 1) {
        if let Run::Code(code) = run {
            match literal(code) {
                Some(value) if joined => values.push(value),
                _ => return Vec::new(),
            }
            joined = false;
            continue;
        }
        let words = run.as_str().trim();
        if matches!(words, "," | "or" | "and" | ", or" | ", and" | "/" | ";") {
            joined = true;
        } else if words.is_empty() || words.starts_with('.') {
            break;
        } else {
            return Vec::new();
        }
    }
    if values.len() >= 2 && !joined { values } else { Vec::new() }
}

fn values(listed: &[String], json_type: JsonType) -> Vec<Value> {
    if json_type == JsonType::String {
        return listed.iter().map(|value| Value::from(value.as_str())).collect();
    }
    let numbers: Option<Vec<i64>> = listed.iter().map(|value| value.parse().ok()).collect();
    numbers.unwrap_or_default().into_iter().map(Value::from).collect()
}

/// The range in "from 1 to 5", whose ends are whole numbers.
pub(super) fn range_in(cell: &Cell) -> Option<(Number, Number)> {
    let prose = cell.prose();
    let words: Vec<&str> =
        prose.split_whitespace().map(|word| word.trim_matches([',', '.', ';', ')', '('])).collect();
    let number = |word: &str| word.parse::<i64>().ok();
    words.windows(4).find_map(|four| {
        let [from, low, to, high] = four else { return None };
        let is_range = RANGES.iter().any(|(a, b)| from.eq_ignore_ascii_case(a) && to == b);
        let (low, high) = (number(low)?, number(high)?);
        (is_range && low <= high).then(|| (low.into(), high.into()))
    })
}
