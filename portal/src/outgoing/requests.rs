//! The requests of a portal, by what they are for.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use super::Outgoing;
use crate::oauth::{Issued, host};

/// What each request says of the portal and the application.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    /// The origin of the portal, such as `http://127.0.0.1:8024`.
    pub(crate) origin: String,
    /// The identifier of the portal.
    pub(crate) member_id: String,
    /// The token by which the application knows the portal.
    pub(crate) application_token: String,
    /// The language of the portal.
    pub(crate) language: String,
}

/// An event for a handler.
#[derive(Clone, Debug)]
pub(crate) struct EventRequest<'e> {
    pub(crate) url: &'e str,
    /// In upper case.
    pub(crate) name: &'e str,
    pub(crate) scope: &'e [String],
    pub(crate) data: &'e Value,
    /// The field with the identifier of the binding, and the identifier.
    pub(crate) handler: Option<(&'e str, u64)>,
    /// The tokens of the user who caused it.
    pub(crate) tokens: Option<&'e Issued>,
}

impl Sender {
    /// The host of the portal, with its port.
    pub(crate) fn domain(&self) -> &str {
        host(&self.origin)
    }

    /// An event.
    pub(crate) fn event(&self, event: &EventRequest<'_>) -> Outgoing {
        let mut fields = Map::new();
        fields.insert("event".to_owned(), event.name.into());
        if let Some((field, id)) = event.handler {
            fields.insert(field.to_owned(), id.into());
        }
        fields.insert("data".to_owned(), event.data.clone());
        fields.insert("ts".to_owned(), now().into());
        fields.insert("auth".to_owned(), self.auth(&event.scope.join(","), event.tokens));
        let (url, what) = (event.url.to_owned(), event.name.to_owned());
        Outgoing { url, what, query: Map::new(), fields }
    }

    /// The installation of the application.
    pub(crate) fn install(&self, url: &str, tokens: &Issued) -> Outgoing {
        let data =
            json!({"VERSION": "1", "ACTIVE": "Y", "INSTALLED": "Y", "LANGUAGE_ID": self.language.as_str()});
        self.of_application(url, "ONAPPINSTALL", &data, Some(tokens))
    }

    /// The removal of the application, which leaves no tokens. `clean`: its data is to be deleted.
    pub(crate) fn uninstall(&self, url: &str, clean: bool) -> Outgoing {
        let data = json!({"LANGUAGE_ID": self.language.as_str(), "CLEAN": u8::from(clean)});
        self.of_application(url, "ONAPPUNINSTALL", &data, None)
    }

    fn of_application(&self, url: &str, name: &str, data: &Value, tokens: Option<&Issued>) -> Outgoing {
        self.event(&EventRequest { url, name, scope: &["app".to_owned()], data, handler: None, tokens })
    }

    /// A page of the application that a user opens, at a place of the interface. `null` options: there are none.
    pub(crate) fn page(&self, url: &str, placement: &str, options: &Value, tokens: &Issued) -> Outgoing {
        let fields = json!({
            "AUTH_ID": tokens.access_token, "AUTH_EXPIRES": tokens.expires_in, "REFRESH_ID": tokens.refresh_token,
            "SERVER_ENDPOINT": format!("{}/rest/", self.origin), "APPLICATION_TOKEN": self.application_token,
            "member_id": self.member_id, "status": "L", "PLACEMENT": placement,
            // A script writes a missing part as this word.
            "PLACEMENT_OPTIONS": if options.is_null() { "undefined".to_owned() } else { options.to_string() },
        });
        let protocol = if self.origin.starts_with("https://") { "1" } else { "0" };
        let sid = tokens.access_token.get(..16).unwrap_or_default();
        let query = json!({
            "DOMAIN": self.domain(), "PROTOCOL": protocol, "LANG": self.language, "APP_SID": sid,
        });
        let query = query.as_object().cloned().unwrap_or_default();
        let fields = fields.as_object().cloned().unwrap_or_default();
        Outgoing { url: url.to_owned(), what: placement.to_owned(), query, fields }
    }

    /// A robot or an activity that runs: its own fields, with those of each request.
    pub(crate) fn robot(&self, url: &str, code: &str, own: Map<String, Value>, tokens: &Issued) -> Outgoing {
        let mut fields = own;
        fields.insert("ts".to_owned(), now().into());
        fields.insert("auth".to_owned(), self.auth("bizproc", Some(tokens)));
        Outgoing { url: url.to_owned(), what: code.to_owned(), query: Map::new(), fields }
    }

    /// The part `auth`.
    pub(crate) fn auth(&self, scope: &str, tokens: Option<&Issued>) -> Value {
        let mut auth = json!({
            "domain": self.domain(), "client_endpoint": format!("{}/rest/", self.origin),
            "server_endpoint": format!("{}/rest/", self.origin), "member_id": self.member_id,
            "application_token": self.application_token,
        });
        if let Some(tokens) = tokens {
            auth["access_token"] = tokens.access_token.as_str().into();
            auth["refresh_token"] = tokens.refresh_token.as_str().into();
            auth["expires"] = (now() + tokens.expires_in).into();
            auth["expires_in"] = tokens.expires_in.into();
            auth["scope"] = scope.into();
            auth["status"] = "L".into();
            auth["user_id"] = tokens.user.into();
        }
        auth
    }
}

/// The current time, in seconds since 1970-01-01 UTC.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
