//! The object of the result that each row of a table belongs to.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::iter::Peekable;

use crate::extract::evidence::Evidence;
use crate::extract::lexicon::results::OF_ENVELOPE;
use crate::extract::page_log::PageLog;
use crate::extract::register::Rule;
use crate::extract::register::returns::{
    DOTTED_ROW_NAME, ENVELOPE_ROW, FIRST_TABLE_WITH_A_TYPE, MAP_KEY_ROW, RESULT_TABLE_ROW,
    ROW_BESIDE_THE_ROW_BEFORE, ROW_BOUND_BY_OVERLAP, ROW_IN_ANOTHER_NUMBER, ROW_OF_LIST_ITEMS,
    TABLE_ALONE_OPENS_THE_RESULT, TABLE_THAT_A_ROW_LINKS_TO, TABLE_UNDER_HEADING,
};
use crate::extract::rules::returns::tables::objects::{ObjectIndex, at};
use crate::extract::rules::returns::tables::{ResultTable, other_number};
use crate::extract::rules::returns::tree::{Inner, Node, Step};
use crate::extract::tables::field_table::TypedField;

/// Puts the types of a table into the tree. Returns whether the tree has changed.
pub(super) fn bind_table(
    table: &ResultTable,
    root: &mut Node<'_>,
    objects: &mut ObjectIndex,
    log: &mut PageLog,
) -> bool {
    let (used, is_done) = bind_linked(table, root, objects, log);
    if is_done {
        return used;
    }
    let overlap = objects.overlap(table);
    let better = |a: &(&usize, &usize), b: &(&usize, &usize)| a.1.cmp(b.1).then(b.0.cmp(a.0));
    let best = overlap.iter().max_by(better).map(|(id, count)| (*id, *count));
    let heading = if best.is_none() { objects.under_heading(table, root) } else { None };
    let mut binder = RowBinder {
        rows: &table.rows,
        of_envelope: table.is_of_envelope(),
        overlap: &overlap,
        best,
        last: None,
        heading,
        root,
        objects,
        log,
        used: false,
    };
    table.rows.iter().for_each(|row| binder.row(row));
    binder.used |= used;
    binder.used
}

/// Binds a table to the objects of which the page shows nothing else than a link to its section. Returns whether the tree has
/// changed, and whether no other object may have the rows.
fn bind_linked(
    table: &ResultTable,
    root: &mut Node<'_>,
    objects: &mut ObjectIndex,
    log: &mut PageLog,
) -> (bool, bool) {
    let Some(anchor) = &table.anchor else { return (false, false) };
    let opened = objects.open_linked(anchor, root);
    for id in &opened {
        log.fire(&TABLE_THAT_A_ROW_LINKS_TO);
        let overlap = HashMap::new();
        let (best, of_envelope) = (Some((*id, usize::MAX)), false);
        let mut binder = RowBinder {
            rows: &table.rows,
            of_envelope,
            overlap: &overlap,
            best,
            last: None,
            heading: None,
            root,
            objects,
            log,
            used: false,
        };
        table.rows.iter().filter(|row| !row.name.contains(['.', '['])).for_each(|row| binder.bind(*id, row));
    }
    let links = objects.linked.get(anchor).map_or(0, Vec::len);
    (!opened.is_empty(), !opened.is_empty() && opened.len() == links)
}

/// Binds all rows of a table to one object; dotted names lead from the root, or from the object. Returns whether the tree has
/// changed.
pub(super) fn bind_all(
    table: &ResultTable,
    id: usize,
    root: &mut Node<'_>,
    objects: &mut ObjectIndex,
    log: &mut PageLog,
) -> bool {
    let overlap = HashMap::new();
    let best = Some((id, usize::MAX));
    let (of_envelope, last, heading, used) = (false, None, None, false);
    let mut binder = RowBinder {
        rows: &table.rows,
        of_envelope,
        overlap: &overlap,
        best,
        last,
        heading,
        root,
        objects,
        log,
        used,
    };
    let is_name = |name: &str| !name.contains(['{', '}', '<', '>', '/', '[', ']', ' ']);
    for row in table.rows.iter().filter(|row| is_name(&row.name)) {
        if row.name.contains('.') && binder.objects.with_field(&row.name).is_empty() {
            binder.dotted_below(row, id);
        } else {
            binder.bind(id, row);
        }
    }
    binder.used
}

