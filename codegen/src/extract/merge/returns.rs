//! The result of a method.

use crate::descriptor::Schema;
use crate::extract::evidence::Leaf;
use crate::extract::facts::PageFacts;
use crate::extract::merge::Merge;
use crate::extract::register::returns::{
    FIRST_DOCUMENT_WITH_A_RESULT, FRONT_MATTER_RETURNS, RESULT_NOT_DOCUMENTED,
};
use crate::schema::join::agree;

impl Merge<'_> {
    /// The result comes from the newest document that has one, and from front matter where no page has one.
    pub(super) fn returns(&mut self) {
        let known = |page: &PageFacts| page.answer.returns.clone().filter(|schema| !schema.is_unknown());
        if let Some((by, schema)) = self.first(known) {
            if self.pages.len() > 1 {
                self.ledger.fire(&FIRST_DOCUMENT_WITH_A_RESULT);
            }
            self.descriptor.returns = schema;
            self.credit(by, "returns");
        }
        let in_front_matter = |page: &PageFacts| {
            let front_matter = page.front_matter.as_ref()?;
            Some((front_matter.returns.clone()?, front_matter.line("returns")))
        };
        match self.first(in_front_matter) {
            Some((by, (schema, line))) => self.front_matter_returns(by, schema, line),
            None if self.descriptor.returns.is_unknown() => {
                self.ledger.fire(&RESULT_NOT_DOCUMENTED);
                self.warn(
                    0,
                    1,
                    "the result of the method is not known",
                    "an example of a successful response",
                );
            }
            None => {}
        }
    }

    fn front_matter_returns(&mut self, by: usize, schema: Schema, line: usize) {
        if !agree(&schema, &self.descriptor.returns) {
            self.ledger.fire(&FRONT_MATTER_RETURNS);
            let message = "`returns` in the front matter contradicts the example response";
            self.contradiction(
                by,
                line,
                message,
                "the type in the example response; the front matter was not used",
            );
        } else if schema.is_unknown() || schema == Schema::any_object() {
            self.ledger.fire(&FRONT_MATTER_RETURNS);
            self.warn(by, line, "`returns` in the front matter says nothing", "a schema; it was not used");
        } else if self.descriptor.returns.is_unknown() {
            self.claim(by, &FRONT_MATTER_RETURNS, line, Leaf::schema("returns", [], "type"), &schema);
            self.descriptor.returns = schema;
            self.credit_front_matter(by, "returns");
        }
    }
}
