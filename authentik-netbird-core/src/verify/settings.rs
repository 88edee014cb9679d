//! [`NetbirdSettings`]: what NetBird reads from its files, as far as it is verified.

use url::Url;

use super::environment::Environment;
use crate::ids::Slug;
#[cfg(feature = "client")]
use crate::integration::NetbirdIntegration;
use crate::issue::Issue;
use crate::secret::Secret;

pub(super) const WELL_KNOWN: &str = ".well-known/openid-configuration";
pub(super) const APPLICATIONS: &str = "/application/o/";

/// The settings that NetBird reads from its `setup.env` or `management.json`, as far as it is verified, with
/// NetBird's own defaults.
///
/// Whatever a file is like, there are settings: what is wrong with it is a part of the report.
///
/// ```
/// use authentik_netbird_core::verify::NetbirdSettings;
///
/// let settings = NetbirdSettings::from_setup_env(
///     "NETBIRD_DOMAIN='netbird.company'
///      NETBIRD_AUTH_OIDC_CONFIGURATION_ENDPOINT='https://authentik.company/application/o/netbird/.well-known/openid-configuration'
///      NETBIRD_USE_AUTH0=false
///      NETBIRD_AUTH_CLIENT_ID='5JXuw0qD'
///      NETBIRD_AUTH_AUDIENCE='5JXuw0qD'
///      NETBIRD_AUTH_SUPPORTED_SCOPES='openid profile email offline_access'
///      NETBIRD_MGMT_IDP='authentik'
///      NETBIRD_IDP_MGMT_CLIENT_ID='5JXuw0qD'
///      NETBIRD_IDP_MGMT_EXTRA_USERNAME='NetBird'
///      NETBIRD_IDP_MGMT_EXTRA_PASSWORD='cd34'",
/// );
/// assert_eq!(settings.issuer(), "https://authentik.company/application/o/netbird/");
/// assert!(settings.issues().is_empty());
/// assert!(!format!("{settings:?}").contains("cd34"));
/// # Ok::<(), authentik_netbird_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetbirdSettings {
    /// Empty if it is not known; so are other texts.
    pub(crate) domain: String,
    /// Ends in `/application/o/SLUG/.well-known/openid-configuration`. `None`: not known.
    pub(crate) configuration_endpoint: Option<Url>,
    pub(crate) client_id: String,
    pub(crate) audience: String,
    pub(crate) scopes: String,
    /// `None`: the device flow is not enabled.
    pub(crate) device: Option<DeviceSettings>,
    /// `None`: NetBird reads no users.
    pub(crate) account: Option<AccountSettings>,
    /// Redirect URIs of the dashboard and of NetBird's client.
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) disables_prompt_login: bool,
    /// The problems of the file itself.
    pub(crate) environment: Environment,
}

/// The settings that NetBird's client starts a device flow with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeviceSettings {
    pub(crate) client_id: String,
    pub(crate) audience: String,
    pub(crate) scope: String,
}

/// The settings that management reads users with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AccountSettings {
    pub(crate) client_id: String,
    pub(crate) username: String,
    /// `None`: not known here.
    pub(crate) password: Option<Secret>,
}

impl NetbirdSettings {
    /// NetBird's host name; empty if the file does not say.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The origin of the dashboard's page, as browsers send it.
    #[cfg(feature = "client")]
    pub(crate) fn dashboard(&self) -> Option<String> {
        (!self.domain.is_empty()).then(|| format!("https://{}", self.domain.to_lowercase()))
    }

    /// With the host name that was asked about, where the file has none and none is missing: a
    /// `management.json` need not say it.
    #[cfg(feature = "client")]
    pub(crate) fn at(mut self, integration: Option<&NetbirdIntegration>) -> Self {
        let is_open = self.domain.is_empty() && !self.environment.names("NETBIRD_DOMAIN");
        if let Some(integration) = integration.filter(|_| is_open) {
            integration.domain().clone_into(&mut self.domain);
        }
        self
    }

    /// The problems of the file itself, each with its variable or line. A verification reports it as
    /// the check `environment`.
    #[must_use]
    pub fn issues(&self) -> &[Issue] {
        &self.environment.failed
    }

    /// The issuer that the discovery document must name: its address without
    /// `.well-known/openid-configuration`. Empty if the file does not say.
    #[must_use]
    pub fn issuer(&self) -> &str {
        let endpoint = self.configuration_endpoint.as_ref().map_or("", Url::as_str);
        endpoint.strip_suffix(WELL_KNOWN).unwrap_or(endpoint)
    }

    /// authentik's base URL; its path ends in a slash. `None` if the file does not say.
    #[must_use]
    pub fn authentik_url(&self) -> Option<Url> {
        let mut url = self.configuration_endpoint.clone()?;
        let end = url.path().rfind(APPLICATIONS).map_or(0, |at| at + 1);
        let path = url.path()[..end].to_owned();
        url.set_path(&path);
        Some(url)
    }

    /// Client id of management's separate client, if it has one.
    pub(crate) fn api_client_id(&self) -> Option<&str> {
        let client_id = self.account.as_ref()?.client_id.as_str();
        (client_id != self.client_id).then_some(client_id)
    }

    /// Slug of the application; empty if the file does not say.
    #[must_use]
    pub fn application_slug(&self) -> Slug {
        let before = self.issuer().trim_end_matches('/');
        before.rsplit('/').next().unwrap_or_default().into()
    }
}
