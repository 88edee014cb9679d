//! `/core/users/me/`: whose token it is.

use serde::Deserialize;
use serde_json::Value;

use super::{RoleId, UserGroup, UserId};
use crate::resource::{Api, Object, null_as_default};

impl Object for Me {
    const API: &'static Api = &Api {
        kind: "server",
        app: "authentik_core",
        model: "user",
        path: "core/users/me/",
        ..Api::AUTHENTIK
    };
}

/// `GET /core/users/me/`
#[doc(hidden)] // like `Page`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Me {
    /// The user.
    pub user: Caller,
}

/// Whose token it is, as far as it matters for what the token may do.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Caller {
    /// Primary key.
    pub pk: UserId,
    /// User name.
    pub username: String,
    /// Whether it may do everything.
    #[serde(default, deserialize_with = "null_as_default")]
    pub is_superuser: bool,
    /// Groups that it is a member of.
    #[serde(default, rename = "groups", deserialize_with = "groups")]
    pub named_groups: Vec<UserGroup>,
    /// Roles that it has itself, on servers from 2025.12 on.
    #[serde(default, deserialize_with = "keys")]
    pub roles: Vec<RoleId>,
}

/// Groups, whether they come as bare primary keys or as objects.
fn groups<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<UserGroup>, D::Error> {
    let entries = Option::<Vec<Value>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(entries.iter().filter_map(UserGroup::of).collect())
}

/// Primary keys, whether they come bare or in objects.
fn keys<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<RoleId>, D::Error> {
    let entries = Option::<Vec<Value>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(entries.iter().filter_map(key).map(RoleId::from).collect())
}

pub(super) fn key(entry: &Value) -> Option<&str> {
    entry.as_str().or_else(|| entry.get("pk")?.as_str())
}
