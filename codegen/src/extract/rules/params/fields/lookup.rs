//! The places of the fields of an object: its cell, a link, a heading, another page, its description.

use crate::descriptor::{FLAG, JsonType, Schema};
use crate::extract::register::Rule;
use crate::extract::register::params::{
    CONSTRAINTS_OF_A_KEY, FIELDS_BEHIND_LINK, FIELDS_BELOW_HEADING, FIELDS_IN_CELL, FIELDS_OF_LISTED_KEY,
    FIELDS_OF_THE_ANSWER, FIELDS_ON_OTHER_PAGE, KEYS_SPELLED_IN_DESCRIPTION, TYPE_FROM_REQUEST_BODY,
};
use crate::extract::rules::params::anchors::{PageAnchors, Tables};
use crate::extract::rules::params::attach::{is_structured, put};
use crate::extract::rules::params::constraints;
use crate::extract::rules::params::described_keys::DescribedKeys;
use crate::extract::rules::params::field_context::FieldContext;
use crate::extract::rules::params::fields::{DEPTH, FieldReader, other_page};
use crate::extract::syntax::ast::{Block, Cell, Table, flat};
use crate::extract::tables::field_table::FieldTable;

/// How many links of one description are followed.
const LINKS: usize = 12;

impl FieldReader<'_, '_> {
    /// The fields of an object, with the rule that finds them: in a table in its cell, behind a link, below a heading that names
    /// it, on another page, or as a list in its description.
    pub(super) fn fields(
        &mut self,
        anchors: &PageAnchors<'_>,
        context: FieldContext<'_>,
        described: Option<DescribedKeys>,
        depth: usize,
    ) -> Option<(Schema, &'static Rule)> {
        let cells = || context.description.into_iter().chain([context.cell]);
        let nested: Vec<&Table> = cells().flat_map(|cell| flat(&cell.blocks)).filter_map(table).collect();
        if !nested.is_empty()
            && let Some(found) = self.object(anchors, &nested, context, depth + 1)
        {
            return Some((found, &FIELDS_IN_CELL));
        }
        let texts = cells().flat_map(Cell::paragraphs);
        let links: Vec<&str> = texts.flat_map(|text| &text.targets).map(String::as_str).take(LINKS).collect();
        for anchor in links.iter().filter_map(|link| link.strip_prefix('#')) {
            // A link may lead to the table of one of the keys that the description lists.
            let is_key = |keys: &DescribedKeys| {
                keys.object.properties.keys().any(|key| key.eq_ignore_ascii_case(anchor))
            };
            if described.as_ref().is_some_and(is_key) && !anchor.eq_ignore_ascii_case(context.name) {
                continue;
            }
            if let Some(found) = self.anchored(anchors, anchor, context, depth) {
                // A link may lead to the section about the use of an object.
                let headed = if are_sent(&found, context) { None } else { anchors.headed(context.name) };
                let headed = headed.and_then(|tables| self.read(anchors, tables, context, depth));
                let headed = headed.filter(|headed| are_sent(headed, context));
                return Some(headed.map_or((found, &FIELDS_BEHIND_LINK), |it| (it, &FIELDS_BELOW_HEADING)));
            }
        }
        let headed = anchors.headed(context.name);
        if let Some(found) = headed.and_then(|tables| self.read(anchors, tables, context, depth)) {
            return Some((found, &FIELDS_BELOW_HEADING));
        }
        let elsewhere = links.iter().find_map(|link| self.elsewhere(anchors, link, context, depth));
        let is_respelled =
            |found: &Schema| described.as_ref().is_some_and(|keys| respell(&keys.object, found, context));
        let spelled = elsewhere.as_ref().is_some_and(is_respelled);
        let types_elsewhere = match elsewhere {
            Some(found) if spelled => found,
            Some(found) => return Some((self.as_sent(found, context), &FIELDS_ON_OTHER_PAGE)),
            None => Schema::default(),
        };
        let DescribedKeys { mut object, rule, types } = described?;
        if spelled {
            self.log.fire(&KEYS_SPELLED_IN_DESCRIPTION);
            for (key, schema) in object.properties.iter_mut().filter(|(_, schema)| schema.is_unknown()) {
                let found = types_elsewhere.properties.iter().find(|(name, _)| is_same(key, name));
                *schema = found.map(|(_, found)| found.clone()).unwrap_or_default();
            }
        }
        self.weigh_described(&mut object, context);
        for (name, schema) in object.properties.iter_mut().filter(|(_, schema)| schema.is_unknown()) {
            let sent = context.example.properties.get(name).filter(|sent| is_value(sent));
            if let Some(sent) = sent {
                schema.clone_from(sent);
                self.log.fire(&TYPE_FROM_REQUEST_BODY);
            }
        }
        let line = context.description.map_or(context.cell.line, |cell| cell.line);
        for (name, schema) in object.properties.iter().filter(|(_, schema)| !schema.is_unknown()) {
            self.within(name, |reader| reader.claim(types, line, "type", schema));
        }
        for (name, schema) in &object.properties {
            self.within(name, |reader| reader.claim_constraints(line, schema));
        }
        Some((self.fields_of_keys(object, anchors, context, depth), rule))
    }

