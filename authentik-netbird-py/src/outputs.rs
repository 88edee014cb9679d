//! `Outputs` and `AccountOutputs`: what NetBird needs, as data.

use authentik_netbird_core as core;
use core::authentik::TokenIdentifier;
use core::ids::ClientId;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyType};
use serde::Deserialize;
use serde_json::json;
use url::Url;

use crate::argument::{Arg, SecretText, arg};
use crate::convert;
use crate::env::{NetbirdEnv, value};
use crate::errors;
use crate::integration::NetbirdIntegration;
use crate::secret::Secret;
use crate::value_object::methods;

/// The settings with which NetBird uses an authentik that is set up for it.
///
/// `Client.apply` makes it; it can also be put together by hand, for an authentik that was set up
/// by hand.
///
/// Args:
///     authentik_url: authentik's address, as browsers and NetBird see it.
///     domain: Host name of NetBird.
///     application_slug: Slug of the application.
///     client_id: Client id of the provider. Public.
///     api_client_id: Client id that NetBird's management reads users with. Default: the same.
///     account: The service account. Default: none, NetBird does without.
///     connector: What NetBird's embedded identity provider needs. Default: none, another mode.
///     device_flow: Whether NetBird's device flow is on. Default: yes.
///     reverse_proxy: Whether NetBird is behind a reverse proxy on port 443. Default: no.
///
/// Raises:
///     InvalidOutputsError: `authentik_url` is not a URL.
///
/// >>> from authentik_netbird import AccountOutputs, Outputs
/// >>> account = AccountOutputs("NetBird", app_password="cd34")
/// >>> outputs = Outputs(
/// ...     "https://authentik.company", "netbird.company", "netbird", "5JXuw0qD", account=account
/// ... )
/// >>> outputs.issuer
/// 'https://authentik.company/application/o/netbird/'
/// >>> "cd34" in repr(outputs)
/// False
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Outputs(pub(crate) core::Outputs);

