//! Hears everything that a program writes into its logs. A log is one for the process, so a test that listens is alone in its file.
#![allow(unreachable_pub)]

use std::fmt::{self, Write as _};
use std::sync::{Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber, span};

/// Begins to listen, at every level.
pub fn listen() {
    log::set_logger(&Listener).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    tracing::subscriber::set_global_default(Listener).unwrap();
}

/// Hands over what was heard so far of `log` and of `tracing`. That there is something of both shows that the listener hears.
pub fn each_line(check: impl Fn(&str)) {
    let lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    for source in ["log", "tracing"] {
        assert!(lines.iter().any(|line| line.starts_with(source)), "nothing was heard of {source}");
    }
    lines.iter().for_each(|line| check(line));
}

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Keeps every line of `log` and every span and event of `tracing`, at every level.
struct Listener;

fn keep(line: String) {
    LINES.lock().unwrap_or_else(PoisonError::into_inner).push(line);
}

impl log::Log for Listener {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        keep(format!("log {} {}", record.target(), record.args()));
    }

    fn flush(&self) {}
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}

impl Subscriber for Listener {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        let mut line = Line(format!("tracing {}", span.metadata().name()));
        span.record(&mut line);
        keep(line.0);
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        let mut line = Line("tracing".to_owned());
        values.record(&mut line);
        keep(line.0);
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(format!("tracing {}", event.metadata().target()));
        event.record(&mut line);
        keep(line.0);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}
