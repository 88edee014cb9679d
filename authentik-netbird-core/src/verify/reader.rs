//! [`Reader`]: from variables to settings, as `configure.sh` and management read them.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use super::environment::{Environment, USERNAME, judge};
use super::settings::{APPLICATIONS, AccountSettings, DeviceSettings, NetbirdSettings, WELL_KNOWN};
use crate::integration::is_loopback;
use crate::issue::{Issue, excerpt, excerpt_of_url};
use crate::outputs::{self, ASSIGN, NetbirdEnv, PASSWORD, SetupEnv, Variable};
use crate::secret::Secret;

pub(crate) const ENDPOINT: &str = "NETBIRD_AUTH_OIDC_CONFIGURATION_ENDPOINT";
const MANAGER: &str = "NETBIRD_MGMT_IDP";

/// By name. `None`: only bash can evaluate it.
pub(super) type Values = BTreeMap<String, Option<Secret>>;

pub(super) struct Reader<'a> {
    values: &'a Values,
    /// Whether the values are those of a file that someone wrote, and that NetBird will read.
    is_file: bool,
    /// Whether what is missing may be set by a command.
    is_open: bool,
    /// Names that are exported; `None`: perhaps all.
    exported: Option<&'a BTreeSet<String>>,
    environment: Environment,
}

impl<'a> Reader<'a> {
    pub(super) fn setup_env(file: &'a SetupEnv) -> Self {
        let environment = Environment {
            failed: [file.faults.clone(), file.commands.clone()].concat(),
            unknown: file.unfollowed.clone(),
            warned: Vec::new(),
        };
        let is_open = file.is_open || !file.unfollowed.is_empty();
        let exported = file.exported.as_ref();
        Self { values: &file.values, is_file: true, is_open, exported, environment }
    }

    /// Values that are right by how they were made.
    pub(super) fn written(values: &'a Values) -> Self {
        let environment = Environment::default();
        Self { values, is_file: false, is_open: false, exported: None, environment }
    }

    fn fail(&mut self, name: &str, message: impl Into<String>, hint: &str) {
        self.environment.failed.push(Issue::new(name, message, hint));
    }

    /// The value of a variable; empty is the same as not set, as for `configure.sh`.
    fn optional(&mut self, name: &str) -> Option<&'a str> {
        match self.values.get(name) {
            Some(Some(value)) => Some(value.expose()).filter(|value| !value.is_empty()),
            Some(None) => {
                let message = "has a value that only bash can evaluate";
                let hint = "Write the value itself, in single quotes.";
                self.environment.unknown.push(Issue::new(name, message, hint));
                None
            }
            None => None,
        }
    }

    fn required(&mut self, name: &str) -> &'a str {
        let value = self.optional(name);
        let all = self.environment.failed.iter().chain(&self.environment.unknown);
        // A line that sets it and cannot be read is an issue already.
        let is_named = all.into_iter().any(|one| one.message.contains(name) || one.field == name);
        if value.is_none() && !is_named {
            if self.is_open {
                let message = "not set by a line that can be read here";
                self.environment.unknown.push(Issue::new(name, message, ASSIGN));
            } else {
                // As where a file has NetBird's example lines after one's own.
                let is_emptied = self.is_file && self.values.contains_key(name);
                let message = if is_emptied { "empty, by its last assignment" } else { "missing" };
                self.fail(name, message, ASSIGN);
            }
        }
        value.unwrap_or_default()
    }

    pub(super) fn settings(mut self) -> NetbirdSettings {
        let domain = self.required("NETBIRD_DOMAIN");
        let endpoint = self.required(ENDPOINT);
        let configuration_endpoint =
            (!endpoint.is_empty()).then(|| self.endpoint(endpoint)).flatten();
        // What is judged below is read as it is meant, and fails once.
        let client_id = self.required("NETBIRD_AUTH_CLIENT_ID").trim();
        let audience = self.required("NETBIRD_AUTH_AUDIENCE").trim();
        let scopes = self.required("NETBIRD_AUTH_SUPPORTED_SCOPES").replace(',', " ");
        if self.is_file {
            // The dashboard's container does not start without it.
            self.required("NETBIRD_USE_AUTH0");
        }
        let device = self.device(audience);
        let account = self.account();
        let redirect_uris = self.redirect_uris(domain);
        let prompt = self.optional("NETBIRD_AUTH_PKCE_DISABLE_PROMPT_LOGIN");
        if self.is_file {
            judge(self.values, self.exported, &mut self.environment);
        }
        NetbirdSettings {
            domain: domain.to_owned(),
            configuration_endpoint,
            client_id: client_id.to_owned(),
            audience: audience.to_owned(),
            scopes,
            device,
            account,
            redirect_uris,
            disables_prompt_login: prompt == Some("true"),
            environment: self.environment,
        }
    }

    fn endpoint(&mut self, text: &str) -> Option<Url> {
        match endpoint(text) {
            Ok(url) => Some(url),
            Err((message, hint)) => {
                self.fail(ENDPOINT, message, &hint);
                None
            }
        }
    }

    /// As in NetBird's base.setup.env: a client id enables the flow.
    fn device(&mut self, audience: &str) -> Option<DeviceSettings> {
        let client_id = self.optional("NETBIRD_AUTH_DEVICE_AUTH_CLIENT_ID")?;
        let own = self.optional("NETBIRD_AUTH_DEVICE_AUTH_AUDIENCE");
        let scope = self.optional("NETBIRD_AUTH_DEVICE_AUTH_SCOPE");
        Some(DeviceSettings {
            client_id: client_id.trim().to_owned(),
            audience: own.map_or(audience, str::trim).to_owned(),
            scope: scope.unwrap_or("openid").replace(',', " "),
        })
    }

    fn account(&mut self) -> Option<AccountSettings> {
        let Some(manager) = self.optional(MANAGER) else {
            if self.is_file && !self.environment.names(MANAGER) && self.optional(USERNAME).is_some()
            {
                let message =
                    format!("not set, so NetBird reads no users, although {USERNAME} is set");
                let hint = "Set it to authentik, or remove the service account's variables.";
                self.environment.warned.push(Issue::new(MANAGER, message, hint));
            }
            return None;
        };
        // Management compares it in lower case.
        match manager.to_lowercase().as_str() {
            "none" => return None,
            "authentik" => {}
            _ => {
                let shown = excerpt(manager, 40);
                let message = format!("expected authentik or none, got \"{shown}\"");
                self.fail(MANAGER, message, "Set it to authentik, or to none.");
                return None;
            }
        }
        let client_id = self.required("NETBIRD_IDP_MGMT_CLIENT_ID").trim();
        let mut username = self.required(USERNAME).trim();
        if looks_like_app_password(username) {
            let message = "is an app password by its look, not a user name";
            let hint = format!(
                "Set it to the service account's name, and {PASSWORD} to the app password."
            );
            self.fail(USERNAME, message, &hint);
            username = "";
        }
        let password = if self.is_file {
            self.required(PASSWORD)
        } else {
            self.optional(PASSWORD).unwrap_or_default()
        };
        Some(AccountSettings {
            client_id: client_id.to_owned(),
            username: username.to_owned(),
            password: (!password.is_empty()).then(|| Secret::from(password)),
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
            // As browsers write a host. Another path is reported with its variable.
            let path = self.optional(name).unwrap_or(default);
            let uri = format!("https://{}{path}", domain.to_lowercase());
            uris.extend(path.starts_with('/').then_some(uri));
        }
        uris
    }
}

