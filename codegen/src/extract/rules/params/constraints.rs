//! The constraints that the description of a parameter gives: its values, its default and its bounds.

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::{Number, Value};

use crate::descriptor::{FLAG, JsonType, Schema};
use crate::extract::lexicon::phrases::sentences;
use crate::extract::lexicon::values::{EXAMPLES, NO_VALUES, VALUES};
use crate::extract::register::Rule;
use crate::extract::register::params::{
    BOUND_IN_DESCRIPTION, ENUM_VALUES_IN_LINE, ENUM_VALUES_IN_LIST, FLAG_OF_DIGITS, LONGEST_TEXT, MOST_ITEMS,
    NAMES_OF_VALUES, RANGE_IN_SENTENCE, VALUES_EXPLAINED_IN_LIST, VALUES_OF_ITEMS, YES_OR_NO_VALUE,
};
use crate::extract::rules::params::literals::{is_numbered, item_value};
use crate::extract::rules::params::values_in_text::{in_item, in_line, in_lines};
use crate::extract::rules::params::{bounds, defaults, value_names};
use crate::extract::syntax::ast::{Cell, Run, Text};

/// Adds the unambiguous constraints to the schema of a scalar. Returns the rules that added something, each with its keyword.
pub(super) fn add(schema: &mut Schema, texts: &[&Text]) -> Vec<(&'static Rule, &'static str)> {
    let mut fired: Vec<(&'static Rule, &'static str)> = Vec::new();
    let Some(json_type) = schema.types.single() else {
        fired.extend(add_default(schema, texts));
        return fired;
    };
    let prose = prose_of(texts);
    let listed = listed(texts, json_type);
    let is_char = schema.format.as_deref() == Some("char");
    let is_flag = if is_char || json_type == JsonType::Boolean {
        is_yes_or_no(texts, &listed.values)
    } else {
        json_type == JsonType::String && is_flag(&listed.values)
    };
    if is_flag {
        schema.types.0.iter_mut().filter(|of| **of == json_type).for_each(|of| *of = JsonType::Boolean);
        schema.format = Some("char".to_owned());
        fired.push((&YES_OR_NO_VALUE, "format"));
    } else if matches!(json_type, JsonType::Integer | JsonType::String) {
        schema.values = values(&listed.values, json_type);
        fired.extend((!schema.values.is_empty()).then_some((listed.rule, "enum")));
        fired.extend(add_names(schema, texts, &listed.values, json_type));
    }
    fired.extend(add_default(schema, texts));
    if schema
        .default
        .as_ref()
        .is_some_and(|default| !schema.values.is_empty() && !schema.values.contains(default))
    {
        // A list that lacks the default lacks other values too.
        schema.values.clear();
        schema.value_names.clear();
        schema.format = schema.format.take().filter(|format| format != FLAG);
        fired.retain(|(rule, keyword)| !matches!(*keyword, "enum" | "enumNames") && **rule != FLAG_OF_DIGITS);
    }
    if schema.values.is_empty() && matches!(json_type, JsonType::Integer | JsonType::Number) {
        fired.extend(add_bounds(schema, &prose, json_type));
    }
    if schema.types.single() == Some(JsonType::String) && schema.values.is_empty() {
        schema.max_length = bounds::max_length(&prose);
        fired.extend(schema.max_length.map(|_| (&LONGEST_TEXT, "maxLength")));
    }
    fired
}

/// Adds what the values mean: that they are a flag, or a name for each.
fn add_names(
    schema: &mut Schema,
    texts: &[&Text],
    listed: &[String],
    json_type: JsonType,
) -> Option<(&'static Rule, &'static str)> {
    if schema.values.is_empty() {
        return None;
    }
    if json_type == JsonType::Integer && schema.format.is_none() && value_names::are_flag(texts, listed) {
        schema.format = Some(FLAG.to_owned());
        return Some((&FLAG_OF_DIGITS, "format"));
    }
    schema.value_names = value_names::of(texts, listed);
    (!schema.value_names.is_empty()).then_some((&NAMES_OF_VALUES, "enumNames"))
}

/// Adds the values of the items of a list, and how many items it may have. Values of a list without documented items are texts,
/// or integers where all of them are digits.
pub(super) fn add_to_list(
    schema: &mut Schema,
    example: &Schema,
    texts: &[&Text],
) -> Vec<(&'static Rule, &'static str)> {
    let mut fired: Vec<(&'static Rule, &'static str)> = Vec::new();
    let sent = example.items.as_deref().and_then(|items| items.types.single());
    let documented = schema.items.as_deref().map(|items| items.types.single());
    let listed = announced(texts).values;
    let kind = match documented.unwrap_or(sent) {
        None if !listed.is_empty() && listed.iter().all(|value| value.parse::<i64>().is_ok()) => {
            Some(JsonType::Integer)
        }
        None => Some(JsonType::String),
        kind => kind.filter(|kind| matches!(kind, JsonType::Integer | JsonType::String)),
    };
    let values = kind.map(|kind| values(&listed, kind)).unwrap_or_default();
    if let Some(kind) = kind.filter(|_| values.len() > 1) {
        let items = schema.items.get_or_insert_with(|| Box::new(Schema::of(kind)));
        if items.format.is_none() && items.types.single() == Some(kind) {
            items.values = values;
            items.value_names = value_names::of(texts, &listed);
            fired.push((&VALUES_OF_ITEMS, "items"));
            fired.extend((!items.value_names.is_empty()).then_some((&NAMES_OF_VALUES, "items")));
        }
    }
    schema.max_items = bounds::max_items(&prose_of(texts));
    fired.extend(schema.max_items.map(|_| (&MOST_ITEMS, "maxItems")));
    fired
}

