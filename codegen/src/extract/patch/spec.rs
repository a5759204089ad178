//! Patches applied to committed descriptors, without the documentation.
//!
//! The committed descriptors contain the effects of the patches of the last import, and their `sources` name each assignment.
//! Applying all patches again has the result of an import of the same documents, with two limits:
//!
//! - The effect of an assignment that was removed from `spec/patches/` stays: only the documentation knows the earlier value.
//!   It stays in `sources` too, and is reported as a warning.
//! - Properties that several patches add to one object are in the order in which they were first applied.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::descriptor::method_key;
use crate::descriptor::{
    Descriptor, Entities, Event, Handler, Placement, Pointer, Source, SourceForm, Spec, SpecFile,
    SystemDescriptor,
};
use crate::diagnostic::{Diagnostic, SourceText, has_errors, sort_diagnostics};
use crate::extract::patch::read::read;
use crate::extract::patch::sent::{self, Sent};
use crate::extract::patch::{Patch, Patched, TargetKey, new_contradiction};
use crate::extract::report::PatchUse;

/// The result of applying patches to a spec.
#[derive(Debug, Default)]
pub struct PatchedSpec {
    /// The descriptors that changed.
    pub descriptors: Vec<Descriptor>,
    /// The placements that changed.
    pub placements: Vec<Placement>,
    /// The handlers that changed.
    pub handlers: Vec<Handler>,
    /// All entities, with the patches applied.
    pub entities: Entities,
    /// The events that changed.
    pub events: Vec<Event>,
    /// The system descriptor, if it changed.
    pub system: Option<SystemDescriptor>,
    /// The patches that changed a descriptor.
    pub applied: Vec<PatchUse>,
    /// The patches whose effects the spec had already.
    pub up_to_date: Vec<PatchUse>,
    /// The patches for another form of documents than the newest one, with the reason.
    pub skipped: Vec<PatchUse>,
    /// Errors, for which nothing may be written, and warnings about removed patches.
    pub diagnostics: Vec<Diagnostic>,
}

/// Applies all patches to a spec.
pub fn apply_to_spec(spec: &Spec, patch_files: &[Arc<SourceText>]) -> PatchedSpec {
    let mut result = PatchedSpec::default();
    let patches = read(patch_files, &mut result.diagnostics);
    if has_errors(&result.diagnostics) {
        // The patches of a file with an error are not known, and would be taken for removed ones.
        result.diagnostics = sort_diagnostics(result.diagnostics);
        return result;
    }
    let mut by_target: BTreeMap<TargetKey, Vec<&Patch>> = BTreeMap::new();
    for patch in &patches {
        by_target.entry(patch.target()).or_default().push(patch);
    }
    let before = spec.entities();
    let mut after = Vec::new();
    for file in &spec.entities {
        let key = method_key(file.content.api, &file.content.entity);
        let own = by_target.remove(&TargetKey::Entity(key)).unwrap_or_default();
        after.push(
            result
                .apply(file, file.content.clone(), &own, &|_, _| None)
                .unwrap_or_else(|| file.content.clone()),
        );
    }
    result.entities = after.into_iter().collect();
    for file in &spec.methods {
        let key = method_key(file.content.api, &file.content.method);
        let own = by_target.remove(&TargetKey::Method(key)).unwrap_or_default();
        let content = if result.entities == before {
            file.content.clone()
        } else {
            refer_to(&before, &result.entities, &file.content)
        };
        let patched = result.apply(file, content, &own, &|before, after| new_contradiction(before, after));
        result.descriptors.extend(patched);
    }
    for file in &spec.events {
        let key = TargetKey::Event(file.content.event.to_ascii_lowercase());
        let own = by_target.remove(&key).unwrap_or_default();
        let mut content = file.content.clone();
        if result.entities != before {
            before.collapse_event(&mut content);
            result.entities.expand_event(&mut content);
        }
        let patched = result.apply(file, content, &own, &|_, _| None);
        result.events.extend(patched);
    }
    for file in sent::placements(spec, &patches) {
        let own = by_target.remove(&file.content.key()).unwrap_or_default();
        let patched = result.apply(&file, file.content.clone(), &own, &|_, _| None);
        result.placements.extend(patched);
    }
    for file in sent::handlers(spec, &patches) {
        let own = by_target.remove(&file.content.key()).unwrap_or_default();
        let patched = result.apply(&file, file.content.clone(), &own, &|_, _| None);
        result.handlers.extend(patched);
    }
    if let Some(file) = &spec.system {
        let own = by_target.remove(&TargetKey::System).unwrap_or_default();
        result.system = result.apply(file, file.content.clone(), &own, &|_, _| None);
    }
    let without_target = by_target.into_values().flatten();
    result.diagnostics.extend(without_target.map(Patch::missing_descriptor));
    result.diagnostics = sort_diagnostics(std::mem::take(&mut result.diagnostics));
    result
}

