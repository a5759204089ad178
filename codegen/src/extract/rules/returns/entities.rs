//! The entities in a result: a row of a table may name one instead of listing its fields.

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::descriptor::Schema;
use crate::extract::evidence::Evidence;
use crate::extract::page_log::PageLog;
use crate::extract::register::returns::{
    ENTITY_FIELD_IN_THE_SPELLING_OF_THE_PAGE, ENTITY_FIELDS, ENTITY_UNDER_ITS_HEADING,
};
use crate::extract::rules::returns::resolve::letters;
use crate::extract::rules::returns::tree::{Inner, Node};
use crate::extract::site_index::SiteIndex;
use crate::extract::tables::field_table::TypedField;

/// How many entities one result may hold inside one another.
const DEPTH: usize = 8;

/// Adds the fields of the entities that tables name. Returns whether there are any.
pub(super) fn attach(node: &mut Node<'_>, index: &SiteIndex<'_>, log: &mut PageLog) -> bool {
    let mut entities = Entities { index, log, used: false };
    entities.visit(node, None, DEPTH);
    entities.used
}

struct Entities<'a, 't> {
    index: &'a SiteIndex<'a>,
    log: &'t mut PageLog,
    /// Whether a field of an entity has got its type.
    used: bool,
}

impl Entities<'_, '_> {
    /// `around` is the entity of the list or map that the node is an element of.
    fn visit(&mut self, node: &mut Node<'_>, around: Option<&str>, depth: usize) {
        let named = node.from_table.as_ref().map(|found| found.value.clone());
        let entity = named.as_ref().and_then(entity_of).or(around).map(str::to_owned);
        let index = self.index;
        let fields = entity.as_deref().map(|entity| index.fields(entity)).unwrap_or_default();
        match &mut node.inner {
            Inner::Leaf | Inner::Fields(_) => {}
            Inner::Forms(forms) => self.visit(&mut forms.structure, around, depth),
            Inner::List(inside) | Inner::Map(inside) => self.visit(inside, entity.as_deref(), depth),
            Inner::Object(known) => {
                if depth > 0 && !fields.is_empty() {
                    self.log.fire(&ENTITY_UNDER_ITS_HEADING);
                    self.add_fields(known, fields);
                }
                // The entity counts as one step of depth; an object around it that is no entity does not.
                let depth = if fields.is_empty() { depth } else { depth.saturating_sub(1) };
                known.values_mut().for_each(|field| self.visit(field, None, depth));
            }
        }
    }

    fn add_fields(&mut self, known: &mut IndexMap<String, Node<'_>>, fields: &[TypedField]) {
        let mut spelled: HashMap<String, String> =
            known.keys().map(|name| (letters(name), name.clone())).collect();
        for field in fields {
            // The page of the method shows how its result spells the name.
            let name = spelled.entry(letters(&field.name)).or_insert_with(|| field.name.clone());
            let node = known.entry(name.clone()).or_default();
            if node.from_table.is_some() {
                continue;
            }
            let rule =
                if *name == field.name { &ENTITY_FIELDS } else { &ENTITY_FIELD_IN_THE_SPELLING_OF_THE_PAGE };
            node.from_table = field.schema.clone().map(|schema| Evidence::new(rule, schema, 0));
            self.used = true;
        }
    }
}

/// The entity that a type names, or that a list of such a type holds.
fn entity_of(named: &Schema) -> Option<&str> {
    let named = named.items.as_deref().unwrap_or(named);
    named.format.as_deref().filter(|_| named.types.is_empty())
}
