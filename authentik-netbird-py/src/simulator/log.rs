//! The requests that a simulator received.

use pyo3::prelude::*;

use crate::argument::Arg;
use crate::value_object::methods;

/// A request that a simulator was sent, without its headers and bodies: those hold secrets.
#[pyclass(frozen, eq, module = "authentik_netbird.testing")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct LoggedRequest(pub(super) authentik_simulator::LoggedRequest);

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
