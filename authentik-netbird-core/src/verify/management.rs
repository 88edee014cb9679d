//! NetBird's `management.json`: the same settings as in a `setup.env`, by other names.

use serde_json::Value;

use super::environment::{Environment, judge};
use super::reader::{ENDPOINT, Reader, Values};
use super::settings::{NetbirdSettings, WELL_KNOWN};
use crate::issue::Issue;
use crate::secret::Secret;

/// The variable, and where management has its value.
const TEXTS: [(&str, &str); 13] = [
    (ENDPOINT, "HttpConfig.OIDCConfigEndpoint"),
    ("NETBIRD_AUTH_AUDIENCE", "HttpConfig.AuthAudience"),
    ("NETBIRD_AUTH_USER_ID_CLAIM", "HttpConfig.AuthUserIDClaim"),
    ("NETBIRD_AUTH_CLIENT_ID", "PKCEAuthorizationFlow.ProviderConfig.ClientID"),
    ("NETBIRD_AUTH_CLIENT_SECRET", "PKCEAuthorizationFlow.ProviderConfig.ClientSecret"),
    ("NETBIRD_AUTH_SUPPORTED_SCOPES", "PKCEAuthorizationFlow.ProviderConfig.Scope"),
    (DEVICE, "DeviceAuthorizationFlow.ProviderConfig.ClientID"),
    ("NETBIRD_AUTH_DEVICE_AUTH_AUDIENCE", "DeviceAuthorizationFlow.ProviderConfig.Audience"),
    ("NETBIRD_AUTH_DEVICE_AUTH_SCOPE", "DeviceAuthorizationFlow.ProviderConfig.Scope"),
    ("NETBIRD_MGMT_IDP", "IdpManagerConfig.ManagerType"),
    ("NETBIRD_IDP_MGMT_CLIENT_ID", "IdpManagerConfig.ClientConfig.ClientID"),
    ("NETBIRD_IDP_MGMT_EXTRA_USERNAME", "IdpManagerConfig.ExtraConfig.Username"),
    ("NETBIRD_IDP_MGMT_EXTRA_PASSWORD", "IdpManagerConfig.ExtraConfig.Password"),
];
const BOOLEANS: [&str; 5] = [
    "HttpConfig.IdpSignKeyRefreshEnabled",
    "DisableDefaultPolicy",
    "DeviceAuthorizationFlow.ProviderConfig.UseIDToken",
    "PKCEAuthorizationFlow.ProviderConfig.UseIDToken",
    PROMPT,
];
const DEVICE: &str = "NETBIRD_AUTH_DEVICE_AUTH_CLIENT_ID";
const PROMPT: &str = "PKCEAuthorizationFlow.ProviderConfig.DisablePromptLogin";
const ISSUER: &str = "HttpConfig.AuthIssuer";
const KEY: &str = "DataStoreEncryptionKey";
/// The scopes that clients request by default.
const SCOPES: &str = "openid profile email offline_access";

impl NetbirdSettings {
    /// The settings in a `setup.env` or a `management.json`, told apart by their content.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        if is_it(text) { Self::from_management_json(text) } else { Self::from_setup_env(text) }
    }

    /// The settings in NetBird's `management.json`, where there is no `setup.env` (Helm, NixOS) or both
    /// differ. It has no variables of the dashboard.
    #[must_use]
    pub fn from_management_json(text: &str) -> Self {
        settings(text)
    }

    /// Adds whether the next run of `configure.sh` keeps NetBird's data store key, without which every
    /// login fails: it takes the key from the `management.json` beside it (`current`), and management
    /// has written the one in use into `artifacts/management.json` (`generated`).
    #[must_use]
    pub fn with_data_store_key(mut self, current: Option<&str>, generated: &str) -> Self {
        let key = |text: &str| -> Option<Secret> {
            let file: Value = serde_json::from_str(text).ok()?;
            self::text(&file, KEY).map(Secret::from)
        };
        let Some(generated) = key(generated) else { return self };
        let message = match current.map(key) {
            Some(Some(current)) if current == generated => return self,
            Some(Some(_)) => {
                "management.json has another key than artifacts/management.json, which NetBird uses"
            }
            Some(None) | None => {
                "only artifacts/management.json has the key, so the next run of configure.sh drops it"
            }
        };
        let hint = "Before configure.sh: cp -p artifacts/management.json . (with another key every login \
                    fails, \"token invalid\").";
        self.environment.warned.push(Issue::new(KEY, message, hint));
        self
    }
}

/// Whether a text is this file, or should be: a `setup.env` begins otherwise.
fn is_it(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with('{')
        || text.contains("\"HttpConfig\"")
}

