//! An event: what a portal sends to the handler of an application, in `spec/events/<scope>/<event>.yaml`.

use std::path::{Path, PathBuf};

#[cfg(feature = "importer")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[cfg(feature = "importer")]
use super::OneOrMany;
use super::{Context, Deprecated, Schema, Source, Undocumented, is_default, one_or_many};

/// One event of the API.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// The name, spelled as documented: `onCrmDealAdd`, `CATALOG.PRICE.ON.ADD`. Unique, compared without case.
    pub event: String,
    /// The names of a family of events with one payload, with the part that differs in braces:
    /// `onCrmDynamicItemAdd_{entityTypeId}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// The scopes. The application needs one of them. Empty: no scope is needed.
    #[serde(default, deserialize_with = "one_or_many")]
    #[cfg_attr(feature = "importer", schemars(with = "OneOrMany"))]
    pub scope: Vec<String>,
    /// Who may subscribe, as a word: `any`, `administrator`. None: no page says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscribers: Option<String>,
    /// What may subscribe.
    #[serde(default, skip_serializing_if = "is_default")]
    pub context: Context,
    /// Whether the event brings access tokens. None: no page says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<EventTokens>,
    /// Whether the event is deprecated, and which events replace it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub deprecated: Deprecated,
    /// Since when no document describes the event. It is kept for one release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undocumented: Option<Undocumented>,
    /// The name of the handler's identifier in the envelope: `event_handler_id`, or another one. None: no page shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handler_id: Option<String>,
    /// JSON Schema of `data`. Without any keyword: no page shows it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub data: Schema,
    /// The page of the official documentation, as a path without a file extension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// The summary, in the project's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The documents that the facts come from, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
}

impl Event {
    /// Whether this is the event of a name: its own without case, or one of the family.
    pub fn is_named(&self, name: &str) -> bool {
        self.event.eq_ignore_ascii_case(name) || self.family_part(name).is_some()
    }

    /// The text before the braces in the names of a family, in them and after them. None: it is one event.
    pub fn family(&self) -> Option<[&str; 3]> {
        split_pattern(self.pattern.as_deref()?).map(|(before, part, after)| [before, part, after])
    }

    /// The part of a name that differs in the family: `147` of `ONCRMDYNAMICITEMADD_147`. None: the name is of no such family.
    pub fn family_part<'n>(&self, name: &'n str) -> Option<&'n str> {
        let (before, _, after) = split_pattern(self.pattern.as_deref()?)?;
        let end = name.len().checked_sub(after.len())?;
        let (start, part, tail) = (name.get(..before.len())?, name.get(before.len()..end)?, name.get(end..)?);
        let fits = start.eq_ignore_ascii_case(before) && tail.eq_ignore_ascii_case(after) && !part.is_empty();
        fits.then_some(part)
    }
}

/// A pattern as the text before the braces, in them and after them. `None`: it has not one pair of braces with a word.
pub(super) fn split_pattern(pattern: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = pattern.split_once('{')?;
    let (part, after) = rest.split_once('}')?;
    let is_word = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'));
    (is_word(before) && is_word(part) && is_word(after) && !part.is_empty()).then_some((before, part, after))
}

/// Whether an event brings access tokens in its part `auth`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum EventTokens {
    /// In each event.
    Always,
    /// Only in events that a user causes.
    Sometimes,
    /// In no event.
    Never,
}

/// The folder of the events, below `spec/`.
pub(super) const EVENTS: &str = "events";

/// The path of an event below `spec/`: `events/<scope>/<event>.yaml` in lower case, without a scope `events/basic/`.
pub fn event_path(event: &Event) -> PathBuf {
    let scope = event.scope.first().map_or("basic", String::as_str);
    Path::new(EVENTS).join(scope).join(format!("{}.yaml", event.event.to_ascii_lowercase()))
}

/// Whether a path is one of an event: two folders below it is `events`.
pub(super) fn is_event_path(path: &Path) -> bool {
    path.parent().and_then(Path::parent).is_some_and(|folder| folder.ends_with(EVENTS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_families_have_a_part_that_differs() {
        let event = Event {
            event: "onZooItemAdd".into(),
            pattern: Some("onZooItemAdd_{houseId}".into()),
            ..Event::default()
        };
        assert_eq!(event.family_part("ONZOOITEMADD_12"), Some("12"));
        assert_eq!(event.family_part("ONZOOITEMADD_"), None);
        assert_eq!(event.family_part("ONZOOITEMADD"), None);
        assert_eq!(event.family_part("ONZOOITEMADж"), None);
        assert!(event.is_named("onzooitemadd") && event.is_named("onZooItemAdd_12"));
        assert!(!event.is_named("onZooItemUpdate_12"));
    }
}
