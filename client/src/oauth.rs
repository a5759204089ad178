//! Authorisation by OAuth 2: the application, where its tokens are kept, and their renewal.

mod access;
mod app;
mod file_store;
mod server;
mod session;
mod store;

pub(crate) use access::Access;
pub(crate) use session::Session;

pub use app::{App, OriginError};
pub use file_store::FileStore;
pub use store::{MemoryStore, StoreError, StoreFuture, TokenStore};
