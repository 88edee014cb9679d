//! `Operation` and `FieldChange`: what a plan is made of.

use authentik_netbird_core::plan;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::convert;
use crate::resource::Resource;
use crate::value_object::value_object;

/// One write, or the finding that none is needed, with everything that a person wants to know.
/// `str(operation)` is the text for people.
#[pyclass(frozen, eq, str, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Operation(pub(crate) plan::Operation);

impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

value_object! { Operation {
    /// Its name, unique within the plan and the same in every plan: `provider`, `device-flow`.
    #[getter]
    fn id(&self) -> &str {
        self.0.id.as_str()
    }

    /// Which server it goes to.
    #[getter]
    fn server<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::member(py, "Server", &self.0.server)
    }

    /// What it is about.
    #[getter]
    fn resource(&self) -> Resource {
        Resource(self.0.resource.clone())
    }

    /// What it does.
    #[getter]
    fn verb<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::member(py, "Verb", &self.0.verb())
    }

    /// Whether it writes.
    #[getter]
    fn is_change(&self) -> bool {
        self.0.is_change()
    }

    /// Why.
    #[getter]
    fn reason(&self) -> &str {
        &self.0.reason
    }

    /// Where the guide says so.
    #[getter]
    fn guide<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::member(py, "GuideStep", &self.0.guide)
    }

    /// Names of the operations that must be done before it.
    #[getter]
    fn waits_for<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.waits_for.iter().map(authentik_netbird_core::ids::OperationId::as_str))
    }

    /// Field by field: before and after. Secrets show as set or changed, never as values.
    #[getter]
    fn changes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.changes.iter().cloned().map(FieldChange))
    }

    /// Who changed it last, for drift, as far as authentik's event log says; else `None`.
    #[getter]
    fn changed_by(&self) -> Option<ChangedBy> {
        self.0.changed_by.clone().map(ChangedBy)
    }

    /// What is sent, as plain dicts; `None` when there is nothing to do. It holds no secret.
    #[getter]
    fn write<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.0.write.as_ref().map(|write| convert::to_python(py, write)).transpose()
    }

    fn __repr__(&self) -> String {
        format!("<Operation {}: {} {}>", self.0.id, self.0.verb(), self.0.resource)
    }
} }

/// One field of a resource, before and after.
///
/// >>> from authentik_netbird import NetbirdIntegration
/// >>> integration = NetbirdIntegration("https://authentik.company", "netbird.company")
/// >>> change = integration.operations()[3].changes[0]
/// >>> change.path, change.after.value
/// ('meta_launch_url', 'https://netbird.company')
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct FieldChange(pub(crate) plan::FieldChange);

value_object! { repr FieldChange {
    /// The field, as authentik's API calls it.
    #[getter]
    fn path(&self) -> &str {
        &self.0.path
    }

    /// What it is now; absent when the resource is not there yet.
    #[getter]
    fn before(&self) -> FieldValue {
        FieldValue(self.0.before.clone())
    }

    /// What it is to be.
    #[getter]
    fn after(&self) -> FieldValue {
        FieldValue(self.0.after.clone())
    }
} }

/// A value of a field, fit to be shown. `str(value)` is a text for people.
#[pyclass(frozen, eq, str, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct FieldValue(plan::FieldValue);

impl std::fmt::Display for FieldValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[pymethods]
impl FieldValue {
    /// What is known of it.
    #[getter]
    fn kind<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let kind = match &self.0 {
            plan::FieldValue::Absent => "absent",
            plan::FieldValue::Value(_) => "value",
            _ => "secret",
        };
        convert::named_member(py, "FieldValueKind", kind)
    }

    /// The value, as authentik's API writes it; `None` for what is absent or secret. An id that an
    /// operation makes is `{"made_by": OPERATION}`.
    #[getter]
    fn value<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        match &self.0 {
            plan::FieldValue::Value(value) => convert::to_python(py, value).map(Some),
            _ => Ok(None),
        }
    }

    fn __repr__(&self) -> String {
        format!("<FieldValue {}>", self.0)
    }
}

/// Who changed an object last, by authentik's event log.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ChangedBy(plan::ChangedBy);

value_object! { repr ChangedBy {
    /// User name.
    #[getter]
    fn user(&self) -> &str {
        &self.0.user
    }

    /// When, RFC 3339 in UTC.
    #[getter]
    fn at(&self) -> &str {
        &self.0.at
    }
} }
