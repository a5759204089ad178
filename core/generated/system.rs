//! placeholder until the first generation
use crate::wire::*; use crate::error::Ran; use serde_json::Value;
/// Any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SystemError { /// Too many
 QueryLimitExceeded, /// Denied
 AccessDenied }
impl SystemError { /// x
 pub fn from_code(code: &str) -> Option<Self> { match code.to_ascii_uppercase().as_str() { "QUERY_LIMIT_EXCEEDED" => Some(Self::QueryLimitExceeded), "ACCESS_DENIED" => Some(Self::AccessDenied), _ => None } }
 /// x
 pub fn status(self) -> Option<u16> { match self { Self::QueryLimitExceeded => Some(503), Self::AccessDenied => Some(403) } }
 /// x
 pub fn ran(self) -> Ran { Ran::No } }
/// Time.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Time { /// x
 pub duration: Option<f64> }
impl FromWire for Time { fn from_wire(v: Value) -> Result<Self, Mismatch> { let mut f = Fields::of(v)?; Ok(Time { duration: f.take("duration")? }) } }
