//! The nodes of a document.

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "JSON has these kinds of values and no others")]
pub enum JsonKind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// A value or a key in eight bytes.
///
/// Nodes are in the order of the text. An array is followed by its items, an object by its keys, each followed by its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Node {
    /// The offset in the text; for an array or an object the number of nodes inside.
    first: u32,
    /// The tag, and above it the length in the text, or the number of items or entries.
    second: u32,
}

/// The tags of nodes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tag {
    Null,
    False,
    True,
    Number,
    /// A string without escapes.
    String,
    /// A string with escapes.
    Escaped,
    Array,
    Object,
}

const TAG_BITS: u32 = 3;

/// The maximum length of a text, in bytes, so that lengths fit beside tags.
pub(super) const MAX_LEN: usize = (u32::MAX >> TAG_BITS) as usize;

impl Node {
    pub(super) const NULL: Self = Self::new(0, 0, Tag::Null);
    pub(super) const FALSE: Self = Self::new(0, 0, Tag::False);
    pub(super) const TRUE: Self = Self::new(0, 0, Tag::True);

    /// `first` and `length` are at most [`MAX_LEN`].
    const fn new(first: usize, length: usize, tag: Tag) -> Self {
        Self { first: first as u32, second: (length as u32) << TAG_BITS | tag as u32 }
    }

    pub(super) const fn number(offset: usize, length: usize) -> Self {
        Self::new(offset, length, Tag::Number)
    }

    pub(super) const fn string(offset: usize, length: usize, is_escaped: bool) -> Self {
        Self::new(offset, length, if is_escaped { Tag::Escaped } else { Tag::String })
    }

    pub(super) const fn array(nodes: usize, items: usize) -> Self {
        Self::new(nodes, items, Tag::Array)
    }

    pub(super) const fn object(nodes: usize, entries: usize) -> Self {
        Self::new(nodes, entries, Tag::Object)
    }

    const fn tag(self) -> Tag {
        match self.second & ((1 << TAG_BITS) - 1) {
            0 => Tag::Null,
            1 => Tag::False,
            2 => Tag::True,
            3 => Tag::Number,
            4 => Tag::String,
            5 => Tag::Escaped,
            6 => Tag::Array,
            _ => Tag::Object,
        }
    }

    pub(super) const fn kind(self) -> JsonKind {
        match self.tag() {
            Tag::Null => JsonKind::Null,
            Tag::False | Tag::True => JsonKind::Bool,
            Tag::Number => JsonKind::Number,
            Tag::String | Tag::Escaped => JsonKind::String,
            Tag::Array => JsonKind::Array,
            Tag::Object => JsonKind::Object,
        }
    }

    pub(super) const fn is_escaped(self) -> bool {
        matches!(self.tag(), Tag::Escaped)
    }

    pub(super) const fn is_true(self) -> bool {
        matches!(self.tag(), Tag::True)
    }

    /// The place of a number or a string in the text.
    #[inline]
    pub(super) const fn span(self) -> std::ops::Range<usize> {
        self.first as usize..self.first as usize + self.len()
    }

    /// The length of a number or a string in the text, or the number of items or entries.
    #[inline]
    pub(super) const fn len(self) -> usize {
        (self.second >> TAG_BITS) as usize
    }

    /// The number of nodes of this value, with those inside.
    #[inline]
    pub(super) const fn size(self) -> usize {
        match self.tag() {
            Tag::Array | Tag::Object => self.first as usize + 1,
            _ => 1,
        }
    }
}
