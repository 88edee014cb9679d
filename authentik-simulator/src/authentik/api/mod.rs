//! The API below `/api/v3`: which view answers, and what all of them do alike.

mod applications;
mod bindings;
mod brands;
mod certificates;
mod events;
mod flows;
mod groups;
mod mappings;
mod provider_fields;
mod providers;
mod request;
mod resource;
mod role_members;
mod roles;
mod service_accounts;
mod system;
mod tokens;
mod used_by;
mod users;

use hyper::Method;

pub(super) use self::brands::matching as brand_for;
use self::request::ApiRequest;
use self::resource::{
    Resource, collection, create, find, is_number, is_uuid, item, one, same_uuid,
};
use super::objects::{
    Application, Brand, Certificate, Flow, Group, PolicyBinding, Provider, Role, ScopeMapping, User,
};
use super::responses::Reply;
use super::rights;
use super::{Release, State};
use crate::host::{Request, Response};

type View = fn(&mut State, &ApiRequest<'_>) -> Reply;

const LIST: &[&str] = &["GET", "POST", "HEAD", "OPTIONS"];
const ITEM: &[&str] = &["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const READ: &[&str] = &["GET", "HEAD", "OPTIONS"];
const POST: &[&str] = &["POST", "OPTIONS"];

/// Answers a call; `path` is what comes after `/api/v3/`, in segments. A path without its trailing
/// slash is unknown.
pub(super) fn answer(state: &mut State, request: &Request, path: &[&str]) -> Response {
    let (allow, view, key): (&[&str], View, &str) = match *path {
        ["flows", "instances", ""] => (LIST, collection::<Flow>, ""),
        ["flows", "instances", key, ""] => (ITEM, item::<Flow>, key),
        ["flows", "instances", key, "used_by", ""] => (READ, used_by::flow, key),
        ["propertymappings", "provider", "scope", ""] => (LIST, collection::<ScopeMapping>, ""),
        ["propertymappings", "provider", "scope", key, ""] => (ITEM, item::<ScopeMapping>, key),
        ["crypto", "certificatekeypairs", ""] => (LIST, collection::<Certificate>, ""),
        ["crypto", "certificatekeypairs", key, ""] => (ITEM, item::<Certificate>, key),
        ["core", "brands", ""] => (LIST, collection::<Brand>, ""),
        ["core", "brands", "current", ""] => return brands::current(state, request),
        ["core", "brands", key, ""] => (ITEM, item::<Brand>, key),
        ["core", "groups", ""] => (LIST, collection::<Group>, ""),
        ["core", "groups", key, ""] => (ITEM, item::<Group>, key),
        ["core", "groups", key, "add_user", ""] => (POST, groups::add_user, key),
        ["core", "groups", key, "remove_user", ""] => (POST, groups::remove_user, key),
        ["core", "groups", key, "used_by", ""] => (READ, used_by::group, key),
        ["core", "users", ""] => (LIST, collection::<User>, ""),
        ["core", "users", "me", ""] => (READ, users::me, ""),
        ["core", "users", "service_account", ""] => (POST, service_accounts::create, ""),
        ["core", "users", key, ""] => (ITEM, item::<User>, key),
        ["core", "users", key, "used_by", ""] => (READ, used_by::user, key),
        ["core", "tokens", ""] => (LIST, tokens::collection, ""),
        ["core", "tokens", key, ""] => (ITEM, tokens::item, key),
        ["core", "tokens", key, "view_key", ""] => (READ, tokens::view_key, key),
        ["core", "tokens", key, "set_key", ""] => (POST, tokens::set_key, key),
        ["core", "applications", ""] => (LIST, applications::collection, ""),
        ["core", "applications", key, ""] => (ITEM, item::<Application>, key),
        ["core", "applications", key, "used_by", ""] => (READ, used_by::application, key),
        ["providers", "oauth2", ""] => (LIST, collection::<Provider>, ""),
        ["providers", "oauth2", key, ""] => (ITEM, item::<Provider>, key),
        ["providers", "oauth2", key, "used_by", ""] => (READ, providers::used_by, key),
        ["providers", "oauth2", key, "preview_user", ""] => (READ, providers::preview_user, key),
        ["policies", "bindings", ""] => (LIST, collection::<PolicyBinding>, ""),
        ["policies", "bindings", key, ""] => (ITEM, item::<PolicyBinding>, key),
        ["rbac", "roles", ""] => (LIST, collection::<Role>, ""),
        ["rbac", "roles", key, ""] => (ITEM, item::<Role>, key),
        ["rbac", "roles", key, "used_by", ""] => (READ, used_by::role, key),
        ["rbac", "roles", key, "add_user", ""] if state.release >= Release::V2025_12 => {
            (POST, roles::add_user, key)
        }
        ["rbac", "roles", key, "remove_user", ""] if state.release >= Release::V2025_12 => {
            (POST, roles::remove_user, key)
        }
        ["rbac", "permissions", ""] => (READ, roles::permissions, ""),
        ["rbac", "permissions", "users", ""] if state.release < Release::V2025_12 => {
            (READ, roles::user_permissions, "")
        }
        ["rbac", "permissions", "roles", ""] => (READ, roles::object_permissions, ""),
        ["rbac", "permissions", "assigned_by_roles", key, "assign", ""] => {
            (POST, roles::assign, key)
        }
        ["rbac", "permissions", "assigned_by_roles", key, "unassign", ""] => {
            (&["PATCH", "OPTIONS"], roles::unassign, key)
        }
        ["events", "events", ""] => (READ, events::list, ""),
        ["admin", "version", ""] => (READ, system::version, ""),
        _ => return Response::not_found(&request.method),
    };
    run(state, request, allow, view, key)
}

fn run(state: &mut State, request: &Request, allow: &[&str], view: View, key: &str) -> Response {
    let reply = rights::authenticate(state, request).and_then(|caller| {
        let method = if request.method == Method::HEAD { "GET" } else { request.method.as_str() };
        if method == "OPTIONS" || !allow.contains(&method) {
            return Err(Response::detail(405, &format!("Method \"{method}\" not allowed.")));
        }
        let release = state.release;
        view(state, &ApiRequest { release, http: request, caller: &caller, key })
    });
    let answer = reply.unwrap_or_else(|early| early);
    if answer.headers.iter().any(|(name, _)| *name == "allow") {
        return answer;
    }
    answer.with("allow", allow.join(", "))
}
