//! The request: arguments of the constructor, and setters.
//!
//! `args` of the descriptor selects the arguments, not `required`: a later change of the documentation must not change the
//! signature of the constructor.

use indexmap::IndexMap;

use super::rust_types::TypeBuilder;
use super::schema_path::SchemaPath;
use super::{field_docs, names};
use crate::descriptor::{Descriptor, Pointer};
use crate::model::{Direction, Field, Presence, Request, RustName};

/// Lowers the request of a method. `None` if it has no name in Rust.
pub(super) fn lower<T>(
    types: &mut TypeBuilder<'_, '_, T>,
    descriptor: &Descriptor,
    word: &str,
) -> Option<Request> {
    let params = &descriptor.params;
    let root = SchemaPath::root(word, params, Pointer::default().key("params"), Direction::Request);
    let mut used: IndexMap<RustName, String> = IndexMap::new();
    let frozen = types.lowering.names.method(descriptor.api, &descriptor.method);
    let mut fields = Vec::new();
    let names = names::fields(params.properties.keys().map(String::as_str));
    for ((wire, schema), name) in params.properties.iter().zip(names) {
        let path = root.property(wire);
        let frozen = frozen.and_then(|frozen| names::frozen(frozen.params.get(wire)?));
        let Some(name) = types.claim_field_name(wire, frozen.or(name), &path.at, &mut used) else {
            continue;
        };
        let required = (!descriptor.required_unknown).then(|| params.required.contains(wire));
        fields.push(Field {
            wire: wire.clone(),
            name,
            ty: types.lower_value(schema, &path),
            presence: if descriptor.args.contains(wire) { Presence::Required } else { Presence::Optional },
            docs: field_docs::describe(schema, required),
        });
    }
    in_argument_order(&mut fields, &descriptor.args);
    let name = frozen.and_then(|frozen| names::frozen(frozen.request.name.as_deref()?));
    Some(Request {
        name: name.or_else(|| names::type_name(&[word]))?,
        params: fields,
        alternatives: params.any_of.iter().map(|alternative| alternative.required.clone()).collect(),
    })
}

/// Sorts the arguments to the front, in the order of `args`. The order of named parameters has no meaning for a portal, and in
/// positional methods the arguments are the first parameters.
fn in_argument_order(fields: &mut [Field], args: &[String]) {
    let place = |field: &Field| args.iter().position(|arg| *arg == field.wire).unwrap_or(args.len());
    fields.sort_by_key(place);
}
