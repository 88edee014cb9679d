//! [`Environment`]: what is wrong with NetBird's `setup.env` itself, and its rules.
//!
//! As of NetBird 0.77: `configure.sh` sources the file in bash, `base.setup.env` fills in defaults, and
//! `envsubst` puts the values into JSON and YAML as they are.

use std::collections::{BTreeMap, BTreeSet};

use crate::issue::{Issue, excerpt};
use crate::secret::Secret;

/// What is wrong with a file itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Environment {
    /// NetBird does not start with it, or does something else than is meant.
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
const JSON_NUMBER: &str = "NETBIRD_AUTH_PKCE_LOGIN_FLAG";
const LIST: &str = "NETBIRD_AUTH_PKCE_REDIRECT_URL_PORTS";
const CLAIM: &str = "NETBIRD_AUTH_USER_ID_CLAIM";
const SOURCE: &str = "NETBIRD_TOKEN_SOURCE";
const ENGINE: &str = "NETBIRD_STORE_CONFIG_ENGINE";
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
/// Of these management makes a Go template, but jq quotes them first.
const TEMPLATE_TEXTS: [&str; 2] =
    ["NETBIRD_IDP_MGMT_EXTRA_USERNAME", "NETBIRD_IDP_MGMT_EXTRA_PASSWORD"];
/// `configure.sh` compares them with exactly `true` or `false`.
const SWITCHES: [(&str, &str); 2] =
    [("NETBIRD_DISABLE_LETSENCRYPT", "true"), ("NETBIRD_DASH_AUTH_USE_AUDIENCE", "false")];
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
    rules.json();
    rules.names();
    rules.dashboard();
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

    fn fail(&mut self, name: &str, message: impl Into<String>, hint: impl Into<String>) {
        self.environment.failed.push(Issue::new(name, message, hint));
    }

    fn warn(&mut self, name: &str, message: impl Into<String>, hint: impl Into<String>) {
        self.environment.warned.push(Issue::new(name, message, hint));
    }

    fn json(&mut self) {
        for name in JSON_BOOLEANS {
            let Some(value) = self.get(name) else { continue };
            if !matches!(value, "true" | "false") {
                let shown = excerpt(value, 40);
                let message = format!(
                    "\"{shown}\" is not a JSON boolean, so configure.sh stops with a jq error and \
                     leaves management.json empty"
                );
                self.fail(name, message, "Set it to true or false.");
            }
        }
        if let Some(value) = self.get(JSON_NUMBER) {
            let number = value.parse::<u8>();
            if !number.is_ok_and(|number| number.to_string() == value) {
                let shown = excerpt(value, 40);
                let message = format!(
                    "\"{shown}\" is not a small JSON number, so configure.sh or management stops"
                );
                self.fail(JSON_NUMBER, message, "Set it to 0 or 1.");
            }
        }
        for name in JSON_TEXTS {
            let breaks = |c: char| c == '"' || c == '\\' || c.is_control();
            if self.get(name).is_some_and(|value| value.contains(breaks)) {
                let message = "contains a quote, a backslash or a control character, so configure.sh \
                               stops with a jq error";
                self.fail(name, message, "Write the value without it.");
            }
        }
        for name in JSON_TEXTS.into_iter().chain(TEMPLATE_TEXTS) {
            if self.get(name).is_some_and(|value| value.contains("{{")) {
                let message = "contains {{, which management takes for a template";
                self.fail(name, message, "Use another value.");
            }
        }
    }

    fn names(&mut self) {
        if let Some(value) = self.get("NETBIRD_DOMAIN") {
            let is_host = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
            if !value.chars().all(is_host) {
                let shown = excerpt(value, 60);
                let message = format!("\"{shown}\" is not a host name alone");
                self.fail("NETBIRD_DOMAIN", message, "Use for example netbird.company.");
            }
        }
        for name in PORTS {
            let Some(value) = self.get(name) else { continue };
            if value.parse::<u16>().is_ok_and(|port| port > 0) {
                continue;
            }
            let shown = excerpt(value, 40);
            self.fail(name, format!("\"{shown}\" is not a port"), "Use a number up to 65535.");
        }
        if let Some(value) = self.get(LIST) {
            let is_port = |text: &str| {
                text.parse::<u16>().is_ok_and(|port| port > 0 && port.to_string() == text)
            };
            if !value.split(',').all(is_port) {
                let message = format!("\"{}\" is not a list of ports", excerpt(value, 40));
                self.fail(
                    LIST,
                    message,
                    "Use numbers with commas and without spaces, such as 53000.",
                );
            }
        }
        if let Some(value) = self.get(CLAIM).filter(|value| *value != "sub") {
            let message = format!(
                "NetBird would know people by the claim \"{}\", not by the id that authentik's API has",
                excerpt(value, 40)
            );
            let hint = "Remove it, or leave it empty. People who are in NetBird by that claim come back \
                        as new users.";
            self.fail(CLAIM, message, hint);
        }
    }

    fn dashboard(&mut self) {
        if self.get("NETBIRD_USE_AUTH0") == Some("true") {
            let message = "the dashboard would talk to authentik as if it were Auth0";
            self.fail("NETBIRD_USE_AUTH0", message, "Set it to false.");
        }
        for name in ["NETBIRD_AUTH_REDIRECT_URI", "NETBIRD_AUTH_SILENT_REDIRECT_URI"] {
            let Some(value) = self.get(name) else { continue };
            if !value.starts_with('/') {
                let shown = excerpt(value, 60);
                let message = format!(
                    "\"{shown}\" does not begin with a slash, and the dashboard appends it to its host"
                );
                self.fail(name, message, "Use a path, such as /auth.");
            }
        }
        if let Some(value) = self.get(SOURCE)
            && !matches!(value, "accessToken" | "idToken")
        {
            let message = format!("\"{}\" is neither accessToken nor idToken", excerpt(value, 40));
            self.warn(SOURCE, message, "Set it to accessToken.");
        }
        if self.get("NETBIRD_AUTH_CLIENT_SECRET").is_some() {
            let message = "the dashboard publishes this secret";
            let hint =
                "Remove it: the provider is a public client, which has none. Create a new one.";
            self.warn("NETBIRD_AUTH_CLIENT_SECRET", message, hint);
        }
        for (name, exact) in SWITCHES {
            let Some(value) = self.get(name) else { continue };
            if !matches!(value, "true" | "false") {
                let shown = excerpt(value, 40);
                let message =
                    format!("configure.sh compares it with exactly {exact}, got \"{shown}\"");
                self.warn(name, message, "Set it to true or false.");
            }
        }
    }

    /// Behind a proxy all is at its port.
    fn reverse_proxy(&mut self) {
        if self.get("NETBIRD_DISABLE_LETSENCRYPT") != Some("true") {
            return;
        }
        let unset: Vec<&str> =
            PORTS.into_iter().filter(|name| self.values.get(*name).is_none()).collect();
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
            if self.get(ENGINE) == Some(engine)
                && self.values.get(name).is_none_or(|value| is_empty(value.as_ref()))
            {
                let message =
                    format!("missing although {ENGINE} is {engine}, so configure.sh stops");
                self.fail(name, message, "Set it.");
            }
        }
    }
}

fn is_empty(value: Option<&Secret>) -> bool {
    value.is_some_and(|value| value.expose().is_empty())
}
