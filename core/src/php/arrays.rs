//! The arrays into which PHP reads a query.

use std::collections::HashMap;
use std::fmt::Write;
use std::ops::Range;

use super::Name;
use crate::wire::{Json, JsonWriter};

/// The number of entries up to which a key is found by comparison with each of them.
const FEW: u32 = 16;

/// No entry, or no array.
const NONE: u32 = u32::MAX;

/// The arrays of a query, with all their texts in one.
///
/// It is the document that they become, except for the order: a query may return to an array that it has left.
#[derive(Default)]
pub(super) struct Arrays {
    text: Vec<u8>,
    entries: Vec<Entry>,
    arrays: Vec<Array>,
}

/// An array of PHP: keys in insertion order, and the next free number.
struct Array {
    first: u32,
    newest: u32,
    /// The entry that was used last: names with the same beginning follow each other.
    recent: u32,
    len: u32,
    /// The greatest numeric key so far.
    greatest: Option<i64>,
    /// Whether the keys are 0, 1, 2 and so on.
    is_list: bool,
    /// The entries by their keys, once there are more than [`FEW`].
    places: Option<HashMap<Box<[u8]>, u32>>,
}

#[derive(Clone, Copy)]
struct Entry {
    key: Text,
    node: Node,
    next: u32,
}

/// The place of a text.
#[derive(Clone, Copy)]
pub(super) struct Text {
    start: u32,
    end: u32,
}

#[derive(Clone, Copy)]
enum Node {
    Text(Text),
    Array(u32),
    /// A parameter that PHP has dropped.
    Dropped,
}

/// What an insertion has changed.
#[derive(Clone, Copy, Default)]
pub(super) struct Inserted {
    /// The number of values and arrays that are new.
    pub(super) new: usize,
    /// Whether an earlier value was replaced.
    pub(super) replaced: bool,
}

/// The array of the names without brackets.
#[derive(Clone, Copy)]
pub(super) struct Root(u32);

impl Arrays {
    /// Arrays with room for a query of this length.
    pub(super) fn with_capacity(length: usize) -> Self {
        let entries = length / 24 + 1;
        Self {
            text: Vec::with_capacity(length + 64),
            entries: Vec::with_capacity(entries),
            arrays: Vec::new(),
        }
    }

    pub(super) fn root(&mut self) -> Root {
        Root(self.open())
    }

    /// Adds a text by appending it; `None` if it is not UTF-8, or there are too many.
    pub(super) fn text(&mut self, append: impl FnOnce(&mut Vec<u8>)) -> Option<Text> {
        let start = self.text.len();
        append(&mut self.text);
        str::from_utf8(self.text.get(start..)?).ok()?;
        Text::new(start..self.text.len())
    }

    /// Inserts a value at a name.
    pub(super) fn insert(&mut self, root: Root, name: &Name<'_>, value: Text) -> Inserted {
        let mut inserted = Inserted::default();
        let mut array = root.0;
        let mut key = Some(&*name.top);
        for inner in name.keys() {
            let Some((place, is_new)) = self.entry(array, key) else { return inserted };
            inserted.new += usize::from(is_new);
            array = match self.entries[place as usize].node {
                Node::Array(array) => array,
                _ => {
                    inserted.replaced |= !is_new;
                    let opened = self.open();
                    self.entries[place as usize].node = Node::Array(opened);
                    opened
                }
            };
            key = inner;
        }
        if let Some((place, is_new)) = self.entry(array, key) {
            inserted.new += usize::from(is_new);
            inserted.replaced |= !is_new;
            self.entries[place as usize].node = Node::Text(value);
        }
        inserted
    }

    /// Drops an entry. A later one with the same key is a new one, after all others.
    pub(super) fn drop_entry(&mut self, root: Root, key: &str) {
        if let Some(place) = self.find(root.0, key.as_bytes()) {
            let array = &mut self.arrays[root.0 as usize];
            if let Some(places) = &mut array.places {
                places.remove(key.as_bytes());
            }
            array.len -= 1;
            self.entries[place as usize].node = Node::Dropped;
        }
    }

    /// Adds the entries of another root whose keys this one does not have.
    pub(super) fn add_missing(&mut self, root: Root, others: Root) {
        let mut other = self.arrays[others.0 as usize].first;
        while other != NONE {
            let Entry { key, node, next } = self.entries[other as usize];
            let is_there = self.find(root.0, &self.text[key.range()]).is_some();
            if !is_there && !matches!(node, Node::Dropped) {
                self.link(root.0, key, node);
            }
            other = next;
        }
    }

    /// The document of a root; `None` if it is too long.
    pub(super) fn into_json(self, root: Root) -> Option<Json> {
        let mut writer = JsonWriter::with_capacity(self.entries.len() * 2 + 1);
        self.write_object(&self.arrays[root.0 as usize], &mut writer);
        // Each text is UTF-8, so all of them together are.
        Some(Json::written(writer, String::from_utf8(self.text).ok()?)?.scripted())
    }

    fn open(&mut self) -> u32 {
        let array = Array {
            first: NONE,
            newest: NONE,
            recent: NONE,
            len: 0,
            greatest: None,
            is_list: true,
            places: None,
        };
        self.arrays.push(array);
        self.arrays.len() as u32 - 1
    }

