//! Patches, corrections by hand: `spec/patches/*.yaml`, each file a list of entries.
//!
//! ```yaml
//! - method: some.method.get        # or `entity: some.method`, `event: onSome`, `placement: CODE`, `handler: some.name`, or `system: true`
//!   api: v2                        # v2 if left out
//!   only_for: rendered             # only while the newest document of the method has this form
//!   why: The table has lost its codes.
//!   set:
//!     summary: Gets it.            # a key of the descriptor, or a path into it
//!     params/properties/ID/minimum: 1
//!     errors/NOT_FOUND: {status: 400}   # an error is addressed by its code; null removes a value
//! ```
//!
//! Every assignment has to change something, so that none outlives its reason. One that the documents of this day do not need,
//! or whose place they do not have, is not applied and reported: a warning, or an error of a strict import.

pub(crate) mod apply;
mod assignment;
pub(crate) mod read;
pub(crate) mod sent;
pub(crate) mod spec;

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::descriptor::{
    Api, Descriptor, Entities, Entity, Event, MethodKey, Source, SourceForm, SystemDescriptor,
    find_contradictions, method_key,
};
use crate::diagnostic::{Diagnostic, SourceText};
use crate::extract::patch::assignment::{AssignError, assign, value_at};
use crate::extract::report::{PatchUse, PatchedValue};

/// A valid entry.
#[derive(Debug)]
pub(crate) struct Patch {
    source: Arc<SourceText>,
    line: usize,
    target: Target,
    only_for: Option<SourceForm>,
    why: String,
    assignments: Vec<Assignment>,
}

/// What a patch corrects.
#[derive(Debug)]
pub(crate) enum Target {
    Method(Api, String),
    Entity(Api, String),
    Event(String),
    Placement(String),
    Handler(String),
    System,
}

/// The target of a patch, by which patches are grouped. Names are compared without case.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TargetKey {
    Method(MethodKey),
    Entity(MethodKey),
    Event(String),
    Placement(String),
    Handler(String),
    System,
}

#[derive(Debug)]
struct Assignment {
    path: String,
    value: Value,
    /// Its place in the file.
    place: std::ops::Range<usize>,
}

/// A target of patches.
pub(crate) trait Patched: Clone + PartialEq + Serialize + DeserializeOwned {
    fn sources(&mut self) -> &mut Vec<Source>;

    /// Expands the references to entities that a patch has set.
    fn expand(&mut self, _: &Entities) {}
}

impl Patched for Descriptor {
    fn sources(&mut self) -> &mut Vec<Source> {
        &mut self.sources
    }

    fn expand(&mut self, entities: &Entities) {
        entities.expand_bare(self);
    }
}

impl Patched for Entity {
    fn sources(&mut self) -> &mut Vec<Source> {
        &mut self.sources
    }
}

impl Patched for Event {
    fn sources(&mut self) -> &mut Vec<Source> {
        &mut self.sources
    }

    fn expand(&mut self, entities: &Entities) {
        entities.expand_bare_event(self);
    }
}

impl Patched for SystemDescriptor {
    fn sources(&mut self) -> &mut Vec<Source> {
        &mut self.sources
    }
}

impl Patch {
    /// Its target.
    pub(crate) fn target(&self) -> TargetKey {
        match &self.target {
            Target::Method(api, name) => TargetKey::Method(method_key(*api, name)),
            Target::Entity(api, name) => TargetKey::Entity(method_key(*api, name)),
            Target::Event(name) => TargetKey::Event(name.to_ascii_lowercase()),
            Target::Placement(name) => TargetKey::Placement(name.to_lowercase()),
            Target::Handler(name) => TargetKey::Handler(name.to_lowercase()),
            Target::System => TargetKey::System,
        }
    }

    /// Whether it may be applied if the newest document has this form.
    pub(crate) fn fits(&self, newest: Option<SourceForm>) -> bool {
        self.only_for.is_none() || self.only_for == newest
    }

    /// Whether it sets a key of the descriptor itself.
    pub(crate) fn sets(&self, key: &str) -> bool {
        self.assignments.iter().any(|assignment| assignment.path.trim_start_matches('/') == key)
    }

    /// The paths that it sets, with their values.
    pub(crate) fn assigned_values(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.assignments.iter().map(|assignment| (assignment.path.as_str(), &assignment.value))
    }

    /// Its first line.
    pub(crate) fn line(&self) -> usize {
        self.line
    }

    /// The patch for the report.
    pub(crate) fn used(&self, left_alone_because: Option<&str>) -> PatchUse {
        PatchUse {
            file: self.source.path.clone(),
            line: self.line,
            target: match &self.target {
                Target::Method(_, name)
                | Target::Entity(_, name)
                | Target::Event(name)
                | Target::Placement(name)
                | Target::Handler(name) => Some(name.clone()),
                Target::System => None,
            },
            reason: left_alone_because.unwrap_or(self.why.trim()).to_owned(),
        }
    }

    /// The error for a target that neither the documents nor the spec have.
    pub(crate) fn unknown_target(&self) -> Diagnostic {
        let message =
            format!("this patch is for {}, which neither the documents nor the spec have", self.target);
        let expected = match self.target {
            Target::Entity(..) => "the name of an entity in spec/entities/, or no patch",
            Target::Event(_) => "the name of an event in spec/events/, or no patch",
            Target::Placement(_) | Target::Handler(_) => {
                "a name that a document describes, or `scope` and `method` of one that none does, or no patch"
            }
            _ => "the name of a method, or no patch",
        };
        Diagnostic::error(message).expecting(expected).at_line(&self.source, self.line)
    }

