//! The variants of error enumerations.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{Lowering, names};
use crate::descriptor::{Descriptor, Pointer, SystemDescriptor};
use crate::model::{ErrorEnum, ErrorVariant, Module, RustName, SystemError};

/// Lowers the errors of a method. `None` if the enumeration has no name in Rust.
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

/// Lowers the system errors.
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

/// Merges enumerations with the same errors in any order. The others become aliases, so that callers write the name of the
/// method that they call. Methods behind different features are not merged, since one may be missing in a build.
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

/// Claims the name of a variant. Reports an error without a name in Rust, or with the name of another.
fn claim<T>(
    lowering: &mut Lowering<'_, T>,
    name: Option<RustName>,
    code: &str,
    at: &Pointer,
    used: &mut HashMap<RustName, String>,
) -> Option<RustName> {
    let Some(name) = name else {
        let message = format!("the code {code:?} has no name in Rust");
        lowering.report_value(at, message, "a code or a message with a letter or a digit");
        return None;
    };
    if let Some(other) = used.insert(name.clone(), code.to_owned()) {
        let message = format!("the codes {other:?} and {code:?} would both be `{name}` in Rust");
        lowering.report_value(at, message, "codes or messages that differ in more than case and punctuation");
        return None;
    }
    Some(name)
}
