//! `NetbirdIntegration`.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use authentik_netbird_core as core;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use serde_json::Value;

use crate::argument::{Arg, OrDefault};
use crate::operation::Operation;
use crate::redirect::RedirectUri;
use crate::{convert, errors, value_object};

/// What is asked for: one NetBird on one authentik.
///
/// All options are keyword-only and have the guide's value as their default. It can't be changed;
/// `replace` makes another one.
///
/// Args:
///     authentik_url: authentik's base URL (`https`, or `http` to loopback; with its path if it has
///         one).
///     domain: NetBird's host name.
///     mode: How NetBird and authentik are connected. Default: `standalone`, the guide's way.
///     application_name: Name of the application, as users see it. Default: `NetBird`.
///     application_slug: Slug of the application, 1 to 50 letters, digits, `-` and `_`; part of the
///         issuer. Default: `netbird`.
///     application_group: Heading that the application is listed under. Default: left as it is, none
///         for a new one.
///     launch_url: Where the application's tile leads. Default: `https://DOMAIN`.
///     provider_name: Name of the provider. Default: `NetBird`. Two NetBirds on one authentik need
///         two names.
///     client_id: OAuth2 client id. Default: authentik makes one, and it is kept from then on.
///     authorization_flow: Slug of the authorization flow. Default:
///         `default-provider-authorization-implicit-consent`.
///     invalidation_flow: Slug of the invalidation flow. Default:
///         `default-provider-invalidation-flow`.
///     redirect_uris: Which redirect URIs the provider gets. Default: `recommended`; `as_in_guide`
///         lets `https://DOMAIN.evil.com` in.
///     extra_redirect_uris: Further redirect URIs. A regular expression must write its host out,
///         with the dots escaped. Default: none.
///     signing_key: Name of the certificate-key pair that signs tokens, an RSA one. Default: the one in
///         use if it will do, else authentik's self-signed one, else the first by name that will do.
///     access_code_validity: Life of codes, such as `minutes=10`, which is the default and the
///         guide's value.
///     service_account: The service account that NetBird reads users with, by its rights. Default:
///         `administrator`, the guide's. `user_reader` may read users, which is all that NetBird
///         needs, `user_deleter` also delete them; `none`: there is no account, and NetBird reads no
///         users.
///     service_account_name: User name of the service account; case matters. Default: `NetBird`.
///     access_groups: Names of the groups whose members may log in. The service account is let in
///         besides, and other bindings are kept. Default: none is named, and everyone may.
///     create_access_groups: Whether access groups that are missing are made, without members.
///         Default: no, that is an error.
///     app_password_expires: When a newly made service account's app password expires, RFC 3339 in
///         UTC, such as `2027-01-31T00:00:00Z`. Default: never.
///     device_flow: Slug of the device-code flow. Default: `default-device-code-flow`.
///     device_flow_name: Name of the device-code flow. Default: its slug.
///     device_flow_title: Title of the device-code flow, as users see it. Default:
///         `Device code flow`.
///     brand: Domain of the brand that gets the device-code flow. Default: authentik's default brand.
///     replace_device_code_flow: Whether a brand that has another device-code flow already gets
///         ours. Default: no, it keeps its own, and the plan says so.
///     adopt: Whether what belongs to something else is taken over. Default: no, that is an error.
///     reverse_proxy: Whether NetBird is behind a reverse proxy on port 443. Default: no.
///
/// Raises:
///     InvalidIntegrationError: Every problem at once, each with its field, in `issues`.
///     TypeError: An argument of another type, or an option that is not there.
///
/// >>> from authentik_netbird import NetbirdIntegration
/// >>> integration = NetbirdIntegration(
/// ...     "https://authentik.company", "netbird.company", application_slug="vpn"
/// ... )
/// >>> integration == NetbirdIntegration.from_dict({
/// ...     "authentik_url": "https://authentik.company",
/// ...     "domain": "netbird.company",
/// ...     "application_slug": "vpn",
/// ... })
/// True
#[pyclass(frozen, eq, module = "authentik_netbird")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct NetbirdIntegration(pub(crate) core::NetbirdIntegration);

/// Fields as the core takes them; one that was not given has the core's default.
#[derive(Default)]
struct Fields(BTreeMap<String, Value>);

impl Fields {
    fn set(&mut self, name: &str, value: Option<impl Into<Value>>) {
        self.0.extend(value.map(|value| (name.to_owned(), value.into())));
    }
}

