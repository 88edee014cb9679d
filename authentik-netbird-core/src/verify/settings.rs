//! [`NetbirdSettings`]: what NetBird reads from its `setup.env`, as far as it is verified.

use std::collections::BTreeMap;

use url::Url;

use crate::error::{Error, Result};
use crate::ids::Slug;
use crate::integration::is_loopback;
use crate::issue::{Issue, excerpt, excerpt_of_url};
use crate::outputs::{self, NetbirdEnv, Variable};
use crate::secret::Secret;

const ENDPOINT: &str = "NETBIRD_AUTH_OIDC_CONFIGURATION_ENDPOINT";
const PASSWORD: &str = "NETBIRD_IDP_MGMT_EXTRA_PASSWORD";
const WELL_KNOWN: &str = ".well-known/openid-configuration";
const APPLICATIONS: &str = "/application/o/";

/// What NetBird reads from its `setup.env`, as far as it is verified, with NetBird's own defaults.
///
/// ```
/// use authentik_netbird_core::verify::NetbirdSettings;
///
/// let settings = NetbirdSettings::from_setup_env(
///     "NETBIRD_DOMAIN='netbird.company'
///      NETBIRD_AUTH_OIDC_CONFIGURATION_ENDPOINT='https://authentik.company/application/o/netbird/.well-known/openid-configuration'
///      NETBIRD_AUTH_CLIENT_ID='5JXuw0qD'
///      NETBIRD_AUTH_AUDIENCE='5JXuw0qD'
///      NETBIRD_AUTH_SUPPORTED_SCOPES='openid profile email offline_access'
///      NETBIRD_MGMT_IDP='authentik'
///      NETBIRD_IDP_MGMT_CLIENT_ID='5JXuw0qD'
///      NETBIRD_IDP_MGMT_EXTRA_USERNAME='NetBird'
///      NETBIRD_IDP_MGMT_EXTRA_PASSWORD='cd34'",
/// )?;
/// assert_eq!(settings.issuer(), "https://authentik.company/application/o/netbird/");
/// assert!(!format!("{settings:?}").contains("cd34"));
/// # Ok::<(), authentik_netbird_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetbirdSettings {
    pub(crate) domain: String,
    /// Ends in `/application/o/SLUG/.well-known/openid-configuration`.
    pub(crate) configuration_endpoint: Url,
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
}

/// What NetBird's client starts a device flow with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeviceSettings {
    pub(crate) client_id: String,
    pub(crate) audience: String,
    pub(crate) scope: String,
}

/// What management reads users with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AccountSettings {
    pub(crate) client_id: String,
    pub(crate) username: String,
    /// `None`: not known here.
    pub(crate) password: Option<Secret>,
}

impl NetbirdSettings {
    /// The settings in a `setup.env`, such as one that someone wrote by hand. Read as
    /// [`parse_setup_env`](outputs::parse_setup_env) reads it; nothing is run.
    ///
    /// # Errors
    /// [`Error::InvalidOutputs`] with every issue at once, each with its variable: one that is
    /// missing or that only bash can evaluate, a file that bash cannot source, an address that is not that
    /// of an application's discovery document or would send the password unencrypted.
    pub fn from_setup_env(text: &str) -> Result<Self> {
        let (values, issues) = outputs::read(text);
        if values.is_empty() && !issues.is_empty() {
            return Err(Error::invalid_outputs(issues));
        }
        Reader { values: &values, needs_password: true, issues }.settings()
    }

    /// The settings that [`NetbirdEnv`] would write. A password that is not known there is not
    /// known here, and what needs it is skipped.
    ///
    /// # Errors
    /// [`Error::InvalidOutputs`], as [`Self::from_setup_env`].
    pub fn from_env(env: &NetbirdEnv) -> Result<Self> {
        let value = |one: &Variable| Some((one.name.to_owned(), Some(one.value.text()?)));
        let values = env.variables().iter().filter_map(value).collect();
        Reader { values: &values, needs_password: false, issues: Vec::new() }.settings()
    }

    /// NetBird's host name.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The issuer that the discovery document must name: its address without
    /// `.well-known/openid-configuration`.
    #[must_use]
    pub fn issuer(&self) -> &str {
        let endpoint = self.configuration_endpoint.as_str();
        endpoint.strip_suffix(WELL_KNOWN).unwrap_or(endpoint)
    }

    /// authentik's base URL; its path ends in a slash.
    #[must_use]
    pub fn authentik_url(&self) -> Url {
        let mut url = self.configuration_endpoint.clone();
        let end = url.path().rfind(APPLICATIONS).map_or(0, |at| at + 1);
        let path = url.path()[..end].to_owned();
        url.set_path(&path);
        url
    }

    /// Slug of the application.
    #[must_use]
    pub fn application_slug(&self) -> Slug {
        let before = self.issuer().trim_end_matches('/');
        before.rsplit('/').next().unwrap_or_default().into()
    }
}

struct Reader<'a> {
    /// By name. `None`: only bash can evaluate it.
    values: &'a BTreeMap<String, Option<Secret>>,
    needs_password: bool,
    issues: Vec<Issue>,
}

impl<'a> Reader<'a> {
    fn issue(&mut self, name: &str, message: impl Into<String>, hint: &str) {
        self.issues.push(Issue::new(name, message, hint));
    }

