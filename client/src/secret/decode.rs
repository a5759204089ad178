//! The bytes that an encoded text stands for, each with its place in the text.

use std::collections::VecDeque;

/// A byte of a text, and the range of the text that stands for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Unit {
    pub(super) byte: u8,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The bytes of a text as they are.
pub(super) fn units(text: &str) -> impl Iterator<Item = Unit> {
    text.bytes().enumerate().map(|(start, byte)| Unit { byte, start, end: start + 1 })
}

/// Whether the text may contain anything that [`Decoded`] decodes.
pub(super) fn may_be_encoded(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'%' | b'&' | b'\\'))
}

/// The longest encoded character: a surrogate pair in JSON.
const LONGEST: usize = 12;

/// Decodes percent-encoding, entities of HTML and escapes of JSON, whichever comes. Anything else stays as it is.
pub(super) struct Decoded<I> {
    source: I,
    /// The units that have been read and not been decoded.
    ahead: VecDeque<Unit>,
    /// The units that have been decoded and not been returned.
    decoded: VecDeque<Unit>,
}

impl<I: Iterator<Item = Unit>> Decoded<I> {
    pub(super) fn new(source: I) -> Self {
        Self { source, ahead: VecDeque::new(), decoded: VecDeque::new() }
    }

    /// Decodes the units ahead into a character and their number.
    fn decode(&self) -> Option<(char, usize)> {
        let text: [u8; LONGEST] =
            std::array::from_fn(|index| self.ahead.get(index).map_or(0, |unit| unit.byte));
        match text {
            [b'\\', b'u', ..] => json_escape(&text),
            [b'\\', c @ (b'/' | b'"' | b'\\'), ..] => Some((c.into(), 2)),
            [b'\\', b'n', ..] => Some(('\n', 2)),
            [b'\\', b't', ..] => Some(('\t', 2)),
            [b'&', ..] => entity(&text),
            _ => None,
        }
    }
}

impl<I: Iterator<Item = Unit>> Iterator for Decoded<I> {
    type Item = Unit;

    fn next(&mut self) -> Option<Unit> {
        if let Some(unit) = self.decoded.pop_front() {
            return Some(unit);
        }
        if self.ahead.is_empty() {
            self.ahead.extend(self.source.next());
        }
        let first = *self.ahead.front()?;
        if !matches!(first.byte, b'%' | b'&' | b'\\') {
            return self.ahead.pop_front();
        }
        while self.ahead.len() < LONGEST
            && let Some(unit) = self.source.next()
        {
            self.ahead.push_back(unit);
        }
        let range =
            |count: usize| (first.start, self.ahead.get(count - 1).map_or(first.end, |unit| unit.end));
        // A percent-encoded byte need not be a character.
        if let (b'%', Some(high), Some(low)) = (first.byte, self.ahead.get(1), self.ahead.get(2))
            && let Some(byte) = hex(&[high.byte, low.byte])
        {
            let (start, end) = range(3);
            self.ahead.drain(..3);
            return Some(Unit { byte: byte as u8, start, end });
        }
        let Some((character, count)) = self.decode() else { return self.ahead.pop_front() };
        let (start, end) = range(count);
        self.ahead.drain(..count);
        let mut buffer = [0; 4];
        let bytes = character.encode_utf8(&mut buffer).bytes();
        self.decoded.extend(bytes.map(|byte| Unit { byte, start, end }));
        self.decoded.pop_front()
    }
}

/// A number of hexadecimal digits.
fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| Some(number * 16 + char::from(*digit).to_digit(16)?))
}

/// `\u` and four digits, twice for a character beyond them.
fn json_escape(text: &[u8; LONGEST]) -> Option<(char, usize)> {
    let first = hex(&text[2..6])?;
    if let Some(c) = char::from_u32(first) {
        return Some((c, 6));
    }
    let second = (&text[6..8] == b"\\u").then(|| hex(&text[8..12])).flatten()?;
    let mut pair = char::decode_utf16([first as u16, second as u16]);
    Some((pair.next()?.ok()?, 12))
}

/// An entity of HTML: a number, or one of those with which special characters are escaped.
fn entity(text: &[u8; LONGEST]) -> Option<(char, usize)> {
    let end = text.iter().position(|byte| *byte == b';')?;
    let name = &text[1..end];
    let number = |digits: &[u8], radix: u32| {
        let number = u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()?;
        char::from_u32(number)
    };
    let character = match name {
        [b'#', b'x' | b'X', digits @ ..] => number(digits, 16)?,
        [b'#', digits @ ..] => number(digits, 10)?,
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        b"equals" => '=',
        b"sol" => '/',
        b"plus" => '+',
        _ => return None,
    };
    Some((character, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_decoded_with_their_places() {
        let cases = [
            ("plain %zz &x; \\q %4", "plain %zz &x; \\q %4"),
            ("%41%62%c3%A9", "Abé"),
            ("&#65;&#x62;&amp;&quot;&equals;&#0039;&nbsp;", "Ab&\"='&nbsp;"),
            (r"\u0041\/\\\u00E9\ud83e\udd80\ud83e", "A/\\é🦀\\ud83e"),
        ];
        for (text, expected) in cases {
            let decoded: Vec<Unit> = Decoded::new(units(text)).collect();
            let bytes: Vec<u8> = decoded.iter().map(|unit| unit.byte).collect();
            assert_eq!(String::from_utf8(bytes).unwrap(), expected);
            assert!(
                decoded.windows(2).all(|pair| pair[0].end == pair[1].start || pair[0].start == pair[1].start)
            );
            assert_eq!(decoded.last().map(|unit| unit.end), Some(text.len()));
        }
        let twice: Vec<u8> =
            Decoded::new(Decoded::new(units("%2541&amp;#66;"))).map(|unit| unit.byte).collect();
        assert_eq!(twice, b"AB");
    }
}
