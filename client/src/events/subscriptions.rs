//! A declarative list of bindings.

mod applied;
mod apply;
mod bound;
mod plan;

use std::fmt;

use bitrix24_core::AnyError;
use bitrix24_core::events::EventType;

use super::address::is_below;
use super::event_binding::EventBinding;
use super::placement_binding::PlacementBinding;
use crate::client::Client;

pub use applied::{Applied, AppliedStep};
pub use plan::{Action, Plan, PlanStep};

/// The bindings that a program wants: events, offline events and placements. Applied, it brings those of the portal to this state, as
/// often as it is applied: at each start of the program, and after each installation, which removes all bindings.
///
/// Only what belongs to the program is removed: addresses below a [prefix](Self::owns), queues of a [source](Self::owns_connector).
///
/// ```no_run
/// use bitrix24_client::{Client, EventBinding, PlacementBinding, Subscriptions};
///
/// # async fn example(portal: Client) -> Result<(), bitrix24_core::AnyError> {
/// let subscriptions = Subscriptions::new()
///     .event(EventBinding::new("onCrmDealUpdate", "https://shop.example/bitrix24/events"))
///     .event(EventBinding::offline("onCrmProductUpdate").connector("stock"))
///     .placement(PlacementBinding::new("CRM_DEAL_DETAIL_TAB", "https://shop.example/bitrix24/tab").title("Stock"))
///     .owns("https://shop.example/bitrix24/");
///
/// println!("{}", subscriptions.plan(&portal).await?); // changes nothing
/// let applied = subscriptions.apply(&portal).await?;
/// for failed in applied.failures() {
///     eprintln!("{failed}");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subscriptions {
    events: Vec<EventBinding>,
    placements: Vec<PlacementBinding>,
    ownership: Ownership,
}

/// What belongs to the program.
#[derive(Clone, Debug, Default, PartialEq)]
struct Ownership {
    prefixes: Vec<String>,
    connectors: Vec<String>,
    everything: bool,
}

/// A binding of either kind.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Subscription {
    /// An event.
    Event(EventBinding),
    /// A placement.
    Placement(PlacementBinding),
}

impl Subscriptions {
    /// No bindings, and nothing that belongs to the program.
    pub fn new() -> Self {
        Self::default()
    }

    /// Wants this binding of an event. One that is there already is added once.
    pub fn event(mut self, binding: EventBinding) -> Self {
        if !self.events.iter().any(|known| known.is_certainly_same(&binding)) {
            self.events.push(binding);
        }
        self
    }

    /// Wants an event at an address.
    pub fn on<E: EventType>(self, handler: impl Into<String>) -> Self {
        self.event(EventBinding::of::<E>(handler))
    }

    /// Wants an event in the queue of offline events.
    pub fn offline<E: EventType>(self) -> Self {
        self.event(EventBinding::offline_of::<E>())
    }

    /// Wants this widget. The last of several for the same place and address counts.
    pub fn placement(mut self, binding: PlacementBinding) -> Self {
        self.placements.retain(|known| !known.is_same(&binding));
        self.placements.push(binding);
        self
    }

    /// Declares that all bindings to this address, or to one below it, belong to the program: those that are not wanted are removed.
    /// `https://shop.example/a` contains `https://shop.example/a/b`, and not `https://shop.example/ab`.
    pub fn owns(mut self, prefix: impl Into<String>) -> Self {
        self.ownership.prefixes.push(prefix.into());
        self
    }

    /// Declares that the queue of offline events of this source belongs to the program; an empty text is the queue without a source.
    pub fn owns_connector(mut self, connector: impl Into<String>) -> Self {
        self.ownership.connectors.push(connector.into());
        self
    }

    /// Declares that all bindings of the application belong to the program. A portal lists those of the application only.
    pub fn owns_everything(mut self) -> Self {
        self.ownership.everything = true;
        self
    }

    /// Compares what is wanted with what is bound. Nothing is changed.
    ///
    /// Placements are read only if one is wanted or something belongs to the program. If none is wanted and they cannot be read, as
    /// without the scope `placement`, they stay as they are.
    ///
    /// # Errors
    /// The [`AnyError`] of `event.get` or `placement.get`.
    pub async fn plan(&self, portal: &Client) -> Result<Plan, AnyError> {
        let owns_some = self.ownership != Ownership::default();
        let events =
            if owns_some || !self.events.is_empty() { portal.bound_events().await? } else { Vec::new() };
        let placements = match portal.bound_placements_if(owns_some || !self.placements.is_empty()).await {
            Err(_) if self.placements.is_empty() => Vec::new(),
            placements => placements?,
        };
        let mut steps = plan::events(&self.events, &events, &self.ownership);
        steps.extend(plan::placements(&self.placements, &placements, &self.ownership));
        Ok(Plan::new(steps))
    }

    /// Brings the bindings to the wanted state: [`plan`](Self::plan) and [`Plan::apply`].
    ///
    /// # Errors
    /// Those of [`plan`](Self::plan). A binding that fails is part of [`Applied`].
    pub async fn apply(&self, portal: &Client) -> Result<Applied, AnyError> {
        Ok(self.plan(portal).await?.apply(portal).await)
    }
}

impl Client {
    async fn bound_placements_if(&self, wanted: bool) -> Result<Vec<PlacementBinding>, AnyError> {
        if wanted { self.bound_placements().await } else { Ok(Vec::new()) }
    }
}

impl Ownership {
    /// Why a binding belongs to the program; or why it does not.
    fn of_event(&self, binding: &EventBinding) -> Result<String, String> {
        if let Some(handler) = binding.handler() {
            return self.of_address(handler);
        }
        match binding.connector_name() {
            _ if self.everything => Ok(EVERYTHING.to_owned()),
            Some(connector) if self.connectors.iter().any(|own| own == connector) => {
                Ok(format!("the program owns the queue of the source `{connector}`"))
            }
            Some(connector) => Err(format!("the program does not own the queue of the source `{connector}`")),
            None => Err("the portal does not name the source of its queue".to_owned()),
        }
    }

    fn of_address(&self, handler: &str) -> Result<String, String> {
        if self.everything {
            return Ok(EVERYTHING.to_owned());
        }
        match self.prefixes.iter().find(|prefix| is_below(handler, prefix)) {
            Some(prefix) => Ok(format!("its address is below {prefix}")),
            None => Err("its address does not belong to the program".to_owned()),
        }
    }
}

const EVERYTHING: &str = "the program owns all bindings of the application";

impl fmt::Display for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(binding) => write!(f, "event {binding}"),
            Self::Placement(binding) => write!(f, "placement {binding}"),
        }
    }
}
