//! The words of a type that several places share.

use super::book::{TextId, Words};
use super::lookup::{Found, Level};

/// Chooses among the words of the places of one item: those on which all agree; else those of the entity; else those of the
/// methods, if they agree; else those of the part of the product or of the name; else those of most methods.
pub(super) fn choose(words: &Words, found: &[Found]) -> Option<TextId> {
    let at = |level: Level| {
        let ids = found.iter().filter(move |(of, _)| *of == level).map(|(_, id)| *id);
        ids.collect::<Vec<TextId>>()
    };
    let agreed = |ids: &[TextId]| {
        let (first, others) = ids.split_first()?;
        others.iter().all(|id| words.raw(*id) == words.raw(*first)).then_some(*first)
    };
    let all: Vec<TextId> = found.iter().map(|(_, id)| *id).collect();
    let (of_methods, of_entities, of_names) = (at(Level::Method), at(Level::Entity), at(Level::Name));
    agreed(&all)
        .or_else(|| most_frequent(words, &of_entities))
        .or_else(|| agreed(&of_methods))
        .or_else(|| most_frequent(words, &at(Level::Part)))
        .or_else(|| of_names.first().copied())
        .or_else(|| most_frequent(words, &of_methods))
}

/// Chooses among the words of the fields that have a type: none, if fields with several names say different things. "When the
/// booking begins" is not what the type of both ends of a period is.
pub(super) fn choose_of_type(words: &Words, found: &[(String, Found)]) -> Option<TextId> {
    let texts: Vec<Found> = found.iter().map(|(_, text)| *text).collect();
    let (first, others) = found.split_first()?;
    let has_one_name = others.iter().all(|(name, _)| *name == first.0);
    let is_agreed = others.iter().all(|(_, (_, id))| words.raw(*id) == words.raw(first.1.1));
    if has_one_name || is_agreed { choose(words, &texts) } else { None }
}

/// The first of the texts that occur most often.
fn most_frequent(words: &Words, ids: &[TextId]) -> Option<TextId> {
    let count = |id: &TextId| ids.iter().filter(|other| words.raw(**other) == words.raw(*id)).count();
    let most = ids.iter().map(count).max()?;
    ids.iter().find(|id| count(id) == most).copied()
}

#[cfg(test)]
mod tests {
    use super::super::book::Text;
    use super::*;
    use crate::descriptor::Pointer;

    /// The words `a`, `b`, and `a` again.
    fn words() -> (Words, [TextId; 3]) {
        let mut words = Words::default();
        for text in ["a", "b", "a"] {
            words.texts.push(Text { text: text.to_owned(), file: 0, at: Pointer::default() });
        }
        (words, [0, 1, 2].map(TextId))
    }

    #[test]
    fn a_type_of_several_fields_has_words_that_hold_for_all() {
        let (words, [a, b, also_a]) = words();
        let table = [
            (vec![], None),
            (vec![("begin", a), ("end", b)], None),
            (vec![("begin", a), ("end", also_a)], Some(a)),
            (vec![("begin", a), ("begin", b)], Some(a)),
        ];
        for (found, expected) in table {
            let found: Vec<(String, Found)> =
                found.into_iter().map(|(name, id)| (name.to_owned(), (Level::Method, id))).collect();
            assert_eq!(choose_of_type(&words, &found), expected, "{found:?}");
        }
    }

    #[test]
    fn the_words_of_several_places() {
        let (words, [a, b, also_a]) = words();
        let table = [
            (vec![], None),
            (vec![(Level::Method, a), (Level::Method, also_a)], Some(a)),
            (vec![(Level::Method, a), (Level::Name, b)], Some(a)),
            (vec![(Level::Method, a), (Level::Entity, b)], Some(b)),
            (vec![(Level::Method, a), (Level::Method, b), (Level::Name, also_a)], Some(also_a)),
            (vec![(Level::Method, b), (Level::Method, a), (Level::Method, also_a)], Some(a)),
        ];
        for (found, expected) in table {
            assert_eq!(choose(&words, &found), expected, "{found:?}");
        }
    }
}
