//! What the authorization server is asked for tokens with.

use std::fmt;

/// The authorization server of all portals, unless a program is told of another one. Tokens are asked for at `oauth/token/`
/// below it.
///
/// A cloud portal would pass such a request on by itself, a self-hosted one may not, and neither has any business with the
/// secret of an application.
pub const AUTHORIZATION_SERVER: &str = "https://oauth.bitrix.info/";

/// The query of the page on which a user lets an application in, `https://PORTAL/oauth/authorize/`. The portal sends the user
/// back with the same `state`.
pub fn authorization_query(client_id: &str, state: &str) -> String {
    form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", client_id)
        .append_pair("state", state)
        .finish()
}

/// What an application has to show for a pair of tokens.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Grant<'a> {
    /// The code with which a portal has sent a user back; it lives for 30 seconds.
    Code(&'a str),
    /// The refresh token of the last pair; it is good for one renewal.
    Refresh(&'a str),
}

impl Grant<'_> {
    /// The body of the request, a form. It is sent by POST: an address is written into logs.
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

/// Shows which of the two it is, and nothing of what is shown to the server.
impl fmt::Debug for Grant<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Code(_) => "Code(***)",
            Self::Refresh(_) => "Refresh(***)",
        })
    }
}
