//! Compares the placements and handlers that documents describe with the spec.
//!
//! Both sides are descriptors: those that an import of the documents alone gives, and the committed ones.

use serde::Serialize;

use super::{Attribution, Conformance, Finding, Kind, Ratio};
use crate::descriptor::{AdditionalProperties, Api, Handler, Placement, Schema, Source, Spec};
use crate::extract::Import;

/// How many of the documented placements and handlers have a descriptor, and how many of their values a type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SentCoverage {
    /// Placements, and those with a descriptor.
    pub placements: Ratio,
    /// Options of placements and values that their handlers receive, and those with a type in the spec.
    pub placement_values: Ratio,
    /// Handlers, and those with a descriptor.
    pub handlers: Ratio,
    /// Values of the requests to handlers and of their responses, and those with a type in the spec.
    pub handler_values: Ratio,
    /// What has no descriptor, with its first document.
    pub without_descriptor: Vec<String>,
    /// What has no type: the name and the path.
    pub without_type: Vec<String>,
}

/// Measures how much of what documents say of placements and handlers the spec has. `documented` is an import of the documents without
/// patches.
pub fn measure_sent(spec: &Spec, documented: &Import) -> SentCoverage {
    let mut coverage = SentCoverage::default();
    for placement in &documented.placements {
        let known = known_placement(spec, placement);
        coverage.placements.count(known.is_some());
        match known {
            None => coverage.without(&placement.placement, &placement.sources),
            Some(known) => {
                let options = (placement.options.as_ref(), known.options.as_ref(), "options");
                let receives = (placement.receives.as_ref(), known.receives.as_ref(), "receives");
                let typed = coverage.values(&placement.placement, [options, receives]);
                coverage.placement_values.add(typed);
            }
        }
    }
    for handler in &documented.handlers {
        let known = known_handler(spec, handler);
        coverage.handlers.count(known.is_some());
        match known {
            None => coverage.without(&handler.handler, &handler.sources),
            Some(known) => {
                let receives = (Some(&handler.receives), Some(&known.receives), "receives");
                let response = (handler.response.as_ref(), known.response.as_ref(), "response");
                let typed = coverage.values(&handler.handler, [receives, response]);
                coverage.handler_values.add(typed);
            }
        }
    }
    coverage
}

/// Reports the documented placements and handlers that the spec does not have.
pub fn conform_sent(spec: &Spec, documented: &Import) -> Conformance {
    let mut found = Conformance::default();
    for placement in &documented.placements {
        let is_known = known_placement(spec, placement).is_some();
        found.totals.placements.count(is_known);
        if !is_known {
            let what = "the spec has no descriptor of this placement";
            let name = &placement.placement;
            found.findings.push(finding(Kind::UnknownPlacement, name, &placement.sources, what));
        }
    }
    for handler in &documented.handlers {
        let is_known = known_handler(spec, handler).is_some();
        found.totals.handlers.count(is_known);
        if !is_known {
            let what = "the spec has no descriptor of what this address receives";
            found.findings.push(finding(Kind::UnknownHandler, &handler.handler, &handler.sources, what));
        }
    }
    found
}

/// A family is known by its pattern too: pages write the variable part of its code in several ways.
fn known_placement<'s>(spec: &'s Spec, placement: &Placement) -> Option<&'s Placement> {
    let all = spec.placements.iter().map(|file| &file.content);
    let mut same = all.filter(|known| {
        known.placement == placement.placement
            || known.pattern.is_some() && known.pattern == placement.pattern
    });
    same.next()
}

/// A handler is known by what registers its address: an import without patches may name it differently.
fn known_handler<'s>(spec: &'s Spec, handler: &Handler) -> Option<&'s Handler> {
    let mut all = spec.handlers.iter().map(|file| &file.content);
    all.find(|known| {
        known.handler == handler.handler
            || known.method.eq_ignore_ascii_case(&handler.method) && known.address == handler.address
    })
}

fn first_file(sources: &[Source]) -> &str {
    sources.first().map_or("", |source| source.file.as_str())
}

fn finding(kind: Kind, name: &str, sources: &[Source], what: &str) -> Finding {
    Finding {
        file: first_file(sources).to_owned(),
        line: 1,
        api: Api::V2,
        method: name.to_owned(),
        kind,
        at: String::new(),
        what: what.to_owned(),
        attribution: Attribution::Spec,
        known: None,
    }
}

impl SentCoverage {
    fn without(&mut self, name: &str, sources: &[Source]) {
        self.without_descriptor.push(format!("{}: {name}", first_file(sources)));
    }

    /// Counts the documented values of schemas, and those of them that have a type in the spec.
    fn values(&mut self, name: &str, schemas: [(Option<&Schema>, Option<&Schema>, &str); 2]) -> Ratio {
        let mut typed = Ratio::default();
        for (documented, known, key) in schemas {
            let Some(documented) = documented else { continue };
            self.properties(name, documented, known, key, &mut typed);
        }
        typed
    }

    fn properties(
        &mut self,
        name: &str,
        documented: &Schema,
        known: Option<&Schema>,
        path: &str,
        typed: &mut Ratio,
    ) {
        for (property, schema) in &documented.properties {
            let path = format!("{path}.{property}");
            let known = known.and_then(|known| known.properties.get(property));
            let has_type = known.is_some_and(|known| !known.types.is_empty() || !known.one_of.is_empty());
            typed.count(has_type);
            if !has_type {
                self.without_type.push(format!("{name} {path}"));
            }
            self.properties(name, schema, known, &path, typed);
        }
        if let Some(items) = documented.items.as_deref() {
            let known = known.and_then(|known| known.items.as_deref());
            self.properties(name, items, known, &format!("{path}[]"), typed);
        }
        if let Some(AdditionalProperties::Of(values)) = &documented.additional {
            let known = match known.and_then(|known| known.additional.as_ref()) {
                Some(AdditionalProperties::Of(values)) => Some(values.as_ref()),
                _ => None,
            };
            self.properties(name, values, known, &format!("{path}.*"), typed);
        }
    }
}
