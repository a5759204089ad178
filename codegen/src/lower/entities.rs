//! What repeats becomes one type: the entity that `get`, `list` and `add` of one module give, and any part of requests or
//! results that looks the same twice.
//!
//! 1. Types of equal shape are one.
//! 2. The objects that methods give as their result, or as the rows of it, are the module's entity where they share most of
//!    their fields and agree on the types of these: it has the fields of all, each in an `Option` unless all have it always.
//! 3. The entity is named after the module (`crm::deal::Deal`), what belongs to it after it (`DealPhone`).
//!
//! Types are compared within a module only: what looks the same in two modules may differ tomorrow.

use std::collections::{BTreeSet, HashMap};

use heck::{ToSnakeCase, ToUpperCamelCase};

use crate::model::{
    EnumValues, Field, Method, Module, ModulePath, Presence, RustName, StructItem, TypeItem, TypeRef, Usage,
};

/// Merges what repeats in one module.
pub(super) fn merge(path: &ModulePath, module: &mut Module) {
    let word = path.0.last().map_or("", |name| name.as_str().trim_start_matches("r#"));
    let mut merger = Merger::new(word, module);
    merger.merge_equal();
    merger.merge_entity(module);
    merger.merge_equal();
    merger.finish(module);
}

/// The types of one module, by the name that they have at first.
struct Merger {
    /// The last word of the module's path, as a type would be named after it.
    entity: String,
    /// The types, and the methods that they belong to, in the order of the descriptors.
    items: Vec<Item>,
    /// Where each name leads by now.
    renamed: HashMap<RustName, RustName>,
    /// The type that is the module's entity.
    entity_item: Option<RustName>,
    /// Names that are not free: those of requests and errors.
    reserved: BTreeSet<RustName>,
}

/// An object that methods give.
#[derive(Clone, Copy)]
struct Candidate {
    /// Its place among the items.
    item: usize,
    /// How many methods give it.
    given: usize,
    /// Whether one of them gives a list of it.
    in_list: bool,
}

struct Item {
    item: TypeItem,
    /// The methods that use it, by the last word of their names.
    users: BTreeSet<String>,
    /// The first of them, among whose types it stands while it is the only one.
    owner: usize,
}

impl Merger {
    fn new(word: &str, module: &mut Module) -> Self {
        let mut items = Vec::new();
        let mut reserved = BTreeSet::new();
        for (owner, method) in module.methods.iter_mut().enumerate() {
            reserved.extend([method.request.name.clone(), method.error.name.clone()]);
            for item in method.types.drain(..) {
                items.push(Item { item, users: BTreeSet::from([method.function.to_string()]), owner });
            }
        }
        Self {
            entity: word.to_upper_camel_case(),
            items,
            renamed: HashMap::new(),
            entity_item: None,
            reserved,
        }
    }

    /// Where a name leads by now.
    fn resolve(&self, name: &RustName) -> RustName {
        let mut name = name;
        while let Some(next) = self.renamed.get(name) {
            name = next;
        }
        name.clone()
    }

    /// Makes one of types that look the same, until no two do. Names stand for what they lead to, so that types whose parts
    /// have become one can become one in the next round.
    fn merge_equal(&mut self) {
        loop {
            let mut first: HashMap<Shape, usize> = HashMap::new();
            let mut equal = Vec::new();
            for (index, item) in self.items.iter().enumerate() {
                match first.get(&self.shape(&item.item)) {
                    Some(same) => equal.push((*same, index)),
                    None => {
                        first.insert(self.shape(&item.item), index);
                    }
                }
            }
            if equal.is_empty() {
                return;
            }
            for (same, index) in equal.into_iter().rev() {
                let gone = self.items.remove(index);
                let kept = self.items[same].item.name().clone();
                self.renamed.insert(gone.item.name().clone(), kept);
                self.items[same].users.extend(gone.users);
            }
        }
    }

    /// What is compared of a type: its fields or values on the wire, and their types.
    fn shape(&self, item: &TypeItem) -> Shape {
        match item {
            TypeItem::Struct(item) => {
                let field = |field: &Field| {
                    (field.wire.clone(), self.resolved(&field.ty), field.presence == Presence::Always)
                };
                Shape::Struct(item.usage, item.fields.iter().map(field).collect())
            }
            TypeItem::Enum(item) => match &item.values {
                EnumValues::Texts(values) => {
                    Shape::Texts(item.usage, values.iter().map(|(_, text)| text.clone()).collect())
                }
                EnumValues::Integers(values) => {
                    Shape::Integers(item.usage, values.iter().map(|(_, number)| *number).collect())
                }
            },
        }
    }

    /// A type with each name in it replaced by what it leads to.
    fn resolved(&self, ty: &TypeRef) -> TypeRef {
        ty.map_names(&|name| self.resolve(name))
    }

