//! Compares two specs: what changed for callers of the generated crates, and on the wire.
//!
//! Both specs are compared as [`Library`](crate::model::Library) values, so that a change is judged by the Rust API that callers see. Each difference is a
//! [`Change`] of one [`Rule`], which has a [`Severity`].

mod change;
mod changes;
mod compare;
mod counts;
mod coverage;
mod display;
mod html;
mod markdown;
mod page;
mod register;
mod scopes;
mod severities;
mod severity;
mod surface;
mod version;

pub use change::{Change, Side};
pub use changes::Diff;
pub use counts::Counts;
pub use coverage::{Coverage, Part, ScopeCoverage};
pub use html::render_page;
pub use markdown::{MarkdownOptions, render_change_log, render_report, render_rules};
pub use page::{Contradiction, Page};
pub use register::{RULES, Rule, find_rule};
pub use severities::Severities;
pub use severity::Severity;
pub use version::{Step, next_version};

/// Compares two specs.
pub fn diff(old: &Side<'_>, new: &Side<'_>, severities: &Severities) -> Diff {
    let mut changes = compare::compare(old, new);
    for change in &mut changes {
        change.severity = severities.of(change.rule);
    }
    Diff::of(changes)
}
