//! `Verification`, its checks, and `Verifier`: proving that it works as NetBird will use it.

use std::sync::Arc;

use authentik_netbird_core::verify;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::argument::{Arg, Pem, SecretText, arg};
use crate::env::NetbirdEnv;
use crate::value_object::{not_pickled, value_object};
use crate::{convert, errors, runtime};

/// One thing that was looked at. `str(check)` is a sentence with its remedy.
#[pyclass(frozen, eq, str, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Check(verify::Check);

impl std::fmt::Display for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

value_object! { repr Check {
    /// What.
    #[getter]
    fn name<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::member(py, "CheckName", &self.0.name)
    }

    /// How it came out.
    #[getter]
    fn status<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::member(py, "CheckStatus", &self.0.status)
    }

    /// What was found, in one sentence.
    #[getter]
    fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do; `None` where there is nothing to do.
    #[getter]
    fn remedy(&self) -> Option<&str> {
        self.0.remedy.as_deref()
    }
} }

/// What a verification found: each check in the order of `CheckName`. `str(verification)` is the
/// report for people. It holds no secret.
#[pyclass(frozen, eq, str, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Verification(pub(crate) Arc<verify::Verification>);

impl std::fmt::Display for Verification {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl From<verify::Verification> for Verification {
    fn from(verification: verify::Verification) -> Self {
        Self(Arc::new(verification))
    }
}

#[pymethods]
impl Verification {
    /// authentik's base URL, without a slash at its end.
    #[getter]
    fn authentik_url(&self) -> &str {
        &self.0.authentik_url
    }

    /// NetBird's host name.
    #[getter]
    fn domain(&self) -> &str {
        &self.0.domain
    }

    /// Every check, whatever its status.
    #[getter]
    fn checks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.checks.iter().cloned().map(Check))
    }

    /// Whether no check failed. Warnings and skipped checks do not count.
    #[getter]
    fn is_success(&self) -> bool {
        self.0.is_success()
    }

    /// A check, by its `CheckName` or its text; `None` where there is none of that name.
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

    /// Does nothing when no check failed: for scripts that want to stop otherwise.
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

    fn __repr__(&self) -> String {
        let failed = self.0.with(verify::CheckStatus::Fail).count();
        format!("<Verification of {}: {failed} failed>", self.0.domain)
    }
}

/// What NetBird reads from its `setup.env`, as far as a verification asks, NetBird's own defaults
/// filled in.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct NetbirdSettings(verify::NetbirdSettings);

#[pymethods]
impl NetbirdSettings {
    /// The settings in a `setup.env`, such as one that someone wrote by hand. Nothing is run.
    ///
    /// Raises:
    ///     InvalidOutputsError: Every issue at once, each with its variable.
    ///
    /// >>> from authentik_netbird import InvalidOutputsError, NetbirdSettings
    /// >>> try:
    /// ...     NetbirdSettings.from_setup_env("NETBIRD_DOMAIN='netbird.company'")
    /// ... except InvalidOutputsError as error:
    /// ...     print(error.issues[0].field)
    /// NETBIRD_AUTH_OIDC_CONFIGURATION_ENDPOINT
    #[staticmethod]
    fn from_setup_env(text: Arg<SecretText>) -> PyResult<Self> {
        let settings = verify::NetbirdSettings::from_setup_env(text.0.expose());
        settings.map(Self).map_err(errors::to_python)
    }

    /// The settings that a `NetbirdEnv` would write. What needs a password that is not known there
    /// is skipped.
    ///
    /// Raises:
    ///     InvalidOutputsError: Every issue at once, each with its variable.
    #[staticmethod]
    fn from_env(env: Arg<PyRef<'_, NetbirdEnv>>) -> PyResult<Self> {
        verify::NetbirdSettings::from_env(&env.0).map(Self).map_err(errors::to_python)
    }

    /// NetBird's host name.
    #[getter]
    fn domain(&self) -> &str {
        self.0.domain()
    }

    /// The issuer that the discovery document must name.
    #[getter]
    fn issuer(&self) -> &str {
        self.0.issuer()
    }

