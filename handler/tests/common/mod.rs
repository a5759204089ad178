//! What the tests have in common.
#![allow(dead_code, unreachable_pub, reason = "each test uses a part of it")]

use std::time::Duration;

use bitrix24_core::oauth::IncomingRequest;
use bitrix24_handler::{Incoming, Installation, MemoryInstallations, Receiver, ReceiverBuilder, Refusal};
use bitrix24_portal::{Outgoing, Portal};

/// When the requests of the tests arrive.
pub const NOW: u64 = 1_800_000_000;

/// The identifier of the portal of the tests, which follows from its seed.
pub const MEMBER_ID: &str = "396bca3d83bfbb650000000000000001";

/// The token of the portal of the tests, which follows from its seed.
pub const APPLICATION_TOKEN: &str = "825776a1c3e91ee195331246e1c2d88e";

/// The portal, on which the application is installed.
pub fn installation() -> Installation {
    Installation::new(MEMBER_ID).with_application_token(APPLICATION_TOKEN, 1_700_000_000)
}

/// A receiver that knows the portal.
pub fn builder() -> ReceiverBuilder {
    // Without tolerance, each repetition is refused: tests of tolerance set their own.
    Receiver::builder(MemoryInstallations::from_iter([installation()])).repeat_tolerance(Duration::ZERO)
}

pub async fn portal() -> Portal {
    let portal = Portal::start().await.expect("a port");
    assert_eq!(
        (portal.member_id().as_str(), portal.application_token().as_str()),
        (MEMBER_ID, APPLICATION_TOKEN)
    );
    portal
}

/// An event that is sent now.
pub fn deal_event(portal: &Portal, id: u64) -> Outgoing {
    portal.event_request("onCrmDealAdd", bitrix24_core::json!({"FIELDS": {"ID": id}})).with("ts", NOW)
}

/// Receives a request at [`NOW`].
pub async fn receive(receiver: &Receiver, request: &Outgoing) -> Result<Incoming, Refusal> {
    let body = request.body();
    let query = request.query();
    receiver.receive(IncomingRequest::new(body.as_bytes()).with_query(&query), NOW).await
}

/// Receives a form at [`NOW`].
pub async fn receive_form(receiver: &Receiver, form: &str) -> Result<Incoming, Refusal> {
    receiver.receive(IncomingRequest::new(form.as_bytes()), NOW).await
}
