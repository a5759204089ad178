//! The request with which a portal opens a page of an application, or a placement in its own pages.

use std::fmt;

use serde_json::{Map, Value};

use super::fields::{number, owned, text};
use super::incoming_request::{IncomingRequest, ParseError};
use super::json_body;
use super::tokens::Tokens;
use crate::php::Limits;
use crate::wire::{Json, JsonRef};

/// A page of an application that is opened in a portal: the user and the placement.
///
/// A browser sends it, so all of it is under the control of the user, including the address of the portal. Trust the tokens
/// once the authorization server has confirmed them: by `app.info` at its own `https://oauth.bitrix.info/rest/`, or by a
/// refresh, which returns the true address of the portal. A call to the address in the request proves nothing, since it may be
/// the sender's.
///
/// ```
/// use bitrix24_core::oauth::{AppRequest, IncomingRequest};
/// let body = b"AUTH_ID=t0ken&REFRESH_ID=m0re&AUTH_EXPIRES=3600&member_id=m1&PLACEMENT=CRM_DEAL_DETAIL_TAB\
///     &PLACEMENT_OPTIONS=%7B%22ID%22%3A%227%22%7D";
/// let incoming = IncomingRequest::new(body).with_query("DOMAIN=shop.example&PROTOCOL=1&LANG=en");
/// let request = AppRequest::parse(&incoming, 1_800_000_000)?;
/// assert_eq!(request.tokens().client_endpoint(), "https://shop.example/rest/");
/// assert_eq!(request.tokens().expires_at(), Some(1_800_003_600));
/// assert_eq!(request.placement().code(), "CRM_DEAL_DETAIL_TAB");
/// assert_eq!(request.placement().options()["ID"], "7");
/// # Ok::<(), bitrix24_core::oauth::ParseError>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct AppRequest {
    tokens: Tokens,
    placement: Placement,
    language: Option<Box<str>>,
    app_sid: Option<Box<str>>,
}

impl AppRequest {
    /// Parses a request that arrived at `now`, in seconds since 1970-01-01 UTC. Some of it is in the query of the URL.
    ///
    /// # Errors
    /// A [`ParseError`] if `AUTH_ID` or `DOMAIN` is missing; the request is then not from a portal.
    pub fn parse(request: &IncomingRequest<'_>, now: u64) -> Result<Self, ParseError> {
        Self::read(request.fields()?.get(), now)
    }

    pub(super) fn read(fields: JsonRef<'_>, now: u64) -> Result<Self, ParseError> {
        Ok(Self {
            tokens: tokens(fields, now)?,
            placement: Placement::read(fields),
            language: owned(fields, "LANG"),
            app_sid: owned(fields, "APP_SID"),
        })
    }

    /// The tokens of the user.
    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// The placement of the page.
    pub fn placement(&self) -> &Placement {
        &self.placement
    }

    /// The language in which the user sees the portal: `en`.
    pub fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }

    /// The identifier by which the portal's script recognizes its frame.
    pub fn app_sid(&self) -> Option<&str> {
        self.app_sid.as_deref()
    }
}

/// Shows everything except the tokens and the identifier of the frame.
impl fmt::Debug for AppRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppRequest")
            .field("tokens", &self.tokens)
            .field("placement", &self.placement)
            .field("language", &self.language)
            .finish_non_exhaustive()
    }
}

/// The tokens, renamed from the names in page requests.
fn tokens(fields: JsonRef<'_>, now: u64) -> Result<Tokens, ParseError> {
    let domain = text(fields, "DOMAIN").ok_or(ParseError::new("`DOMAIN` is missing"))?;
    if domain.contains(['/', '\\', '?', '#', '@']) || domain.contains(char::is_whitespace) {
        return Err(ParseError::new("`DOMAIN` is not a host"));
    }
    let scheme = if text(fields, "PROTOCOL").as_deref() == Some("0") { "http" } else { "https" };
    let mut named = Map::new();
    named.insert("client_endpoint".to_owned(), format!("{scheme}://{domain}/rest/").into());
    let names = [
        ("AUTH_ID", "access_token"),
        ("REFRESH_ID", "refresh_token"),
        ("AUTH_EXPIRES", "expires_in"),
        ("member_id", "member_id"),
        ("status", "status"),
    ];
    for (from, to) in names {
        if let Some(value) = fields.field(from) {
            named.insert(to.to_owned(), value.to_value());
        }
    }
    if text(fields, "AUTH_ID").is_none() {
        return Err(ParseError::new("`AUTH_ID` is missing"));
    }
    Tokens::from_response(&Value::Object(named), now)
}

/// A placement in the pages of a portal, and the entity that is open there.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    code: Box<str>,
    options: Value,
}

impl Placement {
    fn read(fields: JsonRef<'_>) -> Self {
        let code = owned(fields, "PLACEMENT").unwrap_or_else(|| "DEFAULT".into());
        let options = fields.field("PLACEMENT_OPTIONS");
        let options = match options.and_then(JsonRef::string) {
            // The word `undefined` is no JSON.
            Some(text) => json_body::value(text.as_bytes(), Limits::default()).unwrap_or_default(),
            None => options.map(JsonRef::to_value).unwrap_or_default(),
        };
        Self { code, options }
    }

    /// The code of the placement, such as `CRM_DEAL_DETAIL_TAB`; `DEFAULT` for the page of the application itself.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The entity that is open there, usually an object with an `ID`; `null` if the portal sends nothing, or the word
    /// `undefined`.
    pub fn options(&self) -> &Value {
        &self.options
    }

    /// The identifier of the entity, if the options contain one: `ID`, or else `ENTITY_ID`.
    pub fn id(&self) -> Option<u64> {
        let options = Json::from_value(&self.options)?;
        number(options.get(), "ID").or_else(|| number(options.get(), "ENTITY_ID"))
    }
}
