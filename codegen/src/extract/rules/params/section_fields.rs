//! The fields of an object that a part of a page describes outside of the parameters of a method: in tables, or in a list that
//! explains its keys.

use crate::descriptor::{Schema, SourceForm};
use crate::extract::lexicon::headings::SectionKind;
use crate::extract::page_log::PageLog;
use crate::extract::rules::params::anchors::PageAnchors;
use crate::extract::rules::params::described_keys;
use crate::extract::rules::params::field_context::FieldContext;
use crate::extract::rules::params::fields::FieldReader;
use crate::extract::site_index::SiteIndex;
use crate::extract::syntax::ast::{Block, Cell, Page, Section, Table};

/// Reads objects that parts of one page describe.
pub(crate) struct SectionFields<'a> {
    /// The page. Each of its sections may have the fields of an object inside.
    page: Page,
    path: &'a str,
    form: SourceForm,
    index: &'a SiteIndex<'a>,
}

impl<'a> SectionFields<'a> {
    /// For some sections of a page: those that tables of fields may link to.
    pub(crate) fn new<'s>(
        sections: impl Iterator<Item = &'s Section>,
        path: &'a str,
        form: SourceForm,
        index: &'a SiteIndex<'a>,
    ) -> Self {
        let (kind, within) = (SectionKind::Other, SectionKind::Other);
        let plain = |section: &Section| Section { kind, within, ..section.clone() };
        let page = Page { sections: sections.map(plain).collect(), ..Page::default() };
        Self { page, path, form, index }
    }

    /// The object whose fields tables list. `example` is what examples show of it. `None`: the tables list no fields.
    pub(crate) fn of_tables(&self, tables: &[&Table], example: &Schema, log: &mut PageLog) -> Option<Schema> {
        let anchors = PageAnchors::new(&self.page, self.path);
        // Sections are copies, and tables are known by their places.
        let own: Vec<&Table> = tables.iter().filter_map(|table| self.copy_of(table)).collect();
        let cell = own.first()?.rows.first()?.cells.first()?;
        let mut reader = FieldReader::new(self.form, "", self.index, log);
        reader.object(&anchors, &own, context(cell, None, example), 0)
    }

    /// The object whose keys blocks explain in a list, or show as code.
    pub(crate) fn of_blocks(&self, blocks: &[Block], example: &Schema) -> Option<Schema> {
        let cell = Cell { line: 0, blocks: blocks.to_vec() };
        let described = described_keys::keys(context(&cell, Some(&cell), example), self.index);
        described.map(|described| described.object)
    }

    fn copy_of(&self, table: &Table) -> Option<&Table> {
        let tables = self.page.sections.iter().flat_map(Section::tables);
        tables.filter(|copy| copy.line == table.line).find(|copy| *copy == table)
    }
}

fn context<'c>(cell: &'c Cell, description: Option<&'c Cell>, example: &'c Schema) -> FieldContext<'c> {
    FieldContext { name: "", cell, type_words: None, type_column: false, description, default: None, example }
}
