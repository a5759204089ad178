//! Authorization by OAuth 2: tokens, requests to the authorization server and its responses, and the requests in which a portal
//! sends tokens to an application.
//!
//! An application calls a portal with an access token, which is valid for an hour, and refreshes it with a refresh token, which
//! is valid for 180 days and for one refresh: each refresh returns a new pair. A refresh involves only the application and the
//! authorization server; the secret of the application is sent nowhere else.
//!
//! Nothing here opens a socket or reads a clock. The time is an argument, in seconds since 1970-01-01 UTC.

mod app_request;
mod authorization_callback;
mod event_request;
mod fields;
mod grant;
mod incoming_request;
mod json_body;
mod portal_request;
mod refresh;
mod token_response;
mod tokens;

pub use crate::error::AuthError;
pub use app_request::{AppRequest, Placement};
pub use authorization_callback::AuthorizationCallback;
pub use event_request::{EventRequest, verify_application_token};
pub use grant::{AUTHORIZATION_SERVER, Grant, authorization_query};
pub use incoming_request::{IncomingRequest, ParseError, ParseErrorKind};
pub use portal_request::PortalRequest;
pub use refresh::{RefreshRetry, needs_refresh, refresh_retry};
pub use token_response::parse_response;
pub use tokens::Tokens;