methods! { [secret] Outputs(it, py) {
    get {
        /// authentik's address, as browsers and NetBird see it.
        authentik_url: &str = it.authentik_url.as_str();
        /// Host name of NetBird.
        domain: &str = &it.domain;
        /// Slug of the application.
        application_slug: &str = it.application_slug.as_str();
        /// Client id of the provider. Public.
        client_id: &str = it.client_id.as_str();
        /// Client id that NetBird's management reads users with; `None`: the same.
        api_client_id: Option<&str> = it.api_client_id.as_ref().map(ClientId::as_str);
        /// The service account; `None`: NetBird does without.
        account: Option<AccountOutputs> = it.account.clone().map(AccountOutputs);
        /// The settings that NetBird's embedded identity provider needs; `None`: another mode.
        connector: Option<ConnectorOutputs> = it.connector.clone().map(ConnectorOutputs);
        /// Whether NetBird's device flow is on.
        device_flow: bool = it.device_flow;
        /// Whether NetBird is behind a reverse proxy on port 443.
        reverse_proxy: bool = it.reverse_proxy;
        /// The issuer that authentik writes into tokens, with the slash at the end.
        issuer: String = it.issuer();
        /// Where authentik describes itself to OpenID clients.
        openid_configuration_endpoint: String = it.openid_configuration_endpoint();
    }

    #[new]
    #[pyo3(
        signature = (
            authentik_url, domain, application_slug, client_id, *, api_client_id = None,
            account = None, connector = None, device_flow = arg(true), reverse_proxy = arg(false)
        ),
        text_signature = "(authentik_url, domain, application_slug, client_id, *, api_client_id=None, \
            account=None, connector=None, device_flow=True, reverse_proxy=False)"
    )]
    #[expect(clippy::too_many_arguments, reason = "as many as Python's class has")]
    fn new(
        authentik_url: Arg<&str>,
        domain: Arg<&str>,
        application_slug: Arg<&str>,
        client_id: Arg<&str>,
        api_client_id: Option<Arg<&str>>,
        account: Option<Arg<PyRef<'_, AccountOutputs>>>,
        connector: Option<Arg<PyRef<'_, ConnectorOutputs>>>,
        device_flow: Arg<bool>,
        reverse_proxy: Arg<bool>,
    ) -> PyResult<Self> {
        let url = authentik_url.parse().map_err(|error| {
            errors::to_python(core::Error::invalid_outputs(vec![core::Issue::new(
                "authentik_url",
                format!("is not a URL ({error})"),
                "Use for example https://authentik.company.",
            )]))
        })?;
        let mut outputs =
            core::Outputs::new(url, *domain, (*application_slug).into(), (*client_id).into());
        outputs.api_client_id = api_client_id.map(|id| (*id).into());
        outputs.account = account.map(|account| account.0.clone());
        outputs.connector = connector.map(|connector| connector.0.clone());
        outputs.device_flow = *device_flow;
        outputs.reverse_proxy = *reverse_proxy;
        Ok(Self(outputs))
    }

    /// Outputs of an integration whose provider has this client id.
    #[staticmethod]
    #[pyo3(signature = (
        integration, client_id, *, api_client_id = None, app_password = None,
        app_password_identifier = None
    ))]
    fn of(
        integration: Arg<PyRef<'_, NetbirdIntegration>>,
        client_id: Arg<&str>,
        api_client_id: Option<Arg<&str>>,
        app_password: Option<Arg<SecretText>>,
        app_password_identifier: Option<Arg<String>>,
    ) -> Self {
        let mut outputs = core::Outputs::of(&integration.0, (*client_id).into());
        outputs.api_client_id = api_client_id.map(|id| (*id).into());
        if let Some(account) = &mut outputs.account {
            account.app_password = app_password.map(|password| password.into_inner().0);
            account.app_password_identifier =
                app_password_identifier.map(|identifier| identifier.into_inner().into());
        }
        Self(outputs)
    }

    /// As plain dicts, without the password.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let Self(outputs) = self;
        let account = outputs.account.as_ref();
        let identifier = account.and_then(|account| account.app_password_identifier.as_ref());
        convert::to_python(py, &json!({
            "authentik_url": outputs.authentik_url,
            "domain": outputs.domain,
            "application_slug": outputs.application_slug,
            "issuer": outputs.issuer(),
            "openid_configuration_endpoint": outputs.openid_configuration_endpoint(),
            "client_id": outputs.client_id,
            "api_client_id": outputs.api_client_id,
            "service_account": account.map(|account| &account.username),
            "app_password_identifier": identifier,
            "identity_provider": outputs.connector.as_ref().map(|connector| &connector.name),
            "device_flow": outputs.device_flow,
            "reverse_proxy": outputs.reverse_proxy,
        }))
    }

    /// From what `to_dict` gives: the same, except for the password.
    ///
    /// Raises:
    ///     ValueError: Anything else.
    #[classmethod]
    fn from_dict(_class: &Bound<'_, PyType>, fields: &Bound<'_, PyAny>) -> PyResult<Self> {
        let stored: Stored = convert::from_mapping("Outputs", fields)?;
        let mut outputs = core::Outputs::new(
            stored.authentik_url,
            stored.domain,
            stored.application_slug.into(),
            stored.client_id.into(),
        );
        outputs.api_client_id = stored.api_client_id.map(Into::into);
        outputs.account = stored.service_account.map(core::outputs::AccountOutputs::new);
        if let Some(account) = &mut outputs.account {
            account.app_password_identifier = stored.app_password_identifier.map(Into::into);
        }
        outputs.connector = stored.identity_provider.map(core::outputs::ConnectorOutputs::new);
        outputs.device_flow = stored.device_flow;
        outputs.reverse_proxy = stored.reverse_proxy;
        Ok(Self(outputs))
    }

    /// The variables of NetBird's `setup.env`; the connector mode has none.
    fn netbird_env(&self) -> NetbirdEnv {
        NetbirdEnv(self.0.netbird_env())
    }

    /// The values to enter in NetBird's dashboard under Settings > Identity Providers, where its API is not used: label
    /// and value of each field. The client secret is a `Secret`, or `None` if this run neither made nor read
    /// it. `None` in another mode.
    fn dashboard_form<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDict>>> {
        let Some(form) = self.0.dashboard_form() else { return Ok(None) };
        let fields = PyDict::new(py);
        for (label, shown) in &form.fields {
            fields.set_item(label, value(py, shown)?)?;
        }
        Ok(Some(fields))
    }

    /// The seed of NetBird's `netbird-idp-migrate`, which moves a standalone NetBird to the embedded identity
    /// provider and keeps its users. `None` in another mode, or if the client secret is not known.
    fn migration_seed(&self) -> Option<Secret> {
        self.0.migration_seed().map(Secret)
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        convert::repr_of(slf, &[
            "authentik_url", "domain", "application_slug", "client_id", "api_client_id", "account",
            "connector", "device_flow", "reverse_proxy",
        ])
    }
} }

