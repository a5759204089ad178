//! The parts that all events about a thing have in common.
//!
//! `onCrmDealAdd`, `onCrmDealUpdate` and `onCrmDealDelete` are about a deal: their names differ in the last word. If each of them that
//! has `FIELDS` has the same fields there, the type is `DealFields`. Otherwise each has its own: `DealAddFields`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::entity_parts::rename;
use crate::lower::names;
use crate::lower::words::name_words;
use crate::model::{EventItem, Field, Module, RustName, TypeItem, TypeRef};

/// Shares the parts of the payloads of a module.
pub(super) fn share(module: &mut Module) {
    let mut things: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, event) in module.events.iter().enumerate() {
        if let Some(thing) = thing(&event.name) {
            things.entry(thing).or_default().push(index);
        }
    }
    for (thing, events) in things {
        if events.len() > 1 {
            share_parts(module, &thing, &events);
        }
    }
}

/// What an event is about: its name without the last word. `None` if nothing is left.
fn thing(name: &RustName) -> Option<String> {
    let mut words = name_words(name.bare());
    words.pop()?;
    (!words.is_empty()).then(|| words.join(" "))
}

fn share_parts(module: &mut Module, thing: &str, events: &[usize]) {
    let taken: BTreeSet<RustName> = module.names().into_iter().cloned().collect();
    let name = |end: &str| names::type_name(&[thing, end]).filter(|name| !taken.contains(name));
    let of_events = events.iter().filter_map(|index| module.events.get(*index));
    let ends = of_events.flat_map(|event| event.types.iter().filter_map(|item| end(event, item)));
    let mut ends: BTreeSet<String> = ends.filter(|end| name(end).is_some()).collect();
    // A part is the same only if the parts in it are.
    loop {
        let differing: Vec<String> =
            ends.iter().filter(|end| !is_same(module, events, end, &ends)).cloned().collect();
        if differing.is_empty() {
            break;
        }
        ends.retain(|end| !differing.contains(end));
    }
    for (end, name) in ends.iter().filter_map(|end| Some((end, name(end)?))).collect::<Vec<_>>() {
        move_part(module, events, end, &name);
    }
}

/// The end of the name of a part: `Fields` of `DealAddFields`.
fn end(event: &EventItem, item: &TypeItem) -> Option<String> {
    let end = item.name().bare().strip_prefix(event.name.bare())?;
    (!end.is_empty()).then(|| end.to_owned())
}

fn parts<'m>(module: &'m Module, events: &[usize], end: &str) -> Vec<(&'m EventItem, &'m TypeItem)> {
    let find = |index: &usize| {
        let event = module.events.get(*index)?;
        let name = format!("{}{end}", event.name.bare());
        Some((event, event.types.iter().find(|item| item.name().bare() == name)?))
    };
    events.iter().filter_map(find).collect()
}

/// Whether at least two events have the part, and all of these the same one. Fields that are a part with an end in `ends` are equal.
fn is_same(module: &Module, events: &[usize], end: &str, ends: &BTreeSet<String>) -> bool {
    let parts = parts(module, events, end);
    let [first, others @ ..] = parts.as_slice() else { return false };
    !others.is_empty() && others.iter().all(|other| equal(first, other, ends))
}

fn equal(
    (event, item): &(&EventItem, &TypeItem),
    (other_event, other): &(&EventItem, &TypeItem),
    ends: &BTreeSet<String>,
) -> bool {
    let by_end = |event: &EventItem, ty: &TypeRef| {
        ty.map_names(&|name| {
            let end = name.bare().strip_prefix(event.name.bare()).filter(|end| ends.contains(*end));
            RustName(end.map_or_else(|| name.as_str().to_owned(), |end| format!("_{end}")))
        })
    };
    let fields = |event: &EventItem, fields: &[Field]| -> Vec<Field> {
        fields.iter().map(|field| Field { ty: by_end(event, &field.ty), ..field.clone() }).collect()
    };
    match (item, other) {
        (TypeItem::Struct(item), TypeItem::Struct(other)) => {
            fields(event, &item.fields) == fields(other_event, &other.fields)
        }
        (TypeItem::Enum(item), TypeItem::Enum(other)) => item.values == other.values,
        _ => false,
    }
}

/// Moves a part to the types of the module.
fn move_part(module: &mut Module, events: &[usize], end: &str, name: &RustName) {
    let mut kept = None;
    let mut wires = Vec::new();
    for index in events {
        let Some(event) = module.events.get_mut(*index) else { continue };
        let own = format!("{}{end}", event.name.bare());
        let Some(at) = event.types.iter().position(|item| item.name().bare() == own) else { continue };
        let mut item = event.types.remove(at);
        wires.push(format!("`{}`", event.wire));
        let renamed = HashMap::from([(item.name().clone(), name.clone())]);
        rename(event, &renamed);
        // Parts in this one are renamed in it too, wherever it is by then.
        set_name(&mut item, name);
        kept.get_or_insert(item);
        rename_shared(module, &renamed);
    }
    if let Some(mut item) = kept {
        item.set_role(format!("A part of the payloads of {}", wires.join(", ")));
        module.types.push(item);
    }
}

fn set_name(item: &mut TypeItem, name: &RustName) {
    match item {
        TypeItem::Struct(item) => item.name = name.clone(),
        TypeItem::Enum(item) => item.name = name.clone(),
    }
}

/// Gives the parts of shared types other names.
fn rename_shared(module: &mut Module, renamed: &HashMap<RustName, RustName>) {
    let map = |name: &RustName| renamed.get(name).cloned().unwrap_or_else(|| name.clone());
    for item in &mut module.types {
        if let TypeItem::Struct(item) = item {
            item.fields.iter_mut().for_each(|field| field.ty = field.ty.map_names(&map));
        }
    }
}
