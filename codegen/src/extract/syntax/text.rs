//! Running text: spans of words and code, with emphasis and links.

use std::borrow::Cow;

/// Running text: a paragraph, a heading or a list item.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Text {
    pub(crate) line: usize,
    pub(crate) spans: Vec<Span>,
    /// The targets of the links, in order.
    pub(crate) targets: Vec<String>,
    /// The indentation of the list marker in bytes, if the text is a list item.
    pub(crate) bullet: Option<usize>,
}

/// A part of a text in one style.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Span {
    pub(crate) kind: SpanKind,
    /// The characters as a reader sees them; empty for a break.
    pub(crate) text: String,
    /// Whether the span is emphasized.
    pub(crate) strong: bool,
    /// The link that contains the span, as an index into [`Text::targets`].
    pub(crate) link: Option<u32>,
}

/// The kind of a span.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SpanKind {
    #[default]
    Words,
    Code,
    /// The end of a line.
    Break,
}

/// A link of a text.
#[derive(Debug, PartialEq)]
pub(crate) struct Link<'a> {
    /// The text of the link, code included.
    pub(crate) words: String,
    pub(crate) target: &'a str,
}

/// A part of a text without its emphasis and links, for rules that match the words around code.
#[derive(Debug, PartialEq)]
pub(crate) enum Run<'a> {
    /// All words up to the next code span or break.
    Words(Cow<'a, str>),
    Code(&'a str),
    Break,
}

/// The marker of emphasis. A marker without a matching one stays in the words and is removed from prose.
const MARK: &str = "**";

impl Text {
    /// The words and the code; each run of white space becomes one space.
    pub(crate) fn prose(&self) -> String {
        prose(&self.spans)
    }

    /// The texts of the code spans.
    pub(crate) fn code(&self) -> impl Iterator<Item = &str> {
        self.spans.iter().filter(|span| span.kind == SpanKind::Code).map(|span| span.text.trim())
    }

    /// The links, in order. The text of a nested link belongs to the inner link only.
    pub(crate) fn links(&self) -> Vec<Link<'_>> {
        let mut links: Vec<Link<'_>> =
            self.targets.iter().map(|target| Link { words: String::new(), target }).collect();
        for span in &self.spans {
            let link = span.link.and_then(|link| links.get_mut(usize::try_from(link).ok()?));
            if let Some(link) = link {
                link.words.push_str(&span.text);
            }
        }
        links
    }

    /// The spans before the first break.
    pub(crate) fn first_line(&self) -> &[Span] {
        let end = self.spans.iter().position(|span| span.kind == SpanKind::Break);
        self.spans.get(..end.unwrap_or(self.spans.len())).unwrap_or_default()
    }

    /// The text as runs, without emphasis and links.
    pub(crate) fn runs(&self) -> Vec<Run<'_>> {
        let mut runs: Vec<Run<'_>> = Vec::with_capacity(self.spans.len());
        for span in &self.spans {
            match (span.kind, runs.last_mut()) {
                (SpanKind::Break, _) => runs.push(Run::Break),
                (SpanKind::Code, _) => runs.push(Run::Code(&span.text)),
                (SpanKind::Words, Some(Run::Words(words))) => words.to_mut().push_str(&unmarked(&span.text)),
                (SpanKind::Words, _) => runs.push(Run::Words(unmarked(&span.text))),
            }
        }
        runs
    }
}

impl Run<'_> {
    /// Whether the run is empty or white space.
    pub(crate) fn is_blank(&self) -> bool {
        self.as_str().trim().is_empty()
    }

    /// The words or the code.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Words(words) => words,
            Self::Code(code) => code,
            Self::Break => "\n",
        }
    }
}

/// The words and the code of the spans; each run of white space becomes one space.
pub(crate) fn prose(spans: &[Span]) -> String {
    let mut prose = String::new();
    for span in spans {
        match span.kind {
            SpanKind::Words => prose.push_str(&unmarked(&span.text)),
            SpanKind::Code => prose.push_str(&span.text),
            SpanKind::Break => prose.push('\n'),
        }
    }
    one_line(&prose)
}

fn unmarked(words: &str) -> Cow<'_, str> {
    if words.contains(MARK) { Cow::Owned(words.replace(MARK, "")) } else { Cow::Borrowed(words) }
}

/// The trimmed text; each run of white space becomes one space.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
