//! `/api/users`: who has logged in, and through which identity provider.

use serde::{Deserialize, Serialize};

use super::IdentityProviderId;
use crate::ids::text_id;
use crate::resource::{Api, Object};

text_id!(
    /// Id of a user: for a person, the subject and the id of the identity provider, encoded.
    UserId
);

impl Object for User {
    const API: &'static Api = &Api { kind: "user", path: "users", ..Api::NETBIRD };
}

/// A user of the account, as far as an integration needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The identity provider that it logs in through; service users have none, and neither has anyone on a NetBird
    /// that does not show it.
    #[serde(default)]
    pub idp_id: Option<IdentityProviderId>,
    /// Its role: `owner`, `admin`, `user` and others.
    #[serde(default)]
    pub role: String,
    /// Whether it is a service user.
    #[serde(default)]
    pub is_service_user: bool,
    /// Whether it is the user of the token.
    #[serde(default)]
    pub is_current: bool,
}

impl User {
    /// Whether it is the token's user and sees all others: without the permission NetBird lists that user alone.
    pub(super) fn sees_all(&self) -> bool {
        let is_administrator = matches!(self.role.as_str(), "owner" | "admin");
        self.is_current && (self.is_service_user || is_administrator)
    }
}
