//! An authentik blueprint: the desired state in authentik's own format.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::reference::{Reference, Target};
use super::refuse_expiry;
use crate::authentik::{Version, default_identifier};
use crate::error::Result;
use crate::ids::Server;
use crate::integration::NetbirdIntegration;
use crate::issue::printable;
use crate::plan::{Operation, Plan};
use crate::resource::{LookUp, Write};

/// Where a blueprint takes its secrets from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretSource {
    /// Environment variables of authentik's worker: `NETBIRD_APP_PASSWORD` and `NETBIRD_CLIENT_SECRET`.
    #[default]
    Environment,
    /// Files in this folder of authentik's worker: `netbird_app_password` and `netbird_client_secret`.
    Files(String),
}

impl SecretSource {
    fn tag(&self, name: &str) -> String {
        match self {
            Self::Environment => format!("!Env {name}"),
            Self::Files(folder) => {
                let folder = folder.trim_end_matches('/');
                format!("!File {}", quoted(&format!("{folder}/{}", name.to_lowercase())))
            }
        }
    }
}

const PASSWORD: &str = "NETBIRD_APP_PASSWORD";
const SECRET: &str = "NETBIRD_CLIENT_SECRET";

struct Entry {
    id: String,
    model: String,
    /// Whether an existing object is brought into this state, or left as it is.
    is_kept_current: bool,
    identifiers: Vec<(String, String)>,
    attrs: Vec<(String, String)>,
}

/// The blueprint of an integration for a release of authentik, in YAML.
///
/// An entry that gives rights (service account, app password, role or group) is created and never changed: an object of
/// that name that somebody else made gets no rights by the blueprint, and a rotated password stays.
///
/// # Errors
/// [`Error::InvalidIntegration`](crate::Error::InvalidIntegration) for an expiry of the app password: a blueprint can
/// set none that is longer than 30 minutes.
///
/// ```
/// use authentik_netbird_core::NetbirdIntegration;
/// use authentik_netbird_core::authentik::Version;
/// use authentik_netbird_core::outputs::export::{SecretSource, blueprint};
///
/// let integration =
///     NetbirdIntegration::builder("https://authentik.company", "netbird.company").build()?;
/// let yaml = blueprint(&integration, Version::new(2026, 5, 0), &SecretSource::Environment)?;
/// assert!(yaml.contains("key: !Env NETBIRD_APP_PASSWORD"));
/// # Ok::<(), authentik_netbird_core::Error>(())
/// ```
pub fn blueprint(
    integration: &NetbirdIntegration,
    version: Version,
    secrets: &SecretSource,
) -> Result<String> {
    let plan = integration.preview_of(version);
    refuse_expiry(&plan, "a blueprint")?;
    let entries = entries(&plan, secrets);
    let mut text = header(&plan, secrets, &entries);
    for entry in &entries {
        let _ = write!(text, "  - id: {}\n    model: {}\n", quoted(&entry.id), entry.model);
        let state = if entry.is_kept_current { "present" } else { "created" };
        let _ = writeln!(text, "    state: {state}");
        section(&mut text, "identifiers", &entry.identifiers);
        section(&mut text, "attrs", &entry.attrs);
    }
    Ok(text)
}

fn header(plan: &Plan, secrets: &SecretSource, entries: &[Entry]) -> String {
    let domain = plan.integration.domain();
    let release = plan.server_version.map(|version| version.to_string()).unwrap_or_default();
    let mut text = format!(
        "# NetBird {domain} on authentik {release}, by authentik-netbird.\n# Put it where authentik's worker \
         finds blueprints (/blueprints/custom), or import it under Customization > Blueprints.\n"
    );
    for (name, what) in [
        (
            PASSWORD,
            "the service account's app password, 60 letters and digits; NetBird gets the same value",
        ),
        (SECRET, "the client secret, which NetBird's connector gets, too"),
    ] {
        let tag = secrets.tag(name);
        let uses = |(_, value): &(String, String)| *value == tag;
        if entries.iter().any(|entry| entry.attrs.iter().any(uses)) {
            let _ = writeln!(text, "# {tag}: {what}.");
        }
    }
    if entries.iter().any(|entry| !entry.is_kept_current) {
        text += "# \"created\" entries give rights: an existing object of that name is left as it is.\n";
    }
    for one in plan.operations.iter().filter(|one| one.server == Server::Netbird) {
        let what = printable(&format!("{} {}", one.verb(), one.resource));
        let _ = writeln!(
            text,
            "# Left out: {what}. A blueprint changes authentik alone; use apply for NetBird."
        );
    }
    let name = quoted(&format!("NetBird {domain}"));
    let _ = write!(text, "version: 1\nmetadata:\n  name: {name}\nentries:\n");
    text
}

fn section(text: &mut String, name: &str, fields: &[(String, String)]) {
    if fields.is_empty() {
        return;
    }
    let _ = writeln!(text, "    {name}:");
    for (field, value) in fields {
        let space = if value.starts_with('\n') { "" } else { " " };
        let _ = writeln!(text, "      {field}:{space}{value}");
    }
}

