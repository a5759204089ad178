//! The contract of a journal.

use std::pin::Pin;
use std::sync::Arc;

use bitrix24_core::Executed;
use bitrix24_core::wire::JsonRef;

/// The error of a journal. The caller of the requests receives its text.
pub type JournalError = Box<dyn std::error::Error + Send + Sync>;

/// The future of an operation of a journal.
pub type JournalFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, JournalError>> + Send + 'a>>;

/// Records which requests of a [`Bulk`](super::Bulk) are sent and which have run: in a file, in rows of a database.
///
/// For each call the client [starts](Self::start) its requests, sends it, and [finishes](Self::finish) them before it yields their
/// outcomes. If the journal fails before a call, the call is not sent; requests whose states cannot be read are uncertain, since an
/// earlier run may have executed them. If it fails after a call, the outcomes are yielded nevertheless, and nothing more is sent.
/// [`FileJournal`](super::FileJournal) implements it with a file.
pub trait Journal: Send + Sync + 'static {
    /// The states of the requests with these keys, in their order.
    fn states<'a>(&'a self, keys: &'a [String]) -> JournalFuture<'a, Vec<JournalState>>;

    /// Records that the requests with these keys are about to be sent. When this returns, it must survive a crash.
    fn start<'a>(&'a self, keys: &'a [String]) -> JournalFuture<'a, ()>;

    /// Records the outcomes of requests that were started.
    fn finish<'a>(&'a self, outcomes: &'a [JournalOutcome<'a>]) -> JournalFuture<'a, ()>;
}

impl<J: Journal + ?Sized> Journal for Arc<J> {
    fn states<'a>(&'a self, keys: &'a [String]) -> JournalFuture<'a, Vec<JournalState>> {
        (**self).states(keys)
    }

    fn start<'a>(&'a self, keys: &'a [String]) -> JournalFuture<'a, ()> {
        (**self).start(keys)
    }

    fn finish<'a>(&'a self, outcomes: &'a [JournalOutcome<'a>]) -> JournalFuture<'a, ()> {
        (**self).finish(outcomes)
    }
}

/// What a journal knows about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JournalState {
    /// It was never started, or did not run. It is sent.
    New,
    /// It was started, and its outcome is not known. It is not sent.
    Started,
    /// It ran, whatever its result. It is skipped.
    Finished,
}

/// The outcome of a request, for a journal.
#[derive(Clone, Copy, Debug)]
pub struct JournalOutcome<'a> {
    key: &'a str,
    executed: Executed,
    result: Option<JsonRef<'a>>,
}

impl<'a> JournalOutcome<'a> {
    /// The outcome of the request with this key.
    pub fn new(key: &'a str, executed: Executed, result: Option<JsonRef<'a>>) -> Self {
        Self { key, executed, result }
    }

    /// The key of the request.
    pub fn key(&self) -> &'a str {
        self.key
    }

    /// Whether the request ran. After `Yes` it is [`JournalState::Finished`], after `No` it is [`JournalState::New`] again, and
    /// after `Unknown` it stays [`JournalState::Started`].
    pub fn executed(&self) -> Executed {
        self.executed
    }

    /// The undecoded result of a request that succeeded, such as the identifier of a new record. A journal that keeps results
    /// loses none of them when the program is killed before it handles the outcome.
    pub fn result(&self) -> Option<JsonRef<'a>> {
        self.result
    }
}
