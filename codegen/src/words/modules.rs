//! The words about modules: what their methods are about, and for the first module of a scope what the scope is.

use std::collections::{BTreeMap, HashMap};

use super::book::{TextId, Words, folded};
use super::links::{Features, Links};
use super::stale::NO_SCOPE;
use crate::descriptor::Api;
use crate::model::{Library, Method, ModulePath, ModuleTexts, ScopeTexts, union_features};

/// The methods of a module and of those inside of it.
#[derive(Default)]
struct Content<'a> {
    /// The interface and the wire name that the module has in the names of methods.
    name: Option<(Api, String)>,
    methods: Vec<&'a Method>,
}

/// The words about all modules that have some.
pub(super) fn texts(words: &Words, links: &Links, library: &Library) -> BTreeMap<ModulePath, ModuleTexts> {
    let of = |(path, content): (ModulePath, Content<'_>)| {
        let features = union_features(content.methods.iter().map(|method| method.features()));
        let markdown = |id: TextId| links.markdown(words.raw(id), &features);
        let text = content.name.as_ref().and_then(|(api, name)| words.module(*api, name)).map(markdown);
        let scope = is_first(&path, &content)
            .then(|| scope(words, links, &path, &content.methods, &features))
            .flatten();
        (text.is_some() || scope.is_some()).then_some((path, ModuleTexts { text, scope }))
    };
    contents(library).into_iter().filter_map(of).collect()
}

/// All modules, also those with other modules only.
fn contents(library: &Library) -> BTreeMap<ModulePath, Content<'_>> {
    let mut contents: BTreeMap<ModulePath, Content<'_>> = BTreeMap::new();
    for (path, module) in &library.modules {
        for method in &module.methods {
            let words: Vec<&str> = method.wire.split('.').collect();
            let before = usize::from(method.api == Api::V3);
            for length in 1..=path.0.len() {
                let Some(above) = path.0.get(..length) else { continue };
                let content = contents.entry(ModulePath(above.to_vec())).or_default();
                content.methods.push(method);
                // Methods with names of one word have a module that their names do not have.
                // The module of REST 3 has none either.
                let name = words.get(..length.saturating_sub(before)).unwrap_or_default();
                let name = if words.len() == 1 { String::new() } else { name.join(".") };
                if content.name.is_none() || length == path.0.len() {
                    content.name = Some((method.api, name));
                }
            }
        }
    }
    contents
}

/// Whether a module is the first one of its interface: `crm`, `v3::tasks`.
fn is_first(path: &ModulePath, content: &Content<'_>) -> bool {
    let before = content.methods.iter().filter(|method| method.api == Api::V3).count();
    path.0.len() == if before == content.methods.len() { 2 } else { 1 }
}

/// The words about the scope that most methods need, or else that has the name of the module.
fn scope(
    words: &Words,
    links: &Links,
    path: &ModulePath,
    methods: &[&Method],
    features: &Features,
) -> Option<ScopeTexts> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for method in methods {
        *counts.entry(method.scopes.first().map_or(NO_SCOPE, String::as_str)).or_default() += 1;
    }
    let is_named = |scope: &str| path.0.last().is_some_and(|word| folded(word.bare()) == folded(scope));
    let (scope, _) = counts.into_iter().max_by_key(|(scope, count)| (is_named(scope), *count, *scope))?;
    let words_of = words.scopes.get(scope)?;
    let optional = |id: Option<TextId>| id.map(|id| links.markdown(words.raw(id), features));
    let title = words.raw(words_of.title).trim_end_matches('.').to_owned();
    Some(ScopeTexts { title, text: optional(words_of.text), start: optional(words_of.start) })
}
