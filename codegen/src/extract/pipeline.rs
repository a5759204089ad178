//! The stages of an import, on one screen.

use crate::descriptor::{Descriptor, SourceForm, SystemDescriptor};
use crate::diagnostic::{Diagnostic, SourceText, sort_diagnostics};
use crate::extract::facts::PageFacts;
use crate::extract::method_key::{Key, key};
use crate::extract::pages::Progress;
use crate::extract::pages::extract_all;
use crate::extract::patch::{Patch, new_contradiction};
use crate::extract::report::Report;
use crate::extract::source::documents::Document;
use crate::extract::{merge, patch, system};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// What an import gives.
#[derive(Debug)]
pub struct Import {
    /// A descriptor for each method that the documents speak of, by interface and name.
    pub descriptors: Vec<Descriptor>,
    /// What all methods share; `None` where no document speaks of it.
    pub system: Option<SystemDescriptor>,
    /// What became of the documents and the patches.
    pub report: Report,
}

/// Imports documents. What an earlier import found stays where it was promised to callers: `args`, and codes that no
/// document lists any more.
pub fn import(
    documents: &[Document],
    existing: &[Descriptor],
    existing_system: Option<&SystemDescriptor>,
    patch_files: &[Arc<SourceText>],
) -> Import {
    import_watched(documents, existing, existing_system, patch_files, &|| {})
}

/// Imports documents as [`import`] does, while somebody watches.
pub fn import_watched(
    documents: &[Document],
    existing: &[Descriptor],
    existing_system: Option<&SystemDescriptor>,
    patch_files: &[Arc<SourceText>],
    progress: Progress<'_>,
) -> Import {
    let mut report = Report { documents: documents.len(), ..Report::default() };
    let patches = patch::read(patch_files, &mut report.diagnostics);
    let heard = extract_all(documents, &mut report, progress);
    let system = import_system(heard.system, existing_system, &patches, &mut report);
    let known_system = system.as_ref().or(existing_system);
    let system_codes: HashSet<String> = known_system
        .iter()
        .flat_map(|system| &system.errors)
        .map(|error| error.code.to_lowercase())
        .collect();
    let existing: BTreeMap<_, _> =
        existing.iter().map(|known| (key(known.api, &known.method), known)).collect();
    let importer = Importer { existing, system_codes, patches: &patches };
    importer.report_patches_without_document(&heard.methods, &mut report);
    let pages: Vec<_> = heard.methods.into_iter().collect();
    let merged: Vec<_> = pages
        .into_par_iter()
        .map(|(key, told)| {
            let mut of_method = Report::default();
            (importer.method(&key, told, &mut of_method), of_method)
        })
        .collect();
    let mut descriptors = Vec::with_capacity(merged.len());
    for (descriptor, of_method) in merged {
        descriptors.extend(descriptor);
        report.append(of_method);
    }
    if !report.is_complete() {
        let message =
            "the documents that were read and those that were skipped do not add up to those that came in";
        report.diagnostics.push(Diagnostic::error(message));
    }
    report.diagnostics = sort_diagnostics(std::mem::take(&mut report.diagnostics));
    Import { descriptors, system, report }
}

struct Importer<'a> {
    existing: BTreeMap<Key, &'a Descriptor>,
    system_codes: HashSet<String>,
    patches: &'a [Patch],
}

impl Importer<'_> {
    /// The descriptor of one method.
    fn method(&self, key: &Key, told: Vec<PageFacts>, report: &mut Report) -> Option<Descriptor> {
        let existing = self.existing.get(key).copied();
        let newest_form = told.iter().min_by_key(|told| merge::precedence(told)).map(|newest| newest.form);
        let merged = merge::merge(told, existing, &self.system_codes)?;
        report.diagnostics.extend(merged.diagnostics);
        let mut descriptor = merged.descriptor;
        descriptor.args = merge::first_args(&descriptor);
        let args_are_patched = self.apply_patches(key, newest_form, &mut descriptor, report);
        if !args_are_patched {
            descriptor.args =
                existing.map_or_else(|| merge::first_args(&descriptor), |known| known.args.clone());
        }
        for gone in descriptor.args.iter().filter(|arg| !descriptor.params.properties.contains_key(*arg)) {
            let message =
                format!("{} takes {gone} as an argument, which is no parameter any more", descriptor.method);
            report
                .diagnostics
                .push(Diagnostic::warning(message).expecting("a patch of `args`, which breaks callers"));
        }
        Some(descriptor)
    }

    /// Applies the patches of a method. Returns whether one of them sets the arguments.
    fn apply_patches(
        &self,
        key: &Key,
        newest_form: Option<SourceForm>,
        descriptor: &mut Descriptor,
        report: &mut Report,
    ) -> bool {
        let mut args_are_patched = false;
        for patch in self.patches.iter().filter(|patch| patch.is_for(key.0, &key.1)) {
            if !patch.fits(newest_form) {
                let why = "the newest document of the method has another form";
                report.patches_left_alone.push(patch.used(Some(why)));
                continue;
            }
            let mut patched = descriptor.clone();
            patch.apply(&mut patched, &mut report.diagnostics);
            match new_contradiction(descriptor, &patched) {
                None => {
                    *descriptor = patched;
                    report.patches_applied.push(patch.used(None));
                    args_are_patched |= patch.sets("args");
                }
                // Into an empty folder the documentation of another day may be imported, which tells less.
                Some(wrong) if self.existing.is_empty() => {
                    let why = format!("the descriptor would be wrong with it: {}", wrong.message);
                    report.patches_left_alone.push(patch.used(Some(&why)));
                }
                Some(wrong) => report.diagnostics.push(patch.contradicts(&wrong)),
            }
        }
        args_are_patched
    }

    /// A patch for a method of which only the existing spec knows is left alone; one for a method that nobody knows is wrong.
    fn report_patches_without_document(&self, heard: &BTreeMap<Key, Vec<PageFacts>>, report: &mut Report) {
        for patch in self.patches {
            let Some((api, method)) = patch.method() else {
                continue;
            };
            let key = key(api, method);
            if heard.contains_key(&key) {
                continue;
            }
            // Into an empty folder a part of the documentation may be imported, whose patches are those of the whole.
            if self.existing.is_empty() || self.existing.contains_key(&key) {
                report.patches_left_alone.push(patch.used(Some("no document is about the method")));
            } else {
                report.diagnostics.push(patch.unknown_method());
            }
        }
    }
}

fn import_system(
    told: Vec<system::SystemFacts>,
    existing: Option<&SystemDescriptor>,
    patches: &[Patch],
    report: &mut Report,
) -> Option<SystemDescriptor> {
    let patches = patches.iter().filter(|patch| patch.method().is_none());
    let Some(mut system) = system::merge(told) else {
        let why = Some("no document is about the system");
        report.patches_left_alone.extend(patches.map(|patch| patch.used(why)));
        return None;
    };
    let newest_form = system.sources.first().map(|source| source.form);
    for patch in patches {
        if patch.fits(newest_form) {
            patch.apply(&mut system, &mut report.diagnostics);
            report.patches_applied.push(patch.used(None));
        } else {
            report
                .patches_left_alone
                .push(patch.used(Some("the newest document on the system has another form")));
        }
    }
    if let Some(existing) = existing {
        system::keep(&mut system, existing);
    }
    Some(system)
}
