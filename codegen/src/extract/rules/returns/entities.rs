//! What the documentation says of entities that a result holds: a row may name one instead of listing its fields.

use std::collections::HashMap;

use crate::descriptor::Schema;
use crate::extract::evidence::Evidence;
use crate::extract::register::returns::ENTITY_FIELDS;
use crate::extract::rules::returns::resolve::letters;
use crate::extract::rules::returns::tree::{Inner, Node};
use crate::extract::site_index::SiteIndex;

/// How many entities one result may hold inside one another.
const DEPTH: usize = 8;

/// Tells the fields of the entities that tables name; whether there are any.
pub(super) fn attach(node: &mut Node<'_>, index: &SiteIndex<'_>) -> bool {
    let mut used = false;
    visit(node, None, index, DEPTH, &mut used);
    used
}

/// `around` is the entity of whose list or map this place is an element.
fn visit(node: &mut Node<'_>, around: Option<&str>, index: &SiteIndex<'_>, depth: usize, used: &mut bool) {
    let named = node.from_table.as_ref().map(|found| found.value.clone());
    let entity = named.as_ref().and_then(entity_of).or(around).map(str::to_owned);
    let fields = entity.as_deref().map(|entity| index.fields(entity)).unwrap_or_default();
    match &mut node.inner {
        Inner::Leaf | Inner::Fields(_) => {}
        Inner::List(inside) | Inner::Map(inside) => visit(inside, entity.as_deref(), index, depth, used),
        Inner::Object(known) => {
            if depth > 0 {
                let mut spelled: HashMap<String, String> = known
                    .keys()
                    .filter(|_| !fields.is_empty())
                    .map(|name| (letters(name), name.clone()))
                    .collect();
                for field in fields {
                    // The page of the method knows better how the name is spelled there.
                    let name = spelled.entry(letters(&field.name)).or_insert_with(|| field.name.clone());
                    let node = known.entry(name.clone()).or_default();
                    if node.from_table.is_none() {
                        node.from_table =
                            field.schema.clone().map(|schema| Evidence::new(&ENTITY_FIELDS, schema, 0));
                        *used = true;
                    }
                }
            }
            // An entity is named for what stands there; what stands around it may only list it.
            let depth = if fields.is_empty() { depth } else { depth.saturating_sub(1) };
            known.values_mut().for_each(|field| visit(field, None, index, depth, used));
        }
    }
}

/// The entity that a type names, or that a list of such a type holds.
fn entity_of(named: &Schema) -> Option<&str> {
    let named = named.items.as_deref().unwrap_or(named);
    named.format.as_deref().filter(|_| named.types.is_empty())
}