    /// Records what the explanation of a key says of it.
    fn claim_constraints(&mut self, line: usize, schema: &Schema) {
        let said = [
            ("enum", !schema.values.is_empty()),
            ("enumNames", !schema.value_names.is_empty()),
            ("format", matches!(schema.format.as_deref(), Some("char" | FLAG))),
            ("default", schema.default.is_some()),
            ("minimum", schema.minimum.is_some()),
            ("maximum", schema.maximum.is_some()),
        ];
        for (keyword, _) in said.into_iter().filter(|(_, is_said)| *is_said) {
            self.claim(&CONSTRAINTS_OF_A_KEY, line, keyword, constraints::KeywordOf { schema, keyword });
        }
    }

    /// The fields behind an anchor of this page.
    fn anchored(
        &mut self,
        anchors: &PageAnchors<'_>,
        anchor: &str,
        context: FieldContext<'_>,
        depth: usize,
    ) -> Option<Schema> {
        let Some(tables) = anchors.anchored(anchor) else {
            if anchors.leads_to_answer(anchor) {
                self.log.fire(&FIELDS_OF_THE_ANSWER);
            }
            return None;
        };
        self.read(anchors, tables, context, depth)
    }

    /// The keys that a description lists, each with the fields below the heading that names it.
    fn fields_of_keys(
        &mut self,
        mut keys: Schema,
        anchors: &PageAnchors<'_>,
        context: FieldContext<'_>,
        depth: usize,
    ) -> Schema {
        for (name, schema) in &mut keys.properties {
            let Some(example) = context.example.properties.get(name).filter(|sent| is_structured(sent))
            else {
                continue;
            };
            let of_key = FieldContext { name: name.as_str(), description: None, example, ..context };
            let found = self.within(name, |reader| {
                anchors.headed(name).and_then(|tables| reader.read(anchors, tables, of_key, depth + 1))
            });
            if let Some(fields) = found.filter(|_| depth < DEPTH) {
                self.log.fire(&FIELDS_OF_LISTED_KEY);
                put(schema, fields, example);
            }
        }
        keys
    }

    fn read(
        &mut self,
        anchors: &PageAnchors<'_>,
        tables: &Tables<'_>,
        context: FieldContext<'_>,
        depth: usize,
    ) -> Option<Schema> {
        let (tables, rule) = match tables {
            Tables::Parts(tables) => return self.object(anchors, tables, context, depth + 1),
            Tables::Variants(tables, rule) => (tables, rule),
        };
        let mut variants: Vec<Schema> = Vec::new();
        let outer = std::mem::replace(&mut self.in_variant, true);
        for table in tables {
            let variant = self.object(anchors, &[table], context, depth + 1);
            variants.extend(variant.filter(|variant| !variants.contains(variant)));
        }
        self.in_variant = outer;
        if variants.len() < 2 {
            return variants.pop();
        }
        self.log.fire(rule);
        Some(Schema { one_of: variants, ..Schema::any_object() })
    }

    /// The fields that another page lists: behind the anchor of a link, or above the first heading of a page about fields.
    fn elsewhere(
        &mut self,
        anchors: &PageAnchors<'_>,
        link: &str,
        context: FieldContext<'_>,
        depth: usize,
    ) -> Option<Schema> {
        self.links = self.links.checked_sub(1)?;
        let page = self.index.linked(anchors.path, link)?;
        let other = PageAnchors::new(page, anchors.path);
        let tables = match link.split_once('#') {
            Some((_, anchor)) => other.anchored(anchor)?,
            None => other.of_fields()?,
        };
        let listed = match tables {
            Tables::Parts(tables) | Tables::Variants(tables, _) => tables,
        };
        listed
            .iter()
            .all(|table| FieldTable::of(table).is_typed())
            .then(|| self.read(&other, tables, context, depth))?
    }
}

/// Whether example requests send one of the fields, or show none.
fn are_sent(fields: &Schema, context: FieldContext<'_>) -> bool {
    let example = context.example.items.as_deref().unwrap_or(context.example);
    let is_sent = |part: &Schema| part.properties.keys().any(|name| example.properties.contains_key(name));
    example.properties.is_empty()
        || fields.additional.is_some()
        || is_sent(fields)
        || fields.one_of.iter().any(is_sent)
}

/// Whether keys are the names of most fields in another spelling: `typeId` for `TYPE_ID`. A list of the required ones is none of
/// all keys.
fn respell(keys: &Schema, fields: &Schema, context: FieldContext<'_>) -> bool {
    let names = || fields.properties.keys();
    let is_other = |key: &String| !names().any(|name| name == key) && names().any(|name| is_same(key, name));
    let count = keys.properties.len();
    count > 1
        && count * 2 >= fields.properties.len()
        && keys.properties.keys().all(is_other)
        && !other_page::lists_required_keys(context)
}

/// Whether two names have the same letters.
fn is_same(key: &str, name: &str) -> bool {
    let letters = |text: &str| text.replace('_', "").to_lowercase();
    letters(key) == letters(name)
}

/// Whether example requests send one value that is no structure.
pub(super) fn is_value(sent: &Schema) -> bool {
    !matches!(sent.types.single(), None | Some(JsonType::Array | JsonType::Object))
}

fn table(block: &Block) -> Option<&Table> {
    match block {
        Block::Table(table) => Some(table),
        _ => None,
    }
}
