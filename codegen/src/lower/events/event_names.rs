//! The names of events.

use crate::descriptor::Event;
use crate::lower::names;
use crate::model::RustName;

/// The module of events that need no scope.
const NO_SCOPE: &str = "basic";

/// The names of an event in Rust.
#[derive(Debug, PartialEq)]
pub(super) struct EventNames {
    /// The module below that of all events, after the scope.
    pub(super) module: RustName,
    /// The type of the payload.
    pub(super) name: RustName,
    /// The variant of the enumeration over all events.
    pub(super) variant: RustName,
}

impl EventNames {
    /// The names of an event; `None` if it has none in Rust.
    pub(super) fn of(event: &Event) -> Option<Self> {
        let scope = event.scope.first().map_or(NO_SCOPE, String::as_str);
        let words = words(&event.event, scope);
        // A name of the prelude would be hidden.
        let name = names::type_name(&[&words])?;
        let is_free = name.as_str() == names::camel(&words);
        let name = if is_free { name } else { names::type_name(&[scope, &words])? };
        let variant = match event.scope.first() {
            Some(scope) => names::type_name(&[scope, &words])?,
            None => name.clone(),
        };
        Some(Self { module: names::function(scope)?, name, variant })
    }
}

/// The words of an event without `on` and its scope: `Deal_Add` of `onCrmDealAdd`, `V2_MESSAGEADD` of `ONIMBOTV2MESSAGEADD`.
fn words(event: &str, scope: &str) -> String {
    let text = strip_word(event, "on").unwrap_or(event);
    let letters: String = scope.chars().filter(char::is_ascii_alphanumeric).collect();
    let text = strip_scope(text, &letters).unwrap_or(text);
    let mut words = String::new();
    let mut before = ' ';
    for c in text.chars() {
        if before.is_ascii_digit() && c.is_ascii_alphabetic() {
            words.push('_');
        }
        words.push(if c.is_ascii_alphanumeric() { c } else { '_' });
        before = c;
    }
    // `CATALOG.PRODUCT.ON.ADD`
    let kept: Vec<&str> =
        words.split('_').filter(|word| !word.is_empty() && !word.eq_ignore_ascii_case("on")).collect();
    kept.join("_")
}

/// The text after a word, if another word follows.
fn strip_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(word.len())?;
    let next = rest.chars().next()?;
    let is_boundary = !next.is_ascii_lowercase();
    (start.eq_ignore_ascii_case(word) && is_boundary).then_some(rest)
}

/// The text after the letters of a scope, which may be several words: `ImOpenLines` of the scope `imopenlines`.
fn strip_scope<'t>(text: &'t str, letters: &str) -> Option<&'t str> {
    let text = text.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    strip_word(text, letters).filter(|rest| rest.contains(|c: char| c.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_named_after_what_happened() {
        for (event, scope, module, name, variant) in [
            ("onCrmDealAdd", "crm", "crm", "DealAdd", "CrmDealAdd"),
            ("ONCRMDEALADD", "crm", "crm", "DealAdd", "CrmDealAdd"),
            (
                "onCrmDealUserFieldSetEnumValues",
                "crm",
                "crm",
                "DealUserFieldSetEnumValues",
                "CrmDealUserFieldSetEnumValues",
            ),
            ("onLeadDelete", "crm", "crm", "LeadDelete", "CrmLeadDelete"),
            ("OnTaskAdd", "task", "task", "Add", "TaskAdd"),
            ("OnImConnectorLineDelete", "imconnector", "im_connector", "LineDelete", "ImConnectorLineDelete"),
            ("ONIMBOTV2MESSAGEADD", "imbot", "im_bot", "V2MessageAdd", "ImBotV2MessageAdd"),
            (
                "OnSignB2eDocumentStatusChanged",
                "sign.b2e",
                "sign_b2e",
                "DocumentStatusChanged",
                "SignB2eDocumentStatusChanged",
            ),
            ("CATALOG.PRODUCT.ON.ADD", "catalog", "catalog", "ProductAdd", "CatalogProductAdd"),
            ("OnAppInstall", "", "basic", "AppInstall", "AppInstall"),
            ("onZooDefault", "zoo", "zoo", "ZooDefault", "ZooDefault"),
            ("onZoology", "zoo", "zoo", "Zoology", "ZooZoology"),
            ("onZoo", "zoo", "zoo", "Zoo", "ZooZoo"),
            ("once", "zoo", "zoo", "Once", "ZooOnce"),
        ] {
            let scope = if scope.is_empty() { Vec::new() } else { vec![scope.to_owned()] };
            let event = Event { event: event.to_owned(), scope, ..Event::default() };
            let names = EventNames::of(&event).unwrap();
            let found = [names.module.as_str(), names.name.as_str(), names.variant.as_str()];
            assert_eq!(found, [module, name, variant], "{}", event.event);
        }
        assert_eq!(EventNames::of(&Event { event: "..".to_owned(), ..Event::default() }), None);
    }
}
