//! Records every event and span of `tracing`, and every record of `log`, at their finest.

use std::collections::BTreeSet;
use std::fmt::{Debug, Write};
use std::sync::Mutex;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};

use crate::support::process::is_alone;

static RECORDED: Mutex<(String, BTreeSet<String>)> = Mutex::new((String::new(), BTreeSet::new()));

struct Recorder;

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

fn note(target: &str, text: &str) {
    let mut recorded = RECORDED.lock().unwrap();
    recorded.1.insert(target.to_owned());
    writeln!(recorded.0, "{target}: {text}").unwrap();
}

impl tracing::Subscriber for Recorder {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields(span.metadata().name().to_owned());
        span.record(&mut fields);
        note(span.metadata().target(), &fields.0);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut fields = Fields(String::new());
        values.record(&mut fields);
        note("span", &fields.0);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut fields = Fields(String::new());
        event.record(&mut fields);
        note(event.metadata().target(), &fields.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

impl log::Log for Recorder {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        note(record.target(), &record.args().to_string());
    }

    fn flush(&self) {}
}

/// Whether all is recorded from now on: in a process that runs the test with this name alone, since a
/// recorder is there for the whole process. Elsewhere the test is run in such a process.
pub(crate) fn is_recording(test: &str) -> bool {
    let is_alone = is_alone(test);
    if is_alone {
        start();
    }
    is_alone
}

/// Records from now on.
pub(crate) fn start() {
    let _ = tracing::subscriber::set_global_default(Recorder);
    let _ = log::set_logger(&Recorder);
    log::set_max_level(log::LevelFilter::Trace);
}

/// Who has recorded anything.
pub(crate) fn targets() -> BTreeSet<String> {
    RECORDED.lock().unwrap().1.clone()
}

#[track_caller]
pub(crate) fn keeps(secrets: &[String]) {
    let recorded = RECORDED.lock().unwrap();
    for secret in secrets {
        let piece = &secret[..secret.len().min(12)];
        let line = recorded.0.lines().find(|line| line.contains(piece));
        assert_eq!(line, None, "a secret is in the trace");
    }
}

/// Everything so far.
pub(crate) fn all() -> String {
    RECORDED.lock().unwrap().0.clone()
}
