//! Storage of installations.

use std::collections::HashMap;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::installation::Installation;

/// The error of a store, or of the confirmation of an installation.
pub type StoreError = Box<dyn std::error::Error + Send + Sync>;

/// The future of an operation of a store.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Stores the installations of one application, by `member_id`: in a table of a database, in files.
///
/// A [`Receiver`](crate::Receiver) loads an installation for each request of a portal, and replaces or removes one when the
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
/// #     async fn run(&self, _: &str, _: [Option<String>; 3]) -> Result<u64, std::io::Error> { Ok(1) }
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
///     fn replace<'a>(
///         &'a self,
///         member_id: &'a str,
///         expected: Option<&'a Installation>,
///         new: Option<&'a Installation>,
///     ) -> StoreFuture<'a, bool> {
///         // The same installation is the same text.
///         let [expected, new] = [expected, new].map(|it| it.map(|it| it.to_json().to_string()));
///         let sql = match (&expected, &new) {
///             (None, _) => "INSERT INTO portals VALUES ($1, $3) ON CONFLICT DO NOTHING",
///             (_, None) => "DELETE FROM portals WHERE member_id = $1 AND installation = $2",
///             _ => "UPDATE portals SET installation = $3 WHERE member_id = $1 AND installation = $2",
///         };
///         Box::pin(async move { Ok(self.0.run(sql, [Some(member_id.to_owned()), expected, new]).await? == 1) })
///     }
/// }
/// ```
pub trait Installations: Send + Sync + 'static {
    /// Loads the installation of a portal; `None` if the portal is unknown.
    fn load<'a>(&'a self, member_id: &'a str) -> StoreFuture<'a, Option<Installation>>;

    /// Replaces the installation of a portal in one step if it is still `expected` (`None`: there is none), and removes it if `new` is `None`.
    /// Returns whether it was replaced. When this returns, the change must survive a crash: the portal does not send the request again.
    ///
    /// The comparison keeps processes apart that handle requests of one portal at the same time: a removal that was delayed must not remove
    /// the token of a new installation. It is not called with two `None`.
    fn replace<'a>(
        &'a self,
        member_id: &'a str,
        expected: Option<&'a Installation>,
        new: Option<&'a Installation>,
    ) -> StoreFuture<'a, bool>;
}

impl<I: Installations + ?Sized> Installations for Arc<I> {
    fn load<'a>(&'a self, member_id: &'a str) -> StoreFuture<'a, Option<Installation>> {
        (**self).load(member_id)
    }

    fn replace<'a>(
        &'a self,
        member_id: &'a str,
        expected: Option<&'a Installation>,
        new: Option<&'a Installation>,
    ) -> StoreFuture<'a, bool> {
        (**self).replace(member_id, expected, new)
    }
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

    fn replace<'a>(
        &'a self,
        member_id: &'a str,
        expected: Option<&'a Installation>,
        new: Option<&'a Installation>,
    ) -> StoreFuture<'a, bool> {
        let mut installations = self.lock();
        let is_expected = installations.get(member_id) == expected;
        match new {
            _ if !is_expected => {}
            Some(new) => drop(installations.insert(member_id.into(), new.clone())),
            None => drop(installations.remove(member_id)),
        }
        Box::pin(std::future::ready(Ok(is_expected)))
    }
}

/// Shows how many there are.
impl fmt::Debug for MemoryInstallations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryInstallations").field("len", &self.lock().len()).finish()
    }
}
