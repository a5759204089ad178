//! The parser.
//!
//! It accepts what `serde_json` accepts; property tests compare both. The errors are those of `serde_json` too: a text that is
//! not accepted is parsed again for its error.

use std::borrow::Cow;
use std::collections::HashMap;

use super::escape::{escape_len, unescape};
use super::key_filter::KeyFilter;
use super::node::{MAX_LEN, Node};
use super::tree::Tree;

/// The number of values around a value, as in `serde_json`.
const MAX_DEPTH: usize = 127;

/// The number of entries up to which keys are compared with each other.
const FEW: usize = 64;

/// The nodes of a JSON text; `None` if the text is invalid or too long.
pub(super) fn parse(text: String) -> Result<Tree, String> {
    if text.len() > MAX_LEN {
        return Err(text);
    }
    // A page of rows has about ten bytes for each node.
    let nodes = Vec::with_capacity(text.len() / 8 + 1);
    let mut parser = Parser { text: &text, bytes: text.as_bytes(), at: 0, depth: 0, nodes };
    match parser.document() {
        Some(()) => {
            let nodes = parser.nodes;
            Ok(Tree::new(text, nodes))
        }
        None => Err(text),
    }
}

struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    depth: usize,
    nodes: Vec<Node>,
}

impl Parser<'_> {
    fn document(&mut self) -> Option<()> {
        self.value()?;
        self.skip_white_space();
        (self.at == self.bytes.len()).then_some(())
    }

    #[inline]
    fn skip_white_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    /// The next byte after white space.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        if byte > b' ' {
            return Some(byte);
        }
        self.skip_white_space();
        self.bytes.get(self.at).copied()
    }

    fn value(&mut self) -> Option<()> {
        let node = match self.peek()? {
            b'"' => self.string()?,
            b'-' | b'0'..=b'9' => self.number()?,
            b'{' => return self.nested(Self::object),
            b'[' => return self.nested(Self::array),
            b'n' => self.word(b"null", Node::NULL)?,
            b't' => self.word(b"true", Node::TRUE)?,
            b'f' => self.word(b"false", Node::FALSE)?,
            _ => return None,
        };
        self.nodes.push(node);
        Some(())
    }

    fn nested(&mut self, value: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        self.at += 1;
        value(self)?;
        self.depth -= 1;
        Some(())
    }

    #[inline]
    fn word(&mut self, word: &[u8], node: Node) -> Option<Node> {
        let end = self.at + word.len();
        let found = self.bytes.get(self.at..end)? == word;
        self.at = end;
        found.then_some(node)
    }

    fn array(&mut self) -> Option<()> {
        let start = self.nodes.len();
        self.nodes.push(Node::array(0, 0));
        let mut items = 0;
        if self.peek()? == b']' {
            self.at += 1;
            return Some(());
        }
        loop {
            self.value()?;
            items += 1;
            match self.peek()? {
                b',' => self.at += 1,
                b']' => break,
                _ => return None,
            }
        }
        self.at += 1;
        self.nodes[start] = Node::array(self.nodes.len() - start - 1, items);
        Some(())
    }

    fn object(&mut self) -> Option<()> {
        let start = self.nodes.len();
        self.nodes.push(Node::object(0, 0));
        let mut keys = KeyFilter::default();
        let (mut entries, mut may_repeat) = (0, false);
        if self.peek()? == b'}' {
            self.at += 1;
            return Some(());
        }
        loop {
            if self.peek()? != b'"' {
                return None;
            }
            let key = self.string()?;
            may_repeat = may_repeat
                || key.is_escaped()
                || entries >= FEW
                || keys.insert(&self.bytes[key.span()]) && self.has_key(start, key);
            self.nodes.push(key);
            if self.peek()? != b':' {
                return None;
            }
            self.at += 1;
            self.value()?;
            entries += 1;
            match self.peek()? {
                b',' => self.at += 1,
                b'}' => break,
                _ => return None,
            }
        }
        self.at += 1;
        self.nodes[start] = Node::object(self.nodes.len() - start - 1, entries);
        if may_repeat {
            self.merge_repeated_keys(start);
        }
        Some(())
    }

    /// Whether the open object at `start` has this key already. Both have no escapes.
    fn has_key(&self, start: usize, key: Node) -> bool {
        let mut index = start + 1;
        while let Some(other) = self.nodes.get(index) {
            if other.len() == key.len() && self.bytes[other.span()] == self.bytes[key.span()] {
                return true;
            }
            index += 1 + self.nodes.get(index + 1).map_or(1, |value| value.size());
        }
        false
    }

    /// Keeps the last value of each key of the object at `start`, at the place of the first, as `serde_json` does.
    #[cold]
    fn merge_repeated_keys(&mut self, start: usize) {
        let object = self.nodes[start];
        let mut places: HashMap<Cow<'_, str>, usize> = HashMap::with_capacity(object.len());
        let mut entries: Vec<(usize, usize)> = Vec::with_capacity(object.len());
        let (mut index, end) = (start + 1, start + object.size());
        while index < end {
            let key = self.nodes[index];
            let raw = &self.text[key.span()];
            let name = if key.is_escaped() { Cow::Owned(unescape(raw)) } else { Cow::Borrowed(raw) };
            let place = *places.entry(name).or_insert(entries.len());
            match entries.get_mut(place) {
                Some(entry) => entry.1 = index + 1,
                None => entries.push((index, index + 1)),
            }
            index += 1 + self.nodes[index + 1].size();
        }
        if entries.len() == object.len() {
            return;
        }
        let mut kept = Vec::with_capacity(object.size());
        for (key, value) in &entries {
            kept.push(self.nodes[*key]);
            kept.extend_from_slice(&self.nodes[*value..*value + self.nodes[*value].size()]);
        }
        self.nodes.truncate(start);
        self.nodes.push(Node::object(kept.len(), entries.len()));
        self.nodes.append(&mut kept);
    }

    /// Reads a string from its opening to after its closing quotation mark.
    #[inline]
    fn string(&mut self) -> Option<Node> {
        let start = self.at + 1;
        let mut at = start;
        let mut is_escaped = false;
        loop {
            at = plain_end(self.bytes, at);
            match self.bytes.get(at)? {
                b'"' => break,
                b'\\' => {
                    is_escaped = true;
                    // PHP escapes whole words.
                    while self.bytes.get(at) == Some(&b'\\') {
                        at += escape_len(&self.bytes[at..])?;
                    }
                }
                // A control character.
                _ => return None,
            }
        }
        self.at = at + 1;
        Some(Node::string(start, at - start, is_escaped))
    }

    fn number(&mut self) -> Option<Node> {
        let start = self.at;
        let mut at = start + usize::from(self.bytes[start] == b'-');
        let mut is_large = false;
        match self.bytes.get(at)? {
            b'0' => at += 1,
            b'1'..=b'9' => at = self.digits_end(at),
            _ => return None,
        }
        if self.bytes.get(at) == Some(&b'.') {
            at = self.some_digits_end(at + 1)?;
        }
        if let Some(b'e' | b'E') = self.bytes.get(at) {
            is_large = true;
            at += 1;
            if let Some(b'+' | b'-') = self.bytes.get(at) {
                at += 1;
            }
            at = self.some_digits_end(at)?;
        }
        self.at = at;
        // A double ends above 309 digits.
        is_large |= at - start > 300;
        let is_in_range = !is_large || self.text[start..at].parse::<f64>().is_ok_and(f64::is_finite);
        is_in_range.then(|| Node::number(start, at - start))
    }

    #[inline]
    fn digits_end(&self, mut at: usize) -> usize {
        while let Some(b'0'..=b'9') = self.bytes.get(at) {
            at += 1;
        }
        at
    }

    fn some_digits_end(&self, at: usize) -> Option<usize> {
        let end = self.digits_end(at);
        (end > at).then_some(end)
    }
}

/// The index of the next quotation mark, backslash or control character, or the end.
#[inline]
fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::MAX / 0xff;
    const HIGH: u64 = ONES * 0x80;
    // Finds zero bytes. Bytes above the first may be found wrongly, so only the first is used.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    while let Some(chunk) = bytes.get(at..at + 8).and_then(|chunk| <[u8; 8]>::try_from(chunk).ok()) {
        let word = u64::from_le_bytes(chunk);
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let found = zeros(word ^ (ONES * 0x22)) | zeros(word ^ (ONES * 0x5c)) | control;
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|byte| *byte >= b' ' && *byte != b'"' && *byte != b'\\') {
        at += 1;
    }
    at
}
