//! Tables of plain Markdown: a line for each row, with strokes between the cells and a line of dashes below the head.

use crate::extract::syntax::yfm::code_spans::code_spans;
use crate::extract::syntax::yfm::lines::SourceLine;
use crate::extract::syntax::yfm::table_scanner::{RawRow, RawTable};

/// The table that begins in the first line, if the second line is one of dashes.
pub(super) fn scan<'a>(lines: &[SourceLine<'a>]) -> Option<RawTable<'a>> {
    let [head, dashes, ..] = lines else { return None };
    let columns = cells(head).len();
    if !is_row(head.text) || !is_dashes(dashes.text) || cells(dashes).len() != columns {
        return None;
    }
    let rows = lines.iter().take_while(|line| is_row(line.text)).enumerate();
    let height = rows.clone().count();
    let row = |line: &SourceLine<'a>| RawRow {
        line: line.number,
        cells: cells(line).into_iter().map(|cell| vec![cell]).collect(),
    };
    let rows = rows.filter(|(index, _)| *index != 1).map(|(_, line)| row(line)).collect();
    Some(RawTable { line: head.number, rows, height, rest: "" })
}

fn is_row(line: &str) -> bool {
    let line = line.trim();
    line.starts_with('|') && line.len() > 2 && !line.starts_with("||") && !line.starts_with("|#")
}

fn is_dashes(line: &str) -> bool {
    is_row(line) && line.contains("--") && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'))
}

/// The cells of a row. A stroke inside a code span or behind a backslash separates nothing.
fn cells<'a>(line: &SourceLine<'a>) -> Vec<SourceLine<'a>> {
    let text = line.text.trim();
    let text = text.strip_prefix('|').unwrap_or(text);
    let spans = code_spans(text);
    let is_code = |at: usize| spans.iter().any(|span| span.content.contains(&at));
    let mut cells = Vec::new();
    let mut begin = 0;
    for (at, _) in text.match_indices('|') {
        let is_escaped = text.get(..at).is_some_and(|before| before.ends_with('\\'));
        if !is_escaped && !is_code(at) {
            cells.push(text.get(begin..at).unwrap_or_default());
            begin = at + 1;
        }
    }
    let last = text.get(begin..).unwrap_or_default();
    if !last.trim().is_empty() {
        cells.push(last);
    }
    cells.into_iter().map(|text| SourceLine { number: line.number, text: text.trim() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scanned(text: &str) -> Option<Vec<Vec<&str>>> {
        let lines = text.lines().zip(1..);
        let lines: Vec<SourceLine<'_>> = lines.map(|(text, number)| SourceLine { number, text }).collect();
        let rows = scan(&lines)?.rows;
        Some(rows.iter().map(|row| row.cells.iter().map(|cell| cell[0].text).collect()).collect())
    }

    #[test]
    fn a_row_is_a_line_with_strokes() {
        let table = scanned("| Name | About |\n|:---|---|\n| `a|b` | c \\| d |\n| e | |\nText");
        assert_eq!(table.unwrap(), [["Name", "About"], ["`a|b`", "c \\| d"], ["e", ""]]);
        for text in [
            "| a | b |",
            "| a | b |\n| c | d |",
            "|| a | b ||\n|---|---|",
            "a | b\n--|--",
            "| a |\n|---|---|",
        ] {
            assert_eq!(scanned(text), None, "{text}");
        }
    }
}
