//! `AsyncConnection`: what `AsyncClient` stands on. Each call gives an asyncio future.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use authentik_netbird_core as core;
use pyo3::prelude::*;
use pyo3_async_runtimes::TaskLocals;
use pyo3_async_runtimes::generic::{self, ContextExt, Runtime};

use crate::argument::{Arg, Listener, SecretText};
use crate::connection::Connection;
use crate::connection_options::{ConnectionOptions, given};
use crate::errors;
use crate::integration::Integration;
use crate::outputs::Outputs;
use crate::plan::{DesiredState, Plan, Snapshot};
use crate::report::{Event, Outcome};
use crate::runtime::{self, Stopping};
use crate::value_object::{Object, not_pickled};
use crate::verification::Verification;

/// What `authentik_netbird.AsyncClient` stands on; not for direct use.
#[pyclass(frozen, module = "authentik_netbird")]
pub(crate) struct AsyncConnection {
    connection: Connection,
    /// The event loop of the first call.
    event_loop: Mutex<Option<Py<PyAny>>>,
}

impl AsyncConnection {
    fn running_loop<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let running = pyo3_async_runtimes::get_running_loop(py)
            .map_err(|_| errors::raise("EventLoopError", "there is no running event loop"))?;
        let mut own = self.event_loop.lock().unwrap_or_else(PoisonError::into_inner);
        let own = own.get_or_insert_with(|| running.clone().unbind());
        if own.bind(py).is(&running) {
            return Ok(running);
        }
        Err(errors::raise(
            "EventLoopError",
            "this AsyncClient belongs to another event loop; make one in each",
        ))
    }

    /// A future of a call: the core's client does it, when its turn has come.
    fn call<'py, T, P, F>(
        &self,
        py: Python<'py>,
        verb: impl FnOnce(core::Client) -> F + Send + 'static,
        wrap: impl FnOnce(T) -> P + Send + 'static,
    ) -> Object<'py>
    where
        T: Send + 'static,
        P: for<'a> IntoPyObject<'a> + Send + 'static,
        F: Future<Output = Result<T, core::Error>> + Send + 'static,
    {
        let event_loop = self.running_loop(py)?;
        let work = self.connection.work(verb)?;
        let (runtime, at_once) = runtime::current(py)?;
        // What the bridge spawns goes there.
        let _entered = runtime.enter();
        let locals = TaskLocals::new(event_loop);
        let call = async move {
            let mut task = Stopping(tokio::spawn(async move {
                // The semaphore is never closed.
                let _place = at_once.acquire_owned().await;
                work.await
            }));
            let done = (&mut task.0).await;
            runtime::finish(done).map(wrap)
        };
        generic::future_into_py_with_locals::<OwnRuntime, _, P>(py, locals, call)
    }
}

#[pymethods]
impl AsyncConnection {
    #[new]
    #[pyo3(signature = (authentik_url, *, token, options = None))]
    fn new(
        authentik_url: Arg<&str>,
        token: Arg<SecretText>,
        options: Option<Arg<PyRef<'_, ConnectionOptions>>>,
    ) -> PyResult<Self> {
        let connection = Connection::new(*authentik_url, token.into_inner(), given(options))?;
        Ok(Self { connection, event_loop: Mutex::new(None) })
    }

    /// authentik's base URL; its path ends in a slash.
    #[getter]
    fn url(&self) -> &str {
        &self.connection.url
    }

    /// Whether it was closed.
    #[getter]
    fn closed(&self) -> bool {
        self.connection.closed()
    }

    /// A future of `Client.plan`.
    fn plan<'py>(&self, py: Python<'py>, integration: Integration<'py>) -> Object<'py> {
        let integration = integration.0.clone();
        self.call(py, |client| async move { client.plan(&integration).await }, Plan::from)
    }

