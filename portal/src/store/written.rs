//! The texts of rows as methods return them, until a row changes: the same rows are read again and again.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many bytes the texts of all tables may have.
const MAX_BYTES: usize = 14 << 20;

/// In how many forms the rows of a table are kept.
const FORMS: usize = 4;

/// The bytes of the texts of all tables.
static BYTES: AtomicUsize = AtomicUsize::new(0);

/// Which form the text of a row has: the method that returns it, and the selected fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RowForm {
    pub(crate) method: String,
    /// The values that choose the kind of the rows.
    pub(crate) partition: Vec<String>,
    /// Folded. `None`: all.
    pub(crate) selected: Option<Vec<String>>,
}

/// Texts by the identifiers of the rows.
type Texts = HashMap<i64, Box<[u8]>>;

/// The texts of the rows of a table.
#[derive(Debug, Default)]
pub(super) struct Written(Vec<(RowForm, Texts)>);

impl Written {
    /// Appends the text of a row. Returns whether it is known.
    pub(super) fn append(&self, form: &RowForm, id: i64, text: &mut Vec<u8>) -> bool {
        let rows = self.0.iter().find(|(of, _)| of == form).map(|(_, rows)| rows);
        let Some(known) = rows.and_then(|rows| rows.get(&id)) else { return false };
        text.extend_from_slice(known);
        true
    }

    /// Keeps the text of a row.
    pub(super) fn keep(&mut self, form: &RowForm, id: i64, text: &[u8]) {
        if BYTES.load(Ordering::Relaxed) + text.len() > MAX_BYTES {
            self.clear();
            return;
        }
        let at = self.0.iter().position(|(of, _)| of == form).unwrap_or_else(|| {
            if self.0.len() >= FORMS {
                forget(self.0.remove(0).1.values());
            }
            self.0.push((form.clone(), Texts::new()));
            self.0.len() - 1
        });
        let Some((_, rows)) = self.0.get_mut(at) else { return };
        BYTES.fetch_add(text.len(), Ordering::Relaxed);
        forget(rows.insert(id, text.into()).iter());
    }

    /// Forgets the texts of a row that changes.
    pub(super) fn forget(&mut self, id: i64) {
        for (_, rows) in &mut self.0 {
            forget(rows.remove(&id).iter());
        }
    }

    fn clear(&mut self) {
        for (_, rows) in self.0.drain(..) {
            forget(rows.values());
        }
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        self.clear();
    }
}

fn forget<'t>(texts: impl Iterator<Item = &'t Box<[u8]>>) {
    BYTES.fetch_sub(texts.map(|text| text.len()).sum(), Ordering::Relaxed);
}
