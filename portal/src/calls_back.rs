//! The portal as the caller of an application: methods of `Portal`.

use std::io;

use serde_json::Value;

use crate::application;
use crate::lock::lock;
use crate::outgoing::{Delivery, Outgoing};
use crate::portal::Portal;

impl Portal {
    /// Installs the application at an address: posts the event `ONAPPINSTALL`, and then the page that the user sees. Returns both
    /// requests with their responses.
    pub async fn install(&self, handler: &str) -> Vec<Delivery> {
        application::install(self.shared(), handler).await
    }

    /// Removes the application: posts `ONAPPUNINSTALL` to the address of its installation and to handlers of this event. All that
    /// the application has bound is gone then, and its tokens are invalid. `clean`: the user wants its data deleted.
    pub async fn uninstall(&self, clean: bool) -> Vec<Delivery> {
        application::uninstall(self.shared(), clean).await
    }

    /// Opens the widget that is bound at a place of the interface, such as `CRM_DEAL_DETAIL_TAB`; at `DEFAULT`, the page of the
    /// application. The options say what is open there, such as `{"ID": "7"}`; `null`: the portal sends none.
    ///
    /// # Errors
    /// There is no such place, or no handler is bound there.
    pub async fn open_placement(&self, code: &str, options: &Value) -> io::Result<Delivery> {
        application::open(self.shared(), code, options).await
    }

    /// Runs a robot or an activity that was added with `bizproc.robot.add` or `bizproc.activity.add`, for deal 1. Returns its event
    /// token too, with which `bizproc.event.send` answers.
    ///
    /// # Errors
    /// There is none with this code.
    pub async fn run_robot(&self, code: &str, properties: &Value) -> io::Result<(String, Delivery)> {
        application::run_robot(self.shared(), code, properties).await
    }

    /// The request with an event, which a test may change and [send](Outgoing::send) to a handler. The event need be neither bound nor
    /// documented. `null` data: plausible data as documented, or none. The tokens are valid on this portal; requests have the same ones
    /// until they expire or are renewed.
    ///
    /// ```
    /// use bitrix24_core::json;
    /// use bitrix24_core::oauth::{EventRequest, IncomingRequest};
    /// use bitrix24_portal::Portal;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let portal = Portal::start().await?;
    /// let request = portal.event_request("onCrmDealUpdate", json!({"FIELDS": {"ID": 7}}));
    /// let body = request.with("ts", 1_800_000_000).body();
    /// let event = EventRequest::parse(&IncomingRequest::new(body.as_bytes()), 1_800_000_000)?;
    /// assert!(event.is("onCrmDealUpdate") && event.verify_application_token(&portal.application_token()));
    /// assert_eq!(event.data()["FIELDS"]["ID"], "7");
    /// # Ok(())
    /// # }
    /// ```
    pub fn event_request(&self, name: &str, data: Value) -> Outgoing {
        self.saved(|state| state.event_request(name, data))
    }

    /// The request of an installation, as [`install`](Self::install) sends it. It does not install anything.
    pub fn install_request(&self) -> Outgoing {
        self.saved(application::install_request)
    }

    /// The request of a removal, as [`uninstall`](Self::uninstall) sends it. It does not remove anything.
    pub fn uninstall_request(&self, clean: bool) -> Outgoing {
        application::uninstall_request(&lock(self.shared()), clean)
    }

    /// The request of a page, as [`open_placement`](Self::open_placement) sends it. No handler need be bound.
    pub fn page_request(&self, placement: &str, options: &Value) -> Outgoing {
        self.saved(|state| application::page_request(state, placement, options))
    }

    /// The request of a robot or an activity, as [`run_robot`](Self::run_robot) sends it. It need not have been added.
    pub fn robot_request(&self, code: &str, properties: &Value) -> Outgoing {
        self.saved(|state| application::robot_request(state, code, properties))
    }

    /// The parameters of the last `bizproc.event.send` with this event token. `None`: the robot has not answered, or longer ago than
    /// calls are recorded.
    pub fn robot_result(&self, event_token: &str) -> Option<Value> {
        let calls = self.calls().into_iter().rev();
        let mut sent = calls.filter(|call| call.method.eq_ignore_ascii_case("bizproc.event.send"));
        let is_token = |params: &serde_json::Map<String, Value>| {
            crate::families::find(params, "EVENT_TOKEN").is_some_and(|token| token == event_token)
        };
        sent.find(|call| is_token(&call.params)).map(|call| Value::Object(call.params))
    }

    /// Sends a message of user 1 to a bot that was registered with `imbot.register` or `imbot.v2.Bot.register`, in a dialog such as
    /// `1` or `chat7`.
    ///
    /// # Errors
    /// There is no such bot, or it has no address for messages.
    pub async fn message_to_bot(&self, bot: i64, dialog: &str, text: &str) -> io::Result<Delivery> {
        application::message_to_bot(self.shared(), bot, dialog, text).await
    }

    /// Raises an event: it is sent to the handlers that are bound to it and put into queues, in the background. `null` data:
    /// plausible data as documented. Returns how many handlers and queues get it.
    ///
    /// # Errors
    /// There is no such event.
    pub fn fire_event(&self, name: &str, data: Value) -> io::Result<usize> {
        let fired = self.saved(|state| state.raise_event(name, data));
        fired.map_err(|message| io::Error::new(io::ErrorKind::NotFound, message))
    }

    /// The last 500 requests to handlers, oldest first. Each was sent once, as portals do: what a handler refuses does not come again.
    pub fn deliveries(&self) -> Vec<Delivery> {
        lock(self.shared()).deliveries.all()
    }

    /// Waits until all requests to handlers are sent, and answered or given up after 10 seconds each.
    pub async fn delivered(&self) {
        let pending = lock(self.shared()).outbox.pending();
        pending.none().await;
    }
}
