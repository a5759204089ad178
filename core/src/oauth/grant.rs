//! Requests for tokens to the authorization server.

use std::fmt;

/// The default authorization server of all portals. Tokens are requested at `oauth/token/` below it.
///
/// A cloud portal would forward such a request, a self-hosted one may not, and neither should receive the secret of an
/// application.
pub const AUTHORIZATION_SERVER: &str = "https://oauth.bitrix.info/";

/// The query of the page on which a user authorizes an application, `https://PORTAL/oauth/authorize/`. The portal redirects the
/// user back with the same `state`.
pub fn authorization_query(client_id: &str, state: &str) -> String {
    form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", client_id)
        .append_pair("state", state)
        .finish()
}

/// The grant for a pair of tokens.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Grant<'a> {
    /// The code with which a portal redirected a user back; it is valid for 30 seconds.
    Code(&'a str),
    /// The refresh token of the last pair; it is valid for one refresh.
    Refresh(&'a str),
}

impl Grant<'_> {
    /// The body of the request, a form. It is sent by POST, since URLs are written to logs.
    pub fn form(self, client_id: &str, client_secret: &str) -> String {
        let (kind, name, value) = match self {
            Self::Code(code) => ("authorization_code", "code", code),
            Self::Refresh(token) => ("refresh_token", "refresh_token", token),
        };
        form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", kind)
            .append_pair("client_id", client_id)
            .append_pair("client_secret", client_secret)
            .append_pair(name, value)
            .finish()
    }
}

/// Shows the kind of the grant, and nothing of its secret.
impl fmt::Debug for Grant<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Code(_) => "Code(***)",
            Self::Refresh(_) => "Refresh(***)",
        })
    }
}
