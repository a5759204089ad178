//! A comparison as Markdown, for CHANGELOG.md and for the text of a change, and the table of rules.

use std::fmt::Write;

use super::change::Change;
use super::changes::Diff;
use super::page::Page;
use super::register::{Rule, by_severity};
use super::severities::Severities;
use super::severity::Severity;

/// How a change log is written.
#[derive(Clone, Copy, Debug)]
pub struct MarkdownOptions {
    /// The level of the headings, one for each severity.
    pub heading: usize,
    /// How many subjects each rule names. The others are counted.
    pub subjects: usize,
}

impl Default for MarkdownOptions {
    fn default() -> Self {
        Self { heading: 3, subjects: 12 }
    }
}

/// A section for each severity with an entry for each rule. Documentation-only changes are counted, not listed.
pub fn render_change_log(diff: &Diff, options: MarkdownOptions) -> String {
    let mut text = String::new();
    let marks = "#".repeat(options.heading);
    for severity in Severity::ALL {
        let groups = diff.by_rule(severity);
        if groups.is_empty() {
            continue;
        }
        let title = match severity {
            Severity::Breaking => "Breaking",
            Severity::Additive => "Added",
            Severity::Documentation => "Documentation and behaviour",
        };
        _ = writeln!(text, "{marks} {title}\n");
        for (rule, changes) in groups {
            let subjects = if severity == Severity::Documentation && !rule.changes_calls {
                String::new()
            } else {
                format!(": {}", subjects(&changes, options.subjects))
            };
            _ = writeln!(text, "- {} ({}){subjects}", capitalized(&rule.title()), changes.len());
        }
        text.push('\n');
    }
    if text.is_empty() {
        text.push_str("No changes.\n");
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// The text of a change that brings a new documentation: totals, the step of the version, what to decide, and the change log.
pub fn render_report(page: &Page) -> String {
    let mut text = format!("# {}\n\n{}.\n", page.new, capitalized(&page.diff.totals()));
    if let Some((version, Some((next, step)))) = &page.version {
        _ = writeln!(text, "Version {version} → {next}: a {step} step.");
    }
    if let Some(found) = &page.contradictions {
        _ = writeln!(
            text,
            "The documentation contradicts itself in {} places; the page lists them.",
            found.len()
        );
    }
    for counts in &page.accepted {
        _ = writeln!(text, "{}.", capitalized(counts));
    }
    if !page.decisions.is_empty() {
        text.push_str("\n## What a person must decide\n");
    }
    for (title, items) in &page.decisions {
        _ = writeln!(text, "\n### {title} ({})\n", items.len());
        for item in items.iter().take(SHOWN_DECISIONS) {
            _ = writeln!(text, "- [ ] {}", code(item));
        }
        if items.len() > SHOWN_DECISIONS {
            _ = writeln!(text, "- [ ] and {} more", items.len() - SHOWN_DECISIONS);
        }
    }
    text.push_str("\n## Changes\n\n");
    text.push_str(&render_change_log(&page.diff, MarkdownOptions::default()));
    text
}

/// How many questions of a group a report names.
const SHOWN_DECISIONS: usize = 30;

/// The subjects of changes, grouped by the method that they are about: `crm.deal.add` (`TITLE`, `TYPE_ID`).
fn subjects(changes: &[&Change], limit: usize) -> String {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for change in changes {
        let (head, part) = head_and_part(change);
        match groups.iter_mut().find(|(known, _)| *known == head) {
            Some((_, parts)) => parts.extend(part),
            None => groups.push((head, part.into_iter().collect())),
        }
    }
    let shown = groups.iter().take(limit).map(|(head, parts)| match parts.as_slice() {
        [] => code(head),
        parts if head.is_empty() => parts.join(", "),
        parts => format!("{} ({})", code(head), shown_parts(parts, limit)),
    });
    let mut shown: Vec<String> = shown.collect();
    if groups.len() > limit {
        shown.push(format!("and {} more", groups.len() - limit));
    }
    shown.join(", ")
}

fn shown_parts(parts: &[String], limit: usize) -> String {
    let shown = parts.iter().take(limit).cloned().collect::<Vec<_>>().join(", ");
    match parts.len().saturating_sub(limit) {
        0 => shown,
        others => format!("{shown} and {others} more"),
    }
}

/// What a change is about: the method if there is one alone, else the item in Rust; and the part of it with its values.
fn head_and_part(change: &Change) -> (String, Option<String>) {
    let head = match change.methods.as_slice() {
        [method] => method.clone(),
        _ if change.name.is_empty() => change.path.clone(),
        _ => change.path.rsplit_once("::").map_or("", |(of, _)| of).to_owned(),
    };
    let values = match (&change.old, &change.new) {
        (Some(old), Some(new)) => Some(format!("{} → {}", code(old), code(new))),
        _ => None,
    };
    let name = (!change.name.is_empty()).then(|| code(&change.name));
    let part = match (name, values) {
        (Some(name), Some(values)) => Some(format!("{name}: {values}")),
        (name, values) => name.or(values),
    };
    (head, part)
}

/// Text as code in Markdown. A longer fence encloses text with backticks.
fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let runs = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(runs + 1);
    if runs == 0 { format!("{fence}{text}{fence}") } else { format!("{fence} {text} {fence}") }
}

fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// All rules: id, severity, whether calls may behave differently, sentence.
pub fn render_rules(severities: &Severities) -> String {
    let width = |rules: &[&Rule]| rules.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
    let rules: Vec<&Rule> = by_severity().into_values().flatten().collect();
    let width = width(&rules);
    let mut text = String::new();
    for rule in rules {
        let severity = severities.of(rule).word();
        let calls = if rule.changes_calls { "calls" } else { "" };
        _ = writeln!(text, "{:width$}  {severity:13}  {calls:5}  {}", rule.id, rule.summary());
    }
    text.truncate(text.trim_end().len());
    text
}
