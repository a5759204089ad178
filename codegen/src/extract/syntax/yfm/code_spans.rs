//! Finds code in a line: spans between two runs of backticks of the same length, and the opening and closing of fences.

use std::collections::HashMap;
use std::ops::Range;

/// The byte ranges of a code span: the whole span, and the content between the backticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CodeSpan {
    pub(super) whole: Range<usize>,
    pub(super) content: Range<usize>,
}

/// The code spans of a line, in order. A run of backticks without a matching run is text.
pub(super) fn code_spans(line: &str) -> Vec<CodeSpan> {
    let runs = backtick_runs(line);
    let closers = closers(&runs);
    let mut spans = Vec::new();
    let mut next = 0;
    while let Some(open) = runs.get(next) {
        match closers.get(next).copied().flatten().and_then(|close| Some((close, runs.get(close)?))) {
            Some((close, closing)) => {
                spans.push(CodeSpan { whole: open.start..closing.end, content: open.end..closing.start });
                next = close + 1;
            }
            None => next += 1,
        }
    }
    spans
}

/// For each run, the index of the next run of the same length.
fn closers(runs: &[Range<usize>]) -> Vec<Option<usize>> {
    let mut latest = HashMap::new();
    let mut closers = vec![None; runs.len()];
    for (index, run) in runs.iter().enumerate().rev() {
        if let Some(closer) = closers.get_mut(index) {
            *closer = latest.insert(run.len(), index);
        }
    }
    closers
}

fn backtick_runs(line: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, _) in line.match_indices('`') {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end = at + 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

/// The opening of a fence: its character, its length and its indentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fence {
    pub(super) mark: char,
    pub(super) length: usize,
    pub(super) indent: usize,
}

impl Fence {
    /// The fence that a line opens. A line with further backticks is running text.
    pub(super) fn opened_by(line: &str) -> Option<Self> {
        let trimmed = line.trim_start();
        let mark = trimmed.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
        let length = trimmed.chars().take_while(|c| *c == mark).count();
        let info = trimmed.get(length..)?;
        let indent = line.len() - trimmed.len();
        (length >= 3 && !info.contains('`')).then_some(Self { mark, length, indent })
    }

    /// Whether a line closes the fence.
    pub(super) fn closed_by(&self, line: &str) -> bool {
        let trimmed = line.trim();
        trimmed.len() >= self.length && trimmed.chars().all(|c| c == self.mark)
    }

    /// The text after the closing characters of a fence, which may contain the rest of a table row: "``` ||".
    pub(super) fn after_close<'a>(&self, line: &'a str) -> Option<&'a str> {
        let trimmed = line.trim_start();
        let length = trimmed.chars().take_while(|c| *c == self.mark).count();
        let rest = trimmed.get(length..)?;
        (length >= self.length && !rest.contains(self.mark)).then_some(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(line: &str) -> Vec<&str> {
        code_spans(line).into_iter().map(|span| &line[span.content]).collect()
    }

    #[test]
    fn a_span_ends_at_a_run_of_the_same_length() {
        assert_eq!(contents("a `b` c ``d ` e`` ```f|null```"), ["b", "d ` e", "f|null"]);
        assert_eq!(contents("an `open one and ``closed``"), ["closed"]);
        assert_eq!(contents("none"), [""; 0]);
    }

    #[test]
    fn a_fence_opens_with_three_marks_and_no_further_backtick() {
        assert!(Fence::opened_by("  ```json").is_some());
        assert!(Fence::opened_by("```string```").is_none());
        assert!(Fence::opened_by("``two").is_none());
        let fence = Fence::opened_by("````").unwrap();
        assert!(!fence.closed_by("```") && fence.closed_by("  ````"));
    }
}
