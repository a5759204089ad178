//! Keys that the text of a description gives: in a list that explains them one by one, or in the form of an object that is
//! shown as code.

use serde_json::Value;

use crate::descriptor::{JsonType, Schema};
use crate::extract::lexicon::params::{FORMS, ITEMS};
use crate::extract::lexicon::phrases::sentences;
use crate::extract::lexicon::values::{EXAMPLES, VALUES};
use crate::extract::register::Rule;
use crate::extract::register::params::{
    KEYS_LISTED_IN_DESCRIPTION, OBJECT_FORM_IN_FENCE, OBJECT_FORM_IN_SENTENCE, TYPES_IN_OBJECT_FORM,
};
use crate::extract::rules::params::attach::{insert, sends_scalars};
use crate::extract::rules::params::field_context::FieldContext;
use crate::extract::rules::params::filters_and_orders::is_open_list;
use crate::extract::site_index::SiteIndex;
use crate::extract::syntax::ast::{Block, Cell, Run, SpanKind, Text, flat};
use crate::schema::example;
use crate::schema::words::{self, TypeLookup};

/// An object whose keys a description gives.
pub(super) struct DescribedKeys {
    pub(super) object: Schema,
    /// The rule that finds the keys.
    pub(super) rule: &'static Rule,
    /// The rule that finds their types.
    pub(super) types: &'static Rule,
}

/// The object whose keys a description gives.
pub(super) fn keys(context: FieldContext<'_>, index: &SiteIndex<'_>) -> Option<DescribedKeys> {
    // A form in a code block is the type, whatever examples of other cases send in its place.
    if is_open_list(context.name) || sends_scalars(context.example) && fenced(context).is_empty() {
        return None;
    }
    let texts: Vec<&Text> = context.description.into_iter().flat_map(Cell::paragraphs).collect();
    // Where none of the keys is sent, they are those of something deeper.
    let sent = |object: &Schema| {
        let mut keys = context.example.properties.keys().peekable();
        keys.peek().is_none() || keys.any(|key| object.properties.contains_key(key))
    };
    let explained = explained(&texts, index).filter(sent);
    let rule = &KEYS_LISTED_IN_DESCRIPTION;
    let listed = |object| DescribedKeys { object, rule, types: rule };
    match form(&texts, &fenced(context), index) {
        Form::None | Form::Open => explained.map(listed),
        Form::Of(form) => {
            let is_of_form = |object: &Schema| {
                object.properties.keys().all(|key| form.object.properties.contains_key(key))
            };
            let complete =
                context.example.properties.keys().all(|key| form.object.properties.contains_key(key));
            let explained = explained.filter(is_of_form).map(|object| DescribedKeys {
                object: with_types_of(&form.object, object),
                types: form.types,
                rule,
            });
            explained.or(Some(*form).filter(|_| complete))
        }
    }
}

/// Keys that a list explains. A key without a type has that of the form.
fn with_types_of(form: &Schema, mut keys: Schema) -> Schema {
    for (name, schema) in &mut keys.properties {
        if let Some(context) = form.properties.get(name).filter(|_| schema.is_unknown()) {
            *schema = context.clone();
        }
    }
    keys
}

/// Keys that a list explains one by one.
fn explained(texts: &[&Text], index: &SiteIndex<'_>) -> Option<Schema> {
    // Items that are indented further explain a key.
    let outermost = texts.iter().filter_map(|text| text.bullet).min()?;
    let items: Vec<&&Text> = texts.iter().filter(|text| text.bullet == Some(outermost)).collect();
    let first = texts.iter().position(|text| text.bullet.is_some())?;
    if texts
        .get(..first)
        .and_then(<[_]>::last)
        .is_some_and(|text| announces_values(text) || announces_examples(text))
    {
        return None;
    }
    let mut object = Schema::any_object();
    for item in &items {
        let (name, schema) = key(item, index)?;
        insert(&mut object, name, schema, false);
    }
    let yes_or_no = object.properties.keys().all(|name| matches!(name.as_str(), "Y" | "N"));
    (object.properties.len() == items.len() && !yes_or_no).then_some(object)
}

