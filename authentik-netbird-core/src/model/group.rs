//! `/core/groups/`

use serde::{Deserialize, Serialize};

use super::open::null_as_default;
use crate::ids::{GroupId, Reference, UserId};

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
}

/// `POST /core/groups/{uuid}/add_user/`: adds one member and touches no other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupMember {
    /// The user; a number, not its text.
    pub pk: Reference<UserId>,
}
