//! Unification of two objects into one type.

use std::collections::HashMap;

use super::super::{field_docs, rust_types};
use super::Merger;
use crate::model::{Field, Presence, TypeItem, TypeRef};
use crate::schema::join::{join, readable};

impl Merger {
    /// Whether the larger object has two thirds of the fields of the smaller one, at least two, and at most a tenth of the shared
    /// fields have incompatible types.
    pub(super) fn is_same_entity(&self, larger: usize, smaller: usize) -> bool {
        let known: HashMap<&str, &Field> =
            self.fields(larger).iter().map(|field| (field.wire.as_str(), field)).collect();
        let (mut shared, mut contradicting) = (0, 0);
        for field in self.fields(smaller) {
            if let Some(known) = known.get(field.wire.as_str()) {
                shared += 1;
                contradicting += usize::from(self.unify_fields(known, field).is_none());
            }
        }
        shared >= 2 && shared * 3 >= self.fields(smaller).len() * 2 && contradicting * 10 <= shared
    }

    /// The type that accepts the values of both fields. `None` if only JSON does.
    fn unify_fields(&self, one: &Field, other: &Field) -> Option<TypeRef> {
        if one.ty == TypeRef::Json && is_unknown(one) {
            return Some(other.ty.clone());
        }
        if other.ty == TypeRef::Json && is_unknown(other) {
            return Some(one.ty.clone());
        }
        self.unify_types(&one.ty, &other.ty)
    }

    fn unify_types(&self, one: &TypeRef, other: &TypeRef) -> Option<TypeRef> {
        use TypeRef::{Json, List, Map, Named, Nullable, Object, ScalarOr};
        Some(match (self.resolved(one), self.resolved(other)) {
            (one, other) if one == other => one,
            // Only `[]` was seen, which PHP writes for an empty list, object or map.
            (List(one), other @ (List(_) | Map(_) | Named(_) | Object))
            | (other @ (List(_) | Map(_) | Named(_) | Object), List(one))
                if *one == Json =>
            {
                other
            }
            (ScalarOr(scalar, one), ScalarOr(other_scalar, other)) => ScalarOr(
                Box::new(self.unify_types(&scalar, &other_scalar)?),
                Box::new(self.unify_types(&one, &other)?),
            ),
            (ScalarOr(scalar, one), other) | (other, ScalarOr(scalar, one)) => {
                if rust_types::scalar_schema(&other).is_some() {
                    ScalarOr(Box::new(self.unify_types(&scalar, &other)?), one)
                } else {
                    ScalarOr(scalar, Box::new(self.unify_types(&one, &other)?))
                }
            }
            (List(one), List(other)) => List(Box::new(self.unify_types(&one, &other)?)),
            (Map(one), Map(other)) => Map(Box::new(self.unify_types(&one, &other)?)),
            (Nullable(one), Nullable(other)) => Nullable(Box::new(self.unify_types(&one, &other)?)),
            (Nullable(one), other) | (other, Nullable(one)) => {
                Nullable(Box::new(self.unify_types(&one, &other)?))
            }
            (Named(one), Named(other)) => {
                let (larger, smaller) = self.by_size(self.find(&one)?, self.find(&other)?);
                let same = self.is_same_entity(larger, smaller);
                same.then(|| Named(self.items[larger].item.name().clone()))?
            }
            (one, other) => {
                let (one, other) = (rust_types::scalar_schema(&one)?, rust_types::scalar_schema(&other)?);
                rust_types::scalar(&readable(&join(one, other))?)?
            }
        })
    }

    /// Two objects, the one with more fields first.
    fn by_size(&self, one: usize, other: usize) -> (usize, usize) {
        if self.fields(one).len() >= self.fields(other).len() { (one, other) } else { (other, one) }
    }

    /// Merges the smaller object into the larger one. A field that one of them may lack becomes optional. Objects under the same
    /// field are merged too.
    pub(super) fn unify(&mut self, larger: usize, smaller: usize) {
        if larger == smaller {
            return;
        }
        let (mut fields, others) = (self.fields(larger).to_vec(), self.fields(smaller).to_vec());
        self.replace(smaller, larger);
        for field in &mut fields {
            let Some(other) = others.iter().find(|other| other.wire == field.wire) else {
                field.presence = Presence::Optional;
                continue;
            };
            if other.presence == Presence::Optional {
                field.presence = Presence::Optional;
            }
            let parts = field
                .ty
                .named()
                .zip(other.ty.named())
                .and_then(|(one, other)| Some(self.by_size(self.find(one)?, self.find(other)?)));
            field.ty = self.unify_fields(field, other).unwrap_or(TypeRef::Json);
            if let Some((larger, smaller)) = parts.filter(|_| field.ty.named().is_some()) {
                self.unify(larger, smaller);
            }
        }
        for mut other in others {
            if !fields.iter().any(|known| known.wire == other.wire || known.name == other.name) {
                other.presence = Presence::Optional;
                fields.push(other);
            }
        }
        if let TypeItem::Struct(item) = &mut self.items[larger].item {
            item.fields = fields;
        }
    }
}

/// Whether a field is JSON because its type is unknown, and not because it has several types.
fn is_unknown(field: &Field) -> bool {
    field.docs.type_name == field_docs::UNKNOWN
}