/// Binds the rows of one table.
struct RowBinder<'b, 'a> {
    rows: &'b [TypedField],
    of_envelope: bool,
    overlap: &'b HashMap<usize, usize>,
    /// The object that has most of the names, and how many.
    best: Option<(usize, usize)>,
    /// The object of the row before.
    last: Option<usize>,
    /// The object that the heading names.
    heading: Option<usize>,
    root: &'b mut Node<'a>,
    objects: &'b mut ObjectIndex,
    log: &'b mut PageLog,
    /// Whether the tree has changed.
    used: bool,
}

impl RowBinder<'_, '_> {
    fn row(&mut self, row: &TypedField) {
        if row.name == "result" {
            self.log.fire(&ENVELOPE_ROW);
            self.used |= set_type(self.root, row, self.log);
        } else if row.name.contains('.') && self.objects.with_field(&row.name).is_empty() {
            self.dotted(row);
        } else if let Some(list) = row.name.strip_suffix("[]") {
            self.list_items(list);
        } else if let Some(rule) = self.rule_against(row) {
            self.log.fire(rule);
        } else if let Some((id, shown)) = other_number::shown(row, self.rows, self.objects) {
            self.log.fire(&ROW_IN_ANOTHER_NUMBER);
            self.bind(id, &TypedField { name: shown, ..row.clone() });
            self.last = Some(id);
        } else if let Some((id, rule)) = self.choose(&row.name).or_else(|| self.beside()) {
            rule.into_iter().for_each(|rule| self.log.fire(rule));
            self.bind(id, row);
            self.last = Some(id);
        }
    }

