//! The default that the description of a parameter gives.

use serde_json::{Number, Value};

use crate::descriptor::{JsonType, Schema};
use crate::extract::lexicon::phrases::sentences;
use crate::extract::lexicon::values::{
    DEFAULT_BEHIND, DEFAULT_MARKS, DEFAULTS, EMPTY_TEXT, GIVEN_BACK, OMITTED, RESTRICTED, SET_TO, USED,
};
use crate::extract::register::Rule;
use crate::extract::register::params::{
    DEFAULT_IF_OMITTED, DEFAULT_IN_DESCRIPTION, DEFAULT_IN_LIST_ITEM, DEFAULT_IN_WORDS,
};
use crate::extract::rules::params::field_context::FieldContext;
use crate::extract::rules::params::literals::{item_value, literal};
use crate::extract::syntax::ast::{Cell, Run, Text};

/// The type of a key without a documented type that its default shows: a text where it is no number and no flag.
pub(super) fn type_shown(texts: &[&Text]) -> Option<Schema> {
    let types = [JsonType::Integer, JsonType::Boolean, JsonType::String];
    types.into_iter().map(Schema::of).find(|schema| of(texts, schema).is_some())
}

/// The type of a value without a documented type: an integer, where the default is one and no example request sends anything
/// else.
pub(super) fn infer_type(context: FieldContext<'_>) -> Option<Schema> {
    let integer = Schema::of(JsonType::Integer);
    let is_untyped =
        context.type_words.is_none() && (context.example.is_unknown() || *context.example == integer);
    let texts: Vec<&Text> = context.description.filter(|_| is_untyped)?.paragraphs().collect();
    of(&texts, &integer).map(|_| integer)
}

