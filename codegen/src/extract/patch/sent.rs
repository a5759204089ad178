//! Patches of placements and handlers. One that no document describes is made by a patch, if the documents describe its method.

use crate::descriptor::{Handler, Placement, Source, Spec, SpecFile};
use crate::diagnostic::SourceText;
use crate::extract::ledger::Ledger;
use crate::extract::patch::apply::Patches;
use crate::extract::patch::{Patch, Patched, Target, TargetKey};
use crate::extract::register::documents::{PATCH, PATCH_TARGET};
use crate::extract::report::Report;

/// A placement or a handler.
pub(crate) trait Sent: Patched {
    /// The key by which patches are for it.
    fn key(&self) -> TargetKey;

    /// One of which only the name is known, if the target of a patch is of this kind.
    fn named(target: &Target) -> Option<Self>;

    /// The method that registers it.
    fn method(&self) -> &str;
}

impl Patched for Placement {
    fn sources(&mut self) -> &mut Vec<Source> {
        &mut self.sources
    }
}

impl Patched for Handler {
    fn sources(&mut self) -> &mut Vec<Source> {
        &mut self.sources
    }
}

impl Sent for Placement {
    fn key(&self) -> TargetKey {
        TargetKey::Placement(self.placement.to_lowercase())
    }

    fn named(target: &Target) -> Option<Self> {
        let Target::Placement(name) = target else { return None };
        Some(Self { placement: name.clone(), ..Self::default() })
    }

    fn method(&self) -> &str {
        self.binding_method()
    }
}

impl Sent for Handler {
    fn key(&self) -> TargetKey {
        TargetKey::Handler(self.handler.to_lowercase())
    }

    fn named(target: &Target) -> Option<Self> {
        let Target::Handler(name) = target else { return None };
        Some(Self { handler: name.clone(), ..Self::default() })
    }

    fn method(&self) -> &str {
        &self.method
    }
}

impl Patches {
    /// Applies the patches of all placements or handlers. `has_method`: whether the documents describe a method.
    pub(crate) fn apply_to_sent<T: Sent>(
        &self,
        all: &mut Vec<T>,
        has_method: impl Fn(&str) -> bool,
        report: &mut Report,
        ledger: &mut Ledger,
    ) {
        for patch in self.list() {
            let Some(new) = T::named(&patch.target) else { continue };
            if let Some(known) = all.iter_mut().find(|known| known.key() == patch.target()) {
                ledger.fire(&PATCH);
                if self.apply_one(patch, known, report, ledger) {
                    report.patches_applied.push(patch.used(None));
                }
                continue;
            }
            match made(patch, new).filter(|new| has_method(new.method())) {
                Some(new) => {
                    ledger.fire(&PATCH);
                    report.patches_applied.push(patch.used(None));
                    all.push(new);
                }
                None if self.is_into_empty_spec() || !patch.sets("scope") => {
                    ledger.fire(&PATCH_TARGET);
                    report.patches_left_alone.push(patch.used(Some("no document describes it")));
                }
                None => {
                    ledger.fire(&PATCH_TARGET);
                    self.report(patch, patch.unknown_target(), true, report);
                }
            }
        }
    }
}

/// What a patch makes of a name alone. `None` for a patch that does not set the scopes, and so corrects a document.
pub(super) fn made<T: Sent>(patch: &Patch, mut new: T) -> Option<T> {
    let is_whole = patch.sets("scope") && patch.apply(&mut new, &mut Vec::new());
    is_whole.then_some(new)
}

/// The files of a kind, and those that patches make, as they are without these patches.
pub(super) fn files_of<T: Sent>(
    files: &[SpecFile<T>],
    patches: &[Patch],
    text: impl Fn(&T) -> String,
) -> Vec<SpecFile<T>> {
    let known =
        files.iter().map(|file| SpecFile::new(std::sync::Arc::clone(&file.source), file.content.clone()));
    let mut all: Vec<SpecFile<T>> = known.collect();
    for patch in patches {
        let is_known = all.iter().any(|file| file.content.key() == patch.target());
        let Some(new) = T::named(&patch.target).filter(|_| !is_known && patch.sets("scope")) else {
            continue;
        };
        all.push(SpecFile::new(SourceText::new("", text(&new)), new));
    }
    all
}

/// The placements of a spec, with those that patches make.
pub(super) fn placements(spec: &Spec, patches: &[Patch]) -> Vec<SpecFile<Placement>> {
    files_of(&spec.placements, patches, |_| String::new())
}

/// The handlers of a spec, with those that patches make.
pub(super) fn handlers(spec: &Spec, patches: &[Patch]) -> Vec<SpecFile<Handler>> {
    files_of(&spec.handlers, patches, |_| String::new())
}
