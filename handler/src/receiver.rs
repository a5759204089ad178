//! The decision about a request.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bitrix24_core::oauth::{EventRequest, IncomingRequest, PortalRequest, verify_application_token};
use tokio::time::timeout;

use crate::confirmations::{Confirmations, Place, Source};
use crate::incoming::{Candidate, Incoming};
use crate::installation::{Installation, is_member_id};
use crate::installations::{Installations, StoreFuture};
use crate::refusal::Refusal;
use crate::replays::{Claim, Replays};
use crate::settings::Settings;
use crate::verified::{Verified, is_settings};

/// The maximum length of the request of an installation that is to be confirmed. It has a few tokens and no data.
const MAX_UNCONFIRMED: usize = 64 << 10;

/// How often a change is tried against others of the same installation.
const ATTEMPTS: usize = 10;

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
    confirmations: Arc<Confirmations>,
    replays: Mutex<Replays>,
    hasher: RandomState,
}

impl Receiver {
    pub(crate) fn new(
        settings: Settings,
        installations: Box<dyn Installations>,
        confirm: Option<Confirm>,
    ) -> Self {
        let confirmations = Arc::new(Confirmations::new(settings.confirmations, settings.waiting));
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
        if !takes(&verified.incoming) {
            return Err(Refusal::Unexpected);
        }
        self.accept_and(verified, now, || Ok(|incoming| incoming)).await
    }

    /// Accepts a verified request, and does with it what `prepare` returns, which is called before anything is spent.
    pub(crate) async fn accept_and<T, Then>(
        &self,
        verified: Verified,
        now: u64,
        prepare: impl FnOnce() -> Result<Then, Refusal> + Send + 'static,
    ) -> Result<T, Refusal>
    where
        T: Send + 'static,
        Then: FnOnce(Incoming) -> T + Send + 'static,
    {
        if !verified.is_change() {
            let then = prepare()?;
            return self.accept(verified, now).await.map(then);
        }
        let receiver = self.clone();
        let accepting = tokio::spawn(async move {
            let place = receiver.place(&verified).await?;
            let then = prepare()?;
            receiver.confirm(&verified).await?;
            drop(place);
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
            Some(known) if proves(&known, &event, token) => {
                let verified = Verified::known(event, known, identity);
                // Before anything is reserved for it.
                verified.replacement(verified.known.as_ref()).map(|_| verified)
            }
            _ if brings_token(&event) && request.body().len() + request.query().len() > MAX_UNCONFIRMED => {
                Err(Refusal::TooLarge)
            }
            known if brings_token(&event) => {
                let source = Source::new(request.source(), member_id);
                Ok(Verified::unconfirmed(event, known, identity, source))
            }
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

    /// Waits for a place to confirm an installation; `None` if nothing has to be confirmed.
    async fn place(&self, verified: &Verified) -> Result<Option<Place>, Refusal> {
        let Some((_, source)) = &verified.candidate else { return Ok(None) };
        if self.inner.confirm.is_none() {
            return Err(Refusal::NoConfirmation);
        }
        let place = self.inner.confirmations.place(source.clone());
        let place = timeout(self.inner.settings.confirmation_timeout, place).await;
        place.ok().flatten().map(Some).ok_or(Refusal::Overloaded)
    }

    /// Confirms an installation with a token that is not known.
    async fn confirm(&self, verified: &Verified) -> Result<(), Refusal> {
        let Some((candidate, _)) = &verified.candidate else { return Ok(()) };
        let confirm = self.inner.confirm.as_ref().ok_or(Refusal::NoConfirmation)?;
        let confirmed = timeout(self.inner.settings.confirmation_timeout, confirm(candidate.clone())).await;
        let confirmed = confirmed.unwrap_or_else(|_| Err("the confirmation took too long".into()));
        match confirmed.map_err(Refusal::ConfirmationFailed)? {
            true => Ok(()),
            false => Err(Refusal::NotConfirmed),
        }
    }

    /// Remembers a confirmed request, and changes the store.
    async fn accept(&self, verified: Verified, now: u64) -> Result<Incoming, Refusal> {
        let identity = verified.member_id().zip(verified.identity);
        if let Some((member_id, (time, hash))) = identity {
            match self.replays().claim(member_id, time, hash, now) {
                Claim::New => {}
                Claim::Repeated if self.may_be_another(&verified.incoming, time, now) => {}
                Claim::Repeated => return Err(Refusal::Repeated),
                Claim::Forgotten => return Err(Refusal::TooOld),
            }
        }
        if verified.is_change()
            && let Err(refusal) = self.store(&verified).await
        {
            if let Some((member_id, (time, hash))) = identity {
                self.replays().release(member_id, time, hash);
            }
            return Err(refusal);
        }
        Ok(verified.incoming)
    }

    /// Changes what is stored. If it has changed meanwhile, the change is decided anew.
    async fn store(&self, verified: &Verified) -> Result<(), Refusal> {
        let Some(member_id) = verified.member_id() else { return Ok(()) };
        let installations = &self.inner.installations;
        let mut known = verified.known.clone();
        for _ in 0..ATTEMPTS {
            let new = verified.replacement(known.as_ref())?;
            if new == known {
                return Ok(());
            }
            let replaced = installations.replace(member_id, known.as_ref(), new.as_ref()).await;
            if replaced.map_err(Refusal::Store)? {
                return Ok(());
            }
            known = installations.load(member_id).await.map_err(Refusal::Store)?;
        }
        Err(Refusal::Store("the installation is changed by others all the time".into()))
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

/// Shows the settings.
impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("settings", &self.inner.settings).finish_non_exhaustive()
    }
}
