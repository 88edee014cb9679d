//! `Issue` and `Problem`: what is wrong with what was given, and with what the server has.

use authentik_netbird_core as core;
use pyo3::prelude::*;

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

/// A state of the server that can't be planned from. `str(problem)` is a sentence.
#[pyclass(frozen, eq, str, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Problem(pub(crate) core::error::Problem);

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

value_object! { repr Problem {
    /// Why there is no plan: something is missing, ambiguous, in conflict, or the server too old.
    #[getter]
    fn kind<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        use core::error::Problem;
        let kind = match &self.0 {
            Problem::Ambiguous { .. } => "ambiguous",
            Problem::Conflict { .. } => "conflict",
            Problem::UnsupportedVersion { .. } => "unsupported_version",
            _ => "missing",
        };
        convert::named_member(py, "ProblemKind", kind)
    }

    /// What it is about.
    #[getter]
    fn resource(&self) -> Resource {
        Resource(self.0.resource().clone())
    }

    /// Why it is needed, or what it belongs to; `None` for other kinds.
    #[getter]
    fn why(&self) -> Option<&str> {
        match &self.0 {
            core::error::Problem::Missing { why, .. }
            | core::error::Problem::Conflict { why, .. } => Some(why),
            _ => None,
        }
    }

    /// Each match of something ambiguous, by what tells it apart.
    #[getter]
    fn matches<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, pyo3::types::PyTuple>> {
        let matches = match &self.0 {
            core::error::Problem::Ambiguous { matches, .. } => matches.as_slice(),
            _ => &[],
        };
        pyo3::types::PyTuple::new(py, matches)
    }

    /// Version of a server that is too old; `None` for other kinds.
    #[getter]
    fn found(&self) -> Option<&str> {
        match &self.0 {
            core::error::Problem::UnsupportedVersion { found, .. } => Some(found),
            _ => None,
        }
    }

    /// What to do.
    #[getter]
    fn hint(&self) -> &str {
        use core::error::Problem;
        match &self.0 {
            Problem::Missing { hint, .. }
            | Problem::Ambiguous { hint, .. }
            | Problem::Conflict { hint, .. }
            | Problem::UnsupportedVersion { hint, .. } => hint,
            _ => "",
        }
    }
} }
