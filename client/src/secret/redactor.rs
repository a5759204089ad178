//! The search for secrets in texts, in one pass whatever their number and their length.

use std::collections::HashSet;
use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::decode::{Decoded, Unit, may_be_encoded, units};
use super::{MASK, Secret};

/// How many bytes in a row identify a secret. A part of a secret that is as long is masked, too: portals and proxies cut texts.
const WINDOW: usize = 8;

/// Finds secrets: as they are in any case, percent-encoded, with entities of HTML or escapes of JSON, twice so, and in base64.
#[derive(Clone, Default)]
pub(crate) struct Redactor {
    /// All windows of all secrets, each as a number.
    windows: HashSet<u64>,
    /// Bits of the windows, so that most positions of a text need no search.
    filter: Filter,
    /// The forms of secrets that are shorter than a window, in lower case, the longest first.
    short: Vec<String>,
}

#[derive(Clone)]
struct Filter(Box<[u64; 256]>);

impl Default for Filter {
    fn default() -> Self {
        Self(Box::new([0; 256]))
    }
}

impl Filter {
    fn place(window: u64) -> (usize, u64) {
        let hash = window.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 50;
        ((hash >> 6) as usize, 1 << (hash & 63))
    }

    fn add(&mut self, window: u64) {
        let (word, bit) = Self::place(window);
        self.0[word] |= bit;
    }

    fn may_contain(&self, window: u64) -> bool {
        let (word, bit) = Self::place(window);
        self.0[word] & bit != 0
    }
}

impl Redactor {
    /// Creates a redactor of these secrets. Those for which `in_base64` holds are found in base64, too.
    pub(super) fn new<'a>(secrets: impl IntoIterator<Item = (&'a Secret, bool)>) -> Self {
        let mut redactor = Self::default();
        for (secret, in_base64) in secrets {
            let secret = secret.expose();
            if secret.len() < WINDOW {
                redactor.short.extend(super::forms(secret).into_iter().filter(|form| !form.is_empty()));
                continue;
            }
            redactor.add_windows(secret.as_bytes());
            if in_base64 {
                base64_forms(secret).iter().for_each(|form| redactor.add_windows(form.as_bytes()));
            }
        }
        redactor
            .short
            .sort_unstable_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        redactor.short.dedup();
        redactor
    }

    fn add_windows(&mut self, bytes: &[u8]) {
        for window in bytes.windows(WINDOW) {
            let window = window.iter().fold(0, |window, byte| push(window, *byte));
            self.windows.insert(window);
            self.filter.add(window);
        }
    }

    /// Replaces every occurrence of any of the secrets in the text.
    pub(crate) fn redact(&self, text: &str) -> String {
        let mut found = Vec::new();
        self.find(units(text), &mut found);
        if may_be_encoded(text) {
            self.find(Decoded::new(units(text)), &mut found);
            self.find(Decoded::new(Decoded::new(units(text))), &mut found);
        }
        let mut shown = if found.is_empty() { text.to_owned() } else { mask(text, found) };
        for secret in self.short.iter().filter(|secret| secret.len() <= text.len()) {
            #[cfg(test)]
            work::add(text.len());
            // ASCII lower-casing keeps every byte offset, so offsets in one text are valid in the other.
            let folded = shown.to_ascii_lowercase();
            if folded.contains(secret.as_str()) {
                let found =
                    folded.match_indices(secret.as_str()).map(|(start, secret)| start..start + secret.len());
                shown = mask(&shown, found.collect());
            }
        }
        shown
    }

    /// Whether a secret has this window.
    fn contains(&self, window: u64) -> bool {
        #[cfg(test)]
        work::add(1);
        self.windows.contains(&window)
    }

    /// Finds the windows in a sequence of bytes.
    fn find(&self, bytes: impl Iterator<Item = Unit>, found: &mut Vec<Range<usize>>) {
        if self.windows.is_empty() {
            return;
        }
        let (mut window, mut starts) = (0, [0; WINDOW]);
        for (count, Unit { byte, start, end }) in bytes.enumerate() {
            #[cfg(test)]
            work::add(1);
            window = push(window, byte);
            starts[count % WINDOW] = start;
            if count + 1 >= WINDOW && self.filter.may_contain(window) && self.contains(window) {
                let start = starts[(count + 1) % WINDOW];
                match found.last_mut() {
                    Some(last) if last.start <= start && start < last.end => last.end = last.end.max(end),
                    _ => found.push(start..end),
                }
            }
        }
    }
}

/// Appends a byte to a window. Case does not count, and neither does the form in which a query writes a space.
fn push(window: u64, byte: u8) -> u64 {
    let byte = if byte == b'+' { b' ' } else { byte.to_ascii_lowercase() };
    window << 8 | u64::from(byte)
}

/// What base64 contains of a secret, wherever it is in the encoded text.
fn base64_forms(secret: &str) -> Vec<String> {
    let mut forms = Vec::new();
    for before in 0..3 {
        let mut bytes = vec![0; before];
        bytes.extend_from_slice(secret.as_bytes());
        // The first characters depend on the bytes before, the last one on the bytes after.
        let (first, last) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
        for encoded in [STANDARD_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)] {
            forms.extend(encoded.get(first..last).map(str::to_owned));
        }
    }
    forms
}

/// Replaces ranges of a text. They may overlap.
fn mask(text: &str, mut found: Vec<Range<usize>>) -> String {
    found.sort_unstable_by_key(|range| range.start);
    let mut shown = String::with_capacity(text.len());
    let mut rest = 0;
    let mut ranges = found.into_iter().peekable();
    while let Some(Range { mut start, mut end }) = ranges.next() {
        while let Some(next) = ranges.next_if(|next| next.start < end) {
            end = end.max(next.end);
        }
        // A window may start or end within a character.
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        while !text.is_char_boundary(end) {
            end += 1;
        }
        shown.push_str(text.get(rest..start).unwrap_or_default());
        shown.push_str(MASK);
        rest = end.max(rest);
    }
    shown.push_str(text.get(rest..).unwrap_or_default());
    shown
}

/// The work of this thread in steps, for tests: bytes that were read, and windows that were searched.
#[cfg(test)]
pub(super) mod work {
    use std::cell::Cell;

    thread_local! {
        static STEPS: Cell<usize> = const { Cell::new(0) };
    }

    pub(super) fn add(steps: usize) {
        STEPS.set(STEPS.get() + steps);
    }

    /// The steps so far.
    pub(in super::super) fn steps() -> usize {
        STEPS.get()
    }
}
