//! A comparison as one page for browsers, without external resources. It needs no script; a small one filters the changes.

mod plot;
mod tables;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::page::{Contradiction, Page};
use super::severity::Severity;

const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/filter.js");

/// How many contradictions of a kind the page names.
const SHOWN_PLACES: usize = 60;

/// The page.
pub fn render_page(page: &Page) -> String {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { "What changed from " (page.old) " to " (page.new) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    p.kicker { "Bitrix24 REST API in Rust" }
                    h1 { "What changed from " code { (page.old) } " to " code { (page.new) } }
                    (version(page))
                }
                main {
                    (summary(page))
                    (decisions(page))
                    section #scopes {
                        h2 { "Changes by scope" }
                        (plot::changes_by_scope(&page.diff))
                    }
                    (changes(page))
                    section #coverage {
                        h2 { "What each scope has" }
                        p.note {
                            "The bars show the fields of results that have a type other than JSON. A method counts for its first \
                             scope, a type for each scope that uses it."
                        }
                        (plot::coverage_by_scope(&page.coverage))
                        (tables::coverage(&page.coverage))
                    }
                    (contradictions(page.contradictions.as_deref()))
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    markup.into_string()
}

fn version(page: &Page) -> Markup {
    match &page.version {
        Some((version, Some((next, step)))) => html! {
            p.version { "Version " code { (version) } " → " code { (next) } ": a " strong { (step) } " step." }
        },
        Some((version, None)) => html! { p.version { "Version " code { (version) } " stays." } },
        None => html! {},
    }
}

fn summary(page: &Page) -> Markup {
    let counts = &page.diff.counts;
    let total = &page.coverage.total;
    html! {
        ul.cards {
            @for severity in Severity::ALL {
                li class=(severity.word()) {
                    strong { (counts.severity(severity)) }
                    span { (severity.word()) }
                }
            }
            li.calls { strong { (counts.calls) } span { "may change how calls behave" } }
            li { strong { (total.methods()) } span { "methods, " (total.rest3) " of them of REST 3" } }
            li { strong { (format!("{:.1} %", total.fields.percent())) } span { "of the fields of results have a type" } }
        }
    }
}

fn decisions(page: &Page) -> Markup {
    html! {
        @if !page.decisions.is_empty() {
            section #decisions {
                h2 { "What a person must decide" }
                @for (title, items) in &page.decisions {
                    details open[items.len() <= 12] {
                        summary { (title) " " span.count { (items.len()) } }
                        ul { @for item in items { li { (item) } } }
                    }
                }
            }
        }
    }
}

fn changes(page: &Page) -> Markup {
    html! {
        section #changes {
            h2 { "Changes" }
            @if page.diff.changes.is_empty() {
                p { "There are none." }
            } @else {
                form #filter hidden {
                    label { "Filter " input #words type="search" placeholder="method, field, type, scope"; }
                    @for severity in Severity::ALL {
                        label { input type="checkbox" name="severity" value=(severity.word()) checked; " " (severity.word()) }
                    }
                    output #shown {}
                }
                @for severity in Severity::ALL {
                    @let groups = page.diff.by_rule(severity);
                    @if !groups.is_empty() {
                        div.severity data-severity=(severity.word()) {
                            h3 class=(severity.word()) { (severity.word()) }
                            @for (rule, changes) in groups { (tables::changes(rule, &changes)) }
                        }
                    }
                }
            }
        }
    }
}

fn contradictions(found: Option<&[Contradiction]>) -> Markup {
    html! {
        section #contradictions {
            h2 { "Contradictions between documents" }
            @match found {
                None => p.note { "No documentation was read. " code { "cargo spec diff --docs DOCS" } " lists them." },
                Some([]) => p { "There are none." },
                Some(found) => @for group in found.chunk_by(|a, b| a.kind == b.kind) {
                    details {
                        summary { (group[0].kind) " " span.count { (group.len()) } }
                        ul.places {
                            @for one in group.iter().take(SHOWN_PLACES) {
                                li { code { (one.place) } " " (one.message) }
                            }
                            @if group.len() > SHOWN_PLACES { li { "and " (group.len() - SHOWN_PLACES) " more" } }
                        }
                    }
                }
            }
        }
    }
}
