//! Classification of pages: the kind of a page and its method, before any rule on methods reads it.

pub(crate) mod features;
pub(crate) mod method_name;
pub(crate) mod preamble;

use crate::descriptor::Api;
use crate::extract::register::Rule;
use crate::extract::syntax::calls::Calls;

/// The method that a page is about, and the code on the page.
pub(crate) struct PageSubject {
    pub(crate) method: String,
    /// The rule that read the name.
    pub(crate) name_rule: &'static Rule,
    pub(crate) api: Api,
    /// The rule that read the interface; `None` for REST 2 by default.
    pub(crate) api_rule: Option<&'static Rule>,
    pub(crate) calls: Calls,
}
