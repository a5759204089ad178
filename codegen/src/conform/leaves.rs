//! Which values of an answer land in a typed field.
//!
//! The model mirrors the generated types exactly, so an answer is walked along it: a value under a field that a type has is
//! typed; one that lands in `extra`, or under a field that takes any JSON, is not.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use crate::model::{Library, Method, Module, RustName, TypeItem, TypeRef};

/// The values of an answer: texts, numbers, true, false and null.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaves {
    /// All of them.
    pub all: usize,
    /// Those that land in a typed field.
    pub typed: usize,
    /// Where the others stand, without the indices of lists, and how many.
    pub untyped: BTreeMap<String, usize>,
}

/// Counts the values of `result` by where they land in the types of a method, some of which it shares with others.
pub fn leaves(library: &Library, module: &Module, method: &Method, result: &Value) -> Leaves {
    let types = library.types(module, method).map(|item| (item.name(), item)).collect();
    let mut walk = Walk { types, leaves: Leaves::default() };
    walk.value(&method.output, result, &mut Path::default());
    walk.leaves
}

/// The values of an answer of which no type is known.
pub(super) fn untyped(result: &Value) -> Leaves {
    let mut walk = Walk { types: HashMap::new(), leaves: Leaves::default() };
    walk.untyped(result, &mut Path::default());
    walk.leaves
}

struct Walk<'a> {
    types: HashMap<&'a RustName, &'a TypeItem>,
    leaves: Leaves,
}

/// The names that lead to a value.
#[derive(Default)]
struct Path<'a>(Vec<&'a str>);

impl<'a> Path<'a> {
    fn below(&mut self, name: &'a str, see: impl FnOnce(&mut Self)) {
        self.0.push(name);
        see(self);
        self.0.pop();
    }
}

impl<'a> Walk<'a> {
    fn value<'v>(&mut self, ty: &'a TypeRef, value: &'v Value, path: &mut Path<'v>) {
        if value.is_null() && !matches!(ty, TypeRef::Json | TypeRef::Object) {
            return self.typed();
        }
        match (ty, value) {
            (TypeRef::Nullable(inner), value) => self.value(inner, value, path),
            (TypeRef::List(items), Value::Array(values)) => {
                values.iter().for_each(|value| self.value(items, value, path));
            }
            // A list with gaps, as PHP writes it.
            (TypeRef::List(items), Value::Object(map)) => {
                map.values().for_each(|value| self.value(items, value, path));
            }
            (TypeRef::Map(values), Value::Object(map)) => {
                map.values().for_each(|value| path.below("*", |path| self.value(values, value, path)));
            }
            (TypeRef::Map(values), Value::Array(items)) => {
                items.iter().for_each(|value| path.below("*", |path| self.value(values, value, path)));
            }
            (TypeRef::Named(name), value) => match self.types.get(name).copied() {
                Some(TypeItem::Struct(item)) => self.fields(item, value, path),
                Some(TypeItem::Enum(_)) => self.scalar(value, path),
                None => self.untyped(value, path),
            },
            (TypeRef::Json | TypeRef::Object | TypeRef::List(_) | TypeRef::Map(_), value) => {
                self.untyped(value, path);
            }
            (_, value) => self.scalar(value, path),
        }
    }

    fn fields<'v>(&mut self, item: &'a crate::model::StructItem, value: &'v Value, path: &mut Path<'v>) {
        let Value::Object(map) = value else { return self.untyped(value, path) };
        for (name, value) in map {
            let field = item.fields.iter().find(|field| field.wire == *name);
            path.below(name, |path| match field {
                Some(field) => self.value(&field.ty, value, path),
                None => self.untyped(value, path),
            });
        }
    }

    /// A value where a scalar is wanted.
    fn scalar<'v>(&mut self, value: &'v Value, path: &mut Path<'v>) {
        match value {
            Value::Array(_) | Value::Object(_) => self.untyped(value, path),
            _ => self.typed(),
        }
    }

    fn typed(&mut self) {
        self.leaves.all += 1;
        self.leaves.typed += 1;
    }

    fn untyped<'v>(&mut self, value: &'v Value, path: &mut Path<'v>) {
        match value {
            Value::Array(items) => items.iter().for_each(|value| self.untyped(value, path)),
            Value::Object(map) => {
                map.iter().for_each(|(name, value)| path.below(name, |path| self.untyped(value, path)));
            }
            _ => {
                self.leaves.all += 1;
                *self.leaves.untyped.entry(path.0.join(".")).or_default() += 1;
            }
        }
    }
}
