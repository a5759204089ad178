//! From the pieces of a running text to its spans: which stars are emphasis, and which words belong to which link.

use crate::extract::syntax::text::{Span, SpanKind};

/// A piece of a running text, before it is known what stands around it.
pub(super) enum Piece {
    Span(Span),
    Stars(Stars),
    /// An opening bracket that belongs to no link.
    Bracket,
    /// The opening bracket of the link with this number.
    LinkStart(u32),
    LinkEnd,
}

/// A run of stars.
pub(super) struct Stars {
    pub(super) count: usize,
    pub(super) may_open: bool,
    pub(super) may_close: bool,
}

/// How many stars are a mark of emphasis. A single one marks what is required.
const MARK: usize = 2;

/// What a run of stars does.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Words,
    Open,
    Close,
}

/// The spans that pieces make.
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

/// What each run of stars does. One closes the nearest that opens; those without their like are words.
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
    /// The links around, the innermost last.
    links: Vec<u32>,
}

impl Spans {
    /// Stars beyond a mark of emphasis stand outside of it.
    fn stars(&mut self, count: usize, role: Role) {
        let beyond = if role == Role::Words { count } else { count - MARK };
        let beyond = "*".repeat(beyond);
        if role == Role::Close {
            self.strong = false;
        }
        self.words(&beyond);
        if role == Role::Open {
            self.strong = true;
        }
    }

    fn words(&mut self, words: &str) {
        if !words.is_empty() {
            self.push(Span { text: words.to_owned(), ..Span::default() });
        }
    }

    /// Adds a span in the style that holds here. Words in one style are one span.
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
