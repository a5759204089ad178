//! The words of pages about events.

use crate::extract::lexicon::phrases::Phrases;

/// The parts of what a handler receives.
pub(crate) const DATA: &str = "data";
pub(crate) const AUTH: &str = "auth";
pub(crate) const EVENT: &str = "event";
/// The names of the identifier of the handler.
pub(crate) const HANDLER_IDS: &[&str] = &["event_handler_id", "eventId"];
/// Further parts, of which one shows that an object is what a handler receives.
pub(crate) const FURTHER_PARTS: &[&str] = &["ts", AUTH, "event_handler_id", "eventId"];
/// The access token among the parts of `auth`.
pub(crate) const ACCESS_TOKEN: &str = "access_token";
/// The end of the name of a token.
pub(crate) const TOKEN: &str = "token";
/// The text in place of an object that does not exist.
pub(crate) const UNDEFINED: &str = "undefined";

/// Words in headings of sections on the subscription, whose tables and examples are of another method.
pub(crate) const SUBSCRIPTION: Phrases = Phrases(&["subscri", "подписк"]);
/// The whole heading of a section on the event of something else.
pub(crate) const EVENT_HEADINGS: Phrases = Phrases(&["event", "событие"]);
/// Heads of the first column of a table of events.
pub(crate) const EVENT_COLUMNS: Phrases =
    Phrases(&["event", "events", "event name", "событие", "события", "название события"]);
/// The method that subscribes to an event.
pub(crate) const SUBSCRIBING_METHOD: &str = "event.bind";

/// Statements that events come without tokens at times.
pub(crate) const TOKENS_SOMETIMES: Phrases = Phrases(&[
    "tokens are not always passed",
    "tokens are not always transmitted",
    "tokens are not always sent",
    "токены авторизации не всегда передаются",
    "токены не всегда передаются",
]);

/// Statements that only an application subscribes: one of each in a sentence.
pub(crate) const ONLY_SUBSCRIBE: Phrases =
    Phrases(&["only subscribe", "subscribe to the event only", "подписаться на событие можно только"]);
pub(crate) const BY_APPLICATION: Phrases = Phrases(&[
    "through the application",
    "through an application",
    "from the application",
    "from an application",
    "из приложения",
    "через приложение",
]);

/// Words before the name of a field in a description: "contains the field ID".
pub(crate) const FIELD_WORDS: Phrases =
    Phrases(&["field", "fields", "property", "key", "поле", "поля", "ключ"]);

/// Who may subscribe, by the words of the documentation.
const SUBSCRIBERS: &[(Phrases, &str)] = &[
    (Phrases(&["any user", "любой пользователь"]), "any"),
    (Phrases(&["administrator", "администратор"]), "administrator"),
    (Phrases(&["application that registered", "приложения, которое зарегистрировало"]), "bot_application"),
    (Phrases(&["access to kedo", "доступом к кэдо"]), "hr_documents"),
];

/// The word for who may subscribe. `None`: the words are not known.
pub(crate) fn subscribers(words: &str) -> Option<&'static str> {
    SUBSCRIBERS.iter().find(|(phrases, _)| phrases.stand_in(words)).map(|(_, word)| *word)
}

/// The shortest rest of a name in capitals behind its `ON`. Shorter ones are words such as ONLINE.
const SHORTEST: usize = 5;

/// Whether a word has the form of the name of an event: `onThis`, `OnThis`, `ONTHIS` or `THIS.ON.ADD`.
pub(crate) fn is_event_name(word: &str) -> bool {
    let is_capital = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    if word.contains('.') {
        let is_word =
            |word: &str| word.starts_with(|c: char| c.is_ascii_uppercase()) && word.bytes().all(is_capital);
        return word.split('.').all(is_word) && word.split('.').any(|part| part == "ON");
    }
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let camel = word.strip_prefix("on").or_else(|| word.strip_prefix("On"));
    if let Some(rest) = camel {
        return rest.starts_with(|c: char| c.is_ascii_uppercase()) && rest.bytes().all(is_word);
    }
    word.strip_prefix("ON").is_some_and(|rest| rest.len() >= SHORTEST && rest.bytes().all(is_capital))
}

/// Whether a word can be the name of an event that a sample shows.
pub(crate) fn may_be_event_name(word: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic())
            && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    word.split('.').all(is_word)
}

/// The base and the variable part of a name of a family as the documentation writes it: `ONTHISADD_<houseId>`,
/// `onThisAdd_{houseId}`.
pub(crate) fn family_name(word: &str) -> Option<(&str, &str)> {
    let (base, part) = word.rsplit_once('_')?;
    let part = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')).or_else(|| {
        let part = part.strip_prefix('<')?;
        part.strip_suffix('>')
    })?;
    let is_word = part.starts_with(|c: char| c.is_ascii_alphabetic())
        && part.bytes().all(|b| b.is_ascii_alphanumeric());
    (is_word && (base.is_empty() || is_event_name(base))).then_some((base, part))
}

/// The name of a family whose member ends with a number: `ONTHISADD_147`.
pub(crate) fn numbered_family(word: &str) -> Option<&str> {
    let (base, number) = word.rsplit_once('_')?;
    (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then_some(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_events_have_their_forms() {
        for name in ["onZooAdd", "OnZooAdd", "ONZOOADD", "ZOO.CAGE.ON.ADD", "ONZOO_ITEMADD_7", "onZooAdd_7"] {
            assert!(is_event_name(name), "{name}");
        }
        for word in ["online", "ONLINE", "On", "onZoo-Add", "zoo.cage.add", "ZOO.CAGE", "ON", "onzoo", ""] {
            assert!(!is_event_name(word), "{word}");
        }
        assert_eq!(family_name("ONZOOADD_<houseId>"), Some(("ONZOOADD", "houseId")));
        assert_eq!(family_name("_{houseId}"), Some(("", "houseId")));
        assert_eq!(family_name("{houseId}"), None);
        assert_eq!(numbered_family("ONZOOADD_147"), Some("ONZOOADD"));
        assert_eq!(numbered_family("ONZOOADD"), None);
    }
}
