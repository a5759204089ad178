//! The thread in the background that carries the connections of a blocking client.

use std::io;
use std::thread;

use bitrix24_core::{Answer, Failure, Kind};
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use crate::call::Underway;

/// A runtime on a thread of its own, so that connections, timers and renewals go on between calls. The thread ends when this
/// is dropped.
pub(crate) struct Runtime {
    handle: Result<Handle, Box<str>>,
    _end: oneshot::Sender<()>,
}

impl Runtime {
    /// Starts the thread. Where the machine has none to give, each call says so.
    pub(crate) fn start() -> Self {
        let (end, ended) = oneshot::channel();
        let handle =
            spawn(ended).map_err(|error| format!("there is no thread for the client: {error}").into());
        Self { handle, _end: end }
    }

    /// The answer to a call, whatever its method.
    pub(crate) fn carry(&self, underway: Underway) -> Result<Answer, Failure> {
        self.wait(underway).and_then(|answer| answer)
    }

    /// What the future gives, polled on this very thread.
    pub(crate) fn wait<F: Future>(&self, future: F) -> Result<F::Output, Failure> {
        let refused = |reason: &str| Failure::new(Kind::Request, reason);
        let handle = self.handle.as_ref().map_err(|reason| refused(reason))?;
        if Handle::try_current().is_ok() {
            return Err(refused(
                "a blocking client would stop the asynchronous runtime of this thread; use `Client` there",
            ));
        }
        Ok(handle.block_on(future))
    }
}

fn spawn(ended: oneshot::Receiver<()>) -> io::Result<Handle> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    thread::Builder::new().name("bitrix24".to_owned()).spawn(move || {
        // Nothing is ever sent: the wait ends when the sender is dropped.
        let _ = runtime.block_on(ended);
    })?;
    Ok(handle)
}
