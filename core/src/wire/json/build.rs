//! Documents from values that are in memory.

use std::fmt::Write;

use serde_json::Value;

use super::node::Node;
use super::tree::Tree;
use super::writer::JsonWriter;

/// The document of a value; `None` if its texts are too long.
pub(super) fn build(value: &Value) -> Option<Tree> {
    let mut builder = Builder::default();
    builder.push(value);
    builder.writer.finish(builder.text)
}

#[derive(Default)]
struct Builder {
    text: String,
    writer: JsonWriter,
}

impl Builder {
    fn push(&mut self, value: &Value) {
        match value {
            Value::Null => self.writer.node(Node::NULL),
            Value::Bool(false) => self.writer.node(Node::FALSE),
            Value::Bool(true) => self.writer.node(Node::TRUE),
            Value::Number(number) => {
                let start = self.text.len();
                // Writing to a string does not fail.
                let _ = write!(self.text, "{number}");
                self.writer.node(Node::number(start, self.text.len() - start));
            }
            Value::String(text) => self.string(text),
            Value::Array(items) => {
                let opened = self.writer.open();
                items.iter().for_each(|item| self.push(item));
                self.writer.close_array(opened, items.len());
            }
            Value::Object(entries) => {
                let opened = self.writer.open();
                for (key, value) in entries {
                    self.string(key);
                    self.push(value);
                }
                self.writer.close_object(opened, entries.len());
            }
        }
    }

    fn string(&mut self, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.writer.text(start..self.text.len());
    }
}
