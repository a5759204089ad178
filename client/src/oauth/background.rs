//! The runtime of token refreshes: one thread for the whole process, independent of the runtimes of callers.
//!
//! A refresh spends the refresh token, so it must reach the store even if the caller stops waiting, or its runtime ends. The
//! thread lives as long as the process. A thread that has used a session waits at its end for refreshes in progress, so that
//! `main` can return in the midst of one.

use std::cell::RefCell;
use std::io;
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::runtime::{Builder, Handle};

/// Runs a future on the background runtime.
///
/// # Errors
/// The reason why the machine cannot start the thread.
pub(super) fn spawn(future: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
    handle()?.spawn(future);
    Ok(())
}

/// The background runtime; starts it if it does not run yet.
fn handle() -> io::Result<Handle> {
    static HANDLE: Mutex<Option<Handle>> = Mutex::new(None);
    let mut running = HANDLE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = &*running {
        return Ok(handle.clone());
    }
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    std::thread::Builder::new()
        .name("bitrix24-tokens".to_owned())
        .spawn(move || runtime.block_on(std::future::pending::<()>()))?;
    Ok(running.insert(handle).clone())
}

/// The number of refreshes that must not be interrupted: their refresh token is spent, and the new pair is not saved yet.
#[derive(Default)]
pub(super) struct Unfinished {
    count: Mutex<usize>,
    ended: Condvar,
}

/// A refresh that must not be interrupted, until it is dropped.
pub(super) struct UnfinishedGuard(Arc<Unfinished>);

impl Unfinished {
    pub(super) fn begin(self: &Arc<Self>) -> UnfinishedGuard {
        *self.count.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        UnfinishedGuard(Arc::clone(self))
    }

    /// Blocks until there is none, or the limit has passed.
    fn wait(&self, limit: Duration) {
        let count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        // The result is the same count; nothing depends on it.
        drop(self.ended.wait_timeout_while(count, limit, |count| *count > 0));
    }

    /// Lets the current thread wait at its end, for `limit` at most.
    ///
    /// The values of a thread are dropped when it ends: those of the main thread after `main` has returned, those of a worker
    /// before its runtime has ended. The main thread does so on Linux; elsewhere the system may end the process before.
    pub(super) fn wait_at_thread_end(self: &Arc<Self>, limit: Duration) {
        // A thread that is ending already has waited.
        let _ = AT_THREAD_END.try_with(|waits| waits.borrow_mut().add(self, limit));
    }
}

impl Drop for UnfinishedGuard {
    fn drop(&mut self) {
        *self.0.count.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.ended.notify_all();
    }
}

thread_local! {
    static AT_THREAD_END: RefCell<WaitsAtEnd> = const { RefCell::new(WaitsAtEnd(Vec::new())) };
}

/// What a thread waits for at its end.
struct WaitsAtEnd(Vec<(Weak<Unfinished>, Duration)>);

impl WaitsAtEnd {
    fn add(&mut self, unfinished: &Arc<Unfinished>, limit: Duration) {
        let new = Arc::downgrade(unfinished);
        if !self.0.iter().any(|(known, _)| known.ptr_eq(&new)) {
            self.0.retain(|(known, _)| known.strong_count() > 0);
            self.0.push((new, limit));
        }
    }
}

impl Drop for WaitsAtEnd {
    fn drop(&mut self) {
        for (unfinished, limit) in self.0.drain(..) {
            if let Some(unfinished) = unfinished.upgrade() {
                unfinished.wait(limit);
            }
        }
    }
}
