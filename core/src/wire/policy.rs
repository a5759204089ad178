//! What a mismatch leads to.

/// What a value of another type than documented leads to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MismatchPolicy {
    /// The value costs its field: the field is `None`, the value stays in `extra`, and the mismatch is reported.
    #[default]
    Report,
    /// The first mismatch is an error. For tests, which should notice each difference to the documentation.
    Error,
}
