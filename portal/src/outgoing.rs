//! What the portal sends to an application: forms of PHP, posted in the background.

mod edit;
mod form;
mod lanes;
mod post;
mod requests;
#[cfg(feature = "tls")]
mod tls;

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

pub(crate) use lanes::Outbox;
use post::post;
pub(crate) use requests::{EventRequest, Sender};

/// A request of a portal to an application, as PHP writes it; see [`Portal::event_request`](crate::Portal::event_request).
#[derive(Clone, PartialEq)]
pub struct Outgoing {
    /// The address of the handler; empty if a test chooses it.
    pub(crate) url: String,
    /// What is sent: the name of the event, or the code of the place.
    pub(crate) what: String,
    /// What is added to the query of the address.
    pub(crate) query: Map<String, Value>,
    /// The fields of the form.
    pub(crate) fields: Map<String, Value>,
}

/// Shows the names of the parts only, since the others contain tokens.
impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing").field("url", &self.url).field("what", &self.what).finish_non_exhaustive()
    }
}

/// A request that the portal sent to a handler, and what came of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Delivery {
    /// The address of the handler.
    pub url: String,
    /// What was sent: the name of an event in upper case, the code of a placement, or that of a robot.
    pub what: String,
    /// The HTTP status of the response, and its body: at most 16 KiB, and bytes that are not UTF-8 are replaced.
    pub response: Result<(u16, String), String>,
}

impl Outgoing {
    /// Sends the request once, as portals do: what a handler does not accept does not come again.
    pub(crate) async fn deliver(&self) -> Delivery {
        let response = post(self).await;
        Delivery { url: self.url.clone(), what: self.what.clone(), response }
    }
}

impl Delivery {
    /// The HTTP status of the response. `None`: there was no response.
    pub fn status(&self) -> Option<u16> {
        self.response.as_ref().ok().map(|(status, _)| *status)
    }

    /// The body of the response; empty if there was none.
    pub fn body(&self) -> &str {
        self.response.as_ref().map(|(_, body)| body.as_str()).unwrap_or_default()
    }
}

/// Records what was sent.
pub(crate) type Recorder = Arc<dyn Fn(Delivery) + Send + Sync>;
