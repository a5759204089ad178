//! The default that the description of a parameter gives.

use serde_json::{Number, Value};

use crate::descriptor::{JsonType, Schema};
use crate::extract::lexicon::values::{DEFAULT_MARKS, DEFAULTS};
use crate::extract::register::Rule;
use crate::extract::register::params::{DEFAULT_IN_DESCRIPTION, DEFAULT_IN_LIST_ITEM};
use crate::extract::rules::params::constraints::{item_value, literal};
use crate::extract::rules::params::field_context::FieldContext;
use crate::extract::syntax::ast::{Run, Text};

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
        for (at, pair) in runs.windows(2).enumerate() {
            let [Run::Words(words), Run::Code(code)] = pair else { continue };
            let words = words.trim_end().trim_end_matches([':', ',', '—', '–', '-', '=']).trim_end();
            if !DEFAULTS.end(words) {
                continue;
            }
            let value = default_of(code.trim(), schema)?;
            if found.as_ref().is_some_and(|(known, _)| *known != value) || !ends_there(runs.get(at + 2)) {
                return None;
            }
            found = Some((value, &DEFAULT_IN_DESCRIPTION));
        }
    }
    found
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
    next.is_none_or(|next| {
        next.is_blank() || next.as_str().trim_start().starts_with(['.', ')', ';', '(', '—', '–'])
    })
}

fn default_of(code: &str, schema: &Schema) -> Option<Value> {
    match schema.types.single()? {
        JsonType::Integer => code.parse::<i64>().ok().map(Value::from),
        JsonType::Number => {
            let number = code.parse::<f64>().ok().and_then(Number::from_f64)?;
            Some(Value::Number(number))
        }
        JsonType::Boolean if schema.format.as_deref() == Some("char") => match code.trim_matches(['\'', '"'])
        {
            "Y" => Some(Value::Bool(true)),
            "N" => Some(Value::Bool(false)),
            _ => None,
        },
        JsonType::Boolean => code.parse::<bool>().ok().map(Value::from),
        JsonType::String => literal(code).map(Value::from),
        _ => None,
    }
}
