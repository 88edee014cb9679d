//! The news of a call, for Python: events for a listener, and records for `logging`.

use std::sync::Arc;

use authentik_netbird_core as core;
use pyo3::intern;
use pyo3::prelude::*;

use crate::log::Record;
use crate::report::ApplyEvent;

/// Something that Python gets to know during a call.
pub(crate) enum News {
    /// For this listener.
    Event(Arc<Py<PyAny>>, Box<core::ApplyEvent>),
    Record(Record),
}

/// Brings news to where Python takes them.
pub(crate) type Tell = Arc<dyn Fn(News) + Send + Sync>;

impl News {
    /// The callable, without arguments.
    pub(crate) fn callable(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        let partial = py.import(intern!(py, "functools"))?.getattr(intern!(py, "partial"))?;
        match self {
            Self::Event(listener, event) => partial.call1((listener.bind(py), ApplyEvent(*event))),
            Self::Record(record) => record.callable(&partial),
        }
    }
}
