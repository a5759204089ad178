//! Kinds of errors.

/// The kind of an [`Error`](super::Error).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The method returned an error: see [`Error::method_error`](super::Error::method_error).
    Method,
    /// The portal returned an error that is not specific to the method: see
    /// [`Error::system_error`](super::Error::system_error), if the code is a documented one.
    System,
    /// The client has no token, or may not use the one that it has. If the authorization server returned an error, see
    /// [`Error::auth_error`](super::Error::auth_error). The request was not sent.
    Authorization,
    /// The request is invalid and was not sent.
    Request,
    /// The connection could not be established. Nothing was sent.
    Connect,
    /// The rate limiter of the client failed, so the request was not sent.
    Limiter,
    /// The deadline of the call passed before the request could be sent.
    Deadline,
    /// No response arrived in time.
    Timeout,
    /// The connection broke while the request was being sent or the response awaited.
    Transport,
    /// The response ended before it was complete.
    Truncated,
    /// The response exceeds the size limit of the client.
    TooLarge,
    /// The response is not JSON; usually it is an HTML page.
    NotJson,
    /// The response is JSON, but not a response of a portal.
    UnexpectedResponse,
    /// The portal redirected the request to an address that the client does not follow.
    Redirect,
    /// The result does not match the documentation; [`Error::mismatch`](super::Error::mismatch) says where.
    Decode,
    /// A command of a batch was not executed because of an earlier error in the batch.
    NotExecuted,
    /// A command of a batch was executed with the text of a reference instead of a value, because the earlier result does not
    /// contain the value.
    UnresolvedReference,
    /// A list has not ended and cannot be read further: its pages repeat, for example, or are not in the requested order.
    IncompleteList,
}
