//! The background thread of a blocking client.

use std::io;
use std::thread;

use bitrix24_core::{ErrorKind, Failure, RawResponse};
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use crate::call::CallFuture;

/// A runtime on its own thread, so that connections, timers and token refreshes continue between calls. The thread ends when this
/// is dropped.
pub(crate) struct Runtime {
    handle: Result<Handle, Box<str>>,
    _shutdown: oneshot::Sender<()>,
}

impl Runtime {
    /// Starts the thread. If that fails, each call returns the error.
    pub(crate) fn start() -> Self {
        let (sender, receiver) = oneshot::channel();
        let handle = spawn(receiver)
            .map_err(|error| format!("the thread of the client cannot be started: {error}").into());
        Self { handle, _shutdown: sender }
    }

    /// Waits for the response to a call.
    pub(crate) fn block_on_call(&self, call: CallFuture) -> Result<RawResponse, Failure> {
        self.block_on(call).and_then(|response| response)
    }

    /// Runs the future to completion on the calling thread.
    pub(crate) fn block_on<F: Future>(&self, future: F) -> Result<F::Output, Failure> {
        let failure = |reason: &str| Failure::new(ErrorKind::Request, reason);
        let handle = self.handle.as_ref().map_err(|reason| failure(reason))?;
        if Handle::try_current().is_ok() {
            return Err(failure(
                "a blocking client would block the asynchronous runtime of this thread; use `Client` instead",
            ));
        }
        Ok(handle.block_on(future))
    }
}

fn spawn(shutdown: oneshot::Receiver<()>) -> io::Result<Handle> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    thread::Builder::new().name("bitrix24".to_owned()).spawn(move || {
        // Nothing is ever sent: the wait ends when the sender is dropped.
        let _ = runtime.block_on(shutdown);
    })?;
    Ok(handle)
}
