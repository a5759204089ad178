//! The stages of an import: pages, the system, methods, patches, entities.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::descriptor::{Descriptor, Entities, Entity, Event, Handler, Placement, SystemDescriptor};
use crate::descriptor::{MethodKey, method_key};
use crate::diagnostic::{SourceText, sort_diagnostics};
use crate::extract::entities::{self, Described};
use crate::extract::events::ByName;
use crate::extract::evidence::Leaf;
use crate::extract::facts::PageFacts;
use crate::extract::frozen::Frozen;
use crate::extract::ledger::{Entry, Ledger};
use crate::extract::merge::KnownErrors;
use crate::extract::options::Options;
use crate::extract::pages::{self, Extracted};
use crate::extract::patch::apply::Patches;
use crate::extract::register::documents::FIRST_ARGUMENTS;
use crate::extract::register::page::FROZEN_ARGUMENTS;
use crate::extract::report::Report;
use crate::extract::source::documents::Document;
use crate::extract::system::SystemFacts;
use crate::extract::{events, merge, names, sent, system};

/// The result of an import.
#[derive(Debug)]
pub struct Import {
    /// A descriptor for each method that the documents describe, by interface and name. References to entities are expanded.
    pub descriptors: Vec<Descriptor>,
    /// The placements that the documents describe, by code.
    pub placements: Vec<Placement>,
    /// The handlers that the documents describe, by name.
    pub handlers: Vec<Handler>,
    /// The entities that they refer to.
    pub entities: Entities,
    /// A descriptor for each event that the documents describe or name, by name.
    pub events: Vec<Event>,
    /// The errors and the timing that all methods share; `None` if no document describes them.
    pub system: Option<SystemDescriptor>,
    /// The fate of the documents and patches, and how often each rule fired.
    pub report: Report,
    /// The evidence on the method to explain.
    pub evidence: Vec<Entry>,
}

/// Imports documents. Two things of an earlier import stay, since callers depend on them: `args`, and error codes that no
/// document lists any more.
pub fn import(
    documents: &[Document],
    existing: &[Descriptor],
    existing_system: Option<&SystemDescriptor>,
    patch_files: &[Arc<SourceText>],
) -> Import {
    import_with(documents, existing, existing_system, patch_files, Options::default())
}

/// Imports documents as [`import`] does, with options.
pub fn import_with(
    documents: &[Document],
    existing: &[Descriptor],
    existing_system: Option<&SystemDescriptor>,
    patch_files: &[Arc<SourceText>],
    options: Options<'_>,
) -> Import {
    let mut report = Report { documents: documents.len(), ..Report::default() };
    let existing: BTreeMap<MethodKey, &Descriptor> =
        existing.iter().map(|known| (method_key(known.api, &known.method), known)).collect();
    let mut ledger = Ledger::default();
    let patches = Patches::read(patch_files, existing.is_empty(), options.strict, &mut report, &mut ledger);
    let Extracted { methods, events, system, mut sent, tables, ledger: of_pages } =
        pages::extract_all(documents, options, &mut report);
    ledger.append(of_pages);
    let system = import_system(system, existing_system, &patches, &mut report, &mut ledger);
    patches.report_without_document(|key| methods.contains_key(key), &existing, &mut report, &mut ledger);
    let known_errors = KnownErrors::of(&methods, &existing, system.as_ref().or(existing_system));
    let importer = Importer { existing, known_errors, patches: &patches };
    let methods: Vec<_> = methods.into_iter().collect();
    let imported_keys: HashSet<MethodKey> = methods.iter().map(|(key, _)| key.clone()).collect();
    let imported: Vec<_> = methods.into_par_iter().map(|(key, pages)| importer.method(&key, pages)).collect();
    let mut described = Vec::with_capacity(imported.len());
    for method in imported {
        described.extend(method.described);
        report.append(method.report);
        ledger.append(method.ledger);
    }
    let mut patch = |entity: &mut Entity, ledger: &mut Ledger| {
        patches.apply_to_entity(entity, &mut report, ledger);
    };
    let entities = entities::draw(&mut described, &tables, &mut ledger, &mut patch);
    let has_other_method = |key: &MethodKey| {
        let (api, family) = key;
        let mut known = importer.existing.keys();
        known.any(|other| {
            let in_family = other.1.rsplit_once('.').is_some_and(|(name, _)| name == family);
            other.0 == *api && in_family && !imported_keys.contains(other)
        })
    };
    importer.freeze(&mut described, options.thaw, &mut report, &mut ledger);
    patches.report_without_entity(&entities, has_other_method, &mut report, &mut ledger);
    let mut events = import_events(events, options.events, &patches, &mut report, &mut ledger);
    events.iter_mut().for_each(|event| entities::refer_payload(event, &entities, &mut ledger));
    let descriptors: Vec<Descriptor> = described.into_iter().map(|method| method.descriptor).collect();
    sent::in_order(&mut sent);
    let mut placements = sent::placements::draw(&sent);
    let mut handlers = sent::handlers::draw(&sent, descriptors.iter(), &mut ledger);
    let has_method = |name: &str| descriptors.iter().any(|method| method.method.eq_ignore_ascii_case(name));
    patches.apply_to_sent(&mut placements, has_method, &mut report, &mut ledger);
    patches.apply_to_sent(&mut handlers, has_method, &mut report, &mut ledger);
    let (rules, evidence) = ledger.into_parts();
    report.rules = rules;
    report.check_completeness();
    report.diagnostics = sort_diagnostics(std::mem::take(&mut report.diagnostics));
    Import { descriptors, events, placements, handlers, entities, system, report, evidence }
}

