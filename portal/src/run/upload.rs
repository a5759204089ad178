//! Files that are sent in a request of their own: the first request gets an address, and the second has the file.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::{Call, Machine};
use crate::check::Refusal;
use crate::exchange::{Answer, Params};
use crate::families::find;
use crate::files::Sent;
use crate::spec::{Api, Method};

/// How many addresses wait for a file. Beyond it, the oldest are no longer valid.
const MAX_WAITING: usize = 1_000;

/// A request that waits for its file.
#[derive(Debug)]
pub(super) struct Waiting {
    token: String,
    api: Api,
    method: String,
    params: Params,
    /// The parameter with the file.
    param: String,
}

impl Machine {
    /// The address for the file of a request, if the request has none.
    pub(super) fn offer_upload(&mut self, call: &Call<'_>) -> Option<Answer> {
        let param = call.operation.file.as_ref()?;
        if find(call.params, param).is_some() {
            return None;
        }
        self.offered += 1;
        let token =
            format!("{}-{:016x}", self.offered, self.seed.part("upload").part(self.offered).below(u64::MAX));
        let url = format!("{}/rest/upload/?token={token}", self.origin);
        if self.waiting.len() >= MAX_WAITING {
            self.waiting.pop_front();
        }
        let (api, method, params) = (call.method.api, call.method.name.clone(), call.params.clone());
        self.waiting.push_back(Waiting { token, api, method, params, param: param.clone() });
        Some(Answer::of(json!({"field": "file", "uploadUrl": url})))
    }

    /// Runs the request that waits for a file. `None`: there is none with this token.
    pub(crate) fn upload(
        &mut self,
        token: &str,
        sent: &Sent,
    ) -> Option<(Arc<Method>, Result<Answer, Refusal>)> {
        let at = self.waiting.iter().position(|waiting| waiting.token == token)?;
        let mut waiting = self.waiting.remove(at)?;
        let method = self.spec.method(waiting.api, &waiting.method)?;
        waiting.params.insert(waiting.param, json!([sent.name, STANDARD.encode(&sent.bytes)]));
        let answer = self.call(&method, &waiting.params);
        Some((method, answer))
    }
}
