//! Idempotency keys of REST 3: a request that is sent again gets the response of the first time.

use std::collections::{HashMap, VecDeque};
use std::io;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::check::Refusal;
use crate::data::{Change, Data, Section};
use crate::exchange::Params;

/// How many responses are kept. Portals forget keys too.
const MAX_KEYS: usize = 1_000;

/// The responses to requests with a key.
#[derive(Debug, Default)]
pub(crate) struct Replays {
    known: HashMap<String, Replay>,
    order: VecDeque<String>,
    /// What changed since it was saved.
    pub(crate) changes: Vec<Change>,
    /// How many responses were kept.
    kept: u64,
}

/// A request and the body of its response.
#[derive(Debug, Serialize, Deserialize)]
struct Replay {
    /// The position among all.
    number: u64,
    method: String,
    params: Params,
    body: Value,
}

impl Replays {
    /// The responses that were kept before the start.
    ///
    /// # Errors
    /// The file with them cannot be read.
    pub(crate) fn load(data: &Data) -> io::Result<Self> {
        let mut replays = Self::default();
        let mut order = Vec::new();
        for (key, value) in data.scan(Section::Replays, b"")? {
            let (Ok(key), Ok(replay)) = (String::from_utf8(key), serde_json::from_slice::<Replay>(&value))
            else {
                continue;
            };
            order.push((replay.number, key.clone()));
            replays.known.insert(key, replay);
        }
        order.sort();
        replays.kept = order.last().map_or(0, |(number, _)| *number);
        replays.order = order.into_iter().map(|(_, key)| key).collect();
        Ok(replays)
    }

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
        self.kept += 1;
        let (method, params, body) = (method.to_owned(), params.clone(), body.clone());
        let replay = Replay { number: self.kept, method, params, body };
        let value = serde_json::to_vec(&replay).unwrap_or_default();
        self.changes.push(Change::set(Section::Replays, key, value));
        if self.known.insert(key.to_owned(), replay).is_none() {
            self.order.push_back(key.to_owned());
        }
        if self.order.len() > MAX_KEYS
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
            self.changes.push(Change::removed(Section::Replays, oldest));
        }
    }
}
