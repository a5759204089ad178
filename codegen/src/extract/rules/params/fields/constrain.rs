//! The constraints in the description of a parameter or a field, and its default.

use crate::descriptor::{JsonType, Schema};
use crate::extract::evidence::Evidence;
use crate::extract::register::params::{DEFAULT_COLUMN, LIST_SHOWN_BY_KEYS};
use crate::extract::rules::params::field_context::FieldContext;
use crate::extract::rules::params::fields::FieldReader;
use crate::extract::rules::params::{constraints, defaults, filters_and_orders, map_keys};
use crate::extract::syntax::ast::{Cell, Text};

impl FieldReader<'_, '_> {
    /// Adds the constraints in the description of a scalar.
    pub(super) fn constrain(&mut self, schema: &mut Schema, description: &Cell) {
        let texts: Vec<&Text> = description.paragraphs().collect();
        for (rule, keyword) in constraints::add(schema, &texts) {
            self.claim(rule, description.line, keyword, constraints::KeywordOf { schema, keyword });
        }
    }

    /// Adds the default that has a column of its own.
    pub(super) fn take_default(&mut self, schema: &mut Schema, context: FieldContext<'_>) {
        let Some(cell) = context.default.filter(|_| schema.default.is_none()) else { return };
        schema.default = defaults::alone(cell, schema);
        if schema.default.is_some() {
            self.claim(&DEFAULT_COLUMN, cell.line, "default", &schema.default);
        }
    }

    /// Makes a map of a list that code shows as an object with a record below each key.
    pub(super) fn keyed_by_code(&mut self, found: &mut Evidence<Schema>, context: FieldContext<'_>) {
        let is_list = found.value.types.single() == Some(JsonType::Array) && found.value.types.0.len() == 1;
        if !is_list || !map_keys::is_shown_by_keys(context.name, context.description) {
            return;
        }
        let records = found.value.items.take().map(|items| *items).unwrap_or_default();
        found.value = map_keys::keyed(records);
        self.log.fire(found.rule);
        found.rule = &LIST_SHOWN_BY_KEYS;
    }

    /// Adds the constraints in the description of a list.
    pub(super) fn constrain_list(&mut self, schema: &mut Schema, context: FieldContext<'_>) {
        let description = context.description.filter(|_| !filters_and_orders::is_open_list(context.name));
        let Some(description) = description.filter(|_| schema.types.single() == Some(JsonType::Array)) else {
            return;
        };
        let texts: Vec<&Text> = description.paragraphs().collect();
        for (rule, keyword) in constraints::add_to_list(schema, context.example, &texts) {
            self.claim(rule, description.line, keyword, constraints::KeywordOf { schema, keyword });
        }
    }
}
