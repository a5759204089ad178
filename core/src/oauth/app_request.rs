//! The request with which a portal opens the page of an application, or a place in its own pages where one is embedded.

use std::fmt;

use serde_json::{Map, Value};

use super::fields::{number, owned, text};
use super::incoming_request::{IncomingRequest, ParseError};
use super::tokens::Tokens;

/// A page of an application that is being opened in a portal: who is looking, and where.
///
/// A browser sends it, so all of it is what its user says, the address of the portal too. The tokens are to be believed once the
/// authorization server has confirmed them: by `app.info` at its own `https://oauth.bitrix.info/rest/`, or by a renewal, which
/// brings the true address of the portal. A call to the address in the request proves nothing, since it may be the sender's.
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
    /// Reads a request that has come at `now`, in seconds since 1970-01-01 UTC. Some of it is in the query of the address.
    ///
    /// # Errors
    /// [`ParseError`] where it lacks `AUTH_ID` or `DOMAIN`, and so comes from no portal.
    pub fn parse(request: &IncomingRequest<'_>, now: u64) -> Result<Self, ParseError> {
        let fields = request.fields()?;
        Ok(Self {
            tokens: tokens(&fields, now)?,
            placement: Placement::read(&fields),
            language: owned(&fields, "LANG"),
            app_sid: owned(&fields, "APP_SID"),
        })
    }

    /// Tokens of the user who is looking.
    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// Where the page is opened.
    pub fn placement(&self) -> &Placement {
        &self.placement
    }

    /// The language in which the user sees the portal: `en`.
    pub fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }

    /// What the portal's script in the page recognises its frame by.
    pub fn app_sid(&self) -> Option<&str> {
        self.app_sid.as_deref()
    }
}

/// Shows everything but the tokens and what belongs to the frame.
impl fmt::Debug for AppRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppRequest")
            .field("tokens", &self.tokens)
            .field("placement", &self.placement)
            .field("language", &self.language)
            .finish_non_exhaustive()
    }
}

/// The same tokens under the names that pages get them by.
fn tokens(fields: &Map<String, Value>, now: u64) -> Result<Tokens, ParseError> {
    let domain = text(fields, "DOMAIN").ok_or(ParseError::new("`DOMAIN` is missing"))?;
    if domain.contains(['/', '\\', '?', '#', '@']) || domain.contains(char::is_whitespace) {
        return Err(ParseError::new("`DOMAIN` is no host"));
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
        if let Some(value) = fields.get(from) {
            named.insert(to.to_owned(), value.clone());
        }
    }
    if text(fields, "AUTH_ID").is_none() {
        return Err(ParseError::new("`AUTH_ID` is missing"));
    }
    Tokens::from_response(&Value::Object(named), now)
}

/// A place in the pages of a portal, and what is open there.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    code: Box<str>,
    options: Value,
}

impl Placement {
    fn read(fields: &Map<String, Value>) -> Self {
        let code = owned(fields, "PLACEMENT").unwrap_or_else(|| "DEFAULT".into());
        let options = match fields.get("PLACEMENT_OPTIONS") {
            Some(Value::String(text)) if text.trim() == "undefined" => Value::Null,
            Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
            Some(options) => options.clone(),
            None => Value::Null,
        };
        Self { code, options }
    }

    /// The code of the place: `CRM_DEAL_DETAIL_TAB`, say, and `DEFAULT` for the page of the application itself.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// What is open there, most often an object with an `ID`; `null` where the portal says nothing, or the word
    /// `undefined`.
    pub fn options(&self) -> &Value {
        &self.options
    }

    /// The identifier of what is open there, where the options have one: `ID`, or else `ENTITY_ID`.
    pub fn id(&self) -> Option<u64> {
        let options = self.options.as_object()?;
        number(options, "ID").or_else(|| number(options, "ENTITY_ID"))
    }
}
