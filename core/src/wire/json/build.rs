//! Documents from values that are in memory.

use std::fmt::Write;

use serde_json::Value;

use super::node::{MAX_LEN, Node};
use super::tree::Tree;

/// The document of a value; `None` if its texts are too long.
pub(super) fn build(value: &Value) -> Option<Tree> {
    let mut builder = Builder::default();
    builder.push(value);
    let is_short = builder.text.len() <= MAX_LEN && builder.nodes.len() <= MAX_LEN;
    is_short.then(|| Tree::new(builder.text, builder.nodes))
}

#[derive(Default)]
struct Builder {
    text: String,
    nodes: Vec<Node>,
}

impl Builder {
    fn push(&mut self, value: &Value) {
        let node = match value {
            Value::Null => Node::NULL,
            Value::Bool(false) => Node::FALSE,
            Value::Bool(true) => Node::TRUE,
            Value::Number(number) => {
                let start = self.text.len();
                // Writing to a string does not fail.
                let _ = write!(self.text, "{number}");
                Node::number(start, self.text.len() - start)
            }
            Value::String(text) => self.string(text),
            Value::Array(items) => {
                let start = self.nodes.len();
                self.nodes.push(Node::NULL);
                items.iter().for_each(|item| self.push(item));
                self.nodes[start] = Node::array(self.nodes.len() - start - 1, items.len());
                return;
            }
            Value::Object(entries) => {
                let start = self.nodes.len();
                self.nodes.push(Node::NULL);
                for (key, value) in entries {
                    let key = self.string(key);
                    self.nodes.push(key);
                    self.push(value);
                }
                self.nodes[start] = Node::object(self.nodes.len() - start - 1, entries.len());
                return;
            }
        };
        self.nodes.push(node);
    }

    fn string(&mut self, text: &str) -> Node {
        let start = self.text.len();
        self.text.push_str(text);
        Node::string(start, text.len(), false)
    }
}
