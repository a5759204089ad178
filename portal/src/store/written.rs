//! The texts of rows as methods return them, until a row changes: the same rows are read again and again.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::lock::lock;
use crate::spec::Api;

/// How many bytes the texts of all tables may have.
const MAX_BYTES: usize = 14 << 20;

/// How many rows a block has.
const ROWS: usize = 16;

/// In how many forms the rows of a table are kept.
const FORMS: usize = 4;

/// The bytes of the texts of all tables.
static BYTES: AtomicUsize = AtomicUsize::new(0);

/// Which form the text of a row has: the method that returns it, and the selected fields.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct RowForm {
    pub(crate) api: Api,
    pub(crate) method: String,
    /// The values that choose the kind of the rows.
    pub(crate) partition: Vec<String>,
    /// Folded. `None`: all.
    pub(crate) selected: Option<Vec<String>>,
    /// Whether custom fields of universal items have their original names.
    pub(crate) has_original_names: bool,
}

/// The texts of the rows of a table.
#[derive(Debug, Default)]
pub(super) struct Written(Vec<(RowForm, RowTexts)>);

/// The texts of rows in one form. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowTexts(Arc<Mutex<Texts>>);

/// Texts by the identifiers of the rows. Those of neighbours are in one block, since they are read together.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    blocks: HashMap<i64, Block>,
    rows: usize,
    bytes: usize,
}

/// The texts of rows whose identifiers differ in the last digits only.
#[derive(Debug, Default)]
struct Block {
    /// Where the text of each row ends and how long it is. 0: it is not known.
    places: [(u32, u32); ROWS],
    text: Vec<u8>,
    /// The bytes of `text` that are no longer those of a row.
    unused: usize,
}

impl Written {
    /// The texts of a form.
    pub(super) fn form(&mut self, form: &RowForm) -> RowTexts {
        if let Some((_, texts)) = self.0.iter().find(|(of, _)| of == form) {
            return texts.clone();
        }
        if self.0.len() >= FORMS {
            self.0.remove(0);
        }
        let texts = RowTexts::default();
        self.0.push((form.clone(), texts.clone()));
        texts
    }

    /// Forgets the texts of a row that changes.
    pub(super) fn forget(&mut self, id: i64) {
        for (_, texts) in &mut self.0 {
            lock(&texts.0).forget(id);
        }
    }
}

impl RowTexts {
    /// The texts, for the rows of one response.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Texts> {
        lock(&self.0)
    }
}

impl Texts {
    /// How many bytes so many rows are likely to have.
    pub(crate) fn likely_bytes(&self, rows: usize) -> usize {
        (self.bytes / self.rows.max(1) + 1) * rows
    }

    /// Appends the text of a row. `write` writes it, unless it did before and the row has not changed since. Returns `false` if it
    /// did not, since there is no such row.
    pub(crate) fn append(
        &mut self,
        id: i64,
        text: &mut Vec<u8>,
        write: impl FnOnce(&mut Vec<u8>) -> bool,
    ) -> bool {
        let (block, at) = place(id);
        if let Some(known) = self.blocks.get(&block).and_then(|block| block.get(at)) {
            text.extend_from_slice(known);
            return true;
        }
        let begin = text.len();
        if !write(text) {
            return false;
        }
        self.keep(id, text.get(begin..).unwrap_or_default());
        true
    }

    fn keep(&mut self, id: i64, text: &[u8]) {
        if BYTES.load(Ordering::Relaxed) + text.len() > MAX_BYTES {
            self.clear();
            return;
        }
        let (block, at) = place(id);
        self.blocks.entry(block).or_default().set(at, text);
        self.rows += 1;
        self.bytes += text.len();
        BYTES.fetch_add(text.len(), Ordering::Relaxed);
    }

    fn forget(&mut self, id: i64) {
        let (number, at) = place(id);
        let Some(block) = self.blocks.get_mut(&number) else { return };
        let Some(removed) = block.remove(at) else { return };
        self.rows -= 1;
        self.bytes -= removed;
        BYTES.fetch_sub(removed, Ordering::Relaxed);
        if block.is_mostly_unused() {
            block.compact();
        }
    }

    fn clear(&mut self) {
        self.blocks.clear();
        self.rows = 0;
        BYTES.fetch_sub(std::mem::take(&mut self.bytes), Ordering::Relaxed);
    }
}

/// The block of a row, and its place there.
fn place(id: i64) -> (i64, usize) {
    let rows = ROWS as i64;
    (id.div_euclid(rows), usize::try_from(id.rem_euclid(rows)).unwrap_or(0))
}

impl Block {
    fn get(&self, at: usize) -> Option<&[u8]> {
        let (end, length) = self.places.get(at).copied().filter(|(end, _)| *end > 0)?;
        self.text.get((end - length) as usize..end as usize)
    }

    /// Sets the text of a row that has none.
    fn set(&mut self, at: usize, text: &[u8]) {
        self.text.extend_from_slice(text);
        if let (Some(place), Ok(end), Ok(length)) =
            (self.places.get_mut(at), u32::try_from(self.text.len()), u32::try_from(text.len()))
        {
            *place = (end, length);
        }
    }

    /// Removes the text of a row, and returns its length.
    fn remove(&mut self, at: usize) -> Option<usize> {
        let removed = self.get(at)?.len();
        *self.places.get_mut(at)? = (0, 0);
        self.unused += removed;
        Some(removed)
    }

    fn is_mostly_unused(&self) -> bool {
        2 * self.unused > self.text.len()
    }

    fn compact(&mut self) {
        let mut compact = Self::default();
        for at in 0..ROWS {
            if let Some(text) = self.get(at) {
                compact.set(at, text);
            }
        }
        *self = compact;
    }
}

impl Drop for Texts {
    fn drop(&mut self) {
        self.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form_of(method: &str) -> RowForm {
        let (method, partition) = (method.to_owned(), Vec::new());
        RowForm { api: Api::V2, method, partition, selected: None, has_original_names: false }
    }

    #[test]
    fn a_text_is_written_once_until_its_row_changes() {
        let mut written = Written::default();
        let form = form_of("zoo.cage.list");
        let texts = written.form(&form);
        let read = |id: i64, wanted: &str| {
            let mut text = b"[".to_vec();
            let is_there = texts.lock().append(id, &mut text, |text| {
                text.extend_from_slice(wanted.as_bytes());
                !wanted.is_empty()
            });
            (is_there, String::from_utf8(text).expect("a text"))
        };
        for id in [-1, 0, 1, 15, 16, 1 << 53] {
            assert_eq!(read(id, &format!("first {id}")), (true, format!("[first {id}")));
            assert_eq!(read(id, "another"), (true, format!("[first {id}")));
        }
        assert_eq!(read(2, ""), (false, "[".to_owned()));
        for round in 0..50 {
            written.forget(1);
            assert_eq!(read(1, &format!("round {round}")).1, format!("[round {round}"));
        }
        assert_eq!(read(0, "another").1, "[first 0");
        assert_eq!(read(15, "another").1, "[first 15");
        let bytes = texts.lock().blocks.values().map(|block| block.text.len()).sum::<usize>();
        assert!(bytes < 200, "{bytes}");
    }

    #[test]
    fn the_texts_of_the_oldest_form_are_forgotten() {
        let mut written = Written::default();
        let form = |at: usize| form_of(&at.to_string());
        let first = written.form(&form(0));
        first.lock().keep(1, b"text");
        for at in 1..=FORMS {
            written.form(&form(at));
        }
        assert!(written.form(&form(0)).lock().blocks.is_empty());
    }
}
