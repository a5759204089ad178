//! Methods whose file is sent in a request of its own.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::{Call, Machine};
use crate::check::Refusal;
use crate::exchange::Answer;
use crate::families::find;
use crate::files::Sent;
use crate::spec::Method;

impl Machine {
    /// The address for the file of a request, if the request has none.
    pub(super) fn offer_upload(&mut self, call: &Call<'_>) -> Option<Answer> {
        let param = call.operation.file.as_ref()?;
        if find(call.params, param).is_some() {
            return None;
        }
        let token = self.uploads.offer(call.method.api, &call.method.name, call.params, param);
        let url = format!("{}/rest/upload/?token={token}", self.origin);
        Some(Answer::of(json!({"field": "file", "uploadUrl": url})))
    }

    /// Runs the request that waits for a file. `None`: there is none with this token.
    pub(crate) fn upload(
        &mut self,
        token: &str,
        sent: &Sent,
    ) -> Option<(Arc<Method>, Result<Answer, Refusal>)> {
        let mut waiting = self.uploads.take(token)?;
        let method = self.spec.method(waiting.api, &waiting.method)?;
        waiting.params.insert(waiting.param, json!([sent.name, STANDARD.encode(&sent.bytes)]));
        let answer = self.call(&method, &waiting.params);
        Some((method, answer))
    }
}
