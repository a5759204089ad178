//! The stages of an import, on one screen: pages, the system, methods, patches.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::descriptor::{Descriptor, SystemDescriptor};
use crate::diagnostic::{Diagnostic, SourceText, sort_diagnostics};
use crate::extract::facts::PageFacts;
use crate::extract::ledger::{Entry, Ledger};
use crate::extract::method_key::{Key, key};
use crate::extract::options::Options;
use crate::extract::pages::{self, Extracted};
use crate::extract::patch::apply::Patches;
use crate::extract::report::Report;
use crate::extract::source::documents::Document;
use crate::extract::system::SystemFacts;
use crate::extract::{merge, system};

/// What an import gives.
#[derive(Debug)]
pub struct Import {
    /// A descriptor for each method that the documents describe, by interface and name.
    pub descriptors: Vec<Descriptor>,
    /// What all methods share; `None` where no document describes it.
    pub system: Option<SystemDescriptor>,
    /// What became of the documents, the patches and the rules.
    pub report: Report,
    /// The evidence on the method that was to be explained.
    pub evidence: Vec<Entry>,
}

/// Imports documents. What was promised to callers by an earlier import stays: `args`, and error codes that no document lists
/// any more.
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
    let existing: BTreeMap<Key, &Descriptor> =
        existing.iter().map(|known| (key(known.api, &known.method), known)).collect();
    let patches = Patches::read(patch_files, existing.is_empty(), &mut report);
    let Extracted { methods, system, mut ledger } = pages::extract_all(documents, options, &mut report);
    let system = import_system(system, existing_system, &patches, &mut report);
    patches.report_without_document(|key| methods.contains_key(key), &existing, &mut report);
    let importer = Importer {
        existing,
        system_codes: system_codes(system.as_ref().or(existing_system)),
        patches: &patches,
    };
    let methods: Vec<_> = methods.into_iter().collect();
    let imported: Vec<_> = methods.into_par_iter().map(|(key, pages)| importer.method(&key, pages)).collect();
    let mut descriptors = Vec::with_capacity(imported.len());
    for method in imported {
        descriptors.extend(method.descriptor);
        report.append(method.report);
        ledger.append(method.ledger);
    }
    let (rules, evidence) = ledger.into_parts();
    report.rules = rules;
    report.check_completeness();
    report.diagnostics = sort_diagnostics(std::mem::take(&mut report.diagnostics));
    Import { descriptors, system, report, evidence }
}

/// What the import of one method gives.
#[derive(Default)]
struct ImportedMethod {
    descriptor: Option<Descriptor>,
    report: Report,
    ledger: Ledger,
}

struct Importer<'a> {
    existing: BTreeMap<Key, &'a Descriptor>,
    system_codes: HashSet<String>,
    patches: &'a Patches,
}

impl Importer<'_> {
    /// Merges the pages of a method and applies its patches.
    fn method(&self, key: &Key, pages: Vec<PageFacts>) -> ImportedMethod {
        let existing = self.existing.get(key).copied();
        let newest_form = pages.iter().min_by_key(|page| merge::precedence(page)).map(|newest| newest.form);
        let Some(merged) = merge::merge(pages, existing, &self.system_codes) else {
            return ImportedMethod::default();
        };
        let mut ledger = merged.ledger;
        let mut report = Report { diagnostics: merged.diagnostics, ..Report::default() };
        let mut descriptor = merged.descriptor;
        descriptor.args = merge::first_args(&descriptor);
        let args_are_patched =
            self.patches.apply(key, newest_form, &mut descriptor, &mut report, &mut ledger);
        if !args_are_patched {
            descriptor.args =
                existing.map_or_else(|| merge::first_args(&descriptor), |known| known.args.clone());
        }
        for gone in descriptor.args.iter().filter(|arg| !descriptor.params.properties.contains_key(*arg)) {
            let message =
                format!("{} takes {gone} as an argument, which is no parameter any more", descriptor.method);
            let expected = "a patch of `args`, which breaks callers";
            report.diagnostics.push(Diagnostic::warning(message).expecting(expected));
        }
        ImportedMethod { descriptor: Some(descriptor), report, ledger }
    }
}

fn system_codes(system: Option<&SystemDescriptor>) -> HashSet<String> {
    system.iter().flat_map(|system| &system.errors).map(|error| error.code.to_lowercase()).collect()
}

fn import_system(
    facts: Vec<SystemFacts>,
    existing: Option<&SystemDescriptor>,
    patches: &Patches,
    report: &mut Report,
) -> Option<SystemDescriptor> {
    let mut system = system::merge(facts);
    patches.apply_to_system(system.as_mut(), report);
    if let (Some(system), Some(existing)) = (&mut system, existing) {
        system::keep(system, existing);
    }
    system
}
