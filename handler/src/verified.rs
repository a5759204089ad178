//! A request that is genuine, and what it changes.

use bitrix24_core::oauth::EventRequest;

use crate::confirmations::Source;
use crate::incoming::{Candidate, Incoming, Install, Uninstall};
use crate::installation::Installation;
use crate::refusal::Refusal;

/// A request that is genuine, or an installation that is still to be confirmed, before it is remembered.
pub(crate) struct Verified {
    pub(crate) incoming: Incoming,
    /// The installation that is to be confirmed, and who has sent it.
    pub(crate) candidate: Option<(Candidate, Source)>,
    /// When it was sent, and its hash, if it has to be remembered.
    pub(crate) identity: Option<(u64, u64)>,
    /// What was stored.
    pub(crate) known: Option<Installation>,
}

impl Verified {
    /// A request that changes nothing.
    pub(crate) fn unchanged(incoming: Incoming, identity: Option<(u64, u64)>) -> Self {
        Self { incoming, candidate: None, identity, known: None }
    }

    /// A request with the token of its portal.
    pub(crate) fn known(event: EventRequest, known: Installation, identity: Option<(u64, u64)>) -> Self {
        let incoming = match () {
            () if event.is_install() => return Self::installed(event, Some(known), identity),
            () if event.is_uninstall() => {
                let incoming = Incoming::Uninstall(Uninstall { request: event });
                return Self { incoming, candidate: None, identity, known: Some(known) };
            }
            () if is_settings(&event) => Incoming::Settings(event),
            () if event.event().is_some() => Incoming::Event(event),
            () => Incoming::Handler(event),
        };
        Self::unchanged(incoming, identity)
    }

    /// An installation with a token that is not known.
    pub(crate) fn unconfirmed(
        request: EventRequest,
        known: Option<Installation>,
        identity: Option<(u64, u64)>,
        source: Source,
    ) -> Self {
        let candidate = Candidate { request: request.clone(), replaces: known.clone() };
        let mut verified = Self::installed(request, known, identity);
        if let Incoming::Install(install) = &mut verified.incoming {
            install.confirmed = true;
        }
        Self { candidate: Some((candidate, source)), ..verified }
    }

    fn installed(request: EventRequest, known: Option<Installation>, identity: Option<(u64, u64)>) -> Self {
        let replaces = known.as_ref().is_some_and(|known| known.application_token().is_some());
        let incoming = Incoming::Install(Install { request, replaces, confirmed: false });
        Self { incoming, candidate: None, identity, known }
    }

    /// Whether it changes what is stored.
    pub(crate) fn is_change(&self) -> bool {
        matches!(self.incoming, Incoming::Install(_) | Incoming::Uninstall(_))
    }

    /// What is to be stored instead of `known`.
    ///
    /// # Errors
    /// `TooOld` if `known` is of a later installation: the request was delayed, or has lost a race against it.
    pub(crate) fn replacement(&self, known: Option<&Installation>) -> Result<Option<Installation>, Refusal> {
        let token = known.and_then(Installation::application_token);
        match &self.incoming {
            Incoming::Install(install) => {
                let request = &install.request;
                let is_known = token == request.application_token();
                let is_later = install.confirmed && (token.is_none() || !is_before(request, known));
                if !is_known && !is_later {
                    return Err(Refusal::TooOld);
                }
                Ok(Installation::of(request, install.member_id(), known.cloned()))
            }
            Incoming::Uninstall(uninstall) => {
                let request = &uninstall.request;
                if token.is_some() && (token != request.application_token() || is_before(request, known)) {
                    return Err(Refusal::TooOld);
                }
                Ok(known.cloned().and_then(Installation::without_application))
            }
            _ => Ok(known.cloned()),
        }
    }

    pub(crate) fn member_id(&self) -> Option<&str> {
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

/// Whether a request was sent before the installation that is stored.
fn is_before(request: &EventRequest, known: Option<&Installation>) -> bool {
    request.timestamp().zip(known).is_some_and(|(time, known)| time < known.installed_at())
}

/// Whether a request is about the settings form of the application.
pub(crate) fn is_settings(event: &EventRequest) -> bool {
    const PREFIX: &str = "ONAPPSETTINGS";
    match event.event() {
        Some(name) => name.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX)),
        None => event.fields().contains_key("saveform"),
    }
}
