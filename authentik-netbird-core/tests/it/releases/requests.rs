//! One request, in the form that it is written down in.

use authentik_netbird_core::ids::Resource;
use authentik_netbird_core::resource::Write;
use serde_json::{Value, json};

use super::Release;

/// Parts of paths that are no keys.
const WORDS: [&str; 27] = [
    "admin",
    "applications",
    "bindings",
    "brands",
    "certificatekeypairs",
    "core",
    "crypto",
    "current",
    "events",
    "flows",
    "groups",
    "instances",
    "me",
    "oauth2",
    "permissions",
    "policies",
    "propertymappings",
    "provider",
    "providers",
    "rbac",
    "roles",
    "scope",
    "tokens",
    "used_by",
    "users",
    "version",
    "view_key",
];

/// A request as it goes out, and why.
pub(crate) struct Sent {
    /// Who sends it, for messages.
    pub(crate) case: String,
    pub(crate) method: String,
    /// Path and query below `/api/v3`.
    pub(crate) path: String,
    pub(crate) body: Option<Value>,
    /// Whether the body is known: the simulator's log has none.
    pub(crate) body_known: bool,
}

impl Sent {
    /// A write that has no open references.
    pub(crate) fn new(case: &str, write: &Write, resource: &Resource) -> Self {
        let request = write.request(resource);
        let mut body = request.body;
        if write.action() == "set_key" {
            // Generated when it is sent.
            body = Some(json!({"key": "stand-in-for-a-secret"}));
        }
        if write.action() == "set_secret" {
            body = Some(json!({"client_secret": "stand-in-for-a-secret"}));
        }
        Self {
            case: case.to_owned(),
            method: format!("{:?}", request.method).to_uppercase(),
            path: format!("/{}", request.path),
            body,
            body_known: true,
        }
    }

    pub(crate) fn line(&self, release: Release) -> Value {
        json!({
            "release": release.name, "case": self.case, "method": self.method, "path": self.path,
            "body": self.body, "body_known": self.body_known,
        })
    }

    /// The endpoint of a read and its parameters, without what differs between runs.
    pub(crate) fn read(&self) -> Option<String> {
        let (path, query) = self.path.split_once('?').unwrap_or((&self.path, ""));
        let part = |part| if str::is_empty(part) || WORDS.contains(&part) { part } else { "{}" };
        let parts: Vec<&str> = path.split('/').map(part).collect();
        let mut names: Vec<&str> =
            query.split('&').filter_map(|pair| pair.split('=').next()).collect();
        names.sort_unstable();
        let read = format!("{} {}", parts.join("/"), names.join(" "));
        (self.method == "GET").then(|| read.trim_end().to_owned())
    }
}
