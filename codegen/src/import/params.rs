//! The parameters of a method, as one page tells of them.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::{Number, Value};

use super::code::Calls;
use super::columns::{Columns, first_line};
use super::page::{Block, Cell, Page, Row, Section, Table, Text, Troubles, flat};
use super::vocabulary::{
    AT_LEAST_ONE, Column, NO_PARAMETERS, ONE_OF_TWO_OPTIONAL, RANGES, REQUIRED_FOOTNOTES, SectionKind,
};
use super::{documented_types, example_types};
use crate::descriptor::{Schema, SourceForm};

/// The parameters that a page lists.
#[derive(Debug, Default)]
pub(super) struct Params {
    /// The parameters by name, in the order of the table.
    pub(super) list: IndexMap<String, Param>,
    /// Whether the page has no way of marking a parameter as required.
    pub(super) required_unknown: bool,
    /// The parameters of which at least one must be given, and the line that says so.
    pub(super) any_of: Option<(Vec<String>, usize)>,
}

/// One parameter.
#[derive(Debug)]
pub(super) struct Param {
    pub(super) name: String,
    pub(super) line: usize,
    pub(super) required: bool,
    /// The type that the table gives.
    pub(super) documented: Option<Schema>,
    /// What the bodies of the example requests show.
    pub(super) in_request: Schema,
    /// What the column of examples shows.
    pub(super) in_table: Schema,
    pub(super) range: Option<(Number, Number)>,
}

/// Hears what a page says of parameters; `None` where it says nothing.
pub(super) fn hear(page: &Page, form: SourceForm, calls: &Calls, troubles: &mut Troubles) -> Option<Params> {
    let section = page.of_kind(SectionKind::Parameters).find(|section| section.tables().next().is_some());
    let section = section.or_else(|| page.of_kind(SectionKind::Parameters).next());
    // A few pages have the table of parameters above the first heading.
    let section =
        section.or_else(|| page.sections.first().filter(|preamble| preamble.tables().next().is_some()))?;
    let mut tables = section.tables();
    let Some(table) = tables.next() else {
        return without_table(section, troubles);
    };
    for other in tables {
        troubles.add(
            other.line,
            "a further table of parameters, which was not read",
            "one table of parameters",
        );
    }
    let examples = example_types::parameters_of(&calls.bodies);
    let list = rows(table, form, &examples, troubles);
    report_unlisted(&list, calls, table, troubles);
    let marked = list.values().any(|param| param.required);
    let any_of = at_least_one_of(section, table, &list, troubles);
    Some(Params { required_unknown: !marked && !has_footnote(section), any_of, list })
}

/// A section that says that there are none, or nothing that can be read.
fn without_table(section: &Section, troubles: &mut Troubles) -> Option<Params> {
    let says_none = |text: &Text| {
        let prose = text.prose().to_lowercase();
        NO_PARAMETERS.iter().any(|words| prose.starts_with(words))
    };
    if section.paragraphs().any(says_none) {
        return Some(Params { ..Params::default() });
    }
    troubles.add(
        section.line,
        "no table of parameters can be read in this section",
        "a table, or \"No parameters\"",
    );
    None
}

fn rows(
    table: &Table,
    form: SourceForm,
    examples: &HashMap<String, Schema>,
    troubles: &mut Troubles,
) -> IndexMap<String, Param> {
    let columns = Columns::of(table, &[Column::Name, Column::Description]);
    let mut list = IndexMap::new();
    for row in columns.rows {
        let Some(param) = param(&columns, row, form, examples, troubles) else {
            continue;
        };
        if list.contains_key(&param.name) {
            let message = format!("the parameter {} stands in the table twice", param.name);
            troubles.add(row.line, message, "each once; the first was used");
            continue;
        }
        list.insert(param.name.clone(), param);
    }
    list
}

fn param(
    columns: &Columns<'_>,
    row: &Row,
    form: SourceForm,
    examples: &HashMap<String, Schema>,
    troubles: &mut Troubles,
) -> Option<Param> {
    let cell = columns.cell(row, Column::Name)?;
    let Some((name, required)) = marked_name(&first_line(cell)) else {
        let message = format!("no name of a parameter can be read in \"{}\"", first_line(cell));
        troubles.add(row.line, message, "one name, perhaps with a star; this row is not used");
        return None;
    };
    let documented = type_in(cell).and_then(|word| match documented_types::schema_of(&word) {
        None if form == SourceForm::Yfm && word != "unknown" => {
            troubles.add(
                row.line,
                format!("the type \"{word}\" of {name} is not understood"),
                "a type of the documentation",
            );
            None
        }
        schema => schema,
    });
    let in_table = columns.cell(row, Column::Example).map(example_in).unwrap_or_default();
    let description = columns.cell(row, Column::Description);
    Some(Param {
        line: cell.line,
        required,
        documented,
        in_request: examples.get(&name).cloned().unwrap_or_default(),
        in_table,
        range: description.and_then(range_in),
        name,
    })
}

/// The name in a cell, and whether it is marked as required: `**ID***`, `**ID**^*^`, `ID*`, but not `**ID****`, which is the
/// mark of another footnote.
fn marked_name(text: &str) -> Option<(String, bool)> {
    let bold = text.chars().take_while(|c| *c == '*').count();
    let text = text.get(bold..)?;
    let end =
        text.find(|c: char| matches!(c, '*' | '^' | ',' | '|') || c.is_whitespace()).unwrap_or(text.len());
    let (name, marks) = text.split_at_checked(end)?;
    let marks = marks.split_whitespace().next().unwrap_or_default();
    let stars = marks.matches('*').count();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '[' | ']' | '<' | '>');
    let one_name = !name.is_empty() && name.len() <= 100 && name.chars().all(is_name) && !marks.contains('|');
    one_name.then(|| (name.to_owned(), stars == bold + 1))
}

