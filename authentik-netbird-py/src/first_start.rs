//! `first_start`: the first start of a NetBird with its embedded identity provider.

use authentik_netbird_core::client::{self, Owner};
use pyo3::prelude::*;

use crate::argument::{Arg, SecretText, arg};
use crate::connection_options::{ConnectionOptions, given};
use crate::log::{self, Logger};
use crate::runtime;
use crate::secret::Secret;

/// Sets a new NetBird up and returns an access token of its owner, for `Client(netbird_token=…)`.
///
/// NetBird's own `create_pat` is not used: with it the account has no domain, and everyone who logs in
/// through authentik becomes the owner of a separate account. So the owner logs in once. Safe to run
/// again: on a NetBird that is set up the owner of that password gets another token.
///
/// Args:
///     netbird_url: NetBird's base URL.
///     email: The owner's e-mail address, the name at the login.
///     name: The owner's name.
///     password: The owner's password, as NetBird wants it: 8 to 72 characters.
///     days: How long the token lasts, 1 to 365. Default: 30.
///     options: How to connect. Default: `ConnectionOptions()`.
///
/// Raises:
///     InvalidClientError: URL, days or options that are not valid, or an owner whom NetBird refuses.
///     TransportError, ApiError, UnexpectedResponseError, DecodeError: What the server can respond.
///
/// >>> from authentik_netbird import first_start
/// >>> from authentik_netbird.testing import NetbirdSimulator
/// >>> with NetbirdSimulator(set_up=False) as netbird:
/// ...     first_start(
/// ...         netbird.url, email="owner@company", name="Owner", password="correct horse battery"
/// ...     )
/// Secret(***)
#[pyfunction]
#[pyo3(
    signature = (netbird_url, *, email, name, password, days = arg(30), options = None),
    text_signature = "(netbird_url, *, email, name, password, days=30, options=None)"
)]
pub(crate) fn first_start(
    py: Python<'_>,
    netbird_url: Arg<String>,
    email: Arg<String>,
    name: Arg<String>,
    password: Arg<SecretText>,
    days: Arg<u16>,
    options: Option<Arg<PyRef<'_, ConnectionOptions>>>,
) -> PyResult<Secret> {
    let (url, days, options) = (netbird_url.into_inner(), *days, given(options));
    let owner = Owner {
        email: email.into_inner(),
        name: name.into_inner(),
        password: password.into_inner().0,
    };
    let start = async move { client::first_start(&url, &owner, days, &options).await };
    let (tell, news) = runtime::news();
    let start = log::logged(start, Logger::of_call(py)?, tell);
    runtime::wait(py, start, news).map(Secret)
}
