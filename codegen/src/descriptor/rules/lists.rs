//! Validation of `rows`, `page_at` and `keyset`.

use super::{Validator, quoted};
use crate::descriptor::unescape_token;
use crate::descriptor::{Descriptor, Keyset, Pagination, Pointer, Schema};

impl Validator<'_, Descriptor> {
    /// Checks the keys of a list.
    pub(super) fn check_lists(&mut self, descriptor: &Descriptor, root: &Pointer) {
        if let Some(rows) = &descriptor.rows {
            self.check_rows(rows, &descriptor.returns, &root.key("rows"));
        }
        if let Some(page_at) = &descriptor.page_at {
            self.check_page_at(page_at, descriptor, &root.key("page_at"));
        }
        if let Some(keyset) = &descriptor.keyset {
            self.check_keyset(keyset, descriptor, &root.key("keyset"));
        }
    }

    fn check_rows(&mut self, rows: &str, returns: &Schema, at: &Pointer) {
        let expected = "`/items`, or `\"\"` if the result is the list";
        if !(rows.is_empty() || rows.starts_with('/')) {
            self.report(at, format!("{} is not a JSON Pointer", quoted(rows)), expected);
        } else if self.complete && leads_nowhere(rows, returns) {
            self.report(at, format!("{} does not exist in `returns`", quoted(rows)), expected);
        }
    }

    fn check_page_at(&mut self, page_at: &str, descriptor: &Descriptor, at: &Pointer) {
        if !matches!(descriptor.pagination, Pagination::Page | Pagination::LimitOffset) {
            let message = "`page_at` does not apply to this pagination";
            self.report(at, message, "`pagination: page` or `limit_offset`");
        }
        let mut steps = page_at.split('/');
        let (Some(""), Some(first), Some(_)) = (steps.next(), steps.next(), steps.next()) else {
            let message = format!("{} does not point into a parameter", quoted(page_at));
            self.report(at, message, "a JSON Pointer with two or more steps, as `/params/offset`");
            return;
        };
        if !descriptor.positional {
            self.check_known_property(&descriptor.params, first, at);
        } else if self.complete
            && first.parse::<usize>().map_or(true, |place| place >= descriptor.params.properties.len())
        {
            let message = format!("{} is not the position of a parameter", quoted(first));
            self.report(at, message, "the position of a parameter, counted from 0, as the first step");
        }
    }

    fn check_keyset(&mut self, keyset: &Keyset, descriptor: &Descriptor, at: &Pointer) {
        if descriptor.rows.is_none() && self.complete {
            self.report(at, "there are no rows for this `keyset`", "`rows`, or no `keyset`");
        }
        if descriptor.positional {
            self.report(at, "`keyset` with positional parameters", "no `keyset` beside `positional: true`");
        }
        for (key, name) in [("filter", &keyset.filter), ("order", &keyset.order)] {
            // A name that is left out has no location, so the error is reported for `keyset`.
            let usual = (key == name).then_some(at);
            let own = at.key(key);
            self.check_known_property(&descriptor.params, name, usual.unwrap_or(&own));
        }
        if let Some(name) = &keyset.direction {
            self.check_known_property(&descriptor.params, name, &at.key("direction"));
        }
        if keyset.id.is_empty() {
            self.report(&at.key("id"), "the identifier has no name", "its name in filters, as `ID`");
        }
        if let Some(row) = descriptor.row().filter(|row| self.complete && !row.properties.is_empty())
            && !row.properties.contains_key(keyset.row_id())
        {
            let message = format!("the rows have no field {}", quoted(keyset.row_id()));
            let own = at.key(if keyset.row_id.is_some() { "row_id" } else { "id" });
            self.report(&own, message, "the field with the identifier, in `row_id` if its name differs");
        }
    }
}

/// Whether a step names a property that is missing in a schema with properties.
fn leads_nowhere(pointer: &str, schema: &Schema) -> bool {
    let mut place = schema;
    for step in pointer.split('/').skip(1) {
        match place.properties.get(&unescape_token(step)) {
            Some(property) => place = property,
            None => return !place.properties.is_empty(),
        }
    }
    false
}
