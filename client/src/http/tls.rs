//! TLS in Rust: one configuration for all clients of a process.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use rustls::ClientConfig;
use rustls::crypto::CryptoProvider;
#[cfg(feature = "rustls")]
use rustls::crypto::aws_lc_rs as library;
#[cfg(not(feature = "rustls"))]
use rustls::crypto::ring as library;
use rustls_platform_verifier::Verifier;

use crate::transport_error::error_chain;

/// The provider, unless the program has installed another.
static DEFAULT: LazyLock<Arc<CryptoProvider>> = LazyLock::new(|| Arc::new(library::default_provider()));

/// The last configuration and its provider. Loading the machine's certificates is most of the cost of creating a client, and a
/// process may have one client for each of many portals.
static LAST: Mutex<Option<(Arc<CryptoProvider>, ClientConfig)>> = Mutex::new(None);

/// Returns a complete configuration instead of installing a provider for the process: that would be the program's decision, and
/// would panic if the program installs its own later. A provider that the program has installed is used.
///
/// Only the configuration is shared, not connections: these belong to the runtime on which they were opened and end with it.
pub(super) fn config() -> Result<ClientConfig, String> {
    let provider = CryptoProvider::get_default().unwrap_or(&DEFAULT);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((made_with, config)) = &*last
        && Arc::ptr_eq(made_with, provider)
    {
        return Ok(config.clone());
    }
    let config = new(provider)?;
    *last = Some((Arc::clone(provider), config.clone()));
    Ok(config)
}

fn new(provider: &Arc<CryptoProvider>) -> Result<ClientConfig, String> {
    let verifier = Verifier::new(Arc::clone(provider)).map_err(|error| error_chain(&error))?;
    let config = ClientConfig::builder_with_provider(Arc::clone(provider));
    let config = config.with_safe_default_protocol_versions().map_err(|error| error_chain(&error))?;
    let verified = config.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
    Ok(verified.with_no_client_auth())
}