    /// The value of a variable; empty is the same as not set, as for `configure.sh`.
    fn optional(&mut self, name: &str) -> Option<&'a str> {
        match self.values.get(name) {
            Some(Some(value)) => Some(value.expose()).filter(|value| !value.is_empty()),
            Some(None) => {
                let hint = "Write the value itself, in single quotes.";
                self.issue(name, "has a value that only bash can evaluate", hint);
                None
            }
            None => None,
        }
    }

    fn required(&mut self, name: &str) -> &'a str {
        let before = self.issues.len();
        let value = self.optional(name);
        // A line that sets it and cannot be read is an issue already.
        let is_named = self.issues.iter().any(|issue| issue.message.contains(name));
        if value.is_none() && self.issues.len() == before && !is_named {
            self.issue(name, "missing", "Write NAME='value', without spaces around the =.");
        }
        value.unwrap_or_default()
    }

    fn settings(mut self) -> Result<NetbirdSettings> {
        let domain = self.required("NETBIRD_DOMAIN");
        let endpoint = self.required(ENDPOINT);
        let endpoint = (!endpoint.is_empty()).then(|| self.endpoint(endpoint)).flatten();
        let client_id = self.required("NETBIRD_AUTH_CLIENT_ID");
        let audience = self.required("NETBIRD_AUTH_AUDIENCE");
        let scopes = self.required("NETBIRD_AUTH_SUPPORTED_SCOPES");
        let device = self.device(audience);
        let account = self.account();
        let redirect_uris = self.redirect_uris(domain);
        let prompt = self.optional("NETBIRD_AUTH_PKCE_DISABLE_PROMPT_LOGIN");
        match endpoint {
            Some(configuration_endpoint) if self.issues.is_empty() => Ok(NetbirdSettings {
                domain: domain.to_owned(),
                configuration_endpoint,
                client_id: client_id.to_owned(),
                audience: audience.to_owned(),
                scopes: scopes.to_owned(),
                device,
                account,
                redirect_uris,
                disables_prompt_login: prompt == Some("true"),
            }),
            _ => Err(Error::InvalidOutputs { issues: self.issues }),
        }
    }

    fn endpoint(&mut self, text: &str) -> Option<Url> {
        let shown = excerpt_of_url(text, 120);
        let hint = "Use for example https://authentik.company/application/o/netbird/\
                    .well-known/openid-configuration.";
        let url = Url::parse(text).ok().filter(|url| url.host_str().is_some());
        let Some(url) = url.filter(|url| matches!(url.scheme(), "https" | "http")) else {
            self.issue(ENDPOINT, format!("\"{shown}\" is not an http or https URL"), hint);
            return None;
        };
        if !url.username().is_empty() || url.password().is_some() {
            self.issue(ENDPOINT, "contains a user name or password", "Remove it.");
            return None;
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            let message = format!("\"{shown}\" would send passwords unencrypted");
            self.issue(ENDPOINT, message, "Use https; plain http is only for loopback.");
            return None;
        }
        let slug = url
            .path()
            .strip_suffix(WELL_KNOWN)
            .and_then(|path| path.strip_suffix('/'))
            .and_then(|path| path.rsplit_once(APPLICATIONS))
            .map(|(_, slug)| slug);
        let is_slug = slug.is_some_and(|slug| !slug.is_empty() && !slug.contains('/'));
        if !is_slug || url.query().is_some() || url.fragment().is_some() {
            let message =
                format!("\"{shown}\" is not the URL of a discovery document of authentik");
            self.issue(ENDPOINT, message, hint);
            return None;
        }
        Some(url)
    }

    /// As in NetBird's base.setup.env: a client id enables the flow.
    fn device(&mut self, audience: &str) -> Option<DeviceSettings> {
        let client_id = self.optional("NETBIRD_AUTH_DEVICE_AUTH_CLIENT_ID")?;
        let own = self.optional("NETBIRD_AUTH_DEVICE_AUTH_AUDIENCE");
        let scope = self.optional("NETBIRD_AUTH_DEVICE_AUTH_SCOPE");
        Some(DeviceSettings {
            client_id: client_id.to_owned(),
            audience: own.unwrap_or(audience).to_owned(),
            scope: scope.unwrap_or("openid").to_owned(),
        })
    }

    fn account(&mut self) -> Option<AccountSettings> {
        match self.optional("NETBIRD_MGMT_IDP")? {
            "none" => return None,
            "authentik" => {}
            other => {
                let message = format!("expected authentik or none, got \"{}\"", excerpt(other, 40));
                self.issue("NETBIRD_MGMT_IDP", message, "Set it to authentik, or to none.");
                return None;
            }
        }
        let client_id = self.required("NETBIRD_IDP_MGMT_CLIENT_ID");
        let username = self.required("NETBIRD_IDP_MGMT_EXTRA_USERNAME");
        let password = if self.needs_password {
            Some(self.required(PASSWORD))
        } else {
            self.optional(PASSWORD)
        };
        Some(AccountSettings {
            client_id: client_id.to_owned(),
            username: username.to_owned(),
            password: password.map(Secret::from),
        })
    }

    /// Where a login leads back to: NetBird's client on each of its ports, then the dashboard.
    fn redirect_uris(&mut self, domain: &str) -> Vec<String> {
        let ports = self.optional("NETBIRD_AUTH_PKCE_REDIRECT_URL_PORTS").unwrap_or("53000");
        let mut uris: Vec<String> =
            ports.split(',').map(|port| format!("http://localhost:{}", port.trim())).collect();
        for (name, default) in [
            ("NETBIRD_AUTH_REDIRECT_URI", "/#callback"),
            ("NETBIRD_AUTH_SILENT_REDIRECT_URI", "/#silent-callback"),
        ] {
            let path = self.optional(name).unwrap_or(default);
            uris.push(format!("https://{domain}{path}"));
        }
        uris
    }
}
