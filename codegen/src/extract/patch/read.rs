//! Reads the files of patches.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use crate::descriptor::{Api, Pointer, SourceForm, SpanMap, read_yaml};
use crate::diagnostic::{Diagnostic, SourceText};
use crate::extract::patch::{Assignment, Patch, Target};

/// An entry of a file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    method: Option<String>,
    entity: Option<String>,
    event: Option<String>,
    placement: Option<String>,
    handler: Option<String>,
    #[serde(default)]
    api: Api,
    #[serde(default)]
    system: bool,
    only_for: Option<SourceForm>,
    why: String,
    set: IndexMap<String, Value>,
}

/// Reads the entries of all files. The entries of a file with a mistake are not used.
pub(crate) fn read(files: &[Arc<SourceText>], diagnostics: &mut Vec<Diagnostic>) -> Vec<Patch> {
    let mut files: Vec<_> = files.iter().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut patches = Vec::new();
    for source in files {
        let loaded = read_yaml::<Vec<Entry>>(source);
        let entries = loaded.content.filter(|_| loaded.problems.is_empty()).unwrap_or_default();
        diagnostics.extend(loaded.problems);
        let places = SpanMap::of(&source.text);
        for (index, entry) in entries.into_iter().enumerate() {
            match patch(source, &places, index, entry) {
                Ok(patch) => patches.push(patch),
                Err(diagnostic) => diagnostics.push(diagnostic),
            }
        }
    }
    patches
}

fn patch(
    source: &Arc<SourceText>,
    places: &SpanMap,
    index: usize,
    entry: Entry,
) -> Result<Patch, Diagnostic> {
    let here = Pointer::default().index(index);
    let wrong = |message: &str, expected: &str| {
        let place = places.value(&here).start;
        Err(Diagnostic::error(message).expecting(expected).at(source, line_from(source, place)))
    };
    let mut targets = [
        entry.method.map(|name| Target::Method(entry.api, name)),
        entry.entity.map(|name| Target::Entity(entry.api, name)),
        entry.event.map(Target::Event),
        entry.placement.map(Target::Placement),
        entry.handler.map(Target::Handler),
        entry.system.then_some(Target::System),
    ]
    .into_iter()
    .flatten();
    let known = "`method: …`, `entity: …`, `event: …`, `placement: …`, `handler: …`";
    let target = match (targets.next(), targets.next()) {
        (Some(target), None) => target,
        (None, _) => return wrong("this patch has no target", &format!("{known} or `system: true`")),
        _ => {
            return wrong("this patch has several targets", &format!("one of {known} and `system: true`"));
        }
    };
    if entry.only_for.is_some() && !matches!(target, Target::Method(..) | Target::System) {
        return wrong(
            "this target may have several documents, and `only_for` is the form of one",
            "a patch without `only_for`",
        );
    }
    if entry.why.trim().is_empty() {
        return wrong("this patch has no reason", "`why:` with a sentence");
    }
    if entry.set.is_empty() {
        return wrong("this patch sets nothing", "`set:` with a key and its value");
    }
    let place = |path: &str| places.key(&here.key("set").key(path));
    let assignments =
        entry.set.into_iter().map(|(path, value)| Assignment { place: place(&path), path, value }).collect();
    let line = source.line_and_column(places.value(&here).start).0;
    Ok(Patch {
        source: Arc::clone(source),
        line,
        target,
        only_for: entry.only_for,
        why: entry.why,
        assignments,
    })
}

/// From a byte to the end of its line.
fn line_from(source: &SourceText, start: usize) -> std::ops::Range<usize> {
    let rest = source.text.get(start..).unwrap_or_default();
    start..start + rest.find('\n').unwrap_or(rest.len())
}
