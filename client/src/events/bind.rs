//! Binds, removes and lists what is bound.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;

use bitrix24_core::events::EventType;
use bitrix24_core::{AnyError, ErrorKind, Failure, Map, RawRequest, Value, json, raw};

use super::application::explain;
use super::event_binding::EventBinding;
use super::placement_binding::PlacementBinding;
use crate::client::Client;

impl Client {
    /// Binds an event to an address: the portal sends a request there whenever it happens. It is done when the future is awaited, and is
    /// no error if it is bound already. It needs an application.
    ///
    /// ```no_run
    /// # use bitrix24_client::Client;
    /// # use bitrix24_core::{AnyError, events::EventType, wire::{Fields, FromFields}};
    /// # #[derive(Default)] struct DealUpdate;
    /// # impl FromFields for DealUpdate { fn from_fields(_: &mut Fields<'_>) -> Self { Self } }
    /// # impl EventType for DealUpdate { const NAME: &'static str = "ONCRMDEALUPDATE"; }
    /// # async fn example(portal: Client) -> Result<(), AnyError> {
    /// portal.bind::<DealUpdate>("https://shop.example/bitrix24/events").await?;
    /// portal.bind_offline::<DealUpdate>().connector("stock").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [`Subscriptions`](crate::Subscriptions) brings all bindings of a program to a wanted state.
    pub fn bind<E: EventType>(&self, handler: impl Into<String>) -> BindEvent {
        self.bind_event(EventBinding::of::<E>(handler))
    }

    /// Binds an event to the queue of offline events, which [`offline_events`](Self::offline_events) reads. It needs an application, and
    /// an administrator.
    pub fn bind_offline<E: EventType>(&self) -> BindEvent {
        self.bind_event(EventBinding::offline_of::<E>())
    }

    /// Binds an event by its name, as [`bind`](Self::bind) does.
    pub fn bind_event(&self, binding: EventBinding) -> BindEvent {
        BindEvent { client: self.clone(), binding }
    }

    /// Removes the binding of an event to an address, for all users. Returns how many were removed. It needs an application, and an
    /// administrator.
    ///
    /// # Errors
    /// The [`AnyError`] of `event.get` or `event.unbind`.
    pub async fn unbind<E: EventType>(&self, handler: impl Into<String>) -> Result<usize, AnyError> {
        let wanted = EventBinding::of::<E>(handler);
        let without_user = |binding: &EventBinding| binding.clone().user(0).is_same(&wanted);
        self.unbind_all(&self.bound_events().await?, without_user).await
    }

    /// Removes one binding of an event. Returns how many were removed: 0 if there is none.
    ///
    /// A portal may remove all queues of an event together. Those of other sources are bound again.
    ///
    /// # Errors
    /// Those of [`unbind`](Self::unbind), and of `event.bind` if another queue cannot be bound again. [`ErrorKind::NotExecuted`] if the
    /// portal does not name the sources of its queues, so that this one may be another: then pass a binding of
    /// [`bound_events`](Self::bound_events), which is removed if it is the only queue of its event.
    pub async fn unbind_event(&self, binding: &EventBinding) -> Result<usize, AnyError> {
        let listed = self.bound_events().await?;
        let same: Vec<&EventBinding> = listed.iter().filter(|listed| binding.is_same(listed)).collect();
        let is_unclear = same.iter().any(|listed| !binding.is_certainly_same(listed));
        if is_unclear || (!binding.names_source() && same.len() > 1) {
            return Err(unclear_queue(binding));
        }
        let removed = self.unbind_all(&listed, |listed| binding.is_certainly_same(listed)).await?;
        if removed > 0 && binding.is_offline() {
            self.bind_lost_queues(binding, &listed).await?;
        }
        Ok(removed)
    }

    /// Binds the other queues of an event again that were removed with one.
    async fn bind_lost_queues(
        &self,
        removed: &EventBinding,
        before: &[EventBinding],
    ) -> Result<(), AnyError> {
        let is_other = |listed: &&EventBinding| {
            listed.is_offline() && listed.event() == removed.event() && !removed.is_same(listed)
        };
        let others: Vec<&EventBinding> = before.iter().filter(is_other).collect();
        if others.is_empty() {
            return Ok(());
        }
        let left = self.bound_events().await?;
        for lost in others.into_iter().filter(|other| !left.iter().any(|left| other.is_same(left))) {
            self.bind_event(lost.clone()).await?;
        }
        Ok(())
    }

    /// Removes bindings under the spelling of the portal, which knows no other one.
    async fn unbind_all(
        &self,
        listed: &[EventBinding],
        wanted: impl Fn(&EventBinding) -> bool,
    ) -> Result<usize, AnyError> {
        let mut removed = 0;
        for binding in listed.iter().filter(|binding| wanted(binding)) {
            call(&self.safe_to_repeat(), binding.unbind_request()).await?;
            removed += 1;
        }
        Ok(removed)
    }

