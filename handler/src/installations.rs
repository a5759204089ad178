//! Storage of installations.

use std::collections::HashMap;
use std::fmt;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::installation::Installation;

/// The error of a store, or of the confirmation of an installation.
pub type StoreError = Box<dyn std::error::Error + Send + Sync>;

/// The future of an operation of a store.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Stores the installations of one application, by `member_id`: in a table of a database, in files.
///
/// A [`Receiver`](crate::Receiver) loads an installation for each request of a portal, and saves or removes one when the
/// application is installed or removed. It passes member ids only of letters, digits, `-` and `_`, at most 64 of them.
///
/// The `TokenStore` of the client is another contract: it stores the OAuth tokens of one user, which each refresh replaces
/// under a lock. An application token stays the same from the installation on, and its store is only read. One table of a
/// database can implement both.
///
/// ```
/// use bitrix24_handler::{Installation, Installations, StoreFuture};
/// # struct Database;
/// # impl Database {
/// #     async fn read(&self, _: &str) -> Result<Option<String>, std::io::Error> { Ok(None) }
/// #     async fn write(&self, _: &str, _: Option<String>) -> Result<(), std::io::Error> { Ok(()) }
/// # }
///
/// struct Table(Database);
///
/// impl Installations for Table {
///     fn load<'a>(&'a self, member_id: &'a str) -> StoreFuture<'a, Option<Installation>> {
///         Box::pin(async move {
///             let Some(row) = self.0.read(member_id).await? else { return Ok(None) };
///             Ok(Some(Installation::from_json(&row.parse()?).ok_or("the row is no installation")?))
///         })
///     }
///
///     fn save<'a>(&'a self, installation: &'a Installation) -> StoreFuture<'a, ()> {
///         let row = installation.to_json().to_string();
///         Box::pin(async move { Ok(self.0.write(installation.member_id(), Some(row)).await?) })
///     }
///
///     fn remove<'a>(&'a self, member_id: &'a str) -> StoreFuture<'a, ()> {
///         Box::pin(async move { Ok(self.0.write(member_id, None).await?) })
///     }
/// }
/// ```
pub trait Installations: Send + Sync + 'static {
    /// Loads the installation of a portal; `None` if the portal is unknown.
    fn load<'a>(&'a self, member_id: &'a str) -> StoreFuture<'a, Option<Installation>>;

    /// Saves an installation in place of an earlier one of the same portal. When this returns, it must survive a crash: the
    /// portal does not send it again.
    fn save<'a>(&'a self, installation: &'a Installation) -> StoreFuture<'a, ()>;

    /// Removes the installation of a portal. One that does not exist is no error.
    fn remove<'a>(&'a self, member_id: &'a str) -> StoreFuture<'a, ()>;
}

/// Keeps installations in memory: for tests, and for outgoing webhooks whose tokens are in the configuration of the program.
///
/// ```
/// use bitrix24_handler::{Installation, MemoryInstallations};
/// let webhooks = MemoryInstallations::from_iter([Installation::new("d897063e1ce7c5eb").with_webhook_token("jvh9y1ulvt2m")]);
/// # let _ = webhooks;
/// ```
#[derive(Default)]
pub struct MemoryInstallations {
    by_member_id: Mutex<HashMap<Box<str>, Installation>>,
}

impl MemoryInstallations {
    fn lock(&self) -> MutexGuard<'_, HashMap<Box<str>, Installation>> {
        self.by_member_id.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FromIterator<Installation> for MemoryInstallations {
    fn from_iter<I: IntoIterator<Item = Installation>>(installations: I) -> Self {
        let entries = installations.into_iter().map(|it| (it.member_id().into(), it));
        Self { by_member_id: Mutex::new(entries.collect()) }
    }
}

impl Installations for MemoryInstallations {
    fn load<'a>(&'a self, member_id: &'a str) -> StoreFuture<'a, Option<Installation>> {
        let found = self.lock().get(member_id).cloned();
        Box::pin(std::future::ready(Ok(found)))
    }

    fn save<'a>(&'a self, installation: &'a Installation) -> StoreFuture<'a, ()> {
        self.lock().insert(installation.member_id().into(), installation.clone());
        Box::pin(std::future::ready(Ok(())))
    }

    fn remove<'a>(&'a self, member_id: &'a str) -> StoreFuture<'a, ()> {
        self.lock().remove(member_id);
        Box::pin(std::future::ready(Ok(())))
    }
}

/// Shows how many there are.
impl fmt::Debug for MemoryInstallations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryInstallations").field("len", &self.lock().len()).finish()
    }
}
