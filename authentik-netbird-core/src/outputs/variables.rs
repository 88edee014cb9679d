//! Which variables NetBird needs, in which form, and why.
//!
//! Left out on purpose: what `base.setup.env` computes or overwrites whatever `setup.env` says
//! (`NETBIRD_AUTH_PKCE_AUDIENCE`, `NETBIRD_DASH_AUTH_AUDIENCE`, `NETBIRD_AUTH_DEVICE_AUTH_PROVIDER`).

use super::outputs::Outputs;
use crate::integration::GuideStep;
use crate::secret::Secret;

/// One variable of `setup.env`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Variable {
    /// Its name, such as `NETBIRD_AUTH_CLIENT_ID`.
    pub name: &'static str,
    /// Its value.
    pub value: VariableValue,
    /// Where the value comes from and what NetBird does with it, in a sentence.
    pub source: &'static str,
    /// Where the guide has it; `None`: it does not, but NetBird needs it.
    pub guide: Option<GuideStep>,
}

/// Value of a [`Variable`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VariableValue {
    /// A text; written in single quotes.
    Text(String),
    /// `true` or `false`; `configure.sh` puts it into JSON as it is.
    Boolean(bool),
    /// A number, such as a port.
    Number(u16),
    /// A text that must not be seen.
    Secret(Secret),
    /// A secret that this run did not read: the value in an existing file is kept.
    SecretUnknown,
}

impl VariableValue {
    /// The value without quotes, if it is known.
    pub(crate) fn text(&self) -> Option<Secret> {
        match self {
            Self::Text(text) => Some(Secret::from(text.as_str())),
            Self::Boolean(value) => Some(Secret::from(value.to_string())),
            Self::Number(value) => Some(Secret::from(value.to_string())),
            Self::Secret(secret) => Some(secret.clone()),
            Self::SecretUnknown => None,
        }
    }

    pub(super) fn is_secret(&self) -> bool {
        matches!(self, Self::Secret(_) | Self::SecretUnknown)
    }
}

/// Name, guide's step, value (`None` if there is to be none), source.
type Definition =
    (&'static str, Option<GuideStep>, fn(&Outputs) -> Option<VariableValue>, &'static str);

const GUIDE: Option<GuideStep> = Some(GuideStep::NetbirdConfiguration);
const PROXY: Option<GuideStep> = Some(GuideStep::Troubleshooting);

/// The guide has `api` at the end. authentik has no such scope and drops it silently; NetBird itself
/// requests the real one, `goauthentik.io/api`, where it reads users.
const SCOPES: &str = "openid profile email offline_access";

/// Setting it turns the device flow on.
pub(super) const DEVICE_CLIENT_ID: &str = "NETBIRD_AUTH_DEVICE_AUTH_CLIENT_ID";

pub(crate) const PASSWORD: &str = "NETBIRD_IDP_MGMT_EXTRA_PASSWORD";