/// The words of some texts in one line.
fn prose_of(texts: &[&Text]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| text.prose()).collect();
    texts.join(" ").trim().to_owned()
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

/// Adds the default.
fn add_default(schema: &mut Schema, texts: &[&Text]) -> Option<(&'static Rule, &'static str)> {
    let (value, rule) = defaults::of(texts, schema)?;
    schema.default = Some(value);
    Some((rule, "default"))
}

/// Adds the smallest and the largest number.
fn add_bounds(
    schema: &mut Schema,
    prose: &str,
    json_type: JsonType,
) -> impl Iterator<Item = (&'static Rule, &'static str)> {
    (schema.minimum, schema.maximum) = bounds::of_number(prose, json_type);
    let mut rule = &BOUND_IN_DESCRIPTION;
    match bounds::range(prose) {
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
        return is_flag(listed);
    }
    !other && (has("Y/N") || has("Y") && has("N") || has("Y|N"))
}

fn is_flag(values: &[String]) -> bool {
    values.len() == 2 && ["Y", "N"].iter().all(|value| values.iter().any(|known| known == value))
}

/// The values behind an announcement, and the rule that found them.
struct Listed {
    values: Vec<String>,
    rule: &'static Rule,
}

/// The values in a list or a row of code spans behind an announcement, or else those that a list explains one by one.
fn listed(texts: &[&Text], json_type: JsonType) -> Listed {
    let announced = announced(texts);
    if !announced.values.is_empty() || !(json_type == JsonType::Integer || introduces_values(texts)) {
        return announced;
    }
    Listed { values: explained(texts), rule: &VALUES_EXPLAINED_IN_LIST }
}

/// The values in a list or a row of code spans behind an announcement; none where one of them is no literal.
fn announced(texts: &[&Text]) -> Listed {
    for (index, text) in texts.iter().enumerate() {
        if VALUES.stand_in(&text.prose()) && text.bullet.is_none() {
            let values = items_below(texts, index + 1);
            if let Some(values) = values {
                return Listed { values: distinct(values.unwrap_or_default()), rule: &ENUM_VALUES_IN_LIST };
            }
        }
        let mut values = in_line(text);
        if values.is_empty() && announces_below(&text.prose()) {
            values = paragraphs_below(texts, index + 1);
        }
        if !values.is_empty() {
            return Listed { values: distinct(values), rule: &ENUM_VALUES_IN_LINE };
        }
    }
    Listed { values: Vec::new(), rule: &ENUM_VALUES_IN_LIST }
}

/// Whether a text ends with an announcement of values.
fn announces_below(prose: &str) -> bool {
    prose.ends_with(':') && VALUES.stand_in(prose)
}

/// The values that the paragraphs from a place on explain, each a line or more; none where it is a single one.
fn paragraphs_below(texts: &[&Text], from: usize) -> Vec<String> {
    let below = texts.iter().skip(from).take_while(|text| text.bullet.is_none());
    let of_paragraph = |text: &&Text| {
        let lines = in_lines(text);
        if lines.is_empty() { item_value(text).map(|value| vec![value]) } else { Some(lines) }
    };
    let values: Vec<String> = below.map_while(of_paragraph).flatten().collect();
    if values.len() > 1 { values } else { Vec::new() }
}

/// The values of the items from a place on: `None` where no item begins with code, `Some(None)` where such an item has no
/// value. An item without code at its beginning, or with a name for numbered ones, refers to further values elsewhere, and one
/// that is indented further explains a value.
fn items_below(texts: &[&Text], from: usize) -> Option<Option<Vec<String>>> {
    let items = || texts.iter().skip(from).take_while(|text| text.bullet.is_some());
    let outermost = items().filter_map(|text| text.bullet).min()?;
    let begins_with_code = |text: &&&Text| {
        let runs = text.runs();
        let first = runs.iter().find(|run| !run.is_blank());
        matches!(first, Some(Run::Code(code)) if !is_numbered(code.trim()))
    };
    let items = items().filter(|text| text.bullet == Some(outermost)).filter(begins_with_code);
    let mut items = items.peekable();
    items.peek()?;
    let values: Option<Vec<Vec<String>>> = items.map(|item| in_item(item)).collect();
    Some(values.map(Vec::into_iter).map(|values| values.flatten().collect()))
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
    let announces_else = !announcement.ends_with(':') && NO_VALUES.are_words_of(last_sentence(&announcement));
    if EXAMPLES.stand_in(&announcement) || announces_else {
        return Vec::new();
    }
    distinct(items_below(texts, first).flatten().filter(|values| values.len() > 1).unwrap_or_default())
}

fn last_sentence(text: &str) -> &str {
    sentences(text).last().unwrap_or_default()
}

fn distinct(values: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    if values.iter().all(|value| seen.insert(value.clone())) { values } else { Vec::new() }
}

fn values(listed: &[String], json_type: JsonType) -> Vec<Value> {
    if json_type == JsonType::String {
        return listed.iter().map(|value| Value::from(value.as_str())).collect();
    }
    let numbers: Option<Vec<i64>> = listed.iter().map(|value| value.parse().ok()).collect();
    numbers.unwrap_or_default().into_iter().map(Value::from).collect()
}

/// The range of a number, unless another bound is beside it.
pub(super) fn range_in(cell: &Cell) -> Option<(Number, Number)> {
    let prose = cell.prose();
    bounds::range(&prose).filter(|_| bounds::of_number(&prose, JsonType::Integer) == (None, None))
}
