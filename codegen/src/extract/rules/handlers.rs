//! The requests that a portal sends to an address which a method registers: the address, the fields of a request, and the
//! response that the portal expects.

use serde_json::Value;

use crate::descriptor::{Schema, SourceForm};
use crate::extract::lexicon::headings::SectionKind;
use crate::extract::lexicon::method_names::is_method_name;
use crate::extract::lexicon::placements::{
    ADDRESS_HEADINGS, ADDRESS_WORDS, AUTH, RECEIVED_HEADINGS, RESPONSE_HEADINGS,
};
use crate::extract::lexicon::preamble::CALLBACKS;
use crate::extract::page_log::PageLog;
use crate::extract::register::placements::{
    ADDRESS_SECTION, CALLBACK_ADDRESS, HANDLER_FIELDS, HANDLER_RESPONSE, HANDLER_SECTION,
};
use crate::extract::rules::params::section_fields::SectionFields;
use crate::extract::site_index::SiteIndex;
use crate::extract::source::page_kind::PageKind;
use crate::extract::syntax::ast::{Page, Section, Table};
use crate::extract::tables::field_table::FieldTable;
use crate::schema::{example, join};

/// What a page says of the requests to one address.
#[derive(Debug)]
pub(crate) struct HandlerFacts {
    /// The method that registers the address. `None`: one of the folder of the page.
    pub(crate) method: Option<String>,
    /// The parameter with the address, as the page names it.
    pub(crate) address: String,
    /// The fields of a request. `None`: the page shows none.
    pub(crate) receives: Option<Schema>,
    /// The response that the portal expects.
    pub(crate) response: Option<Schema>,
}

/// The page that is being read.
pub(crate) struct HandlerPage<'a> {
    pub(crate) page: &'a Page,
    pub(crate) path: &'a str,
    pub(crate) form: SourceForm,
    pub(crate) kind: PageKind,
    /// The method that the page is about.
    pub(crate) method: Option<&'a str>,
    pub(crate) index: &'a SiteIndex<'a>,
}

/// An address that a page is about, and the sections on it.
struct Address<'a> {
    method: Option<String>,
    address: String,
    sections: &'a [Section],
}

/// Extracts the requests to registered addresses that a page describes.
pub(crate) fn extract(of: &HandlerPage<'_>, log: &mut PageLog) -> Vec<HandlerFacts> {
    let found: Vec<Address<'_>> = match of.kind {
        PageKind::Callback => of.callback(log).into_iter().collect(),
        PageKind::Overview | PageKind::MethodV2 | PageKind::MethodV3 => {
            of.own_sections(log).into_iter().chain(of.address_sections(log)).collect()
        }
        _ => Vec::new(),
    };
    if found.is_empty() {
        return Vec::new();
    }
    let fields = SectionFields::new(of.page.sections.iter(), of.path, of.form, of.index);
    found.into_iter().map(|address| address.facts(&fields, log)).collect()
}

