//! The texts of rows as methods return them, until a row changes: the same rows are read again and again.

mod block;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Weak};

use block::{Block, place};

use crate::lock::lock;
use crate::spec::Api;

/// How many bytes the texts of all tables may have.
const MAX_BYTES: usize = 14 << 20;

/// In how many forms the rows of a table are kept.
const FORMS: usize = 4;

/// The memory of the texts of all tables.
static SHARED: Memory = Memory::new();

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

/// The memory that the texts of several tables may have together.
#[derive(Debug)]
struct Memory {
    bytes: AtomicUsize,
    /// The texts, of which those that were not used for the longest time are forgotten first.
    all: Mutex<Vec<Weak<Shared>>>,
    /// The number of uses.
    uses: AtomicU64,
}

/// The texts of the rows of a table.
#[derive(Debug)]
pub(super) struct Written {
    forms: Vec<(RowForm, RowTexts)>,
    memory: &'static Memory,
}

/// The texts of rows in one form. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct RowTexts(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    texts: Mutex<Texts>,
    /// The number of the last use.
    used: AtomicU64,
}

/// Texts by the identifiers of the rows. Those of neighbours are in one block, since they are read together.
#[derive(Debug)]
pub(crate) struct Texts {
    blocks: HashMap<i64, Block>,
    rows: usize,
    bytes: usize,
    memory: &'static Memory,
}

impl Default for Written {
    fn default() -> Self {
        Self::within(&SHARED)
    }
}

impl Written {
    /// No texts yet.
    const fn within(memory: &'static Memory) -> Self {
        Self { forms: Vec::new(), memory }
    }

    /// The texts of a form.
    pub(super) fn form(&mut self, form: &RowForm) -> RowTexts {
        if let Some(at) = self.forms.iter().position(|(of, _)| of == form) {
            // The last used form is the last one.
            let (form, texts) = self.forms.remove(at);
            self.forms.push((form, texts.clone()));
            return texts;
        }
        if self.forms.len() >= FORMS {
            self.forms.remove(0);
        }
        let texts = RowTexts::within(self.memory);
        self.forms.push((form.clone(), texts.clone()));
        texts
    }

    /// Forgets the texts of a row that changes.
    pub(super) fn forget(&mut self, id: i64) {
        for (_, texts) in &mut self.forms {
            lock(&texts.0.texts).forget(id);
        }
    }
}

impl RowTexts {
    fn within(memory: &'static Memory) -> Self {
        let texts = Texts { blocks: HashMap::new(), rows: 0, bytes: 0, memory };
        let texts = Self(Arc::new(Shared { texts: Mutex::new(texts), used: AtomicU64::new(0) }));
        let mut all = lock(&memory.all);
        all.retain(|one| one.strong_count() > 0);
        all.push(Arc::downgrade(&texts.0));
        texts
    }

    /// The texts, for the rows of one response.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Texts> {
        let texts = lock(&self.0.texts);
        self.0.used.store(texts.memory.uses.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        texts
    }
}

impl Memory {
    const fn new() -> Self {
        Self { bytes: AtomicUsize::new(0), all: Mutex::new(Vec::new()), uses: AtomicU64::new(0) }
    }

    /// Forgets the texts that were not used for the longest time. Returns `false` if there are none that no call uses.
    fn forget_unused(&self) -> bool {
        let all: Vec<Arc<Shared>> = lock(&self.all).iter().filter_map(Weak::upgrade).collect();
        let unused = all.iter().filter_map(|one| {
            let texts = one.texts.try_lock().ok().filter(|texts| texts.bytes > 0)?;
            Some((one.used.load(Ordering::Relaxed), texts))
        });
        let oldest = unused.min_by_key(|(used, _)| *used);
        oldest.is_some_and(|(_, mut texts)| {
            texts.clear();
            true
        })
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
        while self.memory.bytes.load(Ordering::Relaxed) + text.len() > MAX_BYTES {
            // Those of this form are locked, so that they are not forgotten for themselves.
            if !self.memory.forget_unused() {
                self.clear();
                return;
            }
        }
        let (block, at) = place(id);
        self.blocks.entry(block).or_default().set(at, text);
        self.rows += 1;
        self.bytes += text.len();
        self.memory.bytes.fetch_add(text.len(), Ordering::Relaxed);
    }

    fn forget(&mut self, id: i64) {
        let (number, at) = place(id);
        let Some(block) = self.blocks.get_mut(&number) else { return };
        let Some(removed) = block.remove(at) else { return };
        self.rows -= 1;
        self.bytes -= removed;
        self.memory.bytes.fetch_sub(removed, Ordering::Relaxed);
        if block.is_mostly_unused() {
            block.compact();
        }
    }

    fn clear(&mut self) {
        self.blocks.clear();
        self.rows = 0;
        self.memory.bytes.fetch_sub(std::mem::take(&mut self.bytes), Ordering::Relaxed);
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
        let bytes = texts.lock().blocks.values().map(|block| block.len()).sum::<usize>();
        assert!(bytes < 200, "{bytes}");
    }

    #[test]
    fn the_form_that_was_not_used_for_the_longest_time_is_forgotten() {
        let mut written = Written::default();
        let form = |at: usize| form_of(&at.to_string());
        for at in 0..FORMS {
            written.form(&form(at)).lock().keep(1, b"text");
        }
        written.form(&form(0));
        written.form(&form(FORMS));
        let known = |at: usize| written.forms.iter().any(|(of, _)| *of == form(at));
        assert_eq!([known(0), known(1), known(2), known(FORMS)], [true, false, true, true]);
    }

    #[test]
    fn a_form_in_use_takes_the_place_of_one_that_is_not() {
        static MEMORY: Memory = Memory::new();
        let (mut deals, mut leads) = (Written::within(&MEMORY), Written::within(&MEMORY));
        let long = vec![b' '; MAX_BYTES / 8];
        let (unused, used) = (deals.form(&form_of("get")), leads.form(&form_of("list")));
        for id in 0..6 {
            unused.lock().keep(id, &long);
        }
        for id in 0..6 {
            used.lock().keep(id, &long);
        }
        assert_eq!((unused.lock().rows, used.lock().rows), (0, 6));
        assert!(MEMORY.bytes.load(Ordering::Relaxed) <= MAX_BYTES);
        // One form that is too large for itself keeps what came last.
        for id in 0..20 {
            used.lock().keep(id, &long);
        }
        assert!(used.lock().rows <= 8 && MEMORY.bytes.load(Ordering::Relaxed) <= MAX_BYTES);
    }
}