/// The descriptor with the fields of the patched entities in place of those before. A field that a patch removes is no field of
/// the descriptor any more.
fn refer_to(before: &Entities, after: &Entities, descriptor: &Descriptor) -> Descriptor {
    let mut renewed = descriptor.clone();
    before.collapse(&mut renewed);
    after.expand(&mut renewed);
    renewed
}

/// Finds a contradiction in a descriptor that a patch has caused.
type FindContradiction<'a, T> = &'a dyn Fn(&T, &T) -> Option<Diagnostic>;

impl PatchedSpec {
    /// Applies the patches of one descriptor to its content. `None` if that is the content of its file.
    fn apply<T: Patched>(
        &mut self,
        file: &SpecFile<T>,
        mut content: T,
        patches: &[&Patch],
        find_contradiction: FindContradiction<'_, T>,
    ) -> Option<T> {
        let recorded: Vec<Source> =
            content.sources().iter().filter(|source| is_patch(source)).cloned().collect();
        let newest_form = content.sources().iter().find(|source| !is_patch(source)).map(|source| source.form);
        let is_recorded =
            |path: &str| recorded.iter().any(|source| source.decided.iter().any(|decided| decided == path));
        let mut fitting = Vec::new();
        for patch in patches {
            if !patch.fits(newest_form) {
                self.skipped.push(patch.used(Some("the newest document has another form")));
                continue;
            }
            let before = content.clone();
            patch.reapply(&mut content, &is_recorded, &mut self.diagnostics);
            content.expand(&self.entities);
            if let Some(wrong) = find_contradiction(&before, &content) {
                self.diagnostics.push(patch.contradicts(&wrong));
            }
            let uses = if content == before { &mut self.up_to_date } else { &mut self.applied };
            uses.push(patch.used(None));
            fitting.push(*patch);
        }
        for (source, path) in record(content.sources(), &fitting) {
            let at = Pointer::default().key("sources").index(source);
            self.diagnostics.push(file.at_value(cannot_undo(&path), &at));
        }
        (content != file.content).then_some(content)
    }
}

/// Updates the patches among the sources of a descriptor. Returns the recorded assignments that no patch makes any more, each
/// with the index of its source before the update.
fn record(sources: &mut Vec<Source>, patches: &[&Patch]) -> Vec<(usize, String)> {
    let mut decided: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for patch in patches {
        decided.entry(patch.file()).or_default().extend(patch.paths());
    }
    let is_current =
        |path: &String| patches.iter().any(|patch| patch.paths().any(|current| current == *path));
    let mut removed = Vec::new();
    for (index, source) in sources.iter().enumerate().filter(|(_, source)| is_patch(source)) {
        let no_longer_set: Vec<String> =
            source.decided.iter().filter(|path| !is_current(path)).cloned().collect();
        if no_longer_set.is_empty() {
            continue;
        }
        // The recorded order is kept, so that a removal alone changes no descriptor.
        let current = decided.entry(source.file.clone()).or_default();
        let known = source.decided.iter().filter(|path| current.contains(path) || !is_current(path));
        let mut merged: Vec<String> = known.cloned().collect();
        merged.extend(current.iter().filter(|path| !source.decided.contains(path)).cloned());
        *current = merged;
        removed.extend(no_longer_set.into_iter().map(|path| (index, path)));
    }
    sources.retain(|source| !is_patch(source));
    let source = |(file, decided)| Source { form: SourceForm::Patch, file, revision: None, decided };
    sources.extend(decided.into_iter().map(source));
    removed
}

fn is_patch(source: &Source) -> bool {
    source.form == SourceForm::Patch
}

fn cannot_undo(path: &str) -> Diagnostic {
    Diagnostic::warning(format!("the patch that set `{path}` no longer exists, but its value stays"))
        .expecting("undo it with `cargo spec import DOCS`: only the documentation has the earlier value")
}
