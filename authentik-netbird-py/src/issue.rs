//! `Issue` and `Blocker`: what is wrong with what was given, and with what the server has.

use authentik_netbird_core as core;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::argument::Arg;
use crate::convert;
use crate::resource::Resource;
use crate::value_object::value_object;

/// One thing that is wrong with what was given, and what to do about it.
///
/// >>> from authentik_netbird import InvalidIntegrationError, NetbirdIntegration
/// >>> try:
/// ...     NetbirdIntegration("https://authentik.company", "netbird company")
/// ... except InvalidIntegrationError as error:
/// ...     print(error.issues[0].field)
/// domain
#[pyclass(frozen, eq, hash, str, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Issue(pub(crate) core::Issue);

impl std::fmt::Display for Issue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

value_object! { repr Issue {
    #[new]
    fn new(field: Arg<String>, message: Arg<String>, hint: Arg<String>) -> Self {
        Self(core::Issue::new(field.into_inner(), message.into_inner(), hint.into_inner()))
    }

    /// The field, such as `authentik_url`.
    #[getter]
    fn field(&self) -> &str {
        &self.0.field
    }

    /// What is wrong, with the value where it is no secret.
    #[getter]
    fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do.
    #[getter]
    fn hint(&self) -> &str {
        &self.0.hint
    }
} }

/// One reason why the server can't be changed safely. `str(blocker)` is a sentence.
#[pyclass(frozen, eq, str, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Blocker(pub(crate) core::error::Blocker);

impl std::fmt::Display for Blocker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

value_object! { repr Blocker {
    /// Why there is no plan: something is missing, ambiguous, in conflict, or the server too old.
    #[getter]
    fn kind<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::member(py, "BlockerKind", &self.0.kind)
    }

    /// What it is about.
    #[getter]
    fn resource(&self) -> Resource {
        Resource(self.0.resource.clone())
    }

    /// Why it blocks a plan.
    #[getter]
    fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do.
    #[getter]
    fn hint(&self) -> &str {
        &self.0.hint
    }

    /// Each match of something ambiguous, by what distinguishes it.
    #[getter]
    fn matches<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.0.matches)
    }
} }
