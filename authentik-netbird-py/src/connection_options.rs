//! `ConnectionOptions`: how to connect, the same for everything that does.

use authentik_netbird_core as core;
use pyo3::prelude::*;

use crate::argument::{Arg, Pem, arg};
use crate::convert;

/// How to connect to a server.
///
/// Args:
///     root_certificates: Certificates of a private authority, PEM, one or more, trusted as well as
///         the operating system's. Default: none.
///     danger_accept_invalid_certs: Whether to accept any certificate, so that anyone in between can
///         read tokens and passwords. For experiments. Default: False.
///     allow_http: Whether to send the token over plain `http` to other machines than this one, so
///         that anyone in between can read it. Default: False.
///     timeout: Longest wait for one response, in seconds. Default: 30.
///     connect_timeout: Longest wait for a connection, in seconds. Default: 10.
///     retry_timeout: How long a read is retried after a failure that may pass, in seconds. Default:
///         15; 0: never.
///     user_agent: The `User-Agent` header. Default: `authentik-netbird/` and the version.
///
/// Invalid ones are reported when a client is created.
///
/// >>> from authentik_netbird import Client, ConnectionOptions
/// >>> options = ConnectionOptions(timeout=5, retry_timeout=0)
/// >>> Client("https://authentik.company", token="ak-token", options=options).closed
/// False
#[pyclass(frozen, module = "authentik_netbird")]
pub(crate) struct ConnectionOptions(pub(crate) core::ConnectionOptions);

#[pymethods]
impl ConnectionOptions {
    #[new]
    #[pyo3(
        signature = (
            *, root_certificates = None, danger_accept_invalid_certs = arg(false),
            allow_http = arg(false),
            timeout = arg(30.0), connect_timeout = arg(10.0), retry_timeout = arg(15.0),
            user_agent = None
        ),
        text_signature = "(*, root_certificates=None, danger_accept_invalid_certs=False, \
            allow_http=False, timeout=30.0, connect_timeout=10.0, retry_timeout=15.0, user_agent=None)"
    )]
    fn new(
        root_certificates: Option<Arg<Pem>>,
        danger_accept_invalid_certs: Arg<bool>,
        allow_http: Arg<bool>,
        timeout: Arg<f64>,
        connect_timeout: Arg<f64>,
        retry_timeout: Arg<f64>,
        user_agent: Option<Arg<&str>>,
    ) -> PyResult<Self> {
        let mut options = core::ConnectionOptions::new()
            .danger_accept_invalid_certs(*danger_accept_invalid_certs)
            .allow_http(*allow_http)
            .timeout(convert::seconds("timeout", *timeout)?)
            .connect_timeout(convert::seconds("connect_timeout", *connect_timeout)?)
            .retry_timeout(convert::seconds("retry_timeout", *retry_timeout)?);
        if let Some(pem) = root_certificates {
            options = options.root_certificates(pem.into_inner().0);
        }
        if let Some(user_agent) = user_agent {
            options = options.user_agent(*user_agent);
        }
        Ok(Self(options))
    }

    fn __repr__(&self) -> String {
        format!("<{:?}>", self.0)
    }
}

/// The options that were given, or the defaults.
pub(crate) fn given(options: Option<Arg<PyRef<'_, ConnectionOptions>>>) -> core::ConnectionOptions {
    options.map(|options| options.0.clone()).unwrap_or_default()
}
