//! Values of responses that do not fit their fields.

/// A value that a generated type cannot hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseMismatch {
    /// The path of the value inside the result, as in `deals[3].ID`. Empty for the result itself.
    pub path: String,
    /// The path of the field that has no value because of it, without indices: `deals.ID`.
    pub field: String,
    /// The JSON Pointer to the value of this field: `/deals/3/ID`.
    pub pointer: String,
    /// The message.
    pub message: String,
}
