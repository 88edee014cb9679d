//! The objects of a simulated authentik, as plain data with public fields.
//!
//! The words and the field names are authentik's. A list that authentik keeps in another table (the
//! members of a group, the permissions of a role) is kept here with the object it is read from.

use std::collections::BTreeSet;
use std::time::SystemTime;

use serde::Serialize;
use serde_json::{Map, Value};

use super::key::Key;
use super::time;

/// A flow.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Flow {
    /// Primary key, a UUID.
    pub pk: String,
    /// The UUID that policy bindings point at.
    pub policybindingmodel_ptr_id: String,
    /// Name, not unique.
    pub name: String,
    /// Slug, unique; flows are retrieved by it.
    pub slug: String,
    /// Title, shown to people.
    pub title: String,
    /// One of authentik's designations, e.g. `stage_configuration`.
    pub designation: String,
    /// Who may use it, e.g. `none`, `require_authenticated`.
    pub authentication: String,
    /// Layout, e.g. `stacked`.
    pub layout: String,
    /// What happens on denial, e.g. `message_continue`.
    pub denied_action: String,
    /// `any` or `all`.
    pub policy_engine_mode: String,
    /// Compatibility mode.
    pub compatibility_mode: bool,
    /// The picture that was set, if any.
    pub background: String,
    /// UUIDs of stages; the simulator knows nothing else about them.
    pub stages: Vec<String>,
    /// UUIDs of policies; the simulator knows nothing else about them.
    pub policies: Vec<String>,
}

/// A scope mapping.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ScopeMapping {
    /// Primary key, a UUID.
    pub pk: String,
    /// Who manages it; the built-in ones are found by this.
    pub managed: Option<String>,
    /// Name, unique.
    pub name: String,
    /// Python that the simulator does not run: only the built-in ones give claims.
    pub expression: String,
    /// The scope that a client asks for.
    pub scope_name: String,
    /// What a person is asked to consent to.
    pub description: String,
}

/// What kind of key a certificate-key pair has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum KeyType {
    /// RSA, 2048 bits: tokens are signed with RS256.
    Rsa,
    /// Elliptic curve P-256: tokens are signed with ES256, which NetBird cannot read.
    Ec,
}

/// A certificate-key pair. All of one type share one embedded, public key.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Certificate {
    /// Primary key, a UUID.
    pub pk: String,
    /// Name, unique.
    pub name: String,
    /// Type of the key.
    pub key_type: KeyType,
    /// Whether there is a private key; only then it can sign.
    pub has_key: bool,
    /// When the certificate expires, as the API says it (the embedded one lives for 100 years).
    #[serde(serialize_with = "time::serialize")]
    pub expiry: SystemTime,
    /// Who manages it, if anyone.
    pub managed: Option<String>,
}

/// A brand.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Brand {
    /// Primary key, a UUID.
    pub brand_uuid: String,
    /// Domain, unique.
    pub domain: String,
    /// Whether it is used for hosts that no other brand matches.
    pub default: bool,
    /// Title.
    pub branding_title: String,
    /// Logo.
    pub branding_logo: String,
    /// Favicon.
    pub branding_favicon: String,
    /// Style sheet.
    pub branding_custom_css: String,
    /// Picture behind flows.
    pub branding_default_flow_background: String,
    /// Flow UUID.
    pub flow_authentication: Option<String>,
    /// Flow UUID.
    pub flow_invalidation: Option<String>,
    /// Flow UUID.
    pub flow_recovery: Option<String>,
    /// Flow UUID.
    pub flow_unenrollment: Option<String>,
    /// Flow UUID.
    pub flow_user_settings: Option<String>,
    /// Flow UUID; the one field that the guide sets.
    pub flow_device_code: Option<String>,
    /// Application UUID.
    pub default_application: Option<String>,
    /// Certificate UUID.
    pub web_certificate: Option<String>,
    /// Certificate UUIDs.
    pub client_certificates: Vec<String>,
    /// Free attributes.
    pub attributes: Map<String, Value>,
}

/// A group.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Group {
    /// Primary key, a UUID.
    pub pk: String,
    /// Numeric key for POSIX clients.
    pub num_pk: u64,
    /// Name. 2025.10 lets a service account's group have a name that is taken.
    pub name: String,
    /// Whether members, and members of children, are administrators.
    pub is_superuser: bool,
    /// Group UUIDs. Before 2026.5 there is at most one, sent as `parent`.
    pub parents: Vec<String>,
    /// User keys.
    pub users: Vec<u64>,
    /// Free attributes.
    pub attributes: Map<String, Value>,
    /// Role UUIDs.
    pub roles: Vec<String>,
}

/// A role: a name for permissions.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Role {
    /// Primary key, a UUID.
    pub pk: String,
    /// Name, unique.
    pub name: String,
    /// Global permissions, e.g. `authentik_core.view_user`.
    pub permissions: BTreeSet<String>,
    /// Users that have it directly (2026.5).
    pub users: Vec<u64>,
    /// Members of groups with this role who do not have it all the same (until 2025.12, which notes out
    /// of sight who has a role, and forgets it when a group with that role is deleted).
    pub lost_by: Vec<u64>,
}

/// A user of any type; service accounts are users.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct User {
    /// Primary key, the decimal number that NetBird knows a user by.
    pub pk: u64,
    /// The other key, a UUID.
    pub uuid: String,
    /// User name, unique, case-sensitive.
    pub username: String,
    /// Name shown to people.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Deactivated users cannot use the API.
    pub is_active: bool,
    /// `internal`, `external`, `service_account` or `internal_service_account`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Path, e.g. `users`.
    pub path: String,
    /// Free attributes.
    pub attributes: Map<String, Value>,
    /// Last login.
    #[serde(serialize_with = "time::serialize_option")]
    pub last_login: Option<SystemTime>,
    /// Creation.
    #[serde(serialize_with = "time::serialize")]
    pub date_joined: SystemTime,
    /// Last change of the password.
    #[serde(serialize_with = "time::serialize")]
    pub password_change_date: SystemTime,
    /// Last change of anything.
    #[serde(serialize_with = "time::serialize")]
    pub last_updated: SystemTime,
    /// The password, which no endpoint of the simulator takes.
    pub password: Option<Key>,
}

