//! Locks of state that a test and the tasks of a server share.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks a mutex. If a test panicked while it held the lock, the test reports it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