/// Whether a text announces the values of one key of an object: "Possible values of `code`:".
fn announces_values(text: &Text) -> bool {
    let runs = text.runs();
    let mut runs = runs.iter().rev().filter(|run| !run.is_blank());
    let key = runs.find(|run| run.as_str().trim() != ":");
    matches!(key, Some(Run::Code(_))) && runs.next().is_some_and(|before| VALUES.stand_in(before.as_str()))
}

/// Whether a text announces samples of keys, beside which there are others.
fn announces_examples(text: &Text) -> bool {
    let prose = text.prose();
    sentences(&prose).last().is_some_and(|last| last.ends_with(':') && EXAMPLES.stand_in(last))
}

/// A key at the head of an item: code or emphasis, perhaps its type in brackets, and a dash.
fn key(item: &Text, index: &SiteIndex<'_>) -> Option<(String, Schema)> {
    let mut spans = item.spans.iter().filter(|span| !span.text.trim().is_empty());
    let first = spans.next().filter(|first| first.strong || first.kind == SpanKind::Code)?;
    let name = first.text.trim();
    let is_word = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.len() <= 60
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let is_example = name.ends_with("_n") || name.ends_with("_1") || name.eq_ignore_ascii_case("asc");
    let behind = spans.next().filter(|span| span.kind == SpanKind::Words)?.text.trim_start();
    let schema = if behind.trim() == "(" {
        let word = spans.next().filter(|span| span.kind == SpanKind::Code)?;
        words::documented_type(&word.text, Some(index)).map(|found| found.schema)
    } else {
        None
    };
    let separated = schema.is_some() || behind.starts_with(['—', '–', '-', ':']);
    (is_word && !is_example && separated).then(|| (name.to_owned(), schema.unwrap_or_default()))
}

/// The form of an object that a description shows as code.
enum Form {
    /// None is shown.
    None,
    /// A form with dots or numbered names in it, which stand for keys that are data.
    Open,
    /// A form with these keys.
    Of(Box<DescribedKeys>),
}

/// Whether the form that a description shows as code is that of the value itself and not of an item of a list.
pub(super) fn shows_object(context: FieldContext<'_>) -> bool {
    let texts: Vec<&Text> = context.description.into_iter().flat_map(Cell::paragraphs).collect();
    let mut forms = texts.iter().flat_map(|text| forms_in(text)).peekable();
    forms.peek().is_some() && !forms.any(|(words, _)| ITEMS.stand_in(&words))
}

/// The code behind words that announce a form, with these words.
fn forms_in<'a>(text: &'a Text) -> Vec<(String, &'a str)> {
    let runs = text.runs();
    let form = |pair: &[Run<'a>]| {
        let [Run::Words(words), Run::Code(code)] = pair else { return None };
        let (words, shown) = (words.trim_end().trim_end_matches(':'), code.trim());
        (shown.starts_with('{') && FORMS.end(words)).then(|| (words.to_owned(), shown))
    };
    runs.windows(2).filter_map(form).collect()
}

/// The forms in code blocks below words that announce them.
fn fenced<'a>(context: FieldContext<'a>) -> Vec<&'a str> {
    let blocks: Vec<&Block> = context.description.into_iter().flat_map(|cell| flat(&cell.blocks)).collect();
    let pairs = blocks.windows(2).filter_map(|pair| {
        let [Block::Paragraph(before), Block::Code(code)] = pair else { return None };
        let (prose, shown) = (before.prose(), code.text.trim());
        let words = prose.trim_end_matches(':');
        (shown.starts_with('{') && FORMS.end(words) && !ITEMS.stand_in(words)).then_some(shown)
    });
    pairs.collect()
}

fn form(texts: &[&Text], fenced: &[&str], index: &SiteIndex<'_>) -> Form {
    let mut keys = Schema::any_object();
    let in_text = texts.iter().flat_map(|text| forms_in(text)).map(|(_, shown)| shown);
    let in_text: Vec<&str> = in_text.collect();
    for shown in in_text.iter().chain(fenced) {
        let Some(found) = keys_in(shown, Some(index)) else { return Form::Open };
        for (key, schema) in found {
            insert(&mut keys, key, schema, false);
        }
    }
    if keys.properties.is_empty() {
        return Form::None;
    }
    Form::Of(Box::new(DescribedKeys {
        rule: if in_text.is_empty() { &OBJECT_FORM_IN_FENCE } else { &OBJECT_FORM_IN_SENTENCE },
        types: &TYPES_IN_OBJECT_FORM,
        object: keys,
    }))
}

