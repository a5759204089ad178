//! The decision about a request.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bitrix24_core::oauth::{EventRequest, IncomingRequest, PortalRequest, verify_application_token};
use tokio::sync::Semaphore;

use crate::incoming::{Candidate, Incoming, Install, Uninstall};
use crate::installation::{Installation, is_member_id};
use crate::installations::{Installations, StoreFuture};
use crate::refusal::Refusal;
use crate::replays::{Claim, Replays};
use crate::settings::Settings;

/// What confirms an installation.
pub(crate) type Confirm = Box<dyn Fn(Candidate) -> StoreFuture<'static, bool> + Send + Sync>;

/// Accepts or refuses the requests of portals to one application. Clones share their state.
///
/// A request is accepted if its application token is that of its portal in the store, by `member_id`; if it was sent recently;
/// and if it was not accepted before (see [`repeat_tolerance`](crate::ReceiverBuilder::repeat_tolerance)). An installation, which brings that token, is accepted if
/// [`confirm`](crate::ReceiverBuilder::confirm) says so. What is read of a request is limited before anything else.
///
/// ```
/// use bitrix24_core::oauth::IncomingRequest;
/// use bitrix24_handler::{Incoming, Installation, MemoryInstallations, Receiver, Refusal};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Refusal> {
/// let portal = Installation::new("m1").with_application_token("t0ken", 1_700_000_000);
/// let receiver = Receiver::builder(MemoryInstallations::from_iter([portal])).build();
///
/// let body = b"event=ONCRMDEALADD&data[FIELDS][ID]=7&ts=1800000000&auth[member_id]=m1&auth[application_token]=t0ken";
/// let now = 1_800_000_002;
/// let incoming = receiver.receive(IncomingRequest::new(body), now).await?;
/// assert!(matches!(incoming, Incoming::Event(event) if event.is("onCrmDealAdd")));
///
/// let again = receiver.receive(IncomingRequest::new(body), now + 120).await;
/// assert_eq!(again.unwrap_err().status(), 409);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Receiver {
    inner: Arc<Inner>,
}

struct Inner {
    settings: Settings,
    installations: Box<dyn Installations>,
    confirm: Option<Confirm>,
    confirmations: Semaphore,
    replays: Mutex<Replays>,
    hasher: RandomState,
}

/// A request that is genuine, or an installation that is still to be confirmed, before it is remembered.
pub(crate) struct Verified {
    incoming: Incoming,
    /// The installation that is to be confirmed.
    candidate: Option<Candidate>,
    /// When it was sent, and its hash, if it has to be remembered.
    identity: Option<(u64, u64)>,
    change: Change,
}

enum Change {
    Nothing,
    Save(Installation),
    Remove,
}

impl Receiver {
    pub(crate) fn new(
        settings: Settings,
        installations: Box<dyn Installations>,
        confirm: Option<Confirm>,
    ) -> Self {
        let confirmations = Semaphore::new(settings.confirmations);
        let replays = Mutex::new(Replays::new(settings.remembered, settings.max_age));
        let hasher = RandomState::new();
        let inner = Inner { settings, installations, confirm, confirmations, replays, hasher };
        Self { inner: Arc::new(inner) }
    }

    /// Decides about a request that arrived at `now`, in seconds since 1970-01-01 UTC.
    ///
    /// An installation waits for its confirmation; everything else waits for the store only. What changes the store runs in a
    /// task of the Tokio runtime, to its end also if the future is dropped: the sender may end the connection after the
    /// confirmation has spent the token of an installation.
    ///
    /// # Errors
    /// A [`Refusal`], with the status of the response.
    pub async fn receive(&self, request: IncomingRequest<'_>, now: u64) -> Result<Incoming, Refusal> {
        self.receive_if(request, now, |_| true).await
    }

    /// Decides about a request, and accepts it if the program takes its kind. What it does not take changes nothing.
    pub(crate) async fn receive_if(
        &self,
        request: IncomingRequest<'_>,
        now: u64,
        takes: impl FnOnce(&Incoming) -> bool,
    ) -> Result<Incoming, Refusal> {
        let verified = self.verify(request, now).await?;
        if !takes(verified.incoming()) {
            return Err(Refusal::Unexpected);
        }
        self.accept_and(verified, now, |incoming| incoming).await
    }

