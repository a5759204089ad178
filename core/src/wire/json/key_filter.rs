//! A filter for keys.

/// A set of keys that may contain more than was inserted.
#[derive(Default)]
pub(in crate::wire) struct KeyFilter([u64; 8]);

impl KeyFilter {
    /// Inserts a key; `true` if it may have been inserted before.
    #[inline]
    pub(in crate::wire) fn insert(&mut self, key: &[u8]) -> bool {
        let (word, bit) = place(key);
        let before = self.0[word] & bit != 0;
        self.0[word] |= bit;
        before
    }

    /// Whether a key may have been inserted.
    #[inline]
    pub(in crate::wire) fn may_contain(&self, key: &[u8]) -> bool {
        let (word, bit) = place(key);
        self.0[word] & bit != 0
    }
}

/// The word and the bit of a key, by its length, its beginning and its end.
#[inline]
fn place(key: &[u8]) -> (usize, u64) {
    let (begin, end) = match (key.first_chunk::<8>(), key.last_chunk::<8>()) {
        (Some(begin), Some(end)) => (u64::from_le_bytes(*begin), u64::from_le_bytes(*end)),
        _ => match (key.first_chunk::<4>(), key.last_chunk::<4>()) {
            (Some(begin), Some(end)) => (u32::from_le_bytes(*begin).into(), u32::from_le_bytes(*end).into()),
            _ => (key.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0),
        },
    };
    let mixed = (begin ^ end.rotate_left(23) ^ key.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((mixed >> 61) as usize, 1 << (mixed >> 55 & 63))
}
