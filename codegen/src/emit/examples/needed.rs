//! Optional parameters without which a call fails, and those that have an effect only beside others.

use crate::model::{Field, Method, Presence};

/// What the words say of a value that depends on others.
const CONDITIONS: &[&str] = &[
    "akes effect with",
    "eeds `",
    "nly with",
    "nly if",
    "nly together",
    "nly for",
    "ithout effect",
    "no effect",
];

/// The optional parameters of a method of which a call needs some.
#[derive(Default)]
pub(super) struct Needed<'a> {
    /// Those that an example sets.
    pub(super) set: Vec<&'a Field>,
    /// The wire names of all of them.
    pub(super) names: Vec<&'a str>,
}

impl<'a> Needed<'a> {
    /// Reads the alternatives of the descriptor, and words such as "`ID` or `CODE` is needed."
    pub(super) fn of(method: &'a Method) -> Self {
        let params = &method.request.params;
        let find = |name: &str| params.iter().find(|param| param.wire.eq_ignore_ascii_case(name));
        let mut needed = Self::default();
        let mut alternatives = method.request.alternatives.iter();
        needed.set.extend(alternatives.next().into_iter().flatten().filter_map(|name| find(name)));
        needed.names.extend(needed.set.iter().map(|field| field.wire.as_str()));
        let others = alternatives.flatten().filter_map(|name| find(name));
        needed.names.extend(others.map(|field| field.wire.as_str()));
        for note in method.texts.notes.iter().filter(|note| note.contains(" is needed")) {
            needed.add(note.split('`').skip(1).step_by(2).filter_map(find).collect());
        }
        let says_so = |field: &&Field| {
            let text = field.docs.text.as_deref().unwrap_or_default();
            text.contains("This or `") && text.contains(" is needed")
        };
        needed.add(params.iter().filter(says_so).collect());
        needed.set.retain(|field| field.presence == Presence::Optional);
        needed
    }

    /// Adds parameters of which one is needed.
    fn add(&mut self, group: Vec<&'a Field>) {
        let is_set = |field: &&Field| {
            field.presence == Presence::Required || self.names.contains(&field.wire.as_str())
        };
        if !group.iter().any(is_set) {
            self.set.extend(group.first());
        }
        self.names.extend(group.iter().map(|field| field.wire.as_str()));
    }
}

/// Whether a value has an effect only beside another one.
pub(super) fn is_conditional(field: &Field) -> bool {
    let text = field.docs.text.as_deref().unwrap_or_default();
    CONDITIONS.iter().any(|words| text.contains(words))
}
