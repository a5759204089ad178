//! Whether a list is known to be readable by identifier, as a type.

/// A list that can be read by ascending identifier: one with a [`Keyset`](super::Keyset).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HasKeyset {}

/// A list that is not known to be readable by ascending identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoKeyset {}

/// Implemented for [`HasKeyset`] alone: only such a list is read by identifier.
#[diagnostic::on_unimplemented(
    message = "this list is not known to be readable by identifier",
    label = "its documentation names no identifier to filter and sort by",
    note = "read it by pages, or name the field with `by_keyset(Keyset::new(\"ID\"))` if you know that the method filters and sorts by it"
)]
pub trait KeysetSupport: sealed::Sealed {}

impl KeysetSupport for HasKeyset {}

mod sealed {
    pub trait Sealed {}

    impl Sealed for super::HasKeyset {}
    impl Sealed for super::NoKeyset {}
}
