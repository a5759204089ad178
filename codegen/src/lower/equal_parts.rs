//! Equal objects in what a portal sends are one type.
//!
//! The payloads of the events about chat bots have the bot, the chat, the message and the user in them, and the requests of a delivery
//! service the same addresses. Objects of one module with equal fields are one type, if their names have the last word in common: it has
//! the words that all names begin with, and those that all end with: `V2BotAuth` of `V2CommandAddBotAuth` and `V2JoinChatBotAuth`.

use std::collections::{BTreeSet, HashMap};

use super::names;
use super::words::name_words;
use crate::model::{Direction, Module, Payload, RustName, StructItem, TypeItem, TypeRef};

/// Objects with fewer fields may be equal by chance, and their fields mean something else in each.
const MIN_FIELDS: usize = 3;

/// What is equal: the names and types of the fields.
type Shape = Vec<(String, TypeRef)>;

/// Makes equal objects of the events and handlers of a module one type, then the objects that contain only these.
pub(super) fn share(module: &mut Module) {
    while let Some((objects, name)) = next_group(module) {
        merge(module, &objects, &name);
    }
}

/// The next objects that are equal, and the name of their type.
fn next_group(module: &Module) -> Option<(Vec<RustName>, RustName)> {
    let mut groups: Vec<(Shape, Vec<&RustName>)> = Vec::new();
    for item in objects(module) {
        let shape = shape(item);
        match groups.iter_mut().find(|(known, _)| *known == shape) {
            Some((_, names)) => names.push(&item.name),
            None => groups.push((shape, vec![&item.name])),
        }
    }
    groups.iter().filter(|(_, names)| names.len() > 1).find_map(|(_, names)| {
        let name = common_name(names)?;
        let is_free = names.contains(&&name) || !module.names().contains(&name);
        is_free.then(|| (names.iter().map(|name| (*name).clone()).collect(), name))
    })
}

/// The objects that are neither a whole payload nor a whole request.
fn objects(module: &Module) -> impl Iterator<Item = &StructItem> {
    let whole: BTreeSet<&RustName> = wholes(module).collect();
    let of_events = module.events.iter().flat_map(|event| &event.types);
    let of_handlers = module.handlers.iter().flat_map(|handler| &handler.types);
    of_events.chain(of_handlers).chain(&module.types).filter_map(move |item| match item {
        TypeItem::Struct(item) => {
            let is_part = item.direction == Direction::Response && !whole.contains(&item.name);
            (is_part && item.fields.len() >= MIN_FIELDS).then_some(item)
        }
        TypeItem::Enum(_) => None,
    })
}

fn wholes(module: &Module) -> impl Iterator<Item = &RustName> {
    let payloads = module.events.iter().map(|event| &event.name);
    payloads.chain(module.handlers.iter().map(|handler| &handler.name))
}

fn shape(item: &StructItem) -> Shape {
    item.fields.iter().map(|field| (field.wire.clone(), field.ty.clone())).collect()
}

/// The words that all names begin with, then those that all end with. `None` if they end with different words.
fn common_name(all: &[&RustName]) -> Option<RustName> {
    let all: Vec<Vec<String>> = all.iter().map(|name| name_words(name.bare())).collect();
    let (first, others) = all.split_first()?;
    let shortest = all.iter().map(Vec::len).min()?;
    let is_common = |word: &dyn Fn(&[String]) -> Option<String>| {
        let of_first = word(first);
        of_first.is_some() && others.iter().all(|other| word(other) == of_first)
    };
    let end = (1..=shortest)
        .take_while(|back| is_common(&|words| words.get(words.len().checked_sub(*back)?).cloned()))
        .count();
    if end == 0 {
        return None;
    }
    let start =
        (0..shortest - end).take_while(|index| is_common(&|words| words.get(*index).cloned())).count();
    let (start, end) = (first.get(..start)?, first.get(first.len() - end..)?);
    // `delivery` and `delivery service` are `delivery service`.
    let start = start.strip_suffix(end.get(..1)?).unwrap_or(start);
    names::type_name(&[&start.join(" "), &end.join(" ")])
}

/// Replaces objects by one type of the module.
fn merge(module: &mut Module, objects: &[RustName], name: &RustName) {
    let renamed: HashMap<RustName, RustName> =
        objects.iter().map(|object| (object.clone(), name.clone())).collect();
    let mut taken = Taken { objects, kept: None, owners: Vec::new() };
    for event in &mut module.events {
        taken.take(&mut event.types, Some(&event.wire));
        rename(&mut event.types, &renamed);
        if let Payload::Whole { ty, .. } = &mut event.payload {
            *ty = ty.map_names(&|name| new_name(name, &renamed));
        }
    }
    for handler in &mut module.handlers {
        taken.take(&mut handler.types, Some(&handler.wire));
        rename(&mut handler.types, &renamed);
    }
    taken.take(&mut module.types, None);
    rename(&mut module.types, &renamed);
    let Taken { kept, owners, .. } = taken;
    if let Some(mut item) = kept {
        item.name = name.clone();
        item.role = format!("A part of {}", owners.join(", "));
        module.types.push(TypeItem::Struct(item));
        rename(&mut module.types, &renamed);
    }
}

/// The first of equal objects, and where all of them are.
struct Taken<'n> {
    objects: &'n [RustName],
    kept: Option<StructItem>,
    owners: Vec<String>,
}

impl Taken<'_> {
    /// Removes the objects from a list of types. `owner` is what is sent, unless the list is that of the module.
    fn take(&mut self, types: &mut Vec<TypeItem>, owner: Option<&str>) {
        for item in std::mem::take(types) {
            match item {
                TypeItem::Struct(item) if self.objects.contains(&item.name) => {
                    let owner = owner.map_or_else(|| shared_owners(&item), |owner| format!("`{owner}`"));
                    if !self.owners.contains(&owner) {
                        self.owners.push(owner);
                    }
                    self.kept.get_or_insert(item);
                }
                other => types.push(other),
            }
        }
    }
}

/// What an object that is already shared is a part of.
fn shared_owners(item: &StructItem) -> String {
    let role = item.role.strip_prefix("A part of ").unwrap_or(&item.role);
    role.strip_prefix("the payloads of ").unwrap_or(role).to_owned()
}

/// Gives the parts of objects other types.
fn rename(types: &mut [TypeItem], renamed: &HashMap<RustName, RustName>) {
    for item in types {
        if let TypeItem::Struct(item) = item {
            let fields = item.fields.iter_mut();
            fields.for_each(|field| field.ty = field.ty.map_names(&|name| new_name(name, renamed)));
        }
    }
}

fn new_name(name: &RustName, renamed: &HashMap<RustName, RustName>) -> RustName {
    renamed.get(name).unwrap_or(name).clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_type_has_the_words_that_names_begin_and_end_with() {
        for (all, name) in [
            (&["V2FeedCageAuth", "V2CleanHouseCageAuth"][..], Some("V2CageAuth")),
            (&["FeedCage", "CleanCage"], Some("Cage")),
            (&["FeedFirstCage", "FeedSecondCage", "FeedCage"], Some("FeedCage")),
            (&["CageCleanCageDoor", "CageFeedCageDoor"], Some("CageDoor")),
            (&["FeedCage", "FeedHouse"], None),
        ] {
            let names: Vec<RustName> = all.iter().map(|name| RustName((*name).to_owned())).collect();
            let found = common_name(&names.iter().collect::<Vec<_>>());
            assert_eq!(found.as_ref().map(RustName::as_str), name, "{all:?}");
        }
    }
}
