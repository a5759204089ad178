//! The name of a parameter as a table gives it: with its mark, several in one cell, or a placeholder for names that only a
//! portal knows.

use crate::extract::lexicon::params::NUMBERED;
use crate::extract::syntax::ast::Cell;

/// What stands in the cell of a name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NameCell {
    /// One parameter, or several of which one is meant.
    Names { names: Vec<String>, required: bool },
    /// Any name of a kind, as `UF_*`.
    Placeholder,
}

/// The name or names in a cell.
pub(crate) fn parse_name_cell(cell: &Cell) -> Option<NameCell> {
    read(&cell.first_line())
}

/// The only name in a cell.
pub(crate) fn plain_name(cell: &Cell) -> Option<String> {
    match parse_name_cell(cell)? {
        NameCell::Names { mut names, .. } => names.pop().filter(|_| names.is_empty()),
        NameCell::Placeholder => None,
    }
}

fn read(line: &str) -> Option<NameCell> {
    if is_placeholder(line) {
        return Some(NameCell::Placeholder);
    }
    let parts: Vec<&str> = line.split('|').map(str::trim).collect();
    if parts.len() > 1 && parts.iter().all(|part| part.starts_with("**")) {
        let marked: Vec<_> = parts.into_iter().map(marked_name).collect::<Option<_>>()?;
        let required = marked.iter().any(|(_, required)| *required);
        return Some(NameCell::Names { names: marked.into_iter().map(|(name, _)| name).collect(), required });
    }
    let (name, required) = marked_name(line)?;
    Some(NameCell::Names { names: vec![name], required })
}

/// `UF_*`, `UF_CRM_...`, `<FIELD_CODE>`, `PROPERTY_{id}`, `fieldN`, `PROPERTY_FieldId`: no name, but a pattern of names.
fn is_placeholder(line: &str) -> bool {
    let name = line.trim_start_matches('*').split_whitespace().next().unwrap_or_default();
    let holds = |mark: &str| name.contains(mark);
    let starred = name.split_once("_*").is_some_and(|(head, _)| !head.contains('*'));
    let bare = name.trim_end_matches(['*', '^', ',']).ends_with('_');
    let plain = name.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let numbered = NUMBERED.contains(&plain) || is_capital_and_word(plain);
    starred || bare || numbered || holds("...") || holds("…") || holds("<") || holds("{") || holds("XXX")
}

/// `PROPERTY_FieldId`: capitals, and behind a line a word that tells what stands there.
fn is_capital_and_word(name: &str) -> bool {
    name.rsplit_once('_').is_some_and(|(stem, word)| {
        stem.chars().all(|c| c.is_ascii_uppercase() || c == '_')
            && !stem.is_empty()
            && word.starts_with(|c: char| c.is_ascii_uppercase())
            && word.ends_with("Id")
            && word.contains(|c: char| c.is_ascii_lowercase())
    })
}

/// The name in a cell, and whether it is marked as required: `**ID***`, `**ID**^*^`, `ID*`, but not `**ID****`, which is the
/// mark of another footnote.
fn marked_name(text: &str) -> Option<(String, bool)> {
    let bold = text.chars().take_while(|c| *c == '*').count();
    let text = text.get(bold..)?.trim_start();
    let end =
        text.find(|c: char| matches!(c, '*' | '^' | ',' | '|') || c.is_whitespace()).unwrap_or(text.len());
    let (name, behind) = text.split_at_checked(end)?;
    // A second word inside the emphasis makes it no name, unless it stands in brackets.
    let inside = behind.split('*').next().unwrap_or_default().trim_start();
    if bold > 0 && !inside.is_empty() && !inside.starts_with(['(', '^', ',']) {
        return None;
    }
    let marks = marks(behind, bold);
    let stars = marks.matches('*').count();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '[' | ']' | '~' | ':');
    let one_name = !name.is_empty() && name.len() <= 100 && name.chars().all(is_name) && !marks.contains('|');
    (one_name && name.contains(|c: char| c.is_ascii_alphanumeric()))
        .then(|| (name.to_owned(), stars == bold + 1))
}

/// The marks behind a name: up to the first word that is none, with a gap that emphasis leaves in `**ID** *`.
fn marks(behind: &str, bold: usize) -> String {
    let mut marks = String::new();
    for (index, word) in behind.split_whitespace().enumerate() {
        let is_mark = word.chars().all(|c| matches!(c, '*' | '^' | ','));
        if index > 0 && !(is_mark && marks.matches('*').count() == bold) {
            break;
        }
        marks.push_str(word);
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_beyond_the_marks_of_emphasis_means_required() {
        for (cell, name, required) in [
            ("**ID***", "ID", true),
            ("**ID**", "ID", false),
            ("**ID**^*^", "ID", true),
            ("**ID^*^**", "ID", true),
            ("**ID** *", "ID", true),
            ("**ID****", "ID", false),
            ("**ID***,**", "ID", false),
            ("**TITLE (LANG)**", "TITLE", false),
            ("ID*", "ID", true),
            ("ID", "ID", false),
            ("ID integer", "ID", false),
        ] {
            assert_eq!(marked_name(cell), Some((name.to_owned(), required)), "{cell}");
        }
        for cell in ["**Name of it**", "", "**", "Имя", "..."] {
            assert_eq!(marked_name(cell), None, "{cell}");
        }
    }

    #[test]
    fn a_cell_may_name_several_or_a_kind() {
        let names = |names: &[&str], required| NameCell::Names {
            names: names.iter().map(|&name| name.to_owned()).collect(),
            required,
        };
        for (cell, expected) in [
            ("**A***|**B***", Some(names(&["A", "B"], true))),
            ("**A** string|null", Some(names(&["A"], false))),
            ("**UF_***", Some(NameCell::Placeholder)),
            ("**UF_CRM_...**", Some(NameCell::Placeholder)),
            ("**UF_**", Some(NameCell::Placeholder)),
            ("**<FIELD_CODE>**", Some(NameCell::Placeholder)),
            ("**NAME_***", Some(NameCell::Placeholder)),
            ("**fieldN***", Some(NameCell::Placeholder)),
            ("**PROPERTY_FieldId**", Some(NameCell::Placeholder)),
            ("**gpsN**", Some(names(&["gpsN"], false))),
            ("**USER_ID**", Some(names(&["USER_ID"], false))),
        ] {
            assert_eq!(read(cell), expected, "{cell}");
        }
    }
}
