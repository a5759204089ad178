//! What a client must know to read a list: whether a request may be repeated, where the rows are, and whether they can be read
//! by ascending identifier.

use crate::descriptor::escape_token;
use crate::descriptor::{AdditionalProperties, JsonType, Pagination, Schema};
use crate::extract::evidence::Leaf;
use crate::extract::merge::Merge;
use crate::extract::merge::pagination::is_list_by_name;
use crate::extract::register::Rule;
use crate::extract::register::lists::{
    LIST_BY_NAME, LIST_METHOD_BY_LIMIT_OR_COUNT, ROWS_ARE_ITEMS, ROWS_ARE_NAMED_AFTER_THE_METHOD,
    ROWS_ARE_THE_ONLY_LIST, ROWS_OF_A_READING_METHOD, ROWS_UNDER_THEIR_OWN_NUMBERS,
    WORD_IDENTIFIER_HAS_NO_KEYSET,
};
use crate::extract::rules::keyset;
use crate::extract::rules::side_effects::SideEffects;

impl Merge<'_> {
    /// Whether the method only reads, by the newest document.
    pub(super) fn side_effects(&mut self) {
        let Some(newest) = self.pages.first() else { return };
        match newest.side_effects {
            SideEffects::None => {
                self.descriptor.changes = false;
                self.credit(0, "changes");
            }
            SideEffects::Disputed => {
                let message = "it is not certain whether this method only reads: its name, its title and its text disagree";
                self.contradiction(
                    0,
                    newest.title_line,
                    message,
                    "agreement; a lost request will not be repeated",
                );
            }
            SideEffects::Unknown => {}
        }
    }

    /// The rows of a list method. It is one if it has pages or counts its rows, if its name says so, or if it only reads and
    /// its result is nothing but a list.
    pub(super) fn rows(&mut self) {
        let descriptor = &self.descriptor;
        let paged = !matches!(descriptor.pagination, Pagination::None | Pagination::Unknown);
        let list_rule = self.list_rule();
        let is_list = paged || list_rule.is_some();
        if !is_list && descriptor.changes {
            return;
        }
        let Some((by, line)) = self.first(|page| page.answer.returns.as_ref().map(|_| page.answer.line))
        else {
            return;
        };
        let by_number =
            self.pages.get(by).map(|page| page.answer.identifiers.as_keys.as_slice()).unwrap_or_default();
        let locator = RowsLocator { method: &descriptor.method, by_number };
        let returns = &descriptor.returns;
        let found = if is_list {
            locator.rows(returns, "", if paged { 2 } else { 1 })
        } else {
            locator.alone(returns)
        };
        let Some((rows, rule)) = found else {
            if paged {
                let message = "it is not certain which list in the result holds the rows";
                self.warn(by, line.max(1), message, "one list in the result, or a patch of `rows`");
            }
            return;
        };
        self.claim(by, rule, line, Leaf::key("rows"), &rows);
        if !paged {
            self.ledger.fire(list_rule.unwrap_or(&ROWS_OF_A_READING_METHOD));
        }
        self.descriptor.rows = Some(rows);
        self.credit(by, "rows");
    }

    /// The rule by which the method is a list method, apart from its pages.
    fn list_rule(&self) -> Option<&'static Rule> {
        let descriptor = &self.descriptor;
        let has_limit = || descriptor.params.properties.keys().any(|name| name.eq_ignore_ascii_case("limit"));
        let has_counts = || self.pages.iter().any(|page| page.answer.total || page.answer.next);
        if is_list_by_name(&descriptor.method) {
            Some(&LIST_BY_NAME)
        } else if has_limit() || has_counts() {
            Some(&LIST_METHOD_BY_LIMIT_OR_COUNT)
        } else {
            None
        }
    }

    /// The way to read the list by ascending identifier, unless some identifier is a word.
    pub(super) fn keyset(&mut self) {
        let Some(rows) = &self.descriptor.rows else { return };
        let found = self.first(|page| keyset::of(&self.descriptor, &page.filters));
        let Some((by, (keyset, rules))) = found else { return };
        if self.pages.iter().any(|page| page.answer.identifiers.words.contains(rows)) {
            self.ledger.fire(&WORD_IDENTIFIER_HAS_NO_KEYSET);
            return;
        }
        for rule in rules {
            self.claim(by, rule, 0, Leaf::key("keyset"), &keyset);
        }
        self.descriptor.keyset = Some(keyset);
        self.credit(by, "keyset");
    }
}

