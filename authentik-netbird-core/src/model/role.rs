//! `/rbac/roles/` and `/rbac/permissions/`

use serde::{Deserialize, Serialize};

use crate::ids::RoleId;

/// A role, as the server has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Role {
    /// Primary key.
    pub pk: RoleId,
    /// Identity key.
    pub name: String,
}

/// `POST /rbac/roles/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleCreate {
    /// Identity key.
    pub name: String,
}

/// A permission, as the server has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Permission {
    /// Its app, such as `authentik_core`.
    pub app_label: String,
    /// Its name within the app, such as `view_user`.
    pub codename: String,
}

impl Permission {
    /// App and name, as requests take them: `authentik_core.view_user`.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.app_label, self.codename)
    }
}

/// `POST …/assign/` and `PATCH …/unassign/` below `/rbac/permissions/assigned_by_roles/{role}/`:
/// gives or takes these, and touches no other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RolePermissions {
    /// Full names, such as `authentik_core.view_user`.
    pub permissions: Vec<String>,
}