/// The default, as in "By default `N`", where there is only one and nothing restricts it.
pub(super) fn of(texts: &[&Text], schema: &Schema) -> Option<(Value, &'static Rule)> {
    let mut found: Option<(Value, &'static Rule)> = None;
    for text in texts {
        if let Some(value) = marked_default(text, schema) {
            if found.as_ref().is_some_and(|(known, _)| *known != value) {
                return None;
            }
            found = Some((value, &DEFAULT_IN_LIST_ITEM));
        }
        let runs = text.runs();
        for at in 0..runs.len() {
            let (value, rule) = match in_code(&runs, at, schema) {
                InCode::None => continue,
                InCode::Unclear => return None,
                InCode::Default(value) => (value, &DEFAULT_IN_DESCRIPTION),
                InCode::Omitted(value) => (value, &DEFAULT_IF_OMITTED),
            };
            if found.as_ref().is_some_and(|(known, _)| *known != value) {
                return None;
            }
            found = Some((value, rule));
        }
    }
    found.or_else(|| Some((in_words(texts, schema)?, &DEFAULT_IN_WORDS)))
}

/// What a code span says of the default.
enum InCode {
    None,
    /// It is a default of another type, or of some cases only.
    Unclear,
    Default(Value),
    /// What is used where the parameter is absent.
    Omitted(Value),
}

/// The default in a code span, by the words before or behind it.
fn in_code(runs: &[Run<'_>], at: usize, schema: &Schema) -> InCode {
    let Some(Run::Code(code)) = runs.get(at) else { return InCode::None };
    let before = at.checked_sub(1).and_then(|before| runs.get(before)).map_or("", Run::as_str);
    let raw = before.trim_end();
    let before = raw.trim_end_matches([':', ',', '—', '–', '-', '=']).trim_end();
    let behind = runs.get(at + 1);
    let value = default_of(code.trim(), schema).or_else(|| default_of(assigned(code.trim())?, schema));
    let all: String = runs.iter().take(at).map(Run::as_str).collect();
    let sentence = sentences(&all).last().unwrap_or_default();
    let is_restricted = RESTRICTED.begin(sentence) && !OMITTED.stand_in(sentence);
    if DEFAULTS.end(before) {
        return match value.filter(|_| !is_restricted && (ends_there(behind) || is_counted(behind, schema))) {
            Some(value) => InCode::Default(value),
            None => InCode::Unclear,
        };
    }
    // "If it is not specified, `a` is used."
    let stands_in = sentences(before).last().is_some_and(|last| {
        RESTRICTED.begin(last) && OMITTED.stand_in(last) && (raw.ends_with(',') || SET_TO.end(last))
    });
    let ends = |run: &Run<'_>| {
        run.is_blank() || run.as_str().trim_start().starts_with('.') || USED.begin(run.as_str().trim_start())
    };
    if stands_in
        && behind.is_none_or(ends)
        && let Some(value) = value
    {
        return InCode::Omitted(value);
    }
    let is_marked = behind.is_some_and(|run| DEFAULT_BEHIND.begin(run.as_str().trim_start()));
    let in_sentence = schema.values.contains(&Value::from(*code))
        && DEFAULT_BEHIND.begin(sentence)
        && behind.is_some_and(|run| USED.begin(run.as_str().trim_start()));
    value.filter(|_| is_marked && !is_restricted || in_sentence).map_or(InCode::None, InCode::Default)
}

/// The default that a cell consists of: one code span, or one word.
pub(super) fn alone(cell: &Cell, schema: &Schema) -> Option<Value> {
    let (code, prose) = (cell.code(), cell.prose());
    let is_alone = |code: &&str| prose.trim() == code.trim();
    let word = || Some(prose.as_str()).filter(|word| !word.contains(' ') && !word.is_empty());
    let is_text = schema.types.single() == Some(JsonType::String);
    let shown = match code.as_slice() {
        [code] => Some(*code).filter(is_alone),
        // A dash or a word may stand for none.
        [] => word().filter(|_| !is_text),
        _ => None,
    };
    shown.and_then(|shown| default_of(shown.trim(), schema))
}

/// The value of a name in `name=value`.
fn assigned(code: &str) -> Option<&str> {
    let (name, value) = code.split_once('=')?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    Some(value.trim()).filter(|value| is_name && !value.is_empty())
}

/// Whether a number counts what is returned by default: "By default, `100` notes are returned".
fn is_counted(behind: Option<&Run<'_>>, schema: &Schema) -> bool {
    let is_number = matches!(schema.types.single(), Some(JsonType::Integer | JsonType::Number));
    let words = behind.map(|run| run.as_str().trim_start()).unwrap_or_default();
    is_number && words.split_once(' ').is_some_and(|(_, behind)| GIVEN_BACK.begin(behind.trim_start()))
}

/// The default in plain words: "Default is 500", "by default, an empty string".
fn in_words(texts: &[&Text], schema: &Schema) -> Option<Value> {
    let mut found = None;
    for text in texts {
        let prose = text.prose();
        let words: Vec<&str> = prose.split_whitespace().collect();
        for at in 0..words.len() {
            let before = words.get(at.saturating_sub(4)..at).unwrap_or_default().join(" ");
            let before = before.trim_end_matches([':', ',', '—', '–', '-', '=', ' ']);
            if !DEFAULTS.end(before) {
                continue;
            }
            let rest = words.get(at..).unwrap_or_default();
            let Some(value) = plain_default(rest, schema) else { continue };
            if found.as_ref().is_some_and(|known| *known != value) {
                return None;
            }
            found = Some(value);
        }
    }
    found
}

/// The default that some words begin with: a number, the letter of a flag, or an empty text.
fn plain_default(words: &[&str], schema: &Schema) -> Option<Value> {
    let json_type = schema.types.single()?;
    if json_type == JsonType::String {
        let is_empty = schema.values.is_empty() && EMPTY_TEXT.begin(&words.join(" "));
        return is_empty.then(|| Value::from(""));
    }
    if begins_a_list(words) {
        return None;
    }
    let word = words.first()?.trim_end_matches(['.', ',', ';', ')']);
    let is_number = matches!(json_type, JsonType::Integer | JsonType::Number);
    let is_flag = schema.format.as_deref() == Some("char") && matches!(word, "Y" | "N");
    (is_number || is_flag).then(|| default_of(word, schema)).flatten()
}

/// Whether the first word is the number of an item of a list, not a value: "Default: 1. … 2. …".
fn begins_a_list(words: &[&str]) -> bool {
    ['.', ')'].iter().any(|sign| {
        let [first, second] = [1, 2].map(|number| format!("{number}{sign}"));
        words.first().is_some_and(|word| *word == first) && words.contains(&second.as_str())
    })
}

/// The value of an item whose explanation ends with a word for the default.
fn marked_default(text: &Text, schema: &Schema) -> Option<Value> {
    text.bullet?;
    let value = text.code().next()?;
    let prose = text.prose();
    let behind = prose.trim_end_matches(['.', ')', ';', ',', ' ']);
    // Alone behind the dash, the word is what the value means: that something is a default.
    let (_, last) = behind.rsplit_once([',', '(', ';', '.'])?;
    let marked = DEFAULT_MARKS.are(last.trim()) && item_value(text).is_some();
    if marked { default_of(value, schema) } else { None }
}

/// Whether the sentence ends with the value, or continues with its meaning only.
fn ends_there(next: Option<&Run<'_>>) -> bool {
    let Some(next) = next else { return true };
    let words = next.as_str().trim_start();
    let continues =
        || words.starts_with(',') && !RESTRICTED.stand_in(sentences(words).next().unwrap_or_default());
    next.is_blank() || words.starts_with(['.', ')', ';', '(', '—', '–']) || USED.begin(words) || continues()
}

fn default_of(code: &str, schema: &Schema) -> Option<Value> {
    let mut of_types = schema.types.0.iter().filter_map(|of| default_of_type(code, *of, schema));
    of_types.next()
}

fn default_of_type(code: &str, json_type: JsonType, schema: &Schema) -> Option<Value> {
    match json_type {
        JsonType::Integer => code.parse::<i64>().ok().map(Value::from),
        JsonType::Number => {
            let number = code.parse::<f64>().ok().and_then(Number::from_f64)?;
            Some(Value::Number(number))
        }
        JsonType::Boolean => match code.trim_matches(['\'', '"']) {
            "Y" => Some(Value::Bool(true)),
            "N" => Some(Value::Bool(false)),
            _ if schema.format.as_deref() == Some("char") => None,
            "1" => Some(Value::Bool(true)),
            "0" => Some(Value::Bool(false)),
            code => code.parse::<bool>().ok().map(Value::from),
        },
        JsonType::String => text(code).map(Value::from),
        _ => None,
    }
}

/// A text that is the default, without quotes around it. Beside a literal it may be signs alone.
fn text(code: &str) -> Option<String> {
    let is_signs = || {
        code.len() <= 80
            && !code.contains(char::is_whitespace)
            && !code.contains(['<', '{', '(', '$', '=', '*', '"', '\''])
            && !code.contains("..")
            && code != "null"
    };
    let empty = || matches!(code, "\"\"" | "''").then(String::new);
    literal(code).or_else(empty).or_else(|| is_signs().then(|| code.to_owned()))
}
