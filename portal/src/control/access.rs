//! Who may use the control address.
//!
//! Programs on the same machine may, without a secret. A page of another origin in a browser on this machine may not: its requests
//! have another origin, or a host that is not this machine. Everyone else needs the secret that the program prints.

use std::net::IpAddr;
use std::sync::Mutex;

use super::{From, Wrong};
use crate::lock::lock;
use crate::state::State;

/// Checks who sent a request.
///
/// # Errors
/// It is neither from this machine nor has the secret.
pub(super) fn check(state: &Mutex<State>, from: From<'_>) -> Result<(), Wrong> {
    let secret = from.authorization.and_then(|value| value.split_once(' '));
    if let Some((_, secret)) = secret.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) {
        let is_right = secret.trim() == lock(state).control_secret;
        return if is_right { Ok(()) } else { Err(Wrong::new(403, "the control secret is wrong")) };
    }
    let same_origin = from.origin.is_none_or(|origin| {
        origin.split_once("://").is_some_and(|(_, host)| host.eq_ignore_ascii_case(from.host))
    });
    if from.peer.to_canonical().is_loopback() && is_this_machine(from.host) && same_origin {
        return Ok(());
    }
    let message = "only programs on the portal's machine may use this address without the control secret: send the header \
                   `Authorization: Bearer SECRET`; the program prints the secret, and `Portal::control_secret` returns it";
    Err(Wrong::new(403, message))
}

/// Whether a host with an optional port is this machine. A name that resolves to it may be that of a page elsewhere.
fn is_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_this_machine_are_known() {
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1:8024", "127.9.9.9", "[::1]:80", "[::1]"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in
            ["", "portal.example", "127.0.0.1.example:80", "localhost.example", "192.168.0.1", "[::2]:80"]
        {
            assert!(!is_this_machine(host), "{host}");
        }
    }
}
