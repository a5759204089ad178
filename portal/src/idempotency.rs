//! Idempotency keys of REST 3: a request that is sent again gets the response of the first time.

use std::collections::{HashMap, VecDeque};

use serde_json::Value;

use crate::check::Refusal;
use crate::run::Params;

/// How many responses are kept. Portals forget keys too.
const MAX_KEYS: usize = 1_000;

/// The responses to requests with a key.
#[derive(Debug, Default)]
pub(crate) struct Replays {
    known: HashMap<String, Replay>,
    order: VecDeque<String>,
}

/// A request and the body of its response.
#[derive(Debug)]
struct Replay {
    method: String,
    params: Params,
    body: Value,
}

impl Replays {
    /// The response to a request with this key, if it was sent before.
    ///
    /// # Errors
    /// The key belongs to another request.
    pub(crate) fn find(&self, key: &str, method: &str, params: &Params) -> Result<Option<Value>, Refusal> {
        match self.known.get(key) {
            None => Ok(None),
            Some(replay) if replay.method == method && replay.params == *params => {
                Ok(Some(replay.body.clone()))
            }
            // The status is documented; the spelling of the code is not.
            Some(_) => Err(Refusal::new(422, "IDEMPOTENCY_KEY_REUSED", "The key belongs to another request")),
        }
    }

    /// Keeps the response to a successful request.
    pub(crate) fn keep(&mut self, key: &str, method: &str, params: &Params, body: &Value) {
        let replay = Replay { method: method.to_owned(), params: params.clone(), body: body.clone() };
        if self.known.insert(key.to_owned(), replay).is_none() {
            self.order.push_back(key.to_owned());
        }
        if self.order.len() > MAX_KEYS
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }
}
