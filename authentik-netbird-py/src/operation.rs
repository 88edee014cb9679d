//! `Operation` and `FieldChange`: what a plan is made of.

use authentik_netbird_core::ids::OperationId;
use authentik_netbird_core::plan;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::convert;
use crate::resource::Resource;
use crate::value_object::{Object, Tuple, methods};

/// One write, or the finding that none is needed, with everything that a person wants to know.
/// `str(operation)` is the text for people.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Operation(pub(crate) plan::Operation);

methods! { [json str] Operation(it, py) {
    get {
        /// Its name, unique within the plan and the same in every plan: `provider`, `device-flow`.
        id: &str = it.id.as_str();
        /// Which server it goes to.
        server: Object<'py> = convert::member(py, "Server", &it.server);
        /// The resource concerned.
        resource: Resource = Resource(it.resource.clone());
        /// The kind of change.
        verb: Object<'py> = convert::member(py, "Verb", &it.verb());
        /// Whether it writes.
        is_change: bool = it.is_change();
        /// Why.
        reason: &str = &it.reason;
        /// Where the guide says so.
        guide: Object<'py> = convert::member(py, "GuideStep", &it.guide);
        /// Names of the operations that must be applied before it.
        depends_on: Tuple<'py> = PyTuple::new(py, it.depends_on.iter().map(OperationId::as_str));
        /// Field by field: before and after. Secrets show as set or changed, never as values.
        changes: Tuple<'py> = PyTuple::new(py, it.changes.iter().cloned().map(FieldChange));
        /// The user who changed it last, for drift, as far as authentik's event log says; else `None`. Only in
        /// a plan that `Client.with_authors` returned.
        changed_by: Option<ChangedBy> = it.changed_by.clone().map(ChangedBy);
        /// The request that is sent, as plain dicts; `None` when there is nothing to do. It holds no secret.
        write: PyResult<Option<Bound<'py, PyAny>>> =
            it.write.as_ref().map(|write| convert::to_python(py, write)).transpose();
    }

    fn __repr__(&self) -> String {
        format!("<Operation {}: {} {}>", self.0.id, self.0.verb(), self.0.resource)
    }
} }

/// One field of a resource, before and after.
///
/// >>> from authentik_netbird import NetbirdIntegration
/// >>> integration = NetbirdIntegration("https://authentik.company", "netbird.company")
/// >>> change = integration.preview().operations[0].changes[0]
/// >>> change.path, change.after.value
/// ('access_code_validity', 'minutes=10')
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct FieldChange(pub(crate) plan::FieldChange);

methods! { [json repr] FieldChange(it, py) {
    get {
        /// The field, as authentik's API calls it.
        path: &str = &it.path;
        /// The current value; absent when the resource does not exist yet.
        before: FieldValue = FieldValue(it.before.clone());
        /// The new value.
        after: FieldValue = FieldValue(it.after.clone());
    }
} }

/// A value of a field, fit to be shown. `str(value)` is a text for people.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct FieldValue(plan::FieldValue);

methods! { [str] FieldValue(it, py) {
    get {
        /// The kind of value.
        kind: Object<'py> = convert::named_member(py, "FieldValueKind", match it {
            plan::FieldValue::Absent => "absent",
            plan::FieldValue::Value(_) => "value",
            _ => "secret",
        });
        /// The value, as authentik's API writes it; `None` for what is absent or secret. An id of what
        /// an operation creates is `{"pending": OPERATION}`.
        value: PyResult<Option<Bound<'py, PyAny>>> = match &it {
            plan::FieldValue::Value(value) => convert::to_python(py, value).map(Some),
            _ => Ok(None),
        };
    }

    fn __repr__(&self) -> String {
        format!("<FieldValue {}>", self.0)
    }
} }

/// The user who changed an object last, by authentik's event log.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ChangedBy(plan::ChangedBy);

methods! { [json repr] ChangedBy(it, py) {
    get {
        /// User name.
        user: &str = &it.user;
        /// When, in UTC; `None` if authentik's text is not a time.
        at: PyResult<Option<Bound<'py, PyAny>>> = convert::datetime(py, &it.at);
    }
} }
