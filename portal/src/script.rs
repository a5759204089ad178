//! Methods whose results a test computes.

mod page;
mod scripts;

use std::cell::RefCell;
use std::fmt;

use serde_json::{Map, Value};

use crate::check::Refusal;
use crate::exchange::{Answer, Params};
use crate::families::find;
use crate::spec::Api;

pub use scripts::Script;
pub(crate) use scripts::Scripts;

/// A script as it is kept.
pub(crate) type Run = dyn FnMut(&ScriptedCall<'_>) -> Result<Answer, Refusal> + Send;

/// What answers a call if its script does not: an earlier script, or the portal.
pub(crate) trait Next {
    /// The result of the method with these parameters.
    fn run(&mut self, params: &Params) -> Result<Answer, Refusal>;

    /// Calls a method of REST 2 as another user does.
    fn call(&mut self, method: &str, params: &Params) -> Result<Value, Refusal>;
}

/// A call of a method that has a script; see [`Portal::respond`](crate::Portal::respond).
pub struct ScriptedCall<'c> {
    pub(crate) api: Api,
    /// In lower case.
    pub(crate) method: &'c str,
    pub(crate) params: &'c Params,
    /// How many rows a page has.
    pub(crate) page_rows: usize,
    pub(crate) next: RefCell<&'c mut dyn Next>,
}

impl ScriptedCall<'_> {
    /// The interface.
    pub fn api(&self) -> Api {
        self.api
    }

    /// The name of the method, in lower case.
    pub fn method(&self) -> &str {
        self.method
    }

    /// The parameters, without the token. In a batch, references are replaced.
    pub fn params(&self) -> &Map<String, Value> {
        self.params
    }

    /// A parameter. Names are compared without case.
    pub fn param(&self, name: &str) -> Option<&Value> {
        find(self.params, name)
    }

    /// The result without this script: that of an earlier script of the method, or of the portal.
    ///
    /// # Errors
    /// The error of the method.
    pub fn run(&self) -> Result<Answer, Refusal> {
        self.run_with(self.params)
    }

    /// As [`run`](Self::run), with other parameters.
    ///
    /// # Errors
    /// The error of the method.
    pub fn run_with(&self, params: &Map<String, Value>) -> Result<Answer, Refusal> {
        self.next.borrow_mut().run(params)
    }

    /// Calls another method of REST 2, as [`Portal::call`](crate::Portal::call) does: without scripts, faults, limits and a record.
    ///
    /// # Errors
    /// The error of the method.
    pub fn call(&self, method: &str, params: Map<String, Value>) -> Result<Value, Refusal> {
        self.next.borrow_mut().call(method, &params)
    }
}

/// Shows the method, and no values.
impl fmt::Debug for ScriptedCall<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedCall")
            .field("api", &self.api)
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}
