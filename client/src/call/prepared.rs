//! A request as every attempt sends it.

use bitrix24_core::rate_limit::RateLimit;
use bitrix24_core::{Api, ErrorKind, Failure, Map, MethodInfo, Value, is_method_name};
use bytes::Bytes;
use reqwest::header::HeaderValue;

use crate::deadline::Timeouts;

/// A request as every attempt sends it, without the key.
pub(super) struct PreparedCall {
    pub(super) api: Api,
    pub(super) name: Box<str>,
    /// The name without secrets, for observers and limiters: it may be a URL that was pasted by mistake.
    pub(super) shown: Box<str>,
    pub(super) side_effects: bool,
    /// The rate limit of the method.
    pub(super) rate_limit: Option<RateLimit>,
    /// The methods that a batch calls.
    pub(super) commands: Vec<Box<str>>,
    pub(super) body: Bytes,
    /// The key by which REST 3 distinguishes a retry from a new request.
    pub(super) idempotency_key: Option<HeaderValue>,
    pub(super) timeouts: Timeouts,
}

impl PreparedCall {
    pub(super) fn new(
        info: MethodInfo<'_>,
        params: &Map<String, Value>,
        timeouts: Timeouts,
    ) -> Result<Self, Failure> {
        check_name(info.name)?;
        let body = serde_json::to_vec(params).map_err(|error| {
            Failure::new(ErrorKind::Request, "the parameters cannot be written as JSON").with_source(error)
        })?;
        let idempotency_key = (info.api == Api::V3 && info.side_effects).then(new_idempotency_key);
        Ok(Self {
            api: info.api,
            name: info.name.into(),
            shown: info.name.into(),
            side_effects: info.side_effects,
            rate_limit: info.rate_limit,
            commands: Vec::new(),
            body: Bytes::from(body),
            idempotency_key,
            timeouts,
        })
    }

    /// Sets the name that observers and limiters see.
    pub(super) fn shown_as(mut self, name: String) -> Self {
        self.shown = name.into();
        self
    }

    /// Sets the methods that a batch calls.
    pub(super) fn with_commands(mut self, methods: &[Box<str>]) -> Self {
        self.commands = methods.to_vec();
        self
    }

    /// Whether the portal can distinguish a retry from a new request.
    pub(super) fn has_idempotency_key(&self) -> bool {
        self.idempotency_key.is_some()
    }
}

/// A random key in the form of a version 4 UUID.
fn new_idempotency_key() -> HeaderValue {
    let bits = fastrand::u128(..) & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let hex = format!("{bits:032x}");
    let text = format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]);
    HeaderValue::from_str(&text).expect("digits and hyphens are legal in a header")
}

/// Rejects invalid method names: they would lead to an address other than that of a method.
fn check_name(name: &str) -> Result<(), Failure> {
    if is_method_name(name) {
        return Ok(());
    }
    let text = "invalid method name: expected letters, digits and `_` in parts separated by single dots, as in `crm.deal.list`";
    Err(Failure::new(ErrorKind::Request, text))
}