impl<'a> HandlerPage<'a> {
    /// The address that a page of its own is about.
    fn callback(&self, log: &mut PageLog) -> Option<Address<'a>> {
        let mut texts = self.page.sections.iter().take(2).flat_map(Section::paragraphs);
        let text = texts.find(|text| CALLBACKS.stand_in(&text.prose()))?;
        let address = text.code().find(|code| is_address(code))?.to_owned();
        let links = text.links();
        let method = links.iter().map(|link| link.words.trim()).find(|words| is_method(words))?.to_owned();
        log.fire(&CALLBACK_ADDRESS);
        Some(Address { method: Some(method), address, sections: &self.page.sections })
    }

    /// The sections on what the handler of the page's method receives.
    fn own_sections(&self, log: &mut PageLog) -> Option<Address<'a>> {
        let method = self.method?;
        let is_received = |section: &Section| RECEIVED_HEADINGS.stand_in(&section.heading);
        let at = self.page.sections.iter().position(is_received)?;
        let parameters = self.page.of_kind(SectionKind::Parameters).flat_map(Section::tables);
        let names = parameters.flat_map(|table| FieldTable::of(table).rows);
        let mut names = names.filter_map(|row| row.name.only_parameter().map(str::to_owned));
        let address = names.find(|name| is_address(name))?;
        log.fire(&HANDLER_SECTION);
        let sections = self.below(at);
        Some(Address { method: Some(method.to_owned()), address, sections })
    }

    /// The sections that begin with the name of an address.
    fn address_sections(&self, log: &mut PageLog) -> Vec<Address<'a>> {
        let mut found = Vec::new();
        for (at, section) in self.page.sections.iter().enumerate() {
            let heading = section.heading.trim();
            let (name, rest) = heading.split_once(' ').unwrap_or((heading, ""));
            if is_identifier(name) && is_address(name) && ADDRESS_HEADINGS.are(rest.trim()) {
                log.fire(&ADDRESS_SECTION);
                found.push(Address {
                    method: self.method.map(str::to_owned),
                    address: name.to_owned(),
                    sections: self.below(at),
                });
            }
        }
        found
    }

    /// A section and those below its heading.
    fn below(&self, at: usize) -> &'a [Section] {
        let behind = self.page.sections.get(at..).unwrap_or_default();
        let level = behind.first().map_or(0, |section| section.level);
        let end = behind.iter().skip(1).position(|section| section.level <= level);
        behind.get(..end.map_or(behind.len(), |end| end + 1)).unwrap_or_default()
    }
}

impl Address<'_> {
    fn facts(self, fields: &SectionFields<'_>, log: &mut PageLog) -> HandlerFacts {
        let is_response = |section: &Section| RESPONSE_HEADINGS.are(&section.heading);
        let response = self.sections.iter().position(is_response).unwrap_or(self.sections.len());
        let (request, response) = self.sections.split_at(response);
        HandlerFacts {
            receives: object_in(request, fields, log).map(|mut object| {
                log.fire(&HANDLER_FIELDS);
                object.properties.shift_remove(AUTH);
                object.required.retain(|name| name != AUTH);
                object
            }),
            response: object_in(response, fields, log).inspect(|_| log.fire(&HANDLER_RESPONSE)),
            method: self.method,
            address: self.address,
        }
    }
}

/// The object that the first table of some sections lists, or else a list explains or an example shows.
fn object_in(sections: &[Section], fields: &SectionFields<'_>, log: &mut PageLog) -> Option<Schema> {
    let shown = sections.iter().flat_map(Section::code);
    let shown =
        shown.filter_map(|code| serde_json::from_str::<Value>(&code.text).ok()).filter(Value::is_object);
    let shown = shown.map(|value| complete(example::schema_of(&value))).reduce(join);
    let example = shown.clone().unwrap_or_default();
    let table: Option<&Table> = sections.iter().flat_map(Section::tables).next();
    if let Some(object) = table.and_then(|table| fields.of_tables(&[table], &example, log)) {
        return Some(object);
    }
    let listed = sections.iter().find_map(|section| fields.of_blocks(&section.blocks, &example));
    listed.or(shown)
}

/// Marks all fields of an example as required: it leaves none of them out.
fn complete(mut schema: Schema) -> Schema {
    schema.required = schema.properties.keys().cloned().collect();
    let fields = std::mem::take(&mut schema.properties);
    schema.properties = fields.into_iter().map(|(name, field)| (name, complete(field))).collect();
    schema.items = schema.items.map(|items| Box::new(complete(*items)));
    schema
}

/// Whether a name is that of a parameter for an address.
fn is_address(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    is_word(name) && ADDRESS_WORDS.iter().any(|word| lower.contains(word))
}

fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Whether a word of a heading is a name in code: with `_`, or a capital behind a small letter.
fn is_identifier(word: &str) -> bool {
    let mut pairs = word.bytes().zip(word.bytes().skip(1));
    word.contains('_') || pairs.any(|(a, b)| a.is_ascii_lowercase() && b.is_ascii_uppercase())
}

fn is_method(words: &str) -> bool {
    words.contains('.') && is_method_name(words)
}
