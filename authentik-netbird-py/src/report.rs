//! `ApplyReport`, `Outcome`, `Provisioned` and `ApplyEvent`: the result of a plan.

use authentik_netbird_core as core;
use core::report::OperationState as State;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::convert;
use crate::env::FileChange;
use crate::operation::Operation;
use crate::outputs::Outputs;
use crate::plan::Plan;
use crate::resource::Resource;
use crate::value_object::{Object, Tuple, methods};

/// The result of each operation of a plan, in the plan's order. `str(report)` is the text for
/// people.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ApplyReport(pub(crate) core::report::ApplyReport);

methods! { [json str] ApplyReport(it, py) {
    get {
        /// One entry for each operation.
        entries: Tuple<'py> = PyTuple::new(py, it.entries.iter().cloned().map(ReportEntry));
        /// How many operations were applied.
        changed: usize = it.changed();
    }

    fn __repr__(&self) -> String {
        let text = self.0.to_string();
        format!("<ApplyReport: {}>", text.lines().next().unwrap_or_default())
    }
} }

/// The result of one operation.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ReportEntry(core::report::ReportEntry);

methods! { [json repr] ReportEntry(it, py) {
    get {
        /// Name of the operation.
        operation: &str = it.operation.as_str();
        /// The kind of change.
        verb: Object<'py> = convert::member(py, "Verb", &it.verb);
        /// To what.
        resource: Resource = Resource(it.resource.clone());
        /// The result.
        state: Object<'py> =
            convert::named_member(py, "OperationState", it.state.as_str());
        /// Why it failed, or why its outcome is unknown; `None` for other states.
        message: Option<&str> = match &it.state {
            State::Failed { message } | State::Unknown { message } => Some(message),
            _ => None,
        };
    }
} }

/// The result of a plan, and what NetBird needs now.
#[pyclass(frozen, module = "authentik_netbird")]
pub(crate) struct Outcome(pub(crate) core::Outcome);

methods! { [secret] Outcome(it, py) {
    get {
        /// The result of each operation.
        report: ApplyReport = ApplyReport(it.report().clone());
        /// The outputs for NetBird; `None` after a teardown. The app password is in it if this run created or
        /// replaced it: a `setup.env` that has it keeps it, and `Client.outputs` reads it.
        outputs: Option<Outputs> = it.outputs().cloned().map(Outputs);
    }

    fn __repr__(&self) -> String {
        format!("<Outcome: {} applied>", self.0.report().changed())
    }
} }

/// The result of a plan and of `setup.env`.
#[pyclass(frozen, module = "authentik_netbird")]
pub(crate) struct Provisioned(pub(crate) core::Provisioned);

methods! { [secret] Provisioned(it, py) {
    get {
        /// The plan that was applied.
        plan: Plan = Plan::from(it.plan.clone());
        /// The result.
        outcome: Outcome = Outcome(it.outcome.clone());
        /// The change of the file.
        file: FileChange = FileChange(it.file.clone());
    }

    fn __repr__(&self) -> String {
        let (changed, file) = (self.0.outcome.report().changed(), &self.0.file);
        format!("<Provisioned: {changed} applied, setup.env {:?}>", file.kind)
    }
} }

/// An event of an apply. `str(event)` is a line for people.
///
/// >>> from authentik_netbird import ApplyEventKind, Client, NetbirdIntegration
/// >>> from authentik_netbird.testing import AuthentikSimulator
/// >>> def listener(event):
/// ...     if event.kind == ApplyEventKind.APPLIED and event.entry.operation == "provider":
/// ...         print(event)
/// >>> with AuthentikSimulator() as authentik:
/// ...     integration = NetbirdIntegration(authentik.url, "netbird.company")
/// ...     with Client(authentik.url, token=authentik.token) as client:
/// ...         outcome = client.apply(client.plan(integration), on_event=listener)
/// applied: create provider "NetBird"
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ApplyEvent(pub(crate) core::ApplyEvent);

methods! { [] ApplyEvent(it, py) {
    get {
        /// The kind of event.
        kind: Object<'py> = convert::named_member(py, "ApplyEventKind", kind(it));
        /// The operation that was started; `None` for other kinds.
        operation: Option<Operation> = match it {
            core::ApplyEvent::Started(operation) => Some(Operation((**operation).clone())),
            _ => None,
        };
        /// The result of an operation that was applied or failed; `None` for other kinds.
        entry: Option<ReportEntry> = match it {
            core::ApplyEvent::Applied(entry) | core::ApplyEvent::Failed(entry) => {
                Some(ReportEntry(entry.clone()))
            }
            _ => None,
        };
    }

    fn __str__(&self) -> String {
        let kind = kind(&self.0);
        match &self.0 {
            core::ApplyEvent::Started(operation) => {
                format!("{kind}: {} {}", operation.verb(), operation.resource)
            }
            core::ApplyEvent::Applied(entry) | core::ApplyEvent::Failed(entry) => {
                format!("{kind}: {} {}", entry.verb, entry.resource)
            }
            _ => format!("{kind}: reading authentik again, because the plan is not fresh"),
        }
    }

    fn __repr__(&self) -> String {
        format!("<ApplyEvent {}>", self.__str__())
    }
} }

fn kind(event: &core::ApplyEvent) -> &'static str {
    match event {
        core::ApplyEvent::Started(_) => "started",
        core::ApplyEvent::Applied(_) => "applied",
        core::ApplyEvent::Failed(_) => "failed",
        _ => "refreshing",
    }
}
