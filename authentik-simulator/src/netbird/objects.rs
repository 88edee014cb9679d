//! The objects that a NetBird server stores, as far as they matter to an integration.

use std::time::SystemTime;

use serde::{Serialize, Serializer};

use super::settings::Settings;
use crate::Key;

/// An account: a separate network, with its users, groups and settings.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Account {
    /// Id.
    pub id: String,
    /// Id of the user that it was made for.
    pub created_by: String,
    /// When it was made.
    #[serde(serialize_with = "rfc3339")]
    pub created_at: SystemTime,
    /// `netbird.selfhosted`. Empty after a setup with `create_pat`: then every user of an identity
    /// provider gets a separate account.
    pub domain: String,
    /// `private`, or empty.
    pub domain_category: String,
    /// Settings.
    pub settings: Settings,
    /// Whether the dashboard still shows its introduction.
    pub onboarding_flow_pending: bool,
    /// Whether the dashboard still shows its form.
    pub signup_form_pending: bool,
}

/// A user of the API: a person, or a service user.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct User {
    /// A UUID for a service user; else the person's id at the identity provider and the id of the
    /// connector, encoded as Dex does.
    pub id: String,
    /// Id of the account.
    pub account: String,
    /// E-mail address.
    pub email: String,
    /// Name.
    pub name: String,
    /// `owner`, `admin`, `user`, …
    pub role: String,
    /// Whether it is a service user.
    pub is_service_user: bool,
    /// Whether it is blocked. A user who waits for approval is.
    pub is_blocked: bool,
    /// Whether it waits for approval.
    pub pending_approval: bool,
    /// Ids of the groups that its peers are put into.
    pub auto_groups: Vec<String>,
}

/// A personal access token.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct AccessToken {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Id of the user.
    pub user: String,
    /// Id of the user who made it.
    pub created_by: String,
    /// The token itself, `nbp_…`, which NetBird shows once.
    pub token: Key,
    /// When it was made.
    #[serde(serialize_with = "rfc3339")]
    pub created_at: SystemTime,
    /// When it stops working.
    #[serde(serialize_with = "rfc3339")]
    pub expires: SystemTime,
    /// Whether it was used.
    pub was_used: bool,
}

/// A connector: an identity provider of the embedded Dex.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Connector {
    /// Id; it is part of the id of every user who logs in through it.
    pub id: String,
    /// `authentik`, `oidc`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// Name shown to people.
    pub name: String,
    /// Issuer.
    pub issuer: String,
    /// Client id.
    pub client_id: String,
    /// Client secret, which no response contains.
    pub client_secret: Key,
}

/// A group of peers.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Group {
    /// Id.
    pub id: String,
    /// Id of the account.
    pub account: String,
    /// Name, not unique.
    pub name: String,
    /// `api`, or `jwt` for one that a login created.
    pub issued: String,
}

/// A person with a password in NetBird itself, such as the owner.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct LocalUser {
    /// UUID.
    pub id: String,
    /// E-mail address, with which to log in.
    pub email: String,
    /// Name.
    pub name: String,
    /// Password.
    pub password: Key,
}

fn rfc3339<S: Serializer>(time: &SystemTime, to: S) -> Result<S::Ok, S::Error> {
    super::time(*time).serialize(to)
}
