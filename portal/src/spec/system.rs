//! What all methods share.

use serde::Deserialize;

use super::method::DocumentedError;

/// The errors and limits of every portal.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct System {
    /// The errors that any method can return.
    #[serde(default)]
    pub(crate) errors: Vec<DocumentedError>,
    /// The limits.
    #[serde(default)]
    pub(crate) limits: Limits,
    /// The language of the portal, in which some of its messages are.
    #[serde(default = "english")]
    pub(crate) language: String,
}

fn english() -> String {
    "en".to_owned()
}

/// The limits of every portal.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Limits {
    /// The bucket of each plan; the one without plans is for all others.
    #[serde(default)]
    pub(crate) requests: Vec<Quota>,
    /// The time that one method may take.
    #[serde(default)]
    pub(crate) operating_time: Option<OperatingTime>,
    /// The maximum number of commands of a batch.
    #[serde(default)]
    pub(crate) batch_commands: Option<usize>,
    /// The number of rows of a full page.
    #[serde(default)]
    pub(crate) page_rows: Option<usize>,
}

/// How many requests a plan accepts.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Quota {
    /// The names of the plans.
    #[serde(default)]
    pub(crate) plans: Vec<String>,
    /// Requests at once.
    pub(crate) burst: u32,
    /// Requests per second over time.
    pub(crate) per_second: u32,
}

/// The time that the calls of one method may take.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(crate) struct OperatingTime {
    /// The seconds of execution.
    pub(crate) seconds: u32,
    /// The seconds over which they are summed.
    pub(crate) window_seconds: u32,
}

impl System {
    /// The documented error with a code.
    pub(crate) fn error(&self, code: &str) -> DocumentedError {
        let known = self.errors.iter().find(|error| error.code.eq_ignore_ascii_case(code));
        known
            .cloned()
            .unwrap_or_else(|| DocumentedError { code: code.to_owned(), ..DocumentedError::default() })
    }

    /// The number of rows of a full page.
    pub(crate) fn page_rows(&self) -> usize {
        self.limits.page_rows.unwrap_or(50)
    }
}