    /// The entry at a key, and whether it is new; `None` if there is no number left to append with.
    fn entry(&mut self, array: u32, key: Option<&str>) -> Option<(u32, bool)> {
        if let Some(place) = key.and_then(|key| self.find(array, key.as_bytes())) {
            self.arrays[array as usize].recent = place;
            return Some((place, false));
        }
        let start = self.text.len();
        match key {
            Some(key) => self.text.extend_from_slice(key.as_bytes()),
            None => {
                let greatest = self.arrays[array as usize].greatest;
                let next = greatest.map_or(Some(0), |greatest| greatest.checked_add(1))?;
                let mut digits = String::new();
                // Writing to a string does not fail.
                let _ = write!(digits, "{next}");
                self.text.extend_from_slice(digits.as_bytes());
            }
        }
        let key = Text::new(start..self.text.len())?;
        let empty = Node::Text(Text { start: 0, end: 0 });
        Some((self.link(array, key, empty), true))
    }

    /// Adds an entry with a new key after all others.
    fn link(&mut self, array: u32, key: Text, node: Node) -> u32 {
        let place = self.entries.len() as u32;
        self.entries.push(Entry { key, node, next: NONE });
        let (text, entries) = (&self.text, &mut self.entries);
        let array = &mut self.arrays[array as usize];
        match entries.get_mut(array.newest as usize) {
            Some(newest) => newest.next = place,
            None => array.first = place,
        }
        let number = canonical(&text[key.range()]);
        array.is_list &= number == Some(i64::from(array.len));
        array.greatest = array.greatest.max(number);
        array.newest = place;
        array.recent = place;
        array.len += 1;
        match &mut array.places {
            Some(places) => drop(places.insert(text[key.range()].into(), place)),
            None if array.len > FEW => array.places = Some(places_of(text, entries, array.first)),
            None => {}
        }
        place
    }

    fn find(&self, array: u32, key: &[u8]) -> Option<u32> {
        let array = &self.arrays[array as usize];
        let is_it =
            |entry: &Entry| self.text[entry.key.range()] == *key && !matches!(entry.node, Node::Dropped);
        if self.entries.get(array.recent as usize).is_some_and(is_it) {
            return Some(array.recent);
        }
        if let Some(places) = &array.places {
            return places.get(key).copied();
        }
        let mut place = array.first;
        while let Some(entry) = self.entries.get(place as usize) {
            if is_it(entry) {
                return Some(place);
            }
            place = entry.next;
        }
        None
    }

    fn write_object(&self, array: &Array, writer: &mut JsonWriter) {
        let opened = writer.open();
        self.each(array, |entry| {
            writer.text(entry.key.range());
            self.write(entry.node, writer);
        });
        writer.close_object(opened, array.len as usize);
    }

    fn write(&self, node: Node, writer: &mut JsonWriter) {
        let array = match node {
            Node::Text(text) => return writer.text(text.range()),
            Node::Array(array) => &self.arrays[array as usize],
            Node::Dropped => return,
        };
        if !array.is_list {
            return self.write_object(array, writer);
        }
        let opened = writer.open();
        self.each(array, |entry| self.write(entry.node, writer));
        writer.close_array(opened, array.len as usize);
    }

    fn each(&self, array: &Array, mut visit: impl FnMut(&Entry)) {
        let mut place = array.first;
        while let Some(entry) = self.entries.get(place as usize) {
            if !matches!(entry.node, Node::Dropped) {
                visit(entry);
            }
            place = entry.next;
        }
    }
}

impl Text {
    fn new(place: Range<usize>) -> Option<Self> {
        // The last number is that of no entry.
        let end = u32::try_from(place.end).ok().filter(|end| *end < NONE)?;
        Some(Self { start: u32::try_from(place.start).ok()?, end })
    }

    fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// The entries of an array by their keys.
fn places_of(text: &[u8], entries: &[Entry], first: u32) -> HashMap<Box<[u8]>, u32> {
    let mut places = HashMap::with_capacity(2 * FEW as usize);
    let mut place = first;
    while let Some(entry) = entries.get(place as usize) {
        if !matches!(entry.node, Node::Dropped) {
            places.insert(text[entry.key.range()].into(), place);
        }
        place = entry.next;
    }
    places
}

/// The number that PHP makes of a key: digits without a leading zero, with a minus if it is negative.
fn canonical(key: &[u8]) -> Option<i64> {
    let digits = key.strip_prefix(b"-").unwrap_or(key);
    let is_canonical = match digits {
        [b'0'] => digits.len() == key.len(),
        [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    if is_canonical { str::from_utf8(key).ok()?.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn numbers_are_the_keys_that_php_writes_as_numbers() {
        for (key, number) in [
            ("0", Some(0)),
            ("7", Some(7)),
            ("-7", Some(-7)),
            ("9223372036854775807", Some(i64::MAX)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("-0", None),
            ("00", None),
            ("07", None),
            ("+7", None),
            ("7 ", None),
            ("7a", None),
            ("-", None),
            ("", None),
        ] {
            assert_eq!(canonical(key.as_bytes()), number, "{key}");
        }
    }
}
