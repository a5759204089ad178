//! Reads the cell that names a parameter or a field: a name with its marks, several names, or a placeholder for names that
//! only a portal knows; and the type next to or below it.

use crate::extract::lexicon::params::NUMBERED;
use crate::extract::lexicon::portal_names::is_portal_name;
use crate::extract::syntax::ast::Cell;
use crate::extract::tables::marked_words::{MarkedWords, alternatives};
use crate::extract::tables::type_cell::type_in;

/// The content of a name cell.
///
/// Tables of parameters and tables of results share one grammar. Its meaning differs:
///
/// | cell | parameter | returned field |
/// |---|---|---|
/// | `**A***\|**B**` | one of two parameters | none |
/// | `UF_*`, `fieldN` | a placeholder: further names are allowed | a field of that name if it is a word |
/// | `**Name of it**` | none | the first word |
/// | `ID*` | a required parameter | the field `ID`; the mark has no meaning |
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NameCell {
    pub(crate) line: usize,
    /// The name, read as that of a parameter.
    pub(crate) parameter: Option<ParameterName>,
    /// The name, read as that of a returned field.
    pub(crate) field: Option<String>,
    /// The type in the words of the documentation.
    pub(crate) type_words: Option<String>,
    /// The anchor of the section of the same page that the type links to.
    pub(crate) section: Option<String>,
}

/// The name of a parameter.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ParameterName {
    /// One parameter, or several alternative ones.
    Names { names: Vec<String>, required: bool },
    /// A pattern of names, such as `UF_*`.
    Placeholder,
}

/// The maximum length of a name in bytes.
const MAX_LENGTH: usize = 120;

impl NameCell {
    /// Reads a cell.
    pub(crate) fn of(cell: &Cell) -> Self {
        let words = MarkedWords::of(cell.first_line());
        Self {
            line: cell.line,
            parameter: parameter(cell, &words),
            field: field(&words),
            type_words: type_in(cell),
            section: section_in(cell),
        }
    }

    /// The name of the parameter, if the cell contains exactly one.
    pub(crate) fn only_parameter(&self) -> Option<&str> {
        match self.parameter.as_ref()? {
            ParameterName::Names { names, .. } => match names.as_slice() {
                [name] => Some(name),
                _ => None,
            },
            ParameterName::Placeholder => None,
        }
    }
}

/// The section that a link in a cell leads to.
pub(crate) fn section_in(cell: &Cell) -> Option<String> {
    let mut targets = cell.paragraphs().flat_map(|text| &text.targets);
    targets.find_map(|target| target.strip_prefix('#')).map(str::to_owned)
}

fn parameter(cell: &Cell, words: &MarkedWords) -> Option<ParameterName> {
    if is_placeholder(&words.first) {
        return Some(ParameterName::Placeholder);
    }
    let parts = alternatives(cell.first_line());
    if !parts.is_empty() {
        let parts: Vec<MarkedWords> = parts.iter().map(|part| MarkedWords::of(part)).collect();
        let names = parts.iter().map(sent_name).collect::<Option<_>>()?;
        return Some(ParameterName::Names { names, required: parts.iter().any(MarkedWords::is_starred) });
    }
    Some(ParameterName::Names { names: vec![sent_name(words)?], required: words.is_starred() })
}

/// The name of one parameter: a single word, apart from words in brackets.
fn sent_name(words: &MarkedWords) -> Option<String> {
    let is_sent = |c: char| matches!(c, '_' | '.' | '-' | '[' | ']' | '~' | ':');
    let alone = !words.is_phrase && !words.marks.contains('|');
    Some(words.name.as_str()).filter(|name| alone && is_name(name, is_sent)).map(str::to_owned)
}

/// The name of a returned field.
fn field(words: &MarkedWords) -> Option<String> {
    let name = words.name.trim_end_matches([':', '.']);
    let is_returned = |c: char| matches!(c, '_' | '.' | '-' | '[' | ']' | '$' | ':');
    (is_name(name, is_returned) && !name.contains("...")).then(|| name.to_owned())
}

fn is_name(name: &str, is_mark: impl Fn(char) -> bool) -> bool {
    name.len() <= MAX_LENGTH
        && name.contains(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || is_mark(c))
}

