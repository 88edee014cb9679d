//! `/policies/bindings/`

use serde::{Deserialize, Serialize};

use super::open::{null_as_default, null_as_yes, yes};
use crate::ids::{ApplicationId, GroupId, PolicyBindingId, Reference, UserId};

/// A binding of a group, a user or a policy to an application, as the server has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PolicyBinding {
    /// Primary key.
    pub pk: PolicyBindingId,
    /// What it guards.
    pub target: ApplicationId,
    /// Group that it lets in.
    #[serde(default)]
    pub group: Option<GroupId>,
    /// User that it lets in.
    #[serde(default)]
    pub user: Option<UserId>,
    /// Policy that it asks.
    #[serde(default)]
    pub policy: Option<String>,
    /// Whether it counts; where a server does not say, it does.
    #[serde(default = "yes", deserialize_with = "null_as_yes")]
    pub enabled: bool,
    /// Whether it keeps out instead of letting in.
    #[serde(default, deserialize_with = "null_as_default")]
    pub negate: bool,
    /// Place among the bindings of its target.
    #[serde(default, deserialize_with = "null_as_default")]
    pub order: i64,
    /// Whether it goes away by itself: access that someone asked for, on servers from 2026.8 on.
    #[serde(default, deserialize_with = "null_as_default")]
    pub expiring: bool,
}

/// `POST /policies/bindings/`, with a group or a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyBindingCreate {
    /// What it guards.
    pub target: Reference<ApplicationId>,
    /// Group that it lets in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Reference<GroupId>>,
    /// User that it lets in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<Reference<UserId>>,
    /// Place among the bindings of its target.
    pub order: i64,
}
