//! Words about what the spec does not have.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::book::{MethodWords, TextId, Uses, Words};
use super::lookup::Lookup;
use super::places::Places;
use super::text;
use crate::descriptor::{Api, Descriptor, MethodKey, Spec, method_key};
use crate::diagnostic::Diagnostic;

/// The name under which words are written about methods without a scope.
pub(super) const NO_SCOPE: &str = "basic";

impl Words {
    /// What does not fit the spec: references to unknown methods are errors, words about what the spec does not have warnings.
    pub fn check(&self, spec: &Spec) -> Vec<Diagnostic> {
        if self.is_empty() {
            return Vec::new();
        }
        let mut problems = self.unknown_references(spec);
        problems.extend(self.stale(spec));
        problems
    }

    fn unknown_references(&self, spec: &Spec) -> Vec<Diagnostic> {
        let known: HashSet<MethodKey> = methods(spec)
            .flat_map(|method| {
                std::iter::once(&method.method)
                    .chain(&method.aliases)
                    .map(|name| method_key(method.api, name))
            })
            .collect();
        let mut problems = Vec::new();
        for index in 0..self.texts.len() {
            let id = TextId(index);
            for (api, name) in
                text::methods(self.raw(id)).filter(|(api, name)| !known.contains(&method_key(*api, name)))
            {
                let other = known.iter().any(|(of, known)| *of != api && *known == name.to_lowercase());
                let expected = match other {
                    true if api == Api::V2 => format!("[v3:{name}], the method of REST 3"),
                    true => format!("[{name}], the method of REST 2"),
                    false => "the name of a method of the spec, or a code span in backticks".to_owned(),
                };
                let message = format!("there is no method {name}");
                problems.push(self.at_text(Diagnostic::error(message).expecting(expected), id));
            }
        }
        problems
    }

    /// Texts that no item of the spec has, and methods, entities, modules and scopes that it does not have.
    fn stale(&self, spec: &Spec) -> Vec<Diagnostic> {
        let mut uses = Uses::default();
        for descriptor in methods(spec) {
            let lookup = Lookup::of(self, descriptor);
            let places = Places::of(descriptor, self);
            lookup.record(descriptor, &places.all, &mut uses);
        }
        self.use_events(spec, &mut uses);
        self.use_sent(spec, &mut uses);
        let system = spec.system.iter().flat_map(|file| &file.content.errors);
        uses.0.extend(system.filter_map(|error| Lookup::of_system(self).error(&error.code, None)));
        let mut problems = Vec::new();
        let mut reported: BTreeSet<TextId> = BTreeSet::new();
        let known: HashSet<MethodKey> =
            methods(spec).map(|method| method_key(method.api, &method.method)).collect();
        let modules = known_modules(&known);
        let gone = methods_gone(self, &known);
        for (at, ids, name) in &gone {
            problems.push(self.at_key(stale(format!("{name} is no method of the spec")), at));
            reported.extend(ids);
        }
        for (at, ids, name) in &events_gone(self, spec) {
            problems.push(self.at_key(stale(format!("{name} is no event of the spec")), at));
            reported.extend(ids);
        }
        let (placements, handlers) = sent_gone(self, spec);
        for (what, gone) in [("placement", &placements), ("handler", &handlers)] {
            for (at, ids, name) in gone {
                problems.push(self.at_key(stale(format!("{name} is no {what} of the spec")), at));
                reported.extend(ids);
            }
        }
        for (key, entity) in &self.entities {
            let is_entity =
                spec.entities.iter().any(|file| method_key(file.content.api, &file.content.entity) == *key);
            if is_entity || modules.contains(key) {
                uses.0.extend(entity.text);
                self.use_entity_fields(spec, key, &mut uses);
                continue;
            }
            problems.push(self.at_key(stale(format!("{} is no entity of the spec", key.1)), &entity.at));
            reported.extend(entity.text);
            reported.extend(
                entity.fields.values().chain(entity.values.values().flat_map(|texts| texts.values())),
            );
        }
        for method in methods(spec) {
            let mut name = method.method.as_str();
            let is_unnamed = !name.contains('.') || method.api == Api::V3;
            uses.0.extend(is_unnamed.then(|| self.module(method.api, "")).flatten());
            while let Some((module, _)) = name.rsplit_once('.') {
                uses.0.extend(self.module(method.api, module));
                name = module;
            }
        }
        let mut scopes: HashSet<&str> =
            methods(spec).flat_map(|method| method.scope.iter().map(String::as_str)).collect();
        scopes.extend(spec.events.iter().flat_map(|file| &file.content.scope).map(String::as_str));
        scopes.extend(spec.placements.iter().flat_map(|file| &file.content.scope).map(String::as_str));
        scopes.extend(spec.handlers.iter().flat_map(|file| &file.content.scope).map(String::as_str));
        scopes.insert(NO_SCOPE);
        for (scope, words) in &self.scopes {
            if scopes.contains(scope.as_str()) {
                uses.0.extend([Some(words.title), words.text, words.start].into_iter().flatten());
            }
        }
        for index in 0..self.texts.len() {
            let id = TextId(index);
            if !uses.0.contains(&id) && !reported.contains(&id) {
                let name = self.texts.get(index).map(|text| text.at.last_key()).unwrap_or_default();
                problems.push(
                    self.at_text(
                        stale(format!("the spec has nothing that these words are about: {name}")),
                        id,
                    ),
                );
            }
        }
        problems
    }