/// Whether a word is a pattern of names and not a name: `UF_*`, `UF_CRM_...`, `<FIELD_CODE>`, `PROPERTY_{id}`, `fieldN`,
/// `PROPERTY_FieldId`.
fn is_placeholder(word: &str) -> bool {
    let word = word.trim_start_matches('*');
    let contains = |mark: &str| word.contains(mark);
    let starred = word.split_once("_*").is_some_and(|(head, _)| !head.contains('*'));
    let bare = word.trim_end_matches(['*', '^', ',']).ends_with('_');
    let plain = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let numbered = NUMBERED.contains(&plain) || is_capital_and_word(plain) || is_portal_name(plain);
    starred || bare || numbered || ["...", "…", "<", "{", "XXX"].into_iter().any(contains)
}

/// Whether a name is upper case up to its last underscore and ends in a word for the part to fill in, as
/// `PROPERTY_FieldId`.
fn is_capital_and_word(name: &str) -> bool {
    name.rsplit_once('_').is_some_and(|(stem, word)| {
        stem.chars().all(|c| c.is_ascii_uppercase() || c == '_')
            && !stem.is_empty()
            && word.starts_with(|c: char| c.is_ascii_uppercase())
            && word.ends_with("Id")
            && word.contains(|c: char| c.is_ascii_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::syntax::yfm::read_page;

    /// Parses the text as a name cell.
    fn name_cell(text: &str) -> NameCell {
        let page = read_page(&format!("#|\n|| **Name** | **Description** ||\n|| {text} | – ||\n|#"), 1);
        let table = page.sections[0].tables().next().unwrap();
        NameCell::of(&table.rows[1].cells[0])
    }

    fn names(names: &[&str], required: bool) -> ParameterName {
        ParameterName::Names { names: names.iter().map(|&name| name.to_owned()).collect(), required }
    }

    #[test]
    fn a_star_besides_emphasis_marks_a_required_parameter() {
        for (cell, name, required) in [
            ("**ID***", "ID", true),
            ("**ID**", "ID", false),
            ("**ID**^*^", "ID", true),
            ("**ID^*^**", "ID", true),
            ("**ID** *", "ID", true),
            ("**ID****", "ID", false),
            ("**ID***,**", "ID", false),
            ("**TITLE (LANG)**", "TITLE", false),
            ("**TITLE (LANG)***", "TITLE", true),
            ("**`ID`***", "ID", true),
            ("**ID", "ID", false),
            ("ID*", "ID", true),
            ("ID", "ID", false),
            ("ID integer", "ID", false),
        ] {
            assert_eq!(name_cell(cell).parameter, Some(names(&[name], required)), "{cell}");
            assert_eq!(name_cell(cell).field.as_deref(), Some(name), "{cell}");
        }
        for cell in ["**Name of it**", "", "**", "Имя"] {
            assert_eq!(name_cell(cell).parameter, None, "{cell}");
        }
    }

    #[test]
    fn a_cell_may_contain_alternatives_or_a_placeholder() {
        for (cell, expected) in [
            (r"**A***\|**B***", names(&["A", "B"], true)),
            (r"**A** \| **B**", names(&["A", "B"], false)),
            (r"**A** string\|null", names(&["A"], false)),
            ("**UF_***", ParameterName::Placeholder),
            ("**UF_CRM_...**", ParameterName::Placeholder),
            ("**UF_**", ParameterName::Placeholder),
            ("**<FIELD_CODE>**", ParameterName::Placeholder),
            ("**NAME_***", ParameterName::Placeholder),
            ("**fieldN***", ParameterName::Placeholder),
            ("**PROPERTY_FieldId**", ParameterName::Placeholder),
            ("...", ParameterName::Placeholder),
            ("**gpsN**", names(&["gpsN"], false)),
            ("**USER_ID**", names(&["USER_ID"], false)),
        ] {
            assert_eq!(name_cell(cell).parameter, Some(expected), "{cell}");
        }
    }

    #[test]
    fn the_first_word_names_a_returned_field() {
        for (cell, field) in [
            ("**result.items[]**", Some("result.items[]")),
            ("**$type**:", Some("$type")),
            ("**Name of it**", Some("Name")),
            ("**fieldN**", Some("fieldN")),
            ("**UF_CRM_...**", Some("UF_CRM_")),
            ("**a...b**", None),
            ("", None),
        ] {
            assert_eq!(name_cell(cell).field.as_deref(), field, "{cell}");
        }
    }
}
