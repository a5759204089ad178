//! What an import keeps of placements and handlers: as for methods.

use std::collections::BTreeSet;

use super::{Earlier, FEWEST, MOST, SHARE, WAY_OUT, first_folder};
use crate::descriptor::{Handler, Placement, Source, SourceForm, Undocumented};
use crate::diagnostic::Diagnostic;
use crate::extract::pipeline::Import;

/// A descriptor that is kept for one release after its last document.
pub(super) trait Kept: Clone {
    /// Several of them, for messages.
    const KIND: &'static str;

    fn name(&self) -> &str;
    fn sources(&self) -> &[Source];
    fn undocumented(&mut self) -> &mut Option<Undocumented>;
}

impl Kept for Placement {
    const KIND: &'static str = "placements";

    fn name(&self) -> &str {
        &self.placement
    }

    fn sources(&self) -> &[Source] {
        &self.sources
    }

    fn undocumented(&mut self) -> &mut Option<Undocumented> {
        &mut self.undocumented
    }
}

impl Kept for Handler {
    const KIND: &'static str = "handlers";

    fn name(&self) -> &str {
        &self.handler
    }

    fn sources(&self) -> &[Source] {
        &self.sources
    }

    fn undocumented(&mut self) -> &mut Option<Undocumented> {
        &mut self.undocumented
    }
}

/// The outcome for one kind of descriptor.
pub(super) struct Completed<T> {
    /// All, imported and kept.
    pub(super) all: Vec<T>,
    pub(super) vanished: Vec<String>,
    pub(super) removed: Vec<String>,
    pub(super) problems: Vec<Diagnostic>,
}

/// Completes what was imported by what is kept of an earlier import.
pub(super) fn complete<T: Kept>(
    imported: &[T],
    known: &[&T],
    import: &Import,
    earlier: &Earlier<'_>,
) -> Completed<T> {
    let names: BTreeSet<&str> = imported.iter().map(Kept::name).collect();
    let folders: BTreeSet<&str> = import.report.read.iter().map(|read| first_folder(&read.file)).collect();
    let (vanished, removed, problems) = (Vec::new(), Vec::new(), Vec::new());
    let mut completed = Completed { all: imported.to_vec(), vanished, removed, problems };
    for &known in known.iter().filter(|known| !names.contains(known.name())) {
        let is_page = |source: &&Source| source.form != SourceForm::Patch;
        let newest = known.sources().iter().find(is_page);
        let is_expected = || newest.is_some_and(|source| folders.contains(first_folder(&source.file)));
        let mut kept = known.clone();
        if !earlier.is_part && (earlier.is_whole || is_expected()) {
            match kept.undocumented() {
                Some(since) if since.version == earlier.version => {}
                Some(_) => {
                    completed.removed.push(known.name().to_owned());
                    continue;
                }
                none => {
                    let (since, version) = (earlier.date.map(str::to_owned), earlier.version.to_owned());
                    *none = Some(Undocumented { since, version });
                    completed.vanished.push(known.name().to_owned());
                }
            }
        }
        completed.all.push(kept);
    }
    completed.problems.extend(too_many::<T>(&completed.vanished, imported.len(), earlier));
    completed
}

/// The error if more vanished than a day of the documentation removes.
fn too_many<T: Kept>(vanished: &[String], imported: usize, earlier: &Earlier<'_>) -> Option<Diagnostic> {
    let expected = imported + vanished.len();
    let limit = (expected / SHARE).clamp(FEWEST, MOST);
    let named: Vec<&str> = vanished.iter().take(5).map(String::as_str).collect();
    let message = || {
        format!(
            "{} of {expected} {} are in no document any more, and at most {limit} may be: {}, …",
            vanished.len(),
            T::KIND,
            named.join(", ")
        )
    };
    let is_wrong = vanished.len() > limit && !earlier.allow_removed;
    is_wrong.then(|| Diagnostic::error(message()).expecting(WAY_OUT))
}
