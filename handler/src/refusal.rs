//! Why a request is refused.

use std::fmt;

use bitrix24_core::oauth::{ParseError, ParseErrorKind};

use crate::installations::StoreError;

/// The reason why a request is refused, with the HTTP status of the response.
///
/// Neither `Display` nor `Debug` shows anything of the request, so that both can be logged. A response contains only
/// [`response_text`](Self::response_text), which does not show a sender whether a portal is known.
#[non_exhaustive]
pub enum Refusal {
    /// The body is longer than the limit.
    TooLarge,
    /// The body did not arrive in time.
    TooSlow,
    /// The body ended early.
    Interrupted,
    /// The request cannot be read, or has more in it than the limits allow.
    Malformed(ParseError),
    /// A part that all requests of this kind have is missing or wrong: `auth[member_id]`, `auth[application_token]`, `ts`.
    Incomplete(&'static str),
    /// The request is of a kind that this handler does not take: a page for a handler of events, or the reverse.
    Unexpected,
    /// The application is not installed on the portal.
    UnknownPortal,
    /// The application token is another one.
    ForgedToken,
    /// The request was sent longer ago than the setting.
    TooOld,
    /// The request was sent in the future, by more than the setting.
    FromTheFuture,
    /// The request was accepted before.
    Repeated,
    /// There is no `confirm` for installations, so that none is accepted.
    NoConfirmation,
    /// The tokens of an installation are not genuine.
    NotConfirmed,
    /// The tokens of an installation could not be confirmed, since that failed. The source is the error.
    ConfirmationFailed(StoreError),
    /// The store of installations failed. The source is its error.
    Store(StoreError),
    /// The inbox is full, or too many installations are being confirmed.
    Overloaded,
    /// The inbox is closed, since the program ends.
    Closed,
    /// The application data of the server has no [`Receiver`](crate::Receiver), or no [`Inbox`](crate::Inbox) to hand over to.
    NotConfigured,
}

impl Refusal {
    /// The HTTP status of the response. The portal notes it in its log, and sends nothing again.
    pub fn status(&self) -> u16 {
        match self {
            Self::TooLarge => 413,
            Self::TooSlow => 408,
            Self::Malformed(error) => match error.kind() {
                ParseErrorKind::TooLarge => 413,
                ParseErrorKind::UnsupportedType => 415,
                _ => 400,
            },
            Self::Interrupted | Self::Incomplete(_) | Self::Unexpected => 400,
            Self::UnknownPortal | Self::ForgedToken | Self::TooOld | Self::FromTheFuture => 403,
            Self::NoConfirmation | Self::NotConfirmed => 403,
            Self::Repeated => 409,
            Self::ConfirmationFailed(_) | Self::Store(_) | Self::Overloaded | Self::Closed => 503,
            Self::NotConfigured => 500,
        }
    }

    /// The text for the sender, with no more than is necessary.
    pub fn response_text(&self) -> String {
        match self {
            Self::UnknownPortal | Self::ForgedToken => {
                "the request is not from an installed portal".to_owned()
            }
            Self::NoConfirmation | Self::NotConfirmed => "the installation is not confirmed".to_owned(),
            Self::ConfirmationFailed(_)
            | Self::Store(_)
            | Self::Overloaded
            | Self::Closed
            | Self::NotConfigured => "temporarily unavailable".to_owned(),
            other => other.to_string(),
        }
    }

    fn variant(&self) -> &'static str {
        match self {
            Self::TooLarge => "TooLarge",
            Self::TooSlow => "TooSlow",
            Self::Interrupted => "Interrupted",
            Self::Malformed(_) => "Malformed",
            Self::Incomplete(_) => "Incomplete",
            Self::Unexpected => "Unexpected",
            Self::UnknownPortal => "UnknownPortal",
            Self::ForgedToken => "ForgedToken",
            Self::TooOld => "TooOld",
            Self::FromTheFuture => "FromTheFuture",
            Self::Repeated => "Repeated",
            Self::NoConfirmation => "NoConfirmation",
            Self::NotConfirmed => "NotConfirmed",
            Self::ConfirmationFailed(_) => "ConfirmationFailed",
            Self::Store(_) => "Store",
            Self::Overloaded => "Overloaded",
            Self::Closed => "Closed",
            Self::NotConfigured => "NotConfigured",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "the body is too long",
            Self::TooSlow => "the body did not arrive in time",
            Self::Interrupted => "the body ended early",
            Self::Malformed(error) => return error.fmt(f),
            Self::Incomplete(part) => return write!(f, "`{part}` is missing or wrong"),
            Self::Unexpected => "the request is of another kind than this handler takes",
            Self::UnknownPortal => "the application is not installed on the portal",
            Self::ForgedToken => "the application token is not that of the portal",
            Self::TooOld => "the request was sent too long ago",
            Self::FromTheFuture => "the request was sent in the future: compare the clock of this server",
            Self::Repeated => "the request was accepted before",
            Self::NoConfirmation => "no installation is accepted without `ReceiverBuilder::confirm`",
            Self::NotConfirmed => "the tokens of the installation are not genuine",
            Self::ConfirmationFailed(_) => "the tokens of the installation could not be confirmed",
            Self::Store(_) => "the store of installations failed",
            Self::Overloaded => "there are too many requests: handle them faster, or enlarge the inbox",
            Self::Closed => "the inbox is closed",
            Self::NotConfigured => {
                "the server has no receiver, or no inbox to hand over to, in its application data"
            }
        })
    }
}

/// Shows the variant, and nothing of the errors of a program, which may contain secrets.
impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => f.debug_tuple("Malformed").field(error).finish(),
            Self::Incomplete(part) => f.debug_tuple("Incomplete").field(part).finish(),
            other => f.write_str(other.variant()),
        }
    }
}

impl std::error::Error for Refusal {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Malformed(error) => Some(error),
            Self::ConfirmationFailed(error) | Self::Store(error) => Some(&**error),
            _ => None,
        }
    }
}
