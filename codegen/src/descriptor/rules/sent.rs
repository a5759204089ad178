//! Validation of what a portal sends to an application beside events.

use super::{Validator, quoted};
use crate::descriptor::{JsonType, Placement, Pointer, Schema, refuse_name};

impl<T> Validator<'_, T> {
    /// Checks the code of a placement, and that its pattern has one variable part.
    pub(super) fn check_placement_code(&mut self, placement: &Placement, root: &Pointer) {
        let (code, at) = (&placement.placement, root.key("placement"));
        let fits =
            |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'_' | b'*' | b'<' | b'>');
        if !code.starts_with(|c: char| c.is_ascii_uppercase()) || !code.bytes().all(fits) {
            let message = format!("{} is not the code of a placement", quoted(code));
            self.report(&at, message, "capitals, digits and `_`, as in `CRM_DEAL_DETAIL_TAB`");
        } else if let Some((reason, expected)) = refuse_name(code) {
            self.report(&at, format!("the code {} {reason}", quoted(code)), expected);
        }
        let Some(pattern) = &placement.pattern else { return };
        let starts =
            |(before, _, _): (&str, &str, &str)| before.starts_with(|c: char| c.is_ascii_uppercase());
        if !placement.variable().is_some_and(starts) {
            let message = format!("{} is not a pattern of codes", quoted(pattern));
            let expected = "a code with one name in braces, as in `CRM_DYNAMIC_{entityTypeId}_DETAIL_TAB`";
            self.report(&root.key("pattern"), message, expected);
        }
    }

    /// Checks the schema of an object without references to entities. `may_be_null`: whether `null` stands for no object.
    pub(super) fn check_object(&mut self, schema: &Schema, may_be_null: bool, at: &Pointer) {
        let is_null = may_be_null && schema.types.0 == [JsonType::Null];
        if schema.types.0 != [JsonType::Object] && !is_null {
            let expected = if may_be_null { "`type: object` or `type: \"null\"`" } else { "`type: object`" };
            self.report(&at.key("type"), "this is not an object", expected);
        }
        if let Some(entity) = schema.entities().first() {
            let message = format!("a reference to the entity {entity}");
            self.report(at, message, "the fields themselves: only methods and events refer to entities");
        }
        self.check_schema(schema, at);
    }
}
