//! Requests whose files are sent later: the first request gets an address, and the second has the file.

use std::collections::VecDeque;
use std::io;

use serde::{Deserialize, Serialize};

use crate::answer::Seed;
use crate::data::{Change, Data, Section};
use crate::exchange::Params;
use crate::spec::Api;

/// How many requests wait for a file. Beyond it, the oldest addresses are no longer valid.
const MAX_WAITING: usize = 1_000;

/// The requests that wait for their files.
#[derive(Debug)]
pub(crate) struct Uploads {
    /// Oldest first.
    waiting: VecDeque<Waiting>,
    /// How many addresses there have been.
    offered: u64,
    seed: Seed,
    /// What changed since it was saved.
    pub(crate) changes: Vec<Change>,
}

/// A request that waits for its file.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Waiting {
    number: u64,
    token: String,
    pub(crate) api: Api,
    pub(crate) method: String,
    pub(crate) params: Params,
    /// The parameter with the file.
    pub(crate) param: String,
}

impl Uploads {
    /// The requests that waited before the start.
    ///
    /// # Errors
    /// The file with them cannot be read.
    pub(crate) fn load(seed: Seed, data: &Data) -> io::Result<Self> {
        let kept = data.scan(Section::Uploads, b"")?;
        let mut waiting: Vec<Waiting> =
            kept.iter().filter_map(|(_, value)| serde_json::from_slice(value).ok()).collect();
        waiting.sort_by_key(|one| one.number);
        let last = data.get(Section::Portal, b"uploads")?;
        let offered = last.and_then(|last| String::from_utf8(last).ok()?.parse().ok()).unwrap_or_default();
        Ok(Self { waiting: waiting.into(), offered, seed, changes: Vec::new() })
    }

    /// The token of the address for the file of a request.
    pub(crate) fn offer(&mut self, api: Api, method: &str, params: &Params, param: &str) -> String {
        self.offered += 1;
        let number = self.offered;
        let token = format!("{number}-{:016x}", self.seed.part(number).below(u64::MAX));
        if self.waiting.len() >= MAX_WAITING
            && let Some(oldest) = self.waiting.pop_front()
        {
            self.forget(&oldest);
        }
        let (method, params, param) = (method.to_owned(), params.clone(), param.to_owned());
        let waiting = Waiting { number, token: token.clone(), api, method, params, param };
        let value = serde_json::to_vec(&waiting).unwrap_or_default();
        self.changes.push(Change::set(Section::Uploads, number.to_be_bytes(), value));
        self.changes.push(Change::set(Section::Portal, *b"uploads", number.to_string()));
        self.waiting.push_back(waiting);
        token
    }

    /// The request that waits for the file of an address, which is no longer valid then.
    pub(crate) fn take(&mut self, token: &str) -> Option<Waiting> {
        let at = self.waiting.iter().position(|waiting| waiting.token == token)?;
        let waiting = self.waiting.remove(at)?;
        self.forget(&waiting);
        Some(waiting)
    }

    fn forget(&mut self, waiting: &Waiting) {
        self.changes.push(Change::removed(Section::Uploads, waiting.number.to_be_bytes()));
    }
}
