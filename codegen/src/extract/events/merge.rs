//! One descriptor of an event out of all documents about it.

use crate::descriptor::{Deprecated, Event, Replacement, Source};
use crate::extract::events::EventFacts;
use crate::extract::ledger::Ledger;
use crate::extract::register::errors::OLDER_DOCUMENT;

/// The descriptor of an event and the evidence on it. `None` without a document.
pub(crate) fn merge(mut facts: Vec<EventFacts>) -> Option<(Event, Ledger)> {
    facts.sort_by_cached_key(|one| (one.age.clone(), one.role, one.form, one.source.path.clone()));
    let mut ledger = Ledger::default();
    for one in &mut facts {
        ledger.append(std::mem::take(&mut one.ledger));
    }
    let newest = facts.first()?;
    let mut decided: Vec<Vec<String>> = facts.iter().map(|_| Vec::new()).collect();
    let mut merge = Merge { facts: &facts, decided: &mut decided, ledger: &mut ledger };
    let event = Event {
        event: newest.name.clone(),
        deprecated: match newest.replaced_by.as_slice() {
            [] => Deprecated::Flag(newest.deprecation.deprecated),
            names => Deprecated::Replaced(Replacement { replaced_by: names.to_vec() }),
        },
        context: newest.context.as_ref().map(|found| found.value).unwrap_or_default(),
        pattern: merge.decide("pattern", |one| Some(one.pattern.as_ref()?.value.clone())),
        scope: merge.decide("scope", |one| Some(one.scope.as_ref()?.value.clone())).unwrap_or_default(),
        subscribers: merge.decide("subscribers", |one| Some(one.subscribers.as_ref()?.value.clone())),
        tokens: merge.decide("tokens", |one| Some(one.tokens.as_ref()?.value)),
        handler_id: merge.decide("handler_id", |one| Some(one.handler_id.as_ref()?.value.clone())),
        data: merge.decide("data", |one| one.data.clone()).unwrap_or_default(),
        page: merge.decide("page", |one| Some(one.page.as_ref()?.value.clone())),
        ..Event::default()
    };
    let source = |(one, decided): (&EventFacts, Vec<String>)| Source {
        form: one.form,
        file: one.source.path.clone(),
        revision: one.revision.clone(),
        decided,
    };
    let sources = facts.iter().zip(decided).map(source).collect();
    Some((Event { sources, ..event }, ledger))
}

struct Merge<'m> {
    /// The documents, newest first.
    facts: &'m [EventFacts],
    /// The keys that each document but the newest decided.
    decided: &'m mut [Vec<String>],
    ledger: &'m mut Ledger,
}

impl Merge<'_> {
    /// The value of the first document that has one.
    fn decide<T>(&mut self, key: &str, find: impl Fn(&EventFacts) -> Option<T>) -> Option<T> {
        let (by, value) = self.facts.iter().enumerate().find_map(|(by, one)| Some((by, find(one)?)))?;
        if by > 0 {
            self.ledger.fire(&OLDER_DOCUMENT);
            if let Some(decided) = self.decided.get_mut(by) {
                decided.push(key.to_owned());
            }
        }
        Some(value)
    }
}
