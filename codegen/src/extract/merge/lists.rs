//! What a client must know to read a list: whether asking again does harm, where the rows are, and whether they can be read by
//! ascending identifier.

use crate::descriptor::{AdditionalProperties, JsonType, Pagination, Schema};
use crate::extract::merge::Merge;
use crate::extract::merge::pagination::is_list_by_name;
use crate::extract::rules::keyset;
use crate::extract::rules::side_effects::SideEffects;

impl Merge<'_> {
    /// Whether the method only reads, as the newest document says.
    pub(super) fn side_effects(&mut self) {
        let Some(newest) = self.pages.first() else { return };
        match newest.side_effects {
            SideEffects::None => {
                self.descriptor.changes = false;
                self.credit(0, "changes");
            }
            SideEffects::Disputed => {
                let message = "it is not certain whether this method only reads: its name, its title and its text disagree";
                self.warn(0, newest.title_line, message, "agreement; a lost request will not be repeated");
            }
            SideEffects::Unknown => {}
        }
    }

    /// Where the rows of a list method stand. It is one if it has pages or counts its rows, if its name says so, or if it reads
    /// and gives nothing but a list.
    pub(super) fn rows(&mut self) {
        let descriptor = &self.descriptor;
        let paged = !matches!(descriptor.pagination, Pagination::None | Pagination::Unknown);
        let counts = self.first(|page| (page.answer.total || page.answer.next).then_some(()));
        let limited = descriptor.params.properties.keys().any(|name| name.eq_ignore_ascii_case("limit"));
        let is_list = paged || limited || counts.is_some() || is_list_by_name(&descriptor.method);
        if !is_list && descriptor.changes {
            return;
        }
        let Some((by, ())) = self.first(|page| page.answer.returns.as_ref().map(|_| ())) else {
            return;
        };
        let by_number =
            self.pages.get(by).map(|page| page.answer.identifiers.as_keys.as_slice()).unwrap_or_default();
        let locator = RowsLocator { method: &descriptor.method, by_number };
        let returns = &descriptor.returns;
        let rows = if is_list {
            locator.rows(returns, "", if paged { 2 } else { 1 })
        } else {
            locator.alone(returns)
        };
        self.descriptor.rows = rows;
        if self.descriptor.rows.is_some() {
            self.credit(by, "rows");
        } else if paged {
            let line = self.pages.get(by).map_or(1, |page| page.answer.line.max(1));
            let message = "it is not certain which list in the result holds the rows";
            self.warn(by, line, message, "one list in the result, or a patch of `rows`");
        }
    }

    /// The way to read the list by ascending identifier, unless that is a word somewhere.
    pub(super) fn keyset(&mut self) {
        let Some(rows) = &self.descriptor.rows else { return };
        if self.pages.iter().any(|page| page.answer.identifiers.words.contains(rows)) {
            return;
        }
        let page = self.first(|page| keyset::of(&self.descriptor, &page.filters));
        if let Some((by, keyset)) = page {
            self.descriptor.keyset = Some(keyset);
            self.credit(by, "keyset");
        }
    }
}

/// Where rows are looked for.
struct RowsLocator<'a> {
    /// The method, whose name may tell what its rows are.
    method: &'a str,
    /// The places at which examples show lists as objects by number.
    by_number: &'a [String],
}

impl RowsLocator<'_> {
    /// The pointer to the list of rows: of several, the one that the method is named after, or `items`.
    fn rows(&self, schema: &Schema, pointer: &str, depth: usize) -> Option<String> {
        if self.is_list(schema, pointer) {
            return Some(pointer.to_owned());
        }
        if depth == 0 || schema.types.single() != Some(JsonType::Object) {
            return None;
        }
        let inside = |name: &str| format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
        let fields = || schema.properties.iter().map(|(name, field)| (name, field, inside(name)));
        let of_kind = |kind| fields().filter(move |(_, field, _)| field.types.single() == Some(kind));
        let (mut lists, objects): (Vec<_>, Vec<_>) =
            (of_kind(JsonType::Array).collect(), of_kind(JsonType::Object).collect());
        if lists.is_empty() {
            lists =
                objects.iter().filter(|(_, field, pointer)| self.is_list(field, pointer)).cloned().collect();
        }
        if lists.len() > 1 {
            lists.retain(|(_, field, _)| row_is_object(field));
        }
        if lists.len() > 1 {
            lists.retain(|(name, ..)| self.is_named_after(name) || name.eq_ignore_ascii_case("items"));
        }
        match (lists.as_slice(), objects.as_slice()) {
            ([(_, _, pointer)], _) => Some(pointer.clone()),
            ([], [(_, only, pointer)]) => self.rows(only, pointer, depth - 1),
            _ => None,
        }
    }

    /// The same of a result that is nothing but a list.
    fn alone(&self, returns: &Schema) -> Option<String> {
        let holds_more = returns.properties.len() > 1;
        self.rows(returns, "", 1).filter(|pointer| pointer.is_empty() || !holds_more)
    }

    fn is_list(&self, schema: &Schema, pointer: &str) -> bool {
        match schema.types.single() {
            Some(JsonType::Array) => true,
            Some(JsonType::Object) => self.by_number.iter().any(|known| known == pointer),
            _ => false,
        }
    }

    /// Whether a part of the method's name begins a field's: `bots` of `Bot.list`, `notifications` of `notify.get`.
    fn is_named_after(&self, field: &str) -> bool {
        let field = field.to_lowercase();
        self.method.split('.').skip(1).any(|part| {
            let stem = part.trim_end_matches(['s', 'y']).to_lowercase();
            stem.len() > 2 && field.starts_with(&stem)
        })
    }
}

fn row_is_object(list: &Schema) -> bool {
    let values = match &list.additional {
        Some(AdditionalProperties::Of(values)) => Some(values),
        _ => list.items.as_ref(),
    };
    values.is_some_and(|row| row.types.single() == Some(JsonType::Object))
}