impl NetbirdSettings {
    /// The settings in a `setup.env`, such as one that someone wrote by hand. Read as
    /// [`parse_setup_env`](outputs::parse_setup_env) reads it; nothing is run.
    #[must_use]
    pub fn from_setup_env(text: &str) -> Self {
        let file = outputs::read(text);
        let mut settings = Reader::setup_env(&file).settings();
        let is_other = !file.values.keys().any(|name| name.starts_with("NETBIRD_"));
        if is_other && file.faults.is_empty() && file.unfollowed.is_empty() {
            let message = "sets none of NetBird's variables, such as NETBIRD_DOMAIN";
            let hint = "Use NetBird's setup.env or its management.json.";
            settings.environment.failed = vec![Issue::new("the file", message, hint)];
        }
        settings
    }

    /// The settings that [`NetbirdEnv`] would write. A password that is not known there is not
    /// known here, and what needs it cannot be judged.
    #[must_use]
    pub fn from_env(env: &NetbirdEnv) -> Self {
        let value = |one: &Variable| Some((one.name.to_owned(), Some(one.value.text()?)));
        let values = env.variables().iter().filter_map(value).collect();
        Reader::written(&values).settings()
    }
}

/// Whether it has the form of the keys that authentik generates: no text shows one.
pub(crate) fn looks_like_app_password(text: &str) -> bool {
    text.len() == 60 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The address of a discovery document, or what is wrong with it, and what to do.
pub(super) fn endpoint(text: &str) -> Result<Url, (String, String)> {
    let shown = excerpt_of_url(text, 120);
    let hint = "Use for example https://authentik.company/application/o/netbird/\
                .well-known/openid-configuration."
        .to_owned();
    let url = Url::parse(text).ok().filter(|url| url.host_str().is_some());
    let Some(url) = url.filter(|url| matches!(url.scheme(), "https" | "http")) else {
        return Err((format!("\"{shown}\" is not an http or https URL"), hint));
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(("contains a user name or password".to_owned(), "Remove it.".to_owned()));
    }
    if url.scheme() == "http" && !is_loopback(&url) {
        let message = format!("\"{shown}\" would send passwords unencrypted");
        return Err((message, "Use https; plain http is only for loopback.".to_owned()));
    }
    let slug = url
        .path()
        .strip_suffix(WELL_KNOWN)
        .and_then(|path| path.strip_suffix('/'))
        .and_then(|path| path.rsplit_once(APPLICATIONS))
        .map(|(_, slug)| slug);
    let is_slug = slug.is_some_and(|slug| !slug.is_empty() && !slug.contains('/'))
        && !url.path().contains("//");
    if !is_slug || url.query().is_some() || url.fragment().is_some() {
        let message = format!("\"{shown}\" is not the URL of a discovery document of authentik");
        let hint = meant(&url).map_or(hint, |url| format!("Use {}.", excerpt_of_url(&url, 120)));
        return Err((message, hint));
    }
    Ok(url)
}

/// The discovery document of the application that another of its addresses is of, such as its issuer.
fn meant(url: &Url) -> Option<String> {
    let (before, rest) = url.path().split_once(APPLICATIONS)?;
    let slug = rest.split('/').next().filter(|slug| !slug.is_empty())?;
    // These are every application's.
    let is_shared = ["authorize", "token", "userinfo", "introspect", "revoke", "device"];
    let before = before.trim_end_matches('/');
    let path = format!("{before}{APPLICATIONS}{slug}/{WELL_KNOWN}");
    (!is_shared.contains(&slug)).then(|| url.join(&path).ok().map(String::from))?
}

#[cfg(test)]
mod tests;
