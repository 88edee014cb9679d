//! `Client`: the blocking one, and what `AsyncClient` stands on. The calls are the same; how they are
//! waited for is not.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use authentik_netbird_core as core;
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::argument::{Arg, Listener, SecretText, arg};
use crate::asyncio::{self, OwnLoop};
use crate::connection::Connection;
use crate::connection_options::{ConnectionOptions, given};
use crate::integration::Integration;
use crate::log::{self, Logger};
use crate::news::{News, Tell};
use crate::outputs::Outputs;
use crate::plan::Plan;
use crate::report::{Outcome, Provisioned};
use crate::value_object::{Object, not_pickled};
use crate::verification::{NetbirdSettings, Status, Verification};
use crate::{convert, environment, runtime};

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
///     netbird_url: NetBird's base URL, for the connector mode. Default: NetBird's part is left out.
///     netbird_token: Access token of an owner or administrator of NetBird's account (`nbp_…`). It goes to
///         NetBird alone.
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
pub(crate) struct Client {
    connection: Arc<Connection>,
    /// Where calls give futures of asyncio; `None`: they block.
    asyncio: Option<OwnLoop>,
}

impl Client {
    /// Makes a call, and gives its result, or a future of it.
    fn call<'py, T, P, F>(
        &self,
        py: Python<'py>,
        call: impl FnOnce(core::Client) -> F + Send + 'static,
        wrap: fn(T) -> P,
    ) -> Object<'py>
    where
        T: Send + 'static,
        P: for<'a> IntoPyObject<'a> + Send + 'static,
        F: Future<Output = Result<T, core::Error>> + Send + 'static,
    {
        self.call_with(py, None, |client, _| call(client), wrap)
    }

    /// The same, with something that is called with each event.
    fn call_with<'py, T, P, F>(
        &self,
        py: Python<'py>,
        on_event: Option<Arg<Listener>>,
        call: impl FnOnce(core::Client, Box<dyn Fn(core::ApplyEvent) + Send + Sync>) -> F
        + Send
        + 'static,
        wrap: fn(T) -> P,
    ) -> Object<'py>
    where
        T: Send + 'static,
        P: for<'a> IntoPyObject<'a> + Send + 'static,
        F: Future<Output = Result<T, core::Error>> + Send + 'static,
    {
        let listener = on_event.map(|listener| Arc::new(listener.into_inner().0));
        let logger = Logger::of_call(py)?;
        let work = |tell: Tell| {
            let events = Arc::clone(&tell);
            let on_event = Box::new(move |event| {
                if let Some(listener) = &listener {
                    events(News::Event(Arc::clone(listener), Box::new(event)));
                }
            });
            let work = self.connection.work(|client| call(client, on_event))?;
            PyResult::Ok(log::logged(work, logger, tell))
        };
        if let Some(own_loop) = &self.asyncio {
            let event_loop = own_loop.running(py)?;
            let work = work(asyncio::tell(&event_loop))?;
            return asyncio::future(event_loop, work, wrap);
        }
        let (tell, news) = runtime::news();
        wrap(runtime::wait(py, work(tell)?, news)?).into_bound_py_any(py)
    }
}

