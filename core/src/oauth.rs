//! Authorization by OAuth 2: tokens, what the authorization server is asked and answers, and the requests in which a portal
//! hands tokens to an application.
//!
//! An application calls a portal with an access token, which lives for an hour, and renews it with a refresh token, which
//! lives for 180 days and is good for one renewal: each brings a new pair. Renewal is a matter between the application and
//! the authorization server; its secret goes there and nowhere else.
//!
//! Nothing here opens a socket or reads a clock. The time is an argument, in seconds since 1970-01-01 UTC.

mod app_request;
mod authorization_callback;
mod event_request;
mod fields;
mod grant;
mod incoming_request;
mod refresh;
mod token_response;
mod tokens;

pub use crate::error::AuthError;
pub use app_request::{AppRequest, Placement};
pub use authorization_callback::AuthorizationCallback;
pub use event_request::{EventRequest, verify_application_token};
pub use grant::{AUTHORIZATION_SERVER, Grant, authorization_query};
pub use incoming_request::{IncomingRequest, ParseError};
pub use refresh::{RefreshRetry, needs_refresh, refresh_retry};
pub use token_response::parse_response;
pub use tokens::Tokens;
