//! Passes the core's traces to Python's `logging`: the logger `authentik_netbird`. A call that nobody logs
//! costs one lookup, and a program that has not imported `logging` nothing.

use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::instrument::{WithDispatch, WithSubscriber};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id};
use tracing::subscriber::Interest;
use tracing::{Dispatch, Event, Level, Metadata, Subscriber};

use crate::convert;
use crate::news::{News, Tell};

/// The crate whose traces are logged; its dependencies' are not.
const TARGET: &str = "authentik_netbird_core";

/// Python's logger, and what it is to get.
pub(crate) struct Logger {
    logger: Arc<Py<PyAny>>,
    level: Level,
}

impl Logger {
    /// The logger, if it takes what calls log.
    pub(crate) fn of_call(py: Python<'_>) -> PyResult<Option<Self>> {
        Self::taking(py, &[Level::DEBUG, Level::INFO])
    }

    /// The logger, if it takes the first of these levels that it can.
    fn taking(py: Python<'_>, levels: &[Level]) -> PyResult<Option<Self>> {
        let modules = py.import(intern!(py, "sys"))?.getattr(intern!(py, "modules"))?;
        let Ok(logging) = modules.get_item(intern!(py, "logging")) else { return Ok(None) };
        let name = intern!(py, "authentik_netbird");
        let logger = logging.call_method1(intern!(py, "getLogger"), (name,))?;
        let handlers = logger.getattr(intern!(py, "handlers"))?;
        if handlers.is_empty()? {
            // As libraries do: without it Python prints the warnings of one that nobody configured.
            let nothing = logging.call_method0(intern!(py, "NullHandler"))?;
            logger.call_method1(intern!(py, "addHandler"), (nothing,))?;
        }
        for level in levels {
            let is_taken = logger.call_method1(intern!(py, "isEnabledFor"), (number(*level),))?;
            if is_taken.is_truthy()? {
                return Ok(Some(Self { logger: Arc::new(logger.unbind()), level: *level }));
            }
        }
        Ok(None)
    }

    fn dispatch(self, tell: Tell) -> Dispatch {
        Dispatch::new(Bridge {
            logger: self,
            tell,
            spans: Mutex::default(),
            last: AtomicU64::new(0),
        })
    }
}

/// Python's number of a level.
fn number(level: Level) -> u8 {
    match level {
        Level::ERROR => 40,
        Level::WARN => 30,
        Level::INFO => 20,
        _ => 10,
    }
}

/// Work that is logged, if there is a logger.
pub(crate) fn logged<F: Future>(work: F, logger: Option<Logger>, tell: Tell) -> WithDispatch<F> {
    work.with_subscriber(logger.map_or_else(Dispatch::none, |logger| logger.dispatch(tell)))
}

/// Makes something, and logs what it warns of.
pub(crate) fn warned<T>(py: Python<'_>, make: impl FnOnce() -> T) -> PyResult<T> {
    let Some(logger) = Logger::taking(py, &[Level::WARN])? else { return Ok(make()) };
    let (sender, receiver) = std::sync::mpsc::channel();
    let tell: Tell = Arc::new(move |news| {
        // The other end is below.
        let _ = sender.send(news);
    });
    let value = tracing::dispatcher::with_default(&logger.dispatch(tell), make);
    for news in receiver.try_iter() {
        news.callable(py)?.call0()?;
    }
    Ok(value)
}

/// One record for `logging`.
pub(crate) struct Record {
    logger: Arc<Py<PyAny>>,
    level: Level,
    message: String,
    fields: Map<String, Value>,
}

impl Record {
    /// The callable, without arguments: the logger's method.
    pub(crate) fn callable<'py>(self, partial: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = partial.py();
        let log = self.logger.bind(py).getattr(intern!(py, "log"))?;
        let keywords = PyDict::new(py);
        keywords.set_item("extra", convert::to_python(py, &self.fields)?)?;
        partial.call((log, number(self.level), self.message), Some(&keywords))
    }
}

/// Fields of a span or an event.
#[derive(Clone, Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn set(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// One line for people.
    fn message(&self, span: &str) -> String {
        let field = |name: &str| self.0.get(name).cloned().unwrap_or_default();
        let elapsed = field("elapsed").as_f64().unwrap_or_default();
        match span {
            "request" => {
                let (method, path) = (self.text("method"), self.text("path"));
                let result = match field("status") {
                    Value::Null => self.text("error").to_owned(),
                    status => status.to_string(),
                };
                let attempt = field("attempt");
                format!("{method} {path}: {result} (attempt {attempt}, {elapsed:.3} s)")
            }
            "operation" => {
                let (state, action) = (self.text("state"), self.text("action"));
                format!("{state}: {action} {} ({elapsed:.3} s)", self.text("resource"))
            }
            _ => {
                let mut message = self.text("message").to_owned();
                for (name, value) in self.0.iter().filter(|(name, _)| *name != "message") {
                    message.push(' ');
                    message.push_str(name);
                    message.push('=');
                    message.push_str(&value.to_string());
                }
                message
            }
        }
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.set(field, format!("{value:?}"));
    }
}

struct Span {
    name: &'static str,
    fields: Fields,
    handles: usize,
}

/// Hands on what the core traces during one call.
struct Bridge {
    logger: Logger,
    tell: Tell,
    spans: Mutex<HashMap<u64, Span>>,
    last: AtomicU64,
}

impl Bridge {
    fn spans(&self) -> MutexGuard<'_, HashMap<u64, Span>> {
        self.spans.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Subscriber for Bridge {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.enabled(metadata) { Interest::always() } else { Interest::never() }
    }

    /// A warning is about settings, which are logged where a client is made: not in each of its calls.
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let is_ours = metadata.target().starts_with(TARGET);
        let is_settings = *metadata.level() == Level::WARN;
        let of_call = self.logger.level != Level::WARN;
        is_ours && *metadata.level() <= self.logger.level && is_settings != of_call
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.logger.level.into())
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields::default();
        span.record(&mut fields);
        let id = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        self.spans().insert(id, Span { name: span.metadata().name(), fields, handles: 1 });
        Id::from_u64(id)
    }

    fn record(&self, id: &Id, values: &tracing::span::Record<'_>) {
        if let Some(span) = self.spans().get_mut(&id.into_u64()) {
            values.record(&mut span.fields);
        }
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let (name, mut fields) = match event.parent().map(Id::into_u64) {
            Some(id) => match self.spans().get(&id) {
                Some(span) => (span.name, span.fields.clone()),
                None => return,
            },
            None => ("", Fields::default()),
        };
        event.record(&mut fields);
        let message = fields.message(name);
        // `logging` has a separate message.
        fields.0.remove("message");
        let (logger, level) = (Arc::clone(&self.logger.logger), *event.metadata().level());
        (self.tell)(News::Record(Record { logger, level, message, fields: fields.0 }));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}

    fn clone_span(&self, id: &Id) -> Id {
        if let Some(span) = self.spans().get_mut(&id.into_u64()) {
            span.handles += 1;
        }
        id.clone()
    }

    fn try_close(&self, id: Id) -> bool {
        let mut spans = self.spans();
        let Some(span) = spans.get_mut(&id.into_u64()) else { return false };
        span.handles -= 1;
        let is_last = span.handles == 0;
        if is_last {
            spans.remove(&id.into_u64());
        }
        is_last
    }
}