    /// A future of `Client.apply`.
    fn apply<'py>(
        &self,
        py: Python<'py>,
        plan: Arg<PyRef<'py, Plan>>,
        on_event: Option<Arg<Listener>>,
    ) -> Object<'py> {
        let plan = plan.0.clone();
        let event_loop = self.running_loop(py)?.unbind();
        let listening = on_event.map(|listener| (event_loop, listener.into_inner().0));
        let listener = move |event| {
            let Some((event_loop, listener)) = &listening else { return };
            // Without an interpreter, or with a closed loop, nobody listens any more.
            let _ = Python::try_attach(|py| {
                let arguments = (listener.bind(py), Event(event));
                event_loop.bind(py).call_method1("call_soon_threadsafe", arguments).map(drop)
            });
        };
        let apply = |client: core::Client| async move { client.apply_with(&plan, listener).await };
        self.call(py, apply, Outcome)
    }

    /// A future of `Client.outputs`.
    fn outputs<'py>(&self, py: Python<'py>, integration: Integration<'py>) -> Object<'py> {
        let integration = integration.0.clone();
        self.call(py, |client| async move { client.outputs(&integration).await }, Outputs)
    }

    /// A future of `Client.verify`.
    fn verify<'py>(
        &self,
        py: Python<'py>,
        integration: Integration<'py>,
        outputs: Arg<PyRef<'py, Outputs>>,
    ) -> Object<'py> {
        let (integration, outputs) = (integration.0.clone(), outputs.0.clone());
        let verify =
            |client: core::Client| async move { client.verify(&integration, &outputs).await };
        self.call(py, verify, Verification::from)
    }

    /// A future of `Client.plan_teardown`.
    fn plan_teardown<'py>(&self, py: Python<'py>, integration: Integration<'py>) -> Object<'py> {
        let integration = integration.0.clone();
        self.call(py, |client| async move { client.plan_teardown(&integration).await }, Plan::from)
    }

    /// A future of `Client.rotate`.
    fn rotate<'py>(
        &self,
        py: Python<'py>,
        integration: Integration<'py>,
        expiry: Arg<&str>,
    ) -> Object<'py> {
        let (integration, expiry) = (integration.0.clone(), crate::outputs::expiry(&expiry)?);
        self.call(
            py,
            move |client| async move { client.rotate(&integration, expiry).await },
            Outputs,
        )
    }

    /// A future of `Client.observe`.
    fn observe<'py>(&self, py: Python<'py>, desired: Arg<PyRef<'py, DesiredState>>) -> Object<'py> {
        let desired = desired.0.clone();
        self.call(py, |client| async move { client.observe(&desired).await }, Snapshot)
    }

    /// Closes it.
    fn close(&self) {
        self.connection.close();
    }

    fn __repr__(&self) -> String {
        format!("AsyncConnection('{}', token=Secret(***))", self.connection.url)
    }

    /// Raises `TypeError`: it holds a secret.
    fn __reduce__(&self) -> PyResult<()> {
        not_pickled("an AsyncClient")
    }
}

/// The runtime that was entered, as the bridge to asyncio wants it.
struct OwnRuntime;

struct Joined(tokio::task::JoinHandle<()>);

struct JoinError(tokio::task::JoinError);

impl generic::JoinError for JoinError {
    fn is_panic(&self) -> bool {
        self.0.is_panic()
    }

    fn into_panic(self) -> Box<dyn std::any::Any + Send + 'static> {
        self.0.into_panic()
    }
}

impl Future for Joined {
    type Output = Result<(), JoinError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map_err(JoinError)
    }
}

impl Runtime for OwnRuntime {
    type JoinError = JoinError;
    type JoinHandle = Joined;

    fn spawn<F: Future<Output = ()> + Send + 'static>(future: F) -> Joined {
        Joined(tokio::spawn(future))
    }

    fn spawn_blocking<F: FnOnce() + Send + 'static>(work: F) -> Joined {
        Joined(tokio::task::spawn_blocking(work))
    }
}

impl ContextExt for OwnRuntime {
    fn scope<F, R>(_: TaskLocals, future: F) -> Pin<Box<dyn Future<Output = R> + Send>>
    where
        F: Future<Output = R> + Send + 'static,
    {
        Box::pin(future)
    }

    fn get_task_locals() -> Option<TaskLocals> {
        None
    }
}
