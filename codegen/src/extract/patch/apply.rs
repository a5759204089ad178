//! Patches applied during an import.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::descriptor::{Descriptor, Entities, Entity, Event, SourceForm, SystemDescriptor};
use crate::descriptor::{MethodKey, method_key};
use crate::diagnostic::{Diagnostic, Severity, SourceText, Topic};
use crate::extract::evidence::Leaf;
use crate::extract::ledger::Ledger;
use crate::extract::patch::read::read;
use crate::extract::patch::{NotApplied, Patch, Patched, TargetKey, new_contradiction};
use crate::extract::register::documents::{PATCH, PATCH_TARGET, WRONG_PATCH};
use crate::extract::report::Report;

/// The patches of an import.
pub(crate) struct Patches {
    patches: Vec<Patch>,
    /// Whether the spec was empty before the import: then the documents may be a part, and some patches have no target.
    into_empty_spec: bool,
    /// Whether a patch that does not fit the documents is an error. Otherwise it is a warning, so that a day of the
    /// documentation that made a correction unnecessary, or has not needed it yet, is imported nevertheless.
    strict: bool,
}

impl Patches {
    /// Reads the patches; mistakes in them are reported.
    pub(crate) fn read(
        files: &[Arc<SourceText>],
        into_empty_spec: bool,
        strict: bool,
        report: &mut Report,
        ledger: &mut Ledger,
    ) -> Self {
        let before = report.diagnostics.len();
        let patches = read(files, &mut report.diagnostics);
        if report.diagnostics.len() > before {
            ledger.fire(&WRONG_PATCH);
        }
        Self { patches, into_empty_spec, strict }
    }

    /// All patches.
    pub(super) fn list(&self) -> impl Iterator<Item = &Patch> {
        self.patches.iter()
    }

    /// Whether the spec was empty before the import.
    pub(super) fn is_into_empty_spec(&self) -> bool {
        self.into_empty_spec
    }

    /// The patches of a target.
    fn of(&self, target: &TargetKey) -> impl Iterator<Item = &Patch> {
        self.patches.iter().filter(move |patch| patch.target() == *target)
    }

    /// Applies a patch. Reports the assignments that were not applied. Returns whether any was.
    pub(super) fn apply_one<T: Patched>(
        &self,
        patch: &Patch,
        target: &mut T,
        report: &mut Report,
        ledger: &mut Ledger,
    ) -> bool {
        report.patched_values.extend(patch.documented_values(target));
        let mut found = Vec::new();
        let is_applied = patch.apply(target, &mut found);
        if !found.is_empty() {
            ledger.fire(&WRONG_PATCH);
        }
        for NotApplied { depends_on_the_day, why } in found {
            self.report(patch, why, depends_on_the_day, report);
        }
        is_applied
    }

    /// Reports a patch, or a part of one, that was not applied.
    pub(super) fn report(
        &self,
        patch: &Patch,
        mut why: Diagnostic,
        depends_on_the_day: bool,
        report: &mut Report,
    ) {
        if depends_on_the_day && !self.strict {
            why.severity = Severity::Warning;
            why.topic = Some(Topic::LeftAlonePatch);
            report.patches_left_alone.push(patch.used(Some(&why.message)));
        }
        report.diagnostics.push(why);
    }

    /// Applies the patches of a method. Returns whether one of them sets the arguments.
    pub(crate) fn apply(
        &self,
        key: &MethodKey,
        newest_form: Option<SourceForm>,
        descriptor: &mut Descriptor,
        report: &mut Report,
        ledger: &mut Ledger,
    ) -> bool {
        let mut args_are_patched = false;
        for patch in self.of(&TargetKey::Method(key.clone())) {
            if !patch.fits(newest_form) {
                let why = "the newest document of the method has another form";
                leave_alone(patch, why, report, ledger);
                continue;
            }
            let mut patched = descriptor.clone();
            let before = report.diagnostics.len();
            let is_applied = self.apply_one(patch, &mut patched, report, ledger);
            match new_contradiction(descriptor, &patched) {
                None if !is_applied => {}
                None => {
                    *descriptor = patched;
                    report.patches_applied.push(patch.used(None));
                    args_are_patched |= patch.sets("args");
                    let file = patch.file();
                    for (path, value) in patch.assigned_values() {
                        let leaf = Leaf::of_pointer(path);
                        ledger.override_leaf(&PATCH, &file, patch.line(), leaf, value);
                    }
                }
                Some(wrong) if self.into_empty_spec => {
                    let why = format!("with it the descriptor would contradict itself: {}", wrong.message);
                    leave_alone(patch, &why, report, ledger);
                }
                Some(wrong) => {
                    report.diagnostics.truncate(before);
                    ledger.fire(&WRONG_PATCH);
                    self.report(patch, patch.contradicts(&wrong), true, report);
                }
            }
        }
        args_are_patched
    }

