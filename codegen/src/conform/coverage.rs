//! Which values of an answer land in a typed field.
//!
//! The model mirrors the generated types exactly, so an answer is walked along it: a value under a field that a type has is
//! typed; one that lands in `extra`, or under a field that takes any JSON, is not.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use crate::model::{Library, Method, Module, RustName, TypeItem, TypeRef};

/// The values of an answer: texts, numbers, true, false and null.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// All of them.
    pub all: usize,
    /// Those that land in a typed field.
    pub typed: usize,
    /// Where the others stand, without the indices of lists, and how many.
    pub untyped: BTreeMap<String, usize>,
}

/// Counts the values of `result` by where they land in the types of a method, some of which it shares with others.
pub fn measure_coverage(library: &Library, module: &Module, method: &Method, result: &Value) -> Coverage {
    let types = library.types(module, method).map(|item| (item.name(), item)).collect();
    let mut walk = CoverageWalker { types, coverage: Coverage::default() };
    walk.walk_value(&method.output, result, &mut ValuePath::default());
    walk.coverage
}

/// The values of an answer of which no type is known.
pub(super) fn measure_untyped(result: &Value) -> Coverage {
    let mut walk = CoverageWalker { types: HashMap::new(), coverage: Coverage::default() };
    walk.count_untyped(result, &mut ValuePath::default());
    walk.coverage
}

struct CoverageWalker<'a> {
    types: HashMap<&'a RustName, &'a TypeItem>,
    coverage: Coverage,
}

/// The names that lead to a value.
#[derive(Default)]
struct ValuePath<'a>(Vec<&'a str>);

impl<'a> ValuePath<'a> {
    fn descend(&mut self, name: &'a str, visit: impl FnOnce(&mut Self)) {
        self.0.push(name);
        visit(self);
        self.0.pop();
    }
}

impl<'a> CoverageWalker<'a> {
    fn walk_value<'v>(&mut self, ty: &'a TypeRef, value: &'v Value, path: &mut ValuePath<'v>) {
        if value.is_null() && !matches!(ty, TypeRef::Json | TypeRef::Object) {
            return self.count_typed();
        }
        match (ty, value) {
            (TypeRef::Nullable(inner), value) => self.walk_value(inner, value, path),
            (TypeRef::List(items), Value::Array(values)) => {
                values.iter().for_each(|value| self.walk_value(items, value, path));
            }
            // A list with gaps, as PHP writes it.
            (TypeRef::List(items), Value::Object(map)) => {
                map.values().for_each(|value| self.walk_value(items, value, path));
            }
            (TypeRef::Map(values), Value::Object(map)) => {
                map.values().for_each(|value| path.descend("*", |path| self.walk_value(values, value, path)));
            }
            (TypeRef::Map(values), Value::Array(items)) => {
                items.iter().for_each(|value| path.descend("*", |path| self.walk_value(values, value, path)));
            }
            (TypeRef::Named(name), value) => match self.types.get(name).copied() {
                Some(TypeItem::Struct(item)) => self.walk_fields(item, value, path),
                Some(TypeItem::Enum(_)) => self.walk_scalar(value, path),
                None => self.count_untyped(value, path),
            },
            (TypeRef::Json | TypeRef::Object | TypeRef::List(_) | TypeRef::Map(_), value) => {
                self.count_untyped(value, path);
            }
            (_, value) => self.walk_scalar(value, path),
        }
    }

    fn walk_fields<'v>(
        &mut self,
        item: &'a crate::model::StructItem,
        value: &'v Value,
        path: &mut ValuePath<'v>,
    ) {
        let Value::Object(map) = value else { return self.count_untyped(value, path) };
        for (name, value) in map {
            let field = item.fields.iter().find(|field| field.wire == *name);
            path.descend(name, |path| match field {
                Some(field) => self.walk_value(&field.ty, value, path),
                None => self.count_untyped(value, path),
            });
        }
    }

    /// A value where a scalar is wanted.
    fn walk_scalar<'v>(&mut self, value: &'v Value, path: &mut ValuePath<'v>) {
        match value {
            Value::Array(_) | Value::Object(_) => self.count_untyped(value, path),
            _ => self.count_typed(),
        }
    }

    fn count_typed(&mut self) {
        self.coverage.all += 1;
        self.coverage.typed += 1;
    }

    fn count_untyped<'v>(&mut self, value: &'v Value, path: &mut ValuePath<'v>) {
        match value {
            Value::Array(items) => items.iter().for_each(|value| self.count_untyped(value, path)),
            Value::Object(map) => {
                map.iter()
                    .for_each(|(name, value)| path.descend(name, |path| self.count_untyped(value, path)));
            }
            _ => {
                self.coverage.all += 1;
                *self.coverage.untyped.entry(path.0.join(".")).or_default() += 1;
            }
        }
    }
}
