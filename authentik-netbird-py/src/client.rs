//! `Client`: the blocking one.

use authentik_netbird_core as core;
use pyo3::prelude::*;
use tokio::sync::mpsc;

use crate::argument::{Arg, Listener, SecretText, arg};
use crate::connection::Connection;
use crate::connection_options::{ConnectionOptions, given};
use crate::integration::Integration;
use crate::outputs::Outputs;
use crate::plan::{DesiredState, Plan, Snapshot};
use crate::report::Outcome;
use crate::runtime::wait;
use crate::value_object::not_pickled;
use crate::verification::Verification;

/// A connection to one authentik, with a token.
///
/// Any number of threads may share it; the interpreter is released during every wait, and Ctrl-C
/// stops a call at once: nothing more is sent, a write that is on its way is not cut off, and the
/// next run completes what is missing. The token goes to this server alone, over `https` or to
/// loopback. A proxy is taken from the environment (`HTTPS_PROXY`, `NO_PROXY`).
///
/// Args:
///     authentik_url: authentik's base URL (`https`, or `http` to loopback).
///     token: API token of an administrator. Surrounding white space is dropped.
///     options: How to connect. Default: `ConnectionOptions()`.
///
/// Raises:
///     InvalidClientError: Everything that is wrong, at once.
///
/// >>> from authentik_netbird import Client
/// >>> with Client("https://authentik.company", token="ak-token") as client:
/// ...     print(client)
/// Client('https://authentik.company/', token=Secret(***))
#[pyclass(frozen, module = "authentik_netbird")]
pub(crate) struct Client(Connection);

impl Client {
    /// A call: the core's client does it, when its turn has come.
    fn call<T, F>(
        &self,
        py: Python<'_>,
        verb: impl FnOnce(core::Client) -> F + Send + 'static,
    ) -> PyResult<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, core::Error>> + Send + 'static,
    {
        wait(py, self.0.work(verb)?, None)
    }
}

#[pymethods]
impl Client {
    #[new]
    #[pyo3(signature = (authentik_url, *, token, options = None))]
    fn new(
        authentik_url: Arg<&str>,
        token: Arg<SecretText>,
        options: Option<Arg<PyRef<'_, ConnectionOptions>>>,
    ) -> PyResult<Self> {
        Connection::new(*authentik_url, token.into_inner(), given(options)).map(Self)
    }

    /// authentik's base URL; its path ends in a slash.
    #[getter]
    fn url(&self) -> &str {
        &self.0.url
    }

    /// Whether it was closed.
    #[getter]
    fn closed(&self) -> bool {
        self.0.closed()
    }

    /// Observes and plans. Nothing is written.
    ///
    /// Raises:
    ///     InvalidPlanError: The integration is of another server than the client.
    ///     MissingError, AmbiguousError, ConflictError, UnsupportedVersionError: There is no safe
    ///         plan; `blockers` has everything that is in the way.
    ///     TransportError, AuthentikTimeoutError, PermissionDeniedError, ApiError,
    ///         UnexpectedResponseError, DecodeError: Reading failed.
    ///     ClientClosedError: The client is closed.
    fn plan(&self, py: Python<'_>, integration: Integration<'_>) -> PyResult<Plan> {
        let integration = integration.0.clone();
        self.call(py, |client| async move { client.plan(&integration).await }).map(Plan::from)
    }

    /// Carries a plan out.
    ///
    /// A plan that this process made in the last 30 seconds is carried out as it is. For any other
    /// one the server is read again first.
    ///
    /// Args:
    ///     plan: What is to be done.
    ///     on_event: Called with each `Event` as it happens, on this thread. What it raises stops
    ///         the work and is raised here. Default: none.
    ///
    /// Raises:
    ///     StalePlanError, InvalidPlanError: Before anything is written.
    ///     PartialApplyError: With what was done, what failed and what was not tried in `report`.
    ///     ClientClosedError: The client is closed.
    #[pyo3(signature = (plan, *, on_event = None))]
    fn apply(
        &self,
        py: Python<'_>,
        plan: Arg<PyRef<'_, Plan>>,
        on_event: Option<Arg<Listener>>,
    ) -> PyResult<Outcome> {
        let plan = plan.0.clone();
        let (sender, receiver) = mpsc::unbounded_channel();
        let listening = on_event.map(|listener| (receiver, listener.into_inner().0));
        let heard = listening.is_some();
        let apply = self.0.work(move |client| async move {
            let listener = |event| {
                if heard {
                    // Nobody listens any more once the work was stopped.
                    let _ = sender.send(event);
                }
            };
            client.apply_with(&plan, listener).await
        })?;
        wait(py, apply, listening).map(Outcome)
    }

