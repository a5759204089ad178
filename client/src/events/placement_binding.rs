//! A widget at a place of the interface.

use std::collections::BTreeMap;
use std::fmt;

use bitrix24_core::placements::PlacementContext;
use bitrix24_core::wire::ToWire;
use bitrix24_core::{Map, RawRequest, Value, json, raw, wire};

use super::address::normalized;

/// A binding of a placement: the address that the portal opens there, its texts and its options.
///
/// ```
/// use bitrix24_client::PlacementBinding;
/// let tab = PlacementBinding::new("CRM_DEAL_DETAIL_TAB", "https://shop.example/bitrix24/deal")
///     .title("Stock")
///     .title_in("de", "Lager");
/// assert_eq!(tab.to_string(), "CRM_DEAL_DETAIL_TAB to https://shop.example/bitrix24/deal");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PlacementBinding {
    code: String,
    handler: String,
    user: Option<i64>,
    texts: Texts,
    languages: BTreeMap<String, Texts>,
    options: Map<String, Value>,
}

/// The texts of a widget in one language, under their names on the wire.
type Texts = BTreeMap<&'static str, String>;

const TITLE: &str = "TITLE";
const DESCRIPTION: &str = "DESCRIPTION";
const GROUP_NAME: &str = "GROUP_NAME";