    /// The bindings of events of this application (`event.get`).
    ///
    /// # Errors
    /// The [`AnyError`] of the call.
    pub async fn bound_events(&self) -> Result<Vec<EventBinding>, AnyError> {
        let listed = self.list_bound("event.get").await?;
        Ok(rows(&listed).filter_map(EventBinding::from_listed).collect())
    }

    /// Binds a placement. It is no error if the same widget is bound already; then it keeps its texts and options. It needs an
    /// application, and an administrator.
    ///
    /// # Errors
    /// The [`AnyError`] of `placement.bind`.
    pub async fn bind_placement(&self, binding: &PlacementBinding) -> Result<(), AnyError> {
        let Err(error) = call(self, binding.bind_request()).await else { return Ok(()) };
        if may_be_bound(&error)
            && let Ok(listed) = self.bound_placements().await
            && listed.iter().any(|listed| binding.is_same(listed))
        {
            return Ok(());
        }
        Err(error)
    }

    /// Removes a widget from a placement. Returns whether there was one. It needs an application, and an administrator.
    ///
    /// # Errors
    /// The [`AnyError`] of `placement.get` or `placement.unbind`.
    pub async fn unbind_placement(&self, binding: &PlacementBinding) -> Result<bool, AnyError> {
        let listed = self.bound_placements().await?;
        let Some(listed) = listed.iter().find(|listed| binding.is_same(listed)) else { return Ok(false) };
        call(&self.safe_to_repeat(), listed.unbind_request()).await?;
        Ok(true)
    }

    /// The widgets of this application at placements (`placement.get`), with their texts and options.
    ///
    /// # Errors
    /// The [`AnyError`] of the call.
    pub async fn bound_placements(&self) -> Result<Vec<PlacementBinding>, AnyError> {
        let listed = self.list_bound("placement.get").await?;
        Ok(rows(&listed).filter_map(PlacementBinding::from_listed).collect())
    }

    async fn list_bound(&self, method: &str) -> Result<Value, AnyError> {
        let response = self.call(raw(method, json!({})).read_only()).await;
        response.map(|response| response.result).map_err(explain)
    }
}

/// The rows of a list, which PHP writes as an object if an index is missing.
fn rows(list: &Value) -> impl Iterator<Item = &Value> {
    let rows = list.as_array().into_iter().flatten();
    rows.chain(list.as_object().into_iter().flat_map(Map::values))
}

async fn call(client: &Client, request: RawRequest) -> Result<(), AnyError> {
    client.call(request).await.map(drop).map_err(explain)
}

/// The error of a queue that may be another one of its event.
fn unclear_queue(binding: &EventBinding) -> AnyError {
    let text = format!(
        "{binding} was not removed, since the portal does not name the source of each queue and may remove another one; pass a \
         binding of `Client::bound_events` if it is the only queue of its event"
    );
    AnyError::new("event.unbind", Failure::new(ErrorKind::NotExecuted, text))
}

/// Whether the error may be about a binding that exists, or came after the binding.
fn may_be_bound(error: &AnyError) -> bool {
    error.kind() != ErrorKind::Authorization && error.code() != Some("WRONG_AUTH_TYPE")
}

/// An event that is about to be bound; see [`Client::bind`]. Await it to bind the event.
#[must_use = "nothing is bound until this is awaited"]
pub struct BindEvent {
    client: Client,
    binding: EventBinding,
}

impl BindEvent {
    /// Authorizes the requests to the handler as this user; see [`EventBinding::user`].
    pub fn user(mut self, id: i64) -> Self {
        self.binding = self.binding.user(id);
        self
    }

    /// Sets the source of an offline event; see [`EventBinding::connector`].
    pub fn connector(mut self, connector: impl Into<String>) -> Self {
        self.binding = self.binding.connector(connector);
        self
    }

    /// Sets an option of the event; see [`EventBinding::option`].
    pub fn option(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.binding = self.binding.option(name, value);
        self
    }

    async fn bind(self) -> Result<(), AnyError> {
        let Self { client, binding } = self;
        let Err(error) = call(&client, binding.bind_request()).await else { return Ok(()) };
        if may_be_bound(&error)
            && let Ok(listed) = client.bound_events().await
            && binding.is_there(&listed, &error)
        {
            return Ok(());
        }
        Err(error)
    }
}

impl IntoFuture for BindEvent {
    type Output = Result<(), AnyError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.bind())
    }
}

impl fmt::Debug for BindEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BindEvent").field(&self.binding).finish()
    }
}
