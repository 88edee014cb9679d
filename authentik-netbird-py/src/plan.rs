//! `Plan`, and planning without a server.

use std::sync::Arc;

use authentik_netbird_core as core;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::argument::Arg;
use crate::integration::NetbirdIntegration;
use crate::operation::Operation;
use crate::value_object::{Object, Reduced, Tuple, methods, reduced};
use crate::{convert, errors};

/// What is to be done, in an order that can be carried out one by one.
///
/// `str(plan)` is the text for people; `to_json` and `from_json` are the form for programs, with a
/// `format_version`. It can be pickled. A plan holds no secret.
///
/// >>> from authentik_netbird import Client, NetbirdIntegration, Plan
/// >>> from authentik_netbird.testing import AuthentikSimulator
/// >>> with AuthentikSimulator() as authentik:
/// ...     integration = NetbirdIntegration(authentik.url, "netbird.company")
/// ...     with Client(authentik.url, token=authentik.token) as client:
/// ...         plan = client.plan(integration)
/// >>> print(plan.changes[0].resource)
/// provider "NetBird"
/// >>> Plan.from_json(plan.to_json()) == plan
/// True
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq)]
pub(crate) struct Plan(pub(crate) Arc<core::Plan>);

impl Plan {
    fn read_json(text: &str) -> PyResult<Self> {
        core::Plan::from_json(text).map(Self::from).map_err(errors::to_python)
    }
}

impl From<core::Plan> for Plan {
    fn from(plan: core::Plan) -> Self {
        Self(Arc::new(plan))
    }
}

methods! { [str] Plan(it, py) {
    get {
        /// Version of the JSON form.
        format_version: u32 = it.format_version;
        /// What it is for.
        purpose: Object<'py> = convert::member(py, "Purpose", &it.purpose);
        /// What was asked for.
        integration: NetbirdIntegration = NetbirdIntegration(it.integration.clone());
        /// Version of the server that it is for, such as `2026.5.0`.
        server_version: String = it.server_version.to_string();
        /// Whether it was made without a server. Such a plan can be read but not applied.
        offline: bool = it.offline;
        /// The operations, those without anything to do among them.
        operations: Tuple<'py> = PyTuple::new(py, it.operations.iter().cloned().map(Operation));
        /// The operations that write.
        changes: Tuple<'py> =
            PyTuple::new(py, it.changes().cloned().map(Operation).collect::<Vec<_>>());
        /// Whether there is anything to do.
        has_changes: bool = it.has_changes();
        /// What a person should know.
        warnings: Tuple<'py> = PyTuple::new(py, it.warnings.iter().cloned().map(PlanWarning));
        /// Permissions that it needs and that the token's user is missing, as far as that could be read. With
        /// any it can be read but not applied.
        missing_permissions: Tuple<'py> = PyTuple::new(py, &it.missing_permissions);
        /// What the server has already.
        existing: Existing = Existing(it.existing.clone());
        /// Names of the ids in `operations`.
        names: std::collections::BTreeMap<String, String> = it.names.clone();
        /// What was read, for the question whether the plan is stale.
        fingerprint: Object<'py> = convert::to_python(py, &it.fingerprint);
    }

    /// As plain dicts, lists, texts and numbers: what `to_json` writes.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("json")?.call_method1("loads", (self.to_json(),))
    }

    /// As JSON, with a digest of itself, so that one that was cut or edited is known.
    fn to_json(&self) -> String {
        self.0.to_json()
    }

    /// From what `to_dict` gives.
    ///
    /// Raises:
    ///     InvalidPlanError: It is cut, was edited, or is of a newer format.
    #[staticmethod]
    fn from_dict(fields: &Bound<'_, PyAny>) -> PyResult<Self> {
        Self::read_json(&convert::to_json(&convert::fields(fields)?)?)
    }

    /// From what `to_json` gives.
    ///
    /// Raises:
    ///     InvalidPlanError: It is cut, was edited, or is of a newer format.
    #[staticmethod]
    fn from_json(text: Arg<&str>) -> PyResult<Self> {
        Self::read_json(&text)
    }

    fn __repr__(&self) -> String {
        let plan = &self.0;
        let (integration, changes) = (&plan.integration, plan.changes().count());
        let (domain, url) = (integration.domain(), integration.authentik_url());
        format!("<Plan for {domain} on {url}: {changes} to change>")
    }

    /// For pickle: class and JSON.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Reduced<'py>> {
        reduced(py.get_type::<Self>(), self.to_json())
    }
} }

