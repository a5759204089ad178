//! What all comparisons share: both libraries, their pairs of types, and the changes.

use std::collections::BTreeSet;

use super::method_pairs::{MethodPair, MethodPairs};
use super::type_pairs::TypePairs;
use crate::diff::change::{Change, Side};
use crate::diff::register::Rule;
use crate::diff::surface::{Placed, Surface, TypePath, join, method_name};
use crate::model::{Method, ModulePath, RustName, TypeRef};

/// A comparison, with the changes that it has found.
pub(super) struct Comparison<'a> {
    pub(super) old: Surface<'a>,
    pub(super) new: Surface<'a>,
    pub(super) types: TypePairs,
    pub(super) changes: Vec<Change>,
}

/// What changes are about: an item in Rust, and the methods that use it.
#[derive(Clone, Default)]
pub(super) struct Subject {
    path: String,
    methods: Vec<String>,
    scopes: Vec<String>,
}

impl Subject {
    /// An item that is about no method.
    pub(super) fn item(path: impl Into<String>) -> Self {
        Self { path: path.into(), ..Self::default() }
    }

    /// The function of a method.
    pub(super) fn function(placed: &Placed<'_>) -> Self {
        Self::of_method(join(placed.path, &placed.method.function), placed.method)
    }

    /// An item of a method.
    pub(super) fn item_of(placed: &Placed<'_>, name: &RustName) -> Self {
        Self::of_method(join(placed.path, name), placed.method)
    }

    fn of_method(path: String, method: &Method) -> Self {
        let methods = vec![method_name(method.api, &method.wire)];
        Self { path, methods, scopes: vec![method.first_scope()] }
    }

    /// A type, and the methods that use it.
    pub(super) fn declared(surface: &Surface<'_>, home: &TypePath) -> Self {
        let users: Vec<&Method> = surface.users(home).map(|placed| placed.method).collect();
        let scopes: BTreeSet<String> = users.iter().map(|method| method.first_scope()).collect();
        Self {
            path: home.clone(),
            methods: users.iter().map(|method| method_name(method.api, &method.wire)).collect(),
            scopes: scopes.into_iter().collect(),
        }
    }

    /// Whether it is the item with this path.
    pub(super) fn is(&self, path: &str) -> bool {
        self.path == path
    }

    /// A part of the item: `crm::deal::Add::fields`.
    pub(super) fn part(&self, name: &RustName) -> Self {
        Self { path: format!("{}::{name}", self.path), ..self.clone() }
    }
}

impl<'a> Comparison<'a> {
    pub(super) fn new(old: &Side<'a>, new: &Side<'a>, pairs: &MethodPairs<'a>) -> Self {
        let (old, new) = (Surface::of(old.library), Surface::of(new.library));
        let types = TypePairs::of(&old, &new, &pairs.both);
        Self { old, new, types, changes: Vec::new() }
    }

    /// Records a change.
    pub(super) fn report(
        &mut self,
        rule: &'static Rule,
        subject: &Subject,
        name: &str,
        old: Option<String>,
        new: Option<String>,
    ) {
        let Subject { path, methods, scopes } = subject.clone();
        self.changes.push(Change {
            rule,
            severity: rule.severity,
            path,
            name: name.to_owned(),
            methods,
            scopes,
            old,
            new,
        });
    }

    /// Records a change if two values differ.
    pub(super) fn report_difference<T: PartialEq>(
        &mut self,
        rule: &'static Rule,
        subject: &Subject,
        values: (&T, &T),
        show: impl Fn(&T) -> Option<String>,
    ) {
        if values.0 != values.1 {
            self.report(rule, subject, "", show(values.0), show(values.1));
        }
    }

    /// Whether two types are the same for callers: equal but for names of types that were renamed.
    pub(super) fn same(&self, old: (&ModulePath, &TypeRef), new: (&ModulePath, &TypeRef)) -> bool {
        match (old.1, new.1) {
            (TypeRef::List(a), TypeRef::List(b))
            | (TypeRef::OneOrMany(a), TypeRef::OneOrMany(b))
            | (TypeRef::Map(a), TypeRef::Map(b))
            | (TypeRef::Nullable(a), TypeRef::Nullable(b)) => self.same((old.0, a), (new.0, b)),
            (TypeRef::ScalarOr(scalar, a), TypeRef::ScalarOr(other, b)) => {
                self.same((old.0, scalar), (new.0, other)) && self.same((old.0, a), (new.0, b))
            }
            (TypeRef::Named(_), TypeRef::Named(_)) => {
                let homes = (self.old.named(old.0, old.1), self.new.named(new.0, new.1));
                matches!(homes, (Some(a), Some(b)) if self.types.same(a, b))
            }
            (
                TypeRef::Bool | TypeRef::YesNo | TypeRef::ZeroOne,
                TypeRef::Bool | TypeRef::YesNo | TypeRef::ZeroOne,
            ) => true,
            (a, b) => a == b,
        }
    }

    /// The same for the types of two methods.
    pub(super) fn same_in(&self, pair: &MethodPair<'a>, old: &TypeRef, new: &TypeRef) -> bool {
        self.same((pair.old.path, old), (pair.new.path, new))
    }
}