    /// Accepts a verified request, and does `then` with it.
    pub(crate) async fn accept_and<T: Send + 'static>(
        &self,
        verified: Verified,
        now: u64,
        then: impl FnOnce(Incoming) -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        if matches!(verified.change, Change::Nothing) {
            return self.accept(verified, now).await.map(then);
        }
        let receiver = self.clone();
        let accepting = tokio::spawn(async move {
            receiver.confirm(&verified).await?;
            receiver.accept(verified, now).await.map(then)
        });
        match accepting.await {
            Ok(accepted) => accepted,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => Err(Refusal::Closed),
        }
    }

    #[cfg(any(feature = "axum", feature = "actix-web"))]
    pub(crate) fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// Verifies a request, and changes nothing.
    pub(crate) async fn verify(&self, request: IncomingRequest<'_>, now: u64) -> Result<Verified, Refusal> {
        let settings = &self.inner.settings;
        if request.body().len() > settings.body_limit || request.query().len() > settings.body_limit {
            return Err(Refusal::TooLarge);
        }
        let parsed = PortalRequest::parse(&request.with_limits(settings.limits), now);
        let event = match parsed.map_err(Refusal::Malformed)? {
            PortalRequest::Event(event) => event,
            PortalRequest::Page(page) => return Ok(Verified::unchanged(Incoming::Page(page), None)),
            _ => return Err(Refusal::Unexpected),
        };
        let member_id = event.member_id().filter(|id| is_member_id(id));
        let member_id = member_id.ok_or(Refusal::Incomplete("auth[member_id]"))?;
        let token = event.application_token().ok_or(Refusal::Incomplete("auth[application_token]"))?;
        let time = self.time(&event, now)?;
        let identity = time.map(|time| (time, self.inner.hasher.hash_one((request.query(), request.body()))));
        let known = self.inner.installations.load(member_id).await.map_err(Refusal::Store)?;
        match known {
            Some(known) if proves(&known, &event, token) => Verified::known(event, known, identity),
            known if brings_token(&event) => Ok(Verified::unconfirmed(event, known, identity)),
            Some(_) => Err(Refusal::ForgedToken),
            None => Err(Refusal::UnknownPortal),
        }
    }

    /// When the request was sent. Requests of the settings form have no time.
    fn time(&self, event: &EventRequest, now: u64) -> Result<Option<u64>, Refusal> {
        let settings = &self.inner.settings;
        match event.timestamp() {
            Some(time) if time.saturating_add(settings.max_age) < now => Err(Refusal::TooOld),
            Some(time) if time > now.saturating_add(settings.clock_skew) => Err(Refusal::FromTheFuture),
            None if settings.needs_timestamp && !is_settings(event) => Err(Refusal::Incomplete("ts")),
            time => Ok(time),
        }
    }

    /// Confirms an installation with a token that is not known.
    async fn confirm(&self, verified: &Verified) -> Result<(), Refusal> {
        let Some(candidate) = &verified.candidate else { return Ok(()) };
        let confirm = self.inner.confirm.as_ref().ok_or(Refusal::NoConfirmation)?;
        let _place = self.inner.confirmations.try_acquire().map_err(|_| Refusal::Overloaded)?;
        match confirm(candidate.clone()).await.map_err(Refusal::ConfirmationFailed)? {
            true => Ok(()),
            false => Err(Refusal::NotConfirmed),
        }
    }

    /// Remembers a confirmed request, and changes the store.
    async fn accept(&self, verified: Verified, now: u64) -> Result<Incoming, Refusal> {
        let member_id = verified.member_id();
        if let (Some(member_id), Some((time, hash))) = (member_id, verified.identity) {
            match self.replays().claim(member_id, time, hash, now) {
                Claim::New => {}
                Claim::Repeated if self.may_be_another(&verified.incoming, time, now) => {}
                Claim::Repeated => return Err(Refusal::Repeated),
                Claim::Forgotten => return Err(Refusal::TooOld),
            }
        }
        let installations = &self.inner.installations;
        let changed = match (&verified.change, member_id) {
            (Change::Save(installation), _) => installations.save(installation).await,
            (Change::Remove, Some(member_id)) => installations.remove(member_id).await,
            _ => Ok(()),
        };
        if let Err(error) = changed {
            if let (Some(member_id), Some((time, hash))) = (member_id, verified.identity) {
                self.replays().release(member_id, time, hash);
            }
            return Err(Refusal::Store(error));
        }
        Ok(verified.incoming)
    }

    /// Whether a request with the bytes of an accepted one may be another event, of the same second.
    fn may_be_another(&self, incoming: &Incoming, time: u64, now: u64) -> bool {
        let tolerance = self.inner.settings.repeat_tolerance;
        tolerance > 0 && matches!(incoming, Incoming::Event(_)) && now <= time.saturating_add(tolerance)
    }

    fn replays(&self) -> MutexGuard<'_, Replays> {
        self.inner.replays.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Verified {
    fn unchanged(incoming: Incoming, identity: Option<(u64, u64)>) -> Self {
        Self { incoming, candidate: None, identity, change: Change::Nothing }
    }

    /// A request with the token of its portal.
    fn known(
        event: EventRequest,
        known: Installation,
        identity: Option<(u64, u64)>,
    ) -> Result<Self, Refusal> {
        if event.is_install() {
            return Ok(Self::installed(event, Some(known), identity));
        }
        if !event.is_uninstall() {
            let incoming = match () {
                () if is_settings(&event) => Incoming::Settings(event),
                () if event.event().is_some() => Incoming::Event(event),
                () => Incoming::Handler(event),
            };
            return Ok(Self::unchanged(incoming, identity));
        }
        // It is that of an earlier installation, and was delayed.
        if event.timestamp().is_some_and(|time| time < known.installed_at()) {
            return Err(Refusal::TooOld);
        }
        let change = known.without_application().map_or(Change::Remove, Change::Save);
        let incoming = Incoming::Uninstall(Uninstall { request: event });
        Ok(Self { incoming, candidate: None, identity, change })
    }

    /// An installation with a token that is not known.
    fn unconfirmed(request: EventRequest, known: Option<Installation>, identity: Option<(u64, u64)>) -> Self {
        let candidate = Candidate { request: request.clone(), replaces: known.clone() };
        let mut verified = Self::installed(request, known, identity);
        if let Incoming::Install(install) = &mut verified.incoming {
            install.confirmed = true;
        }
        Self { candidate: Some(candidate), ..verified }
    }

    fn installed(request: EventRequest, known: Option<Installation>, identity: Option<(u64, u64)>) -> Self {
        let replaces = known.as_ref().is_some_and(|known| known.application_token().is_some());
        let installation = Installation::of(&request, request.member_id().unwrap_or_default(), known);
        let change = installation.map_or(Change::Nothing, Change::Save);
        let incoming = Incoming::Install(Install { request, replaces, confirmed: false });
        Self { incoming, candidate: None, identity, change }
    }

    /// What was verified.
    pub(crate) fn incoming(&self) -> &Incoming {
        &self.incoming
    }

    fn member_id(&self) -> Option<&str> {
        match &self.incoming {
            Incoming::Event(request) | Incoming::Handler(request) | Incoming::Settings(request) => {
                request.member_id()
            }
            Incoming::Install(install) => install.request.member_id(),
            Incoming::Uninstall(uninstall) => uninstall.request.member_id(),
            Incoming::Page(_) => None,
        }
    }
}

/// Whether a token proves an event. That of an outgoing webhook proves no installation or removal of the application.
fn proves(known: &Installation, event: &EventRequest, token: &str) -> bool {
    if event.is_install() || event.is_uninstall() {
        known.application_token().is_some_and(|known| verify_application_token(known, token))
    } else {
        known.verify(token)
    }
}

/// Whether an event can bring another application token: an installation, or an update.
fn brings_token(event: &EventRequest) -> bool {
    event.is_install() || event.is("ONAPPUPDATE")
}

/// Whether a request is about the settings form of the application.
fn is_settings(event: &EventRequest) -> bool {
    const PREFIX: &str = "ONAPPSETTINGS";
    match event.event() {
        Some(name) => name.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX)),
        None => event.fields().contains_key("saveform"),
    }
}

/// Shows the settings.
impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("settings", &self.inner.settings).finish_non_exhaustive()
    }
}
