//! `AuthentikSimulator`: an authentik in memory, on a real socket.

use std::process;
use std::sync::{Mutex, PoisonError};

use authentik_simulator::Simulator;
use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyAny, PyTuple};

use crate::argument::{Arg, SecretText, arg};
use crate::convert;
use crate::errors;
use crate::fault::Fault;
use crate::secret::Secret;
use crate::value_object::{methods, not_pickled};

/// A factory-fresh authentik in memory, on a free port of 127.0.0.1: for testing your own scripts.
///
/// It runs from the moment that it is made, on a thread of its own, until it is closed. As a context
/// manager it closes itself.
///
/// Args:
///     release: Which authentik: `2024.12`, `2025.10`, `2025.12`, `2026.2` or `2026.5`, the default.
///     port: The port. Default: 0, a free one.
///     latency: No answer comes sooner than this after its request, in seconds. Default: 0.
///     token: Key of akadmin's API token. Default: `ak-simulator-admin-token`.
///     path: The path that authentik is under, such as `/authentik/`. Default: `/`, the whole host.
///
/// Raises:
///     OSError: The port is taken.
///     ValueError: No such release.
///
/// >>> from authentik_netbird import Client, NetbirdIntegration
/// >>> from authentik_netbird.testing import AuthentikSimulator
/// >>> with AuthentikSimulator(release="2025.10", latency=0.001) as authentik:
/// ...     with Client(authentik.url, token=authentik.token) as client:
/// ...         plan = client.plan(NetbirdIntegration(authentik.url, "netbird.company"))
/// ...     len(authentik.requests)
/// 14
#[pyclass(frozen, module = "authentik_netbird.testing")]
pub(crate) struct AuthentikSimulator {
    url: String,
    token: Secret,
    release: authentik_simulator::Release,
    /// The process whose thread it runs on, and the simulator until it is closed.
    running: Mutex<Option<(u32, Simulator)>>,
}

impl AuthentikSimulator {
    /// Does something with the simulator, which must not be closed, and must be this process's: a
    /// forked one has the address of it, but not its thread.
    fn with<T>(&self, what: impl FnOnce(&Simulator) -> T) -> PyResult<T> {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        match &*running {
            Some((process, simulator)) if *process == process::id() => Ok(what(simulator)),
            Some(_) => Err(errors::raise(
                "ClientClosedError",
                "the simulator runs in another process; this one can send requests to its url",
            )),
            None => Err(errors::raise("ClientClosedError", "the simulator is closed")),
        }
    }

    fn stop(&self) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((process, simulator)) = running {
            if process == process::id() {
                drop(simulator);
            } else {
                // Its thread is in another process: there is nothing to wait for.
                std::mem::forget(simulator);
            }
        }
    }
}

