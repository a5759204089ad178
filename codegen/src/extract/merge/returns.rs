//! The result of a method.

use crate::descriptor::Schema;
use crate::extract::facts::PageFacts;
use crate::extract::merge::Merge;
use crate::schema::join::agree;

impl Merge<'_> {
    pub(super) fn returns(&mut self) {
        let told = |page: &PageFacts| page.answer.returns.clone().filter(|schema| !schema.is_unknown());
        if let Some((by, schema)) = self.first(told) {
            self.descriptor.returns = schema;
            self.credit(by, "returns");
        }
        let stated = |page: &PageFacts| {
            let front_matter = page.front_matter.as_ref()?;
            Some((front_matter.returns.clone()?, front_matter.line("returns")))
        };
        let Some((by, (schema, line))) = self.first(stated) else {
            if self.descriptor.returns.is_unknown() {
                self.warn(0, 1, "what the method returns is not known", "an example of a successful answer");
            }
            return;
        };
        if !agree(&schema, &self.descriptor.returns) {
            let expected = "what the example of a successful answer shows; the front-matter was not used";
            self.warn(
                by,
                line,
                "`returns` in the front-matter contradicts the example of an answer",
                expected,
            );
        } else if schema.is_unknown() || schema == Schema::any_object() {
            self.warn(by, line, "`returns` in the front-matter says nothing", "a schema; it was not used");
        } else if self.descriptor.returns.is_unknown() {
            self.descriptor.returns = schema;
            self.credit_front_matter(by, "returns");
        }
    }
}