fn entries(plan: &Plan, secrets: &SecretSource) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let needs_secret = |id: &str| {
        let of = |value: &Value| matches!(Reference::of(value), Some(Reference::SecretOf(one)) if one == id);
        plan.writes().any(|(_, write)| write.body().values().any(of))
    };
    for (operation, write) in plan.writes().filter(|(_, write)| !write.api.app.is_empty()) {
        let id = operation.id.as_str();
        match (write.kind(), write.action()) {
            // It comes with the account, below.
            (_, "create_unnamed") => {}
            (_, "name") => {
                entries.extend(account_with_password(operation, write, secrets));
            }
            ("role_permissions", _) => {
                let role = entries.iter_mut().find(|entry| entry.model == "authentik_rbac.role");
                let permissions = write.body().get("permissions").cloned().unwrap_or_default();
                if let Some(role) = role {
                    role.attrs.push(("permissions".to_owned(), permissions.to_string()));
                }
            }
            (kind, "update") if created_by(write).is_some() => {
                let created = created_by(write);
                let of = |entry: &&mut Entry| Some(entry.id.as_str()) == created;
                if let Some(entry) = entries.iter_mut().find(of) {
                    let fields = write.body().iter();
                    let more = fields.map(|(name, value)| (name.clone(), yaml(kind, name, value)));
                    entry.attrs.extend(more);
                }
            }
            (kind, _) => {
                let mut entry = entry(id, kind, write);
                if kind == "provider" && needs_secret(id) {
                    entry.attrs.push(("client_secret".to_owned(), secrets.tag(SECRET)));
                }
                entries.push(entry);
            }
        }
    }
    entries
}

/// The operation that creates what a write changes: until 2025.12 a group gets its role later.
fn created_by(write: &Write) -> Option<&str> {
    match Reference::of(write.key()?)? {
        Reference::Pending { operation, .. } => Some(operation),
        Reference::Named(_) | Reference::SecretOf(_) => None,
    }
}

/// Whether authentik's importer finds the object of a write by this field: its key, or all that it refers to.
fn is_identity(write: &Write, (field, value): (&str, &Value)) -> bool {
    match write.action.look_up {
        LookUp::Entry { of, .. } | LookUp::ItemBy(of) => field == of,
        LookUp::List { .. } => Reference::of(value).is_some(),
        LookUp::Item | LookUp::Keyed { .. } | LookUp::Secret => false,
    }
}

fn entry(id: &str, kind: &str, write: &Write) -> Entry {
    let mut identifiers = Vec::new();
    let mut attrs = Vec::new();
    if kind == "brand" {
        // The default brand, by whatever domain, or the one that was asked for. No other field is named.
        let domain = write.key().and_then(|key| key.get("named")).and_then(Value::as_str);
        identifiers.push(match domain {
            Some(domain) if domain != "authentik-default" => ("domain".to_owned(), quoted(domain)),
            _ => ("default".to_owned(), "true".to_owned()),
        });
    }
    for (field, value) in write.body() {
        let pair = (field.clone(), yaml(kind, field, value));
        if is_identity(write, (field, value)) {
            identifiers.push(pair);
        } else if !(kind == "group" && field == "users") {
            attrs.push(pair);
        }
    }
    Entry {
        id: id.to_owned(),
        model: format!("{}.{}", write.api.app, write.api.model),
        is_kept_current: !matches!(kind, "role" | "group"),
        identifiers,
        attrs,
    }
}

/// The service account in its group, and its app password.
fn account_with_password(
    operation: &Operation,
    name: &Write,
    secrets: &SecretSource,
) -> [Entry; 2] {
    let username = name.text("username").unwrap_or_default();
    let of = |field: &str, value: &Value| (field.to_owned(), yaml("user", field, value));
    let user = Entry {
        id: operation.id.as_str().to_owned(),
        model: "authentik_core.user".to_owned(),
        is_kept_current: false,
        identifiers: vec![of("username", &json!(username))],
        attrs: vec![
            of("name", &json!(username)),
            of("type", &json!("service_account")),
            of("path", &json!("goauthentik.io/service-accounts")),
            of("groups", name.body().get("groups").unwrap_or(&Value::Null)),
        ],
    };
    let token = Entry {
        id: format!("{}-password", operation.id),
        model: "authentik_core.token".to_owned(),
        is_kept_current: false,
        identifiers: vec![of("identifier", &json!(default_identifier(username)))],
        attrs: vec![
            ("user".to_owned(), format!("!KeyOf {}", quoted(operation.id.as_str()))),
            of("intent", &json!("app_password")),
            of("expiring", &json!(false)),
            of("description", &json!("NetBird's app password")),
            ("key".to_owned(), secrets.tag(PASSWORD)),
        ],
    };
    [user, token]
}

/// A value in YAML: JSON, and authentik's tags for what it refers to.
fn yaml(kind: &str, field: &str, value: &Value) -> String {
    match (Reference::of(value), value) {
        (Some(Reference::Pending { operation, .. }), _) => {
            // The account has its name from the operation that names it.
            let id = if operation == "app-password" { "service-account" } else { operation };
            format!("!KeyOf {}", quoted(id))
        }
        (Some(Reference::Named(name)), _) => match Target::of(kind, field) {
            Some(Target { api, key, .. }) => {
                format!("!Find [{}.{}, [{key}, {}]]", api.app, api.model, quoted(name))
            }
            None => quoted(name),
        },
        (Some(Reference::SecretOf(_)), _) => "null".to_owned(),
        (None, Value::Array(entries)) if !entries.is_empty() => {
            entries.iter().fold(String::new(), |text, one| {
                text + &format!("\n        - {}", yaml(kind, field, one))
            })
        }
        (None, other) => escaped(other),
    }
}

/// A text as JSON writes it, which YAML reads.
fn quoted(text: &str) -> String {
    escaped(&Value::from(text))
}

/// A value in JSON, with escapes for what YAML refuses or takes for the end of a line.
fn escaped(value: &Value) -> String {
    let escape = |text: String, c: char| text.replace(c, &format!("\\u{:04x}", u32::from(c)));
    ['\u{2028}', '\u{2029}', '\u{fffe}', '\u{ffff}'].into_iter().fold(value.to_string(), escape)
}
