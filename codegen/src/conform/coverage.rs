//! Counts the values of a response that have a typed field.
//!
//! The model has the same types as the generated code. A value in a field of a type is typed. A value in `extra`, or in a field of
//! JSON type, is not.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::response_mismatch::ResponseMismatch;
use crate::model::{EventItem, Library, Method, Module, Payload, RustName, TypeItem, TypeRef};

/// The scalars of a response: strings, numbers, booleans and null.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The number of scalars.
    pub all: usize,
    /// The number of scalars with a typed field.
    pub typed: usize,
    /// The number of other scalars by path, without indices of lists.
    pub untyped: BTreeMap<String, usize>,
}

/// Counts the scalars of `result` that have a typed field in the types of a method.
pub fn measure_coverage(library: &Library, module: &Module, method: &Method, result: &Value) -> Coverage {
    let types = library.types(module, method).map(|item| (item.name(), item)).collect();
    let mut walk = CoverageWalker { types, coverage: Coverage::default() };
    walk.walk_value(&method.output, result, &mut ValuePath::default());
    walk.coverage
}

/// Counts the scalars of `data` that have a typed field in the payload of an event.
pub(super) fn measure_event(library: &Library, module: &Module, event: &EventItem, data: &Value) -> Coverage {
    let types = library.event_types(module, event).map(|item| (item.name(), item)).collect();
    let mut walk = CoverageWalker { types, coverage: Coverage::default() };
    let payload = TypeRef::Named(event.name.clone());
    let ty = match &event.payload {
        Payload::Fields => &payload,
        Payload::Whole { ty, .. } => ty,
    };
    walk.walk_value(ty, data, &mut ValuePath::default());
    walk.coverage
}

impl Coverage {
    /// Adds the scalars of another part of the same response.
    pub(super) fn add(&mut self, other: Self) {
        self.all += other.all;
        self.typed += other.typed;
        for (path, values) in other.untyped {
            *self.untyped.entry(path).or_default() += values;
        }
    }
}

/// Takes the values out of a result that their fields cannot hold. Returns the rest, and the scalars in these values.
pub(super) fn without_mismatches(result: &Value, mismatches: &[ResponseMismatch]) -> (Value, Coverage) {
    let (mut rest, mut lost) = (result.clone(), Coverage::default());
    for ResponseMismatch { field, pointer, .. } in mismatches {
        if let Some(value) = take(&mut rest, pointer) {
            let all = measure_untyped(&value).all;
            lost.add(Coverage { all, typed: 0, untyped: BTreeMap::from([(field.clone(), all)]) });
        }
    }
    (rest, lost)
}

/// Takes the value at a JSON Pointer: a field of an object, or the whole result.
fn take(result: &mut Value, pointer: &str) -> Option<Value> {
    let Some((parent, name)) = pointer.rsplit_once('/') else {
        return Some(std::mem::replace(result, Value::Array(Vec::new())));
    };
    let name = name.replace("~1", "/").replace("~0", "~");
    result.pointer_mut(parent)?.as_object_mut()?.swap_remove(&name)
}

/// Counts the scalars of a result without a known type.
pub(super) fn measure_untyped(result: &Value) -> Coverage {
    let mut walk = CoverageWalker { types: HashMap::new(), coverage: Coverage::default() };
    walk.count_untyped(result, &mut ValuePath::default());
    walk.coverage
}

struct CoverageWalker<'a> {
    types: HashMap<&'a RustName, &'a TypeItem>,
    coverage: Coverage,
}

/// Whether a value is one of the scalars that PHP writes for nothing. A value of any type but JSON has none there.
fn is_empty_scalar(ty: &TypeRef, value: &Value) -> bool {
    let is_structure =
        matches!(ty, TypeRef::Named(_) | TypeRef::List(_) | TypeRef::OneOrMany(_) | TypeRef::Map(_));
    match value {
        Value::Null => !matches!(ty, TypeRef::Json | TypeRef::Object),
        Value::Bool(false) => is_structure,
        Value::String(text) => is_structure && text.is_empty(),
        _ => false,
    }
}

/// The keys that lead to a value.
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
    fn walk_value<'v>(&mut self, ty: &TypeRef, value: &'v Value, path: &mut ValuePath<'v>) {
        if is_empty_scalar(ty, value) {
            return self.count_typed();
        }
        match (ty, value) {
            (TypeRef::Nullable(inner), value) => self.walk_value(inner, value, path),
            (TypeRef::List(items) | TypeRef::OneOrMany(items), Value::Array(values)) => {
                values.iter().for_each(|value| self.walk_value(items, value, path));
            }
            // PHP encodes a list with gaps as an object.
            (TypeRef::List(items), Value::Object(map)) => {
                map.values().for_each(|value| self.walk_value(items, value, path));
            }
            (TypeRef::OneOrMany(item), value) => self.walk_value(item, value, path),
            (TypeRef::ScalarOr(_, structured), Value::Array(_) | Value::Object(_)) => {
                self.walk_value(structured, value, path);
            }
            (TypeRef::ScalarOr(scalar, _), value) => self.walk_value(scalar, value, path),
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

    /// Counts a value in a scalar field.
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