    /// Makes one of the objects that are the module's entity: those that most methods give in one shape or another. What only
    /// one method gives is its result and nothing more, unless it is the rows of a list.
    fn merge_entity(&mut self, module: &Module) {
        let candidates = self.candidates(module);
        let group = |largest: &Candidate| {
            let same = |other: &&Candidate| {
                other.item == largest.item || self.is_same_entity(largest.item, other.item)
            };
            candidates.iter().filter(same).copied().collect::<Vec<_>>()
        };
        let weight = |group: &[Candidate]| group.iter().map(|candidate| candidate.given).sum::<usize>();
        let groups = candidates.iter().map(|largest| (largest.item, group(largest)));
        let Some((largest, group)) = groups.max_by_key(|(largest, group)| {
            (weight(group), self.fields(*largest).len(), usize::MAX - largest)
        }) else {
            return;
        };
        if weight(&group) < 2 && !group.iter().any(|candidate| candidate.in_list) {
            return;
        }
        let entity = self.items[largest].item.name().clone();
        let mut merged: Vec<usize> =
            group.iter().map(|candidate| candidate.item).filter(|item| *item != largest).collect();
        merged.sort_unstable();
        for other in &merged {
            self.unite(largest, *other);
        }
        for index in merged.into_iter().rev() {
            let gone = self.items.remove(index);
            self.renamed.insert(gone.item.name().clone(), entity.clone());
        }
        self.entity_item = Some(entity);
    }

    /// The objects that methods give, each with how many do.
    fn candidates(&self, module: &Module) -> Vec<Candidate> {
        let mut candidates: Vec<Candidate> = Vec::new();
        for method in &module.methods {
            let Some((name, in_list)) = self.given(&method.output, false) else { continue };
            let Some(item) = self.items.iter().position(|item| *item.item.name() == name) else { continue };
            match candidates.iter_mut().find(|candidate| candidate.item == item) {
                Some(known) => {
                    known.given += 1;
                    known.in_list |= in_list;
                }
                None => candidates.push(Candidate { item, given: 1, in_list }),
            }
        }
        candidates
    }

    /// The object that a result is about, and whether it stands in a list: the result itself, its rows, or what the only
    /// field of it holds.
    fn given(&self, output: &TypeRef, in_list: bool) -> Option<(RustName, bool)> {
        match output {
            TypeRef::List(items) => self.given(items, true),
            TypeRef::Nullable(value) => self.given(value, in_list),
            TypeRef::Named(name) => {
                let name = self.resolve(name);
                let item = self.items.iter().find(|item| *item.item.name() == name)?;
                let TypeItem::Struct(item) = &item.item else { return None };
                match item.fields.as_slice() {
                    [only] => self.given(&only.ty, in_list).or(Some((name, in_list))),
                    _ => Some((name, in_list)),
                }
            }
            _ => None,
        }
    }

    fn fields(&self, index: usize) -> &[Field] {
        match &self.items[index].item {
            TypeItem::Struct(item) => &item.fields,
            TypeItem::Enum(_) => &[],
        }
    }

    /// Whether the smaller object has most of its fields in the larger one, and all they share are of one type.
    fn is_same_entity(&self, larger: usize, smaller: usize) -> bool {
        let types: HashMap<&str, TypeRef> =
            self.fields(larger).iter().map(|field| (field.wire.as_str(), self.resolved(&field.ty))).collect();
        let mut shared = 0;
        for field in self.fields(smaller) {
            match types.get(field.wire.as_str()) {
                Some(ty) if *ty == self.resolved(&field.ty) => shared += 1,
                Some(_) => return false,
                None => {}
            }
        }
        shared >= 2 && shared * 3 >= self.fields(smaller).len() * 2
    }

    /// Gives the larger object the fields that only the smaller one has; what not both always have may be absent.
    fn unite(&mut self, larger: usize, smaller: usize) {
        let other = self.fields(smaller).to_vec();
        let users = self.items[smaller].users.clone();
        self.items[larger].users.extend(users);
        let TypeItem::Struct(entity) = &mut self.items[larger].item else { return };
        for field in &mut entity.fields {
            if !other.iter().any(|other| other.wire == field.wire && other.presence == Presence::Always) {
                field.presence = Presence::Optional;
            }
        }
        for mut field in other {
            let known =
                entity.fields.iter().any(|known| known.wire == field.wire || known.name == field.name);
            if !known {
                field.presence = Presence::Optional;
                entity.fields.push(field);
            }
        }
    }

