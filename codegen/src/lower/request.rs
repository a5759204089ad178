//! Which parameters the constructor takes, and which are setters.
//!
//! `args` in the descriptor decides, not `required`: a parameter that the documentation marks tomorrow must not renumber the
//! arguments of today.

use indexmap::IndexMap;

use super::rust_types::TypeBuilder;
use super::schema_path::SchemaPath;
use super::{field_docs, names};
use crate::descriptor::{Descriptor, Pointer};
use crate::model::{Direction, Field, Presence, Request, RustName};

/// The request of a method; `None` where it has no name.
pub(super) fn lower<T>(
    types: &mut TypeBuilder<'_, '_, T>,
    descriptor: &Descriptor,
    word: &str,
) -> Option<Request> {
    let params = &descriptor.params;
    let root = SchemaPath::root(word, params, Pointer::default().key("params"), Direction::Request);
    let mut used: IndexMap<RustName, String> = IndexMap::new();
    let mut fields = Vec::new();
    for (wire, schema) in &params.properties {
        let path = root.property(wire);
        let Some(name) = types.claim_field_name(wire, &path.at, &mut used) else {
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
    Some(Request {
        name: names::type_name(&[word])?,
        params: fields,
        alternatives: params.any_of.iter().map(|alternative| alternative.required.clone()).collect(),
    })
}

/// Puts the arguments first, as `args` orders them; the order of named parameters means nothing to a portal, and where it
/// does (positional methods) the arguments are the first parameters anyway.
fn in_argument_order(fields: &mut [Field], args: &[String]) {
    let place = |field: &Field| args.iter().position(|arg| *arg == field.wire).unwrap_or(args.len());
    fields.sort_by_key(place);
}
