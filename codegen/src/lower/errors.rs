//! The variants of error enumerations.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{Lowering, error_names, names};
use crate::descriptor::{Descriptor, ErrorDescriptor, Pointer, SystemDescriptor, message_key};
use crate::model::{ErrorEnum, ErrorVariant, Module, RustName, SystemError};

/// Lowers the errors of a method. `None` if the enumeration has no name in Rust.
pub(super) fn lower(lowering: &mut Lowering<'_, Descriptor>, word: &str) -> Option<ErrorEnum> {
    let file = lowering.file;
    let errors = || file.content.errors.iter().enumerate();
    // Codes of words choose first, since messages and names of numbers have further candidates.
    let of_words = errors().filter(|(_, error)| error_names::is_of_words(&error.code));
    let others = errors().filter(|(_, error)| !error_names::is_of_words(&error.code));
    let frozen = lowering.names.method(file.content.api, &file.content.method);
    let mut used = HashMap::new();
    let mut variants = Vec::new();
    for (index, error) in
        of_words.chain(others.filter(|(index, _)| !repeats_no_code(&file.content.errors, *index)))
    {
        let at = Pointer::default().key("errors").index(index).key("code");
        let mut candidates = error_names::candidates(error);
        let named = frozen
            .and_then(|frozen| super::frozen::error_name(frozen, &error.code, error.message.as_deref()));
        if let Some(name) = named {
            candidates.insert(0, name);
        }
        let Some(name) = shared_name(error, &candidates, &variants)
            .or_else(|| claim(lowering, candidates, &error.code, &at, &mut used))
        else {
            continue;
        };
        let variant = ErrorVariant {
            name,
            code: error.code.clone(),
            status: error.status,
            message: error.message.clone(),
            historical: error.historical,
            text: None,
        };
        variants.push((index, variant));
    }
    variants.sort_by_key(|(index, _)| *index);
    let variants = variants.into_iter().map(|(_, variant)| variant).collect();
    let name = frozen.and_then(|frozen| names::frozen(frozen.error.name.as_deref()?));
    let name = name.or_else(|| names::type_name(&[word, "error"]))?;
    Some(ErrorEnum { name, variants, same_as: None })
}

/// The name of the variant that two errors share, of which an earlier documentation has listed one: the same error under another
/// code, such as a sentence that is now a word. Portals of either day decode as this variant.
fn shared_name(
    error: &ErrorDescriptor,
    candidates: &[RustName],
    variants: &[(usize, ErrorVariant)],
) -> Option<RustName> {
    let named = |name: &RustName| variants.iter().map(|(_, known)| known).find(|known| known.name == *name);
    let first = candidates.first()?;
    let known = named(first).filter(|known| error.historical || known.historical)?;
    let is_same =
        key_of(error.message.as_deref(), &error.code) == key_of(known.message.as_deref(), &known.code);
    let has_other = candidates.iter().any(|candidate| named(candidate).is_none());
    (is_same || !has_other).then(|| first.clone())
}

/// The letters and digits of what distinguishes an error: its message if its code does not.
fn key_of(message: Option<&str>, code: &str) -> String {
    message_key(message.filter(|_| !error_names::is_of_words(code)).unwrap_or(code))
}

/// Whether an error is without code and message, and another one before it is so too: both `""` and `0` mean that there is no code.
fn repeats_no_code(errors: &[ErrorDescriptor], index: usize) -> bool {
    let has_neither =
        |error: &ErrorDescriptor| error.message.is_none() && matches!(error.code.as_str(), "" | "0");
    let before = errors.get(..index).unwrap_or_default();
    errors.get(index).is_some_and(has_neither) && before.iter().any(has_neither)
}

/// Lowers the system errors.
pub(super) fn lower_system(lowering: &mut Lowering<'_, SystemDescriptor>) -> Vec<SystemError> {
    let mut errors = Vec::new();
    let mut used = HashMap::new();
    for (index, error) in lowering.file.content.errors.iter().enumerate() {
        let at = Pointer::default().key("errors").index(index).key("code");
        if let Some(name) = claim(lowering, error_names::of_system(&error.code), &error.code, &at, &mut used)
        {
            errors.push(SystemError {
                name,
                code: error.code.clone(),
                status: error.status,
                other_statuses: error.other_statuses.clone(),
                ran: error.ran,
                text: None,
            });
        }
    }
    errors
}

/// Merges enumerations with the same errors in any order. The others become aliases, so that callers write the name of the
/// method that they call. Methods behind different features are not merged, since one may be missing in a build.
pub(super) fn dedup(module: &mut Module) {
    let mut first = HashMap::new();
    for method in &mut module.methods {
        let features = method.features();
        let mut variants: Vec<ErrorVariant> = method.error.variants.clone();
        for variant in &mut variants {
            variant.message = variant.message.as_deref().map(message_key);
        }
        variants.sort();
        match first.entry((features, variants)) {
            Entry::Occupied(same) => method.error.same_as = Some(RustName::clone(same.get())),
            Entry::Vacant(place) => {
                place.insert(method.error.name.clone());
            }
        }
    }
}

/// Claims the first free candidate as the name of a variant. Reports an error without a name in Rust, or with that of another.
fn claim<T>(
    lowering: &mut Lowering<'_, T>,
    candidates: Vec<RustName>,
    code: &str,
    at: &Pointer,
    used: &mut HashMap<RustName, String>,
) -> Option<RustName> {
    let Some(first) = candidates.first().cloned() else {
        let message = format!("the code {code:?} has no name in Rust");
        lowering.report_value(at, message, "a code or a message with a letter or a digit");
        return None;
    };
    let Some(name) = candidates.into_iter().find(|name| !used.contains_key(name)) else {
        let other = used.get(&first).cloned().unwrap_or_default();
        let message = format!("the codes {other:?} and {code:?} would both be `{first}` in Rust");
        lowering.report_value(at, message, "codes or messages that differ in more than case and punctuation");
        return None;
    };
    used.insert(name.clone(), code.to_owned());
    Some(name)
}
