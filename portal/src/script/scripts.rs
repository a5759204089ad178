//! Which scripts a method has.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use super::{Run, ScriptedCall};
use crate::check::Refusal;
use crate::exchange::Answer;
use crate::lock::lock;

/// A script that was added by [`Portal::respond`](crate::Portal::respond). It answers also after this value is dropped.
#[derive(Clone)]
pub struct Script {
    shared: Arc<Shared>,
}

struct Shared {
    run: Mutex<Box<Run>>,
    calls: AtomicUsize,
    has_ended: AtomicBool,
}

impl Script {
    /// Ends the script: calls are answered as before it was added.
    pub fn end(&self) {
        self.shared.has_ended.store(true, Ordering::Relaxed);
    }

    /// How many calls it was asked to answer.
    pub fn calls(&self) -> usize {
        self.shared.calls.load(Ordering::Relaxed)
    }

    /// The result of a call.
    pub(crate) fn answer(&self, call: &ScriptedCall<'_>) -> Result<Answer, Refusal> {
        self.shared.calls.fetch_add(1, Ordering::Relaxed);
        lock(&self.shared.run)(call)
    }

    fn has_ended(&self) -> bool {
        self.shared.has_ended.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script").field("calls", &self.calls()).finish_non_exhaustive()
    }
}

/// The scripts by method in lower case, those of any method under `*`, and later ones last.
#[derive(Debug, Default)]
pub(crate) struct Scripts(HashMap<String, Vec<Script>>);

impl Scripts {
    pub(crate) fn add(&mut self, method: &str, run: Box<Run>) -> Script {
        let shared =
            Shared { run: Mutex::new(run), calls: AtomicUsize::new(0), has_ended: AtomicBool::new(false) };
        let script = Script { shared: Arc::new(shared) };
        self.0.entry(method.to_ascii_lowercase()).or_default().push(script.clone());
        script
    }

    /// Ends all scripts of a method.
    pub(crate) fn end(&mut self, method: &str) {
        for script in self.0.remove(&method.to_ascii_lowercase()).unwrap_or_default() {
            script.end();
        }
    }

    /// The scripts of a method, in lower case: the last one is asked first.
    pub(crate) fn of(&mut self, method: &str) -> Vec<Script> {
        if self.0.is_empty() {
            return Vec::new();
        }
        self.0.retain(|_, scripts| {
            scripts.retain(|script| !script.has_ended());
            !scripts.is_empty()
        });
        // The commands of a batch are calls, and the batch is none.
        let any = (method != "batch").then(|| self.0.get("*")).flatten();
        any.into_iter().chain(self.0.get(method)).flatten().cloned().collect()
    }
}
