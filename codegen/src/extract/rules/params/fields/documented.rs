//! The documented type of a parameter or a field.

use crate::descriptor::{JsonType, Schema, SourceForm};
use crate::extract::evidence::Evidence;
use crate::extract::register::Rule;
use crate::extract::register::params::{
    ALTERNATIVE_TYPES, ARRAY_OF_FIELDS, ENTITY_FIELD_TABLE, IDENTIFIER_OF_ENTITY, LIST_TYPE, OWN_TYPE_WORD,
    SINGLE_VALUE_OR_STRUCTURE, TYPE_BELOW_NAME, TYPE_COLUMN, TYPE_FROM_DEFAULT, TYPE_FROM_REQUEST_BODY,
    TYPE_IN_CODE_SPAN, TYPE_NOT_UNDERSTOOD, TYPE_OF_ENTITY_FIELD, TYPE_TABLE, TYPE_WORD, UNTYPED_WORD,
};
use crate::extract::rules::params::attach::{in_both_forms, in_list, is_structured};
use crate::extract::rules::params::defaults;
use crate::extract::rules::params::described_keys::DescribedKeys;
use crate::extract::rules::params::field_context::FieldContext;
use crate::extract::rules::params::fields::FieldReader;
use crate::extract::syntax::ast::Text;
use crate::schema::words::{self, TypeOrigin, UNTYPED};

impl FieldReader<'_, '_> {
    /// The documented type: the words in the cell, or else the type of the default.
    pub(super) fn documented(
        &mut self,
        context: FieldContext<'_>,
        described: Option<&DescribedKeys>,
    ) -> Option<Evidence<Schema>> {
        let Some(mut found) = self.type_of_words(context) else {
            let inferred = defaults::infer_type(context)?;
            return Some(Evidence::new(&TYPE_FROM_DEFAULT, inferred, context.cell.line));
        };
        if *found.rule == OWN_TYPE_WORD && context.example.types == Schema::any_object().types {
            found.value.types = Schema::any_object().types;
            self.supersede(&mut found, &TYPE_FROM_REQUEST_BODY);
        }
        if is_identifier(&found.value, context) {
            found.value.types = Schema::of(JsonType::Integer).types;
            self.supersede(&mut found, &IDENTIFIER_OF_ENTITY);
        }
        if self.is_record(&found.value, context) {
            found.value.types = Schema::any_object().types;
            self.supersede(&mut found, &ARRAY_OF_FIELDS);
        }
        if let Some((list, rule)) = in_list(&found.value, context) {
            found.value = list;
            self.supersede(&mut found, rule);
        }
        let keys = described.map(|described| &described.object);
        if let Some(both) = in_both_forms(&found.value, context, keys) {
            found.value = both;
            self.supersede(&mut found, &SINGLE_VALUE_OR_STRUCTURE);
        }
        Some(found)
    }

    fn type_of_words(&mut self, context: FieldContext<'_>) -> Option<Evidence<Schema>> {
        let words = context.type_words?;
        let Some(found) = words::documented_type(words, Some(self.index)) else {
            self.report_type(words, context);
            return None;
        };
        let is_code = |code: &str| !code.is_empty() && words.starts_with(&code.replace('/', "|"));
        let in_code = || context.cell.paragraphs().flat_map(Text::code).any(is_code);
        self.log.fire(match context.type_column {
            true => &TYPE_COLUMN,
            false if in_code() => &TYPE_IN_CODE_SPAN,
            false => &TYPE_BELOW_NAME,
        });
        let mut rules = found.origins.into_iter().map(rule_of);
        let decisive = rules.next()?;
        rules.for_each(|rule| self.log.fire(rule));
        Some(Evidence::new(decisive, found.schema, context.cell.line))
    }

    /// Reports words that are no type. A rendered page has lost its types.
    fn report_type(&mut self, words: &str, context: FieldContext<'_>) {
        if UNTYPED.contains(&words) {
            self.log.fire(&UNTYPED_WORD);
        } else if self.form == SourceForm::Yfm {
            self.log.fire(&TYPE_NOT_UNDERSTOOD);
            let message = format!("the type \"{words}\" of {} is not understood", context.name);
            self.log.add(context.cell.line, message, "a type of the documentation");
        }
    }
}

/// Whether a field whose type is an entity is the identifier of one, by its name.
fn is_identifier(schema: &Schema, context: FieldContext<'_>) -> bool {
    let is_entity = schema.types == Schema::any_object().types && schema.format.is_some();
    is_entity && context.name.to_lowercase().ends_with("id") && !is_structured(context.example)
}

/// The rule for what a type is known by.
fn rule_of(origin: TypeOrigin) -> &'static Rule {
    match origin {
        TypeOrigin::Word => &TYPE_WORD,
        TypeOrigin::OwnWord => &OWN_TYPE_WORD,
        TypeOrigin::EntityField => &TYPE_OF_ENTITY_FIELD,
        TypeOrigin::TypeTable => &TYPE_TABLE,
        TypeOrigin::EntityTable => &ENTITY_FIELD_TABLE,
        TypeOrigin::List => &LIST_TYPE,
        TypeOrigin::Alternatives => &ALTERNATIVE_TYPES,
    }
}
