//! What the types that several methods share are called, and where each type stands in the end.

use std::collections::{BTreeSet, HashMap};

use heck::{ToSnakeCase, ToUpperCamelCase};

use super::super::names;
use super::Merger;
use crate::model::{Method, Module, RustName, StructItem, TypeItem, Usage};

impl Merger {
    /// Names what belongs to several methods, and puts every type where it belongs.
    pub(super) fn finish(mut self, module: &mut Module) {
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

/// New names, and those that are not free.
struct Names {
    given: HashMap<RustName, RustName>,
    taken: BTreeSet<RustName>,
}

impl Names {
    /// Gives the first of the wishes that is free and a legal name; where none is, the type keeps the name it has.
    fn give(&mut self, name: &RustName, wishes: &[String]) {
        for wish in wishes {
            let Some(wish) = names::type_name(&[wish]) else { continue };
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