#[rustfmt::skip]
const DEFINITIONS: [Definition; 24] = [
    ("NETBIRD_DOMAIN", None, |outputs| text(&outputs.domain),
        "NetBird's host name; configure.sh stops without it"),
    ("NETBIRD_AUTH_OIDC_CONFIGURATION_ENDPOINT", GUIDE, |outputs| text(&outputs.openid_configuration_endpoint()),
        "authentik's discovery document for the application; issuer, keys and endpoints come from it"),
    ("NETBIRD_USE_AUTH0", GUIDE, |_| boolean(false), "authentik is not Auth0"),
    ("NETBIRD_AUTH_CLIENT_ID", GUIDE, client_id, "client id of the provider"),
    ("NETBIRD_AUTH_AUDIENCE", GUIDE, client_id,
        "the client id, which is what authentik puts into tokens; not the client secret that the guide \
         names: the dashboard publishes this value"),
    ("NETBIRD_AUTH_SUPPORTED_SCOPES", GUIDE, |_| text(SCOPES),
        "scopes of the provider; without the guide's `api`, since authentik has no such scope"),
    ("NETBIRD_AUTH_USER_ID_CLAIM", None, |_| text(""),
        "empty: `sub`, the user's id; one of an earlier identity provider would lock everyone out"),
    (DEVICE_CLIENT_ID, GUIDE, |outputs| client_id(outputs).filter(|_| outputs.device_flow),
        "client id of the provider; setting it turns the device flow on"),
    ("NETBIRD_AUTH_DEVICE_AUTH_AUDIENCE", GUIDE, |outputs| client_id(outputs).filter(|_| outputs.device_flow),
        "the client id, as in every token"),
    ("NETBIRD_AUTH_DEVICE_AUTH_SCOPE", None, |outputs| text(SCOPES).filter(|_| outputs.device_flow),
        "scopes of the provider; with NetBird's default, `openid`, a user's groups vanish when a peer \
         is added"),
    ("NETBIRD_AUTH_REDIRECT_URI", None, |_| text("/auth"),
        "the dashboard's page for the answer to a login, below the domain; its default, `/#callback`, \
         has a fragment, which OAuth2 does not allow"),
    ("NETBIRD_AUTH_SILENT_REDIRECT_URI", None, |_| text("/silent-auth"),
        "the same for renewals in the background"),
    ("NETBIRD_AUTH_PKCE_REDIRECT_URL_PORTS", None, |_| text("53000"),
        "gives exactly http://localhost:53000, the provider's strict redirect URI; a list with commas, \
         of which authentik allows this one"),
    ("NETBIRD_AUTH_PKCE_DISABLE_PROMPT_LOGIN", None, |_| boolean(true),
        "without it NetBird's client asks for `prompt=login`, and people log in twice"),
    ("NETBIRD_TOKEN_SOURCE", None, |_| text("accessToken"),
        "the dashboard sends access tokens: NetBird's default, written so that another provider's \
         setting does not stay"),
    ("NETBIRD_MGMT_IDP", GUIDE, |outputs| text(outputs.account.as_ref().map_or("none", |_| "authentik")),
        "`authentik`: NetBird reads users from authentik; `none`: it reads none"),
    ("NETBIRD_IDP_MGMT_CLIENT_ID", GUIDE, api_client_id,
        "client id of the client that reads users, which alone has the scope of authentik's API; in the guide \
         that of the provider"),
    ("NETBIRD_IDP_MGMT_EXTRA_USERNAME", GUIDE, |outputs| text(&outputs.account.as_ref()?.username),
        "user name of the service account, exactly: case matters (the guide has `NetBird` in one place \
         and `Netbird` in the other)"),
    (PASSWORD, GUIDE, password, "app password of the service account"),
    ("NETBIRD_MGMT_IDP_SIGNKEY_REFRESH", None, |_| boolean(true),
        "NetBird reads authentik's keys again when they change"),
    ("NETBIRD_MGMT_API_PORT", PROXY, proxy_port, "the proxy's port; others make the dashboard loop"),
    ("NETBIRD_SIGNAL_PORT", PROXY, proxy_port, "the proxy's port"),
    ("NETBIRD_DISABLE_LETSENCRYPT", None, |outputs| boolean(true).filter(|_| outputs.reverse_proxy),
        "the proxy has the certificate"),
    ("NETBIRD_RELAY_PORT", None, proxy_port, "the proxy's port"),
];

pub(super) fn of(outputs: &Outputs) -> Vec<Variable> {
    let variable = |&(name, guide, value, source): &Definition| {
        Some(Variable { name, value: value(outputs)?, source, guide })
    };
    // The connector mode has no setup.env.
    let all = if outputs.connector.is_some() { &[][..] } else { &DEFINITIONS };
    all.iter().filter_map(variable).collect()
}

/// Whether a variable is one that is written for some outputs.
pub(super) fn is_known(name: &str) -> bool {
    DEFINITIONS.iter().any(|definition| definition.0 == name)
}

/// A client secret of an earlier identity provider: a public client has none, and the dashboard publishes it.
pub(super) const CLIENT_SECRET: &str = "NETBIRD_AUTH_CLIENT_SECRET";

/// Variables that are removed where there is no account: a file should hold no password that nothing
/// has a use for.
pub(super) fn is_of_account(name: &str) -> bool {
    [PASSWORD, "NETBIRD_IDP_MGMT_EXTRA_USERNAME", "NETBIRD_IDP_MGMT_CLIENT_ID"].contains(&name)
}

/// Variables that are removed where there is no device flow: they would turn it on.
pub(super) fn is_of_device_flow(name: &str) -> bool {
    name.starts_with("NETBIRD_AUTH_DEVICE_AUTH_")
}

/// Whether a value that was in a file may be a secret: the password, and the audience, for which the
/// guide has the client secret.
pub(super) fn may_have_been_secret(name: &str) -> bool {
    name == PASSWORD || name.ends_with("_AUDIENCE")
}

#[expect(clippy::unnecessary_wraps, reason = "as the table needs it")]
fn text(value: &str) -> Option<VariableValue> {
    Some(VariableValue::Text(value.to_owned()))
}

#[expect(clippy::unnecessary_wraps, reason = "as the table needs it")]
fn boolean(value: bool) -> Option<VariableValue> {
    Some(VariableValue::Boolean(value))
}

fn client_id(outputs: &Outputs) -> Option<VariableValue> {
    text(outputs.client_id.as_str())
}

fn api_client_id(outputs: &Outputs) -> Option<VariableValue> {
    let client_id = outputs.api_client_id.as_ref().unwrap_or(&outputs.client_id);
    text(client_id.as_str()).filter(|_| outputs.account.is_some())
}

fn password(outputs: &Outputs) -> Option<VariableValue> {
    let password = outputs.account.as_ref()?.app_password.clone();
    Some(password.map_or(VariableValue::SecretUnknown, VariableValue::Secret))
}

fn proxy_port(outputs: &Outputs) -> Option<VariableValue> {
    outputs.reverse_proxy.then_some(VariableValue::Number(443))
}