    /// Names what belongs to several methods, and puts every type where it belongs.
    fn finish(mut self, module: &mut Module) {
        let names = self.final_names();
        for item in std::mem::take(&mut self.items) {
            let shared = item.users.len() > 1 || Some(item.item.name()) == self.entity_item.as_ref();
            let users: Vec<String> = item.users.into_iter().collect();
            let mut item_type = item.item;
            rename(&mut item_type, &|name| self.renamed_to(name, &names));
            if shared {
                set_role(&mut item_type, &users);
                module.types.push(item_type);
            } else if let Some(method) = module.methods.get_mut(item.owner) {
                method.types.push(item_type);
            }
        }
        for method in &mut module.methods {
            rename_method(method, &|name| self.renamed_to(name, &names));
        }
    }

    fn renamed_to(&self, name: &RustName, names: &HashMap<RustName, RustName>) -> RustName {
        let name = self.resolve(name);
        names.get(&name).cloned().unwrap_or(name)
    }

    /// The names of the entity, of its parts, and of what else several methods share.
    fn final_names(&self) -> HashMap<RustName, RustName> {
        let mut names = Names { given: HashMap::new(), taken: self.reserved.clone() };
        names.taken.extend(self.items.iter().map(|item| item.item.name().clone()));
        if let Some(entity) = &self.entity_item {
            names.give(entity, &[self.entity.clone(), format!("{}Entity", self.entity)]);
            self.name_parts(entity, &mut names);
        }
        for item in self.items.iter().filter(|item| item.users.len() > 1) {
            let short = short_name(item.item.name());
            names.give(
                item.item.name(),
                &[format!("{}{short}", self.entity), format!("{}Shared{short}", self.entity)],
            );
        }
        names.given
    }

    /// Names the parts of a type after it and the field that holds them.
    fn name_parts(&self, whole: &RustName, names: &mut Names) {
        let Some(item) = self.items.iter().find(|item| item.item.name() == whole) else { return };
        let TypeItem::Struct(item) = &item.item else { return };
        let prefix = names.given.get(whole).unwrap_or(whole).as_str().to_owned();
        for field in &item.fields {
            let ty = self.resolved(&field.ty);
            let Some(part) = ty.named().filter(|part| !names.given.contains_key(*part)) else { continue };
            names.give(part, &[format!("{prefix}{}", field.wire.to_upper_camel_case())]);
            if names.given.contains_key(part) {
                self.name_parts(part, names);
            }
        }
    }
}

/// The shape of a type: what it is on the wire, with the types of its fields.
#[derive(PartialEq, Eq, Hash)]
enum Shape {
    Struct(Usage, Vec<(String, TypeRef, bool)>),
    Texts(Usage, Vec<String>),
    Integers(Usage, Vec<i64>),
}

/// New names, and those that are not free.
struct Names {
    given: HashMap<RustName, RustName>,
    taken: BTreeSet<RustName>,
}

impl Names {
    /// Gives the first of the wishes that is free and a legal name; where none is, the type keeps the name it has.
    fn give(&mut self, name: &RustName, wishes: &[String]) {
        for wish in wishes {
            let Some(wish) = super::names::type_name(&[wish]) else { continue };
            if !self.given.contains_key(name) && self.taken.insert(wish.clone()) {
                self.given.insert(name.clone(), wish);
                return;
            }
        }
    }
}

/// The last words of a type's name, without the method and the words of results: `GetResultItemPhone` gives `Phone`.
fn short_name(name: &RustName) -> String {
    let snake = name.as_str().to_snake_case();
    let words: Vec<&str> = snake.split('_').collect();
    let own = |word: &&&str| !matches!(**word, "result" | "item" | "items" | "value");
    let kept: Vec<&str> = words.iter().skip(1).filter(own).copied().collect();
    let kept = if kept.is_empty() { vec!["item"] } else { kept };
    kept.join("_").to_upper_camel_case()
}

fn set_role(item: &mut TypeItem, users: &[String]) {
    let users: Vec<String> = users.iter().map(|user| format!("[`{user}`]({user}())")).collect();
    let (role, usage) = match item {
        TypeItem::Struct(item) => (&mut item.role, item.usage),
        TypeItem::Enum(item) => (&mut item.role, item.usage),
    };
    let verb = match usage {
        Usage::Sent => "Goes with",
        Usage::Received => "Comes with",
    };
    *role = format!("{verb} {}", users.join(", "));
}

fn rename(item: &mut TypeItem, renamed: &dyn Fn(&RustName) -> RustName) {
    match item {
        TypeItem::Struct(StructItem { name, fields, .. }) => {
            *name = renamed(name);
            for field in fields {
                field.ty = field.ty.map_names(renamed);
            }
        }
        TypeItem::Enum(item) => item.name = renamed(&item.name),
    }
}

fn rename_method(method: &mut Method, renamed: &dyn Fn(&RustName) -> RustName) {
    method.output = method.output.map_names(renamed);
    for param in &mut method.request.params {
        param.ty = param.ty.map_names(renamed);
    }
}
