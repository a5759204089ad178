//! Where tokens are kept.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use bitrix24_core::oauth::Tokens;

/// Why a store could not do what it was asked for. What it says is told to the caller of a method, with every token masked.
pub type StoreError = Box<dyn std::error::Error + Send + Sync>;

/// What a store does, under way.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Where the tokens of one user of one portal are kept: a row of a database, a file, a vault.
///
/// A refresh token is good for one renewal, and the renewal brings its successor. Whoever loses that has to ask the user to
/// authorize the application anew. Therefore the client hands each new pair to the store before it makes a call with it, and
/// a call fails when the store does. The pair is kept in memory then, and the next call offers it to the store once more.
///
/// The client reads the store when it is first used, and before each renewal: where several processes share a store, one of
/// them may have renewed the pair already, and where a renewal was refused, a user may have authorized the application anew.
/// So an application that is installed again saves the new tokens here, and clients in use go on with them.
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
    /// The tokens that were kept last; `None` where there were none yet.
    fn load(&self) -> StoreFuture<'_, Option<Tokens>>;

    /// Keeps these tokens in place of all before. When this returns, they must outlive a crash.
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

/// Tokens kept in memory, for as long as the program runs. Clones share them.
///
/// For tests, and for tokens that come without one for renewal, as those of events do. A renewed pair is lost when the program
/// ends, and with it the right to renew.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    tokens: Arc<Mutex<Option<Tokens>>>,
}

impl MemoryStore {
    /// A store that has these tokens.
    pub fn new(tokens: Tokens) -> Self {
        Self { tokens: Arc::new(Mutex::new(Some(tokens))) }
    }

    /// The tokens that were kept last.
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
