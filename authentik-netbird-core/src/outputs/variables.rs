//! Which variables NetBird needs, in which form, and why.
//!
//! Left out on purpose: what `base.setup.env` computes or overwrites whatever `setup.env` says
//! (`NETBIRD_AUTH_PKCE_AUDIENCE`, `NETBIRD_DASH_AUTH_AUDIENCE`, `NETBIRD_AUTH_DEVICE_AUTH_PROVIDER`).

use super::allowed::Carrier;
use super::{Outputs, Variable, VariableValue};
use crate::integration::GuideStep;

const GUIDE: Option<GuideStep> = Some(GuideStep::NetbirdConfiguration);
const PROXY: Option<GuideStep> = Some(GuideStep::Troubleshooting);

/// The guide has `api` at the end. authentik has no such scope and drops it silently; the real one,
/// `goauthentik.io/api`, NetBird asks for itself where it reads users.
const SCOPES: &str = "openid profile email offline_access";

/// Where NetBird's client listens for the answer to a login; the provider has
/// `http://localhost:53000`, to the letter.
const CLIENT_PORT: &str = "53000";

pub(super) fn of(outputs: &Outputs) -> Vec<Variable> {
    let mut variables = logins(outputs);
    variables.extend(reading_of_users(outputs));
    if outputs.reverse_proxy {
        variables.extend(behind_a_reverse_proxy());
    }
    variables
}

fn logins(outputs: &Outputs) -> Vec<Variable> {
    let client_id = outputs.client_id.as_str();
    vec![
        Variable {
            carrier: Carrier::Host,
            ..text(
                "NETBIRD_DOMAIN",
                &outputs.domain,
                "NetBird's host name; configure.sh stops without it",
                None,
            )
        },
        text(
            "NETBIRD_AUTH_OIDC_CONFIGURATION_ENDPOINT",
            &outputs.openid_configuration_endpoint(),
            "authentik's discovery document for the application; issuer, keys and endpoints come \
             from it",
            GUIDE,
        ),
        boolean("NETBIRD_USE_AUTH0", false, "authentik is not Auth0", GUIDE),
        text("NETBIRD_AUTH_CLIENT_ID", client_id, "client id of the provider", GUIDE),
        text(
            "NETBIRD_AUTH_AUDIENCE",
            client_id,
            "the client id, which is what authentik puts into tokens; not the client secret that \
             the guide names: the dashboard publishes this value",
            GUIDE,
        ),
        text(
            "NETBIRD_AUTH_SUPPORTED_SCOPES",
            SCOPES,
            "scopes of the provider; the guide's `api` is left out, since authentik has no such \
             scope",
            GUIDE,
        ),
        Variable {
            carrier: Carrier::TemplatesOrEmpty,
            ..text(
                "NETBIRD_AUTH_USER_ID_CLAIM",
                "",
                "empty: `sub`, the user's id; one of an earlier identity provider would lock \
                 everyone out",
                None,
            )
        },
        text(
            "NETBIRD_AUTH_DEVICE_AUTH_CLIENT_ID",
            client_id,
            "client id of the provider; setting it turns the device flow on",
            GUIDE,
        ),
        text(
            "NETBIRD_AUTH_DEVICE_AUTH_AUDIENCE",
            client_id,
            "the client id, as in every token",
            GUIDE,
        ),
        text(
            "NETBIRD_AUTH_DEVICE_AUTH_SCOPE",
            SCOPES,
            "scopes of the provider; with NetBird's default, `openid`, a user's groups vanish when \
             a peer is added",
            None,
        ),
        text(
            "NETBIRD_AUTH_REDIRECT_URI",
            "/auth",
            "the dashboard's page for the answer to a login, below the domain; its default, \
             `/#callback`, has a fragment, which OAuth2 does not allow",
            None,
        ),
        text(
            "NETBIRD_AUTH_SILENT_REDIRECT_URI",
            "/silent-auth",
            "the same for renewals in the background",
            None,
        ),
        text(
            "NETBIRD_AUTH_PKCE_REDIRECT_URL_PORTS",
            CLIENT_PORT,
            "gives exactly http://localhost:53000, the provider's strict redirect URI; a list with \
             commas, of which authentik allows this one",
            None,
        ),
        boolean(
            "NETBIRD_AUTH_PKCE_DISABLE_PROMPT_LOGIN",
            true,
            "without it NetBird's client asks for `prompt=login`, and people log in twice",
            None,
        ),
        text(
            "NETBIRD_TOKEN_SOURCE",
            "accessToken",
            "the dashboard sends access tokens; NetBird's default, said so that another provider's \
             setting does not stay",
            None,
        ),
    ]
}