    /// Whether a patch of a method decides the type at a path of its descriptor.
    pub(crate) fn decides_type_at(&self, key: &MethodKey, at: &str) -> bool {
        const OF_TYPES: [&str; 9] = [
            "type",
            "format",
            "enum",
            "enumNames",
            "items",
            "oneOf",
            "anyOf",
            "additionalProperties",
            "entity",
        ];
        let target = TargetKey::Method(key.clone());
        let mut paths = self.of(&target).flat_map(Patch::paths);
        paths.any(|path| match path.strip_prefix(at) {
            Some("") => true,
            Some(rest) => rest.strip_prefix('/').is_some_and(|keyword| OF_TYPES.contains(&keyword)),
            None => at.strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with('/')),
        })
    }

    /// Applies the patches of the system.
    pub(crate) fn apply_to_system(
        &self,
        system: Option<&mut SystemDescriptor>,
        report: &mut Report,
        ledger: &mut Ledger,
    ) {
        let patches = self.of(&TargetKey::System);
        let Some(system) = system else {
            let why = "no document is about the system";
            return patches.for_each(|patch| leave_alone(patch, why, report, ledger));
        };
        let newest_form = system.sources.first().map(|source| source.form);
        for patch in patches {
            if patch.fits(newest_form) {
                ledger.fire(&PATCH);
                if self.apply_one(patch, system, report, ledger) {
                    report.patches_applied.push(patch.used(None));
                }
            } else {
                leave_alone(patch, "the newest document on the system has another form", report, ledger);
            }
        }
    }

    /// Applies the patches of an entity.
    pub(crate) fn apply_to_entity(&self, entity: &mut Entity, report: &mut Report, ledger: &mut Ledger) {
        let key = method_key(entity.api, &entity.entity);
        for patch in self.of(&TargetKey::Entity(key)) {
            ledger.fire(&PATCH);
            if self.apply_one(patch, entity, report, ledger) {
                report.patches_applied.push(patch.used(None));
            }
        }
    }

    /// Applies the patches of an event.
    pub(crate) fn apply_to_event(&self, event: &mut Event, report: &mut Report, ledger: &mut Ledger) {
        let newest_form = event.sources.first().map(|source| source.form);
        for patch in self.of(&TargetKey::Event(event.event.to_ascii_lowercase())) {
            if !patch.fits(newest_form) {
                leave_alone(patch, "the newest document of the event has another form", report, ledger);
                continue;
            }
            ledger.fire(&PATCH);
            if self.apply_one(patch, event, report, ledger) {
                report.patches_applied.push(patch.used(None));
                for (path, value) in patch.assigned_values() {
                    let leaf = Leaf::of_pointer(path);
                    ledger.override_leaf(&PATCH, &patch.file(), patch.line(), leaf, value);
                }
            }
        }
    }

    /// Reports the patches for events that no document names, as those for methods without a document.
    pub(crate) fn report_without_event(
        &self,
        events: &[Event],
        existing: &[Event],
        report: &mut Report,
        ledger: &mut Ledger,
    ) {
        for patch in &self.patches {
            let TargetKey::Event(name) = patch.target() else { continue };
            let is_it = |event: &Event| event.event.eq_ignore_ascii_case(&name);
            if events.iter().any(is_it) {
                continue;
            }
            if self.into_empty_spec || existing.iter().any(is_it) {
                leave_alone(patch, "no document is about the event", report, ledger);
            } else {
                ledger.fire(&PATCH_TARGET);
                self.report(patch, patch.unknown_target(), true, report);
            }
        }
    }

    /// Reports the patches for entities that the documents do not give: they are left alone if `may_be_partial`, for an entity
    /// of methods that are not all among the documents, and an error otherwise.
    pub(crate) fn report_without_entity(
        &self,
        entities: &Entities,
        may_be_partial: impl Fn(&MethodKey) -> bool,
        report: &mut Report,
        ledger: &mut Ledger,
    ) {
        for patch in &self.patches {
            let TargetKey::Entity(key) = patch.target() else {
                continue;
            };
            if entities.find(key.0, &key.1).is_some() {
                continue;
            }
            if self.into_empty_spec || may_be_partial(&key) {
                leave_alone(patch, "the documents give no such entity", report, ledger);
            } else {
                ledger.fire(&PATCH_TARGET);
                self.report(patch, patch.unknown_target(), true, report);
            }
        }
    }

    /// Reports the patches for methods without a document: they are left alone if the existing spec knows the method, and an
    /// error if it does not either.
    pub(crate) fn report_without_document(
        &self,
        has_document: impl Fn(&MethodKey) -> bool,
        existing: &BTreeMap<MethodKey, &Descriptor>,
        report: &mut Report,
        ledger: &mut Ledger,
    ) {
        for patch in &self.patches {
            let TargetKey::Method(key) = patch.target() else {
                continue;
            };
            if has_document(&key) {
                continue;
            }
            if self.into_empty_spec || existing.contains_key(&key) {
                leave_alone(patch, "no document is about the method", report, ledger);
            } else {
                ledger.fire(&PATCH_TARGET);
                self.report(patch, patch.unknown_target(), true, report);
            }
        }
    }
}

fn leave_alone(patch: &Patch, why: &str, report: &mut Report, ledger: &mut Ledger) {
    ledger.fire(&PATCH_TARGET);
    report.patches_left_alone.push(patch.used(Some(why)));
}
