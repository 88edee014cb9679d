//! [`Environment`]: what is wrong with NetBird's `setup.env` itself, and its rules.
//!
//! As of NetBird 0.77: `configure.sh` sources the file in bash, `base.setup.env` fills in defaults, and
//! `envsubst` puts the values into JSON and YAML as they are.

use std::collections::{BTreeMap, BTreeSet};

use crate::issue::{Issue, excerpt};
use crate::outputs::PASSWORD;
use crate::secret::Secret;

/// A problem of the file itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Environment {
    /// NetBird does not start with it, or does something other than what is meant.
    pub(crate) failed: Vec<Issue>,
    /// Cannot be judged here.
    pub(crate) unknown: Vec<Issue>,
    /// It works, but needs attention.
    pub(crate) warned: Vec<Issue>,
}

impl Environment {
    /// Whether a value is not known because of the file.
    pub(crate) fn names(&self, name: &str) -> bool {
        self.failed.iter().chain(&self.unknown).any(|one| one.field == name)
    }
}

/// Values that become JSON without quotes.
const JSON_BOOLEANS: [&str; 5] = [
    "NETBIRD_MGMT_IDP_SIGNKEY_REFRESH",
    "NETBIRD_MGMT_DISABLE_DEFAULT_POLICY",
    "NETBIRD_AUTH_DEVICE_AUTH_USE_ID_TOKEN",
    "NETBIRD_AUTH_PKCE_USE_ID_TOKEN",
    "NETBIRD_AUTH_PKCE_DISABLE_PROMPT_LOGIN",
];
const PORTS: [&str; 3] = ["NETBIRD_MGMT_API_PORT", "NETBIRD_SIGNAL_PORT", "NETBIRD_RELAY_PORT"];
/// Values that become JSON in quotes, and that nothing escapes.
const JSON_TEXTS: [&str; 12] = [
    "NETBIRD_DOMAIN",
    "NETBIRD_TURN_DOMAIN",
    "NETBIRD_RELAY_ENDPOINT",
    "NETBIRD_AUTH_OIDC_CONFIGURATION_ENDPOINT",
    "NETBIRD_AUTH_CLIENT_ID",
    "NETBIRD_AUTH_CLIENT_SECRET",
    "NETBIRD_AUTH_AUDIENCE",
    "NETBIRD_AUTH_SUPPORTED_SCOPES",
    "NETBIRD_AUTH_DEVICE_AUTH_CLIENT_ID",
    "NETBIRD_AUTH_DEVICE_AUTH_AUDIENCE",
    "NETBIRD_AUTH_DEVICE_AUTH_SCOPE",
    "NETBIRD_IDP_MGMT_CLIENT_ID",
];
pub(super) const USERNAME: &str = "NETBIRD_IDP_MGMT_EXTRA_USERNAME";
/// Values that authentik compares exactly.
const IDENTIFIERS: [&str; 6] = [
    "NETBIRD_AUTH_CLIENT_ID",
    "NETBIRD_AUTH_AUDIENCE",
    "NETBIRD_AUTH_DEVICE_AUTH_CLIENT_ID",
    "NETBIRD_AUTH_DEVICE_AUTH_AUDIENCE",
    "NETBIRD_IDP_MGMT_CLIENT_ID",
    USERNAME,
];
const ENGINE: &str = "NETBIRD_STORE_CONFIG_ENGINE";

/// Names of variables, whether NetBird fails with such a value or only needs attention, which values are
/// wrong, message and hint. `{40}` stands for the value, at most so many characters of it.
type Rule = (&'static [&'static str], bool, fn(&str) -> bool, &'static str, &'static str);

#[rustfmt::skip]
const RULES: [Rule; 17] = [
    (&JSON_BOOLEANS, true, is_no_boolean,
        "\"{40}\" is not a JSON boolean, so configure.sh stops with a jq error and leaves management.json \
         empty",
        "Set it to true or false."),
    (&["NETBIRD_AUTH_PKCE_LOGIN_FLAG"], true,
        |value| !value.parse::<u8>().is_ok_and(|number| number.to_string() == value),
        "\"{40}\" is not a small JSON number, so configure.sh or management stops",
        "Set it to 0 or 1."),
    (&JSON_TEXTS, true, |value| value.contains(|c: char| c == '"' || c == '\\' || c.is_control()),
        "contains a quote, a backslash or a control character, so configure.sh stops with a jq error",
        "Write the value without it."),
    (&JSON_TEXTS, true, is_template, TEMPLATE, "Use another value."),
    // jq quotes these first.
    (&[USERNAME, PASSWORD], true, is_template,
        TEMPLATE, "Use another value."),
    (&["NETBIRD_AUTH_SUPPORTED_SCOPES", "NETBIRD_AUTH_DEVICE_AUTH_SCOPE"], true, |value| value.contains(','),
        "\"{60}\" has commas, so authentik takes it for one unknown scope",
        "Write the scopes with spaces between them."),
    (&IDENTIFIERS, true, |value| value.trim() != value,
        "\"{40}\" begins or ends with a space, which authentik takes for a part of it",
        "Write it without the space."),
    (&["NETBIRD_DOMAIN"], true,
        |value| !value.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-')),
        "\"{60}\" is not a host name alone",
        "Use for example netbird.company."),
    (&PORTS, true, |value| !value.parse::<u16>().is_ok_and(|port| port > 0),
        "\"{40}\" is not a port",
        "Use a number up to 65535."),
    (&["NETBIRD_AUTH_PKCE_REDIRECT_URL_PORTS"], true, |value| !value.split(',').all(is_plain_port),
        "\"{40}\" is not a list of ports",
        "Use numbers with commas and without spaces, such as 53000."),
    (&["NETBIRD_AUTH_USER_ID_CLAIM"], true, |value| value != "sub",
        "NetBird would know people by the claim \"{40}\", not by the id that authentik's API has",
        "Remove it, or leave it empty. People who are in NetBird by that claim come back as new users."),
    (&["NETBIRD_USE_AUTH0"], true, |value| value == "true",
        "the dashboard would talk to authentik as if it were Auth0",
        "Set it to false."),
    (&["NETBIRD_AUTH_REDIRECT_URI", "NETBIRD_AUTH_SILENT_REDIRECT_URI"], true,
        |value| !value.starts_with('/'),
        "\"{60}\" does not begin with a slash, and the dashboard appends it to its host",
        "Use a path, such as /auth."),
    (&["NETBIRD_TOKEN_SOURCE"], false, |value| !matches!(value, "accessToken" | "idToken"),
        "\"{40}\" is neither accessToken nor idToken",
        "Set it to accessToken."),
    (&["NETBIRD_AUTH_CLIENT_SECRET"], false, |_| true,
        "the dashboard publishes this secret",
        "Remove it: the provider is a public client, which has none. Create a new one."),
    (&["NETBIRD_DISABLE_LETSENCRYPT"], false, is_no_boolean,
        "configure.sh compares it with exactly true, got \"{40}\"",
        "Set it to true or false."),
    (&["NETBIRD_DASH_AUTH_USE_AUDIENCE"], false, is_no_boolean,
        "configure.sh compares it with exactly false, got \"{40}\"",
        "Set it to true or false."),
];

