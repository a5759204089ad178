//! The documentation of modules: what their methods are about, and a table of the methods by task.

use proc_macro2::TokenStream;

use super::inner;
use super::text::{cell, code};
use crate::descriptor::Api;
use crate::model::{Library, Method, Module, ModulePath, RustName, ScopeTexts, first_sentence};

/// The tasks in the order of the table, each with the first words of functions that do it.
const TASKS: &[(&str, &[&str])] = &[
    ("List", &["list", "search", "find", "getlist", "select", "all", "history"]),
    (
        "Read",
        &[
            "get", "count", "fields", "is", "check", "export", "download", "show", "load", "default",
            "counters",
        ],
    ),
    ("Create", &["add", "create", "register", "bind", "copy", "import", "upload", "send", "save", "attach"]),
    (
        "Change",
        &[
            "update",
            "set",
            "edit",
            "move",
            "rename",
            "change",
            "complete",
            "mark",
            "pin",
            "sort",
            "reorder",
            "start",
            "pause",
            "stop",
            "resume",
            "renew",
            "defer",
            "cancel",
            "approve",
            "disapprove",
            "delegate",
        ],
    ),
    ("Delete", &["delete", "remove", "unregister", "unbind", "clear", "detach", "reset"]),
];

/// What all other methods do.
const OTHER_TASK: &str = "Other";

/// The documentation of a module.
pub(in crate::emit) fn module(library: &Library, path: &ModulePath, module: &Module) -> TokenStream {
    let mut paragraphs: Vec<Vec<String>> = Vec::new();
    let texts = library.module_texts.get(path);
    if let Some(text) = texts.and_then(|texts| texts.text.as_ref()) {
        let (first, rest) = first_sentence(text);
        paragraphs.push(vec![first.to_owned()]);
        paragraphs.extend((!rest.is_empty()).then(|| vec![rest.to_owned()]));
    }
    paragraphs.extend(texts.and_then(|texts| texts.scope.as_ref()).map(of_scope).unwrap_or_default());
    paragraphs.push(vec![contents(path, module)]);
    paragraphs.extend(table(module));
    paragraphs.extend(events_table(module));
    inner(&paragraphs.join(&[String::new()][..]))
}

/// Which methods and modules there are.
fn contents(path: &ModulePath, module: &Module) -> String {
    let wire =
        |method: &Method| method.wire.rsplit_once('.').map_or(String::new(), |(prefix, _)| prefix.to_owned());
    if path.is_events() && module.methods.is_empty() {
        return "Events: what a portal sends to an application. Each has a type for its payload, behind the feature of its scope, and a \
                variant of [`Event`]."
            .to_owned();
    }
    if let Some(event) = module.events.first() {
        return match event.scopes.first() {
            Some(scope) => format!("Events of the scope {}.", code(scope)),
            None => "Events that need no scope.".to_owned(),
        };
    }
    if let Some(text) = of_sent(path, module) {
        return text;
    }
    match module.methods.first() {
        Some(method) if method.api == Api::V3 => format!("Methods of {} in REST 3.", code(&wire(method))),
        Some(method) if !wire(method).is_empty() => format!("Methods of {}.", code(&wire(method))),
        Some(_) => "Methods with names of one word.".to_owned(),
        None => {
            let words: Vec<&str> = path.0.iter().map(RustName::bare).collect();
            format!("Modules of {}.", code(&words.join(".")))
        }
    }
}

/// What there is in a module of placements or handlers.
fn of_sent(path: &ModulePath, module: &Module) -> Option<String> {
    let of = |what: &str, scopes: &[String]| match scopes.first() {
        Some(scope) => format!("{what} of the scope {}.", code(scope)),
        None => format!("{what} that need no scope."),
    };
    let placement = module.placements.first().map(|placement| of("Placements", &placement.scopes));
    let handler = module.handlers.first().map(|handler| of("Handlers", &handler.scopes));
    let root = || {
        match module.methods.is_empty() {
        true if path.is_placements() => Some(
            "Placements: the places of the interface that show an application. Each has a type, behind the feature of its scope, with \
             its options and what its handler receives, and a variant of [`PlacementCode`]."
                .to_owned(),
        ),
        true if path.is_handlers() => Some(
            "Handlers: what a portal sends to the addresses that an application registers, behind the feature of their scopes."
                .to_owned(),
        ),
        _ => None,
    }
    };
    placement.or(handler).or_else(root)
}

fn of_scope(scope: &ScopeTexts) -> Vec<Vec<String>> {
    let text = scope.text.as_ref().map(|text| format!("{}: {text}", scope.title));
    let start = scope.start.as_ref().map(|start| vec![format!("Where to begin: {start}")]);
    std::iter::once(vec![text.unwrap_or_else(|| format!("{}.", scope.title))]).chain(start).collect()
}

/// The methods by task, if the words about them say what they do.
///
/// ```text
/// | task | function | |
/// |---|---|---|
/// | Read | [`get`](get()) | Reads an animal. |
/// ```
fn table(module: &Module) -> Option<Vec<String>> {
    let mut rows: Vec<(usize, &Method, &str)> = module
        .methods
        .iter()
        .filter_map(|method| Some((task(method), method, method.texts.text.as_deref()?)))
        .collect();
    if rows.len() < 2 {
        return None;
    }
    rows.sort_by_key(|(task, method, _)| (*task, method.deprecated.is_some()));
    let mut table = vec!["| task | function | |".to_owned(), "|---|---|---|".to_owned()];
    let mut before = None;
    for (task, method, text) in rows {
        let name = TASKS.get(task).map_or(OTHER_TASK, |(name, _)| *name);
        let shown = if before == Some(task) { "" } else { name };
        before = Some(task);
        let (first, _) = first_sentence(text);
        table.push(format!("| {shown} | {} | {} |", method.function.function_link(), cell(first)));
    }
    Some(table)
}

/// The events, if the words about them say what happened.
///
/// ```text
/// | event | |
/// |---|---|
/// | [`AnimalFeed`] | An animal was fed. |
/// ```
fn events_table(module: &Module) -> Option<Vec<String>> {
    let rows = module.events.iter().filter_map(|event| {
        let (first, _) = first_sentence(event.text.as_deref()?);
        Some(format!("| [`{0}`] | {1} |", event.name.bare(), cell(first)))
    });
    let rows: Vec<String> = rows.collect();
    let head = ["| event | |".to_owned(), "|---|---|".to_owned()];
    (rows.len() > 1).then(|| head.into_iter().chain(rows).collect())
}

/// The index of the task of a method.
fn task(method: &Method) -> usize {
    let name = method.function.bare();
    let first = name.split('_').next().unwrap_or_default();
    let of = |(_, words): &(&str, &[&str])| words.contains(&name);
    let begins = |(_, words): &(&str, &[&str])| words.contains(&first);
    TASKS.iter().position(of).or_else(|| TASKS.iter().position(begins)).unwrap_or(TASKS.len())
}
