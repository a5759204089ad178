//! Calls with several commands.

use serde_json::Value;

use super::envelope::Started;
use super::{Request, State};
use crate::check::Refusal;
use crate::exchange::Answer;
use crate::fault::Fault;
use crate::spec::Api;
use crate::{batch, batch_v3};

impl State {
    pub(super) fn batch(&mut self, request: &Request) -> Result<Answer, Refusal> {
        let system = self.machine.spec.system.clone();
        let result = batch::run(&system, &request.params, |method, params| {
            let (key, started) = (method.to_ascii_lowercase(), Started::now());
            let fault = self.faults.take(&key);
            match &fault {
                Some(Fault::Error { code, message, .. }) => return crate::fault::error_body(code, message),
                Some(fault) if !fault.runs() => return Value::Null,
                _ => {}
            }
            let response = match self.call(Api::V2, &key, &request.caller, &params) {
                Ok(answer) => self.envelope(&key, answer, started).into_value(),
                Err(refusal) => refusal.body(Api::V2),
            };
            // A command whose answer is lost is in none of the parts.
            if matches!(fault, Some(Fault::LoseAnswer | Fault::CutAnswer)) { Value::Null } else { response }
        })?;
        self.record.count_run("batch");
        Ok(Answer { result, ..Answer::default() })
    }

    pub(super) fn batch_v3(&mut self, request: &Request) -> Result<Answer, Refusal> {
        let system = self.machine.spec.system.clone();
        let result = batch_v3::run(&system, &request.params, |method, params| {
            let key = method.to_ascii_lowercase();
            if let Some(Fault::Error { status, code, message }) = self.faults.take(&key) {
                return Err(Refusal::new(status, code, message));
            }
            self.call(Api::V3, &key, &request.caller, &params).map(|answer| answer.result)
        })?;
        self.record.count_run("batch");
        Ok(Answer::of(result))
    }
}
