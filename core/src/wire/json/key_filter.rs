//! A filter for keys.

/// A set of keys that may contain more than was inserted.
#[derive(Default)]
pub(in crate::wire) struct KeyFilter([u64; 4]);

impl KeyFilter {
    /// Inserts a key; `true` if it may have been inserted before.
    #[inline]
    pub(in crate::wire) fn insert(&mut self, key: &[u8]) -> bool {
        let (word, bit) = Self::place(key);
        let before = self.0[word] & bit != 0;
        self.0[word] |= bit;
        before
    }

    /// Whether a key may have been inserted.
    #[inline]
    pub(in crate::wire) fn may_contain(&self, key: &[u8]) -> bool {
        let (word, bit) = Self::place(key);
        self.0[word] & bit != 0
    }

    #[inline]
    fn place(key: &[u8]) -> (usize, u64) {
        let byte = |at: usize| u32::from(key.get(at).copied().unwrap_or(0));
        let len = key.len();
        let mixed = (len as u32)
            .wrapping_add(byte(0).wrapping_mul(0x9E37))
            .wrapping_add(byte(len / 2).wrapping_mul(0x85EB_CA6B))
            .wrapping_add(byte(len.wrapping_sub(1)).wrapping_mul(0xC2B2_AE35))
            .wrapping_add(byte(len.wrapping_sub(3)).wrapping_mul(0x27D4_EB2F))
            .wrapping_mul(0x9E37_79B1);
        ((mixed >> 30) as usize, 1 << (mixed >> 24 & 63))
    }
}