const TEMPLATE: &str = "contains {{, which management takes for a template";

fn is_template(value: &str) -> bool {
    value.contains("{{")
}

fn is_no_boolean(value: &str) -> bool {
    !matches!(value, "true" | "false")
}

/// Whether a text is a port, written as a number is.
fn is_plain_port(text: &str) -> bool {
    text.parse::<u16>().is_ok_and(|port| port > 0 && port.to_string() == text)
}

/// The key of NetBird's database, which configure.sh takes from its environment.
const KEY: &str = "NETBIRD_DATASTORE_ENC_KEY";
/// Databases, and the variable without which `configure.sh` stops.
const STORES: [(&str, &str); 2] = [
    ("postgres", "NETBIRD_STORE_ENGINE_POSTGRES_DSN"),
    ("mysql", "NETBIRD_STORE_ENGINE_MYSQL_DSN"),
];

/// Applies the rules that need no server; `exported` names what commands see, and `None` that it is not known.
pub(super) fn judge(
    values: &BTreeMap<String, Option<Secret>>,
    exported: Option<&BTreeSet<String>>,
    environment: &mut Environment,
) {
    let mut rules = Rules { values, environment };
    for rule in RULES {
        rules.apply(rule);
    }
    rules.reverse_proxy();
    rules.store();
    if values.contains_key(KEY) && exported.is_some_and(|names| !names.contains(KEY)) {
        let message = "without `export` it has no effect: configure.sh keeps the key of ./management.json, and \
                       with none there the next run drops it, and every login fails (\"token invalid\")";
        rules.warn(KEY, message, format!("Write export {KEY}='…'."));
    }
}

struct Rules<'a> {
    values: &'a BTreeMap<String, Option<Secret>>,
    environment: &'a mut Environment,
}

impl<'a> Rules<'a> {
    /// Its value, if it has one that is known.
    fn get(&self, name: &str) -> Option<&'a str> {
        self.values.get(name)?.as_ref().map(Secret::expose).filter(|value| !value.is_empty())
    }

    /// Whether it has no value. One that is not known is one.
    fn is_unset(&self, name: &str) -> bool {
        let is_empty = |value: &Secret| value.expose().is_empty();
        self.values.get(name).is_none_or(|value| value.as_ref().is_some_and(is_empty))
    }

    fn fail(&mut self, name: &str, message: impl Into<String>, hint: impl Into<String>) {
        self.environment.failed.push(Issue::new(name, message, hint));
    }

    fn warn(&mut self, name: &str, message: impl Into<String>, hint: impl Into<String>) {
        self.environment.warned.push(Issue::new(name, message, hint));
    }

    fn apply(&mut self, (names, fails, is_wrong, message, hint): Rule) {
        let length = if message.contains("{60}") { 60 } else { 40 };
        for name in names {
            let Some(value) = self.get(name).filter(|value| is_wrong(value)) else { continue };
            let message = message.replace(&format!("{{{length}}}"), &excerpt(value, length));
            if fails { self.fail(name, message, hint) } else { self.warn(name, message, hint) }
        }
    }

    /// Behind a proxy all is at its port.
    fn reverse_proxy(&mut self) {
        if self.get("NETBIRD_DISABLE_LETSENCRYPT") != Some("true") {
            return;
        }
        let unset: Vec<&str> = PORTS.into_iter().filter(|name| self.is_unset(name)).collect();
        if let Some(first) = unset.first() {
            let message = format!(
                "{} not set although Let's Encrypt is off, so clients look for NetBird at its own ports \
                 and not at the proxy's",
                if unset.len() == 1 {
                    "is".to_owned()
                } else {
                    format!("and {} more are", unset.len() - 1)
                }
            );
            self.warn(first, message, "Set each to the proxy's port, such as 443.");
        }
    }

    fn store(&mut self) {
        for (engine, name) in STORES {
            if self.get(ENGINE) == Some(engine) && self.is_unset(name) {
                let message =
                    format!("missing although {ENGINE} is {engine}, so configure.sh stops");
                self.fail(name, message, "Set it.");
            }
        }
    }
}
