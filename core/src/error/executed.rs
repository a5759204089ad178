//! Whether a failed request ran.

/// Whether the portal executed the request that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Executed {
    /// It did not. Sending the request again cannot repeat its effect.
    No,
    /// It may have.
    Unknown,
    /// The method ran, whatever its result.
    Yes,
}
