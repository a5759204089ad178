//! Authorization by OAuth 2: the application, the store of its tokens, and their refresh.

mod access;
mod app;
mod background;
mod clock;
mod exchange;
mod file_store;
mod server;
mod session;
mod store;

pub(crate) use access::Access;
pub(crate) use session::Session;

pub use app::{App, OriginError};
pub use file_store::FileStore;
pub use store::{MemoryStore, StoreError, StoreFuture, StoreLock, TokenStore};
