//! Running text: code spans, links, emphasis; escapes are undone.

use std::ops::Range;

use crate::extract::syntax::text::{Span, SpanKind, Text};
use crate::extract::syntax::yfm::code_spans::code_spans;
use crate::extract::syntax::yfm::lines::SourceLine;
use crate::extract::syntax::yfm::pieces::{Piece, Stars, spans_of};

/// The running text of some lines, and whether something in it is escaped.
pub(super) fn text(lines: &[SourceLine<'_>]) -> (Text, bool) {
    let mut pieces = Vec::new();
    let mut targets = Vec::new();
    let mut escapes = false;
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            pieces.push(Piece::Span(Span { kind: SpanKind::Break, ..Span::default() }));
        }
        escapes |= read_line(line.text, &mut pieces, &mut targets);
    }
    let line = lines.first().map_or(1, |line| line.number);
    (Text { line, spans: spans_of(pieces), targets, bullet: None }, escapes)
}

/// Reads one line. Returns whether something in it is escaped.
fn read_line(line: &str, pieces: &mut Vec<Piece>, targets: &mut Vec<String>) -> bool {
    let mut reader = LineReader {
        line,
        pieces,
        targets,
        words: String::new(),
        brackets: Vec::new(),
        in_target: false,
        escapes: false,
    };
    let mut from = 0;
    for code in code_spans(line) {
        reader.read(from..code.whole.start);
        reader.end_words();
        let text = line.get(code.content).unwrap_or_default().replace("\\|", "|");
        reader.pieces.push(Piece::Span(Span { kind: SpanKind::Code, text, ..Span::default() }));
        from = code.whole.end;
    }
    reader.read(from..line.len());
    reader.end_words();
    reader.escapes
}

/// Reads a line without its code. A link may reach across code, as in [`integer`](types.md), but not across lines.
struct LineReader<'a, 't> {
    line: &'a str,
    pieces: &'t mut Vec<Piece>,
    targets: &'t mut Vec<String>,
    /// The words since the last piece.
    words: String,
    /// The pieces that are opening brackets and have met no closing one.
    brackets: Vec<usize>,
    /// Whether the last of the targets is being read.
    in_target: bool,
    /// Whether something is escaped.
    escapes: bool,
}

impl LineReader<'_, '_> {
    fn read(&mut self, part: Range<usize>) {
        let start = part.start;
        let mut chars = self.line.get(part).unwrap_or_default().char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                ')' if self.in_target => self.in_target = false,
                c if self.in_target => {
                    if let Some(target) = self.targets.last_mut().filter(|_| c != '(') {
                        target.push(c);
                    }
                }
                '\\' => match chars.next_if(|(_, next)| next.is_ascii_punctuation()) {
                    Some((_, escaped)) => {
                        self.escapes = true;
                        self.words.push(escaped);
                    }
                    None => self.words.push('\\'),
                },
                '[' => self.opening_bracket(),
                ']' => self.closing_bracket(chars.peek().is_some_and(|(_, next)| *next == '(')),
                '*' => {
                    let mut count = 1;
                    while chars.next_if(|(_, next)| *next == '*').is_some() {
                        count += 1;
                    }
                    self.stars(start + at, count);
                }
                c => self.words.push(c),
            }
        }
    }

    fn opening_bracket(&mut self) {
        self.end_words();
        self.brackets.push(self.pieces.len());
        self.pieces.push(Piece::Bracket);
    }

    /// Ends the text of a link where a target follows.
    fn closing_bracket(&mut self, before_target: bool) {
        match self.brackets.pop() {
            Some(opened) if before_target => {
                self.end_words();
                if let Some(piece) = self.pieces.get_mut(opened) {
                    *piece = Piece::LinkStart(u32::try_from(self.targets.len()).unwrap_or(u32::MAX));
                }
                self.pieces.push(Piece::LinkEnd);
                self.targets.push(String::new());
                self.in_target = true;
            }
            _ => self.words.push(']'),
        }
    }

    /// A run of stars: it may open emphasis before a word, and close it behind one.
    fn stars(&mut self, at: usize, count: usize) {
        let is_word = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
        let before = self.line.get(..at).and_then(|before| before.chars().next_back());
        let behind = self.line.get(at + count..).and_then(|behind| behind.chars().next());
        self.end_words();
        self.pieces.push(Piece::Stars(Stars {
            count,
            may_open: is_word(behind),
            may_close: is_word(before),
        }));
    }

    fn end_words(&mut self) {
        if !self.words.is_empty() {
            let text = std::mem::take(&mut self.words);
            self.pieces.push(Piece::Span(Span { text, ..Span::default() }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The spans of a line: `code` between backticks, what is strong between underscores, what is linked between angles.
    fn spans(line: &str) -> Vec<String> {
        let (text, _) = text(&[SourceLine { number: 1, text: line }]);
        let shown = |span: &Span| {
            let mut shown = span.text.clone();
            if span.kind == SpanKind::Code {
                shown = format!("`{shown}`");
            }
            if span.strong {
                shown = format!("_{shown}_");
            }
            match span.link.and_then(|link| text.targets.get(link as usize)) {
                Some(target) => format!("<{shown} {target}>"),
                None => shown,
            }
        };
        text.spans.iter().map(shown).collect()
    }

    #[test]
    fn a_link_keeps_its_words_and_its_target() {
        assert_eq!(spans("see [the list](./list.md#top) now"), ["see ", "<the list ./list.md#top>", " now"]);
        assert_eq!(spans("[`integer`](../types.md)"), ["<`integer` ../types.md>"]);
        assert_eq!(spans("[a [b](c) d](e)"), ["<a  e>", "<b c>", "< d e>"]);
        assert_eq!(spans("[](c)"), [""; 0]);
    }

    #[test]
    fn brackets_that_are_no_link_stay() {
        assert_eq!(spans("items[].id"), ["items[].id"]);
        assert_eq!(spans("[`object`] of"), ["[", "`object`", "] of"]);
    }

    #[test]
    fn escapes_are_undone() {
        assert_eq!(spans(r"UF\_\* `a\|b` x\|y"), ["UF_* ", "`a|b`", " x|y"]);
        assert_eq!(spans(r"**UF_\***"), ["_UF_*_"]);
    }

    #[test]
    fn stars_beyond_emphasis_are_words() {
        assert_eq!(spans("**ID***"), ["_ID_", "*"]);
        assert_eq!(spans("**ID****"), ["_ID_", "**"]);
        assert_eq!(spans("**ID**^*^"), ["_ID_", "^*^"]);
        assert_eq!(spans("**ID^*^**"), ["_ID^*^_"]);
        assert_eq!(spans("**ID***,**"), ["_ID_", "*,**"]);
        assert_eq!(spans("***ID***"), ["*", "_ID_", "*"]);
        assert_eq!(spans("**A***|**B**"), ["_A_", "*|", "_B_"]);
        assert_eq!(spans("ID*"), ["ID*"]);
    }

    #[test]
    fn emphasis_may_hold_code_and_links() {
        assert_eq!(spans("**`a` b** c"), ["_`a`_", "_ b_", " c"]);
        assert_eq!(spans("[**a** b](c)"), ["<_a_ c>", "< b c>"]);
    }

    #[test]
    fn emphasis_that_is_not_closed_is_none() {
        assert_eq!(spans("** note"), ["** note"]);
        assert_eq!(spans("**a b"), ["**a b"]);
        assert_eq!(spans("**a **b** c"), ["**a ", "_b_", " c"]);
    }
}
