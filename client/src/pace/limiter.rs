//! What a client asks before it sends, whoever answers it.

use std::pin::Pin;

use bitrix24_core::pace::Outcome;

/// What a client waits for before it sends a request: it is ready when the request may go.
pub type Admission<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Decides when requests go, so that a portal need not refuse them.
///
/// A portal counts the requests of all programs behind one address together. Programs that share an address can therefore
/// share an account of their own, through a limiter that they implement.
///
/// ```
/// use std::sync::atomic::{AtomicUsize, Ordering};
///
/// use bitrix24_client::{Admission, Ask, Limiter, News};
///
/// /// Holds nobody up, and counts refusals.
/// #[derive(Default)]
/// struct Watch(AtomicUsize);
///
/// impl Limiter for Watch {
///     fn admit<'a>(&'a self, _: Ask<'a>) -> Admission<'a> {
///         Box::pin(std::future::ready(()))
///     }
///
///     fn told(&self, news: News<'_>) {
///         if news.call().refusal().is_some() {
///             self.0.fetch_add(1, Ordering::Relaxed);
///         }
///     }
/// }
/// ```
pub trait Limiter: Send + Sync + 'static {
    /// Waits until a request may go, which it then does at once. Each attempt asks for itself.
    ///
    /// A caller who drops the future before it is ready sends nothing: the place that was kept for it must go to others.
    fn admit<'a>(&'a self, ask: Ask<'a>) -> Admission<'a>;

    /// Hears what an answer tells about pace. It must not block.
    fn told(&self, news: News<'_>);
}

/// Lets every request go at once, for programs that keep the pace by other means.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "there is nothing in it, and it is written as a value")]
pub struct Unlimited;

impl Limiter for Unlimited {
    fn admit<'a>(&'a self, _: Ask<'a>) -> Admission<'a> {
        Box::pin(std::future::ready(()))
    }

    fn told(&self, _: News<'_>) {}
}

/// A request that is about to be sent. Nothing in it is secret.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    portal: &'a str,
    key: &'a str,
    method: &'a str,
    commands: &'a [&'a str],
}

impl<'a> Ask<'a> {
    /// A call of a method on a portal, which is named by its origin: `https://example.bitrix24.com`.
    ///
    /// `key` names the key that the call is made with, so that the time of a method can be counted for each: `user 1` or the
    /// identifier of an application, but never the key itself.
    pub fn new(portal: &'a str, key: &'a str, method: &'a str) -> Self {
        Self { portal, key, method, commands: &[] }
    }

    /// With the names of the methods that a batch calls.
    pub fn with_commands(mut self, commands: &'a [&'a str]) -> Self {
        self.commands = commands;
        self
    }

    /// The portal's origin: scheme, host, and the port where it is not the usual one. Requests are counted for each portal.
    pub fn portal(&self) -> &'a str {
        self.portal
    }

    /// A name of the key that the call is made with, which is not the key itself.
    pub fn key(&self) -> &'a str {
        self.key
    }

    /// The name of the method; `batch` for several calls in one request, which count as one.
    pub fn method(&self) -> &'a str {
        self.method
    }

    /// The names of the methods that a batch calls, perhaps several times the same; empty for any other call.
    pub fn commands(&self) -> &'a [&'a str] {
        self.commands
    }
}

/// What an answer tells about pace. Nothing in it is secret.
#[derive(Clone, Copy, Debug)]
pub struct News<'a> {
    portal: &'a str,
    key: &'a str,
    call: Outcome<'a>,
    commands: &'a [Outcome<'a>],
}

impl<'a> News<'a> {
    /// What came of a call; portal and key are named as in the [`Ask`] for it.
    pub fn new(portal: &'a str, key: &'a str, call: Outcome<'a>) -> Self {
        Self { portal, key, call, commands: &[] }
    }

    /// With what came of each command of a batch.
    pub fn with_commands(mut self, commands: &'a [Outcome<'a>]) -> Self {
        self.commands = commands;
        self
    }

    /// The portal's origin, as in [`Ask::portal`].
    pub fn portal(&self) -> &'a str {
        self.portal
    }

    /// A name of the key, as in [`Ask::key`].
    pub fn key(&self) -> &'a str {
        self.key
    }

    /// What came of the call.
    pub fn call(&self) -> Outcome<'a> {
        self.call
    }

    /// What came of each command of a batch; empty for any other call.
    pub fn commands(&self) -> &'a [Outcome<'a>] {
        self.commands
    }
}
