//! Fields that a program needs.

use super::Mismatch;

/// A field that a program cannot do without. Every field of a result may be absent, since portals leave out what pages promise.
///
/// ```
/// use bitrix24_core::{AnyError, Required};
///
/// fn remember(id: Option<i64>) -> Result<i64, AnyError> {
///     Ok(id.required("id")?)
/// }
///
/// assert_eq!(remember(Some(7)).unwrap(), 7);
/// assert_eq!(remember(None).unwrap_err().to_string(), "the result does not match its documentation: `id`: missing");
/// ```
pub trait Required<T> {
    /// The value.
    ///
    /// # Errors
    /// A [`Mismatch`] that names `field` if there is none. It turns into an [`AnyError`](crate::AnyError) of
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) by `?`.
    fn required(self, field: &str) -> Result<T, Mismatch>;
}

impl<T> Required<T> for Option<T> {
    fn required(self, field: &str) -> Result<T, Mismatch> {
        self.ok_or_else(|| Mismatch::missing(field))
    }
}