/// Merges the facts on each event and applies its patches.
fn import_events(
    by_name: ByName,
    existing: &[Event],
    patches: &Patches,
    report: &mut Report,
    ledger: &mut Ledger,
) -> Vec<Event> {
    let mut events = Vec::with_capacity(by_name.len());
    for facts in by_name.into_values() {
        let pages: Vec<_> = facts.iter().map(|one| Arc::clone(&one.source)).collect();
        let Some((mut event, of_event)) = events::merge::merge(facts) else { continue };
        ledger.append(of_event);
        patches.apply_to_event(&mut event, report, ledger);
        report.diagnostics.extend(names::refused_in_event(&event, &pages));
        events.push(event);
    }
    patches.report_without_event(&events, existing, report, ledger);
    events
}

/// The result of importing one method.
#[derive(Default)]
struct ImportedMethod {
    described: Option<Described>,
    report: Report,
    ledger: Ledger,
}

struct Importer<'a> {
    existing: BTreeMap<MethodKey, &'a Descriptor>,
    known_errors: KnownErrors,
    patches: &'a Patches,
}

impl Importer<'_> {
    /// Keeps the parameters that callers of the earlier spec rely on, or else only the order of arguments.
    fn freeze(&self, described: &mut [Described], thaw: bool, report: &mut Report, ledger: &mut Ledger) {
        for Described { descriptor, .. } in described {
            let key = method_key(descriptor.api, &descriptor.method);
            let Some(earlier) = self.existing.get(&key) else { continue };
            let is_patched = |at: &str| self.patches.decides_type_at(&key, at);
            let diagnostics = &mut report.diagnostics;
            let (ledger, places) = (&mut *ledger, Vec::new());
            let frozen = Frozen { earlier, is_patched: &is_patched, ledger, diagnostics, places };
            if thaw { frozen.thaw(descriptor) } else { frozen.apply(descriptor) }
        }
    }

    /// Merges the pages of a method and applies its patches.
    fn method(&self, key: &MethodKey, pages: Vec<PageFacts>) -> ImportedMethod {
        let existing = self.existing.get(key).copied();
        let newest_form = pages.iter().min_by_key(|page| merge::precedence(page)).map(|newest| newest.form);
        let sources: Vec<_> = pages.iter().map(|page| Arc::clone(&page.source)).collect();
        let Some(merged) = merge::merge(pages, existing, &self.known_errors) else {
            return ImportedMethod::default();
        };
        let mut ledger = merged.ledger;
        let mut report = Report { diagnostics: merged.diagnostics, ..Report::default() };
        let mut descriptor = merged.descriptor;
        descriptor.args = merge::first_args(&descriptor);
        let args_are_patched =
            self.patches.apply(key, newest_form, &mut descriptor, &mut report, &mut ledger);
        if !args_are_patched {
            let (args, rule) = match existing {
                Some(known) => (known.args.clone(), &FROZEN_ARGUMENTS),
                None => (merge::first_args(&descriptor), &FIRST_ARGUMENTS),
            };
            ledger.claim(rule, 0, || Leaf::key("args"), &args);
            descriptor.args = args;
        }
        report.diagnostics.extend(names::refused(&descriptor, &sources));
        let described = Described { descriptor, evidence: merged.result };
        ImportedMethod { described: Some(described), report, ledger }
    }
}

fn import_system(
    facts: Vec<SystemFacts>,
    existing: Option<&SystemDescriptor>,
    patches: &Patches,
    report: &mut Report,
    ledger: &mut Ledger,
) -> Option<SystemDescriptor> {
    let mut system = system::merge(facts, ledger, &mut report.diagnostics);
    patches.apply_to_system(system.as_mut(), report, ledger);
    if let (Some(system), Some(existing)) = (&mut system, existing) {
        system::keep(system, existing, ledger, &mut report.diagnostics);
    }
    system
}
