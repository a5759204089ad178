//! Running text: code spans, links reduced to their words, escapes undone. Marks of emphasis stay, for they mark names.

use crate::extract::syntax::ast::{Span, Text};
use crate::extract::syntax::yfm::code_spans::code_spans;
use crate::extract::syntax::yfm::lines::SourceLine;

/// The running text of some lines.
pub(super) fn text(lines: &[SourceLine<'_>]) -> Text {
    let mut spans = Vec::new();
    let mut links = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            spans.push(Span { text: "\n".to_owned(), code: false });
        }
        line_spans(line.text, &mut spans, &mut links);
    }
    Text { line: lines.first().map_or(1, |line| line.number), spans, links, bullet: None }
}

fn line_spans(line: &str, spans: &mut Vec<Span>, links: &mut Vec<String>) {
    let mut plain = Plain::default();
    let mut from = 0;
    for code in code_spans(line) {
        plain.read(line.get(from..code.whole.start).unwrap_or_default());
        plain.end_span();
        let text = line.get(code.content).unwrap_or_default().replace("\\|", "|");
        plain.pieces.push(Piece { span: Span { text, code: true }, after_bracket: false });
        from = code.whole.end;
    }
    plain.read(line.get(from..).unwrap_or_default());
    links.append(&mut plain.links);
    plain.finish(spans);
}

/// The text between code spans. A link may reach across them, as in [`integer`](types.md).
#[derive(Default)]
struct Plain {
    pieces: Vec<Piece>,
    current: String,
    current_after_bracket: bool,
    /// The pieces, by index, before which an opening bracket stands that has met no closing one.
    open_brackets: Vec<usize>,
    /// Whether the address of a link is being passed over.
    in_address: bool,
    /// The addresses of the links, the last of which may still be read.
    links: Vec<String>,
}

struct Piece {
    span: Span,
    /// Whether an opening bracket stands before it that belongs to no link.
    after_bracket: bool,
}

impl Plain {
    fn read(&mut self, text: &str) {
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if self.in_address {
                self.in_address = c != ')';
                if let Some(link) = self.links.last_mut().filter(|_| c != ')' && c != '(') {
                    link.push(c);
                }
                continue;
            }
            match c {
                '\\' => match chars.next_if(|next| next.is_ascii_punctuation()) {
                    Some(escaped) => self.current.push(escaped),
                    None => self.current.push('\\'),
                },
                '[' => {
                    self.end_span();
                    self.open_brackets.push(self.pieces.len());
                    self.current_after_bracket = true;
                }
                ']' => match (self.open_brackets.pop(), chars.peek()) {
                    (Some(opened), Some('(')) => {
                        self.end_span();
                        if let Some(piece) = self.pieces.get_mut(opened) {
                            piece.after_bracket = false;
                        }
                        self.in_address = true;
                        self.links.push(String::new());
                    }
                    _ => self.current.push(']'),
                },
                _ => self.current.push(c),
            }
        }
    }

    fn end_span(&mut self) {
        if self.current.is_empty() && !self.current_after_bracket {
            return;
        }
        let span = Span { text: std::mem::take(&mut self.current), code: false };
        self.pieces.push(Piece { span, after_bracket: std::mem::take(&mut self.current_after_bracket) });
    }

    fn finish(mut self, spans: &mut Vec<Span>) {
        self.end_span();
        for piece in self.pieces {
            let text = if piece.after_bracket { format!("[{}", piece.span.text) } else { piece.span.text };
            match spans.last_mut() {
                Some(last) if !last.code && !piece.span.code && last.text != "\n" => {
                    last.text.push_str(&text)
                }
                _ if text.is_empty() => {}
                _ => spans.push(Span { text, code: piece.span.code }),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(line: &str) -> Vec<(String, bool)> {
        let text = text(&[SourceLine { number: 1, text: line }]);
        text.spans.into_iter().map(|span| (span.text, span.code)).collect()
    }

    fn plain(text: &str) -> (String, bool) {
        (text.to_owned(), false)
    }

    fn code(text: &str) -> (String, bool) {
        (text.to_owned(), true)
    }

    #[test]
    fn a_link_is_its_words() {
        assert_eq!(spans("see [the list](./list.md#top) now"), [plain("see the list now")]);
        assert_eq!(spans("[`integer`](../types.md)"), [code("integer")]);
    }

    #[test]
    fn brackets_that_are_no_link_stay() {
        assert_eq!(spans("items[].id"), [plain("items[].id")]);
        assert_eq!(spans("[`object`] of"), [plain("["), code("object"), plain("] of")]);
    }

    #[test]
    fn escapes_are_undone() {
        assert_eq!(spans(r"UF\_\* `a\|b` x\|y"), [plain("UF_* "), code("a|b"), plain(" x|y")]);
    }
}
