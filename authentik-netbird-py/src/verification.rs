//! `verify`, `Verification` with its checks and expiries, `Status`: whether authentik works as NetBird will use it.

use std::sync::Arc;
use std::time::SystemTime;

use authentik_netbird_core::verify as core;
use pyo3::prelude::*;
use pyo3::types::{PyTuple, PyType};

use crate::argument::{Arg, SecretText};
use crate::connection_options::{ConnectionOptions, given};
use crate::env::NetbirdEnv;
use crate::issue::Issue;
use crate::log::{self, Logger};
use crate::plan::Plan;
use crate::value_object::{Object, Reduced, Tuple, methods, reduced};
use crate::{convert, errors, runtime};

/// One thing that was checked. `str(check)` is a sentence with its hint.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Check(core::Check);

methods! { [json repr str] Check(it, py) {
    get {
        /// What.
        name: Object<'py> = convert::member(py, "CheckName", &it.name);
        /// The result.
        status: Object<'py> = convert::member(py, "CheckStatus", &it.status);
        /// The finding, in one sentence.
        message: &str = &it.message;
        /// A remedy; `None` if there is nothing to do.
        hint: Option<&str> = it.hint.as_deref();
        /// For a failure, whether a plan for the same options fixes it; `None`: not known without
        /// options or without an administrator's token.
        fixed_by_plan: Option<bool> = it.fixed_by_plan;
    }
} }

/// When something that logins depend on expires.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Expiry(core::Expiry);

methods! { [json repr] Expiry(it, py) {
    get {
        /// What.
        kind: Object<'py> = convert::member(py, "ExpiryKind", &it.kind);
        /// Identifier of the app password, or name of the certificate-key pair.
        name: &str = &it.name;
        /// When, in UTC; `None`: never.
        expires: Option<SystemTime> = it.expires;
    }
} }

/// The report of a verification: each check in the order of `CheckName`. `str(verification)` is the
/// report for people. It holds no secret.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Verification(pub(crate) Arc<core::Verification>);

impl From<core::Verification> for Verification {
    fn from(verification: core::Verification) -> Self {
        Self(Arc::new(verification))
    }
}

methods! { [str] Verification(it, py) {
    get {
        /// authentik's base URL, without a slash at its end.
        authentik_url: &str = &it.authentik_url;
        /// NetBird's host name.
        domain: &str = &it.domain;
        /// Every check, whatever its status.
        checks: Tuple<'py> = PyTuple::new(py, it.checks.iter().cloned().map(Check));
        /// When what logins depend on expires, as far as an administrator's token showed it: the signing
        /// key only where the certificates were read, which `Client.status` does.
        expiries: Tuple<'py> = PyTuple::new(py, it.expiries.iter().cloned().map(Expiry));
        /// Where something failed: why there is no plan for the same options.
        blocked: Option<&str> = it.blocked.as_deref();
        /// Whether everything that NetBird needs is proved: no check failed, and none is unknown.
        is_success: bool = it.is_success();
        /// Whether every check could be judged.
        is_complete: bool = it.is_complete();
    }

    /// A check, by its `CheckName` or its text; `None` if there is no check of that name.
    fn get(&self, name: Arg<&str>) -> Option<Check> {
        self.0.checks.iter().find(|check| check.name.as_str() == *name).cloned().map(Check)
    }

    /// The checks with this `CheckStatus`.
    fn with_status<'py>(
        &self,
        py: Python<'py>,
        status: Arg<&str>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let checks = self.0.checks.iter().filter(|check| convert::text(&check.status) == *status);
        PyTuple::new(py, checks.cloned().map(Check).collect::<Vec<_>>())
    }

    /// Does nothing if no check failed: for scripts that want to stop otherwise.
    ///
    /// Raises:
    ///     VerificationError: A check failed; `verification` has all of them.
    fn raise_for_failures(&self) -> PyResult<()> {
        self.0.as_ref().clone().into_result().map(drop).map_err(errors::to_python)
    }

    /// As plain dicts, lists and texts.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, self.0.as_ref())
    }

    /// As JSON, with a `format_version` and `success`.
    fn to_json(&self) -> String {
        self.0.to_json()
    }

    /// From what `to_dict` gives. Raises `ValueError` for anything else.
    #[classmethod]
    fn from_dict(_class: &Bound<'_, PyType>, fields: &Bound<'_, PyAny>) -> PyResult<Self> {
        convert::from_mapping("Verification", fields).map(core::Verification::into)
    }

    /// From what `to_json` gives. Raises `ValueError` for anything else.
    #[classmethod]
    fn from_json(_class: &Bound<'_, PyType>, text: Arg<&str>) -> PyResult<Self> {
        convert::from_json("Verification", &text).map(core::Verification::into)
    }

    /// For pickle: class and JSON.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Reduced<'py>> {
        reduced(py.get_type::<Self>(), self.to_json())
    }

    fn __repr__(&self) -> String {
        let failed = self.0.with(core::CheckStatus::Fail).count();
        format!("<Verification of {}: {failed} failed>", self.0.domain)
    }
} }

/// How an integration is: for an overview of many. It holds no secret.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Status(pub(crate) authentik_netbird_core::Status);

