//! How many items have words.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::items::{Item, ItemKind};

impl Item {
    /// Whether nothing is left of its words without articles and the words of its name.
    pub fn repeats_its_name(&self) -> bool {
        self.text.as_ref().is_some_and(|text| repeats(&self.name, text))
    }
}

/// Some items of a kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Those with words.
    pub with: usize,
    /// All of them.
    pub of: usize,
}

impl Share {
    /// The share in hundredths of a percent. Of nothing, all.
    pub fn basis_points(self) -> usize {
        (self.with * 10_000).checked_div(self.of).unwrap_or(10_000)
    }
}

/// The counts of a spec.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordCounts {
    /// The items with words, by kind.
    pub with_words: BTreeMap<ItemKind, Share>,
    /// The median of the number of words about a parameter or field.
    pub median: usize,
    /// The items whose words only repeat their name.
    pub repeating: Share,
}

impl WordCounts {
    /// Counts items.
    pub fn of(items: &[Item]) -> Self {
        let mut counts = Self::default();
        for kind in ItemKind::ALL {
            counts.with_words.insert(kind, Share::default());
        }
        let mut lengths = Vec::new();
        for item in items {
            let share = counts.with_words.entry(item.kind).or_default();
            share.of += 1;
            share.with += usize::from(item.text.is_some());
            if matches!(item.kind, ItemKind::RequestValue | ItemKind::ResultField) {
                lengths.push(item.text.as_deref().map_or(0, |text| text.split_whitespace().count()));
            }
            counts.repeating.of += usize::from(item.text.is_some());
            counts.repeating.with += usize::from(item.repeats_its_name());
        }
        lengths.sort_unstable();
        counts.median = lengths.get(lengths.len() / 2).copied().unwrap_or(0);
        counts
    }
}

/// Words that say nothing of their own.
const EMPTY_WORDS: &[&str] = &["a", "an", "the", "of", "its", "this"];

/// Whether nothing is left of a text without articles and the words of the name that it is about.
fn repeats(name: &str, text: &str) -> bool {
    let last = name.rsplit(['.', ':', '=']).next().unwrap_or(name);
    let known: BTreeSet<String> = words(last).collect();
    words(text).all(|word| EMPTY_WORDS.contains(&word.as_str()) || known.contains(&word))
}

/// The words of a name or a text: in small letters, without the ending of a plural.
fn words(text: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in text.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase()) {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    let singular = |word: String| match word.strip_suffix('s') {
        Some(rest) if rest.len() > 2 => rest.to_owned(),
        _ => word,
    };
    words.into_iter().filter(|word| !word.is_empty()).map(singular)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_only_repeat_the_name() {
        let table = [
            ("zoo.animal.add.TITLE", "The title.", true),
            ("zoo::Animal.ownerIds", "The IDs of the owner.", true),
            ("zoo::Animal.OWNER_ID", "The number of its keeper.", false),
            ("zoo::AnimalFood=MEAT", "Meat.", true),
            ("zoo::AnimalFood=MEAT", "Meat, kept cold.", false),
        ];
        for (name, text, expected) in table {
            assert_eq!(repeats(name, text), expected, "{name}: {text}");
        }
    }

    #[test]
    fn items_are_counted() {
        let item = |text: Option<&str>| Item {
            kind: ItemKind::ResultField,
            scope: "zoo".to_owned(),
            name: "zoo::Animal.NAME".to_owned(),
            text: text.map(str::to_owned),
        };
        let counts =
            WordCounts::of(&[item(None), item(Some("The name.")), item(Some("What visitors call it."))]);
        assert_eq!(counts.with_words[&ItemKind::ResultField], Share { with: 2, of: 3 });
        assert_eq!((counts.median, counts.repeating), (2, Share { with: 1, of: 2 }));
        assert_eq!(Share { with: 2, of: 3 }.basis_points(), 6_666);
        assert_eq!(Share::default().basis_points(), 10_000);
    }
}
