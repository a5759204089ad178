//! One descriptor out of everything that the documents say of a method.
//!
//! The documents are ordered by what speaks for their age: the day of the snapshot that they are part of, or else the day on
//! which the answer they show was recorded; undated ones come last, for the old forms show no answer. Of equal age, Markdown
//! comes before rendered text, which has lost part of what it says, and a page named after the method before others. For
//! each key the first document that knows it decides; front-matter is asked last of all.

mod errors;
mod lists;
mod pagination;
mod params;
mod returns;

use std::cmp::Reverse;
use std::collections::HashSet;

use indexmap::IndexSet;
use serde::Serialize;

use crate::descriptor::{Context, Descriptor, Pagination, Schema, Source, SourceForm};
use crate::diagnostic::Diagnostic;
use crate::extract::diagnostics::PageDiagnostics;
use crate::extract::evidence::{Evidence, Leaf};
use crate::extract::facts::PageFacts;
use crate::extract::ledger::Ledger;
use crate::extract::register::Rule;
use crate::extract::register::lists::{FRONT_MATTER, FRONT_MATTER_FALLBACK};
use crate::extract::resolve::resolve;

/// The descriptor that several documents give together.
pub(crate) struct Merged {
    pub(crate) descriptor: Descriptor,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) ledger: Ledger,
}

/// The order in which documents are asked.
pub(crate) fn precedence(facts: &PageFacts) -> impl Ord + use<> {
    let undated = facts.dated.is_none();
    (undated, Reverse(facts.dated.clone()), facts.form, !facts.main_page, facts.source.path.clone())
}

/// Merges the facts that documents give about one method. `system_codes` are the errors of every method.
pub(crate) fn merge(
    mut pages: Vec<PageFacts>,
    existing: Option<&Descriptor>,
    system_codes: &HashSet<String>,
) -> Option<Merged> {
    pages.sort_by_cached_key(precedence);
    let mut ledgers: Vec<Ledger> = pages.iter_mut().map(|facts| std::mem::take(&mut facts.ledger)).collect();
    let newest = pages.first()?;
    let keeps = ledgers.iter().any(Ledger::keeps);
    let mut merge = Merge {
        pages: &pages,
        descriptor: empty(newest),
        decided: pages.iter().map(|_| DecidedKeys::default()).collect(),
        diagnostics: pages.iter().map(|_| PageDiagnostics::default()).collect(),
        ledger: if keeps { Ledger::keeping(&newest.source.path) } else { Ledger::default() },
    };
    merge.preamble();
    merge.params();
    merge.returns();
    merge.side_effects();
    merge.pagination();
    merge.rows();
    merge.keyset();
    merge.errors(existing, system_codes);
    merge.sources();
    let Merge { descriptor, decided, diagnostics, mut ledger, .. } = merge;
    for (of_page, decided) in ledgers.iter_mut().zip(&decided) {
        for key in ["params", "returns"] {
            if !decided.page.contains(key) {
                of_page.outrank(key);
            }
        }
    }
    ledgers.into_iter().for_each(|of_page| ledger.append(of_page));
    let diagnostics = pages
        .iter()
        .zip(diagnostics)
        .flat_map(|(facts, diagnostics)| diagnostics.into_diagnostics(&facts.source))
        .collect();
    Some(Merged { descriptor, diagnostics, ledger })
}

/// A descriptor that says nothing yet.
fn empty(newest: &PageFacts) -> Descriptor {
    Descriptor {
        method: newest.method.clone(),
        api: newest.api,
        scope: Vec::new(),
        deprecated: newest.deprecated.clone(),
        aliases: Vec::new(),
        rate_limit_per_sec: None,
        pagination: Pagination::Unknown,
        page_at: None,
        changes: true,
        context: Context::Any,
        positional: newest.positional.is_some(),
        args: Vec::new(),
        required_unknown: false,
        params: Schema::any_object(),
        returns: Schema::default(),
        rows: None,
        keyset: None,
        errors: Vec::new(),
        page: None,
        summary: None,
        sources: Vec::new(),
    }
}

/// The arguments of the constructor, as they are chosen when a method is met for the first time.
///
/// Where parameters go by position, none before a required one can be left out.
pub(crate) fn first_args(descriptor: &Descriptor) -> Vec<String> {
    let Descriptor { params, positional, required_unknown, .. } = descriptor;
    if *required_unknown {
        return Vec::new();
    }
    if !positional {
        return params.required.clone();
    }
    let names = params.properties.keys();
    let last = names.clone().rposition(|name| params.required.contains(name));
    names.take(last.map_or(0, |last| last + 1)).cloned().collect()
}

/// The keys that one document decided, its page and its front matter apart.
#[derive(Default)]
struct DecidedKeys {
    page: IndexSet<String>,
    front_matter: Vec<String>,
}

struct Merge<'a> {
    /// The documents, newest first.
    pages: &'a [PageFacts],
    descriptor: Descriptor,
    /// The keys that each document decided.
    decided: Vec<DecidedKeys>,
    /// The diagnostics of each document.
    diagnostics: Vec<PageDiagnostics>,
    ledger: Ledger,
}

