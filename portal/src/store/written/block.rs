//! Texts of rows that are read together.

/// How many rows a block has.
const ROWS: usize = 16;

/// The texts of rows whose identifiers differ in the last digits only.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// Where the text of each row ends and how long it is. 0: it is not known.
    places: [(u32, u32); ROWS],
    text: Vec<u8>,
    /// The bytes of `text` that are no longer those of a row.
    unused: usize,
}

/// The block of a row, and its place there.
pub(super) fn place(id: i64) -> (i64, usize) {
    let rows = ROWS as i64;
    (id.div_euclid(rows), usize::try_from(id.rem_euclid(rows)).unwrap_or(0))
}

impl Block {
    /// The bytes of all texts.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// The text of a row.
    pub(super) fn get(&self, at: usize) -> Option<&[u8]> {
        let (end, length) = self.places.get(at).copied().filter(|(end, _)| *end > 0)?;
        self.text.get((end - length) as usize..end as usize)
    }

    /// Sets the text of a row that has none.
    pub(super) fn set(&mut self, at: usize, text: &[u8]) {
        self.text.extend_from_slice(text);
        if let (Some(place), Ok(end), Ok(length)) =
            (self.places.get_mut(at), u32::try_from(self.text.len()), u32::try_from(text.len()))
        {
            *place = (end, length);
        }
    }

    /// Removes the text of a row, and returns its length.
    pub(super) fn remove(&mut self, at: usize) -> Option<usize> {
        let removed = self.get(at)?.len();
        *self.places.get_mut(at)? = (0, 0);
        self.unused += removed;
        Some(removed)
    }

    pub(super) fn is_mostly_unused(&self) -> bool {
        2 * self.unused > self.text.len()
    }

    pub(super) fn compact(&mut self) {
        let mut compact = Self::default();
        for at in 0..ROWS {
            if let Some(text) = self.get(at) {
                compact.set(at, text);
            }
        }
        *self = compact;
    }
}
