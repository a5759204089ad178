//! Handlers from the facts of their pages, and the methods that register their addresses.

use std::collections::BTreeMap;

use crate::descriptor::{Deprecated, Descriptor, Handler, Schema};
use crate::extract::facts::sent::SentFacts;
use crate::extract::ledger::Ledger;
use crate::extract::lexicon::placements::{ADDRESS_WORDS, HANDLER_WORDS, REGISTERING_VERBS};
use crate::extract::register::placements::SCOPE_OF_THE_METHOD;
use crate::extract::rules::handlers::HandlerFacts;
use crate::extract::sent::sources;

/// The handlers that documents describe, by name. The facts are in the order of their documents: the first one about a handler
/// counts.
pub(crate) fn draw<'d>(
    facts: &[SentFacts],
    methods: impl Iterator<Item = &'d Descriptor>,
    ledger: &mut Ledger,
) -> Vec<Handler> {
    let methods: Vec<&Descriptor> = methods.collect();
    let mut handlers: BTreeMap<String, Handler> = BTreeMap::new();
    for facts in facts {
        for found in &facts.handlers {
            let Some(handler) = handler(facts, found, &methods) else { continue };
            if !handler.scope.is_empty() {
                ledger.fire(&SCOPE_OF_THE_METHOD);
            }
            handlers.entry(handler.handler.clone()).or_insert(handler);
        }
    }
    handlers.into_values().collect()
}

fn handler(facts: &SentFacts, found: &HandlerFacts, methods: &[&Descriptor]) -> Option<Handler> {
    let method = match &found.method {
        Some(name) => methods.iter().find(|method| method.method.eq_ignore_ascii_case(name)).copied(),
        None => Some(method_of_folder(&facts.source.path, &found.address, methods)?),
    };
    let name = method.map(|method| method.method.clone()).or_else(|| found.method.clone())?;
    let path = method.and_then(|method| path_of(&method.params, &found.address));
    let scope =
        method.map(|method| method.scope.clone()).or_else(|| Some(facts.scope.as_ref()?.value.clone()));
    let address = path.map_or_else(|| found.address.clone(), |path| path.join("/"));
    Some(Handler {
        handler: handler_name(&name, &found.address),
        method: name,
        address,
        scope: scope.unwrap_or_default(),
        deprecated: Deprecated::Flag(facts.deprecated),
        undocumented: None,
        receives: found.receives.clone().unwrap_or_else(Schema::any_object),
        response: found.response.clone(),
        page: facts.page.clone(),
        summary: None,
        sources: sources(std::iter::once(facts)),
    })
}

/// The method of the folder of a page that registers something with this address.
fn method_of_folder<'d>(path: &str, address: &str, methods: &[&'d Descriptor]) -> Option<&'d Descriptor> {
    let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let is_of_folder = |method: &&&Descriptor| {
        method.sources.iter().any(|source| folder(&source.file) == folder(path))
            && path_of(&method.params, address).is_some()
    };
    let verb = |method: &Descriptor| method.method.rsplit('.').next().unwrap_or_default().to_lowercase();
    let mut registering = methods.iter().filter(|method| REGISTERING_VERBS.contains(&verb(method).as_str()));
    registering.find(is_of_folder).copied()
}

/// The names of the objects around a parameter, and its own.
fn path_of(schema: &Schema, name: &str) -> Option<Vec<String>> {
    if schema.properties.contains_key(name) {
        return Some(vec![name.to_owned()]);
    }
    schema.properties.iter().find_map(|(outer, schema)| {
        let mut path = path_of(schema, name)?;
        path.insert(0, outer.clone());
        Some(path)
    })
}

/// The name of a handler: that of the method without its last word, and what its address is for.
fn handler_name(method: &str, address: &str) -> String {
    let mut words: Vec<&str> = method.split('.').collect();
    words.pop();
    if words.len() > 1 && words.last().is_some_and(|word| HANDLER_WORDS.contains(word)) {
        words.pop();
    }
    let purpose: Vec<String> =
        words_of(address).into_iter().filter(|word| !ADDRESS_WORDS.contains(&word.as_str())).collect();
    let purpose = purpose.join("_");
    words
        .into_iter()
        .chain(Some(purpose.as_str()).filter(|purpose| !purpose.is_empty()))
        .collect::<Vec<_>>()
        .join(".")
}

/// The words of a name, in lower case: `PRINT_URL` and `urlTableList`.
fn words_of(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut behind_small = false;
    for c in name.chars() {
        if c == '_' || behind_small && c.is_ascii_uppercase() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c != '_') {
            word.push(c.to_ascii_lowercase());
        }
        behind_small = c.is_ascii_lowercase();
    }
    words.into_iter().filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handler_is_named_after_its_method_and_the_purpose_of_its_address() {
        for (method, address, name) in [
            ("zoo.feeder.add", "HANDLER", "zoo.feeder"),
            ("zoo.delivery.handler.add", "CALCULATE_URL", "zoo.delivery.calculate"),
            ("zoo.map.connector.add", "urlTableList", "zoo.map.connector.table_list"),
            ("zoo.engine.register", "completions_url", "zoo.engine.completions"),
            ("handler.add", "HANDLER", "handler"),
        ] {
            assert_eq!(handler_name(method, address), name);
        }
    }
}
