//! Authorisation by OAuth 2: tokens, what the authorisation server is asked and answers, and the requests in which a portal
//! hands tokens to an application.
//!
//! An application calls a portal with an access token, which lives for an hour, and renews it with a refresh token, which
//! lives for 180 days and is good for one renewal: each brings a new pair. Renewal is a matter between the application and
//! the authorisation server; its secret goes there and nowhere else.
//!
//! Nothing here opens a socket or reads a clock. The time is an argument, in seconds since 1970-01-01 UTC.

mod answer;
mod app_request;
mod event_request;
mod fields;
mod grant;
mod incoming;
mod redirect;
mod renewal;
mod tokens;

pub use answer::{AuthError, read_answer};
pub use app_request::{AppRequest, Placement};
pub use event_request::{EventRequest, verify_application_token};
pub use grant::{AUTHORISATION_SERVER, Grant, authorisation_query};
pub use incoming::{Incoming, Unreadable};
pub use redirect::CodeRequest;
pub use renewal::{Repeat, calls_for_renewal, repeat_after};
pub use tokens::Tokens;