/// The keys in `{"a": "1", b: [x, y], C: integer}`; `None` for something else, or for keys that stand for others.
fn keys_in(shown: &str, index: Option<&dyn TypeLookup>) -> Option<Vec<(String, Schema)>> {
    let json = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(shown).ok();
    let inside = shown.strip_prefix('{')?.strip_suffix('}')?;
    let mut depth = 0_usize;
    let mut parts = vec![String::new()];
    for c in inside.chars() {
        match c {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.checked_sub(1)?,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut()?.push(c);
    }
    let key = |part: String| {
        let (key, value) = part.split_once(':')?;
        let key = key.trim().trim_matches(['"', '\'', '‘', '’']);
        let is_word = key.starts_with(|c: char| c.is_ascii_alphabetic())
            && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && key.len() > 2
            && !key.ends_with(|c: char| c.is_ascii_digit())
            && !value.contains("...")
            && !value.contains('…');
        let sample = json.as_ref().and_then(|json| json.get(key)).map(example::schema_of);
        let is_scalar = |schema: &Schema| {
            !schema.types.is_empty() && schema.properties.is_empty() && schema.items.is_none()
        };
        let scalar = sample.filter(is_scalar);
        is_word.then(|| {
            let schema = scalar.or_else(|| typed(value, index)).unwrap_or_default();
            (key.to_owned(), schema)
        })
    };
    // A comma may be behind the last of them.
    if parts.last().is_some_and(|part| part.trim().is_empty()) {
        parts.pop();
    }
    parts.into_iter().map(key).collect()
}

/// The type that `integer`, `datetime|date` or `'NONE'|'NOW'` in the place of a value gives; `None` where a part is something
/// else.
fn typed(value: &str, index: Option<&dyn TypeLookup>) -> Option<Schema> {
    let parts: Vec<&str> = value.split('|').map(str::trim).collect();
    let literal = |part: &&str| {
        let text = part.strip_prefix('\'')?.strip_suffix('\'')?;
        (!text.is_empty() && !text.contains('\'')).then(|| Value::from(text))
    };
    if let Some(values) = parts.iter().map(literal).collect::<Option<Vec<Value>>>() {
        // One literal is a sample more often than the only value.
        let values = if values.len() > 1 { values } else { Vec::new() };
        return Some(Schema { values, ..Schema::of(JsonType::String) });
    }
    // A word that is no JSON type of any kind may as well be a sample.
    let known = |schema: &Schema| !schema.types.is_empty();
    let schema = |part: &&str| Some(words::documented_type(part, index)?.schema).filter(known);
    let schemas = parts.iter().map(schema).collect::<Option<Vec<Schema>>>()?;
    let mut schemas = schemas.into_iter();
    let first = schemas.next()?;
    schemas.all(|other| other.types == first.types).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_an_object_gives_its_keys_unless_they_are_data() {
        for (shown, keys) in [
            (r#"{"module": "zoo", "code": "CAGE"}"#, Some("module string, code string")),
            ("{fileData: [name, content]}", Some("fileData")),
            (r#"{"from": 1, "to_day": {"x": 2}}"#, Some("from integer, to_day")),
            (r#"{"lang_1": "value_1", "lang_2": "value_2"}"#, None),
            (r#"{"colour": "...", "size": "..."}"#, None),
            (r#"{"en": "Cage", "de": "Käfig"}"#, None),
            ("{=Document:NAME}", None),
            (
                "{\n    SIZE: integer,\n    KIND: 'cage'|'pond',\n    SINCE: datetime|date,\n}",
                Some("SIZE integer, KIND string, SINCE string"),
            ),
            ("{\n    field_1: value_1,\n    field_n: value_n,\n}", None),
            ("{}}", None),
        ] {
            let written = |(key, schema): (String, Schema)| {
                let of = serde_json::to_value(&schema).unwrap()["type"].as_str().map(|of| format!(" {of}"));
                format!("{key}{}", of.unwrap_or_default())
            };
            let found = keys_in(shown, None)
                .map(|found| found.into_iter().map(written).collect::<Vec<_>>().join(", "));
            assert_eq!(found.as_deref(), keys, "{shown}");
        }
    }
}
