//! `Plan`.

use std::collections::BTreeMap;
use std::sync::Arc;

use authentik_netbird_core as core;
use core::authentik::TokenIdentifier;
use core::ids::ClientId;
use core::outputs::export;
use pyo3::prelude::*;
use pyo3::types::{PyTuple, PyType};

use crate::argument::Arg;
use crate::integration::NetbirdIntegration;
use crate::operation::Operation;
use crate::value_object::{Object, Reduced, Tuple, methods, reduced};
use crate::{convert, errors};

/// The operations to carry out, in an order in which they can be carried out.
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
        /// The purpose.
        purpose: Object<'py> = convert::member(py, "Purpose", &it.purpose);
        /// The integration that was asked for.
        integration: NetbirdIntegration = NetbirdIntegration(it.integration.clone());
        /// Version of the server that it is for, such as `2026.5.0`; `None` for a rotation, which does
        /// not depend on it.
        server_version: Option<String> = it.server_version.map(|version| version.to_string());
        /// Whether it was made without a server. Such a plan can be read but not applied.
        offline: bool = it.offline;
        /// The operations, including those without anything to do.
        operations: Tuple<'py> = PyTuple::new(py, it.operations.iter().cloned().map(Operation));
        /// The operations that write.
        changes: Tuple<'py> =
            PyTuple::new(py, it.changes().cloned().map(Operation).collect::<Vec<_>>());
        /// Whether there is anything to do.
        has_changes: bool = it.has_changes();
        /// Notes for people.
        warnings: Tuple<'py> = PyTuple::new(py, it.warnings.iter().cloned().map(PlanWarning));
        /// Permissions that it needs and that the token's user is missing, as far as that could be read. With
        /// any it can be read but not applied.
        missing_permissions: Tuple<'py> = PyTuple::new(py, &it.missing_permissions);
        /// The existing objects of the server.
        existing: Existing = Existing(it.existing.clone());
        /// Names of the ids in `operations`.
        names: BTreeMap<String, String> = it.names.clone();
    }

    /// As plain dicts, lists, texts and numbers: what `to_json` writes.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("json")?.call_method1("loads", (self.to_json(),))
    }

    /// As JSON, with a digest of itself, so that one that was cut or edited is known.
    fn to_json(&self) -> String {
        self.0.to_json()
    }

    /// The operations as a bash script of curl commands, which needs nothing of this package. It holds no
    /// secret.
    ///
    /// Raises:
    ///     InvalidPlanError: An operation has to read the server first.
    fn export_curl(&self) -> PyResult<String> {
        export::curl_script(&self.0).map_err(errors::to_python)
    }

    /// The operations as Ansible tasks with `ansible.builtin.uri`. They hold no secret.
    ///
    /// Raises:
    ///     InvalidPlanError: An operation has to read the server first.
    fn export_ansible(&self) -> PyResult<String> {
        export::ansible_tasks(&self.0).map_err(errors::to_python)
    }

    /// From what `to_dict` gives.
    ///
    /// Raises:
    ///     InvalidPlanError: It is truncated, was edited, or has another format.
    #[classmethod]
    fn from_dict(_class: &Bound<'_, PyType>, fields: &Bound<'_, PyAny>) -> PyResult<Self> {
        Self::read_json(&convert::to_json(&convert::fields(fields)?)?)
    }

    /// From what `to_json` gives.
    ///
    /// Raises:
    ///     InvalidPlanError: It is truncated, was edited, or has another format.
    #[classmethod]
    fn from_json(_class: &Bound<'_, PyType>, text: Arg<&str>) -> PyResult<Self> {
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

/// A note for people about a plan; it does not stop an apply. `str(warning)` is message and
/// hint.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PlanWarning(core::plan::Warning);

methods! { [json repr str] PlanWarning(it, py) {
    get {
        /// The kind, for programs.
        kind: Object<'py> = convert::member(py, "WarningKind", &it.kind);
        /// The message, in a sentence.
        message: &str = &it.message;
        /// A remedy.
        hint: &str = &it.hint;
    }
} }

/// The existing objects of the server, as far as NetBird's configuration needs them.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Existing(core::plan::Existing);

methods! { [json repr] Existing(it, py) {
    get {
        /// The provider's client id; `None`: there is none yet.
        client_id: Option<&str> = it.client_id.as_ref().map(ClientId::as_str);
        /// Client id of the separate client of NetBird's management; `None`: there is none yet.
        api_client_id: Option<&str> = it.api_client_id.as_ref().map(ClientId::as_str);
        /// Identifier of the account's app password, never its value; `None`: there is none yet.
        app_password: Option<&str> = it.app_password.as_ref().map(TokenIdentifier::as_str);
    }
} }
