//! Calls with several commands.

use super::envelope::Started;
use super::{Asked, Caller, State};
use crate::check::Refusal;
use crate::exchange::{Answer, Params};
use crate::spec::Api;
use crate::{batch, batch_v3};

impl State {
    pub(super) fn batch(&mut self, caller: &Caller, params: &Params) -> Result<Answer, Refusal> {
        let system = self.machine.spec.system.clone();
        let result = batch::run(&system, params, |method, params| {
            let (key, started) = (method.to_ascii_lowercase(), Started::now());
            let due = self.take_fault(&key);
            let instead = due.as_ref().and_then(|due| due.fault.command_response());
            if due.is_some_and(|due| !due.runs) {
                return instead.unwrap_or_default();
            }
            let response = match self.respond(Asked { api: Api::V2, key: &key, caller, params: &params }) {
                Ok(answer) => self.envelope(&key, answer, started).into_value(),
                Err(refusal) => refusal.body(Api::V2),
            };
            instead.unwrap_or(response)
        })?;
        Ok(Answer::of(result))
    }

    pub(super) fn batch_v3(&mut self, caller: &Caller, params: &Params) -> Result<Answer, Refusal> {
        let system = self.machine.spec.system.clone();
        let result = batch_v3::run(&system, params, |method, params| {
            let key = method.to_ascii_lowercase();
            let due = self.take_fault(&key);
            // The error of a command is that of the whole batch; other faults are none of a command.
            let refusal = due.as_ref().and_then(|due| due.fault.refusal());
            if let Some(refusal) = &refusal
                && due.is_some_and(|due| !due.runs)
            {
                return Err(refusal.clone());
            }
            let answer = self.respond(Asked { api: Api::V3, key: &key, caller, params: &params });
            refusal.map_or(answer, Err).map(|answer| answer.result)
        })?;
        Ok(Answer::of(result))
    }
}
