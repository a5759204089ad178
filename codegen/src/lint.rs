//! Doubtful parts of descriptors: what a valid descriptor leaves out, or has probably from another page.
//!
//! `check` reports what is wrong, `lint` what a person should look at. Each rule is declared in [`LINTS`] and reads descriptors
//! only, or the names that they give in Rust, so that it needs no documentation.

mod copies;
mod events;
mod gaps;
mod names;
mod sent;
mod types;

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::baseline::Key;
use crate::descriptor::{Api, Descriptor, Event, Handler, Placement, Pointer, Spec, SpecFile};
use crate::diagnostic::Diagnostic;
use crate::model::Library;

/// A rule.
#[derive(Debug)]
pub struct Lint {
    /// The name, as in `--rule`.
    pub id: &'static str,
    /// What it reports.
    pub summary: &'static str,
    check: Check,
}

/// What a rule reads.
#[derive(Clone, Copy, Debug)]
enum Check {
    Methods(fn(&Method<'_>, &mut Findings<'_>)),
    Events(fn(&Event, &Spec, &mut SentFindings<'_, Event>)),
    Placements(fn(&Placement, &mut SentFindings<'_, Placement>)),
    Handlers(fn(&Handler, &mut SentFindings<'_, Handler>)),
}

/// All rules.
pub const LINTS: &[Lint] = &[
    Lint {
        id: "result_without_type",
        summary: "Nothing is known about the result.",
        check: Check::Methods(gaps::result),
    },
    Lint {
        id: "parameter_without_type",
        summary: "Nothing is known about a parameter but its name.",
        check: Check::Methods(gaps::parameters),
    },
    Lint {
        id: "method_without_errors",
        summary: "No error is listed, although most methods of the same module have some.",
        check: Check::Methods(gaps::errors),
    },
    Lint {
        id: "error_without_words",
        summary: "An error has a numeric code, and neither a name nor a message.",
        check: Check::Methods(gaps::wordless_errors),
    },
    Lint {
        id: "list_without_rows",
        summary: "The result has exactly one list of objects and the method has pages, but no `rows`.",
        check: Check::Methods(gaps::rows),
    },
    Lint {
        id: "unknown_replacement",
        summary: "The replacement of a deprecated method is not described.",
        check: Check::Methods(gaps::replacement),
    },
    Lint {
        id: "copied_code",
        summary: "An error names the thing of a neighbouring module that has the same error.",
        check: Check::Methods(copies::codes),
    },
    Lint {
        id: "copied_enum",
        summary: "Two fields of one object have the same documented values, and no word of their names is the same.",
        check: Check::Methods(copies::enums),
    },
    Lint {
        id: "contradictory_types",
        summary: "A field that callers write has a type that no result of the same entity or method group can have.",
        check: Check::Methods(types::contradictions),
    },
    Lint {
        id: "long_name",
        summary: "A type or a variant of an error has a name of more than five words or 40 characters.",
        check: Check::Methods(names::long),
    },
    Lint {
        id: "placeholder_name",
        summary: "A type is named after its place (`Item`, `Value`, `Result`) and not after what it is.",
        check: Check::Methods(names::placeholder),
    },
    Lint {
        id: "data_name",
        summary: "A type or a value is named after data of a portal or a number.",
        check: Check::Methods(names::data),
    },
    Lint {
        id: "undivided_word",
        summary: "A name has a long word that is not in the list of words and may be several of them.",
        check: Check::Methods(names::undivided_words),
    },
    Lint {
        id: "event_without_payload",
        summary: "Nothing is known about the payload of an event.",
        check: Check::Events(events::payload),
    },
    Lint {
        id: "event_field_without_type",
        summary: "Nothing is known about a field of a payload but its name.",
        check: Check::Events(events::fields),
    },
    Lint {
        id: "unknown_event_replacement",
        summary: "The replacement of a deprecated event is not described.",
        check: Check::Events(events::replacement),
    },
    Lint {
        id: "placement_without_context",
        summary: "It is not known what the handler of a placement receives.",
        check: Check::Placements(sent::context),
    },
    Lint {
        id: "placement_field_without_type",
        summary: "Nothing is known about an option of a placement, or about a value that its handler receives, but its name.",
        check: Check::Placements(sent::placement_fields),
    },
    Lint {
        id: "handler_without_fields",
        summary: "Nothing is known about the requests to a registered address.",
        check: Check::Handlers(sent::request),
    },
    Lint {
        id: "handler_field_without_type",
        summary: "Nothing is known about a value of a request to a registered address, or of its response, but its name.",
        check: Check::Handlers(sent::handler_fields),
    },
];

/// Something to look at.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static str,
    /// The method or the event and the place in it, without line numbers.
    pub key: Key,
    /// What is doubtful, with its location.
    pub diagnostic: Diagnostic,
}

/// A method among the others of its spec.
struct Method<'s> {
    file: &'s SpecFile<Descriptor>,
    spec: &'s Neighbours<'s>,
}

impl Method<'_> {
    fn descriptor(&self) -> &Descriptor {
        &self.file.content
    }

    /// The API in Rust. `None` if the spec has errors, which `check` reports.
    fn library(&self) -> Option<&Library> {
        self.spec.library.get_or_init(|| crate::lower::lower(self.spec.spec).ok()).as_ref()
    }
}

/// The methods by interface and module: the name without its last word.
struct Neighbours<'s> {
    spec: &'s Spec,
    modules: BTreeMap<(Api, String), Vec<&'s Descriptor>>,
    library: OnceCell<Option<Library>>,
}

impl<'s> Neighbours<'s> {
    fn of(spec: &'s Spec) -> Self {
        let mut modules: BTreeMap<(Api, String), Vec<&Descriptor>> = BTreeMap::new();
        for file in &spec.methods {
            let key = (file.content.api, module(&file.content.method).to_owned());
            modules.entry(key).or_default().push(&file.content);
        }
        Self { spec, modules, library: OnceCell::new() }
    }

    /// The methods of the module of a method, itself included.
    fn siblings(&self, method: &Descriptor) -> &[&'s Descriptor] {
        self.modules.get(&(method.api, module(&method.method).to_owned())).map_or(&[], Vec::as_slice)
    }
}

/// The name of a method without its last word.
fn module(method: &str) -> &str {
    method.rsplit_once('.').map_or("", |(module, _)| module)
}

/// The findings of one rule on one method.
struct Findings<'a> {
    rule: &'static str,
    file: &'a SpecFile<Descriptor>,
    list: Vec<Finding>,
}

impl Findings<'_> {
    /// Reports a value. `place` is its stable name.
    fn report(&mut self, at: &Pointer, place: &str, message: impl Into<String>, expected: &str) {
        let Descriptor { method, api, .. } = &self.file.content;
        let diagnostic =
            Diagnostic::warning(format!("{} [{}]", message.into(), self.rule)).expecting(expected);
        let interface = if *api == Api::V3 { " of REST 3" } else { "" };
        let key = Key { subject: format!("{method}{interface}"), text: format!("{} {place}", self.rule) };
        let diagnostic = self.file.at_value(diagnostic, at);
        self.list.push(Finding { rule: self.rule, key, diagnostic });
    }
}

