//! What repeats becomes one type: the entity that `get`, `list` and `add` of one module give, and any part of requests or
//! results that looks the same twice.
//!
//! 1. Types of equal shape are one.
//! 2. The objects that methods give as their result, or as the rows of it, are the module's entity where they share most of
//!    their fields and agree on the types of these: it has the fields of all, each in an `Option` unless all have it always.
//! 3. The entity is named after the module (`crm::deal::Deal`), what belongs to it after it (`DealPhone`).
//!
//! Types are compared within a module only: what looks the same in two modules may differ tomorrow.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use heck::{ToSnakeCase, ToUpperCamelCase};

use super::facts;
use crate::model::{
    EnumValues, Field, Method, Module, ModulePath, Presence, RustName, StructItem, TypeItem, TypeRef, Usage,
};

/// Merges what repeats in one module.
pub(super) fn merge(path: &ModulePath, module: &mut Module) {
    let word = path.0.last().map_or("", RustName::bare);
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
    users: BTreeSet<RustName>,
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
                items.push(Item { item, users: BTreeSet::from([method.function.clone()]), owner });
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
            for index in self.live() {
                match first.entry(self.shape(&self.items[index].item)) {
                    Entry::Occupied(same) => equal.push((*same.get(), index)),
                    Entry::Vacant(place) => {
                        place.insert(index);
                    }
                }
            }
            if equal.is_empty() {
                return;
            }
            for (same, index) in equal {
                self.replace(index, same);
            }
        }
    }

    /// The types that have not become part of another.
    fn live(&self) -> Vec<usize> {
        (0..self.items.len())
            .filter(|index| !self.renamed.contains_key(self.items[*index].item.name()))
            .collect()
    }

    /// Lets one type stand for another.
    fn replace(&mut self, gone: usize, kept: usize) {
        let users = self.items[gone].users.clone();
        self.items[kept].users.extend(users);
        self.renamed.insert(self.items[gone].item.name().clone(), self.items[kept].item.name().clone());
    }

    /// The type that a name leads to by now.
    fn find(&self, name: &RustName) -> Option<usize> {
        let name = self.resolve(name);
        self.items.iter().position(|item| *item.item.name() == name)
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
        for other in group.iter().map(|candidate| candidate.item).filter(|item| *item != largest) {
            self.unite(largest, other);
        }
        self.entity_item = Some(self.items[largest].item.name().clone());
    }

    /// The objects that methods give, each with how many do.
    fn candidates(&self, module: &Module) -> Vec<Candidate> {
        let mut candidates: Vec<Candidate> = Vec::new();
        for method in &module.methods {
            let Some((item, in_list)) = self.given(&method.output, false) else { continue };
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
    fn given(&self, output: &TypeRef, in_list: bool) -> Option<(usize, bool)> {
        match output {
            TypeRef::List(items) => self.given(items, true),
            TypeRef::Nullable(value) => self.given(value, in_list),
            TypeRef::Named(name) => {
                let index = self.find(name)?;
                let TypeItem::Struct(item) = &self.items[index].item else { return None };
                match item.fields.as_slice() {
                    [only] => self.given(&only.ty, in_list).or(Some((index, in_list))),
                    _ => Some((index, in_list)),
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

    /// Whether the smaller object has most of its fields in the larger one, and there is a type for nearly all they share.
    fn is_same_entity(&self, larger: usize, smaller: usize) -> bool {
        let known: HashMap<&str, &Field> =
            self.fields(larger).iter().map(|field| (field.wire.as_str(), field)).collect();
        let (mut shared, mut contradicting) = (0, 0);
        for field in self.fields(smaller) {
            if let Some(known) = known.get(field.wire.as_str()) {
                shared += 1;
                contradicting += usize::from(self.agreed(known, field).is_none());
            }
        }
        shared >= 2 && shared * 3 >= self.fields(smaller).len() * 2 && contradicting * 10 <= shared
    }

    /// The type that holds what either of two fields may hold; `None` where there is none but JSON.
    fn agreed(&self, one: &Field, other: &Field) -> Option<TypeRef> {
        if one.ty == TypeRef::Json && is_unknown(one) {
            return Some(other.ty.clone());
        }
        if other.ty == TypeRef::Json && is_unknown(other) {
            return Some(one.ty.clone());
        }
        self.agreed_type(&one.ty, &other.ty)
    }

    fn agreed_type(&self, one: &TypeRef, other: &TypeRef) -> Option<TypeRef> {
        use TypeRef::{DateTime, Integer, Json, List, Map, Named, Nullable, Number, Object, Text};
        Some(match (self.resolved(one), self.resolved(other)) {
            (one, other) if one == other => one,
            (Integer, Number) | (Number, Integer) => Number,
            // A text is read from a number as well, and a date is a text.
            (Integer | Number | DateTime, Text) | (Text, Integer | Number | DateTime) => Text,
            // `[]` is all that was seen of it: PHP's empty list, object and map.
            (List(one), other @ (List(_) | Map(_) | Named(_) | Object))
            | (other @ (List(_) | Map(_) | Named(_) | Object), List(one))
                if *one == Json =>
            {
                other
            }
            (List(one), List(other)) => List(Box::new(self.agreed_type(&one, &other)?)),
            (Map(one), Map(other)) => Map(Box::new(self.agreed_type(&one, &other)?)),
            (Nullable(one), Nullable(other)) => Nullable(Box::new(self.agreed_type(&one, &other)?)),
            (Nullable(one), other) | (other, Nullable(one)) => {
                Nullable(Box::new(self.agreed_type(&one, &other)?))
            }
            (Named(one), Named(other)) => {
                let (larger, smaller) = self.by_size(self.find(&one)?, self.find(&other)?);
                let same = self.is_same_entity(larger, smaller);
                same.then(|| Named(self.items[larger].item.name().clone()))?
            }
            _ => return None,
        })
    }

    /// Two objects, the one with more fields first.
    fn by_size(&self, one: usize, other: usize) -> (usize, usize) {
        if self.fields(one).len() >= self.fields(other).len() { (one, other) } else { (other, one) }
    }

    /// Gives the larger object the fields that only the smaller one has; what not both always have may be absent. Objects
    /// that both hold under one name become one as well.
    fn unite(&mut self, larger: usize, smaller: usize) {
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
            field.ty = self.agreed(field, other).unwrap_or(TypeRef::Json);
            if let Some((larger, smaller)) = parts.filter(|_| field.ty.named().is_some()) {
                self.unite(larger, smaller);
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

    /// Names what belongs to several methods, and puts every type where it belongs.
    fn finish(mut self, module: &mut Module) {
        let names = self.final_names();
        let live: BTreeSet<usize> = self.live().into_iter().collect();
        let items = std::mem::take(&mut self.items).into_iter().enumerate();
        for (_, item) in items.filter(|(index, _)| live.contains(index)) {
            let shared = item.users.len() > 1 || Some(item.item.name()) == self.entity_item.as_ref();
            let users = item.users;
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
        for item in
            self.live().into_iter().map(|index| &self.items[index]).filter(|item| item.users.len() > 1)
        {
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
        let Some(TypeItem::Struct(item)) = self.find(whole).map(|index| &self.items[index].item) else {
            return;
        };
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

/// Whether a field is JSON since nothing is known of it, and not since it may be several things.
fn is_unknown(field: &Field) -> bool {
    field.facts.type_name == facts::UNKNOWN
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
    let kept = if kept.is_empty() { vec!["result"] } else { kept };
    kept.join("_").to_upper_camel_case()
}

fn set_role(item: &mut TypeItem, users: &BTreeSet<RustName>) {
    let users: Vec<String> = users.iter().map(RustName::function_link).collect();
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