fn settings(text: &str) -> NetbirdSettings {
    let mut environment = Environment::default();
    let file: Value = serde_json::from_str(text).unwrap_or_else(|error| {
        // The decoder's message has a place and no value.
        let message = format!("not valid JSON (line {}, column {})", error.line(), error.column());
        let hint = "Write it again with configure.sh, or correct it.";
        environment.failed.push(Issue::new("management.json", message, hint));
        Value::Null
    });
    let is_broken = file.is_null();
    let values = values(&file);
    let mut settings = Reader::written(&values).settings();
    judge(&values, None, &mut environment);
    structure(&file, &settings, &mut environment);
    if is_broken {
        environment.failed.truncate(1);
    }
    settings.domain = domain(&file).unwrap_or_default();
    settings.redirect_uris = list(&file, "PKCEAuthorizationFlow.ProviderConfig.RedirectURLs");
    let read = std::mem::take(&mut settings.environment);
    // Keys that the reader misses are missing in this file, too.
    let is_here = |issue: &Issue| !is_broken && TEXTS.iter().any(|(name, _)| *name == issue.field);
    environment.failed.extend(read.failed.into_iter().filter(is_here));
    for issue in environment.failed.iter_mut().chain(&mut environment.warned) {
        if let Some((_, place)) = TEXTS.iter().find(|(name, _)| *name == issue.field) {
            (*place).clone_into(&mut issue.field);
            if issue.message == "missing" {
                "Set it as configure.sh would.".clone_into(&mut issue.hint);
            }
        }
    }
    settings.environment = environment;
    settings
}

fn at<'a>(file: &'a Value, place: &str) -> Option<&'a Value> {
    place.split('.').try_fold(file, |value, key| value.get(key))
}

fn text<'a>(file: &'a Value, place: &str) -> Option<&'a str> {
    at(file, place)?.as_str().filter(|text| !text.is_empty())
}

fn list(file: &Value, place: &str) -> Vec<String> {
    let all = at(file, place).and_then(Value::as_array).into_iter().flatten();
    all.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The host that clients find NetBird at.
fn domain(file: &Value) -> Option<String> {
    let uri = text(file, "Signal.URI")?;
    let host = uri.rsplit_once(':').map_or(uri, |(host, _)| host);
    (!host.is_empty()).then(|| host.to_owned())
}

/// As variables, with what management does where one is missing.
fn values(file: &Value) -> Values {
    let known = TEXTS.iter().filter_map(|(name, place)| Some((*name, text(file, place)?)));
    let secret = |text: &str| Some(Secret::from(text));
    let mut values: Values = known.map(|(name, text)| (name.to_owned(), secret(text))).collect();
    let mut default = |name: &str, text: Option<&str>| {
        if let Some(text) = text {
            values.entry(name.to_owned()).or_insert_with(|| secret(text));
        }
    };
    // Without an endpoint management takes the issuer from the file.
    let endpoint =
        text(file, ISSUER).map(|issuer| format!("{}/{WELL_KNOWN}", issuer.trim_end_matches('/')));
    default(ENDPOINT, endpoint.as_deref());
    if at(file, "PKCEAuthorizationFlow").is_none() {
        default("NETBIRD_AUTH_CLIENT_ID", text(file, "HttpConfig.AuthAudience"));
        default("NETBIRD_AUTH_SUPPORTED_SCOPES", Some(SCOPES));
    }
    let prompt = at(file, PROMPT).and_then(Value::as_bool).unwrap_or_default();
    default("NETBIRD_AUTH_PKCE_DISABLE_PROMPT_LOGIN", Some(&prompt.to_string()));
    let provider = text(file, "DeviceAuthorizationFlow.Provider").unwrap_or("none");
    if provider == "none" {
        values.remove(DEVICE);
    }
    values
}

/// The problems beyond single values.
fn structure(file: &Value, settings: &NetbirdSettings, environment: &mut Environment) {
    let mut fail = |place: &str, message: &str, hint: &str| {
        environment.failed.push(Issue::new(place, message, hint));
    };
    for place in BOOLEANS {
        if at(file, place).is_some_and(|value| !value.is_boolean() && !value.is_null()) {
            let message = "not a JSON boolean, so management does not start";
            fail(place, message, "Set it to true or false, without quotes.");
        }
    }
    if at(file, "EmbeddedIdP.Enabled").and_then(Value::as_bool) == Some(true) {
        let message = "this NetBird uses its embedded identity provider, so it ignores the other settings here";
        fail(
            "EmbeddedIdP",
            message,
            "Verify authentik as a connector of it, in NetBird's settings.",
        );
    }
    if text(file, "HttpConfig.OIDCConfigEndpoint").is_none()
        && text(file, ISSUER).is_some_and(|issuer| issuer != settings.issuer())
    {
        let message =
            "does not end in a slash, as authentik's issuers do, and NetBird compares it exactly";
        fail(
            ISSUER,
            message,
            "Set HttpConfig.OIDCConfigEndpoint, from which NetBird reads the rest.",
        );
    }
    if text(file, KEY).is_none() && !file.is_null() {
        let message = "empty, so management generates a new key when it starts, and every login fails \
                       if people's data was stored with another one";
        let hint = "Copy the key of artifacts/management.json, or of the oldest \
                    artifacts/management.json.bkp.* that has one. On a first start there is nothing to do.";
        environment.warned.push(Issue::new(KEY, message, hint));
    }
}
