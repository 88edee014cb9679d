//! `Simulator`: a simulated server in memory, on a real socket.

mod authentik;
mod log;
mod netbird;

use std::process;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use authentik_simulator::netbird::NetbirdSimulator as SimulatedNetbird;
use authentik_simulator::{Fault as SimulatedFault, Simulator as SimulatedAuthentik};
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use pyo3::types::{PyAny, PyTuple};

pub(crate) use self::authentik::AuthentikSimulator;
pub(crate) use self::log::{LoggedRequest, round_trips};
pub(crate) use self::netbird::NetbirdSimulator;
use crate::argument::Arg;
use crate::convert;
use crate::errors;
use crate::fault::Fault;
use crate::secret::Secret;
use crate::value_object::not_pickled;

/// The common part of simulated servers.
trait Hosted: Send {
    fn requests(&self) -> Vec<authentik_simulator::LoggedRequest>;
    fn clear_requests(&self);
    fn dump(&self) -> serde_json::Value;
    fn set_latency(&self, latency: Duration);
    fn set_jitter(&self, max_wait: Duration, seed: u64);
    fn set_clock_offset(&self, seconds: i64);
    fn add_fault(&self, fault: SimulatedFault);
    fn clear_faults(&self);
    fn authentik(&self) -> Option<&SimulatedAuthentik> {
        None
    }
    fn netbird(&self) -> Option<&SimulatedNetbird> {
        None
    }
}

macro_rules! hosted {
    ($Host:ident, $name:ident) => {
        impl Hosted for $Host {
            fn requests(&self) -> Vec<authentik_simulator::LoggedRequest> {
                $Host::requests(self)
            }
            fn clear_requests(&self) {
                $Host::clear_requests(self);
            }
            fn dump(&self) -> serde_json::Value {
                $Host::dump(self)
            }
            fn set_latency(&self, latency: Duration) {
                $Host::set_latency(self, latency);
            }
            fn set_jitter(&self, max_wait: Duration, seed: u64) {
                $Host::set_jitter(self, max_wait, seed);
            }
            fn set_clock_offset(&self, seconds: i64) {
                $Host::set_clock_offset(self, seconds);
            }
            fn add_fault(&self, fault: SimulatedFault) {
                $Host::add_fault(self, fault);
            }
            fn clear_faults(&self) {
                $Host::clear_faults(self);
            }
            fn $name(&self) -> Option<&$Host> {
                Some(self)
            }
        }
    };
}

hosted!(SimulatedAuthentik, authentik);
hosted!(SimulatedNetbird, netbird);

/// A simulated server in memory, on a free port of 127.0.0.1: what `AuthentikSimulator` and
/// `NetbirdSimulator` have in common.
///
/// It runs from the moment that it is made, on a separate thread, until it is closed. As a context
/// manager it closes itself.
#[pyclass(frozen, subclass, module = "authentik_netbird.testing")]
pub(crate) struct Simulator {
    name: &'static str,
    url: String,
    token: Secret,
    /// The process whose thread it runs on, and the server until it is closed.
    running: Mutex<Option<(u32, Box<dyn Hosted>)>>,
}

impl Simulator {
    fn new(name: &'static str, url: &str, token: &str, server: Box<dyn Hosted>) -> Self {
        Self {
            name,
            url: url.to_owned(),
            token: Secret(token.into()),
            running: Mutex::new(Some((process::id(), server))),
        }
    }

    /// Does something with the server, which must not be closed, and must be this process's: a
    /// forked one has the address of it, but not its thread.
    fn with<T>(&self, what: impl FnOnce(&dyn Hosted) -> T) -> PyResult<T> {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        match &*running {
            Some((process, server)) if *process == process::id() => Ok(what(server.as_ref())),
            Some(_) => Err(errors::raise(
                "ClientClosedError",
                "the simulator runs in another process; this one can send requests to its url",
            )),
            None => Err(errors::raise("ClientClosedError", "the simulator is closed")),
        }
    }

    fn stop(&self) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((process, server)) = running {
            if process == process::id() {
                drop(server);
            } else {
                // Its thread is in another process: there is nothing to wait for.
                std::mem::forget(server);
            }
        }
    }
}

#[pymethods]
impl Simulator {
    /// Where it listens: `http://127.0.0.1:PORT`.
    #[getter]
    fn url(&self) -> &str {
        &self.url
    }

    /// The administrator's token: the key of akadmin's, or the personal access token of NetBird's owner.
    #[getter]
    fn token(&self) -> Secret {
        self.token.clone()
    }

    /// Every request since the start, or since `clear_requests`, in the order in which they were
    /// read.
    #[getter]
    fn requests<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.with(|server| server.requests())?.into_iter().map(LoggedRequest))
    }

    /// Whether it was closed.
    #[getter]
    fn closed(&self) -> bool {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    /// Forgets the requests so far.
    fn clear_requests(&self) -> PyResult<()> {
        self.with(|server| server.clear_requests())
    }

    /// The whole state, keys and secrets included, as plain dicts in a stable order: for comparing
    /// before and after.
    fn dump<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.with(|server| server.dump())?)
    }

    /// Changes the latency, in seconds, from the next request on.
    fn set_latency(&self, latency: Arg<f64>) -> PyResult<()> {
        let latency = convert::seconds("latency", *latency)?;
        self.with(|server| server.set_latency(latency))
    }

    /// Makes requests overtake each other, from the next one on: what comes in is checked, done and
    /// answered after waits of random length, each `max_wait` seconds at most. They are drawn from
    /// `seed`. Zero, the default, checks and does everything in one.
    fn set_jitter(&self, max_wait: Arg<f64>, seed: Arg<u64>) -> PyResult<()> {
        let max_wait = convert::seconds("max_wait", *max_wait)?;
        self.with(|server| server.set_jitter(max_wait, *seed))
    }

    /// Puts the simulator's clock ahead of the real one, or behind it with a negative number of
    /// seconds.
    fn set_clock_offset(&self, seconds: Arg<i64>) -> PyResult<()> {
        self.with(|server| server.set_clock_offset(*seconds))
    }

    /// Adds a fault. Of several that match a request, the one that was added first acts.
    fn add_fault(&self, fault: Arg<PyRef<'_, Fault>>) -> PyResult<()> {
        self.with(|server| server.add_fault(fault.0.clone()))
    }

    /// Removes all faults.
    fn clear_faults(&self) -> PyResult<()> {
        self.with(|server| server.clear_faults())
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
        format!("<{} at {}>", self.name, self.url)
    }

    /// Raises `TypeError`: a running server cannot be pickled.
    fn __reduce__(&self) -> PyResult<()> {
        not_pickled(self.name)
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stop();
    }
}

fn not_started(port: u16, error: &std::io::Error) -> PyErr {
    PyOSError::new_err(format!("the simulator cannot listen on port {port}: {error}"))
}
