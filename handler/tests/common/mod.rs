//! What the tests have in common.
#![allow(dead_code, unreachable_pub, reason = "each test uses a part of it")]

use std::time::Duration;

use bitrix24_core::oauth::IncomingRequest;
use bitrix24_handler::{Incoming, Installation, MemoryInstallations, Receiver, ReceiverBuilder, Refusal};
use bitrix24_testing::{APPLICATION_TOKEN, MEMBER_ID, MockPortal, Outgoing};

/// When the requests of the tests arrive.
pub const NOW: u64 = 1_800_000_000;

/// The portal, on which the application is installed.
pub fn installation() -> Installation {
    Installation::new(MEMBER_ID).with_application_token(APPLICATION_TOKEN, 1_700_000_000)
}

/// A receiver that knows the portal.
pub fn builder() -> ReceiverBuilder {
    // Without tolerance, each repetition is refused: tests of tolerance set their own.
    Receiver::builder(MemoryInstallations::from_iter([installation()])).repeat_tolerance(Duration::ZERO)
}

pub async fn portal() -> MockPortal {
    MockPortal::start([]).await
}

/// An event that is sent now.
pub fn deal_event(portal: &MockPortal, id: u64) -> Outgoing {
    portal.event("onCrmDealAdd", bitrix24_core::json!({"FIELDS": {"ID": id}})).with("ts", NOW)
}

/// Receives a request at [`NOW`].
pub async fn receive(receiver: &Receiver, request: &Outgoing) -> Result<Incoming, Refusal> {
    let body = request.body();
    receiver.receive(IncomingRequest::new(body.as_bytes()).with_query(request.query()), NOW).await
}

/// Receives a form at [`NOW`].
pub async fn receive_form(receiver: &Receiver, form: &str) -> Result<Incoming, Refusal> {
    receiver.receive(IncomingRequest::new(form.as_bytes()), NOW).await
}