#[pymethods]
impl Client {
    #[new]
    #[pyo3(signature = (
        authentik_url, *, token, netbird_url = None, netbird_token = None, options = None
    ))]
    fn new(
        py: Python<'_>,
        authentik_url: Arg<&str>,
        token: Arg<SecretText>,
        netbird_url: Option<Arg<&str>>,
        netbird_token: Option<Arg<SecretText>>,
        options: Option<Arg<PyRef<'_, ConnectionOptions>>>,
    ) -> PyResult<Self> {
        // One without the other is for the core to report.
        let netbird = (netbird_url.is_some() || netbird_token.is_some()).then(|| {
            let token = netbird_token.map(Arg::into_inner);
            let token = token.unwrap_or_else(|| SecretText(core::Secret::from("")));
            (netbird_url.as_ref().map_or("", |url| **url), token)
        });
        let authentik = (*authentik_url, token.into_inner());
        let connection = Connection::new(py, authentik, netbird, given(options))?;
        Ok(Self { connection: Arc::new(connection), asyncio: None })
    }

    /// A client of the authentik that the environment names: `AUTHENTIK_URL`, with the token in
    /// `AUTHENTIK_TOKEN`; and of the NetBird of `NETBIRD_URL` and `NETBIRD_TOKEN`, if both are set.
    ///
    /// Args:
    ///     options: How to connect. Default: `ConnectionOptions()`.
    ///
    /// Raises:
    ///     InvalidClientError: Everything that is wrong, at once; a variable that is not set, too.
    ///
    /// >>> import os
    /// >>> from authentik_netbird import Client
    /// >>> os.environ.update(AUTHENTIK_URL="https://authentik.company", AUTHENTIK_TOKEN="ak-token")
    /// >>> with Client.from_env() as client:
    /// ...     print(client)
    /// Client('https://authentik.company/', token=Secret(***))
    #[classmethod]
    #[pyo3(signature = (*, options = None))]
    fn from_env(
        class: &Bound<'_, PyType>,
        options: Option<Arg<PyRef<'_, ConnectionOptions>>>,
    ) -> PyResult<Self> {
        let py = class.py();
        let ((url, token), netbird) = environment::servers(py)?;
        let netbird = netbird.as_ref().map(|(url, token)| (url.as_str(), token.clone()));
        let connection = Connection::new(py, (&url, token), netbird, given(options))?;
        Ok(Self { connection: Arc::new(connection), asyncio: None })
    }

    /// The same connection, for `AsyncClient`: each call gives an asyncio future.
    fn _for_asyncio(&self) -> Self {
        Self { connection: Arc::clone(&self.connection), asyncio: Some(OwnLoop::default()) }
    }

    /// authentik's base URL; its path ends in a slash.
    #[getter]
    fn url(&self) -> &str {
        &self.connection.url
    }

    /// NetBird's base URL; its path ends in a slash. `None`: the client is of authentik alone.
    #[getter]
    fn netbird_url(&self) -> Option<&str> {
        self.connection.netbird_url.as_deref()
    }

    /// Whether it was closed.
    #[getter]
    fn closed(&self) -> bool {
        self.connection.closed()
    }

    /// Asks NetBird which mode it is in, in one round trip and without its token: one with the embedded identity
    /// provider is `Mode.CONNECTOR`. `None`: the client has no NetBird, or that does not say.
    ///
    /// Raises:
    ///     ClientClosedError: The client is closed.
    fn detect_mode<'py>(&self, py: Python<'py>) -> Object<'py> {
        let detect = |client: core::Client| async move { Ok(client.detect_mode().await) };
        self.call(py, detect, Detected)
    }

    /// Reads the server and plans a set-up. Nothing is written, and no secret is read.
    ///
    /// Raises:
    ///     InvalidPlanError: The integration is for another server than the client.
    ///     MissingError, AmbiguousError, ConflictError, UnsupportedVersionError: There is no safe
    ///         plan; `blockers` has everything that is in the way.
    ///     TransportError, AuthentikTimeoutError, PermissionDeniedError, ApiError,
    ///         UnexpectedResponseError, DecodeError: Reading failed.
    ///     ClientClosedError: The client is closed.
    fn plan<'py>(&self, py: Python<'py>, integration: Integration<'py>) -> Object<'py> {
        let integration = integration.0.clone();
        let plan = |client: core::Client| async move { client.plan(&integration).await };
        self.call(py, plan, Plan::from)
    }

    /// Reads the server and plans the removal of what an integration created, and of nothing else.
    /// Nothing is written; `apply` carries the plan out. An object that something else
    /// uses, that someone extended, or that belongs to something else is kept, and named in the plan
    /// with the reason.
    ///
    /// Raises:
    ///     InvalidPlanError: The integration is for another server than the client.
    ///     AmbiguousError, UnsupportedVersionError: There is no safe plan.
    ///     ClientClosedError: The client is closed. Also the errors of `plan`.
    fn plan_teardown<'py>(&self, py: Python<'py>, integration: Integration<'py>) -> Object<'py> {
        let integration = integration.0.clone();
        let plan = |client: core::Client| async move { client.plan_teardown(&integration).await };
        self.call(py, plan, Plan::from)
    }

    /// Reads the server and gives the integration as Terraform's HCL, with `import` blocks for what exists.
    /// Nothing is written, and it holds no secret.
    ///
    /// Raises:
    ///     InvalidPlanError: The integration is for another server than the client.
    ///     ClientClosedError: The client is closed. Also the errors of `plan`.
    fn export_terraform<'py>(&self, py: Python<'py>, integration: Integration<'py>) -> Object<'py> {
        let integration = integration.0.clone();
        let read =
            |client: core::Client| async move { client.export_terraform(&integration).await };
        self.call(py, read, |text: String| text)
    }

    /// Reads the server and plans another value for the service account's app password. Nothing is
    /// written; `apply` generates the value and sets it. The old one stops working at that moment:
    /// write `setup.env` and run `CONFIGURE_COMMANDS` at once, or every login fails.
    ///
    /// Args:
    ///     integration: Whose.
    ///     expiry: `keep` leaves the expiry as it is, which is the default; `never` removes it.
    ///         authentik sets no other one on an existing password.
    ///
    /// Raises:
    ///     MissingError: Provider, account or a valid app password do not exist: apply a plan first.
    ///     ClientClosedError: The client is closed. Also the errors of `plan`.
    #[pyo3(
        signature = (integration, *, expiry = arg("keep")),
        text_signature = "($self, integration, *, expiry='keep')"
    )]
    fn plan_rotate<'py>(
        &self,
        py: Python<'py>,
        integration: Integration<'py>,
        expiry: Arg<&str>,
    ) -> Object<'py> {
        let (integration, expiry) = (integration.0.clone(), convert::choice("expiry", &expiry)?);
        let plan = move |client: core::Client| async move {
            client.plan_rotate(&integration, expiry).await
        };
        self.call(py, plan, Plan::from)
    }

    /// The same plan, with who last changed what it corrects, as far as authentik's event log may be
    /// read. For people: applying does not need it, and it is one request more where there is drift.
    ///
    /// Raises:
    ///     ClientClosedError: The client is closed.
    fn with_authors<'py>(&self, py: Python<'py>, plan: Arg<PyRef<'_, Plan>>) -> Object<'py> {
        let plan = core::Plan::clone(&plan.0);
        let authors = |client: core::Client| async move { Ok(client.with_authors(plan).await) };
        self.call(py, authors, Plan::from)
    }

    /// Plans again what a saved plan is for, and returns that plan: its warnings, names and reasons are
    /// today's, whatever the file says. For people who are to confirm it; `apply` does the same by
    /// itself.
    ///
    /// Raises:
    ///     StalePlanError: Planning again gives other operations, or warnings that the plan does not
    ///         have.
    ///     InvalidPlanError: As `apply`.
    ///     ClientClosedError: The client is closed. Also the errors of `plan`.
    fn refresh<'py>(&self, py: Python<'py>, plan: Arg<PyRef<'_, Plan>>) -> Object<'py> {
        let plan = Arc::clone(&plan.0);
        let refresh = |client: core::Client| async move { client.refresh(&plan).await };
        self.call(py, refresh, Plan::from)
    }

    /// Carries a plan out.
    ///
    /// A plan that this process made in the last 30 seconds is carried out as it is. For any other
    /// one the server is read again first.
    ///
    /// Args:
    ///     plan: The plan.
    ///     on_event: Called with each `ApplyEvent` as it happens, on this thread, or in the event loop.
    ///         An exception in it stops the work and is raised here. Default: none.
    ///
    /// Raises:
    ///     StalePlanError, InvalidPlanError: Before anything is written.
    ///     PartialApplyError: With what was applied, what failed and what was skipped in `report`.
    ///     ClientClosedError: The client is closed.
    #[pyo3(signature = (plan, *, on_event = None))]
    fn apply<'py>(
        &self,
        py: Python<'py>,
        plan: Arg<PyRef<'_, Plan>>,
        on_event: Option<Arg<Listener>>,
    ) -> Object<'py> {
        let plan = Arc::clone(&plan.0);
        let apply =
            |client: core::Client, tell| async move { client.apply_with(&plan, tell).await };
        self.call_with(py, on_event, apply, Outcome)
    }

    /// Sets authentik up and writes NetBird's `setup.env`: plan, apply, and merge into the file. Safe to
    /// run again: what is up to date is left alone, in authentik and in the file. The app password is
    /// read from authentik only if this run did not create it and the file has none.
    ///
    /// Raises:
    ///     InvalidOutputsError: As `NetbirdEnv.merge_into`. The file was not written; running again
    ///         completes it.
    ///     FileError: The file cannot be read or written. Running again completes it.
    ///     ClientClosedError: The client is closed; and all that `plan` and `apply` raise.
    ///
    /// >>> from authentik_netbird import Client, NetbirdIntegration
    /// >>> from authentik_netbird.testing import AuthentikSimulator
    /// >>> with AuthentikSimulator() as authentik:
    /// ...     integration = NetbirdIntegration(authentik.url, "netbird.company")
    /// ...     with Client(authentik.url, token=authentik.token) as client:
    /// ...         first = client.provision(integration, "setup.env")
    /// ...         second = client.provision(integration, "setup.env")
    /// >>> first.outcome.report.changed, second.outcome.report.changed, second.file.is_change
    /// (12, 0, False)
    fn provision<'py>(
        &self,
        py: Python<'py>,
        integration: Integration<'py>,
        path: Arg<PathBuf>,
    ) -> Object<'py> {
        let (integration, path) = (integration.0.clone(), path.into_inner());
        let provision =
            |client: core::Client| async move { client.provision(&integration, path).await };
        self.call(py, provision, Provisioned)
    }

    /// `provision` for a plan that was made before, of a set-up or a rotation.
    ///
    /// Args:
    ///     plan: The plan.
    ///     path: The `setup.env`.
    ///     on_event: As for `apply`.
    ///
    /// Raises:
    ///     InvalidPlanError: It is a teardown, which has no outputs; and as `apply`.
    ///     ClientClosedError: The client is closed; and all that `provision` raises.
    #[pyo3(signature = (plan, path, *, on_event = None))]
    fn provision_plan<'py>(
        &self,
        py: Python<'py>,
        plan: Arg<PyRef<'_, Plan>>,
        path: Arg<PathBuf>,
        on_event: Option<Arg<Listener>>,
    ) -> Object<'py> {
        let (plan, path) = (core::Plan::clone(&plan.0), path.into_inner());
        let provision = |client: core::Client, tell| async move {
            client.provision_plan(plan, &path, tell).await
        };
        self.call_with(py, on_event, provision, Provisioned)
    }

    /// The outputs for NetBird, from a server that is set up, with the app password's value. Reading it
    /// leaves an event in authentik's log; nothing else is written.
    ///
    /// Raises:
    ///     MissingError: Provider or app password do not exist yet: apply a plan first.
    ///     ClientClosedError: The client is closed.
    fn outputs<'py>(&self, py: Python<'py>, integration: Integration<'py>) -> Object<'py> {
        let integration = integration.0.clone();
        let outputs = |client: core::Client| async move { client.outputs(&integration).await };
        self.call(py, outputs, Outputs)
    }

    /// Asks authentik what NetBird will ask with these outputs, and reads what tells causes apart. At
    /// most four round trips; nothing is written.
    ///
    /// Without a password in the outputs the check `token` is unknown.
    ///
    /// Raises:
    ///     InvalidPlanError: The integration is for another server than the client.
    ///     InvalidOutputsError: NetBird could not carry the outputs.
    ///     ClientClosedError: The client is closed. A failed request to authentik is not
    ///         an exception but a failed check.
    fn verify<'py>(
        &self,
        py: Python<'py>,
        integration: Integration<'py>,
        outputs: Arg<PyRef<'_, Outputs>>,
    ) -> Object<'py> {
        let (integration, outputs) = (integration.0.clone(), outputs.0.clone());
        let verify =
            |client: core::Client| async move { client.verify(&integration, &outputs).await };
        self.call(py, verify, Verification::from)
    }

    /// Verifies the settings that NetBird has, whatever state authentik is in. At most four round
    /// trips; nothing is written.
    ///
    /// The token goes to this client's server alone, and a file's password to the server that the file
    /// names.
    ///
    /// Args:
    ///     settings: From a file (`NetbirdSettings.parse`), whose password is tried, or from authentik
    ///         (`netbird_settings`).
    ///     integration: The integration that the file should be for.
    ///
    /// Raises:
    ///     InvalidPlanError: The integration is for another server than the client.
    ///     ClientClosedError: The client is closed. A failed request to authentik is not
    ///         an exception but a failed check.
    #[pyo3(signature = (settings, integration = None))]
    fn verify_settings<'py>(
        &self,
        py: Python<'py>,
        settings: Arg<PyRef<'_, NetbirdSettings>>,
        integration: Option<Integration<'py>>,
    ) -> Object<'py> {
        let settings = settings.0.clone();
        let integration = integration.map(|integration| integration.0.clone());
        let verify = |client: core::Client| async move {
            client.verify_settings(&settings, integration.as_ref()).await
        };
        self.call(py, verify, Verification::from)
    }

    /// The settings that NetBird should have, from what authentik has: the client id of the
    /// application's provider, and the app password, which leaves an event in authentik's log. What
    /// authentik does not have is not known in them.
    ///
    /// Raises:
    ///     InvalidPlanError: The integration is for another server than the client.
    ///     ClientClosedError: The client is closed.
    fn netbird_settings<'py>(&self, py: Python<'py>, integration: Integration<'py>) -> Object<'py> {
        let integration = integration.0.clone();
        let read =
            |client: core::Client| async move { client.netbird_settings(&integration).await };
        self.call(py, read, NetbirdSettings)
    }

    /// Verifies what authentik has for an integration, and plans it, from one reading of the servers.
    /// Nothing is written.
    ///
    /// Raises:
    ///     InvalidPlanError: The integration is for another server than the client.
    ///     ClientClosedError: The client is closed. A failed request to the servers is not
    ///         an exception but a failed check.
    ///
    /// >>> from authentik_netbird import Client, NetbirdIntegration
    /// >>> from authentik_netbird.testing import AuthentikSimulator
    /// >>> with AuthentikSimulator() as authentik:
    /// ...     integration = NetbirdIntegration(authentik.url, "netbird.company")
    /// ...     with Client(authentik.url, token=authentik.token) as client:
    /// ...         client.apply(client.plan(integration))
    /// ...         status = client.status(integration)
    /// <Outcome: 12 applied>
    /// >>> status.plan.has_changes
    /// False
    /// >>> [str(expiry.kind) for expiry in status.verification.expiries]
    /// ['app_password', 'signing_key']
    fn status<'py>(&self, py: Python<'py>, integration: Integration<'py>) -> Object<'py> {
        let integration = integration.0.clone();
        let status = |client: core::Client| async move { client.status(&integration).await };
        self.call(py, status, Status)
    }

    /// Asks every apply under way to end: writes in flight are completed, nothing more is started,
    /// and the apply raises `PartialApplyError`, whose report says what was applied. For handlers of
    /// signals and other threads.
    fn stop(&self) {
        self.connection.stop();
    }

    /// Closes it. Calls of other threads are completed; later ones raise `ClientClosedError`.
    fn close(&self) {
        self.connection.close();
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
        self.close();
    }

    fn __repr__(&self) -> String {
        let kind = if self.asyncio.is_some() { "AsyncClient" } else { "Client" };
        format!("{kind}('{}', token=Secret(***))", self.connection.url)
    }

    /// Raises `TypeError`: it holds a secret.
    fn __reduce__(&self) -> PyResult<()> {
        not_pickled("Client")
    }
}

/// The mode that NetBird is in, as Python's enum.
struct Detected(Option<core::integration::ModeKind>);

impl<'py> IntoPyObject<'py> for Detected {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.0 {
            None => Ok(py.None().into_bound(py)),
            Some(mode) => convert::member(py, "Mode", &mode),
        }
    }
}
