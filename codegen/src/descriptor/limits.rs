//! Limits: those of every portal in `spec/system.yaml`, and the rate limit of one method.

#[cfg(feature = "importer")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::is_default;

/// The limits of every portal.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SystemLimits {
    /// The leaky bucket in which a portal counts requests, for each plan. One entry without plans is for all others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<PlanQuota>,
    /// What has a bucket of its own: `[portal, address]` is one bucket on each portal for each address that calls it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counted_by: Vec<CountedBy>,
    /// The time that one method may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operating_time: Option<OperatingTime>,
    /// The seconds after which a portal ends a request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_seconds: Option<u32>,
    /// The maximum number of commands of a batch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_commands: Option<u32>,
    /// The number of rows of a full page of a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_rows: Option<u32>,
}

/// How many requests a portal accepts on a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PlanQuota {
    /// The names of the plans. Empty: every plan that no other entry names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plans: Vec<String>,
    /// The number of requests that are accepted at once.
    pub burst: u32,
    /// The number of requests per second over time.
    pub per_second: u32,
}

/// The time that the calls of one method may take within a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OperatingTime {
    /// The seconds of execution.
    pub seconds: u32,
    /// The seconds over which they are summed.
    pub window_seconds: u32,
}

/// The rate limit of one method, in addition to that of the portal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// The number of calls.
    pub requests: u32,
    /// The seconds within which that many calls are accepted.
    pub seconds: u32,
    /// What has a count of its own. Default: `portal`, one count for all callers.
    #[serde(default, skip_serializing_if = "is_default")]
    pub counted_by: CountedBy,
}

/// What a portal counts requests for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "importer", derive(JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum CountedBy {
    /// The portal that is called.
    #[default]
    Portal,
    /// The IP address that a request comes from.
    Address,
    /// The application or webhook that calls.
    Application,
    /// The user whom the call is about.
    User,
}