    /// authentik's base URL; its path ends in a slash.
    #[getter]
    fn authentik_url(&self) -> String {
        self.0.authentik_url().to_string()
    }

    /// Slug of the application.
    #[getter]
    fn application_slug(&self) -> String {
        self.0.application_slug().to_string()
    }

    fn __repr__(&self) -> String {
        format!("<NetbirdSettings of {}>", self.0.domain())
    }

    /// Raises `TypeError`: they may hold a secret.
    fn __reduce__(&self) -> PyResult<()> {
        not_pickled("NetbirdSettings")
    }
}

/// Asks authentik what NetBird will ask, without an administrator's token: from a `setup.env` alone,
/// also one that someone wrote by hand.
///
/// What only an administrator can see is skipped; `Client.verify` sees it. In asyncio:
/// `await asyncio.to_thread(verifier.verify, settings)`.
///
/// Args:
///     ca_certificates: Certificates of a private authority, PEM, one or more. Default: none.
///     danger_accept_invalid_certificates: Whether any certificate will do, so that whoever is in
///         between can read the password. For trying things out. Default: False.
///     timeout: Longest wait for one answer, in seconds. Default: 30.
///     connect_timeout: Longest wait for a connection, in seconds. Default: 10.
///     retry_for: How long a request is tried again after a failure that may pass, in seconds.
///         Default: 15; 0: never again.
///
/// >>> from authentik_netbird import Client, NetbirdIntegration, NetbirdSettings, Verifier
/// >>> from authentik_netbird.testing import AuthentikSimulator
/// >>> with AuthentikSimulator() as authentik:
/// ...     integration = NetbirdIntegration(authentik.url, "netbird.company")
/// ...     with Client(authentik.url, token=authentik.token) as client:
/// ...         outcome = client.apply(client.plan(integration))
/// ...     settings = NetbirdSettings.from_env(outcome.outputs.netbird_env())
/// ...     Verifier().verify(settings).is_success
/// True
#[pyclass(frozen, module = "authentik_netbird")]
pub(crate) struct Verifier(verify::Verifier);

#[pymethods]
impl Verifier {
    #[new]
    #[pyo3(
        signature = (
            *, ca_certificates = None, danger_accept_invalid_certificates = arg(false),
            timeout = arg(30.0), connect_timeout = arg(10.0), retry_for = arg(15.0)
        ),
        text_signature = "(*, ca_certificates=None, danger_accept_invalid_certificates=False, \
            timeout=30.0, connect_timeout=10.0, retry_for=15.0)"
    )]
    fn new(
        ca_certificates: Option<Arg<Pem>>,
        danger_accept_invalid_certificates: Arg<bool>,
        timeout: Arg<f64>,
        connect_timeout: Arg<f64>,
        retry_for: Arg<f64>,
    ) -> PyResult<Self> {
        let mut verifier = verify::Verifier::new()
            .danger_accept_invalid_certificates(*danger_accept_invalid_certificates)
            .timeout(convert::seconds("timeout", *timeout)?)
            .connect_timeout(convert::seconds("connect_timeout", *connect_timeout)?)
            .retry_for(convert::seconds("retry_for", *retry_for)?);
        if let Some(pem) = ca_certificates {
            verifier = verifier.ca_certificates(pem.into_inner().0);
        }
        Ok(Self(verifier))
    }

    /// Asks. At most four round trips; nothing is written.
    ///
    /// Raises:
    ///     InvalidClientError: Certificates that can't be read. What authentik answers, or that it
    ///         does not, is no error but a failed check.
    fn verify(
        &self,
        py: Python<'_>,
        settings: Arg<PyRef<'_, NetbirdSettings>>,
    ) -> PyResult<Verification> {
        let (verifier, settings) = (self.0.clone(), settings.0.clone());
        let verify = async move { verifier.verify(&settings).await };
        runtime::wait(py, verify, None).map(Verification::from)
    }

    fn __repr__(&self) -> &'static str {
        "<Verifier>"
    }
}
