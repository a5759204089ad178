//! Plots as SVG inside the page. Colors come from its style.

use maud::{Markup, html};

use crate::diff::changes::Diff;
use crate::diff::coverage::Coverage;
use crate::diff::severity::Severity;

const WIDTH: f64 = 880.0;
const LABEL: f64 = 150.0;
const NUMBER: f64 = 96.0;
const ROW: f64 = 22.0;
const BAR: f64 = 14.0;

/// A bar of colored parts: the class of each, and its length.
struct Bar<'a> {
    label: &'a str,
    parts: Vec<(&'static str, f64)>,
    number: String,
    title: String,
}

/// Stacked bars of the changes of each scope, the most first.
pub(super) fn changes_by_scope(diff: &Diff) -> Markup {
    let scopes = &diff.counts.scopes;
    let mut bars: Vec<(usize, Bar<'_>)> = Vec::new();
    for (scope, counts) in scopes {
        let count = |severity: &Severity| counts.get(severity).copied().unwrap_or_default();
        let total: usize = counts.values().sum();
        let parts = Severity::ALL.iter().map(|severity| (severity.word(), count(severity) as f64)).collect();
        let each: Vec<String> =
            Severity::ALL.iter().map(|severity| format!("{} {severity}", count(severity))).collect();
        let title = format!("{scope}: {}", each.join(", "));
        bars.push((total, Bar { label: scope, parts, number: total.to_string(), title }));
    }
    bars.sort_by_key(|(total, bar)| (std::cmp::Reverse(*total), bar.label));
    let longest = bars.first().map_or(1, |(total, _)| *total) as f64;
    html! {
        @if bars.is_empty() { p { "No scope has changes." } } @else {
            (legend(&Severity::ALL.map(Severity::word)))
            (chart("Changes by scope", bars.into_iter().map(|(_, bar)| bar).collect(), longest))
        }
    }
}

/// Bars of the typed fields of each scope, the most methods first.
pub(super) fn coverage_by_scope(coverage: &Coverage) -> Markup {
    let mut scopes: Vec<_> = coverage.scopes.iter().collect();
    scopes.sort_by_key(|(name, scope)| (std::cmp::Reverse(scope.methods()), *name));
    let bars = scopes.into_iter().map(|(name, scope)| {
        let percent = scope.fields.percent();
        let title = format!("{name}: {} of {} fields", scope.fields.some, scope.fields.all);
        let number = format!("{percent:.0} % · {}", scope.methods());
        Bar { label: name, parts: vec![("typed", percent), ("untyped", 100.0 - percent)], number, title }
    });
    html! {
        p.legend { span.typed {} " typed " span.untyped {} " JSON; behind the bar: the share, and the number of methods" }
        (chart("Typed fields of results by scope", bars.collect(), 100.0))
    }
}

fn legend(words: &[&str]) -> Markup {
    html! { p.legend { @for word in words { span class=(word) {} " " (word) " " } } }
}

/// Horizontal bars; `longest` is the value that fills the width.
fn chart(title: &str, bars: Vec<Bar<'_>>, longest: f64) -> Markup {
    let height = ROW * bars.len() as f64;
    let scale = (WIDTH - LABEL - NUMBER) / longest;
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-label=(title) {
            @for (index, bar) in bars.iter().enumerate() {
                @let top = ROW * index as f64;
                g {
                    title { (bar.title) }
                    text x=(LABEL - 8.0) y=(top + 12.0) text-anchor="end" { (bar.label) }
                    (parts(bar, top, scale))
                }
            }
        }
    }
}

fn parts(bar: &Bar<'_>, top: f64, scale: f64) -> Markup {
    let mut left = LABEL;
    let mut drawn = Vec::new();
    for (class, value) in bar.parts.iter().filter(|(_, value)| *value > 0.0) {
        let width = value * scale;
        drawn.push((*class, left, width));
        left += width;
    }
    html! {
        @for (class, left, width) in drawn {
            rect class=(class) x=(format!("{left:.1}")) y=(top + 1.0) width=(format!("{width:.1}")) height=(BAR) {}
        }
        text.number x=(format!("{:.1}", left + 6.0)) y=(top + 12.0) { (bar.number) }
    }
}
