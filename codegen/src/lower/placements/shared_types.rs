//! The contexts and options that several placements of a module have in common.

use std::collections::HashMap;

use crate::lower::names;
use crate::lower::words::name_words;
use crate::model::{Direction, Field, Module, PlacementItem, RustName, StructItem, TypeItem, TypeRef};

/// How many fields may name a shared type.
const NAMING_FIELDS: usize = 2;

/// What is equal in shared types: the names and types of the fields. The names of types in them count only for the first one.
type Shape = (Direction, Vec<(String, TypeRef)>);

/// Shares the types of the placements of a module.
pub(super) fn share(module: &mut Module) {
    let mut shapes: Vec<(Shape, Vec<usize>)> = Vec::new();
    for (index, placement) in module.placements.iter().enumerate() {
        for shape in placement.types.iter().filter_map(shape) {
            match shapes.iter_mut().find(|(known, _)| *known == shape) {
                Some((_, placements)) => placements.push(index),
                None => shapes.push((shape, vec![index])),
            }
        }
    }
    for (shape, placements) in shapes.iter().filter(|(_, placements)| placements.len() > 1) {
        let taken: Vec<RustName> = module.names().into_iter().cloned().collect();
        let Some(name) = name_of(shape, placements, module).filter(|name| !taken.contains(name)) else {
            continue;
        };
        move_type(module, shape, placements, &name);
    }
}

/// The shape of a struct with scalars alone.
fn shape(item: &TypeItem) -> Option<Shape> {
    let TypeItem::Struct(item) = item else { return None };
    let fields = item.fields.iter().map(|field| (field.wire.clone(), field.ty.clone()));
    let is_plain = item.fields.iter().all(|field| field.ty.named().is_none());
    is_plain.then(|| (item.direction, fields.collect()))
}

/// The name of a shared type: of its fields if they are few, or else of the words that the placements have in common at the end.
fn name_of((direction, fields): &Shape, placements: &[usize], module: &Module) -> Option<RustName> {
    let end = if *direction == Direction::Request { "options" } else { "context" };
    if *direction == Direction::Response && fields.len() <= NAMING_FIELDS {
        let mut words: Vec<&str> = fields.iter().map(|(wire, _)| wire.as_str()).collect();
        words.push(end);
        return names::type_name(&words);
    }
    let words = |index: &usize| {
        let name = module.placements.get(*index).map(|placement| placement.name.bare());
        name.map(name_words).unwrap_or_default()
    };
    let mut all = placements.iter().map(words);
    let mut common = all.next()?;
    for words in all {
        let same =
            common.iter().rev().zip(words.iter().rev()).take_while(|(one, other)| one == other).count();
        common.drain(..common.len() - same);
    }
    let first = module.placements.get(*placements.first()?)?;
    let start = if common.is_empty() { first.name.bare().to_owned() } else { common.join(" ") };
    names::type_name(&[&start, end])
}

fn move_type(module: &mut Module, shape_of: &Shape, placements: &[usize], name: &RustName) {
    let mut kept: Option<StructItem> = None;
    let mut codes = Vec::new();
    for index in placements {
        let Some(placement) = module.placements.get_mut(*index) else { continue };
        let is_shared = |item: &TypeItem| shape(item).is_some_and(|shape| shape == *shape_of);
        let Some(at) = placement.types.iter().position(is_shared) else { continue };
        let TypeItem::Struct(mut item) = placement.types.remove(at) else { continue };
        codes.push(format!("`{}`", placement.wire));
        rename(placement, &HashMap::from([(item.name.clone(), name.clone())]));
        item.name = name.clone();
        kept = Some(match kept {
            Some(known) => with_common_marks(known, &item.fields),
            None => item,
        });
    }
    if let Some(mut item) = kept {
        let what = if item.direction == Direction::Request {
            "The options of"
        } else {
            "What is sent to the handlers of"
        };
        item.role = format!("{what} {}", codes.join(", "));
        module.types.push(TypeItem::Struct(item));
    }
}

/// The fields, marked as required if they are in both types.
fn with_common_marks(mut known: StructItem, fields: &[Field]) -> StructItem {
    for (field, other) in known.fields.iter_mut().zip(fields) {
        if field.docs.required != other.docs.required {
            field.docs.required = Some(false);
        }
    }
    known
}

fn rename(placement: &mut PlacementItem, renamed: &HashMap<RustName, RustName>) {
    let map = |name: &RustName| renamed.get(name).cloned().unwrap_or_else(|| name.clone());
    placement.context = placement.context.map_names(&map);
    placement.options = placement.options.as_ref().map(|options| options.map_names(&map));
}
