//! Compares the words about items, once for each method and each type: a sentence of a glossary may be in thousands of places.

use super::context::{Comparison, Subject};
use super::method_pairs::MethodPair;
use crate::diff::register as rules;
use crate::model::{Field, Method, TypeItem};

/// A text of an item, by what it is about.
type Texts = Vec<(String, Option<String>)>;

/// Compares the words about a method, its parameters and its errors.
pub(super) fn compare_methods(comparison: &mut Comparison<'_>, pair: &MethodPair<'_>) {
    let subject = Subject::function(&pair.new);
    report(comparison, &subject, &of_method(pair.old.method), &of_method(pair.new.method));
}

/// Compares the words about a type, its fields and its values.
pub(super) fn compare_types(
    comparison: &mut Comparison<'_>,
    subject: &Subject,
    old: &TypeItem,
    new: &TypeItem,
) {
    report(comparison, subject, &of_type(old), &of_type(new));
}

/// Reports the number of texts that differ. A text about something that only one side has is no change of words.
fn report(comparison: &mut Comparison<'_>, subject: &Subject, old: &Texts, new: &Texts) {
    let differing: Vec<&String> = new
        .iter()
        .filter(|(about, text)| old.iter().any(|(other, before)| other == about && before != text))
        .map(|(about, _)| about)
        .collect();
    if let Some(first) = differing.first() {
        let others = differing.len() - 1;
        let others = if others == 0 { String::new() } else { format!(" and {others} more") };
        comparison.report(&rules::WORDS_CHANGED, subject, "", None, Some(format!("{first}{others}")));
    }
}

fn of_method(method: &Method) -> Texts {
    let words = &method.texts;
    let mut texts = vec![("what it does".to_owned(), words.text.clone())];
    texts.push(("what it returns".to_owned(), words.returns.clone()));
    texts.push(("the notes".to_owned(), Some(words.notes.join(" "))));
    texts.extend(method.request.params.iter().flat_map(of_field));
    let errors = method.error.variants.iter();
    texts.extend(errors.map(|error| (format!("the error {}", error.name), error.text.clone())));
    texts
}

fn of_field(field: &Field) -> Texts {
    let docs = &field.docs;
    let mut texts = vec![(field.wire.clone(), docs.text.clone())];
    texts.push((format!("the format of {}", field.wire), docs.format_text.clone()));
    texts.extend(
        docs.value_texts.iter().map(|(value, text)| (format!("{}={value}", field.wire), Some(text.clone()))),
    );
    texts
}

fn of_type(item: &TypeItem) -> Texts {
    let whole = "what it is".to_owned();
    match item {
        TypeItem::Struct(item) => {
            let mut texts = vec![(whole, item.text.clone())];
            texts.extend(item.fields.iter().flat_map(of_field));
            texts
        }
        TypeItem::Enum(item) => {
            let mut texts = vec![(whole, item.text.clone())];
            let values = item.value_texts.iter();
            texts.extend(values.map(|(name, text)| (format!("the value {name}"), Some(text.clone()))));
            texts
        }
    }
}