fn reading_of_users(outputs: &Outputs) -> Vec<Variable> {
    let refresh = boolean(
        "NETBIRD_MGMT_IDP_SIGNKEY_REFRESH",
        true,
        "NetBird reads authentik's keys again when they change",
        None,
    );
    let Some(account) = &outputs.account else {
        let none = text("NETBIRD_MGMT_IDP", "none", "NetBird reads no users from authentik", GUIDE);
        return vec![none, refresh];
    };
    let password = match &account.app_password {
        Some(password) => VariableValue::Secret(password.clone()),
        None => VariableValue::SecretUnknown,
    };
    vec![
        text("NETBIRD_MGMT_IDP", "authentik", "NetBird reads users from authentik", GUIDE),
        text(
            "NETBIRD_IDP_MGMT_CLIENT_ID",
            outputs.client_id.as_str(),
            "client id of the provider",
            GUIDE,
        ),
        Variable {
            carrier: Carrier::Jq,
            ..text(
                "NETBIRD_IDP_MGMT_EXTRA_USERNAME",
                &account.username,
                "user name of the service account, exactly: case matters (the guide has `NetBird` \
                 in one place and `Netbird` in the other)",
                GUIDE,
            )
        },
        Variable {
            name: "NETBIRD_IDP_MGMT_EXTRA_PASSWORD",
            value: password,
            source: "app password of the service account",
            guide: GUIDE,
            carrier: Carrier::Jq,
        },
        refresh,
    ]
}

/// What to empty where it is set: variables of an account, where NetBird is to read no users. It
/// would pass over them, and a file should hold no password that nothing has a use for.
pub(super) fn emptied(variables: &[Variable]) -> Vec<Variable> {
    let is_none = |one: &Variable| {
        one.name == "NETBIRD_MGMT_IDP" && one.value == VariableValue::Text("none".to_owned())
    };
    if !variables.iter().any(is_none) {
        return Vec::new();
    }
    let names = [
        "NETBIRD_IDP_MGMT_CLIENT_ID",
        "NETBIRD_IDP_MGMT_EXTRA_USERNAME",
        "NETBIRD_IDP_MGMT_EXTRA_PASSWORD",
    ];
    names.map(|name| text(name, "", "there is no account", GUIDE)).into()
}

fn behind_a_reverse_proxy() -> Vec<Variable> {
    vec![
        number("NETBIRD_MGMT_API_PORT", "the proxy's port; others make the dashboard loop", PROXY),
        number("NETBIRD_SIGNAL_PORT", "the proxy's port", PROXY),
        boolean("NETBIRD_DISABLE_LETSENCRYPT", true, "the proxy has the certificate", None),
        number("NETBIRD_RELAY_PORT", "the proxy's port", None),
    ]
}

fn variable(
    name: &'static str,
    value: VariableValue,
    source: &'static str,
    guide: Option<GuideStep>,
) -> Variable {
    Variable { name, value, source, guide, carrier: Carrier::Templates }
}

fn text(
    name: &'static str,
    value: &str,
    source: &'static str,
    guide: Option<GuideStep>,
) -> Variable {
    variable(name, VariableValue::Text(value.to_owned()), source, guide)
}

fn boolean(
    name: &'static str,
    value: bool,
    source: &'static str,
    guide: Option<GuideStep>,
) -> Variable {
    variable(name, VariableValue::Boolean(value), source, guide)
}

fn number(name: &'static str, source: &'static str, guide: Option<GuideStep>) -> Variable {
    variable(name, VariableValue::Number(443), source, guide)
}
