//! Reads tables of placements: a code and a location in each row, and the overviews that name codes beside links.

use crate::extract::lexicon::placements::{
    ANY_PART, CODE_HEADS, LOCATION_HEADS, OVERVIEW_HEADS, VARIABLE_PARTS,
};
use crate::extract::syntax::ast::{Cell, Row, Table};

/// The code of a placement, or of a family of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlacementCode {
    /// As it is written.
    pub(crate) code: String,
    /// With the variable part in braces.
    pub(crate) pattern: Option<String>,
}

/// A row of a table of placements.
pub(crate) struct PlacementRow<'a> {
    pub(crate) code: PlacementCode,
    pub(crate) location: &'a Cell,
}

impl PlacementCode {
    /// Reads a word: capitals, digits and `_`, perhaps with a variable part. `None` for anything else, and for a word that stands
    /// for several codes, as `ZOO_XXX_TAB` does.
    pub(crate) fn read(word: &str) -> Option<Self> {
        let (start, name, end) = match word.split_once('<').and_then(|(start, rest)| {
            let (name, end) = rest.split_once('>')?;
            Some((start, name, end))
        }) {
            Some(parts) => parts,
            None => (word, "", ""),
        };
        let fits =
            |part: &str| part.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
        // A star stands for itself: it binds all members of a family.
        let plain = if name.is_empty() { start.strip_suffix('*').unwrap_or(start) } else { start };
        let starts = start.starts_with(|c: char| c.is_ascii_uppercase()) && plain.len() > 2;
        if !starts || ![plain, name, end].into_iter().all(fits) {
            return None;
        }
        let pattern = match name {
            "" => {
                let known = VARIABLE_PARTS.iter().find(|(part, _)| word.contains(part));
                known.map(|(part, with_name)| word.replacen(part, with_name, 1))
            }
            name => Some(format!("{start}{{{}}}{end}", name.to_ascii_lowercase())),
        };
        (pattern.is_some() || !word.contains(ANY_PART)).then(|| Self { code: word.to_owned(), pattern })
    }

    /// Whether a word stands for several codes, and for this one: `ZOO_XXX_TAB` for `ZOO_CAGE_TAB`.
    pub(crate) fn is_meant_by(&self, word: &str) -> bool {
        let Some((start, end)) = word.split_once(ANY_PART) else { return false };
        let rest = self.code.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
        rest.is_some_and(|part| !part.is_empty())
    }
}

/// The rows of a table with a column of codes and one of locations; none for any other table.
pub(crate) fn placement_rows(table: &Table) -> Vec<PlacementRow<'_>> {
    let Some((head, rows)) = table.rows.split_first() else { return Vec::new() };
    let column = |is: &dyn Fn(&str) -> bool| head.cells.iter().position(|cell| is(&cell.prose()));
    let columns = (column(&|head| CODE_HEADS.end(head)), column(&|head| LOCATION_HEADS.are(head)));
    let (Some(codes), Some(locations)) = columns else { return Vec::new() };
    let mut found = Vec::new();
    for row in rows {
        let (Some(cell), Some(location)) = (row.cells.get(codes), row.cells.get(locations)) else { continue };
        let codes = cell.code().into_iter().filter_map(PlacementCode::read);
        found.extend(codes.map(|code| PlacementRow { code, location }));
    }
    found
}

/// The codes in the first column of an overview of placements, and in one of codes.
pub(crate) fn overview_codes(table: &Table) -> Vec<(PlacementCode, usize)> {
    let Some((head, rows)) = table.rows.split_first() else { return Vec::new() };
    if !head.cells.first().is_some_and(|cell| OVERVIEW_HEADS.are(&cell.prose())) {
        return Vec::new();
    }
    let heads = head.cells.iter().enumerate();
    let is_of_codes: Vec<bool> =
        heads.map(|(index, cell)| index == 0 || CODE_HEADS.are(&cell.prose())).collect();
    let of_row = |row: &Row| -> Vec<(PlacementCode, usize)> {
        let cells = || row.cells.iter().zip(&is_of_codes).filter(|(_, is_of_codes)| **is_of_codes);
        let texts = || cells().flat_map(|(cell, _)| cell.paragraphs());
        let code = texts().flat_map(|text| text.code()).map(str::to_owned);
        let links = texts().flat_map(|text| text.links()).map(|link| link.words.trim().to_owned());
        let words: Vec<String> = code.chain(links).collect();
        let is_code = |word: &String| word.contains('_');
        let codes = words.iter().filter(|word| is_code(word)).filter_map(|word| PlacementCode::read(word));
        codes.map(|code| (code, row.line)).collect()
    };
    let mut found: Vec<(PlacementCode, usize)> = Vec::new();
    for (code, line) in rows.iter().flat_map(of_row) {
        if !found.iter().any(|(known, _)| *known == code) {
            found.push((code, line));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_capitals_and_perhaps_a_variable_part() {
        let shown = |word: &str| PlacementCode::read(word).map(|code| code.pattern.unwrap_or(code.code));
        for (word, code) in [
            ("ZOO_CAGE_TAB", Some("ZOO_CAGE_TAB")),
            ("ZOO_DYNAMIC_XXX_TAB", Some("ZOO_DYNAMIC_{entityTypeId}_TAB")),
            ("ZOO_BLOCK_<CODE>", Some("ZOO_BLOCK_{code}")),
            ("ZOO_BLOCK_*", Some("ZOO_BLOCK_*")),
            ("ZOO_XXX_TAB", None),
            ("Zoo_Tab", None),
            ("zoo.cage.add", None),
            ("<CODE>", None),
            ("_", None),
        ] {
            assert_eq!(shown(word).as_deref(), code, "{word}");
        }
    }

    #[test]
    fn a_word_may_stand_for_several_codes() {
        let code = PlacementCode::read("ZOO_CAGE_TAB").unwrap();
        assert!(code.is_meant_by("ZOO_XXX_TAB") && code.is_meant_by("XXX_TAB"));
        assert!(!code.is_meant_by("ZOO_XXX_MENU") && !code.is_meant_by("ZOO_CAGE_TAB"));
    }
}
