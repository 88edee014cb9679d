//! `/core/users/` and `/core/users/service_account/`

use serde::{Deserialize, Serialize};

use super::Role;
use super::open::{Open, api_enum, null_as_default, null_as_yes, yes};
use crate::ids::{GroupId, RoleId, UserId};
use crate::secret::Secret;

api_enum! {
    /// What sort of user it is.
    UserType {
        /// A person.
        Internal = "internal",
        /// A person from elsewhere.
        External = "external",
        /// A program.
        ServiceAccount = "service_account",
        /// A program of authentik's own.
        InternalServiceAccount = "internal_service_account",
    }
}

/// A user, as the server has it. Of its fields only what names it and lets it work.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct User {
    /// Primary key.
    pub pk: UserId,
    /// Identity key; case matters.
    pub username: String,
    /// Whether it may be used.
    #[serde(default = "yes", deserialize_with = "null_as_yes")]
    pub is_active: bool,
    /// What sort of user it is.
    #[serde(default, rename = "type")]
    pub user_type: Option<Open<UserType>>,
    /// Whether it may do everything.
    #[serde(default, deserialize_with = "null_as_default")]
    pub is_superuser: bool,
    /// Groups that it is a member of.
    #[serde(default, deserialize_with = "null_as_default")]
    pub groups: Vec<GroupId>,
}

/// A user with its groups and roles: what a teardown looks at before it removes one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct UserDetail {
    /// Primary key.
    pub pk: UserId,
    /// Identity key; case matters.
    pub username: String,
    /// What sort of user it is.
    #[serde(default, rename = "type")]
    pub user_type: Option<Open<UserType>>,
    /// Groups that it is a member of.
    #[serde(default, deserialize_with = "null_as_default")]
    pub groups: Vec<GroupId>,
    /// The same with their names, as far as the server says them.
    #[serde(default, rename = "groups_obj", deserialize_with = "null_as_default")]
    pub named_groups: Vec<UserGroup>,
    /// Roles that it has by itself, and not through a group; before 2025.12 there are none.
    #[serde(default, deserialize_with = "null_as_default")]
    pub roles: Vec<RoleId>,
    /// The same with their names, as far as the server says them.
    #[serde(default, rename = "roles_obj", deserialize_with = "null_as_default")]
    pub named_roles: Vec<Role>,
}

/// A group, as it is shown inside a [`UserDetail`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct UserGroup {
    /// Primary key.
    pub pk: GroupId,
    /// Identity key.
    pub name: String,
}

/// `PATCH /core/users/{pk}/`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// Whether it may be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_active: Option<bool>,
}

/// `POST /core/users/service_account/`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceAccountCreate {
    /// User name, unique.
    pub name: String,
    /// Whether authentik makes a group of the same name.
    pub create_group: bool,
    /// Whether its app password expires; when not said, after 360 days.
    pub expiring: bool,
    /// When it expires, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
}

/// Answer to [`ServiceAccountCreate`].
#[derive(Clone, Debug, Deserialize)]
pub struct ServiceAccountCreated {
    /// User name.
    pub username: String,
    /// Primary key.
    #[serde(rename = "user_pk")]
    pub pk: UserId,
    /// Value of its app password.
    pub token: Secret,
}
