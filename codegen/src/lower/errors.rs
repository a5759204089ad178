//! The variants of error enumerations.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{Lowering, names};
use crate::descriptor::{Descriptor, Pointer, SystemDescriptor};
use crate::model::{ErrorEnum, ErrorVariant, Module, RustName, SystemError};

/// The errors of one method; `None` where the enumeration has no name.
pub(super) fn lower(lowering: &mut Lowering<'_, Descriptor>, word: &str) -> Option<ErrorEnum> {
    let mut variants = Vec::new();
    let mut used = HashMap::new();
    for (index, error) in lowering.file.content.errors.iter().enumerate() {
        let at = Pointer::default().key("errors").index(index).key("code");
        let message = error.message.as_deref();
        let Some(name) = claim(lowering, names::error(&error.code, message), &error.code, &at, &mut used)
        else {
            continue;
        };
        variants.push(ErrorVariant {
            name,
            code: error.code.clone(),
            status: error.status,
            message: error.message.clone(),
            historical: error.historical,
        });
    }
    Some(ErrorEnum { name: names::type_name(&[word, "error"])?, variants, same_as: None })
}

/// The errors that any method can answer with.
pub(super) fn lower_system(lowering: &mut Lowering<'_, SystemDescriptor>) -> Vec<SystemError> {
    let mut errors = Vec::new();
    let mut used = HashMap::new();
    for (index, error) in lowering.file.content.errors.iter().enumerate() {
        let at = Pointer::default().key("errors").index(index).key("code");
        if let Some(name) = claim(lowering, names::error(&error.code, None), &error.code, &at, &mut used) {
            errors.push(SystemError { name, code: error.code.clone(), status: error.status, ran: error.ran });
        }
    }
    errors
}

/// Makes one enumeration of those that list the same errors, in whatever order, under the names of all: callers write the
/// name of the method that they call, and need not know which others fail alike. Methods behind other features may not be
/// there, so they are left alone.
pub(super) fn dedup(module: &mut Module) {
    let mut first = HashMap::new();
    for method in &mut module.methods {
        let features = method.features();
        let mut variants: Vec<ErrorVariant> = method.error.variants.clone();
        variants.sort();
        match first.entry((features, variants)) {
            Entry::Occupied(same) => method.error.same_as = Some(RustName::clone(same.get())),
            Entry::Vacant(place) => {
                place.insert(method.error.name.clone());
            }
        }
    }
}

/// The name of a variant, unless it has none or another error has it.
fn claim<T>(
    lowering: &mut Lowering<'_, T>,
    name: Option<RustName>,
    code: &str,
    at: &Pointer,
    used: &mut HashMap<RustName, String>,
) -> Option<RustName> {
    let Some(name) = name else {
        let message = format!("the code {code:?} has no name in Rust");
        lowering.report_value(at, message, "a code or a message with a letter or a digit in it");
        return None;
    };
    if let Some(other) = used.insert(name.clone(), code.to_owned()) {
        let message = format!("the codes {other:?} and {code:?} would both be `{name}` in Rust");
        lowering.report_value(at, message, "codes or messages that differ in more than case and punctuation");
        return None;
    }
    Some(name)
}
