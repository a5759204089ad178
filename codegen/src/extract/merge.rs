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

use crate::descriptor::{Context, Descriptor, Pagination, Schema, Source, SourceForm};
use crate::diagnostic::Diagnostic;
use crate::extract::diagnostics::PageDiagnostics;
use crate::extract::facts::PageFacts;

/// What came of the merge.
pub(crate) struct Merged {
    pub(crate) descriptor: Descriptor,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// The order in which documents are asked.
pub(crate) fn precedence(page: &PageFacts) -> impl Ord + use<> {
    let undated = page.dated.is_none();
    (undated, Reverse(page.dated.clone()), page.form, !page.main_page, page.source.path.clone())
}

/// Merges what documents say of one method. `system_codes` are those that any method answers with.
pub(crate) fn merge(
    mut pages: Vec<PageFacts>,
    existing: Option<&Descriptor>,
    system_codes: &HashSet<String>,
) -> Option<Merged> {
    pages.sort_by_cached_key(precedence);
    let newest = pages.first()?;
    let descriptor = empty(newest);
    let gave = pages.iter().map(|_| Gave::default()).collect();
    let mut merge = Merge {
        pages: &pages,
        descriptor,
        gave,
        page_diagnostics: pages.iter().map(|_| PageDiagnostics::default()).collect(),
    };
    merge.plain_keys();
    merge.params();
    merge.returns();
    merge.effect();
    merge.pagination();
    merge.rows();
    merge.keyset();
    merge.errors(existing, system_codes);
    merge.sources();
    let Merge { descriptor, page_diagnostics, .. } = merge;
    let told = pages.iter().zip(page_diagnostics);
    let diagnostics =
        told.flat_map(|(told, page_diagnostics)| page_diagnostics.into_diagnostics(&told.source)).collect();
    Some(Merged { descriptor, diagnostics })
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
        context: newest.context,
        positional: newest.positional,
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

/// The keys that one document decided, its page and its front-matter apart.
#[derive(Default)]
struct Gave {
    page: IndexSet<String>,
    front_matter: Vec<String>,
}

struct Merge<'a> {
    pages: &'a [PageFacts],
    descriptor: Descriptor,
    /// What each of the testimonies gave.
    gave: Vec<Gave>,
    /// What is to be said of each of them.
    page_diagnostics: Vec<PageDiagnostics>,
}

impl Merge<'_> {
    fn warn(&mut self, by: usize, line: usize, message: impl Into<String>, expected: &str) {
        if let Some(page_diagnostics) = self.page_diagnostics.get_mut(by) {
            page_diagnostics.add(line, message, expected);
        }
    }

    fn page_gave(&mut self, by: usize, key: impl Into<String>) {
        if let Some(gave) = self.gave.get_mut(by) {
            gave.page.insert(key.into());
        }
    }

    fn front_matter_gave(&mut self, by: usize, key: &str) {
        if let Some(gave) = self.gave.get_mut(by) {
            gave.front_matter.push(key.to_owned());
        }
    }

    /// The first testimony that knows something, and what it knows.
    fn first<T>(&self, knows: impl Fn(&PageFacts) -> Option<T>) -> Option<(usize, T)> {
        self.pages.iter().enumerate().find_map(|(by, page)| Some((by, knows(page)?)))
    }

    fn plain_keys(&mut self) {
        self.page_gave(0, "method");
        self.page_gave(0, "deprecated");
        self.head_facts();
        if let Some((by, scope)) = self.first(|page| page.scope.clone()) {
            self.descriptor.scope = scope;
            self.page_gave(by, "scope");
        } else if let Some((by, scope)) = self.first(|page| page.front_matter.as_ref()?.scope.clone()) {
            self.descriptor.scope = scope;
            self.front_matter_gave(by, "scope");
        } else {
            self.warn(
                0,
                1,
                "no scope can be read on this page",
                "a line \"Scope: …\" above the first heading",
            );
        }
        if let Some((by, page)) = self.first(|page| page.page.clone()) {
            self.descriptor.page = Some(page);
            self.page_gave(by, "page");
        }
        if let Some((by, aliases)) = self.first(|page| page.front_matter.as_ref()?.aliases.clone()) {
            if !aliases.is_empty() {
                self.front_matter_gave(by, "aliases");
            }
            for alias in aliases {
                if !self.descriptor.aliases.iter().any(|known| known.eq_ignore_ascii_case(&alias)) {
                    self.descriptor.aliases.push(alias);
                }
            }
        }
        if let Some((by, pace)) = self.first(|page| page.front_matter.as_ref()?.rate_limit_per_sec) {
            self.descriptor.rate_limit_per_sec = Some(pace);
            self.front_matter_gave(by, "rate_limit_per_sec");
        }
    }

    /// What only the newest page is asked for, where it says more than nothing.
    fn head_facts(&mut self) {
        if self.descriptor.context != Context::Any {
            self.page_gave(0, "context");
        }
        if self.descriptor.positional {
            self.page_gave(0, "positional");
        }
        if let Some((by, aliases)) =
            self.first(|told| Some(&told.aliases).filter(|told| !told.is_empty()).cloned())
        {
            self.descriptor.aliases = aliases;
            self.page_gave(by, "aliases");
        }
    }

    fn sources(&mut self) {
        let gave = std::mem::take(&mut self.gave);
        let mut of_front_matter = Vec::new();
        for (page, gave) in self.pages.iter().zip(gave) {
            let source = |form, gave| Source {
                form,
                file: page.source.path.clone(),
                revision: page.revision.clone(),
                gave,
            };
            if page.front_matter.is_some() {
                of_front_matter.push(source(SourceForm::FrontMatter, gave.front_matter));
            }
            self.descriptor.sources.push(source(page.form, gave.page.into_iter().collect()));
        }
        self.descriptor.sources.extend(of_front_matter);
    }
}
