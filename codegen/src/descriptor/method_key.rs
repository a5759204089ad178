//! The key of a method.

use super::Api;

/// A method as it is compared: its interface and its name without case.
pub(crate) type MethodKey = (Api, String);

/// The key of a method.
pub(crate) fn method_key(api: Api, method: &str) -> MethodKey {
    (api, method.to_lowercase())
}