    /// The fields of an entity that the spec declares, whether a method shows them or not.
    fn use_entity_fields(&self, spec: &Spec, key: &MethodKey, uses: &mut Uses) {
        let Some(words) = self.entities.get(key) else { return };
        let entity =
            spec.entities.iter().find(|file| method_key(file.content.api, &file.content.entity) == *key);
        for name in entity.iter().flat_map(|file| file.content.fields.keys()) {
            uses.0.extend(words.fields.get(&super::book::folded(name)));
        }
    }
}

/// Something that the spec does not have: where its words are, and its texts.
type Gone = ((usize, crate::descriptor::Pointer), Vec<TextId>, String);

/// The methods that the spec does not have.
fn methods_gone(words: &Words, known: &HashSet<MethodKey>) -> Vec<Gone> {
    words.methods.iter().filter(|(key, _)| !known.contains(*key)).map(|(_, words)| gone(words)).collect()
}

/// The events that the spec does not have.
fn events_gone(words: &Words, spec: &Spec) -> Vec<Gone> {
    let known: HashSet<String> =
        spec.events.iter().map(|file| super::book::folded(&file.content.event)).collect();
    words.events.iter().filter(|(name, _)| !known.contains(*name)).map(|(_, words)| gone(words)).collect()
}

/// The placements and the handlers that the spec does not have.
fn sent_gone(words: &Words, spec: &Spec) -> (Vec<Gone>, Vec<Gone>) {
    let of = |known: HashSet<String>, all: &HashMap<String, MethodWords>| {
        all.iter().filter(|(name, _)| !known.contains(*name)).map(|(_, words)| gone(words)).collect()
    };
    let codes = spec.placements.iter().map(|file| super::book::folded(&file.content.placement)).collect();
    let names = spec.handlers.iter().map(|file| super::book::folded(&file.content.handler)).collect();
    (of(codes, &words.placements), of(names, &words.handlers))
}

fn gone(words: &MethodWords) -> Gone {
    let mut ids = vec![words.text];
    ids.extend(words.returns);
    ids.extend(&words.notes);
    let maps = [&words.params, &words.result, &words.errors].into_iter().chain(words.values.values());
    ids.extend(maps.flat_map(|texts| texts.values()));
    (words.at.clone(), ids, words.at.1.last_key())
}

fn stale(message: String) -> Diagnostic {
    Diagnostic::warning(message).expecting("words about what the spec has; others are shown nowhere")
}

fn methods(spec: &Spec) -> impl Iterator<Item = &Descriptor> {
    spec.methods.iter().map(|file| &file.content)
}

/// The wire names of methods without their last words.
fn known_modules(methods: &HashSet<MethodKey>) -> HashSet<MethodKey> {
    let above = |(api, name): &MethodKey| {
        let mut names = Vec::new();
        let mut name = name.as_str();
        if !name.contains('.') {
            names.push((*api, String::new()));
        }
        while let Some((module, _)) = name.rsplit_once('.') {
            names.push((*api, module.to_owned()));
            name = module;
        }
        names
    };
    methods.iter().flat_map(above).collect()
}