impl Merge<'_> {
    fn warn(&mut self, by: usize, line: usize, message: impl Into<String>, expected: &str) {
        if let Some(diagnostics) = self.diagnostics.get_mut(by) {
            diagnostics.add(line, message, expected);
        }
    }

    /// Claims a leaf by what one document says.
    fn claim(&mut self, by: usize, rule: &'static Rule, line: usize, leaf: Leaf, value: impl Serialize) {
        let evidence = [Evidence::new(rule, value, line)];
        let file = self.pages.get(by).map(|facts| facts.source.path.clone()).unwrap_or_default();
        self.ledger.decided_in(&evidence, &resolve(&evidence, |_| true), || leaf.clone(), |_| file.clone());
    }

    /// Records that a document decided a key.
    fn credit(&mut self, by: usize, key: impl Into<String>) {
        if let Some(decided) = self.decided.get_mut(by) {
            decided.page.insert(key.into());
        }
    }

    /// Records that the front matter of a document decided a key.
    fn credit_front_matter(&mut self, by: usize, key: &str) {
        self.ledger.fire(&FRONT_MATTER_FALLBACK);
        if let Some(decided) = self.decided.get_mut(by) {
            decided.front_matter.push(key.to_owned());
        }
    }

    /// The first document that knows something, and what it knows.
    fn first<T>(&self, knows: impl Fn(&PageFacts) -> Option<T>) -> Option<(usize, T)> {
        self.pages.iter().enumerate().find_map(|(by, facts)| Some((by, knows(facts)?)))
    }

    /// Decides a key: the newest document with evidence for it.
    fn decide<T: Clone + Serialize>(
        &mut self,
        key: &str,
        find: impl Fn(&PageFacts) -> Option<Evidence<T>>,
    ) -> Option<T> {
        let (by, value) = self.decide_leaf(|| Leaf::key(key), &[&find])?;
        self.credit(by, key);
        Some(value)
    }

    /// Decides a leaf by several kinds of evidence: each kind is asked of all documents before the next one.
    fn decide_leaf<T: Clone + Serialize>(
        &mut self,
        leaf: impl Fn() -> Leaf,
        kinds: &[&dyn Fn(&PageFacts) -> Option<Evidence<T>>],
    ) -> Option<(usize, T)> {
        let pages = self.pages;
        let found = kinds.iter().flat_map(|find| {
            pages.iter().enumerate().filter_map(move |(by, facts)| Some((by, find(facts)?)))
        });
        let (by, evidence): (Vec<usize>, Vec<Evidence<T>>) = found.unzip();
        let decision = resolve(&evidence, |_| true);
        let file = |index: usize| {
            let facts = by.get(index).and_then(|by| pages.get(*by));
            facts.map(|facts| facts.source.path.clone()).unwrap_or_default()
        };
        self.ledger.decided_in(&evidence, &decision, leaf, file);
        let chosen = decision.chosen?;
        Some((*by.get(chosen)?, evidence.get(chosen)?.value.clone()))
    }

    /// The keys that the head of a page gives.
    fn preamble(&mut self) {
        let newest = |evidence: Option<&Evidence<Context>>| evidence.map(|found| found.value);
        self.descriptor.context =
            newest(self.pages.first().and_then(|facts| facts.context.as_ref())).unwrap_or_default();
        if let Some(aliases) = self.decide("aliases", |facts| facts.aliases.clone()) {
            self.descriptor.aliases = aliases;
        }
        if let Some(scope) = self.decide("scope", |facts| facts.scope.clone()) {
            self.descriptor.scope = scope;
        } else if let Some((by, scope)) = self.first(|facts| facts.front_matter.as_ref()?.scope.clone()) {
            self.descriptor.scope = scope;
            self.credit_front_matter(by, "scope");
        } else {
            let expected = "a line \"Scope: …\" above the first heading";
            self.warn(0, 1, "no scope can be read on this page", expected);
        }
        self.descriptor.page = self.decide("page", |facts| facts.page.clone());
        self.front_matter_aliases();
        if let Some((by, rate)) = self.first(|facts| facts.front_matter.as_ref()?.rate_limit_per_sec) {
            self.descriptor.rate_limit_per_sec = Some(rate);
            self.credit_front_matter(by, "rate_limit_per_sec");
        }
    }

    fn front_matter_aliases(&mut self) {
        let Some((by, aliases)) = self.first(|facts| facts.front_matter.as_ref()?.aliases.clone()) else {
            return;
        };
        if !aliases.is_empty() {
            self.credit_front_matter(by, "aliases");
        }
        for alias in aliases {
            if !self.descriptor.aliases.iter().any(|known| known.eq_ignore_ascii_case(&alias)) {
                self.descriptor.aliases.push(alias);
            }
        }
    }

    /// Lists the documents. What the newest one decided goes without saying; of the others a reviewer sees which keys they
    /// decided.
    fn sources(&mut self) {
        let decided = std::mem::take(&mut self.decided);
        let mut of_front_matter = Vec::new();
        for (index, (facts, decided)) in self.pages.iter().zip(&decided).enumerate() {
            let source = |form, decided| Source {
                form,
                file: facts.source.path.clone(),
                revision: facts.revision.clone(),
                decided,
            };
            if facts.front_matter.is_some() {
                self.ledger.fire(&FRONT_MATTER);
                of_front_matter.push(source(SourceForm::FrontMatter, decided.front_matter.clone()));
            }
            let of_page = if index == 0 { Vec::new() } else { decided.page.iter().cloned().collect() };
            self.descriptor.sources.push(source(facts.form, of_page));
        }
        self.descriptor.sources.extend(of_front_matter);
        self.decided = decided;
    }
}
