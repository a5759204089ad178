//! Reports of tables that the examples contradict.

use serde_json::Value;

use crate::descriptor::{JsonType, Schema};
use crate::extract::evidence::Evidence;
use crate::extract::lexicon::events::DATA;
use crate::extract::register::returns::TABLE_TYPE_WHERE_THE_EXAMPLE_FITS;
use crate::extract::rules::returns::resolve::{Resolver, Sources};
use crate::extract::rules::returns::tree::{Inner, Node};
use crate::schema::accepts::{accepts, is_empty_form};
use crate::schema::join::readable;

impl Resolver<'_> {
    /// Reports a table that documents another kind of value than the examples show.
    pub(super) fn compare(&mut self, node: &Node<'_>, schema: &Schema, name: &str) {
        let Some(Evidence { value: documented, .. }) = &node.from_table else { return };
        let kind = |schema: &Schema| schema.types.single();
        let (Some(documented), Some(found)) = (kind(documented), kind(schema)) else { return };
        // PHP writes lists with gaps as objects, and so do type tables; a scalar is never written as one of them.
        let structured = |kind| matches!(kind, JsonType::Array | JsonType::Object);
        let differs = structured(documented) != structured(found);
        // Pages about events use PHP's word for objects.
        let is_of_event = self.sources.root == DATA;
        let swapped =
            !is_of_event && documented != found && !matches!(node.inner, Inner::Map(_) | Inner::Fields(_));
        if node.samples.iter().any(|value| !is_empty_form(value)) && (differs || swapped) {
            self.report_contradicted_table(node, name);
        }
    }

    pub(super) fn report_contradicted_table(&mut self, node: &Node<'_>, name: &str) {
        // The type of an entity's field has no line in this document.
        let line = node.from_table.as_ref().map(|found| found.line).filter(|line| *line > 0);
        let line = line.unwrap_or(self.sources.lines.example);
        let documented = node.from_table.as_ref().and_then(|found| readable(&found.value));
        let contradicts = |value: &Value| documented.as_ref().is_none_or(|schema| !accepts(schema, value));
        let by = shown_by(self.sources, node, contradicts);
        self.log.fire(&TABLE_TYPE_WHERE_THE_EXAMPLE_FITS);
        let message = format!("{by} shows another type of {name} than its table");
        self.log.contradiction(line, message, "the same type in both");
    }
}

/// What shows a value that contradicts a documented type, in a message.
fn shown_by(sources: Sources<'_>, node: &Node<'_>, contradicts: impl Fn(&Value) -> bool) -> &'static str {
    let live = node.samples.iter().filter(|value| !is_empty_form(value));
    match live.filter(|value| contradicts(value)).find(|value| sources.recorded_line(value).is_none()) {
        None if !sources.recorded.is_empty() => "a recorded response",
        _ => "the example",
    }
}
