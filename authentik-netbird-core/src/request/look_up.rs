//! Looking up what a write was about.

use super::Request;
use super::paths::{
    APPLICATIONS, BINDINGS, BRANDS, FLOWS, GROUPS, PERMISSIONS, PROVIDERS, ROLES, TOKENS, USERS,
    VIEW_APPLICATION, VIEW_BINDING, VIEW_BRAND, VIEW_FLOW, VIEW_GROUP, VIEW_PROVIDER, VIEW_ROLE,
    VIEW_TOKEN, VIEW_USER, segment,
};
use crate::ids::Resource;
use crate::plan::Write;

/// Which part of the answer to a look-up is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wanted {
    /// The object itself. A 404 means that there is none.
    Object,
    /// The entry of a list whose field has this value.
    Entry {
        /// The field.
        field: &'static str,
        /// Its value.
        value: String,
    },
    /// The whole list.
    List,
}

/// The request that looks up what a write was about, and which part of its answer is meant.
#[must_use]
pub fn look_up(write: &Write, resource: &Resource) -> (Request, Wanted) {
    let one = |path: String, permissions| {
        (super::get(resource.clone(), permissions, path), Wanted::Object)
    };
    let item =
        |path: &str, key: &str, permissions| one(format!("{path}{}/", segment(key)), permissions);
    let list = |path: &str, permissions, filters: &[(&str, &str)]| {
        super::list(resource.kind, &resource.name, permissions, path, filters)
    };
    let named = |path: &str, permissions, field: &'static str, value: &str| {
        let wanted = Wanted::Entry { field, value: value.to_owned() };
        (list(path, permissions, &[(field, value)]), wanted)
    };
    // authentik has no filter for the names of roles: a search, and then to the letter.
    let role = |name: &str| {
        let wanted = Wanted::Entry { field: "name", value: name.to_owned() };
        (list(ROLES, VIEW_ROLE, &[("search", name)]), wanted)
    };
    let members =
        |group: &str| one(format!("{GROUPS}{}/?include_users=false", segment(group)), VIEW_GROUP);
    let permissions_of =
        |role: &str| (list(PERMISSIONS, VIEW_ROLE, &[("role", role)]), Wanted::List);
    match write {
        Write::CreateProvider(body) => named(PROVIDERS, VIEW_PROVIDER, "name", &body.name),
        Write::UpdateProvider { id, .. } | Write::DeleteProvider { id } => {
            one(format!("{PROVIDERS}{id}/"), VIEW_PROVIDER)
        }
        Write::CreateApplication(body) => item(APPLICATIONS, body.slug.as_str(), VIEW_APPLICATION),
        Write::UpdateApplication { slug, .. }
        | Write::ReleaseProvider { slug, .. }
        | Write::DeleteApplication { slug } => item(APPLICATIONS, slug.as_str(), VIEW_APPLICATION),
        Write::CreateServiceAccount(body) => named(USERS, VIEW_USER, "username", &body.name),
        Write::UpdateServiceAccount { id, .. } | Write::DeleteServiceAccount { id } => {
            one(format!("{USERS}{id}/"), VIEW_USER)
        }
        Write::CreateAppPassword(body) => {
            named(TOKENS, VIEW_TOKEN, "identifier", body.identifier.as_str())
        }
        Write::UpdateGroup { id: group, .. } | Write::AddGroupMember { group, .. } => {
            members(&group.to_string())
        }
        Write::RemoveGroupMember { group, .. } => members(group.as_str()),
        Write::CreateRole(body) => role(&body.name),
        Write::DeleteRole { id } => item(ROLES, id.as_str(), VIEW_ROLE),
        Write::AssignPermissions { role, .. } => permissions_of(&role.to_string()),
        Write::UnassignPermissions { role, .. } => permissions_of(role.as_str()),
        Write::CreateGroup(body) => named(GROUPS, VIEW_GROUP, "name", &body.name),
        Write::DeleteGroup { id } => members(id.as_str()),
        Write::CreatePolicyBinding(body) => {
            let target = body.target.to_string();
            (list(BINDINGS, VIEW_BINDING, &[("target", target.as_str())]), Wanted::List)
        }
        Write::CreateFlow(body) => item(FLOWS, body.slug.as_str(), VIEW_FLOW),
        Write::UpdateFlow { slug, .. } | Write::DeleteFlow { slug } => {
            item(FLOWS, slug.as_str(), VIEW_FLOW)
        }
        Write::UpdateBrand { brand, .. } => item(BRANDS, &brand.to_string(), VIEW_BRAND),
        Write::ReleaseBrand { brand, .. } => item(BRANDS, brand.as_str(), VIEW_BRAND),
    }
}