methods! { [] Status(it, py) {
    get {
        /// The checks of authentik as NetBird will use it, with the dates on which something expires that logins depend on.
        verification: Verification = Verification::from(it.verification.clone());
        /// The drift, as a plan; `None` if something is in the way of a plan (`verification.blocked`), or the
        /// token does not show all that a plan needs: the check `administration` has the reason.
        plan: Option<Plan> = it.plan.clone().map(Plan::from);
        /// authentik's version; `None` if it cannot be read with this token.
        server_version: Option<String> = it.server_version.map(|version| version.to_string());
    }

    fn __repr__(&self) -> String {
        let failed = self.0.verification.with(core::CheckStatus::Fail).count();
        format!("<Status of {}: {failed} failed>", self.0.verification.domain)
    }
} }

/// The settings that NetBird reads from its `setup.env` or `management.json`, as far as a verification asks, NetBird's
/// own defaults filled in. Whatever a file is like, there are settings: what is wrong with it is a part of
/// the report.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct NetbirdSettings(pub(crate) core::NetbirdSettings);

methods! { [secret] NetbirdSettings(it, py) {
    get {
        /// NetBird's host name; empty if the file does not say.
        domain: &str = it.domain();
        /// The issuer that the discovery document must name; empty if the file does not say.
        issuer: &str = it.issuer();
        /// authentik's base URL; its path ends in a slash. `None` if the file does not say.
        authentik_url: Option<String> = it.authentik_url().map(|url| url.to_string());
        /// Slug of the application; empty if the file does not say.
        application_slug: String = it.application_slug().to_string();
        /// The problems of the file itself, each with its variable or line.
        issues: Tuple<'py> = PyTuple::new(py, it.issues().iter().cloned().map(Issue));
    }

    /// The settings in a `setup.env` or a `management.json`, told apart by their content.
    #[staticmethod]
    fn parse(text: Arg<SecretText>) -> Self {
        Self(core::NetbirdSettings::parse(text.0.expose()))
    }

    /// The settings in a `setup.env`, such as one that someone wrote by hand. Nothing is run.
    ///
    /// >>> from authentik_netbird import NetbirdSettings
    /// >>> settings = NetbirdSettings.from_setup_env("NETBIRD_DOMAIN='netbird.company'")
    /// >>> settings.issues[0].field
    /// 'NETBIRD_AUTH_OIDC_CONFIGURATION_ENDPOINT'
    #[staticmethod]
    fn from_setup_env(text: Arg<SecretText>) -> Self {
        Self(core::NetbirdSettings::from_setup_env(text.0.expose()))
    }

    /// The settings in NetBird's `management.json`, where there is no `setup.env` (Helm, NixOS) or both
    /// differ.
    #[staticmethod]
    fn from_management_json(text: Arg<SecretText>) -> Self {
        Self(core::NetbirdSettings::from_management_json(text.0.expose()))
    }

    /// With whether the next run of `configure.sh` keeps NetBird's data store key: it takes the key from
    /// the `management.json` beside it (`current`), and the one in use is in
    /// `artifacts/management.json` (`generated`).
    #[pyo3(signature = (current, generated))]
    fn with_data_store_key(
        &self,
        current: Option<Arg<SecretText>>,
        generated: Arg<SecretText>,
    ) -> Self {
        let current = current.as_ref().map(|current| current.0.expose());
        Self(self.0.clone().with_data_store_key(current, generated.0.expose()))
    }

    /// The settings that a `NetbirdEnv` would write. Checks that need a password which is not
    /// known there cannot be judged.
    #[staticmethod]
    fn from_env(env: Arg<PyRef<'_, NetbirdEnv>>) -> Self {
        Self(core::NetbirdSettings::from_env(&env.0))
    }

    fn __repr__(&self) -> String {
        format!("<NetbirdSettings of {}>", self.0.domain())
    }
} }

/// Verifies NetBird's settings without an administrator's token: from a `setup.env` alone, also one
/// that someone wrote by hand. At most four round trips; nothing is written.
///
/// Checks that need an administrator are unknown; `Client.verify_settings` makes them. In asyncio:
/// `await asyncio.to_thread(verify, settings)`.
///
/// Args:
///     settings: What NetBird reads from its `setup.env`.
///     options: How to connect. Default: `ConnectionOptions()`.
///
/// Raises:
///     InvalidClientError: Options that are not valid. A failed request to authentik is not
///         an error but a failed check.
///
/// >>> from authentik_netbird import Client, NetbirdIntegration, NetbirdSettings, verify
/// >>> from authentik_netbird.testing import AuthentikSimulator
/// >>> with AuthentikSimulator() as authentik:
/// ...     integration = NetbirdIntegration(authentik.url, "netbird.company")
/// ...     with Client(authentik.url, token=authentik.token) as client:
/// ...         outcome = client.apply(client.plan(integration))
/// ...     settings = NetbirdSettings.from_env(outcome.outputs.netbird_env())
/// ...     verify(settings).with_status("fail")
/// ()
#[pyfunction]
#[pyo3(signature = (settings, *, options = None))]
pub(crate) fn verify(
    py: Python<'_>,
    settings: Arg<PyRef<'_, NetbirdSettings>>,
    options: Option<Arg<PyRef<'_, ConnectionOptions>>>,
) -> PyResult<Verification> {
    let (settings, options) = (settings.0.clone(), given(options));
    let verify = async move { core::verify(&settings, &options).await };
    let (tell, news) = runtime::news();
    let verify = log::logged(verify, Logger::of_call(py)?, tell);
    runtime::wait(py, verify, news).map(Verification::from)
}
