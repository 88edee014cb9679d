//! `ApplyReport`, its entries, `Outcome`, and `Event`: what became of a plan.

use authentik_netbird_core as core;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::convert;
use crate::operation::Operation;
use crate::outputs::Outputs;
use crate::resource::Resource;
use crate::value_object::{Object, Tuple, methods};

/// What became of each operation of a plan, in the plan's order. `str(report)` is the text for
/// people.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ApplyReport(pub(crate) core::plan::ApplyReport);

methods! { [json str] ApplyReport(it, py) {
    get {
        /// One entry for each operation.
        entries: Tuple<'py> = PyTuple::new(py, it.entries.iter().cloned().map(ReportEntry));
        /// How many operations wrote something.
        changed: usize = it.changed();
    }

    fn __repr__(&self) -> String {
        let text = self.0.to_string();
        format!("<ApplyReport: {}>", text.lines().next().unwrap_or_default())
    }
} }

/// What became of one operation.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ReportEntry(core::plan::ReportEntry);

methods! { [json repr] ReportEntry(it, py) {
    get {
        /// Name of the operation.
        operation: &str = it.operation.as_str();
        /// What it was to do.
        verb: Object<'py> = convert::member(py, "Verb", &it.verb);
        /// To what.
        resource: Resource = Resource(it.resource.clone());
    }

    /// What became of it.
    #[getter]
    fn state<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        use core::plan::OperationState as State;
        let state = match &self.0.state {
            State::Unchanged => "unchanged",
            State::Done => "done",
            State::FoundDone => "found_done",
            State::Failed { .. } => "failed",
            State::NotTried => "not_tried",
            _ => "unknown",
        };
        convert::named_member(py, "OperationState", state)
    }

    /// Why it failed, or is not known; `None` for other states.
    #[getter]
    fn message(&self) -> Option<&str> {
        use core::plan::OperationState as State;
        match &self.0.state {
            State::Failed { message } | State::Unknown { message } => Some(message),
            _ => None,
        }
    }
} }

/// What became of a plan, and what NetBird needs now.
#[pyclass(frozen, module = "authentik_netbird")]
pub(crate) struct Outcome(pub(crate) core::Outcome);

methods! { [secret] Outcome(it, py) {
    get {
        /// What became of each operation.
        report: ApplyReport = ApplyReport(it.report().clone());
        /// What NetBird needs. When there was nothing to do the app password was not read, and so is
        /// not in it: a `setup.env` that has it keeps it, and `Client.outputs` reads it.
        outputs: Outputs = Outputs(it.outputs().clone());
    }

    fn __repr__(&self) -> String {
        format!("<Outcome: {} written>", self.0.report().changed())
    }
} }

/// What happens while a plan is applied. `str(event)` is a line for people.
///
/// >>> from authentik_netbird import Client, EventKind, NetbirdIntegration
/// >>> from authentik_netbird.testing import AuthentikSimulator
/// >>> def listener(event):
/// ...     if event.kind == EventKind.DONE and event.entry.operation == "provider":
/// ...         print(event)
/// >>> with AuthentikSimulator() as authentik:
/// ...     integration = NetbirdIntegration(authentik.url, "netbird.company")
/// ...     with Client(authentik.url, token=authentik.token) as client:
/// ...         outcome = client.apply(client.plan(integration), on_event=listener)
/// done: create provider "NetBird"
#[pyclass(frozen, eq, str, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Event(pub(crate) core::Event);

impl std::fmt::Display for Event {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            core::Event::Started(operation) => {
                write!(f, "started: {} {}", operation.verb(), operation.resource)
            }
            core::Event::Done(entry) => write!(f, "done: {} {}", entry.verb, entry.resource),
            core::Event::Failed(entry) => write!(f, "failed: {} {}", entry.verb, entry.resource),
            _ => f.write_str("checking that nothing has changed"),
        }
    }
}

methods! { [] Event(it, py) {
    get {
        /// The operation that was started; `None` for other kinds.
        operation: Option<Operation> = match &it {
            core::Event::Started(operation) => Some(Operation((**operation).clone())),
            _ => None,
        };
        /// What became of an operation that was done or failed; `None` for other kinds.
        entry: Option<ReportEntry> = match &it {
            core::Event::Done(entry) | core::Event::Failed(entry) => {
                Some(ReportEntry(entry.clone()))
            }
            _ => None,
        };
    }

    /// What happened.
    #[getter]
    fn kind<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let kind = match &self.0 {
            core::Event::Started(_) => "started",
            core::Event::Done(_) => "done",
            core::Event::Failed(_) => "failed",
            _ => "checking",
        };
        convert::named_member(py, "EventKind", kind)
    }

    fn __repr__(&self) -> String {
        format!("<Event {self}>")
    }
} }
