//! Calls of methods that have scripts.

use std::cell::RefCell;

use serde_json::Value;

use super::{Asked, State};
use crate::check::Refusal;
use crate::exchange::{Answer, Params};
use crate::script::{Next, Script, ScriptedCall};

/// What comes after a script: the scripts before it, and then the portal.
struct Rest<'r> {
    state: &'r mut State,
    asked: Asked<'r>,
    scripts: &'r [Script],
}

impl State {
    /// The result of a method: that of its last script, or of the portal if it has none.
    pub(super) fn scripted(&mut self, asked: Asked<'_>) -> Result<Answer, Refusal> {
        let scripts = self.scripts.of(asked.key);
        if !scripts.is_empty() {
            // Scripts read results.
            self.machine.return_values();
        }
        Rest { state: self, asked, scripts: &scripts }.answer(asked)
    }
}

impl Rest<'_> {
    fn answer(&mut self, asked: Asked<'_>) -> Result<Answer, Refusal> {
        let Some((script, scripts)) = self.scripts.split_last() else { return self.state.run_method(asked) };
        let page_rows = self.state.machine.spec.system.page_rows();
        let mut rest = Rest { state: self.state, asked, scripts };
        let Asked { api, key: method, params, .. } = asked;
        script.answer(&ScriptedCall { api, method, params, page_rows, next: RefCell::new(&mut rest) })
    }
}

impl Next for Rest<'_> {
    fn run(&mut self, params: &Params) -> Result<Answer, Refusal> {
        let Asked { api, key, caller, .. } = self.asked;
        self.answer(Asked { api, key, caller, params })
    }

    fn call(&mut self, method: &str, params: &Params) -> Result<Value, Refusal> {
        self.state.call_as_other(method, params)
    }
}
