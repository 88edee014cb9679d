//! `/core/users/me/`: whose token it is.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use super::open::null_as_default;
use crate::ids::{GroupId, RoleId, UserId};

/// `GET /core/users/me/`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Me {
    /// The user.
    pub user: Caller,
}

/// Whose token it is, as far as it matters for what the token may do.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Caller {
    /// Primary key.
    pub pk: UserId,
    /// User name.
    pub username: String,
    /// Whether it may do everything.
    #[serde(default, deserialize_with = "null_as_default")]
    pub is_superuser: bool,
    /// Groups that it is a member of.
    #[serde(default, deserialize_with = "keys")]
    pub groups: Vec<GroupId>,
    /// Roles that it has itself, on servers from 2025.12 on.
    #[serde(default, deserialize_with = "keys")]
    pub roles: Vec<RoleId>,
    /// What is known of its permissions; not part of the answer.
    #[serde(skip)]
    pub rights: CallerRights,
}

/// What is known of the permissions of the token's user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CallerRights {
    /// It may do everything.
    All,
    /// These, by their full names; some perhaps on single objects only.
    These(BTreeSet<String>),
    /// It may not look up its own rights.
    #[default]
    Unknown,
}

/// Primary keys, whether they come bare or in objects.
fn keys<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: From<String>,
{
    let key = |value: Value| match value {
        Value::String(key) => Some(T::from(key)),
        Value::Object(fields) => fields.get("pk")?.as_str().map(|key| T::from(key.to_owned())),
        _ => None,
    };
    Ok(Option::<Vec<Value>>::deserialize(deserializer)?
        .unwrap_or_default()
        .into_iter()
        .filter_map(key)
        .collect())
}