#[pymethods]
impl AuthentikSimulator {
    #[new]
    #[pyo3(
        signature = (
            *, release = arg("2026.5"), port = arg(0), latency = arg(0.0), token = None,
            path = arg("/")
        ),
        text_signature = "(*, release='2026.5', port=0, latency=0.0, token=None, path='/')"
    )]
    fn new(
        release: Arg<&str>,
        port: Arg<u16>,
        latency: Arg<f64>,
        token: Option<Arg<SecretText>>,
        path: Arg<&str>,
    ) -> PyResult<Self> {
        let port = *port;
        let release: authentik_simulator::Release = release
            .parse()
            .map_err(|error| PyValueError::new_err(format!("argument 'release': {error}")))?;
        let mut builder = Simulator::builder()
            .release(release)
            .port(port)
            .path(&path)
            .latency(convert::seconds("latency", *latency)?);
        if let Some(token) = token {
            builder = builder.token(token.0.expose());
        }
        let simulator = builder.start().map_err(|error| {
            PyOSError::new_err(format!("the simulator cannot listen on port {port}: {error}"))
        })?;
        Ok(Self {
            url: simulator.url().to_owned(),
            token: Secret(simulator.token().into()),
            release,
            running: Mutex::new(Some((process::id(), simulator))),
        })
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    #[getter]
    fn url(&self) -> &str {
        &self.url
    }

    /// Key of akadmin's API token.
    #[getter]
    fn token(&self) -> Secret {
        self.token.clone()
    }

    /// The release that it simulates.
    #[getter]
    fn release<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::named_member(py, "Release", &self.release.to_string())
    }

    /// Every request since the start, or since `clear_requests`, in the order in which they were
    /// read.
    #[getter]
    fn requests<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.with(Simulator::requests)?.into_iter().map(LoggedRequest))
    }

    /// Whether it was closed.
    #[getter]
    fn closed(&self) -> bool {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    /// Forgets the requests so far.
    fn clear_requests(&self) -> PyResult<()> {
        self.with(Simulator::clear_requests)
    }

    /// The whole state, keys and secrets included, as plain dicts in a stable order: for comparing
    /// before and after.
    fn dump<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.with(Simulator::dump)?)
    }

    /// Changes the latency, in seconds, from the next request on.
    fn set_latency(&self, latency: Arg<f64>) -> PyResult<()> {
        let latency = convert::seconds("latency", *latency)?;
        self.with(|simulator| simulator.set_latency(latency))
    }

    /// Makes requests overtake each other, from the next one on: what comes in is checked, done and
    /// answered after waits of random length, each `max_wait` seconds at most. They are drawn from
    /// `seed`. Zero, the default, checks and does everything in one.
    fn set_jitter(&self, max_wait: Arg<f64>, seed: Arg<u64>) -> PyResult<()> {
        let max_wait = convert::seconds("max_wait", *max_wait)?;
        self.with(|simulator| simulator.set_jitter(max_wait, *seed))
    }

    /// Puts the simulator's clock ahead of the real one, or behind it with a negative number of
    /// seconds.
    fn set_clock_offset(&self, seconds: Arg<i64>) -> PyResult<()> {
        self.with(|simulator| simulator.set_clock_offset(*seconds))
    }

    /// Adds a fault. Of several that match a request, the one that was added first acts.
    fn add_fault(&self, fault: Arg<PyRef<'_, Fault>>) -> PyResult<()> {
        self.with(|simulator| simulator.add_fault(fault.0.clone()))
    }

    /// Removes all faults.
    fn clear_faults(&self) -> PyResult<()> {
        self.with(Simulator::clear_faults)
    }

    /// Stops it.
    fn close(&self, py: Python<'_>) {
        py.detach(|| self.stop());
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (exc_type = None, exc_value = None, traceback = None))]
    fn __exit__(
        &self,
        py: Python<'_>,
        exc_type: Option<&Bound<'_, PyAny>>,
        exc_value: Option<&Bound<'_, PyAny>>,
        traceback: Option<&Bound<'_, PyAny>>,
    ) {
        let _ = (exc_type, exc_value, traceback);
        self.close(py);
    }

    fn __repr__(&self) -> String {
        format!("<AuthentikSimulator {} at {}>", self.release, self.url)
    }

    /// Raises `TypeError`: a running server cannot be pickled.
    fn __reduce__(&self) -> PyResult<()> {
        not_pickled("AuthentikSimulator")
    }
}

impl Drop for AuthentikSimulator {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A request that a simulator was sent, without its headers and bodies: those hold secrets.
#[pyclass(frozen, eq, module = "authentik_netbird.testing")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct LoggedRequest(authentik_simulator::LoggedRequest);

methods! { [] LoggedRequest(it, py) {
    get {
        /// Counts from 0, in the order in which requests were read.
        sequence: u64 = it.sequence;
        /// Method, such as `POST`.
        method: &str = &it.method;
        /// Path with its query, as it was sent.
        path: &str = &it.path;
        /// Status of the answer; `None` as long as there is none, and for a connection that was cut.
        status: Option<u16> = it.status;
        /// When it had been read, in seconds since the simulator's start.
        started: f64 = it.started.as_secs_f64();
        /// When authentik's work for it was done, and written what it writes, in seconds since the
        /// simulator's start; `None` where none was done.
        committed: Option<f64> = it.committed.map(|committed| committed.as_secs_f64());
        /// When its answer was ready, in seconds since the simulator's start.
        finished: Option<f64> = it.finished.map(|finished| finished.as_secs_f64());
        /// Whether it asks for a change of the configuration.
        is_write: bool = it.is_write();
    }

    fn __repr__(&self) -> String {
        let status = self.0.status.map_or("no answer".to_owned(), |status| status.to_string());
        format!("<LoggedRequest {} {}: {status}>", self.0.method, self.0.path)
    }
} }

/// How many round trips the requests took: requests sent at the same time count as one.
///
/// >>> from authentik_netbird.testing import round_trips
/// >>> round_trips([])
/// 0
#[pyfunction]
pub(crate) fn round_trips(requests: Arg<Vec<PyRef<'_, LoggedRequest>>>) -> usize {
    let requests: Vec<_> = requests.iter().map(|request| request.0.clone()).collect();
    authentik_simulator::round_trips(&requests)
}