/// The fields of `Outputs.to_dict`, without what follows from the rest.
#[derive(Deserialize)]
struct Stored {
    authentik_url: Url,
    domain: String,
    application_slug: String,
    client_id: String,
    api_client_id: Option<String>,
    service_account: Option<String>,
    app_password_identifier: Option<String>,
    #[serde(default)]
    identity_provider: Option<String>,
    device_flow: bool,
    reverse_proxy: bool,
}

/// The service account that NetBird reads users with.
///
/// Args:
///     username: User name, exactly as authentik has it: case matters.
///     app_password: Value of its app password. Default: not known.
///     app_password_identifier: Identifier of the app password; not secret. Default: not known.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct AccountOutputs(core::outputs::AccountOutputs);

methods! { [secret] AccountOutputs(it, py) {
    get {
        /// User name, exactly as authentik has it.
        username: &str = &it.username;
        /// Value of its app password. `None` unless this run created or replaced it: reading an
        /// existing one leaves an event in authentik's log, so it is read only when asked for.
        app_password: Option<Secret> = it.app_password.clone().map(Secret);
        /// Identifier of the app password, where one is known. Not secret.
        app_password_identifier: Option<&str> =
            it.app_password_identifier.as_ref().map(TokenIdentifier::as_str);
    }

    #[new]
    #[pyo3(signature = (username, *, app_password = None, app_password_identifier = None))]
    fn new(
        username: Arg<&str>,
        app_password: Option<Arg<SecretText>>,
        app_password_identifier: Option<Arg<&str>>,
    ) -> Self {
        let mut account = core::outputs::AccountOutputs::new(*username);
        account.app_password = app_password.map(|password| password.into_inner().0);
        account.app_password_identifier =
            app_password_identifier.map(|identifier| (*identifier).into());
        Self(account)
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        convert::repr_of(slf, &["username", "app_password", "app_password_identifier"])
    }
} }

/// The settings that NetBird's embedded identity provider needs, apart from issuer and client id.
///
/// Args:
///     name: Name of the identity provider.
///     client_secret: The client secret. Default: not known.
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ConnectorOutputs(core::outputs::ConnectorOutputs);

methods! { [secret] ConnectorOutputs(it, py) {
    get {
        /// Name of the identity provider.
        name: &str = &it.name;
        /// The client secret; `None` when this run neither made nor read it.
        client_secret: Option<Secret> = it.client_secret.clone().map(Secret);
    }

    #[new]
    #[pyo3(signature = (name, *, client_secret = None))]
    fn new(name: Arg<&str>, client_secret: Option<Arg<SecretText>>) -> Self {
        let mut connector = core::outputs::ConnectorOutputs::new(*name);
        connector.client_secret = client_secret.map(|secret| secret.into_inner().0);
        Self(connector)
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        convert::repr_of(slf, &["name", "client_secret"])
    }
} }
