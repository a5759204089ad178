//! Calls of other users of the portal, which a test asks for.

use serde_json::Value;

use super::State;
use crate::check::Refusal;
use crate::exchange::Params;
use crate::fault::{DueFault, Fault};
use crate::spec::Api;

impl State {
    /// Calls a method of REST 2 as another user of the portal does: without limits and faults, and without a record. Returns its result.
    ///
    /// # Errors
    /// The error of the method.
    pub(crate) fn call_as_other(&mut self, method: &str, params: &Params) -> Result<Value, Refusal> {
        let method = self.method(Api::V2, &method.to_ascii_lowercase())?;
        let answer = self.machine.call(&method, params);
        self.rows_changed(&method, params);
        answer.map(|answer| answer.result)
    }

    /// The fault of a call of a method, in lower case. The calls that come before it are run.
    pub(super) fn take_fault(&mut self, key: &str) -> Option<DueFault> {
        let due = self.faults.take(key)?;
        if let Fault::AfterCalls(calls) = &due.fault {
            for (method, params) in calls {
                let _ = self.call_as_other(method, params);
            }
        }
        Some(due)
    }
}