impl NetbirdIntegration {
    fn build(builder: core::NetbirdIntegrationBuilder) -> PyResult<Self> {
        builder.build().map(Self).map_err(errors::to_python)
    }

    fn read_json(text: &str) -> PyResult<Self> {
        let fields: BTreeMap<String, Value> = serde_json::from_str(text).map_err(|error| {
            errors::to_python(core::Error::invalid_integration(vec![core::Issue::new(
                "integration",
                format!("it is no JSON object ({error})"),
                "write {\"authentik_url\": …, \"domain\": …}",
            )]))
        })?;
        Self::build(core::NetbirdIntegrationBuilder::from_fields(fields))
    }
}

#[pymethods]
impl NetbirdIntegration {
    #[new]
    #[pyo3(
        signature = (
            authentik_url,
            domain,
            *,
            mode = OrDefault::unset(),
            application_name = OrDefault::unset(),
            application_slug = OrDefault::unset(),
            application_group = None,
            launch_url = None,
            provider_name = OrDefault::unset(),
            client_id = None,
            authorization_flow = OrDefault::unset(),
            invalidation_flow = OrDefault::unset(),
            redirect_uris = OrDefault::unset(),
            extra_redirect_uris = None,
            signing_key = None,
            access_code_validity = OrDefault::unset(),
            service_account = OrDefault::unset(),
            service_account_name = OrDefault::unset(),
            access_groups = OrDefault::unset(),
            create_access_groups = OrDefault::unset(),
            app_password_expires = None,
            device_flow = OrDefault::unset(),
            device_flow_name = None,
            device_flow_title = OrDefault::unset(),
            brand = None,
            replace_device_code_flow = OrDefault::unset(),
            adopt = OrDefault::unset(),
            reverse_proxy = OrDefault::unset(),
        ),
        text_signature = "(authentik_url, domain, *, mode='standalone', application_name='NetBird', \
            application_slug='netbird', application_group=None, launch_url=None, \
            provider_name='NetBird', client_id=None, \
            authorization_flow='default-provider-authorization-implicit-consent', \
            invalidation_flow='default-provider-invalidation-flow', \
            redirect_uris='recommended', extra_redirect_uris=None, signing_key=None, \
            access_code_validity='minutes=10', service_account='administrator', \
            service_account_name='NetBird', access_groups=(), create_access_groups=False, \
            app_password_expires=None, \
            device_flow='default-device-code-flow', device_flow_name=None, \
            device_flow_title='Device code flow', brand=None, \
            replace_device_code_flow=False, adopt=False, reverse_proxy=False)"
    )]
    #[expect(clippy::too_many_arguments, reason = "Python's keywords")]
    fn new(
        authentik_url: Arg<String>,
        domain: Arg<String>,
        mode: OrDefault<String>,
        application_name: OrDefault<String>,
        application_slug: OrDefault<String>,
        application_group: Option<Arg<String>>,
        launch_url: Option<Arg<String>>,
        provider_name: OrDefault<String>,
        client_id: Option<Arg<String>>,
        authorization_flow: OrDefault<String>,
        invalidation_flow: OrDefault<String>,
        redirect_uris: OrDefault<String>,
        extra_redirect_uris: Option<Arg<Vec<PyRef<'_, RedirectUri>>>>,
        signing_key: Option<Arg<String>>,
        access_code_validity: OrDefault<String>,
        service_account: OrDefault<String>,
        service_account_name: OrDefault<String>,
        access_groups: OrDefault<Vec<String>>,
        create_access_groups: OrDefault<bool>,
        app_password_expires: Option<Arg<String>>,
        device_flow: OrDefault<String>,
        device_flow_name: Option<Arg<String>>,
        device_flow_title: OrDefault<String>,
        brand: Option<Arg<String>>,
        replace_device_code_flow: OrDefault<bool>,
        adopt: OrDefault<bool>,
        reverse_proxy: OrDefault<bool>,
    ) -> PyResult<Self> {
        let mut fields = Fields::default();
        fields.set("authentik_url", Some(authentik_url));
        fields.set("domain", Some(domain));
        fields.set("mode", mode.value());
        fields.set("application_name", application_name.value());
        fields.set("application_slug", application_slug.value());
        fields.set("application_group", application_group);
        fields.set("launch_url", launch_url);
        fields.set("provider_name", provider_name.value());
        fields.set("client_id", client_id);
        fields.set("authorization_flow", authorization_flow.value());
        fields.set("invalidation_flow", invalidation_flow.value());
        fields.set("redirect_uris", redirect_uris.value());
        fields.set(
            "extra_redirect_uris",
            extra_redirect_uris.map(|uris| convert::redirect_uris(&uris)),
        );
        fields.set("signing_key", signing_key);
        fields.set("access_code_validity", access_code_validity.value());
        fields.set("service_account", service_account.value());
        fields.set("service_account_name", service_account_name.value());
        fields.set("access_groups", access_groups.value());
        fields.set("create_access_groups", create_access_groups.value());
        fields.set("app_password_expires", app_password_expires);
        fields.set("device_flow", device_flow.value());
        fields.set("device_flow_name", device_flow_name);
        fields.set("device_flow_title", device_flow_title.value());
        fields.set("brand", brand);
        fields.set("replace_device_code_flow", replace_device_code_flow.value());
        fields.set("adopt", adopt.value());
        fields.set("reverse_proxy", reverse_proxy.value());
        Self::build(core::NetbirdIntegrationBuilder::from_fields(fields.0))
    }

    /// authentik's base URL; its path ends in a slash.
    #[getter]
    fn authentik_url(&self) -> &str {
        self.0.authentik_url().as_str()
    }

    /// NetBird's host name.
    #[getter]
    fn domain(&self) -> &str {
        self.0.domain()
    }

    /// How NetBird and authentik are connected.
    #[getter]
    fn mode<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::member(py, "Mode", &self.0.mode())
    }

    /// Name of the application.
    #[getter]
    fn application_name(&self) -> &str {
        self.0.application_name()
    }

    /// Slug of the application.
    #[getter]
    fn application_slug(&self) -> &str {
        self.0.application_slug().as_str()
    }

    /// Heading that the application is listed under; `None`: left as it is.
    #[getter]
    fn application_group(&self) -> Option<&str> {
        self.0.application_group()
    }

    /// Where the application's tile leads.
    #[getter]
    fn launch_url(&self) -> &str {
        self.0.launch_url()
    }

    /// Name of the provider.
    #[getter]
    fn provider_name(&self) -> &str {
        self.0.provider_name()
    }

    /// OAuth2 client id; `None`: whichever authentik makes.
    #[getter]
    fn client_id(&self) -> Option<&str> {
        self.0.client_id().map(core::ids::ClientId::as_str)
    }

    /// Slug of the authorization flow.
    #[getter]
    fn authorization_flow(&self) -> &str {
        self.0.authorization_flow().as_str()
    }

    /// Slug of the invalidation flow.
    #[getter]
    fn invalidation_flow(&self) -> &str {
        self.0.invalidation_flow().as_str()
    }

    /// Which redirect URIs the provider gets, apart from extra ones.
    #[getter]
    fn redirect_uris<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::member(py, "RedirectUris", &self.0.redirect_uris())
    }

    /// Further redirect URIs.
    #[getter]
    fn extra_redirect_uris<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.extra_redirect_uris().iter().cloned().map(RedirectUri))
    }

    /// Name of the signing key; `None`: any RSA one that will do.
    #[getter]
    fn signing_key(&self) -> Option<&str> {
        self.0.signing_key()
    }

    /// Life of codes.
    #[getter]
    fn access_code_validity(&self) -> &str {
        self.0.access_code_validity()
    }

    /// The service account that NetBird reads users with, by its rights.
    #[getter]
    fn service_account<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::member(py, "ServiceAccount", &self.0.service_account())
    }

    /// User name of the service account.
    #[getter]
    fn service_account_name(&self) -> &str {
        self.0.service_account_name()
    }

    /// Names of the groups whose members may log in; empty: no one is kept out.
    #[getter]
    fn access_groups<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.access_groups())
    }

    /// Whether access groups that are missing are made.
    #[getter]
    fn create_access_groups(&self) -> bool {
        self.0.create_access_groups()
    }

    /// When a new app password expires, RFC 3339; `None`: never.
    #[getter]
    fn app_password_expires(&self) -> Option<&str> {
        self.0.app_password_expires()
    }

    /// Slug of the device-code flow.
    #[getter]
    fn device_flow(&self) -> &str {
        self.0.device_flow().as_str()
    }

    /// Name of the device-code flow.
    #[getter]
    fn device_flow_name(&self) -> &str {
        self.0.device_flow_name()
    }

    /// Title of the device-code flow.
    #[getter]
    fn device_flow_title(&self) -> &str {
        self.0.device_flow_title()
    }

    /// Domain of the brand that gets the device-code flow; `None`: the default brand.
    #[getter]
    fn brand(&self) -> Option<&str> {
        self.0.brand()
    }

    /// Whether a brand's other device-code flow is replaced.
    #[getter]
    fn replace_device_code_flow(&self) -> bool {
        self.0.replace_device_code_flow()
    }

    /// Whether what belongs to something else is taken over.
    #[getter]
    fn adopt(&self) -> bool {
        self.0.adopt()
    }

    /// Whether NetBird is behind a reverse proxy on port 443.
    #[getter]
    fn reverse_proxy(&self) -> bool {
        self.0.reverse_proxy()
    }

    /// All redirect URIs that the provider is to have, in the order of the guide.
    fn all_redirect_uris<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.all_redirect_uris().into_iter().map(RedirectUri))
    }

    /// Every operation that a factory-fresh authentik of the newest known release would need, in
    /// order. Offline: nothing is asked or sent.
    ///
    /// >>> from authentik_netbird import NetbirdIntegration
    /// >>> integration = NetbirdIntegration("https://authentik.company", "netbird.company")
    /// >>> for operation in integration.operations():
    /// ...     print(operation.verb, operation.resource)
    /// create provider "NetBird"
    /// create service account "NetBird"
    /// create flow "default-device-code-flow"
    /// create application "netbird"
    /// create group membership "NetBird in authentik Admins"
    /// update brand "authentik-default"
    fn operations<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.operations().into_iter().map(Operation))
    }

    /// The same, but for these changes. What follows from other fields, such as the launch URL from
    /// the domain, follows them still, unless it was set to something else.
    ///
    /// Raises:
    ///     InvalidIntegrationError: Every problem at once.
    ///
    /// >>> from authentik_netbird import NetbirdIntegration
    /// >>> integration = NetbirdIntegration("https://authentik.company", "netbird.company")
    /// >>> integration.replace(domain="vpn.company").launch_url
    /// 'https://vpn.company'
    #[pyo3(signature = (**changes))]
    fn replace(&self, changes: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let changes = changes.map(convert::fields).transpose()?.unwrap_or_default();
        Self::build(self.0.with_fields(changes))
    }

    /// For `copy.replace`, Python 3.13 and later.
    #[pyo3(signature = (**changes))]
    fn __replace__(&self, changes: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        self.replace(changes)
    }

    /// From a JSON file. For TOML: `NetbirdIntegration.from_dict(tomllib.load(file))`.
    ///
    /// Raises:
    ///     FileError: The file can't be read.
    ///     InvalidIntegrationError: Every problem at once, unknown and missing fields too.
    #[staticmethod]
    fn from_file(path: Arg<PathBuf>) -> PyResult<Self> {
        let path = path.into_inner();
        let text = fs::read_to_string(&path).map_err(|source| {
            errors::to_python(core::Error::File { action: "read", path, source })
        })?;
        Self::read_json(&text)
    }

    /// As plain dicts, lists, texts and numbers, defaults filled in.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.0)
    }

    /// As JSON, defaults filled in. It holds no secret.
    fn to_json(&self) -> PyResult<String> {
        convert::to_json(&self.0)
    }

    /// From a mapping of fields, named as the arguments; all but `authentik_url` and `domain` may
    /// be left out.
    ///
    /// Raises:
    ///     InvalidIntegrationError: Every problem at once, unknown and missing fields too.
    #[staticmethod]
    fn from_dict(fields: &Bound<'_, PyAny>) -> PyResult<Self> {
        Self::build(core::NetbirdIntegrationBuilder::from_fields(convert::fields(fields)?))
    }

    /// From a JSON object of fields.
    ///
    /// Raises:
    ///     InvalidIntegrationError: Every problem at once, unknown and missing fields too.
    #[staticmethod]
    fn from_json(text: Arg<&str>) -> PyResult<Self> {
        Self::read_json(&text)
    }

    fn __hash__(&self) -> PyResult<u64> {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        self.to_json()?.hash(&mut hasher);
        Ok(hasher.finish())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        convert::repr(py, "NetbirdIntegration", &self.0)
    }

    /// For pickle: class and JSON.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<value_object::Reduced<'py>> {
        value_object::reduced(py.get_type::<Self>(), self.to_json()?)
    }
}