    /// The error for a descriptor that contradicts itself after the patch.
    pub(crate) fn contradicts(&self, wrong: &Diagnostic) -> Diagnostic {
        let expected = wrong.expected.clone().unwrap_or_default();
        Diagnostic::error(format!("with this patch the descriptor contradicts itself: {}", wrong.message))
            .expecting(expected)
            .at_line(&self.source, self.line)
    }

    /// The values of a target at the places that the patch sets.
    pub(crate) fn documented_values<T: Patched>(&self, target: &T) -> Vec<PatchedValue> {
        let json = serde_json::to_value(target).unwrap_or_default();
        let of_assignment = |assignment: &Assignment| PatchedValue {
            place: format!("{} {}", self.target, assignment.path.trim_start_matches('/')),
            documented: value_at(&json, &assignment.path).cloned().unwrap_or_default(),
            location: (Arc::clone(&self.source), assignment.place.clone()),
        };
        self.assignments.iter().map(of_assignment).collect()
    }

    /// Applies every assignment that changes something; each of the others is reported. Returns whether any did.
    pub(crate) fn apply<T: Patched>(&self, target: &mut T, found: &mut Vec<NotApplied>) -> bool {
        let mut decided = Vec::new();
        for assignment in &self.assignments {
            match assigned(target, assignment) {
                Ok(changed) if changed == *target => {
                    found.push(NotApplied { depends_on_the_day: true, why: self.stale(assignment) });
                }
                Ok(changed) => {
                    *target = changed;
                    decided.push(assignment.path.trim_start_matches('/').to_owned());
                }
                Err(error) => found.push(NotApplied {
                    depends_on_the_day: error.no_such_place,
                    why: self.impossible(assignment, &error.message),
                }),
            }
        }
        if decided.is_empty() {
            return false;
        }
        let file = self.file();
        match target.sources().iter_mut().find(|source| source.file == file) {
            Some(source) => source.decided.extend(decided),
            None => target.sources().push(Source { form: SourceForm::Patch, file, revision: None, decided }),
        }
        true
    }

    /// Applies the patch to a descriptor that may contain its effects already: an assignment that `is_recorded` may change
    /// nothing. `sources` are left as they are.
    pub(super) fn reapply<T: Patched>(
        &self,
        target: &mut T,
        is_recorded: &dyn Fn(&str) -> bool,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        for (assignment, path) in self.assignments.iter().zip(self.paths()) {
            match assigned(target, assignment) {
                Ok(changed) if changed == *target && !is_recorded(&path) => {
                    diagnostics.push(self.stale(assignment))
                }
                Ok(changed) => *target = changed,
                // What the recorded patch has removed cannot be removed again.
                Err(_) if assignment.value.is_null() && is_recorded(&path) => {}
                Err(error) => diagnostics.push(self.impossible(assignment, &error.message)),
            }
        }
    }

    /// The file as `sources` name it: below `patches/`, wherever the spec itself is.
    pub(super) fn file(&self) -> String {
        format!("patches/{}", self.source.path.rsplit('/').next().unwrap_or_default())
    }

    /// The paths that the patch sets, as `sources` name them.
    pub(crate) fn paths(&self) -> impl Iterator<Item = String> {
        self.assignments.iter().map(|assignment| assignment.path.trim_start_matches('/').to_owned())
    }

    /// The error for a target without a descriptor.
    pub(super) fn missing_descriptor(&self) -> Diagnostic {
        Diagnostic::error(format!("this patch is for {}, which has no descriptor", self.target))
            .expecting("the name of a method, an entity or an event in spec/, and its `api`")
            .at_line(&self.source, self.line)
    }

    fn impossible(&self, assignment: &Assignment, message: &str) -> Diagnostic {
        let message = format!("`{}` cannot be set: {message}", assignment.path);
        Diagnostic::error(message).at(&self.source, assignment.place.clone())
    }

    fn stale(&self, assignment: &Assignment) -> Diagnostic {
        Diagnostic::error(format!(
            "setting `{}` changes nothing: the descriptor has this value without the patch",
            assignment.path
        ))
        .expecting("a patch without this assignment")
        .at(&self.source, assignment.place.clone())
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, api, name) = match self {
            Self::Method(api, name) => ("", api, name),
            Self::Entity(api, name) => ("the entity ", api, name),
            Self::Event(name) => return write!(f, "the event {name}"),
            Self::Placement(name) => return write!(f, "the placement {name}"),
            Self::Handler(name) => return write!(f, "the handler {name}"),
            Self::System => return f.write_str("the system"),
        };
        let interface = if *api == Api::V3 { " of REST 3" } else { "" };
        write!(f, "{kind}{name}{interface}")
    }
}

/// An assignment that was not applied.
pub(crate) struct NotApplied {
    /// Whether the documents of another day may need it. Otherwise the patch is wrong on every day.
    pub(crate) depends_on_the_day: bool,
    pub(crate) why: Diagnostic,
}

fn assigned<T: Patched>(target: &T, assignment: &Assignment) -> Result<T, AssignError> {
    let wrong = |error: serde_json::Error| AssignError { no_such_place: false, message: error.to_string() };
    let mut json = serde_json::to_value(target).map_err(wrong)?;
    assign(&mut json, &assignment.path, &assignment.value)?;
    serde_json::from_value(json).map_err(wrong)
}

/// A contradiction in a descriptor that the patch has caused.
pub(crate) fn new_contradiction(before: &Descriptor, patched: &Descriptor) -> Option<Diagnostic> {
    let known: HashSet<String> =
        find_contradictions(before).into_iter().map(|diagnostic| diagnostic.message).collect();
    find_contradictions(patched).into_iter().find(|diagnostic| !known.contains(&diagnostic.message))
}
