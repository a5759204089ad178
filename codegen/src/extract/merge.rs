//! Merges the facts of several documents about one method into its descriptor.
//!
//! For each key the first document that has it decides, in the order of [`order`]; front matter comes after all pages.

mod error_names;
mod errors;
mod known_errors;
mod lists;
mod order;
mod pagination;
mod params;
mod rate_limit;
mod returns;

use indexmap::IndexSet;
use serde::Serialize;

use crate::descriptor::{Context, Descriptor, Pagination, Schema, Source, SourceForm};
use crate::diagnostic::Diagnostic;
use crate::extract::evidence::{Evidence, Leaf};
use crate::extract::facts::PageFacts;
use crate::extract::ledger::Ledger;
pub(crate) use crate::extract::merge::known_errors::KnownErrors;
pub(crate) use crate::extract::merge::order::precedence;
use crate::extract::page_log::PageLog;
use crate::extract::register::Rule;
use crate::extract::register::errors::OLDER_DOCUMENT;
use crate::extract::register::lists::{FRONT_MATTER, FRONT_MATTER_FALLBACK};
use crate::extract::resolve::resolve;
use crate::extract::rules::returns::evidence::ResultEvidence;

/// The descriptor of a method out of all its documents.
pub(crate) struct Merged {
    pub(crate) descriptor: Descriptor,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) ledger: Ledger,
    /// The evidence on the result, of the page that decided it.
    pub(crate) result: Option<ResultEvidence>,
}

/// The keys that the newest document alone decides.
const OF_THE_NEWEST: [&str; 4] = ["api", "changes", "deprecated", "method"];

/// Merges the facts of documents about one method. `known_errors` are the codes of all methods. `None` without a document.
pub(crate) fn merge(
    mut pages: Vec<PageFacts>,
    existing: Option<&Descriptor>,
    known_errors: &KnownErrors,
) -> Option<Merged> {
    pages.sort_by_cached_key(precedence);
    let mut ledgers: Vec<Ledger> = pages.iter_mut().map(|facts| std::mem::take(&mut facts.ledger)).collect();
    let newest = pages.first()?;
    let order_rules: Vec<&'static Rule> =
        pages.iter().zip(pages.iter().skip(1)).filter_map(|(a, b)| order::rule(a, b)).collect();
    let keeps = ledgers.iter().any(Ledger::keeps);
    let mut merge = Merge {
        pages: &pages,
        descriptor: empty(newest),
        decided: pages.iter().map(|_| DecidedKeys::default()).collect(),
        logs: pages.iter().map(|_| PageLog::default()).collect(),
        ledger: if keeps { Ledger::keeping(&newest.source.path) } else { Ledger::default() },
    };
    order_rules.into_iter().for_each(|rule| merge.ledger.fire(rule));
    merge.newest();
    merge.preamble();
    merge.rate_limit();
    merge.params();
    merge.returns();
    merge.side_effects();
    merge.pagination();
    merge.rows();
    merge.keyset();
    merge.errors(existing, known_errors);
    merge.sources();
    merge.keep_rate_limit(existing);
    let Merge { descriptor, decided, logs, mut ledger, .. } = merge;
    for (index, (of_page, decided)) in ledgers.iter_mut().zip(&decided).enumerate() {
        let outranked = ["params", "returns"].into_iter().filter(|key| !decided.page.contains(*key));
        outranked.for_each(|key| of_page.outrank(key));
        if index > 0 {
            OF_THE_NEWEST.iter().for_each(|key| of_page.outrank(key));
        }
    }
    ledgers.into_iter().for_each(|of_page| ledger.append(of_page));
    let diagnostics =
        pages.iter().zip(logs).flat_map(|(facts, log)| log.into_diagnostics(&facts.source)).collect();
    let result = pages.into_iter().find_map(|facts| facts.answer.evidence);
    Some(Merged { descriptor, diagnostics, ledger, result })
}

/// A descriptor without any evidence.
fn empty(newest: &PageFacts) -> Descriptor {
    Descriptor {
        method: newest.method.clone(),
        api: newest.api,
        scope: Vec::new(),
        deprecated: newest.deprecated.clone(),
        undocumented: None,
        aliases: Vec::new(),
        rate_limit_per_sec: None,
        rate_limit: None,
        pagination: Pagination::Unknown,
        page_at: None,
        changes: true,
        context: Context::Any,
        positional: false,
        args: Vec::new(),
        frozen: Vec::new(),
        required_unknown: false,
        params: Schema::any_object(),
        returns: Schema::default(),
        rows: None,
        keyset: None,
        errors: Vec::new(),
        page: None,
        summary: None,
        description: None,
        sources: Vec::new(),
    }
}

/// The arguments of the constructor of a new method: the required parameters. Of parameters that are passed by position, none
/// before a required one can be left out.
pub(crate) fn first_args(descriptor: &Descriptor) -> Vec<String> {
    let Descriptor { params, positional, .. } = descriptor;
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

/// Finds one kind of evidence on a page.
type Find<'a, T> = &'a dyn Fn(&PageFacts) -> Option<Evidence<T>>;

struct Merge<'a> {
    /// The documents, newest first.
    pages: &'a [PageFacts],
    descriptor: Descriptor,
    /// The keys that each document decided.
    decided: Vec<DecidedKeys>,
    /// The log of each document.
    logs: Vec<PageLog>,
    ledger: Ledger,
}

impl Merge<'_> {
    fn warn(&mut self, by: usize, line: usize, message: impl Into<String>, expected: &str) {
        if let Some(log) = self.logs.get_mut(by) {
            log.add(line, message, expected);
        }
    }

    fn contradiction(&mut self, by: usize, line: usize, message: impl Into<String>, expected: &str) {
        if let Some(log) = self.logs.get_mut(by) {
            log.contradiction(line, message, expected);
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
        if by > 0 {
            self.ledger.fire(&OLDER_DOCUMENT);
        }
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

    /// The first document that has something, and what it has.
    fn first<T>(&self, find: impl Fn(&PageFacts) -> Option<T>) -> Option<(usize, T)> {
        self.pages.iter().enumerate().find_map(|(by, facts)| Some((by, find(facts)?)))
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

    /// Decides a leaf by several kinds of evidence. A kind of any document comes before the next kind.
    fn decide_leaf<T: Clone + Serialize>(
        &mut self,
        leaf: impl Fn() -> Leaf,
        kinds: &[Find<'_, T>],
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

    /// The keys that the newest document alone decides.
    fn newest(&mut self) {
        let Some(newest) = self.pages.first() else { return };
        if let Some(context) = &newest.context {
            self.descriptor.context = context.value;
            self.claim(0, context.rule, context.line, Leaf::key("context"), context.value);
        }
        if let Some(positional) = &newest.positional {
            self.descriptor.positional = true;
            self.claim(0, positional.rule, positional.line, Leaf::key("positional"), true);
        }
    }

    /// The keys from above the first heading.
    fn preamble(&mut self) {
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

    /// Lists the documents. The newest one decides by default; the others are listed with the keys that they decided.
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
