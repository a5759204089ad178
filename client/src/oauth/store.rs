//! Storage of tokens.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use bitrix24_core::oauth::Tokens;

/// The error of a store. The caller of a method receives its text, with every token redacted.
pub type StoreError = Box<dyn std::error::Error + Send + Sync>;

/// The future of an operation of a store.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Stores the tokens of one user of one portal: in a database row, a file, a vault.
///
/// A refresh token is valid for one refresh, which returns its successor. If the successor is lost, a user must authorize the
/// application again. The client therefore saves each new pair before it makes a call with it, and a call fails if the store
/// fails. The pair then stays in memory, and the next call tries to save it again.
///
/// The client loads the tokens at its first use and before each refresh: if several processes share a store, another one may
/// have refreshed the pair already, and after a refused refresh a user may have authorized the application again. An
/// application that is installed again saves the new tokens here, and existing clients use them.
///
/// A refresh takes these steps: [`lock`](Self::lock), [`load`](Self::load), [`was_interrupted`](Self::was_interrupted),
/// [`prepare`](Self::prepare), the request to the authorization server, [`replace`](Self::replace), and the release of the lock. They run on a thread of this crate and not on
/// the runtime of the caller, so that no deadline and no end of a runtime interrupts them.
///
/// **A store that several processes share must implement `lock`.** Without it each of them may refresh the same pair, and all
/// but one present a used refresh token. [`FileStore`](crate::FileStore) and [`MemoryStore`] have a lock.
///
/// ```
/// use bitrix24_client::{StoreFuture, TokenStore};
/// use bitrix24_core::oauth::Tokens;
/// # #[derive(Clone)] struct Database;
/// # impl Database {
/// #     async fn read(&self, _: u64) -> Result<Option<String>, std::io::Error> { Ok(None) }
/// #     async fn write(&self, _: u64, _: String) -> Result<(), std::io::Error> { Ok(()) }
/// # }
///
/// struct Installation { number: u64, database: Database }
///
/// impl TokenStore for Installation {
///     fn load(&self) -> StoreFuture<'_, Option<Tokens>> {
///         Box::pin(async move {
///             let Some(text) = self.database.read(self.number).await? else { return Ok(None) };
///             Ok(Some(Tokens::from_json(&text.parse()?)?))
///         })
///     }
///
///     fn save<'a>(&'a self, tokens: &'a Tokens) -> StoreFuture<'a, ()> {
///         Box::pin(async move { Ok(self.database.write(self.number, tokens.to_json().to_string()).await?) })
///     }
/// }
/// ```
pub trait TokenStore: Send + Sync + 'static {
    /// Loads the tokens that were saved last; `None` if there are none yet.
    fn load(&self) -> StoreFuture<'_, Option<Tokens>>;

    /// Saves these tokens in place of all earlier ones: those of a new installation. When this returns, they must survive a
    /// crash. If the store has a lock, this waits for it.
    fn save<'a>(&'a self, tokens: &'a Tokens) -> StoreFuture<'a, ()>;

    /// Waits until no other client in any process refreshes the tokens of this store, and locks them. `None` if the store has no
    /// lock.
    ///
    /// The lock must end with the process that holds it, or after a time that is longer than a refresh takes
    /// ([`App::with_timeout`](crate::App::with_timeout), 30 s by default). Default: `None`.
    fn lock(&self) -> StoreFuture<'_, Option<StoreLock>> {
        Box::pin(async { Ok(None) })
    }

    /// Checks, under the lock, that a successor of `current` can be saved, before the refresh token of `current` is used.
    ///
    /// After an error nothing is refreshed and nothing is lost. Default: [`replaces`](Self::replace) `current` by itself.
    fn prepare<'a>(&'a self, current: &'a Tokens) -> StoreFuture<'a, ()> {
        Box::pin(async move { self.replace(Some(current), current).await.map(drop) })
    }

    /// Whether a process ended after it had [prepared](Self::prepare) the refresh of the current tokens and before it saved their
    /// successor. Called under the lock. The refresh token is then tried once more; if the authorization server refuses it, the
    /// error says what has happened. Default: `false`, for stores that do not know.
    fn was_interrupted(&self) -> StoreFuture<'_, bool> {
        Box::pin(async { Ok(false) })
    }

    /// Saves `new`, under the lock, if the store still has `expected`: what [`load`](Self::load) returned under this lock.
    /// Otherwise returns `false` and changes nothing: the store has the tokens of a new installation. When this returns `true`,
    /// `new` must survive a crash.
    ///
    /// Default: loads, compares and [saves](Self::save). A store whose `save` waits for the lock must implement it.
    fn replace<'a>(&'a self, expected: Option<&'a Tokens>, new: &'a Tokens) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            if self.load().await?.as_ref() != expected {
                return Ok(false);
            }
            self.save(new).await?;
            Ok(true)
        })
    }
}

