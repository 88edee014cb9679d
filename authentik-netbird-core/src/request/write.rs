//! From a resolved write to its request.

use serde::Serialize;
use serde_json::Value;

use super::paths::{
    APPLICATIONS, BINDINGS, BRANDS, FLOWS, GROUPS, PROVIDERS, ROLE_PERMISSIONS, ROLES, TOKENS,
    USERS, segment,
};
use super::{Method, Request};
use crate::ids::Resource;
use crate::plan::{Verb, Write};

/// Method, path, body, and the permissions that it needs.
type Parts = (Method, String, Option<Value>, &'static [&'static str]);

/// The request of a resolved write.
#[must_use]
pub fn write(write: &Write, resource: &Resource) -> Request {
    let (method, path, body, permissions) = parts(write);
    Request {
        method,
        path,
        body,
        secret: None,
        idempotent: method != Method::Post
            || matches!(
                write,
                Write::AddGroupMember { .. }
                    | Write::RemoveGroupMember { .. }
                    | Write::AssignPermissions { .. }
            ),
        sensitive: matches!(
            write,
            Write::CreateServiceAccount(..)
                | Write::CreateProvider(..)
                | Write::UpdateProvider { .. }
        ),
        action: match write.verb() {
            Verb::Create => "create",
            Verb::Delete => "delete",
            Verb::Update | Verb::NoChange => "update",
        },
        resource: resource.clone(),
        permissions: permissions.iter().map(ToString::to_string).collect(),
    }
}

/// The request that removes one that such a write made, where authentik would take it twice.
#[cfg(feature = "client")]
pub(crate) fn take_back(made: &Write, resource: &Resource, key: &str) -> Option<Request> {
    let (path, permissions): (_, &'static [&'static str]) = match made {
        Write::CreatePolicyBinding(..) => (BINDINGS, &["authentik_policies.delete_policybinding"]),
        Write::CreateGroup(..) => (GROUPS, &["authentik_core.delete_group"]),
        _ => return None,
    };
    let remove = super::get(resource.clone(), permissions, item(path, key));
    Some(Request { method: Method::Delete, action: "delete", ..remove })
}

fn parts(write: &Write) -> Parts {
    match write {
        Write::CreateProvider(body) => {
            post(PROVIDERS, body, &["authentik_providers_oauth2.add_oauth2provider"])
        }
        Write::UpdateProvider { id, body } => patch(
            format!("{PROVIDERS}{id}/"),
            body,
            &["authentik_providers_oauth2.change_oauth2provider"],
        ),
        Write::CreateApplication(body) => {
            post(APPLICATIONS, body, &["authentik_core.add_application"])
        }
        Write::UpdateApplication { slug, body } => {
            patch(application(slug), body, &["authentik_core.change_application"])
        }
        Write::ReleaseProvider { slug, body } => {
            patch(application(slug), body, &["authentik_core.change_application"])
        }
        Write::CreateServiceAccount(body) => post(
            &format!("{USERS}service_account/"),
            body,
            &["authentik_core.add_user", "authentik_core.add_token"],
        ),
        Write::UpdateServiceAccount { id, body } => {
            patch(format!("{USERS}{id}/"), body, &["authentik_core.change_user"])
        }
        Write::CreateAppPassword(body) => post(TOKENS, body, &["authentik_core.add_token"]),
        Write::AddGroupMember { group, body } => post(
            &format!("{}add_user/", item(GROUPS, &group.to_string())),
            body,
            &["authentik_core.add_user_to_group"],
        ),
        Write::RemoveGroupMember { group, body } => post(
            &format!("{}remove_user/", item(GROUPS, group.as_str())),
            body,
            &["authentik_core.remove_user_from_group"],
        ),
        Write::CreateRole(body) => post(ROLES, body, &["authentik_rbac.add_role"]),
        Write::AssignPermissions { role, body } => post(
            &format!("{}assign/", item(ROLE_PERMISSIONS, &role.to_string())),
            body,
            &["authentik_rbac.assign_role_permissions"],
        ),
        Write::UnassignPermissions { role, body } => patch(
            format!("{}unassign/", item(ROLE_PERMISSIONS, role.as_str())),
            body,
            &["authentik_rbac.unassign_role_permissions"],
        ),
        Write::CreateGroup(body) => post(GROUPS, body, &["authentik_core.add_group"]),
        Write::UpdateGroup { id, body } => {
            patch(item(GROUPS, &id.to_string()), body, &["authentik_core.change_group"])
        }
        Write::CreatePolicyBinding(body) => {
            post(BINDINGS, body, &["authentik_policies.add_policybinding"])
        }
        Write::CreateFlow(body) => post(FLOWS, body, &["authentik_flows.add_flow"]),
        Write::UpdateFlow { slug, body } => {
            patch(item(FLOWS, slug.as_str()), body, &["authentik_flows.change_flow"])
        }
        Write::UpdateBrand { brand, body } => {
            patch(item(BRANDS, &brand.to_string()), body, &["authentik_brands.change_brand"])
        }
        Write::ReleaseBrand { brand, body } => {
            patch(item(BRANDS, brand.as_str()), body, &["authentik_brands.change_brand"])
        }
        Write::DeleteProvider { id } => delete(
            format!("{PROVIDERS}{id}/"),
            &["authentik_providers_oauth2.delete_oauth2provider"],
        ),
        Write::DeleteApplication { slug } => {
            delete(application(slug), &["authentik_core.delete_application"])
        }
        Write::DeleteServiceAccount { id } => {
            delete(format!("{USERS}{id}/"), &["authentik_core.delete_user"])
        }
        Write::DeleteFlow { slug } => {
            delete(item(FLOWS, slug.as_str()), &["authentik_flows.delete_flow"])
        }
        Write::DeleteGroup { id } => {
            delete(item(GROUPS, id.as_str()), &["authentik_core.delete_group"])
        }
        Write::DeleteRole { id } => {
            delete(item(ROLES, id.as_str()), &["authentik_rbac.delete_role"])
        }
    }
}

fn post(path: &str, body: &impl Serialize, permissions: &'static [&'static str]) -> Parts {
    (Method::Post, path.to_owned(), json(body), permissions)
}

fn patch(path: String, body: &impl Serialize, permissions: &'static [&'static str]) -> Parts {
    (Method::Patch, path, json(body), permissions)
}

fn delete(path: String, permissions: &'static [&'static str]) -> Parts {
    (Method::Delete, path, None, permissions)
}

fn application(slug: &crate::ids::Slug) -> String {
    item(APPLICATIONS, slug.as_str())
}

/// Path of one of a collection; it ends in a slash.
fn item(collection: &str, key: &str) -> String {
    format!("{collection}{}/", segment(key))
}

fn json(body: &impl Serialize) -> Option<Value> {
    // Bodies are structs with text keys, which always serialise.
    serde_json::to_value(body).ok()
}
