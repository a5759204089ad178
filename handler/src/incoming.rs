//! What a portal sends.

use bitrix24_core::oauth::{AppRequest, EventRequest, Tokens};

use crate::installation::Installation;

/// A request that a [`Receiver`](crate::Receiver) has accepted.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Incoming {
    /// An event. The portal sent it: its application token is right.
    Event(EventRequest),
    /// The application was installed, or updated with another application token. The installation is saved.
    Install(Install),
    /// The application was removed from a portal, which sent this. The installation is removed from the store.
    Uninstall(Uninstall),
    /// A robot or an activity that runs, a message to be sent by a provider, and other requests of the portal that are no
    /// events. Its application token is right. [`EventRequest::fields`] has what it is about.
    Handler(EventRequest),
    /// The settings form of the application is shown or saved: answer with the form. Its application token is right. These
    /// requests have no time and may be repeated.
    Settings(EventRequest),
    /// A user opens a page of the application, or a placement.
    ///
    /// **Nothing of it is verified.** A browser sends it, with no application token in it, so all of it is a claim: the portal,
    /// the user, the placement. Confirm the tokens by a refresh at the authorization server, whose response has the true portal
    /// and address, before anything is shown or saved that belongs to the portal.
    Page(AppRequest),
}

/// The installation of the application on a portal.
#[derive(Clone, Debug, PartialEq)]
pub struct Install {
    pub(crate) request: EventRequest,
    pub(crate) replaces: bool,
    pub(crate) confirmed: bool,
}

impl Install {
    /// The request.
    pub fn request(&self) -> &EventRequest {
        &self.request
    }

    /// The portal's identifier.
    pub fn member_id(&self) -> &str {
        self.request.member_id().unwrap_or_default()
    }

    /// The tokens of the user who installed the application, as they came in the request: a `confirm` that refreshes has spent
    /// their refresh token.
    pub fn tokens(&self) -> Option<&Tokens> {
        self.request.tokens()
    }

    /// Whether it was confirmed. If not, its application token was known already: nothing has spent its [`tokens`](Self::tokens), which
    /// replace those of the portal.
    pub fn is_confirmed(&self) -> bool {
        self.confirmed
    }

    /// Whether the portal was known before: the application is installed again, or updated.
    pub fn is_reinstallation(&self) -> bool {
        self.replaces
    }
}

/// The removal of the application from a portal.
#[derive(Clone, Debug, PartialEq)]
pub struct Uninstall {
    pub(crate) request: EventRequest,
}

impl Uninstall {
    /// The request.
    pub fn request(&self) -> &EventRequest {
        &self.request
    }

    /// The portal's identifier.
    pub fn member_id(&self) -> &str {
        self.request.member_id().unwrap_or_default()
    }

    /// Whether the user wants the data of the application to be deleted.
    pub fn is_clean(&self) -> bool {
        let clean = &self.request.data()["CLEAN"];
        clean.as_str().is_some_and(|text| text.trim() == "1") || clean.as_u64() == Some(1) || *clean == true
    }
}

/// An installation that is not trusted yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    pub(crate) request: EventRequest,
    pub(crate) replaces: Option<Installation>,
}

impl Candidate {
    /// The request, all of which may be forged.
    pub fn request(&self) -> &EventRequest {
        &self.request
    }

    /// The tokens to be confirmed. Without tokens, nothing can be confirmed.
    pub fn tokens(&self) -> Option<&Tokens> {
        self.request.tokens()
    }

    /// The portal's identifier, according to the request.
    pub fn member_id(&self) -> &str {
        self.request.member_id().unwrap_or_default()
    }

    /// The installation with another application token that would be replaced.
    pub fn replaces(&self) -> Option<&Installation> {
        self.replaces.as_ref()
    }
}
