//! Errors of a call.

mod any_error;
mod auth_error;
mod error_code;
mod executed;
mod facts;
mod failure;
mod invalid_field;
mod kind;
mod meaning;
mod rejection;
mod typed;

pub use any_error::AnyError;
pub use auth_error::AuthError;
pub use error_code::{DocumentedError, ErrorCode, RawErrorCode};
pub use executed::Executed;
pub use facts::ErrorFacts;
pub use failure::Failure;
pub use invalid_field::InvalidField;
pub use kind::ErrorKind;
pub use rejection::Rejection;
pub use typed::Error;
