//! Handlers: the module and the name of each, the type of its requests and of the response.
//!
//! | handler | in Rust |
//! |---|---|
//! | `bizproc.robot` of the scope `bizproc` | `handlers::biz_proc::Robot` |
//! | `sale.delivery.cancelDelivery` of the scope `sale` | `handlers::sale::CancelDelivery` |
//! | a request without documented fields | a struct with `extra` alone |
//! | a response that the portal expects | `RobotResponse`, a list, a map |
//! | a response that it ignores | `()` |

use std::collections::BTreeMap;

use super::entity_types::EntityTypes;
use super::frozen::NameBook;
use super::placements::{NO_SCOPE, lower_part};
use super::schema_path::SchemaPath;
use super::{Lowering, equal_parts, names};
use crate::descriptor::{Deprecated, Handler, Pointer, Spec};
use crate::diagnostic::Diagnostic;
use crate::model::{
    Direction, HANDLERS_MODULE, HandlerItem, Library, Module, ModulePath, RustName, StructItem, TypeItem,
    TypeRef,
};

/// Adds the handlers of a spec to the library.
pub(super) fn lower(
    spec: &Spec,
    book: &NameBook<'_>,
    entities: &EntityTypes<'_>,
    library: &mut Library,
    problems: &mut Vec<Diagnostic>,
) {
    let mut modules: BTreeMap<ModulePath, Module> = BTreeMap::new();
    for file in &spec.handlers {
        let mut lowering = Lowering { file, names: book, entities, problems: Vec::new() };
        if let Some((path, item)) = lowering.lower_handler() {
            let module = modules.entry(path).or_default();
            let taken = |item: &TypeItem| module.names().contains(item.name());
            if item.types.iter().any(taken) {
                let message = format!("a type of the handler {} has the name of another one", item.wire);
                let at = Pointer::default().key("handler");
                lowering.report_value(&at, message, "names that differ in letters or digits, or in scope");
            }
            module.handlers.push(item);
        }
        problems.append(&mut lowering.problems);
    }
    for module in modules.values_mut() {
        equal_parts::share(module);
    }
    library.modules.extend(modules);
}

impl Lowering<'_, Handler> {
    /// Lowers a handler. Returns it with its module; `None` if the name has no form in Rust.
    fn lower_handler(&mut self) -> Option<(ModulePath, HandlerItem)> {
        let file = self.file;
        let handler = &file.content;
        let scope = handler.scope.first().map_or(NO_SCOPE, String::as_str);
        let words: Vec<&str> = handler.handler.split('.').collect();
        let own = match words.split_first() {
            Some((first, rest)) if first.eq_ignore_ascii_case(scope) && !rest.is_empty() => rest,
            _ => &words,
        };
        let name = names::type_name(without_repeated(own));
        if name.is_none() {
            let message = format!("the handler {} has no name in Rust", handler.handler);
            self.report_value(&Pointer::default().key("handler"), message, "a letter or a digit");
        }
        let name = name?;
        let path = ModulePath(vec![names::function(HANDLERS_MODULE)?, names::function(scope)?]);
        let mut types = Vec::new();
        let whole = format!("a request to `{}`", handler.handler);
        let at = SchemaPath::part(name.bare(), &handler.receives, "receives", Direction::Response, whole);
        let request = lower_part(self, &handler.receives, &at, &mut types);
        if request != TypeRef::Named(name.clone()) {
            types = vec![without_fields(&name, format!("A request to `{}`", handler.handler))];
        }
        let response = handler.response.as_ref().map(|response| {
            let word = format!("{} response", name.bare());
            let whole = format!("the response to `{}`", handler.handler);
            let path = SchemaPath::part(&word, response, "response", Direction::Request, whole);
            lower_part(self, response, &path, &mut types)
        });
        let item = HandlerItem {
            wire: handler.handler.clone(),
            source: file.source.path.clone(),
            page: handler.page.clone(),
            text: None,
            notes: Vec::new(),
            scopes: handler.scope.clone(),
            method: handler.method.clone(),
            address: handler.address.clone(),
            deprecated: handler.deprecated != Deprecated::Flag(false),
            name,
            response: response.unwrap_or(TypeRef::Nothing),
            types,
        };
        Some((path, item))
    }
}

/// The parts of a name without the first ones that the next one has in it: `delivery.cancelDelivery` is `cancelDelivery`.
fn without_repeated<'a, 'b>(mut parts: &'a [&'b str]) -> &'a [&'b str] {
    while let [first, rest @ ..] = parts
        && let Some(next) = rest.first()
        && format!(" {} ", names::words(next)).contains(&format!(" {} ", names::words(first)))
    {
        parts = rest;
    }
    parts
}

/// A request of which no field is known.
fn without_fields(name: &RustName, role: String) -> TypeItem {
    TypeItem::Struct(StructItem {
        name: name.clone(),
        role,
        text: None,
        fields: Vec::new(),
        direction: Direction::Response,
        generic_over: None,
        is_entity: false,
        is_named: false,
        entity: None,
    })
}

#[cfg(test)]
mod tests {
    use super::without_repeated;

    #[test]
    fn a_part_that_the_next_one_has_is_left_out() {
        let cases: [(&[&str], &[&str]); 4] = [
            (&["feeder", "cleanFeederNow"], &["cleanFeederNow"]),
            (&["feeder", "weigh"], &["feeder", "weigh"]),
            (&["feed", "feederList"], &["feed", "feederList"]),
            (&["feeder"], &["feeder"]),
        ];
        for (parts, kept) in cases {
            assert_eq!(without_repeated(parts), kept);
        }
    }
}
