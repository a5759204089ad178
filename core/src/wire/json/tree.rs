//! A JSON text and the nodes of its values.

use std::borrow::Cow;

use super::escape::unescape;
use super::node::Node;

/// A JSON text and its nodes, which refer to the text by offsets.
#[derive(Debug, Default)]
pub(super) struct Tree {
    text: String,
    nodes: Vec<Node>,
    is_scripted: bool,
}

impl Tree {
    pub(super) fn new(text: String, nodes: Vec<Node>) -> Self {
        Self { text, nodes, is_scripted: false }
    }

    /// Whether the word `undefined` in it stands for nothing.
    #[inline]
    pub(super) fn is_scripted(&self) -> bool {
        self.is_scripted
    }

    pub(super) fn make_scripted(&mut self) {
        self.is_scripted = true;
    }

    #[inline]
    pub(super) fn node(&self, index: usize) -> Node {
        self.nodes.get(index).copied().unwrap_or(Node::NULL)
    }

    /// The index of the value after the value at `index`.
    #[inline]
    pub(super) fn after(&self, index: usize) -> usize {
        index + self.node(index).size()
    }

    /// The text of a number, or of a string as it is written.
    #[inline]
    pub(super) fn raw(&self, node: Node) -> &str {
        self.text.get(node.span()).unwrap_or_default()
    }

    /// The text of a string.
    #[inline]
    pub(super) fn string(&self, node: Node) -> Cow<'_, str> {
        let raw = self.raw(node);
        if node.is_escaped() { Cow::Owned(unescape(raw)) } else { Cow::Borrowed(raw) }
    }

    /// Whether a string has this text.
    #[inline]
    pub(super) fn is_string(&self, node: Node, text: &str) -> bool {
        let span = node.span();
        if node.is_escaped() {
            return *text == *unescape(self.raw(node));
        }
        span.len() == text.len() && self.text.as_bytes().get(span) == Some(text.as_bytes())
    }
}
