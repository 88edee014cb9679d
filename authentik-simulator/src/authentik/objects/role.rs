//! [`Role`].

use std::collections::BTreeSet;

use serde::Serialize;

use crate::authentik::counters::Counters;

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
    /// Members of groups with this role who still do not have it (until 2025.12, which notes out
    /// of sight who has a role, and forgets it when a group with that role is deleted).
    pub lost_by: Vec<u64>,
}

impl Role {
    pub(crate) fn new(counters: &mut Counters, name: &str) -> Self {
        Self {
            pk: counters.new_uuid(),
            name: name.to_owned(),
            permissions: BTreeSet::new(),
            users: Vec::new(),
            lost_by: Vec::new(),
        }
    }
}
