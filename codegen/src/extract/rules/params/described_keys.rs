//! Keys that the text of a description gives: in a list that explains them one by one, or in the form of an object that is
//! shown as code.

use crate::descriptor::{JsonType, Schema};
use crate::extract::lexicon::params::{FORMS, ITEMS, OBJECTS, PAGE_KEYS};
use crate::extract::lexicon::phrases::sentences;
use crate::extract::lexicon::values::{EXAMPLES, VALUES};
use crate::extract::register::Rule;
use crate::extract::register::params::{
    KEYS_LISTED_IN_DESCRIPTION, OBJECT_FORM_IN_FENCE, OBJECT_FORM_IN_SENTENCE, TYPES_IN_OBJECT_FORM,
};
use crate::extract::rules::params::attach::{insert, sends_scalars};
use crate::extract::rules::params::field_context::FieldContext;
use crate::extract::rules::params::filters_and_orders::is_open_list;
use crate::extract::rules::params::object_form::keys_in;
use crate::extract::rules::params::{constraints, defaults};
use crate::extract::site_index::SiteIndex;
use crate::extract::syntax::ast::{Block, Cell, Run, Span, SpanKind, Text, flat};
use crate::schema::words;

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
    let is_sent =
        |object: &Schema| context.example.properties.keys().any(|key| object.properties.contains_key(key));
    let are_keys = |object: &Schema| !lists_values(context, &texts) || is_sent(object);
    let explained = explained(&texts, index).filter(sent).filter(are_keys);
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
    for (at, item) in texts.iter().enumerate().filter(|(_, text)| text.bullet == Some(outermost)) {
        let Key { name, mut schema, explanation, starred } = key(item, index)?;
        let below = texts.iter().skip(at + 1).take_while(|text| text.bullet.is_some_and(|by| by > outermost));
        let below = below.copied();
        described_key(&name, &mut schema, &std::iter::once(&explanation).chain(below).collect::<Vec<_>>());
        insert(&mut object, name, schema, starred);
    }
    let yes_or_no = object.properties.keys().all(|name| matches!(name.as_str(), "Y" | "N"));
    (object.properties.len() == items.len() && !yes_or_no).then_some(object)
}

/// Whether a list documented without items is explained by values: they are those of its items.
fn lists_values(context: FieldContext<'_>, texts: &[&Text]) -> bool {
    let announces = |text: &&Text| text.bullet.is_none() && VALUES.stand_in(&text.prose());
    let of_objects = || texts.iter().any(|text| OBJECTS.are_words_of(&text.prose()));
    context.type_words.is_some_and(|words| words.starts_with(ARRAY))
        && texts.iter().any(announces)
        && !of_objects()
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

/// Adds what the explanation of a key says of it: its type, values, default and bounds.
fn described_key(name: &str, schema: &mut Schema, texts: &[&Text]) {
    if schema.is_unknown() {
        let of_page = || PAGE_KEYS.are(name).then(|| Schema::of(JsonType::Integer));
        let of_values = || {
            let text = Schema::of(JsonType::String);
            let mut shown = text.clone();
            constraints::add(&mut shown, texts);
            (shown.format.is_some() || !shown.values.is_empty()).then_some(text)
        };
        *schema = of_page().or_else(of_values).or_else(|| defaults::type_shown(texts)).unwrap_or_default();
    }
    constraints::add(schema, texts);
}

/// A key at the head of an item.
struct Key {
    name: String,
    schema: Schema,
    explanation: Text,
    /// Whether a star marks it as required.
    starred: bool,
}

/// A key at the head of an item: code or emphasis, perhaps a star, its type in brackets or behind a link, and a dash; with the
/// explanation behind it.
fn key(item: &Text, index: &SiteIndex<'_>) -> Option<Key> {
    let mut spans = item.spans.iter().filter(|span| !span.text.trim().is_empty());
    let first = spans.next().filter(|first| first.strong || first.kind == SpanKind::Code)?;
    let marked = first.text.trim();
    let name = marked.trim_end_matches(STARS);
    let is_word = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.len() <= 60
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let is_example = name.ends_with("_n") || name.ends_with("_1") || name.eq_ignore_ascii_case("asc");
    let mut next = spans.next()?;
    let mut word = Some(next).filter(|next| next.kind == SpanKind::Code && next.link.is_some());
    if word.is_none() && matches!(next.text.trim(), "(" | "[") {
        word = Some(spans.next().filter(|span| span.kind == SpanKind::Code)?);
    }
    let schema =
        word.and_then(|word| words::documented_type(&word.text, Some(index))).map(|found| found.schema);
    if word.is_some() {
        next = spans.next()?;
    }
    let rest = Some(next).filter(|next| next.kind == SpanKind::Words)?.text.trim_start();
    let behind = rest.trim_start_matches(STARS).trim_start();
    let starred = marked.len() > name.len() || rest.starts_with(STARS);
    let separated = schema.is_some() || behind.starts_with(DASHES);
    let opened = Span {
        text: behind.trim_start_matches([')', ']', ' ']).trim_start_matches(DASHES).to_owned(),
        ..next.clone()
    };
    let position = item.spans.iter().position(|span| std::ptr::eq(span, next))?;
    let further = item.spans.get(position + 1..).unwrap_or_default().iter().cloned();
    let explanation =
        Text { spans: std::iter::once(opened).chain(further).collect(), bullet: None, ..item.clone() };
    (is_word && !is_example && separated).then(|| Key {
        name: name.to_owned(),
        schema: schema.unwrap_or_default(),
        explanation,
        starred,
    })
}

/// The signs of the star behind a key.
const STARS: [char; 2] = ['*', '^'];

/// The signs between a key and its explanation.
const DASHES: [char; 4] = ['—', '–', '-', ':'];

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

/// The type word of lists without documented items.
const ARRAY: &str = "array";
