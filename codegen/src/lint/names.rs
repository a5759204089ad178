//! Names in Rust that say little, or that a page should have written in another way.

use std::collections::BTreeSet;

use super::{Findings, Method};
use crate::descriptor::Pointer;
use crate::lower::{name_words, undivided};
use crate::model::{EnumValues, Library, Module, ModulePath, TypeItem};

/// The length above which a name is a sentence, in characters and in words.
const MAX_LENGTH: usize = 40;
const MAX_WORDS: usize = 5;

/// Words that say that something is in a list, in a map or in a result, and not what it is.
const PLACEHOLDERS: &[&str] = &["item", "items", "value", "values", "result", "results"];

/// The names that belong to a method: its own, and for the first method of a module those of the module.
struct Named<'l> {
    path: &'l ModulePath,
    method: &'l crate::model::Method,
    types: Vec<&'l TypeItem>,
}

fn named<'l>(library: &'l Library, method: &Method<'_>) -> Option<Named<'l>> {
    let descriptor = method.descriptor();
    let is_same =
        |known: &&crate::model::Method| known.api == descriptor.api && known.wire == descriptor.method;
    let find = |(path, module): (&'l ModulePath, &'l Module)| {
        let known = module.methods.iter().find(is_same)?;
        let is_first = module.methods.first().is_some_and(|first| is_same(&first));
        let shared = module.types.iter().filter(|_| is_first);
        Some(Named { path, method: known, types: known.types.iter().chain(shared).collect() })
    };
    library.modules.iter().find_map(find)
}

/// Types and variants with names as long as a sentence. Names of fields and methods are as long as they are on the wire.
pub(super) fn long(method: &Method<'_>, findings: &mut Findings<'_>) {
    let Some(Named { method, types, .. }) = method.library().and_then(|library| named(library, method))
    else {
        return;
    };
    let is_long = |name: &str| name.len() > MAX_LENGTH || name_words(name).len() > MAX_WORDS;
    let of_types = types.iter().map(|item| item.name().to_string());
    let of_errors =
        method.error.variants.iter().map(|error| format!("{}::{}", method.error.name, error.name));
    for name in of_types.chain(of_errors) {
        if is_long(name.rsplit("::").next().unwrap_or(&name)) {
            report(findings, &name, format!("the name {name} is as long as a sentence"));
        }
    }
}

/// Types that are named after the place where they are, and not after what they are.
pub(super) fn placeholder(method: &Method<'_>, findings: &mut Findings<'_>) {
    let Some(Named { path, method, types }) = method.library().and_then(|library| named(library, method))
    else {
        return;
    };
    let own: BTreeSet<String> = path.0.iter().flat_map(|name| name_words(name.bare())).collect();
    for name in types.iter().map(|item| item.name().as_str()) {
        let words = name_words(name);
        let is_placeholder = |word: &String| PLACEHOLDERS.contains(&word.as_str()) && !own.contains(word);
        // `DealResult` is the object around a deal.
        let is_around = words.last().is_some_and(|last| last == "result")
            && !words.iter().rev().skip(1).any(is_placeholder)
            && name_words(method.function.bare()) != words[..words.len() - 1];
        if !is_around && words.iter().any(is_placeholder) {
            report(findings, name, format!("the type {name} is named after its place"));
        }
    }
}

/// Types and values that are named after data of a portal, or after a number.
pub(super) fn data(method: &Method<'_>, findings: &mut Findings<'_>) {
    let Some(Named { types, .. }) = method.library().and_then(|library| named(library, method)) else {
        return;
    };
    let is_number = |name: &str| {
        let rest = name.strip_prefix("Value").map(|rest| rest.trim_start_matches("Minus"));
        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    for item in types {
        let name = item.name().as_str();
        let numbers = match item {
            TypeItem::Enum(item) => match &item.values {
                EnumValues::Texts(values) => {
                    values.iter().filter(|(name, _)| is_number(name.as_str())).count()
                }
                EnumValues::Integers(values) => {
                    values.iter().filter(|(name, _)| is_number(name.as_str())).count()
                }
            },
            TypeItem::Struct(_) => 0,
        };
        if numbers > 0 {
            report(findings, name, format!("{numbers} values of {name} are named after numbers"));
        } else if name.contains(|c: char| c.is_ascii_digit()) {
            report(findings, name, format!("the type {name} has digits in its name"));
        }
    }
}

/// Words that may be several, which `words.txt` does not know.
pub(super) fn undivided_words(method: &Method<'_>, findings: &mut Findings<'_>) {
    let Some(Named { path, method, types }) = method.library().and_then(|library| named(library, method))
    else {
        return;
    };
    let own = path.0.iter().map(|name| name.bare()).chain([method.function.bare()]);
    let params = method.request.params.iter().map(|param| param.name.bare());
    let fields = types.iter().flat_map(|item| match item {
        TypeItem::Struct(item) => item.fields.iter().map(|field| field.name.bare()).collect(),
        TypeItem::Enum(_) => Vec::new(),
    });
    let words: BTreeSet<String> = own.chain(params).chain(fields).flat_map(undivided).collect();
    for word in words {
        report(findings, &word, format!("the word {word} may be several words"));
    }
}

fn report(findings: &mut Findings<'_>, name: &str, message: String) {
    let expected = match findings.rule {
        "undivided_word" => {
            "a word of `codegen/src/lower/words.txt`: add it, or the words that it is made of"
        }
        _ => "a name that says what it is: correct the descriptor, or the rules of `codegen/src/lower/`",
    };
    findings.report(&Pointer::default().key("method"), name, message, expected);
}
