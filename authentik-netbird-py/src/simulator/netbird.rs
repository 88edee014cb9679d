//! `NetbirdSimulator`: a NetBird in memory.

use authentik_simulator::netbird::{LoginError, NetbirdSimulator as SimulatedNetbird};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use super::{AuthentikSimulator, Simulator, not_started};
use crate::argument::{Arg, SecretText, arg};
use crate::convert;
use crate::secret::Secret;

/// A NetBird with the embedded identity provider in memory, set up by its owner, on a free port of 127.0.0.1:
/// for testing your own scripts.
///
/// Before it takes an identity provider it fetches the discovery document of the issuer, as NetBird does:
/// usually from an `AuthentikSimulator`.
///
/// Args:
///     port: The port. Default: 0, a free one.
///     latency: No answer comes sooner than this after its request, in seconds. Default: 0.
///     token: The owner's personal access token. Default: `nbp_simulatorOwnerToken00000000000000000`.
///     public_url: Where people reach it; the embedded identity provider's issuer and redirect URI are
///         below it. Default: `https://netbird.company`.
///     embedded: Whether it has the embedded identity provider. Default: True.
///     set_up: Whether its owner has set it up. Default: True.
///     setup_pat_enabled: `NB_SETUP_PAT_ENABLED`: whether `POST /api/setup` creates a token. Default: False.
///     issuer_timeout: How long it waits for an issuer, in seconds. Default: 10.
///
/// Raises:
///     OSError: The port is taken.
///
/// >>> from authentik_netbird.testing import NetbirdSimulator
/// >>> with NetbirdSimulator() as netbird:
/// ...     netbird.dump()["accounts"][0]["domain"]
/// 'netbird.selfhosted'
#[pyclass(frozen, extends = Simulator, module = "authentik_netbird.testing")]
pub(crate) struct NetbirdSimulator;

#[pymethods]
impl NetbirdSimulator {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "keyword arguments")]
    #[pyo3(
        signature = (
            *, port = arg(0), latency = arg(0.0), token = None,
            public_url = arg("https://netbird.company"), embedded = arg(true), set_up = arg(true),
            setup_pat_enabled = arg(false), issuer_timeout = arg(10.0)
        ),
        text_signature = "(*, port=0, latency=0.0, token=None, public_url='https://netbird.company', \
            embedded=True, set_up=True, setup_pat_enabled=False, issuer_timeout=10.0)"
    )]
    fn new(
        port: Arg<u16>,
        latency: Arg<f64>,
        token: Option<Arg<SecretText>>,
        public_url: Arg<&str>,
        embedded: Arg<bool>,
        set_up: Arg<bool>,
        setup_pat_enabled: Arg<bool>,
        issuer_timeout: Arg<f64>,
    ) -> PyResult<PyClassInitializer<Self>> {
        let port = *port;
        let mut builder = SimulatedNetbird::builder()
            .port(port)
            .latency(convert::seconds("latency", *latency)?)
            .public_url(&public_url)
            .embedded(*embedded)
            .set_up(*set_up)
            .setup_pat_enabled(*setup_pat_enabled)
            .issuer_timeout(convert::seconds("issuer_timeout", *issuer_timeout)?);
        if let Some(token) = token {
            builder = builder.token(token.0.expose());
        }
        let server = builder.start().map_err(|error| not_started(port, &error))?;
        let (url, token) = (server.url().to_owned(), server.token().to_owned());
        let base = Simulator::new("NetbirdSimulator", &url, &token, Box::new(server));
        Ok(PyClassInitializer::from(base).add_subclass(Self))
    }

    /// Somebody with an account in authentik logs in through an identity provider, all the way through
    /// NetBird and authentik. Returns the token for `Authorization: Bearer …`; raises `RuntimeError` with
    /// the page on which the login ends.
    fn log_in(
        slf: &Bound<'_, Self>,
        authentik: Arg<PyRef<'_, AuthentikSimulator>>,
        identity_provider: Arg<&str>,
        username: Arg<&str>,
    ) -> PyResult<Secret> {
        let (netbird, authentik) = (slf.as_super().get(), authentik.as_super());
        let (netbird, authentik): (&Simulator, &Simulator) = (netbird, authentik);
        let (identity_provider, username) = (*identity_provider, *username);
        slf.py()
            .detach(|| {
                netbird.with(|netbird| {
                    authentik.with(|authentik| {
                        let (netbird, authentik) = netbird.netbird().zip(authentik.authentik())?;
                        Some(netbird.log_in(authentik, identity_provider, username))
                    })
                })?
            })
            .and_then(token_of)
    }

    /// Somebody with a password in NetBird itself logs in, such as the owner. Returns the token for
    /// `Authorization: Bearer …`; raises `RuntimeError` with the page on which the login ends.
    fn log_in_locally(
        slf: &Bound<'_, Self>,
        email: Arg<&str>,
        password: Arg<SecretText>,
    ) -> PyResult<Secret> {
        let netbird: &Simulator = slf.as_super().get();
        let (email, password) = (*email, password.0.expose());
        let ended = slf.py().detach(|| {
            netbird.with(|netbird| {
                netbird.netbird().map(|netbird| netbird.log_in_locally(email, password))
            })
        });
        ended.and_then(token_of)
    }

    /// Stops NetBird and starts it again: only then a change of an identity provider takes effect, once
    /// somebody has logged in through it.
    fn restart(slf: &Bound<'_, Self>) -> PyResult<()> {
        slf.as_super().get().with(|netbird| {
            if let Some(netbird) = netbird.netbird() {
                netbird.edit(authentik_simulator::netbird::State::restart);
            }
        })
    }
}

fn token_of(ended: Option<Result<String, LoginError>>) -> PyResult<Secret> {
    match ended {
        Some(Ok(token)) => Ok(Secret(token.into())),
        Some(Err(error)) => Err(PyRuntimeError::new_err(error.to_string())),
        None => Err(PyRuntimeError::new_err("not a simulator of this kind")),
    }
}
