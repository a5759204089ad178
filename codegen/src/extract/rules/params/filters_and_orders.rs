//! Parameters that choose rows and sort them: their keys are names of fields, with operators before them in a filter.

use crate::descriptor::{JsonType, Schema};
use crate::extract::lexicon::params::{OBJECTS, SEVERAL};
use crate::extract::rules::params::field_context::FieldContext;
use crate::extract::syntax::ast::Text;

/// Whether a parameter chooses or sorts by fields: those that the page lists for it are not properties of the parameter.
pub(super) fn is_open_list(name: &str) -> bool {
    is_open_object(name) || names_fields(name)
}

/// Whether a parameter lists names of fields.
pub(super) fn names_fields(name: &str) -> bool {
    ["select", "group"].iter().any(|open| name.eq_ignore_ascii_case(open))
}

fn is_open_object(name: &str) -> bool {
    ["filter", "order"].iter().any(|open| name.eq_ignore_ascii_case(open))
}

/// Whether requests send structures below a name for an order: it is a thing, since an order has a direction for each field.
fn is_no_order(name: &str, example: &Schema) -> bool {
    let is_structure =
        |sent: &Schema| matches!(sent.types.single(), Some(JsonType::Array | JsonType::Object));
    name.eq_ignore_ascii_case("order") && example.properties.values().any(is_structure)
}

/// The schema of a filter or an order that is sent as an object; `None` for everything else.
///
/// Its keys are data: an operator may precede each name, a condition may compare with one value or with several, and
/// conditions on fields that only a portal knows are allowed. So it is an open object, whatever a page lists for it.
pub(super) fn schema(context: FieldContext<'_>, documented: Option<&Schema>) -> Option<Schema> {
    let FieldContext { name, example, .. } = context;
    let object = Schema::any_object();
    let is_documented = documented.is_some_and(|schema| schema.types == object.types);
    let is_described = || documented.is_some_and(is_scalar) && example.is_unknown() && holds_several(context);
    let is_open = is_open_object(name) && (is_documented || is_described()) && !is_no_order(name, example);
    is_open.then_some(object).or_else(|| sent(name, example))
}

/// The same for one that example requests send.
pub(super) fn sent(name: &str, example: &Schema) -> Option<Schema> {
    let object = Schema::any_object();
    (is_open_object(name) && example.types == object.types && !is_no_order(name, example)).then_some(object)
}

fn is_scalar(schema: &Schema) -> bool {
    !matches!(schema.types.single(), None | Some(JsonType::Array | JsonType::Object))
}

/// Whether the description speaks of an object or a list of conditions.
fn holds_several(context: FieldContext<'_>) -> bool {
    let first = context.description.and_then(|cell| cell.paragraphs().next().map(Text::prose));
    first.is_some_and(|prose| OBJECTS.are_words_of(&prose) || SEVERAL.are_words_of(&prose))
}