    /// The rule by which a row is no field of the result; none for a name that some object has.
    fn rule_against(&self, row: &TypedField) -> Option<&'static Rule> {
        if !self.objects.with_field(&row.name).is_empty() {
            None
        } else if self.objects.describes || self.objects.keys.contains(&row.name) {
            Some(&MAP_KEY_ROW)
        } else if self.of_envelope && OF_ENVELOPE.contains(&row.name.as_str()) {
            Some(&ENVELOPE_ROW)
        } else {
            None
        }
    }

    /// Of the objects that have the name, the one that most of the table is about; with a rule where there are several.
    fn choose(&self, name: &str) -> Option<(usize, Option<&'static Rule>)> {
        let known = self.objects.with_field(name);
        let best = self.best.map(|(id, _)| id).filter(|id| known.contains(id));
        let id = best
            .or_else(|| self.last.filter(|id| known.contains(id)))
            .or_else(|| known.iter().copied().max_by_key(|id| (self.overlap.get(id), Reverse(*id))))?;
        Some((id, (known.len() > 1).then_some(&ROW_BOUND_BY_OVERLAP)))
    }

    /// The object that a name belongs to which no object has, with the rule.
    fn beside(&mut self) -> Option<(usize, Option<&'static Rule>)> {
        if let Some(heading) = self.heading {
            return Some((heading, Some(&TABLE_UNDER_HEADING)));
        }
        let id = match (self.best, self.last) {
            (Some((best, 2..)), last) => last.or(Some(best)),
            (_, Some(last)) => Some(last),
            (Some((best, _)), None) => Some(best),
            (None, None) if self.of_envelope => return self.top_object(),
            (None, None) => None,
        };
        Some((id?, Some(&ROW_BESIDE_THE_ROW_BEFORE)))
    }

    /// The object that the result is or lists, where nothing inside of it is known; with a rule where the table opens it.
    fn top_object(&mut self) -> Option<(usize, Option<&'static Rule>)> {
        let bare = self.root.samples.is_empty() && self.root.typed.is_none();
        match &self.root.inner {
            Inner::Leaf if bare => {
                let id = self.objects.open(self.root, Vec::new())?;
                Some((id, Some(&TABLE_ALONE_OPENS_THE_RESULT)))
            }
            Inner::Object(_) | Inner::List(_) => {
                Some((self.objects.paths.iter().position(|path| path.len() <= 1)?, None))
            }
            _ => None,
        }
    }

    /// A row `items[]`: it is about the items, and so are the rows behind it.
    fn list_items(&mut self, list: &str) {
        let Some((id, _)) = self.choose(list) else { return };
        if let Some(inside) = self.objects.inside_of(id, list, self.root) {
            self.log.fire(&ROW_OF_LIST_ITEMS);
            self.last = Some(inside);
        }
    }

    /// Follows a dotted name as in `result.events[].type`, as far as objects are known or can be opened.
    fn dotted(&mut self, row: &TypedField) {
        let mut names = row.name.split('.').map(|name| name.trim_end_matches("[]")).peekable();
        let _ = names.next_if_eq(&"result");
        self.follow(row, names, Vec::new());
    }

    /// Follows a dotted name from the root, if its first part is there, or else from an object.
    fn dotted_below(&mut self, row: &TypedField, id: usize) {
        let names = row.name.split('.').map(|name| name.trim_end_matches("[]")).peekable();
        let first = names.clone().next().unwrap_or_default().to_owned();
        let is_of_root = at(self.root, &[Step::Field(first)]).is_some();
        let start = if is_of_root { Some(Vec::new()) } else { self.objects.paths.get(id).cloned() };
        self.follow(row, names, start.unwrap_or_default());
    }

    fn follow<'n>(
        &mut self,
        row: &TypedField,
        mut names: Peekable<impl Iterator<Item = &'n str>>,
        mut path: Vec<Step>,
    ) {
        while let Some(name) = names.next() {
            let Some(id) = self.objects.object_at(self.root, &mut path) else { return };
            if names.peek().is_none() {
                self.log.fire(&DOTTED_ROW_NAME);
                let row = TypedField {
                    name: name.to_owned(),
                    line: row.line,
                    schema: row.schema.clone(),
                    section: row.section.clone(),
                    is_keyed: false,
                };
                self.bind(id, &row);
                return;
            }
            path.push(Step::Field(name.to_owned()));
        }
    }

    /// Gives the field of an object its type, and adds the field where it is new.
    fn bind(&mut self, id: usize, row: &TypedField) {
        let Some(path) = self.objects.paths.get(id) else { return };
        let mut field_path = path.clone();
        let Some(Node { inner: Inner::Object(fields), .. }) = at(self.root, path) else { return };
        let is_new = !fields.contains_key(&row.name);
        let has_type = set_type(fields.entry(row.name.clone()).or_default(), row, self.log);
        if is_new {
            self.objects.by_field.entry(row.name.clone()).or_default().push(id);
        }
        self.used |= has_type || is_new;
        if let Some(anchor) = &row.section {
            field_path.push(Step::Field(row.name.clone()));
            self.objects.linked.entry(anchor.clone()).or_default().push(field_path);
        }
    }
}

/// Sets the type of a value, unless an earlier table has. Returns whether it was set.
fn set_type(node: &mut Node<'_>, row: &TypedField, log: &mut PageLog) -> bool {
    let Some(documented) = row.schema.clone() else { return false };
    if node.from_table.is_some() {
        log.fire(&FIRST_TABLE_WITH_A_TYPE);
        return false;
    }
    node.from_table = Some(Evidence::new(&RESULT_TABLE_ROW, documented, row.line));
    true
}
