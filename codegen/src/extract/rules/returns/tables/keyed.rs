//! Objects of which a table says that their keys are data.

use std::collections::HashSet;

use crate::extract::register::returns::KEYS_OF_DATA_IN_WORDS;
use crate::extract::rules::returns::tables::ResultTable;
use crate::extract::rules::returns::tree::{Inner, Node, Step};

/// The row of the result itself.
const RESULT: &str = "result";

/// Makes maps of the objects that rows call keyed, but for those with a key that is the name of a row.
pub(super) fn attach(tables: &[ResultTable], root: &mut Node<'_>) {
    let rows = || tables.iter().flat_map(|table| &table.rows);
    let keyed: HashSet<&str> = rows().filter(|row| row.is_keyed).map(|row| row.name.as_str()).collect();
    if keyed.is_empty() {
        return;
    }
    let listed: HashSet<&str> = rows().map(|row| row.name.as_str()).collect();
    visit(RESULT, root, &keyed, &listed);
}

fn visit(name: &str, node: &mut Node<'_>, keyed: &HashSet<&str>, listed: &HashSet<&str>) {
    let is_listed = |fields: &indexmap::IndexMap<String, Node<'_>>| {
        fields.keys().any(|key| listed.contains(key.as_str()))
    };
    if matches!(&node.inner, Inner::Object(fields) if keyed.contains(name) && !is_listed(fields)) {
        node.key_by_data(&KEYS_OF_DATA_IN_WORDS);
    }
    match &mut node.inner {
        Inner::Leaf => {}
        Inner::Object(fields) => {
            fields.iter_mut().for_each(|(name, field)| visit(name, field, keyed, listed));
        }
        // The row of a list is about its items too.
        Inner::List(inside) => visit(name, inside, keyed, listed),
        Inner::Map(inside) | Inner::Fields(inside) => visit("", inside, keyed, listed),
        Inner::Forms(forms) => visit(name, &mut forms.structure, keyed, listed),
    }
}

/// The paths of the maps that tables have made of objects.
pub(in crate::extract::rules::returns) fn paths(root: &Node<'_>) -> Vec<Vec<Step>> {
    let mut found = Vec::new();
    collect(root, &mut Vec::new(), &mut found);
    found
}

fn collect(node: &Node<'_>, path: &mut Vec<Step>, found: &mut Vec<Vec<Step>>) {
    if node.rules.iter().any(|rule| **rule == KEYS_OF_DATA_IN_WORDS) {
        found.push(path.clone());
    }
    let mut below = |step, inside: &Node<'_>| {
        path.push(step);
        collect(inside, path, found);
        path.pop();
    };
    match &node.inner {
        Inner::Leaf => {}
        Inner::Object(fields) => {
            fields.iter().for_each(|(name, field)| below(Step::Field(name.clone()), field));
        }
        Inner::List(inside) | Inner::Map(inside) | Inner::Fields(inside) => below(Step::Inside, inside),
        Inner::Forms(forms) => collect(&forms.structure, path, found),
    }
}
