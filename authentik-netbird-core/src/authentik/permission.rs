//! `/rbac/permissions/`: what roles and users may do.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use super::RoleId;
use crate::ids::Reference;
use crate::report::Verb;
use crate::resource::{Action, Api, LookUp, Object, ReadBack, Write, object, value};

/// Path of the list of permissions.
pub(crate) const PERMISSIONS: &str = "rbac/permissions/";

/// Gives a role global permissions, and touches no other.
const ASSIGN: Action = Action {
    name: "assign",
    verb: Verb::Create,
    method: crate::http::Method::Post,
    path: "{key}/assign/",
    permissions: &["assign_role_permissions"],
    look_up: LookUp::List { path: PERMISSIONS, filter: "role", field: None },
    judge: has_all,
    ..Action::UPDATE
};

impl Object for Permission {
    const API: &'static Api = &Api {
        kind: "role_permissions",
        app: "authentik_rbac",
        model: "role",
        path: "rbac/permissions/assigned_by_roles/",
        actions: &[
            ASSIGN,
            Action {
                name: "unassign",
                verb: Verb::Delete,
                method: crate::http::Method::Patch,
                path: "{key}/unassign/",
                permissions: &["unassign_role_permissions"],
                judge: has_none,
                ..ASSIGN
            },
        ],
        ..Api::AUTHENTIK
    };
}

/// A permission, as the server has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[non_exhaustive]
pub struct Permission {
    /// Its app, such as `authentik_core`.
    pub app_label: String,
    /// Its name within the app, such as `view_user`.
    pub codename: String,
}

impl Permission {
    /// App and name, as requests have them: `authentik_core.view_user`.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.app_label, self.codename)
    }
}

/// The holder of permissions, and which of them a list has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum PermissionHolder {
    /// A role's global permissions.
    Role(RoleId),
    /// A role's permissions on single objects.
    RoleObjects(RoleId),
    /// Global permissions of the token's user itself; servers after 2025.10 have none.
    Caller,
    /// Permissions of the token's user itself on single objects.
    CallerObjects,
}

/// The known permissions of the token's user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallerRights {
    /// It may do everything.
    All,
    /// These, by their full names; some perhaps on single objects only.
    These(BTreeSet<String>),
    /// These on all objects; which ones it has on single objects could not be read.
    Global(BTreeSet<String>),
    /// It may not look up its own permissions.
    #[default]
    Unknown,
}

pub(crate) fn assign(role: &Reference<RoleId>, permissions: &[String]) -> Write {
    Permission::API.write("assign", Some(value(role)), object(&json!({"permissions": permissions})))
}

/// A write that takes global permissions away from a role.
pub(crate) fn unassign(role: &RoleId, permissions: &[String]) -> Write {
    Permission::API.write(
        "unassign",
        Some(value(role)),
        object(&json!({"permissions": permissions})),
    )
}

fn has_all(write: &Write, found: Option<&Value>) -> ReadBack {
    ReadBack::applied_if(asked(write).all(|one| has(found, one)))
}

fn has_none(write: &Write, found: Option<&Value>) -> ReadBack {
    ReadBack::applied_if(!asked(write).any(|one| has(found, one)))
}

fn asked(write: &Write) -> impl Iterator<Item = &str> {
    let asked = write.body.get("permissions").and_then(Value::as_array);
    asked.into_iter().flatten().filter_map(Value::as_str)
}

/// Whether a list of permissions has one of this full name.
fn has(found: Option<&Value>, full_name: &str) -> bool {
    let list = found.and_then(Value::as_array);
    list.into_iter().flatten().any(|one| {
        let text = |field| one.get(field).and_then(Value::as_str);
        let parts = text("app_label").zip(text("codename"));
        parts.is_some_and(|(app, name)| full_name.split_once('.') == Some((app, name)))
    })
}