/// The exclusive right to refresh the tokens of a store; see [`TokenStore::lock`].
#[must_use = "the lock ends when it is dropped"]
pub struct StoreLock {
    guard: Box<dyn Send>,
    release: Option<StoreFuture<'static, ()>>,
}

impl StoreLock {
    /// A lock that ends when `guard` is dropped: the guard of a mutex, a locked file, a transaction.
    pub fn new(guard: impl Send + 'static) -> Self {
        Self { guard: Box::new(guard), release: None }
    }

    /// Sets what to await before the guard is dropped, for a lock that ends with a request. It is not awaited if a store panics.
    pub fn with_release(
        mut self,
        release: impl Future<Output = Result<(), StoreError>> + Send + 'static,
    ) -> Self {
        self.release = Some(Box::pin(release));
        self
    }

    /// Ends the lock.
    ///
    /// # Errors
    /// The error of the store. The lock then ends by itself, later.
    pub async fn release(self) -> Result<(), StoreError> {
        let result = match self.release {
            Some(release) => release.await,
            None => Ok(()),
        };
        drop(self.guard);
        result
    }
}

impl fmt::Debug for StoreLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreLock").finish_non_exhaustive()
    }
}

impl<S: TokenStore + ?Sized> TokenStore for Arc<S> {
    fn load(&self) -> StoreFuture<'_, Option<Tokens>> {
        (**self).load()
    }

    fn save<'a>(&'a self, tokens: &'a Tokens) -> StoreFuture<'a, ()> {
        (**self).save(tokens)
    }

    fn lock(&self) -> StoreFuture<'_, Option<StoreLock>> {
        (**self).lock()
    }

    fn prepare<'a>(&'a self, current: &'a Tokens) -> StoreFuture<'a, ()> {
        (**self).prepare(current)
    }

    fn was_interrupted(&self) -> StoreFuture<'_, bool> {
        (**self).was_interrupted()
    }

    fn replace<'a>(&'a self, expected: Option<&'a Tokens>, new: &'a Tokens) -> StoreFuture<'a, bool> {
        (**self).replace(expected, new)
    }
}

/// Stores tokens in memory, as long as the program runs. Clones share them.
///
/// It is for tests, and for tokens without a refresh token, such as those of events. A refreshed pair is lost when the program
/// ends, and with it the ability to refresh.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    tokens: Arc<Mutex<Option<Tokens>>>,
    /// Held during a refresh.
    lock: Arc<tokio::sync::Mutex<()>>,
}

impl MemoryStore {
    /// Creates a store with these tokens.
    pub fn new(tokens: Tokens) -> Self {
        Self { tokens: Arc::new(Mutex::new(Some(tokens))), lock: Arc::default() }
    }

    /// The tokens that were saved last.
    pub fn tokens(&self) -> Option<Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl TokenStore for MemoryStore {
    fn load(&self) -> StoreFuture<'_, Option<Tokens>> {
        Box::pin(async { Ok(self.tokens()) })
    }

    /// Does not wait for the lock: a refresh in progress finds these tokens and drops its own.
    fn save<'a>(&'a self, tokens: &'a Tokens) -> StoreFuture<'a, ()> {
        Box::pin(async {
            *self.tokens.lock().unwrap_or_else(PoisonError::into_inner) = Some(tokens.clone());
            Ok(())
        })
    }

    fn lock(&self) -> StoreFuture<'_, Option<StoreLock>> {
        Box::pin(async { Ok(Some(StoreLock::new(Arc::clone(&self.lock).lock_owned().await))) })
    }

    fn replace<'a>(&'a self, expected: Option<&'a Tokens>, new: &'a Tokens) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let mut stored = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
            let unchanged = stored.as_ref() == expected;
            if unchanged {
                *stored = Some(new.clone());
            }
            Ok(unchanged)
        })
    }
}