/// Finds the rows in a result.
struct RowsLocator<'a> {
    /// The method, after which the list of rows may be named.
    method: &'a str,
    /// The pointers to lists that examples show as objects by number.
    by_number: &'a [String],
}

/// The pointer to the list of rows, and the rule that finds it.
type Rows = (String, &'static Rule);

impl RowsLocator<'_> {
    /// The list of rows: of several, the one that the method is named after, or `items`.
    fn rows(&self, schema: &Schema, pointer: &str, depth: usize) -> Option<Rows> {
        if let Some(rule) = self.rule_of_list(schema, pointer) {
            return Some((pointer.to_owned(), rule));
        }
        if depth == 0 || schema.types.single() != Some(JsonType::Object) {
            return None;
        }
        let inside = |name: &str| format!("{pointer}/{}", escape_token(name));
        let fields = || schema.properties.iter().map(|(name, field)| (name, field, inside(name)));
        let of_kind = |kind| fields().filter(move |(_, field, _)| field.types.single() == Some(kind));
        let (mut lists, objects): (Vec<_>, Vec<_>) =
            (of_kind(JsonType::Array).collect(), of_kind(JsonType::Object).collect());
        if lists.is_empty() {
            let is_list = |field, pointer| self.rule_of_list(field, pointer).is_some();
            lists = objects.iter().filter(|(_, field, pointer)| is_list(field, pointer)).cloned().collect();
        }
        if lists.len() > 1 {
            lists.retain(|(_, field, _)| row_is_object(field));
        }
        let are_several = lists.len() > 1;
        if are_several {
            lists.retain(|(name, ..)| self.rule_of_name(name).is_some());
        }
        match (lists.as_slice(), objects.as_slice()) {
            ([(name, field, pointer)], _) => {
                let by_name = self.rule_of_name(name).filter(|_| are_several);
                let rule = by_name.or_else(|| self.rule_of_list(field, pointer))?;
                Some((pointer.clone(), rule))
            }
            ([], [(_, only, pointer)]) => self.rows(only, pointer, depth - 1),
            _ => None,
        }
    }

    /// The same of a result that is nothing but a list.
    fn alone(&self, returns: &Schema) -> Option<Rows> {
        let holds_more = returns.properties.len() > 1;
        self.rows(returns, "", 1).filter(|(pointer, _)| pointer.is_empty() || !holds_more)
    }

    /// The rule by which a value is a list.
    fn rule_of_list(&self, schema: &Schema, pointer: &str) -> Option<&'static Rule> {
        match schema.types.single() {
            Some(JsonType::Array) => Some(&ROWS_ARE_THE_ONLY_LIST),
            Some(JsonType::Object) if self.by_number.iter().any(|known| known == pointer) => {
                Some(&ROWS_UNDER_THEIR_OWN_NUMBERS)
            }
            _ => None,
        }
    }

    /// The rule by which the name of a list says that it has the rows. A part of the method's name may begin that of the list:
    /// `bots` of `Bot.list`, `notifications` of `notify.get`.
    fn rule_of_name(&self, field: &str) -> Option<&'static Rule> {
        let field = field.to_lowercase();
        let is_named_after = self.method.split('.').skip(1).any(|part| {
            let stem = part.trim_end_matches(['s', 'y']).to_lowercase();
            stem.len() > 2 && field.starts_with(&stem)
        });
        match field.as_str() {
            _ if is_named_after => Some(&ROWS_ARE_NAMED_AFTER_THE_METHOD),
            "items" => Some(&ROWS_ARE_ITEMS),
            _ => None,
        }
    }
}

fn row_is_object(list: &Schema) -> bool {
    let values = match &list.additional {
        Some(AdditionalProperties::Of(values)) => Some(values),
        _ => list.items.as_ref(),
    };
    values.is_some_and(|row| row.types.single() == Some(JsonType::Object))
}
