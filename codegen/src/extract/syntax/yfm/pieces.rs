//! Joins the pieces of running text into spans: decides which stars are emphasis and which words belong to which link.

use crate::extract::syntax::text::{Span, SpanKind};

/// A piece of running text, before emphasis and links are resolved.
pub(super) enum Piece {
    Span(Span),
    Stars(Stars),
    /// An opening bracket outside links.
    Bracket,
    /// The opening bracket of the link with this index.
    LinkStart(u32),
    LinkEnd,
}

/// A run of stars.
pub(super) struct Stars {
    pub(super) count: usize,
    pub(super) may_open: bool,
    pub(super) may_close: bool,
}

/// The number of stars in a marker of emphasis. A single star marks a required parameter.
const MARK: usize = 2;

/// The role of a run of stars.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Words,
    Open,
    Close,
}

/// Joins pieces into spans.
pub(super) fn spans_of(pieces: Vec<Piece>) -> Vec<Span> {
    let mut roles = roles(&pieces).into_iter();
    let mut spans = Spans { done: Vec::with_capacity(pieces.len()), strong: false, links: Vec::new() };
    for piece in pieces {
        match piece {
            Piece::Span(span) => spans.push(span),
            Piece::Stars(stars) => spans.stars(stars.count, roles.next().unwrap_or(Role::Words)),
            Piece::Bracket => spans.words("["),
            Piece::LinkStart(link) => spans.links.push(link),
            Piece::LinkEnd => {
                spans.links.pop();
            }
        }
    }
    spans.done
}

/// The role of each run of stars. A closing run matches the nearest opening one; an unmatched run is words.
fn roles(pieces: &[Piece]) -> Vec<Role> {
    let mut roles = Vec::new();
    let mut open: Option<usize> = None;
    for piece in pieces {
        let Piece::Stars(stars) = piece else { continue };
        let is_mark = stars.count >= MARK;
        let mut role = Role::Words;
        if let Some(opened) = open.filter(|_| is_mark && stars.may_close) {
            role = Role::Close;
            if let Some(opened) = roles.get_mut(opened) {
                *opened = Role::Open;
            }
            open = None;
        } else if is_mark && stars.may_open {
            open = Some(roles.len());
        }
        roles.push(role);
    }
    roles
}

struct Spans {
    done: Vec<Span>,
    strong: bool,
    /// The enclosing links, innermost last.
    links: Vec<u32>,
}

impl Spans {
    /// Applies a run of stars. Stars in excess of the marker are words outside the emphasis.
    fn stars(&mut self, count: usize, role: Role) {
        let excess = if role == Role::Words { count } else { count - MARK };
        let excess = "*".repeat(excess);
        if role == Role::Close {
            self.strong = false;
        }
        self.words(&excess);
        if role == Role::Open {
            self.strong = true;
        }
    }

    fn words(&mut self, words: &str) {
        if !words.is_empty() {
            self.push(Span { text: words.to_owned(), ..Span::default() });
        }
    }

    /// Appends a span in the current style. Adjacent words in one style become one span.
    fn push(&mut self, span: Span) {
        let span = match span.kind {
            SpanKind::Break => span,
            _ => Span { strong: self.strong, link: self.links.last().copied(), ..span },
        };
        let is_words = |span: &Span| span.kind == SpanKind::Words;
        match self.done.last_mut() {
            Some(last)
                if is_words(last)
                    && is_words(&span)
                    && (last.strong, last.link) == (span.strong, span.link) =>
            {
                last.text.push_str(&span.text);
            }
            _ => self.done.push(span),
        }
    }
}
