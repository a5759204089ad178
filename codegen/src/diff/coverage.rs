//! What each scope has: methods, and how much of their requests and results has a type.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::surface::Surface;
use crate::descriptor::Api;
use crate::model::{Direction, Library, Method, TypeItem, TypeRef};

/// A part of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Part {
    /// How many of them.
    pub some: usize,
    /// How many there are.
    pub all: usize,
}

impl Part {
    fn count(&mut self, is_part: bool) {
        self.all += 1;
        self.some += usize::from(is_part);
    }

    /// The share in percent; 100 of nothing.
    pub fn percent(self) -> f64 {
        if self.all == 0 { 100.0 } else { 100.0 * self.some as f64 / self.all as f64 }
    }
}

/// What a scope has. A method counts for its first scope.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ScopeCoverage {
    /// Methods of REST 2.
    pub rest2: usize,
    /// Methods of REST 3.
    pub rest3: usize,
    /// Deprecated methods.
    pub deprecated: usize,
    /// Entities: types that several methods share.
    pub entities: usize,
    /// Parameters that are not JSON.
    pub parameters: Part,
    /// Results that are not JSON as a whole.
    pub results: Part,
    /// Fields of results that are not JSON, each type once.
    pub fields: Part,
    /// Methods with documented errors.
    pub errors: Part,
}

impl ScopeCoverage {
    /// The methods of both interfaces.
    pub fn methods(&self) -> usize {
        self.rest2 + self.rest3
    }

    fn count(&mut self, method: &Method) {
        match method.api {
            Api::V2 => self.rest2 += 1,
            Api::V3 => self.rest3 += 1,
        }
        self.deprecated += usize::from(method.deprecated.is_some());
        method.request.params.iter().for_each(|param| self.parameters.count(is_typed(&param.ty)));
        self.results.count(is_typed(&method.output));
        self.errors.count(!method.error.variants.is_empty());
    }
}

/// What a library has.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Coverage {
    /// All of it.
    pub total: ScopeCoverage,
    /// By scope. Methods without one are under `no scope`.
    pub scopes: BTreeMap<String, ScopeCoverage>,
}

impl Coverage {
    /// Counts what a library has.
    pub fn of(library: &Library) -> Self {
        let mut coverage = Self::default();
        let surface = Surface::of(library);
        for placed in surface.methods.values() {
            coverage.total.count(placed.method);
            coverage.scopes.entry(placed.method.first_scope()).or_default().count(placed.method);
        }
        for (home, declared) in &surface.types {
            let TypeItem::Struct(item) = declared.item else { continue };
            if item.direction == Direction::Request {
                continue;
            }
            let scopes: BTreeSet<String> =
                surface.users(home).map(|placed| placed.method.first_scope()).collect();
            let count = |scope: &mut ScopeCoverage| {
                scope.entities += usize::from(item.is_entity);
                item.fields.iter().for_each(|field| scope.fields.count(is_typed(&field.ty)));
            };
            count(&mut coverage.total);
            scopes.into_iter().for_each(|scope| count(coverage.scopes.entry(scope).or_default()));
        }
        coverage
    }
}

/// Whether a type says more than that a value is JSON.
fn is_typed(ty: &TypeRef) -> bool {
    match ty {
        TypeRef::Json | TypeRef::Object => false,
        TypeRef::List(inner)
        | TypeRef::OneOrMany(inner)
        | TypeRef::ScalarOr(_, inner)
        | TypeRef::Map(inner)
        | TypeRef::Nullable(inner) => is_typed(inner),
        _ => true,
    }
}
