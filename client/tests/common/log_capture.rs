//! Captures everything that a program logs. A process has one logger, so a test that captures logs is alone in its file.
#![allow(unreachable_pub)]

use std::fmt::{self, Write as _};
use std::sync::{Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber, span};

/// Installs the capture, at every level.
pub fn install() {
    log::set_logger(&LogCapture).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    tracing::subscriber::set_global_default(LogCapture).unwrap();
}

/// Checks every line so far. Requires lines of both `log` and `tracing`, which shows that the capture works.
pub fn check_lines(check: impl Fn(&str)) {
    let lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    for source in ["log", "tracing"] {
        assert!(lines.iter().any(|line| line.starts_with(source)), "no line of {source} was captured");
    }
    lines.iter().for_each(|line| check(line));
}

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Records every line of `log` and every span and event of `tracing`, at every level.
struct LogCapture;

fn push_line(line: String) {
    LINES.lock().unwrap_or_else(PoisonError::into_inner).push(line);
}

impl log::Log for LogCapture {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        push_line(format!("log {} {}", record.target(), record.args()));
    }

    fn flush(&self) {}
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}

impl Subscriber for LogCapture {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        let mut line = Line(format!("tracing {}", span.metadata().name()));
        span.record(&mut line);
        push_line(line.0);
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        let mut line = Line("tracing".to_owned());
        values.record(&mut line);
        push_line(line.0);
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(format!("tracing {}", event.metadata().target()));
        event.record(&mut line);
        push_line(line.0);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}
