//! Which events follow the change of a row: by their names.
//!
//! `onCrmDealAdd`, `CATALOG.PRICE.TYPE.ON.ADD` and `OnPaymentEntitySaved` are about `crm.deal`, `catalog.priceType` and
//! `sale.payment`: the words of both names are the same, apart from case, plurals, versions and repetitions. What names do not say
//! is in `exceptions.json`.

use std::collections::HashMap;

use super::{Change, Kind};
use crate::families::fold;
use crate::spec::{Event, Schema, Spec};

const EXCEPTIONS: &str = include_str!("exceptions.json");

/// The last words of names of events, longer ones first, and what they say.
const VERBS: [(&str, &[Kind]); 9] = [
    ("entitysaved", &[Kind::Add, Kind::Update]),
    ("unregister", &[Kind::Delete]),
    ("register", &[Kind::Add]),
    ("deleted", &[Kind::Delete]),
    ("updated", &[Kind::Update]),
    ("delete", &[Kind::Delete]),
    ("update", &[Kind::Update]),
    ("saved", &[Kind::Add, Kind::Update]),
    ("add", &[Kind::Add]),
];

/// The events by what they are about.
#[derive(Debug)]
pub(crate) struct Subjects {
    /// The indexes of the events.
    events: HashMap<(String, Kind), Vec<usize>>,
}

impl Subjects {
    /// Reads the names of the events.
    pub(crate) fn of(spec: &Spec) -> Self {
        let exceptions: HashMap<String, String> = serde_json::from_str(EXCEPTIONS).unwrap_or_default();
        let mut events: HashMap<(String, Kind), Vec<usize>> = HashMap::new();
        for (at, event) in spec.events().iter().enumerate() {
            let Some((subject, kinds)) = parts(event) else { continue };
            let module = event.scope.first().map(|scope| words(scope)).unwrap_or_default();
            let mut subjects = vec![subject.clone(), format!("{module}{subject}")];
            subjects.extend(exceptions.get(&subject).cloned());
            subjects.extend(formats(&event.data));
            subjects.sort();
            subjects.dedup();
            for subject in subjects {
                for kind in kinds {
                    events.entry((subject.clone(), *kind)).or_default().push(at);
                }
            }
        }
        Self { events }
    }

    /// The events that follow a change, each with the name by which it is raised; a family of names adds one.
    pub(crate) fn raised<'s>(&self, spec: &'s Spec, change: &Change) -> Vec<(String, &'s Event)> {
        let mut found: Vec<usize> = Vec::new();
        let module = change.names[1].split('.').next().map(words).unwrap_or_default();
        match &change.of {
            Some(of) if of.is_empty() => found.extend(self.of_family(spec, change)),
            Some(of) => {
                found.extend(self.about(&format!("{module}{}", words(of)), change.kind));
                if found.is_empty() {
                    found.extend(self.of_family(spec, change));
                }
            }
            None => {
                for name in &change.names {
                    found.extend(self.about(&words(name), change.kind));
                    let last = name.rsplit('.').next().unwrap_or_default();
                    found.extend(self.about(&format!("{module}{}", words(last)), change.kind));
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        let events = found.into_iter().filter_map(|at| spec.events().get(at));
        let named = events.flat_map(|event| {
            let values = change.partition.values();
            let names = values.filter_map(|value| event.of_family(value));
            std::iter::once(event.upper()).chain(names).map(move |name| (name, event))
        });
        named.collect()
    }

    fn about(&self, subject: &str, kind: Kind) -> impl Iterator<Item = usize> {
        self.events.get(&(subject.to_owned(), kind)).into_iter().flatten().copied()
    }

    /// The events with a family of names for the kind of a row: those of the methods' module.
    fn of_family(&self, spec: &Spec, change: &Change) -> Vec<usize> {
        let module = change.names[1].split('.').next().map(words).unwrap_or_default();
        let of_kind = self
            .events
            .iter()
            .filter(|((subject, kind), _)| *kind == change.kind && subject.starts_with(&module));
        let indexes = of_kind.flat_map(|(_, events)| events.iter().copied());
        indexes.filter(|at| spec.events().get(*at).is_some_and(|event| event.pattern.is_some())).collect()
    }
}

/// What happened to the row of an event. `None`: its name does not say that a row was changed.
#[cfg(test)]
pub(super) fn kinds(event: &Event) -> Option<&'static [Kind]> {
    parts(event).map(|(_, kinds)| kinds)
}

/// What an event is about, and what happened to it. `None`: its name does not say that a row was changed.
fn parts(event: &Event) -> Option<(String, &'static [Kind])> {
    let lower = event.name.to_ascii_lowercase();
    let name = match lower.split_once(".on.") {
        Some((subject, verb)) => fold(&format!("{}{verb}", words(subject))),
        None => fold(lower.strip_prefix("on")?),
    };
    let (verb, kinds) = VERBS.iter().find(|(verb, _)| name.ends_with(verb))?;
    let subject = name.strip_suffix(verb)?.replacen("before", "", 1);
    Some((without_item(subject), kinds))
}

/// The words of a name as one: without case, plurals, versions and repetitions.
fn words(name: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in name.split('.').map(fold) {
        let plural = part.strip_suffix('s').filter(|one| !one.ends_with('s'));
        let part = plural.map_or(part.clone(), str::to_owned);
        let is_version = part.strip_prefix('v').is_some_and(|rest| rest.parse::<u8>().is_ok());
        if !is_version && parts.last() != Some(&part) {
            parts.push(part);
        }
    }
    without_item(parts.concat())
}

/// `taskitem` is a task.
fn without_item(subject: String) -> String {
    match subject.strip_suffix("item").filter(|rest| !rest.is_empty()) {
        Some(rest) => rest.to_owned(),
        None => subject,
    }
}

/// The entities whose identifiers the data has, by the documented names of their types: `catalog_price.id`.
fn formats(data: &Schema) -> Vec<String> {
    let own = data.format.as_deref().and_then(|format| format.strip_suffix(".id")).map(words);
    own.into_iter().chain(data.properties.values().flat_map(formats)).collect()
}
