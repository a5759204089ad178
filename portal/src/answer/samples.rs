//! Plausible scalars, which follow from a seed and a name.

use std::hash::{Hash, Hasher};

use crate::families::fold;

/// A position in the sequence of plausible values: the same seed and the same path give the same value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seed(u64);

impl Seed {
    /// The seed of a portal.
    pub(crate) fn new(seed: u64) -> Self {
        Self(mix(seed ^ 0x9e37_79b9_7f4a_7c15))
    }

    /// The seed of a part.
    pub(crate) fn part(self, name: impl Hash) -> Self {
        let mut hasher = Fnv(self.0 ^ 0xcbf2_9ce4_8422_2325);
        name.hash(&mut hasher);
        Self(mix(hasher.finish()))
    }

    /// A number below a bound.
    pub(crate) fn below(self, bound: u64) -> u64 {
        self.0 % bound.max(1)
    }

    /// One of several.
    pub(crate) fn pick<T>(self, several: &[T]) -> Option<&T> {
        several.get(self.below(several.len() as u64) as usize)
    }
}

/// FNV-1a, which gives the same value on every machine and in every version.
pub(crate) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    // The default writes the bytes of the machine, whose order and number differ.
    fn write_usize(&mut self, number: usize) {
        self.write(&(number as u64).to_le_bytes());
    }

    fn write_u64(&mut self, number: u64) {
        self.write(&number.to_le_bytes());
    }

    fn write_i64(&mut self, number: i64) {
        self.write(&number.to_le_bytes());
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The last step of SplitMix64.
fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

const WORDS: [&str; 16] = [
    "Amber", "Birch", "Cedar", "Delta", "Ember", "Fjord", "Garnet", "Harbor", "Indigo", "Juniper", "Kestrel",
    "Lagoon", "Maple", "Nickel", "Orchid", "Pebble",
];
const FIRST: [&str; 8] = ["Ada", "Boris", "Clara", "Denis", "Elena", "Farid", "Greta", "Hugo"];
const LAST: [&str; 8] = ["Adler", "Brook", "Castle", "Dune", "Ember", "Falk", "Grove", "Hart"];

/// What a text is about, by the name of its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    Email,
    Phone,
    Url,
    Color,
    Currency,
    Language,
    LastName,
    FirstName,
    Hash,
    Id,
    Code,
    Address,
    Time,
    Zone,
    Gender,
    Flag,
    Role,
    Number,
    Other,
}

impl Topic {
    /// The topic of a field.
    pub(crate) fn of(name: &str) -> Self {
        let rest = name.strip_prefix("IS_").or_else(|| name.strip_prefix("is")).unwrap_or_default();
        if rest.starts_with(|first: char| first.is_ascii_uppercase()) {
            return Self::Flag;
        }
        let name = fold(name);
        let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
        if has(&["email"]) {
            Self::Email
        } else if has(&["phone", "mobile"]) {
            Self::Phone
        } else if has(&["url", "link", "href", "endpoint"]) || name == "handler" {
            Self::Url
        } else if has(&["color"]) {
            Self::Color
        } else if has(&["currency"]) {
            Self::Currency
        } else if has(&["lang", "culture"]) {
            Self::Language
        } else if has(&["lastname", "surname"]) {
            Self::LastName
        } else if name.ends_with("firstname") || name == "name" {
            Self::FirstName
        } else if has(&["uuid", "hash", "token", "xmlid", "guid"]) {
            Self::Hash
        } else if name.ends_with("id") {
            Self::Id
        } else if has(&["code", "type", "status", "stage"]) {
            Self::Code
        } else if has(&["ip"]) && name.len() <= 4 {
            Self::Address
        } else if has(&["timezone"]) && !has(&["offset"]) {
            Self::Zone
        } else if name.ends_with("gender") {
            Self::Gender
        } else if name == "role" {
            Self::Role
        } else if name.ends_with("optionflags") {
            Self::Number
        } else if has(&["time"]) && name.len() <= 8 {
            Self::Time
        } else {
            Self::Other
        }
    }
}

/// A plausible text about a topic.
pub(crate) fn text(seed: Seed, topic: Topic) -> String {
    let of = |words: &'static [&'static str], part: &str| -> &'static str {
        seed.part(part).pick(words).copied().unwrap_or_default()
    };
    let word = || of(&WORDS, "word");
    let number = seed.part("number").below(9_000) + 1_000;
    match topic {
        Topic::Email => {
            format!("{}.{}@example.com", of(&FIRST, "first").to_lowercase(), of(&LAST, "last").to_lowercase())
        }
        Topic::Phone => format!("+1555010{number}"),
        Topic::Url => format!("https://example.com/{}/{number}", word().to_lowercase()),
        Topic::Color => format!("#{:06x}", seed.part("color").below(0x100_0000)),
        Topic::Currency => of(&["EUR", "USD"], "currency").to_owned(),
        Topic::Language => "en".to_owned(),
        Topic::LastName => of(&LAST, "last").to_owned(),
        Topic::FirstName => of(&FIRST, "first").to_owned(),
        Topic::Hash => format!("{:016x}", seed.part("hash").0),
        Topic::Id => (number % 50 + 1).to_string(),
        Topic::Code => word().to_uppercase(),
        Topic::Address => "203.0.113.7".to_owned(),
        Topic::Time => "10:00".to_owned(),
        Topic::Zone => of(&["Europe/London", "Europe/Berlin", "Asia/Dubai"], "zone").to_owned(),
        Topic::Flag => of(&["Y", "N"], "flag").to_owned(),
        Topic::Role => of(&["A", "E", "K"], "role").to_owned(),
        Topic::Number => (number % 2).to_string(),
        Topic::Gender => of(&["F", "M"], "gender").to_owned(),
        Topic::Other => format!("{} {number}", word()),
    }
}

/// A plausible date, in the year before the portal's day zero.
pub(crate) fn date(seed: Seed, with_time: bool) -> String {
    let month = seed.part("month").below(12) + 1;
    let day = seed.part("day").below(28) + 1;
    if !with_time {
        return format!("2026-{month:02}-{day:02}");
    }
    let (hour, minute) = (seed.part("hour").below(24), seed.part("minute").below(60));
    format!("2026-{month:02}-{day:02}T{hour:02}:{minute:02}:00+03:00")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_follow_from_the_seed() {
        let seed = |seed: u64| Seed::new(seed).part("crm.deal").part("TITLE");
        assert_eq!(text(seed(7), Topic::Other), text(seed(7), Topic::Other));
        assert_ne!(text(seed(7), Topic::Other), text(seed(8), Topic::Other));
        // The same on every machine: programs may compare with what they saw.
        assert_eq!(
            Seed::new(7).part("a").part(3_i64).below(1_000_000),
            Seed::new(7).part("a").part(3_i64).below(1_000_000)
        );
        assert!(text(seed(1), Topic::of("E_MAIL_WORK_EMAIL")).contains('@'));
        assert_eq!(date(seed(1), true).len(), 25);
    }
}
