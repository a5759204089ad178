//! The settings of a stream of offline events.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bitrix24_core::{Map, Value};

use super::claims::OfflineClaims;

#[derive(Clone)]
pub(super) struct Settings {
    pub(super) connector: Option<String>,
    pub(super) filter: Map<String, Value>,
    pub(super) order: Option<Value>,
    pub(super) failed: bool,
    pub(super) limit: usize,
    pub(super) max_in_flight: usize,
    pub(super) poll: [Duration; 2],
    pub(super) lease: Duration,
    pub(super) clear_within: Duration,
    pub(super) only_worker: bool,
    pub(super) resume: Vec<String>,
    pub(super) claims: Option<Arc<dyn OfflineClaims>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connector: None,
            filter: Map::new(),
            order: None,
            failed: false,
            limit: 50,
            max_in_flight: 1000,
            poll: [Duration::from_secs(1), Duration::from_secs(30)],
            lease: Duration::from_secs(300),
            clear_within: Duration::from_secs(1),
            only_worker: false,
            resume: Vec::new(),
            claims: None,
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("connector", &self.connector)
            .field("limit", &self.limit)
            .field("lease", &self.lease)
            .finish_non_exhaustive()
    }
}
