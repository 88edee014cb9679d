//! `AuthentikSimulator`: an authentik in memory.

use authentik_simulator::Simulator as SimulatedAuthentik;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::{Simulator, not_started};
use crate::argument::{Arg, SecretText, arg};
use crate::convert;

/// A factory-fresh authentik in memory, on a free port of 127.0.0.1: for testing your own scripts.
///
/// It runs from the moment that it is made, on a separate thread, until it is closed. As a context
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
#[pyclass(frozen, extends = Simulator, module = "authentik_netbird.testing")]
pub(crate) struct AuthentikSimulator {
    release: authentik_simulator::Release,
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
    ) -> PyResult<PyClassInitializer<Self>> {
        let port = *port;
        let release: authentik_simulator::Release = release
            .parse()
            .map_err(|error| PyValueError::new_err(format!("argument 'release': {error}")))?;
        let mut builder = SimulatedAuthentik::builder()
            .release(release)
            .port(port)
            .path(&path)
            .latency(convert::seconds("latency", *latency)?);
        if let Some(token) = token {
            builder = builder.token(token.0.expose());
        }
        let server = builder.start().map_err(|error| not_started(port, &error))?;
        let (url, token) = (server.url().to_owned(), server.token().to_owned());
        let base = Simulator::new("AuthentikSimulator", &url, &token, Box::new(server));
        Ok(PyClassInitializer::from(base).add_subclass(Self { release }))
    }

    /// The release that it simulates.
    #[getter]
    fn release<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::named_member(py, "Release", &self.release.to_string())
    }
}