impl PlacementBinding {
    /// Binds a placement by its code, as documented, to an address.
    pub fn new(code: impl Into<String>, handler: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            handler: handler.into(),
            user: None,
            texts: Texts::new(),
            languages: BTreeMap::new(),
            options: Map::new(),
        }
    }

    /// Binds a typed placement to an address, with options of its type. The place of a family has a value in its code:
    /// `CRM_DYNAMIC_183_DETAIL_TAB`.
    pub fn at<P: PlacementContext>(place: &P, handler: impl Into<String>, options: &P::Options) -> Self {
        Self::new(place.code(), handler).options(options)
    }

    /// Sets the title in the language of the portal.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.texts.insert(TITLE, title.into());
        self
    }

    /// Sets the description in the language of the portal.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.texts.insert(DESCRIPTION, description.into());
        self
    }

    /// Sets the name of the group in the language of the portal, for places that have groups.
    pub fn group(mut self, name: impl Into<String>) -> Self {
        self.texts.insert(GROUP_NAME, name.into());
        self
    }

    /// Sets the title in a language: `de`.
    pub fn title_in(self, language: &str, title: impl Into<String>) -> Self {
        self.text_in(language, TITLE, title.into())
    }

    /// Sets the description in a language: `de`.
    pub fn description_in(self, language: &str, description: impl Into<String>) -> Self {
        self.text_in(language, DESCRIPTION, description.into())
    }

    /// Sets the name of the group in a language: `de`.
    pub fn group_in(self, language: &str, name: impl Into<String>) -> Self {
        self.text_in(language, GROUP_NAME, name.into())
    }

    fn text_in(mut self, language: &str, name: &'static str, text: String) -> Self {
        self.languages.entry(language.to_ascii_lowercase()).or_default().insert(name, text);
        self
    }

    /// Sets the options of the place: an object. Other JSON counts as no options.
    pub fn options(mut self, options: &impl ToWire) -> Self {
        if let Value::Object(options) = options.to_wire() {
            self.options = options;
        }
        self
    }

    /// Shows the widget to this user only. Only some places support it.
    pub fn user(mut self, id: i64) -> Self {
        self.user = Some(id).filter(|id| *id != 0);
        self
    }

    /// The code of the placement.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The address, as it was given or listed.
    pub fn handler(&self) -> &str {
        &self.handler
    }

    /// The user for whom the widget is bound; `None`: for all.
    pub fn user_id(&self) -> Option<i64> {
        self.user
    }

    /// Whether both are the same widget to a portal, whatever their texts and options.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.code.eq_ignore_ascii_case(&other.code)
            && self.user == other.user
            && normalized(&self.handler) == normalized(&other.handler)
    }

    /// In what a listed widget differs from this one, in what is set here.
    pub(super) fn differences(&self, listed: &Self) -> Vec<String> {
        let mut all = Vec::new();
        for (name, wanted) in &self.texts {
            let shown = match listed.texts.get(name) {
                Some(text) => text == wanted,
                // Only some texts are listed outside the languages.
                None => {
                    listed.languages.values().any(|texts| texts.get(name).is_some_and(|text| text == wanted))
                }
            };
            if !shown && (!wanted.is_empty() || listed.texts.contains_key(name)) {
                all.push(differs(name, listed.texts.get(name), wanted));
            }
        }
        for (language, texts) in &self.languages {
            for (name, wanted) in texts {
                let found = listed.languages.get(language).and_then(|texts| texts.get(name));
                if found.map_or("", String::as_str) != wanted {
                    all.push(differs(&format!("{name} in `{language}`"), found, wanted));
                }
            }
        }
        for (name, wanted) in &self.options {
            let found = listed.options.get(name).unwrap_or(&Value::Null);
            if !is_same_value(wanted, found) {
                all.push(format!("the option {name} is {found} instead of {wanted}"));
            }
        }
        all
    }

    pub(super) fn bind_request(&self) -> RawRequest {
        let mut params = Map::new();
        params.insert("PLACEMENT".to_owned(), self.code.as_str().into());
        params.insert("HANDLER".to_owned(), self.handler.as_str().into());
        params.extend(self.texts.iter().map(|(name, text)| ((*name).to_owned(), text.as_str().into())));
        if !self.languages.is_empty() {
            params.insert("LANG_ALL".to_owned(), json!(self.languages));
        }
        if !self.options.is_empty() {
            params.insert("OPTIONS".to_owned(), self.options.clone().into());
        }
        if let Some(user) = self.user {
            params.insert("USER_ID".to_owned(), user.into());
        }
        raw("placement.bind", params)
    }

    pub(super) fn unbind_request(&self) -> RawRequest {
        let mut params = json!({"PLACEMENT": self.code, "HANDLER": self.handler});
        if let Some(user) = self.user {
            params["USER_ID"] = user.into();
        }
        raw("placement.unbind", params)
    }

    /// A row of `placement.get`; `None` if it has no code.
    pub(super) fn from_listed(row: &Value) -> Option<Self> {
        let text = |value: &Value| wire::decode_strict::<Option<String>>(value).ok().flatten();
        let code = text(&row["placement"]).filter(|code| !code.is_empty())?;
        let mut listed = Self::new(code, text(&row["handler"]).unwrap_or_default());
        listed.user = wire::decode_strict::<i64>(&row["userId"]).ok().filter(|id| *id != 0);
        let names = [(TITLE, "title"), (DESCRIPTION, "description"), (GROUP_NAME, "groupName")];
        let texts = names.into_iter().filter_map(|(name, listed)| Some((name, text(row.get(listed)?)?)));
        listed.texts = texts.collect();
        for (language, texts) in row["langAll"].as_object().into_iter().flatten() {
            let texts = [TITLE, DESCRIPTION, GROUP_NAME]
                .into_iter()
                .filter_map(|name| Some((name, text(texts.get(name)?)?)));
            listed.languages.insert(language.to_ascii_lowercase(), texts.collect());
        }
        listed.options = row["options"].as_object().cloned().unwrap_or_default();
        Some(listed)
    }
}

fn differs(name: &str, found: Option<&String>, wanted: &str) -> String {
    format!("{name} is {:?} instead of {wanted:?}", found.map_or("", String::as_str))
}

/// Whether a portal that stores texts has stored this value. What it adds to an object is its own.
fn is_same_value(wanted: &Value, found: &Value) -> bool {
    match (wanted, found) {
        (Value::Object(wanted), found) => {
            wanted.iter().all(|(name, value)| is_same_value(value, found.get(name).unwrap_or(&Value::Null)))
        }
        (Value::Array(wanted), Value::Array(found)) => {
            wanted.len() == found.len()
                && wanted.iter().zip(found).all(|(one, other)| is_same_value(one, other))
        }
        (Value::Bool(flag), found) => {
            found == wanted || wire::decode_strict::<bool>(found).unwrap_or_default() == *flag
        }
        (wanted, found) => as_text(wanted) == as_text(found),
    }
}

/// A scalar as the text that PHP makes of it.
fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(true) => "1".to_owned(),
        _ => String::new(),
    }
}

impl fmt::Display for PlacementBinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.code, self.handler)?;
        match self.user {
            Some(user) => write!(f, " for user {user}"),
            None => Ok(()),
        }
    }
}
