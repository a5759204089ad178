//! Facts about an event.

use std::fmt;

/// What is known about an event without receiving it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventInfo {
    name: &'static str,
    spelling: &'static str,
    family: Option<[&'static str; 3]>,
    scopes: &'static [&'static str],
    context: EventContext,
    tokens: Option<EventTokens>,
    replaced_by: Option<&'static [&'static str]>,
}

/// Who may subscribe to an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventContext {
    /// Applications, and outgoing webhooks of a portal.
    #[default]
    Any,
    /// Applications only.
    Application,
}

/// Whether the requests of an event contain access tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventTokens {
    /// Every request.
    Always,
    /// If a user caused the event.
    Sometimes,
    /// No request.
    Never,
}

impl EventInfo {
    /// An event of this name, in capital letters. Nothing else is known.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            spelling: name,
            family: None,
            scopes: &[],
            context: EventContext::Any,
            tokens: None,
            replaced_by: None,
        }
    }

    /// An event of this name, in capital letters, with the spelling of the documentation, the scopes, one of which a subscriber needs, and
    /// whether its requests contain access tokens; `None` if the documentation does not say so.
    pub const fn of(
        name: &'static str,
        spelling: &'static str,
        scopes: &'static [&'static str],
        tokens: Option<EventTokens>,
    ) -> Self {
        Self { name, spelling, family: None, scopes, context: EventContext::Any, tokens, replaced_by: None }
    }

    /// Sets the spelling of the documentation.
    pub const fn with_spelling(mut self, spelling: &'static str) -> Self {
        self.spelling = spelling;
        self
    }

    /// Makes it a family of events too: their names begin with `before`, go on with the value of `parameter`, and end with `after`.
    pub const fn with_family(
        mut self,
        before: &'static str,
        parameter: &'static str,
        after: &'static str,
    ) -> Self {
        self.family = Some([before, parameter, after]);
        self
    }

    /// Sets the scopes, one of which a subscriber needs.
    pub const fn with_scopes(mut self, scopes: &'static [&'static str]) -> Self {
        self.scopes = scopes;
        self
    }

    /// Sets who may subscribe.
    pub const fn with_context(mut self, context: EventContext) -> Self {
        self.context = context;
        self
    }

    /// Sets whether its requests contain access tokens.
    pub const fn with_tokens(mut self, tokens: EventTokens) -> Self {
        self.tokens = Some(tokens);
        self
    }

    /// Makes it deprecated. These events replace it; none if the documentation names none.
    pub const fn with_deprecated(mut self, replaced_by: &'static [&'static str]) -> Self {
        self.replaced_by = Some(replaced_by);
        self
    }

    /// The name in capital letters: `ONCRMDEALADD`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The name as the documentation writes it: `onCrmDealAdd`.
    pub const fn spelling(&self) -> &'static str {
        self.spelling
    }

    /// What the names of a family of events contain: `entityTypeId`. `None`: it is one event.
    pub const fn parameter(&self) -> Option<&'static str> {
        match self.family {
            Some([_, parameter, _]) => Some(parameter),
            None => None,
        }
    }

    /// The scopes. A subscriber needs one of them; none is needed if there are none.
    pub const fn scopes(&self) -> &'static [&'static str] {
        self.scopes
    }

    /// Who may subscribe.
    pub const fn context(&self) -> EventContext {
        self.context
    }

    /// Whether its requests contain access tokens; `None` if the documentation does not say so.
    pub const fn tokens(&self) -> Option<EventTokens> {
        self.tokens
    }

    /// The events that replace a deprecated one; `None` if it is not deprecated.
    pub const fn replaced_by(&self) -> Option<&'static [&'static str]> {
        self.replaced_by
    }

    /// Whether this is the name of the event, or of one of its family, in any case.
    pub fn is(&self, name: &str) -> bool {
        name.eq_ignore_ascii_case(self.name) || self.parameter_of(name).is_some()
    }

    /// The variable part of a name of a family: `174` of `ONCRMDYNAMICITEMADD_174`.
    pub fn parameter_of<'n>(&self, name: &'n str) -> Option<&'n str> {
        let [before, _, after] = self.family?;
        let (start, rest) = name.split_at_checked(before.len())?;
        let (value, end) = rest.split_at_checked(rest.len().checked_sub(after.len())?)?;
        let fits = start.eq_ignore_ascii_case(before) && end.eq_ignore_ascii_case(after);
        Some(value).filter(|value| fits && !value.is_empty())
    }

    /// The name of one event of a family: `ONCRMDYNAMICITEMADD_174`. `None`: it is no family.
    pub fn name_with(&self, value: impl fmt::Display) -> Option<String> {
        let [before, _, after] = self.family?;
        Some(format!("{before}{value}{after}").to_ascii_uppercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_and_families_by_their_ends() {
        let one = EventInfo::new("ONZEBRAFED");
        let family = one.with_family("ONZEBRAFED_", "herdId", "_DONE");
        for (name, is_one, parameter) in [
            ("ONZEBRAFED", true, None),
            ("onZebraFed", true, None),
            ("ONZEBRAFED_7_DONE", false, Some("7")),
            ("onZebraFed_T7f_done", false, Some("T7f")),
            ("ONZEBRAFED__DONE", false, None),
            ("ONZEBRAFED_DONE", false, None),
            ("ONZEBRAFED_7", false, None),
            ("ONZEBRA", false, None),
            ("ONZEBRAFÉD_7_DONE", false, None),
            ("ONZEBRAFED_7_DÖNE", false, None),
            ("", false, None),
        ] {
            assert_eq!(one.is(name), is_one, "{name}");
            assert_eq!(family.is(name), is_one || parameter.is_some(), "{name}");
            assert_eq!(family.parameter_of(name), parameter, "{name}");
            assert_eq!(one.parameter_of(name), None, "{name}");
        }
        assert_eq!(family.name_with(7).as_deref(), Some("ONZEBRAFED_7_DONE"));
        assert_eq!((one.name_with(7), family.parameter()), (None, Some("herdId")));
    }
}