/// What a person should know about a plan. Nothing of it stops an apply. `str(warning)` is its
/// message.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PlanWarning(core::plan::Warning);

methods! { [json repr str] PlanWarning(it, py) {
    get {
        /// What it is about, for programs.
        kind: Object<'py> = convert::member(py, "WarningKind", &it.kind);
        /// What a person should know, in a sentence.
        message: &str = &it.message;
    }
} }

/// What the server has already, as far as NetBird's configuration needs it.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Existing(core::plan::Existing);

methods! { [json repr] Existing(it, py) {
    get {
        /// The provider's client id; `None`: there is none yet.
        client_id: Option<&str> = it.client_id.as_ref().map(core::ids::ClientId::as_str);
        /// Identifier of the account's app password, never its value; `None`: there is none yet.
        app_password: Option<&str> =
            it.app_password.as_ref().map(core::ids::TokenIdentifier::as_str);
    }
} }

/// An integration with every default filled in.
///
/// Args:
///     integration: What is asked for.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct DesiredState(pub(crate) core::DesiredState);

methods! { [] DesiredState(it, py) {
    get {
        /// What it was made from.
        integration: NetbirdIntegration = NetbirdIntegration(it.integration.clone());
    }

    #[new]
    fn new(integration: Arg<PyRef<'_, NetbirdIntegration>>) -> Self {
        Self(core::DesiredState::from(&integration.0))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!(
            "DesiredState({})",
            convert::repr(py, "NetbirdIntegration", &self.0.integration)?
        ))
    }
} }

/// What a server had: made by `Client.observe`, or without a server by `factory_fresh`.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Snapshot(pub(crate) core::Snapshot);

methods! { [] Snapshot(it, py) {
    get {
        /// The server's version.
        version: String = it.version.to_string();
    }

    /// What a factory-fresh authentik of this version has, as far as it concerns `desired`.
    ///
    /// Raises:
    ///     ValueError: `version` is no version, such as `2026.5.0`.
    #[staticmethod]
    fn factory_fresh(desired: Arg<PyRef<'_, DesiredState>>, version: Arg<&str>) -> PyResult<Self> {
        let version = version
            .parse()
            .map_err(|error| PyValueError::new_err(format!("argument 'version': {error}")))?;
        Ok(Self(core::Snapshot::factory_fresh(&desired.0, version)))
    }

    fn __repr__(&self) -> String {
        format!("<Snapshot of authentik {}>", self.0.version)
    }
} }

/// Plans: what has to be done on a server with this snapshot to reach the desired state. Pure:
/// nothing is asked or sent.
///
/// Raises:
///     MissingError, AmbiguousError, ConflictError, UnsupportedVersionError: With everything that
///         is in the way in `blockers`.
///
/// >>> from authentik_netbird import DesiredState, NetbirdIntegration, Snapshot, plan
/// >>> integration = NetbirdIntegration("https://authentik.company", "netbird.company")
/// >>> desired = DesiredState(integration)
/// >>> len(plan(desired, Snapshot.factory_fresh(desired, "2025.10.0")).changes)
/// 6
#[pyfunction]
pub(crate) fn plan(
    desired: Arg<PyRef<'_, DesiredState>>,
    snapshot: Arg<PyRef<'_, Snapshot>>,
) -> PyResult<Plan> {
    core::plan::plan(&desired.0, &snapshot.0).map(Plan::from).map_err(errors::to_python)
}
