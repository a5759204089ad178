//! Patches applied during an import.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::descriptor::{Descriptor, SourceForm, SystemDescriptor};
use crate::diagnostic::SourceText;
use crate::extract::evidence::Leaf;
use crate::extract::ledger::Ledger;
use crate::extract::method_key::{Key, key};
use crate::extract::patch::{Patch, new_contradiction, read};
use crate::extract::register::documents::PATCH;
use crate::extract::report::Report;

/// The patches of an import.
pub(crate) struct Patches {
    patches: Vec<Patch>,
    /// Whether the spec was empty before: then the documentation of another day, or a part of it, may be imported, for which
    /// the patches were not written.
    into_empty_spec: bool,
}

impl Patches {
    /// Reads the patches; mistakes in them are reported.
    pub(crate) fn read(files: &[Arc<SourceText>], into_empty_spec: bool, report: &mut Report) -> Self {
        Self { patches: read(files, &mut report.diagnostics), into_empty_spec }
    }

    /// Applies the patches of a method. Returns whether one of them sets the arguments.
    pub(crate) fn apply(
        &self,
        key: &Key,
        newest_form: Option<SourceForm>,
        descriptor: &mut Descriptor,
        report: &mut Report,
        ledger: &mut Ledger,
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
                    for (path, value) in patch.assigned_values() {
                        ledger.override_leaf(
                            &PATCH,
                            &patch.file(),
                            patch.line(),
                            Leaf::of_pointer(path),
                            value,
                        );
                    }
                }
                Some(wrong) if self.into_empty_spec => {
                    let why = format!("the descriptor would be wrong with it: {}", wrong.message);
                    report.patches_left_alone.push(patch.used(Some(&why)));
                }
                Some(wrong) => report.diagnostics.push(patch.contradicts(&wrong)),
            }
        }
        args_are_patched
    }

    /// Applies the patches of the system.
    pub(crate) fn apply_to_system(&self, system: Option<&mut SystemDescriptor>, report: &mut Report) {
        let patches = self.patches.iter().filter(|patch| patch.method().is_none());
        let Some(system) = system else {
            let why = Some("no document is about the system");
            report.patches_left_alone.extend(patches.map(|patch| patch.used(why)));
            return;
        };
        let newest_form = system.sources.first().map(|source| source.form);
        for patch in patches {
            if patch.fits(newest_form) {
                patch.apply(system, &mut report.diagnostics);
                report.patches_applied.push(patch.used(None));
            } else {
                let why = "the newest document on the system has another form";
                report.patches_left_alone.push(patch.used(Some(why)));
            }
        }
    }

    /// Reports the patches for methods that no document is about: they are left alone where the existing spec knows the
    /// method, and wrong where nothing knows it.
    pub(crate) fn report_without_document(
        &self,
        has_document: impl Fn(&Key) -> bool,
        existing: &BTreeMap<Key, &Descriptor>,
        report: &mut Report,
    ) {
        for patch in &self.patches {
            let Some((api, method)) = patch.method() else {
                continue;
            };
            let key = key(api, method);
            if has_document(&key) {
                continue;
            }
            if self.into_empty_spec || existing.contains_key(&key) {
                report.patches_left_alone.push(patch.used(Some("no document is about the method")));
            } else {
                report.diagnostics.push(patch.unknown_method());
            }
        }
    }
}
