//! The receiver of recorded lines.

use std::io;

/// Receives recorded traffic, in lines of JSON. [`FileRecorder`](super::FileRecorder) writes them to a file.
///
/// It is called on a background thread, so it may block. Its errors are reported once for each client, as a warning of
/// `tracing` and as [`Step::RecordingFailed`](crate::Step::RecordingFailed). Calls never fail because of it.
///
/// ```
/// use std::io;
/// use std::sync::{Arc, Mutex};
/// use bitrix24_client::{Client, Recorder};
///
/// struct Lines(Arc<Mutex<String>>);
///
/// impl Recorder for Lines {
///     fn record(&self, lines: &str) -> io::Result<()> {
///         self.0.lock().unwrap().push_str(lines);
///         Ok(())
///     }
/// }
///
/// let lines = Arc::new(Mutex::new(String::new()));
/// let portal = Client::builder()
///     .recorder(Lines(Arc::clone(&lines)))
///     .webhook("https://example.bitrix24.com/rest/1/0a1b2c3d4e5f/")?;
/// # let _ = portal;
/// # Ok::<(), bitrix24_client::WebhookUrlError>(())
/// ```
pub trait Recorder: Send + Sync + 'static {
    /// Receives the lines of one exchange, the request and the response, each with a line break.
    ///
    /// # Errors
    /// An error if the lines are lost. The next lines are recorded nevertheless.
    fn record(&self, lines: &str) -> io::Result<()>;

    /// Writes what is buffered. It is called when a client flushes, when nothing was sent for a second, and when the last clone
    /// of a client is dropped.
    ///
    /// # Errors
    /// An error if lines are lost.
    fn flush(&self) -> io::Result<()> {
        Ok(())
    }
}
