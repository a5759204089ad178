//! What a portal sends to an application: events, and the places of its interface that show an application.

use serde::Deserialize;

use super::schema::Schema;

/// An event.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Event {
    /// The documented spelling.
    #[serde(rename = "event")]
    pub(crate) name: String,
    /// The names of a whole family: `onCrmDynamicItemAdd_{entityTypeId}`.
    #[serde(default)]
    pub(crate) pattern: Option<String>,
    /// The scopes, one of which the application needs.
    #[serde(default)]
    pub(crate) scope: Vec<String>,
    /// When the request has tokens.
    #[serde(default)]
    pub(crate) tokens: Option<EventTokens>,
    /// The field with the identifier of the binding.
    #[serde(default)]
    pub(crate) handler_id: Option<String>,
    /// The schema of the part `data`.
    #[serde(default)]
    pub(crate) data: Schema,
}

/// When the request of an event has tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum EventTokens {
    /// Always.
    Always,
    /// If a user caused the event.
    Sometimes,
    /// Never.
    Never,
}

/// A place of the interface.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Placement {
    /// The code.
    #[serde(rename = "placement")]
    pub(crate) code: String,
    /// The codes of a whole family: `CRM_DYNAMIC_{entityTypeId}_DETAIL_TAB`.
    #[serde(default)]
    pub(crate) pattern: Option<String>,
    /// The scopes, one of which the application needs.
    #[serde(default)]
    pub(crate) scope: Vec<String>,
}

impl Event {
    /// The name as portals send and list it.
    pub(crate) fn upper(&self) -> String {
        self.name.to_ascii_uppercase()
    }

    /// Whether the event has this name, compared without case.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name) || fits(self.pattern.as_deref(), name)
    }

    /// The name within the family for a value of its variable part, in upper case.
    pub(crate) fn of_family(&self, value: &str) -> Option<String> {
        let (before, after) = around(self.pattern.as_deref()?)?;
        Some(format!("{before}{value}{after}").to_ascii_uppercase())
    }
}

impl Placement {
    /// Whether the place has this code.
    pub(crate) fn is_named(&self, code: &str) -> bool {
        self.code == code || fits(self.pattern.as_deref(), code)
    }
}

/// The texts around the variable part of a pattern.
fn around(pattern: &str) -> Option<(&str, &str)> {
    let (before, rest) = pattern.split_once('{')?;
    Some((before, rest.split_once('}')?.1))
}

fn fits(pattern: Option<&str>, name: &str) -> bool {
    let Some((before, after)) = pattern.and_then(around) else { return false };
    let (name, before, after) =
        (name.to_ascii_uppercase(), before.to_ascii_uppercase(), after.to_ascii_uppercase());
    name.len() > before.len() + after.len() && name.starts_with(&before) && name.ends_with(&after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_belongs_to_a_pattern() {
        let event: Event = serde_json::from_str(
            r#"{"event": "onZooItemAdd", "pattern": "onZooItemAdd_{houseId}", "tokens": "sometimes"}"#,
        )
        .expect("an event");
        assert!(event.is_named("ONZOOITEMADD") && event.is_named("onZooItemAdd_12"));
        assert!(!event.is_named("ONZOOITEMADD_") && !event.is_named("ONZOOITEM"));
        assert_eq!(event.of_family("12").as_deref(), Some("ONZOOITEMADD_12"));
    }
}
