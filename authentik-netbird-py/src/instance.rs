//! `netbird_instance`: what a NetBird reports about itself before it is set up.

use authentik_netbird_core::client;
use pyo3::prelude::*;

use crate::argument::{Arg, SecretText};
use crate::connection_options::{ConnectionOptions, given};
use crate::log::{self, Logger};
use crate::value_object::{Object, methods};
use crate::{convert, runtime};

/// A NetBird's report about itself, see `netbird_instance`.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct NetbirdInstance(client::NetbirdInstance);

methods! { [repr] NetbirdInstance(it, py) {
    get {
        /// The mode that it is for: one with the embedded identity provider is `Mode.CONNECTOR`.
        mode: Object<'py> = convert::member(py, "Mode", &it.mode);
        /// Whether it has no owner yet, see `first_start`.
        setup_required: bool = it.setup_required;
        /// Whether it accepts the access token; `None`: none was given.
        accepts_token: Option<bool> = it.accepts_token;
    }
} }

/// Asks a NetBird what it is, in one round trip. It needs no token: one that is given is
/// tried, and goes to this server alone.
///
/// Args:
///     netbird_url: NetBird's base URL.
///     token: An access token to try. Default: none.
///     options: How to connect. Default: `ConnectionOptions()`.
///
/// Raises:
///     InvalidClientError: URL, token or options that are not valid.
///     TransportError, ApiError, UnexpectedResponseError, DecodeError: What the server can respond.
///
/// >>> from authentik_netbird import netbird_instance
/// >>> from authentik_netbird.testing import NetbirdSimulator
/// >>> with NetbirdSimulator(set_up=False) as netbird:
/// ...     netbird_instance(netbird.url)
/// NetbirdInstance(mode='connector', setup_required=True, accepts_token=None)
#[pyfunction]
#[pyo3(signature = (netbird_url, *, token = None, options = None))]
pub(crate) fn netbird_instance(
    py: Python<'_>,
    netbird_url: Arg<String>,
    token: Option<Arg<SecretText>>,
    options: Option<Arg<PyRef<'_, ConnectionOptions>>>,
) -> PyResult<NetbirdInstance> {
    let (url, options) = (netbird_url.into_inner(), given(options));
    let token = token.map(|token| token.into_inner().0);
    let ask = async move { client::netbird_instance(&url, token.as_ref(), &options).await };
    let (tell, news) = runtime::news();
    let ask = log::logged(ask, Logger::of_call(py)?, tell);
    runtime::wait(py, ask, news).map(NetbirdInstance)
}