/// A token; app passwords are tokens.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Token {
    /// Primary key, a UUID.
    pub pk: String,
    /// Who manages it, if anyone.
    pub managed: Option<String>,
    /// Identifier, unique; tokens are retrieved by it.
    pub identifier: String,
    /// The secret itself.
    pub key: Key,
    /// `api`, `app_password`, `verification` or `recovery`.
    pub intent: String,
    /// User key.
    pub user: u64,
    /// Description.
    pub description: String,
    /// When it expires, if `expiring`.
    #[serde(serialize_with = "time::serialize_option")]
    pub expires: Option<SystemTime>,
    /// Whether `expires` means anything.
    pub expiring: bool,
}

impl Token {
    /// Whether it is past its time at `now`.
    #[must_use]
    pub fn is_expired(&self, now: SystemTime) -> bool {
        self.expiring && self.expires.is_some_and(|expires| expires < now)
    }
}

/// One allowed redirect URI.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RedirectUri {
    /// `strict` or `regex`.
    pub matching_mode: String,
    /// The URI, or the pattern that has to match all of it.
    pub url: String,
    /// `authorization` or `logout`; sent and taken since 2026.5. What a PATCH leaves out stays out,
    /// and counts as `authorization`.
    pub redirect_uri_type: Option<String>,
}

impl RedirectUri {
    /// A URI for logins. `matching_mode` is `strict` or `regex`.
    #[must_use]
    pub fn new(matching_mode: &str, url: &str) -> Self {
        Self {
            matching_mode: matching_mode.to_owned(),
            url: url.to_owned(),
            redirect_uri_type: None,
        }
    }
}

/// An OAuth2/OpenID provider.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Provider {
    /// Primary key, a number.
    pub pk: u64,
    /// Name, unique, case-sensitive.
    pub name: String,
    /// Flow UUID.
    pub authentication_flow: Option<String>,
    /// Flow UUID.
    pub authorization_flow: String,
    /// Flow UUID; empty once the flow is deleted.
    pub invalidation_flow: String,
    /// Scope mapping UUIDs.
    pub property_mappings: Vec<String>,
    /// `public` or `confidential`.
    pub client_type: String,
    /// Client id, unique.
    pub client_id: String,
    /// Client secret; a public client has one too.
    pub client_secret: Key,
    /// What the client may ask for; empty means nothing at all (2026.5 only, else not looked at).
    pub grant_types: Vec<String>,
    /// Duration, e.g. `minutes=10`.
    pub access_code_validity: String,
    /// Duration.
    pub access_token_validity: String,
    /// Duration.
    pub refresh_token_validity: String,
    /// Duration (2026.5).
    pub refresh_token_threshold: String,
    /// Whether claims of the scopes are in the id token.
    pub include_claims_in_id_token: bool,
    /// Certificate UUID. Without it tokens are signed with the client secret.
    pub signing_key: Option<String>,
    /// Certificate UUID. With it tokens are encrypted.
    pub encryption_key: Option<String>,
    /// Allowed redirect URIs.
    pub redirect_uris: Vec<RedirectUri>,
    /// Logout URI; `backchannel_logout_uri` before 2026.5.
    pub logout_uri: String,
    /// `backchannel` or `frontchannel` (2026.5).
    pub logout_method: String,
    /// What `sub` is, e.g. `user_id`.
    pub sub_mode: String,
    /// `per_provider` or `global`.
    pub issuer_mode: String,
    /// Source UUIDs.
    pub jwt_federation_sources: Vec<String>,
    /// Provider keys.
    pub jwt_federation_providers: Vec<u64>,
}

/// An application.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Application {
    /// Primary key, a UUID; policy bindings point at it.
    pub pk: String,
    /// Name, not unique.
    pub name: String,
    /// Slug, unique, case-sensitive; applications are retrieved by it.
    pub slug: String,
    /// Provider key; one provider serves one application.
    pub provider: Option<u64>,
    /// Provider keys.
    pub backchannel_providers: Vec<u64>,
    /// Whether it opens in a new tab.
    pub open_in_new_tab: bool,
    /// Launch URL; without one it is guessed from the first redirect URI.
    pub meta_launch_url: String,
    /// Icon.
    pub meta_icon: String,
    /// Description.
    pub meta_description: String,
    /// Publisher.
    pub meta_publisher: String,
    /// Whether it is hidden (2026.5).
    pub meta_hide: bool,
    /// `any` or `all`.
    pub policy_engine_mode: String,
    /// The word that applications are grouped by.
    pub group: String,
}

/// A policy binding: who may use an application.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct PolicyBinding {
    /// Primary key, a UUID.
    pub pk: String,
    /// UUID of the application (or a flow's `policybindingmodel_ptr_id`).
    pub target: String,
    /// Policy UUID; the simulator treats any policy as passed.
    pub policy: Option<String>,
    /// Group UUID.
    pub group: Option<String>,
    /// User key.
    pub user: Option<u64>,
    /// Turns the result round.
    pub negate: bool,
    /// Whether it is looked at.
    pub enabled: bool,
    /// Order.
    pub order: i64,
    /// Seconds.
    pub timeout: i64,
    /// What a failing policy counts as.
    pub failure_result: bool,
}