    /// What NetBird needs, from a server that is set up, with the app password's value. Reading it
    /// leaves an event in authentik's log; nothing else is written.
    ///
    /// Raises:
    ///     MissingError: Provider or app password are not there yet: apply a plan first.
    ///     ClientClosedError: The client is closed.
    fn outputs(&self, py: Python<'_>, integration: Integration<'_>) -> PyResult<Outputs> {
        let integration = integration.0.clone();
        self.call(py, |client| async move { client.outputs(&integration).await }).map(Outputs)
    }

    /// Asks authentik what NetBird will ask with these outputs, and reads what tells causes apart. At
    /// most four round trips; nothing is written.
    ///
    /// Outputs without a password (after an apply that had nothing to do) leave the checks `token`
    /// and `users` out.
    ///
    /// Raises:
    ///     InvalidPlanError: Integration or outputs are of another server than the client.
    ///     InvalidOutputsError: NetBird could not carry the outputs.
    ///     ClientClosedError: The client is closed. What authentik answers, or that it does not, is
    ///         no exception but a failed check.
    fn verify(
        &self,
        py: Python<'_>,
        integration: Integration<'_>,
        outputs: Arg<PyRef<'_, Outputs>>,
    ) -> PyResult<Verification> {
        let (integration, outputs) = (integration.0.clone(), outputs.0.clone());
        self.call(py, |client| async move { client.verify(&integration, &outputs).await })
            .map(Verification::from)
    }

    /// Observes and plans the removal of what an integration made, and of nothing else. Nothing is
    /// written; `apply` carries the plan out. What something else uses, what someone extended, and
    /// what belongs to something else is kept, and named in the plan with the reason.
    ///
    /// Raises:
    ///     InvalidPlanError: The integration is of another server than the client.
    ///     AmbiguousError, UnsupportedVersionError: There is no safe plan.
    ///     ClientClosedError: The client is closed; and what reading can meet, as `plan`.
    fn plan_teardown(&self, py: Python<'_>, integration: Integration<'_>) -> PyResult<Plan> {
        let integration = integration.0.clone();
        self.call(py, |client| async move { client.plan_teardown(&integration).await })
            .map(Plan::from)
    }

    /// Gives the service account's app password a new value, made here, and returns it with all that
    /// NetBird needs. The old one dies at that moment: write `setup.env` and run
    /// `CONFIGURE_COMMANDS` at once, or every login fails.
    ///
    /// Args:
    ///     integration: Whose.
    ///     expiry: `keep` leaves the expiry as it is, which is the default; `never` takes it away.
    ///         authentik sets no other one on a password that is there.
    ///
    /// Raises:
    ///     MissingError: Provider, account or a good app password are not there: apply a plan first.
    ///     PartialApplyError: The value was not set, or it is not known whether it was; then
    ///         `outputs` reads the present one.
    ///     ClientClosedError: The client is closed; and what reading can meet, as `plan`.
    #[pyo3(
        signature = (integration, *, expiry = arg("keep")),
        text_signature = "($self, integration, *, expiry='keep')"
    )]
    fn rotate(
        &self,
        py: Python<'_>,
        integration: Integration<'_>,
        expiry: Arg<&str>,
    ) -> PyResult<Outputs> {
        let (integration, expiry) = (integration.0.clone(), crate::outputs::expiry(&expiry)?);
        self.call(py, move |client| async move { client.rotate(&integration, expiry).await })
            .map(Outputs)
    }

    /// Reads what the server has, as far as it concerns `desired`. Nothing is written, and no
    /// secret is read.
    ///
    /// Raises:
    ///     ClientClosedError: The client is closed; and what reading can meet, as `plan`.
    fn observe(&self, py: Python<'_>, desired: Arg<PyRef<'_, DesiredState>>) -> PyResult<Snapshot> {
        let desired = desired.0.clone();
        self.call(py, |client| async move { client.observe(&desired).await }).map(Snapshot)
    }

    /// Closes it. Calls of other threads are completed; later ones raise `ClientClosedError`.
    fn close(&self) {
        self.0.close();
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (exc_type = None, exc_value = None, traceback = None))]
    fn __exit__(
        &self,
        exc_type: Option<&Bound<'_, PyAny>>,
        exc_value: Option<&Bound<'_, PyAny>>,
        traceback: Option<&Bound<'_, PyAny>>,
    ) {
        let _ = (exc_type, exc_value, traceback);
        self.0.close();
    }

    fn __repr__(&self) -> String {
        format!("Client('{}', token=Secret(***))", self.0.url)
    }

    /// Raises `TypeError`: it holds a secret.
    fn __reduce__(&self) -> PyResult<()> {
        not_pickled("a Client")
    }
}