/// The findings of one rule on an event, a placement or a handler.
struct SentFindings<'a, T> {
    rule: &'static str,
    file: &'a SpecFile<T>,
    /// The name of the event, the code of the placement, the name of the handler.
    name: &'a str,
    list: Vec<Finding>,
}

impl<'a, T> SentFindings<'a, T> {
    fn of(file: &'a SpecFile<T>, name: &'a str, rule: &'static str) -> Self {
        Self { rule, file, name, list: Vec::new() }
    }

    /// Reports a value. `place` is its stable name.
    fn report(&mut self, at: &Pointer, place: &str, message: impl Into<String>, expected: &str) {
        let diagnostic =
            Diagnostic::warning(format!("{} [{}]", message.into(), self.rule)).expecting(expected);
        let key = Key { subject: self.name.to_owned(), text: format!("{} {place}", self.rule) };
        let diagnostic = self.file.at_value(diagnostic, at);
        self.list.push(Finding { rule: self.rule, key, diagnostic });
    }
}

/// Applies rules to all methods, events, placements and handlers of a spec. The findings are in their order.
pub fn lint<'r>(spec: &Spec, rules: impl IntoIterator<Item = &'r Lint>) -> Vec<Finding> {
    let neighbours = Neighbours::of(spec);
    let rules: Vec<&Lint> = rules.into_iter().collect();
    let mut all = Vec::new();
    for file in &spec.methods {
        let method = Method { file, spec: &neighbours };
        for rule in &rules {
            let mut findings = Findings { rule: rule.id, file, list: Vec::new() };
            if let Check::Methods(check) = rule.check {
                check(&method, &mut findings);
            }
            all.extend(findings.list);
        }
    }
    for file in &spec.events {
        for rule in &rules {
            let mut findings = SentFindings::of(file, &file.content.event, rule.id);
            if let Check::Events(check) = rule.check {
                check(&file.content, spec, &mut findings);
            }
            all.extend(findings.list);
        }
    }
    for file in &spec.placements {
        for rule in &rules {
            let mut findings = SentFindings::of(file, &file.content.placement, rule.id);
            if let Check::Placements(check) = rule.check {
                check(&file.content, &mut findings);
            }
            all.extend(findings.list);
        }
    }
    for file in &spec.handlers {
        for rule in &rules {
            let mut findings = SentFindings::of(file, &file.content.handler, rule.id);
            if let Check::Handlers(check) = rule.check {
                check(&file.content, &mut findings);
            }
            all.extend(findings.list);
        }
    }
    all
}
