//! Calls with several commands.

use super::envelope::Started;
use super::{Request, State};
use crate::check::Refusal;
use crate::exchange::Answer;
use crate::spec::Api;
use crate::{batch, batch_v3};

impl State {
    pub(super) fn batch(&mut self, request: &Request) -> Result<Answer, Refusal> {
        let system = self.machine.spec.system.clone();
        let result = batch::run(&system, &request.params, |method, params| {
            let (key, started) = (method.to_ascii_lowercase(), Started::now());
            let due = self.take_fault(&key);
            let instead = due.as_ref().and_then(|due| due.fault.command_response());
            if due.is_some_and(|due| !due.runs) {
                return instead.unwrap_or_default();
            }
            let response = match self.call(Api::V2, &key, &request.caller, &params) {
                Ok(answer) => self.envelope(&key, answer, started).into_value(),
                Err(refusal) => refusal.body(Api::V2),
            };
            instead.unwrap_or(response)
        })?;
        self.record.count_run("batch");
        Ok(Answer { result, ..Answer::default() })
    }

    pub(super) fn batch_v3(&mut self, request: &Request) -> Result<Answer, Refusal> {
        let system = self.machine.spec.system.clone();
        let result = batch_v3::run(&system, &request.params, |method, params| {
            let key = method.to_ascii_lowercase();
            let due = self.take_fault(&key);
            // The error of a command is that of the whole batch; other faults are none of a command.
            let refusal = due.as_ref().and_then(|due| due.fault.refusal());
            if let Some(refusal) = &refusal
                && due.is_some_and(|due| !due.runs)
            {
                return Err(refusal.clone());
            }
            let answer = self.call(Api::V3, &key, &request.caller, &params);
            refusal.map_or(answer, Err).map(|answer| answer.result)
        })?;
        self.record.count_run("batch");
        Ok(Answer::of(result))
    }
}
