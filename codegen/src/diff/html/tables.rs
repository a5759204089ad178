//! Tables of changes and of what scopes have.

use maud::{Markup, html};

use crate::diff::change::Change;
use crate::diff::coverage::{Coverage, Part, ScopeCoverage};
use crate::diff::register::Rule;

/// How many changes of a rule are shown without a click.
const SHORT: usize = 12;

/// The changes that one rule has found.
pub(super) fn changes(rule: &Rule, changes: &[&Change]) -> Markup {
    html! {
        details.rule open[changes.len() <= SHORT] {
            summary {
                (rule.title()) " " span.count { (changes.len()) }
                @if rule.changes_calls { " " span.mark { "calls" } }
            }
            p.note { (rule.summary()) }
            div.scroll { table {
                thead { tr { th { "item" } th { "on the wire" } th { "before" } th { "now" } th { "methods" } } }
                tbody {
                    @for change in changes {
                        tr data-text=(searched(change)) {
                            td { code { (path(&change.path)) } }
                            td { @if !change.name.is_empty() { code { (change.name) } } }
                            td { @if let Some(old) = &change.old { code.old { (old) } } }
                            td { @if let Some(new) = &change.new { code.new { (new) } } }
                            td { (change.about().unwrap_or_default()) }
                        }
                    }
                }
            } }
        }
    }
}

/// A path that may be broken between its words.
fn path(path: &str) -> Markup {
    html! {
        @for (index, word) in path.split("::").enumerate() {
            @if index > 0 { "::" wbr; }
            (word)
        }
    }
}

/// What the filter compares with.
fn searched(change: &Change) -> String {
    let mut words = vec![change.path.clone(), change.name.clone(), change.rule.title()];
    words.extend(change.methods.iter().chain(&change.scopes).cloned());
    words.extend(change.old.iter().chain(&change.new).cloned());
    words.join(" ").to_lowercase()
}

/// What each scope has.
pub(super) fn coverage(coverage: &Coverage) -> Markup {
    html! {
        details {
            summary { "The same as a table" }
            div.scroll { table.numbers {
                thead { tr {
                    th { "scope" } th { "REST 2" } th { "REST 3" } th { "deprecated" } th { "entities" }
                    th { "parameters typed" } th { "results typed" } th { "fields typed" } th { "with errors" }
                } }
                tbody {
                    @for (scope, of) in &coverage.scopes { (row(scope, of)) }
                    (row("all", &coverage.total))
                }
            } }
        }
    }
}

fn row(scope: &str, of: &ScopeCoverage) -> Markup {
    html! {
        tr {
            th { (scope) }
            td { (of.rest2) } td { (of.rest3) } td { (of.deprecated) } td { (of.entities) }
            (share(of.parameters)) (share(of.results)) (share(of.fields)) (share(of.errors))
        }
    }
}

fn share(part: Part) -> Markup {
    html! { td title=(format!("{} of {}", part.some, part.all)) { (format!("{:.0} %", part.percent())) } }
}
