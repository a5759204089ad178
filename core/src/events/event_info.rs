//! Facts about an event.

/// What is known about an event without receiving it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventInfo {
    name: &'static str,
    spelling: &'static str,
    parameter: Option<&'static str>,
    scopes: &'static [&'static str],
    context: EventContext,
    tokens: Option<EventTokens>,
    offline: bool,
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
            parameter: None,
            scopes: &[],
            context: EventContext::Any,
            tokens: None,
            offline: false,
            replaced_by: None,
        }
    }

    /// Sets the spelling of the documentation.
    pub const fn with_spelling(mut self, spelling: &'static str) -> Self {
        self.spelling = spelling;
        self
    }

    /// Makes it a family of events, whose names continue with the value of this parameter.
    pub const fn with_parameter(mut self, parameter: &'static str) -> Self {
        self.parameter = Some(parameter);
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

    /// The event may be queued as an offline event.
    pub const fn with_offline(mut self) -> Self {
        self.offline = true;
        self
    }

    /// Makes it deprecated. These events replace it; none if the documentation names none.
    pub const fn with_deprecated(mut self, replaced_by: &'static [&'static str]) -> Self {
        self.replaced_by = Some(replaced_by);
        self
    }

    /// The name in capital letters: `ONCRMDEALADD`. For a family of events, the part that all names begin with.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The name as the documentation writes it: `onCrmDealAdd`, or `onCrmDynamicItemAdd_{entityTypeId}`.
    pub const fn spelling(&self) -> &'static str {
        self.spelling
    }

    /// What the names of a family of events continue with: `entityTypeId`. `None`: it is one event.
    pub const fn parameter(&self) -> Option<&'static str> {
        self.parameter
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

    /// Whether the documentation says that the event can be queued as an offline event. Others may be too.
    pub const fn is_offline(&self) -> bool {
        self.offline
    }

    /// The events that replace a deprecated one; `None` if it is not deprecated.
    pub const fn replaced_by(&self) -> Option<&'static [&'static str]> {
        self.replaced_by
    }

    /// Whether this is the name of the event, or of one of the family, in any case.
    pub fn is(&self, name: &str) -> bool {
        match self.parameter {
            None => name.eq_ignore_ascii_case(self.name),
            Some(_) => self.parameter_of(name).is_some_and(|value| !value.is_empty()),
        }
    }

    /// The variable part of a name of a family: `174` of `ONCRMDYNAMICITEMADD_174`.
    pub fn parameter_of<'n>(&self, name: &'n str) -> Option<&'n str> {
        self.parameter?;
        let (start, rest) = name.split_at_checked(self.name.len())?;
        start.eq_ignore_ascii_case(self.name).then_some(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_and_families_by_their_beginning() {
        let one = EventInfo::new("ONZEBRAFED");
        let family = EventInfo::new("ONZEBRAFED_").with_parameter("herdId");
        for (name, is_one, parameter) in [
            ("ONZEBRAFED", true, None),
            ("onZebraFed", true, None),
            ("ONZEBRAFED_7", false, Some("7")),
            ("onZebraFed_T7f", false, Some("T7f")),
            ("ONZEBRAFED_", false, None),
            ("ONZEBRA", false, None),
            ("ONZEBRAFÉD_7", false, None),
            ("", false, None),
        ] {
            assert_eq!(one.is(name), is_one, "{name}");
            assert_eq!(family.is(name), parameter.is_some(), "{name}");
            assert_eq!(family.parameter_of(name).filter(|value| !value.is_empty()), parameter, "{name}");
            assert_eq!(one.parameter_of(name), None, "{name}");
        }
    }
}
