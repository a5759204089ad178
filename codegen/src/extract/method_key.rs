//! The key of a method.

use crate::descriptor::Api;

/// A method as it is compared: its interface and its name without case.
pub(crate) type Key = (Api, String);

pub(crate) fn key(api: Api, method: &str) -> Key {
    (api, method.to_lowercase())
}
