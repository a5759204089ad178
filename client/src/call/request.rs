//! A request as every attempt sends it.

use bitrix24_core::{Api, Failure, Kind, Map, MethodInfo, Value, is_method_name};
use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

/// The header by which REST 3 tells a repeated request from a new one.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A request as every attempt sends it, but for the key.
pub(super) struct Call {
    pub(super) api: Api,
    pub(super) name: Box<str>,
    pub(super) changes: bool,
    /// The methods that a batch calls.
    pub(super) commands: Vec<Box<str>>,
    pub(super) body: Bytes,
    pub(super) headers: HeaderMap,
}

impl Call {
    pub(super) fn new(info: MethodInfo<'_>, params: &Map<String, Value>) -> Result<Self, Failure> {
        check_name(info.name)?;
        let body = serde_json::to_vec(params).map_err(|error| {
            Failure::new(Kind::Request, "the parameters cannot be written as JSON").with_source(error)
        })?;
        let mut headers = HeaderMap::new();
        if info.api == Api::V3 && info.changes {
            headers.insert(IDEMPOTENCY_KEY, new_key());
        }
        let (body, commands) = (Bytes::from(body), Vec::new());
        Ok(Self { api: info.api, name: info.name.into(), changes: info.changes, commands, body, headers })
    }

    /// The same call of a batch that calls these methods.
    pub(super) fn with_commands(mut self, methods: &[Box<str>]) -> Self {
        self.commands = methods.to_vec();
        self
    }

    /// Whether the portal can tell a repeat of it from a new request.
    pub(super) fn is_keyed(&self) -> bool {
        self.headers.contains_key(IDEMPOTENCY_KEY)
    }
}

/// A key that no other request has, as far as chance goes, in the form of a UUID of version 4.
fn new_key() -> HeaderValue {
    let bits = fastrand::u128(..) & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let hex = format!("{bits:032x}");
    let text = format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]);
    HeaderValue::from_str(&text).expect("digits and hyphens are legal in a header")
}

/// Refuses what is no name of a method: it would lead to another address than that of a method.
fn check_name(name: &str) -> Result<(), Failure> {
    if is_method_name(name) {
        return Ok(());
    }
    let text = "this is no name of a method: letters, digits and `_` in parts with single dots between, as in `crm.deal.list`";
    Err(Failure::new(Kind::Request, text))
}
