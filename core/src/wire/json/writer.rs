//! Documents that are not parsed from JSON.

use std::ops::Range;

use super::node::{MAX_LEN, Node};
use super::tree::Tree;

/// Writes the nodes of a document. Its texts are places in a text that grows meanwhile or is complete before.
///
/// Values are written in their order: an array or an object is opened, its values follow, and it is closed. A key is a text before its value.
#[derive(Default)]
pub(crate) struct JsonWriter {
    nodes: Vec<Node>,
}

/// An array or an object that is not closed yet.
pub(crate) struct Opened {
    at: usize,
}

impl JsonWriter {
    /// A writer with room for so many nodes.
    pub(crate) fn with_capacity(nodes: usize) -> Self {
        Self { nodes: Vec::with_capacity(nodes) }
    }

    pub(super) fn node(&mut self, node: Node) {
        self.nodes.push(node);
    }

    /// A text, or the key of the value after it.
    pub(crate) fn text(&mut self, place: Range<usize>) {
        self.nodes.push(Node::string(place.start, place.len(), false));
    }

    pub(crate) fn open(&mut self) -> Opened {
        self.nodes.push(Node::NULL);
        Opened { at: self.nodes.len() - 1 }
    }

    pub(crate) fn close_array(&mut self, opened: Opened, items: usize) {
        self.nodes[opened.at] = Node::array(self.nodes.len() - opened.at - 1, items);
    }

    pub(crate) fn close_object(&mut self, opened: Opened, entries: usize) {
        self.nodes[opened.at] = Node::object(self.nodes.len() - opened.at - 1, entries);
    }

    /// The document with this text; `None` if it is too long.
    pub(super) fn finish(self, text: String) -> Option<Tree> {
        let is_short = text.len() <= MAX_LEN && self.nodes.len() <= MAX_LEN;
        is_short.then(|| Tree::new(text, self.nodes))
    }
}
