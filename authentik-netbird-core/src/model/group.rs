//! `/core/groups/`

use serde::{Deserialize, Serialize};

use super::open::null_as_default;
use crate::ids::{GroupId, Reference, RoleId, UserId};

/// A group, as the server has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Group {
    /// Primary key.
    pub pk: GroupId,
    /// Identity key.
    pub name: String,
    /// Whether its members may do everything.
    #[serde(default, deserialize_with = "null_as_default")]
    pub is_superuser: bool,
    /// Its members.
    #[serde(default, deserialize_with = "null_as_default")]
    pub users: Vec<UserId>,
    /// Roles that it gives its members.
    #[serde(default, deserialize_with = "null_as_default")]
    pub roles: Vec<RoleId>,
    /// The group that it inherits from, on servers until 2025.10.
    #[serde(default)]
    pub parent: Option<GroupId>,
    /// The groups that it inherits from, on later ones.
    #[serde(default, deserialize_with = "null_as_default")]
    pub parents: Vec<GroupId>,
}

/// `POST /core/groups/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupCreate {
    /// Identity key.
    pub name: String,
    /// Its members.
    pub users: Vec<Reference<UserId>>,
    /// Roles that it gives its members.
    pub roles: Vec<Reference<RoleId>>,
}

/// `PATCH /core/groups/{uuid}/`: all roles, those of others too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupPatch {
    /// Roles that it gives its members.
    pub roles: Vec<Reference<RoleId>>,
}

/// `POST /core/groups/{uuid}/add_user/` and `…/remove_user/`: one member, and touches no other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupMember {
    /// The user; a number, not its text.
    pub pk: Reference<UserId>,
}
