//! The key of a method.

use crate::descriptor::Api;

/// A method as it is compared: its interface and its name without case.
pub(crate) type MethodKey = (Api, String);

pub(crate) fn key(api: Api, method: &str) -> MethodKey {
    (api, method.to_lowercase())
}
