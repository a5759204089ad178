//! What a page is about, decided before anything of it is read as a method.

pub(crate) mod features;
pub(crate) mod method_name;
pub(crate) mod preamble;

use crate::descriptor::Api;
use crate::extract::syntax::calls::Calls;

/// The method that a page is about, and the code on the page.
pub(crate) struct PageSubject {
    pub(crate) method: String,
    pub(crate) api: Api,
    pub(crate) calls: Calls,
}
