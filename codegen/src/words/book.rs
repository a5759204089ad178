//! The words by what they are about.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::descriptor::{Api, MethodKey, Pointer, SpecFile, message_key, method_key};
use crate::diagnostic::Diagnostic;

/// A text of a [`Words`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct TextId(pub(super) usize);

/// Texts by a name without case and `_`, by a path of such names, or by a value.
pub(super) type TextsBy = HashMap<String, TextId>;

/// All words of a spec.
#[derive(Debug, Default)]
pub struct Words {
    pub(super) files: Vec<SpecFile<()>>,
    pub(super) texts: Vec<Text>,
    /// By the name of a parameter or field.
    pub(super) glossary: TextsBy,
    pub(super) parts: Vec<PartWords>,
    /// By the name of a parameter or field, and by value.
    pub(super) values: HashMap<String, TextsBy>,
    /// By code.
    pub(super) codes: TextsBy,
    /// By the key of a message.
    pub(super) messages: TextsBy,
    /// By the format of a schema.
    pub(super) formats: TextsBy,
    pub(super) scopes: HashMap<String, ScopeWords>,
    /// By the interface and the wire name without its last word, as it is written: modules may differ in case only.
    pub(super) modules: BTreeMap<(Api, String), TextId>,
    pub(super) entities: HashMap<MethodKey, EntityWords>,
    pub(super) methods: HashMap<MethodKey, MethodWords>,
    /// By name, without case. The words about the fields of a payload are those of a result.
    pub(super) events: HashMap<String, MethodWords>,
    /// By code, folded. The words about options are those of parameters, the words about what the handler receives those of a result.
    pub(super) placements: HashMap<String, MethodWords>,
    /// By name, folded. The words about the response are those of parameters, the words about the request those of a result.
    pub(super) handlers: HashMap<String, MethodWords>,
}

/// A text, and where it is written.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) text: String,
    /// The index of its file.
    pub(super) file: usize,
    /// The place in the file.
    pub(super) at: Pointer,
}

/// The words about a scope.
#[derive(Debug)]
pub(super) struct ScopeWords {
    pub(super) title: TextId,
    pub(super) text: Option<TextId>,
    pub(super) start: Option<TextId>,
}

/// The words of one part of the product.
#[derive(Debug, Default)]
pub(super) struct PartWords {
    /// The interface and the first words of its methods, without case.
    pub(super) prefixes: Vec<MethodKey>,
    pub(super) fields: TextsBy,
    pub(super) values: HashMap<String, TextsBy>,
    /// By code, and by the key of a message.
    pub(super) errors: TextsBy,
}

/// The words about an entity.
#[derive(Debug, Default)]
pub(super) struct EntityWords {
    /// The words for one and for several.
    pub(super) noun: Option<(String, String)>,
    pub(super) text: Option<TextId>,
    pub(super) fields: TextsBy,
    pub(super) values: HashMap<String, TextsBy>,
    /// Where the entity is written, for a diagnostic.
    pub(super) at: (usize, Pointer),
}

/// The words about a method.
#[derive(Debug)]
pub(super) struct MethodWords {
    pub(super) text: TextId,
    pub(super) returns: Option<TextId>,
    pub(super) notes: Vec<TextId>,
    pub(super) params: TextsBy,
    pub(super) result: TextsBy,
    pub(super) values: HashMap<String, TextsBy>,
    /// By code, and by the key of a message.
    pub(super) errors: TextsBy,
    /// Where the method is written, for a diagnostic.
    pub(super) at: (usize, Pointer),
}

/// The texts that are about something that the spec has.
#[derive(Debug, Default)]
pub(super) struct Uses(pub(super) BTreeSet<TextId>);

impl Words {
    /// Whether there are no words.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// A text as it is written.
    pub(super) fn raw(&self, id: TextId) -> &str {
        self.texts.get(id.0).map_or("", |text| text.text.as_str())
    }

    /// A diagnostic at a text.
    pub(super) fn at_text(&self, diagnostic: Diagnostic, id: TextId) -> Diagnostic {
        match self.texts.get(id.0).and_then(|text| Some((self.files.get(text.file)?, text))) {
            Some((file, text)) => file.at_value(diagnostic, &text.at),
            None => diagnostic,
        }
    }

    /// A diagnostic at the key of a place in a file.
    pub(super) fn at_key(&self, diagnostic: Diagnostic, at: &(usize, Pointer)) -> Diagnostic {
        match self.files.get(at.0) {
            Some(file) => file.at_key(diagnostic, &at.1),
            None => diagnostic,
        }
    }

    /// The parts of the product that a method belongs to, that with the longest prefix first.
    pub(super) fn parts_of(&self, api: Api, method: &str) -> Vec<&PartWords> {
        let method = method.to_lowercase();
        let is_within = |(of, prefix): &&MethodKey| {
            let rest = method.strip_prefix(prefix.as_str());
            *of == api && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let length =
            |part: &PartWords| part.prefixes.iter().filter(is_within).map(|(_, prefix)| prefix.len()).max();
        let mut parts: Vec<(usize, &PartWords)> =
            self.parts.iter().filter_map(|part| Some((length(part)?, part))).collect();
        parts.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
        parts.into_iter().map(|(_, part)| part).collect()
    }

    /// The words about a module: those under its exact name, or else in another case.
    pub(super) fn module(&self, api: Api, name: &str) -> Option<TextId> {
        let exact = self.modules.get(&(api, name.to_owned()));
        let other = || {
            let same =
                |(key, _): &(&(Api, String), &TextId)| key.0 == api && key.1.eq_ignore_ascii_case(name);
            self.modules.iter().find(same).map(|(_, id)| id)
        };
        exact.or_else(other).copied()
    }

    /// The words of the entity that methods of this module are about.
    pub(super) fn entity(&self, api: Api, name: &str) -> Option<&EntityWords> {
        self.entities.get(&method_key(api, name))
    }
}

/// A name as names are compared: without case and `_`.
pub(super) fn folded(name: &str) -> String {
    name.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}

/// The key of an error of a method: its code without case, or its message as messages are compared.
pub(super) fn error_key(text: &str) -> String {
    if text.contains(char::is_whitespace) { message_key(text) } else { text.to_lowercase() }
}
