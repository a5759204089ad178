//! Storage of tokens.

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

    /// Saves these tokens in place of all earlier ones. When this returns, they must survive a crash.
    fn save<'a>(&'a self, tokens: &'a Tokens) -> StoreFuture<'a, ()>;
}

impl<S: TokenStore + ?Sized> TokenStore for Arc<S> {
    fn load(&self) -> StoreFuture<'_, Option<Tokens>> {
        (**self).load()
    }

    fn save<'a>(&'a self, tokens: &'a Tokens) -> StoreFuture<'a, ()> {
        (**self).save(tokens)
    }
}

/// Stores tokens in memory, as long as the program runs. Clones share them.
///
/// It is for tests, and for tokens without a refresh token, such as those of events. A refreshed pair is lost when the program
/// ends, and with it the ability to refresh.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    tokens: Arc<Mutex<Option<Tokens>>>,
}

impl MemoryStore {
    /// Creates a store with these tokens.
    pub fn new(tokens: Tokens) -> Self {
        Self { tokens: Arc::new(Mutex::new(Some(tokens))) }
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

    fn save<'a>(&'a self, tokens: &'a Tokens) -> StoreFuture<'a, ()> {
        Box::pin(async {
            *self.tokens.lock().unwrap_or_else(PoisonError::into_inner) = Some(tokens.clone());
            Ok(())
        })
    }
}