/// The type in a cell: its code spans, several being alternatives, or a single word below the name.
pub(super) fn type_in(cell: &Cell) -> Option<String> {
    let name = first_line(cell).replace(['*', '^'], "");
    let code: Vec<&str> = cell.code().into_iter().filter(|code| *code != name.trim()).collect();
    if !code.is_empty() {
        return Some(code.join("|"));
    }
    let prose = cell.prose();
    let mut words = prose.split_whitespace().skip(1);
    words.next().filter(|_| words.next().is_none()).map(str::to_owned)
}

/// What the column of examples shows. Only a number shows its type there; a bare word could stand for anything in quotes.
fn example_in(cell: &Cell) -> Schema {
    let text = cell.prose();
    let value =
        serde_json::from_str::<Value>(&text).ok().filter(|value| value.is_number() || value.is_boolean());
    let word =
        || (!text.is_empty() && !example_types::is_placeholder(&text)).then(|| Value::String(text.clone()));
    value.or_else(word).map(|value| example_types::schema_of(&value)).unwrap_or_default()
}

/// The range in "from 1 to 5", whose ends are whole numbers.
fn range_in(cell: &Cell) -> Option<(Number, Number)> {
    let prose = cell.prose();
    let words: Vec<&str> =
        prose.split_whitespace().map(|word| word.trim_matches([',', '.', ';', ')', '('])).collect();
    let number = |word: &str| word.parse::<i64>().ok();
    words.windows(4).find_map(|four| {
        let [from, low, to, high] = four else { return None };
        let is_range = RANGES.iter().any(|(a, b)| from.eq_ignore_ascii_case(a) && to == b);
        let (low, high) = (number(low)?, number(high)?);
        (is_range && low <= high).then(|| (low.into(), high.into()))
    })
}

/// A parameter that an example sends and the table does not know is no parameter; the example may be of another method.
fn report_unlisted(list: &IndexMap<String, Param>, calls: &Calls, table: &Table, troubles: &mut Troubles) {
    let mut names: Vec<&str> =
        calls.bodies.iter().filter_map(Value::as_object).flatten().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names.into_iter().filter(|name| !list.contains_key(*name)) {
        troubles.add(
            table.line,
            format!("an example sends {name}, which this table does not list"),
            "the same names in both; it was left out",
        );
    }
}

fn has_footnote(section: &Section) -> bool {
    flat(&section.blocks).into_iter().any(|block| match block {
        Block::Include { target, .. } => target.ends_with("required.md"),
        Block::Paragraph(text) => REQUIRED_FOOTNOTES.iter().any(|words| text.prose().starts_with(words)),
        _ => false,
    })
}

/// The parameters of which a sentence says that at least one must be given, where it is certain which are meant.
fn at_least_one_of(
    section: &Section,
    table: &Table,
    list: &IndexMap<String, Param>,
    troubles: &mut Troubles,
) -> Option<(Vec<String>, usize)> {
    let in_cells = table.rows.iter().flat_map(|row| &row.cells).flat_map(Cell::paragraphs);
    let mut found: Option<(Vec<String>, usize)> = None;
    for text in section.paragraphs().chain(in_cells) {
        let prose = text.prose();
        // More than a few such sentences in one place are no documentation.
        let sentences = prose.split(". ").filter_map(|sentence| alternatives(sentence, list)).take(4);
        for names in sentences {
            match &found {
                _ if names.len() < 2 => {
                    troubles.add(
                        text.line,
                        "one of several parameters must be given here, but it is not certain which",
                        "their names in the sentence",
                    );
                }
                Some((known, _)) if *known == names => {}
                Some(_) => troubles.add(
                    text.line,
                    "a second set of parameters of which one must be given; only the first was used",
                    "",
                ),
                None => found = Some((names, text.line)),
            }
        }
    }
    found
}

/// The names in a sentence that says so, in the order of the table; fewer than two where it does not tell.
fn alternatives(sentence: &str, list: &IndexMap<String, Param>) -> Option<Vec<String>> {
    let lower = sentence.to_lowercase();
    let start = lower.trim_start_matches("note: ");
    if AT_LEAST_ONE.iter().any(|words| start.starts_with(words)) {
        let named = sentence.split_once(':').map_or(sentence, |(_, named)| named);
        let words: HashSet<&str> = named.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
        return Some(list.keys().filter(|name| words.contains(name.as_str())).cloned().collect());
    }
    if ONE_OF_TWO_OPTIONAL.iter().any(|(two, one)| lower.contains(two) && lower.contains(one)) {
        let optional: Vec<_> =
            list.values().filter(|param| !param.required).map(|param| param.name.clone()).collect();
        return Some(if optional.len() == 2 { optional } else { Vec::new() });
    }
    None
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
            ("**ID****", "ID", false),
            ("ID*", "ID", true),
            ("ID", "ID", false),
        ] {
            assert_eq!(marked_name(cell), Some((name.to_owned(), required)), "{cell}");
        }
        for cell in ["**A**|**B**", "", "**", "Имя"] {
            assert_eq!(marked_name(cell), None, "{cell}");
        }
    }
}
