//! `…/used_by/`: what uses an object, as authentik's own pages list it before they delete.
//!
//! Only what is simulated is listed: no sessions, no consents, no sources.

use serde_json::{Value, json};

use super::{ApiRequest, find};
use crate::authentik::objects::{Application, Brand, Flow, Group, PolicyBinding, Role, User};
use crate::authentik::responses::Reply;
use crate::authentik::{Release, State};
use crate::host::Response;

type Model = (&'static str, &'static str);

const BINDING: Model = ("authentik_policies", "policybinding");
const BRAND: Model = ("authentik_brands", "brand");
const GROUP: Model = ("authentik_core", "group");
const DJANGO_GROUP: Model = ("auth", "group");
const USER: Model = ("authentik_core", "user");
const PROVIDER: Model = ("authentik_providers_oauth2", "oauth2provider");
const ROLE: Model = ("authentik_rbac", "role");
const ROLE_PERMISSION: Model = ("guardian", "rolemodelpermission");

fn entry((app, model_name): Model, pk: &str, name: &str, action: &str) -> Value {
    json!({ "app": app, "model_name": model_name, "pk": pk, "name": name, "action": action })
}

fn group_entry(group: &Group, action: &str) -> Value {
    entry(GROUP, &group.pk, &format!("Group {}", group.name), action)
}

fn brand(brand: &Brand) -> Value {
    let name =
        if brand.default { "Default brand".to_owned() } else { format!("Brand {}", brand.domain) };
    entry(BRAND, &brand.brand_uuid, &name, "set_null")
}

fn binding(state: &State, binding: &PolicyBinding) -> Value {
    let target = state.applications.iter().find(|application| application.pk == binding.target);
    let target = target.map_or(binding.target.as_str(), |application| &application.name);
    let group = state.groups.iter().find(|group| binding.group.as_ref() == Some(&group.pk));
    let user = state.users.iter().find(|user| binding.user == Some(user.pk));
    let to = match (group, user) {
        (Some(group), _) => format!("Group {}", group.name),
        (None, Some(user)) => format!("User {}", user.name),
        (None, None) => "Invalid invalid".to_owned(),
    };
    let name = format!("Binding from {target} #{} to {to}", binding.order);
    entry(BINDING, &binding.pk, &name, "cascade")
}

fn bindings(state: &State, keep: impl Fn(&PolicyBinding) -> bool) -> impl Iterator<Item = Value> {
    state.policy_bindings.iter().filter(move |one| keep(one)).map(|one| binding(state, one))
}

pub(super) fn flow(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    request.caller.must("authentik_flows.view_flow")?;
    let at = find::<Flow>(state, request.key)?;
    let flow = &state.flows[at];
    let mut uses: Vec<Value> =
        bindings(state, |one| one.target == flow.policybindingmodel_ptr_id).collect();
    for one in &state.brands {
        let fields = [
            &one.flow_authentication,
            &one.flow_invalidation,
            &one.flow_recovery,
            &one.flow_unenrollment,
            &one.flow_user_settings,
            &one.flow_device_code,
        ];
        let leads = fields.into_iter().filter(|field| field.as_ref() == Some(&flow.pk));
        uses.extend(leads.map(|_| brand(one)));
    }
    for one in &state.providers {
        let fields = [&one.authorization_flow, &one.invalidation_flow];
        let fields = fields.into_iter().chain(&one.authentication_flow);
        let name = format!("OAuth2 Provider {}", one.name);
        let leads = fields.filter(|field| **field == flow.pk);
        uses.extend(leads.map(|_| entry(PROVIDER, &one.pk.to_string(), &name, "cascade")));
    }
    let stages = flow.stages.iter();
    uses.extend(stages.map(|pk| entry(("authentik_flows", "stage"), pk, "Stage", "cascade_many")));
    Ok(Response::ok(&uses.into()))
}

pub(super) fn application(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    request.caller.must("authentik_core.view_application")?;
    let at = find::<Application>(state, request.key)?;
    let application = &state.applications[at];
    let mut uses: Vec<Value> = bindings(state, |one| one.target == application.pk).collect();
    let leads = |one: &&Brand| one.default_application.as_ref() == Some(&application.pk);
    uses.extend(state.brands.iter().filter(leads).map(brand));
    Ok(Response::ok(&uses.into()))
}

/// A bug of that release: users and groups are related to what only an administrator's list can be filtered by.
fn crash_of_2026_5(state: &State, request: &ApiRequest<'_>) -> Result<(), Response> {
    if state.release == Release::V2026_5 && !request.caller.is_superuser {
        return Err(Response::crash(&request.http.method));
    }
    Ok(())
}

pub(super) fn user(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    request.caller.must("authentik_core.view_user")?;
    crash_of_2026_5(state, request)?;
    let at = find::<User>(state, request.key)?;
    let pk = state.users[at].pk;
    let groups: Vec<&Group> = state.groups.iter().filter(|one| one.users.contains(&pk)).collect();
    let mut uses: Vec<Value> = Vec::new();
    // 2026.5 has two relations to a group, and lists it for each. Before it, each role is a group of
    // Django's, too, which the role's holders are in. Tokens, which go with the user, are not listed.
    let is_2026 = state.release >= Release::V2025_12;
    for group in &groups {
        let times = if is_2026 { 2 } else { 1 };
        uses.extend((0..times).map(|_| group_entry(group, "cascade_many")));
    }
    if !is_2026 {
        let holds = |role: &Role| groups.iter().any(|group| group.roles.contains(&role.pk));
        let held = state.roles.iter().enumerate().filter(|(_, role)| holds(role));
        uses.extend(held.map(|(index, role)| {
            entry(DJANGO_GROUP, &(index + 1).to_string(), &role.name, "cascade_many")
        }));
    }
    uses.extend(bindings(state, |one| one.user == Some(pk)));
    Ok(Response::ok(&uses.into()))
}

pub(super) fn role(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    request.caller.must("authentik_rbac.view_role")?;
    let at = find::<Role>(state, request.key)?;
    let role = &state.roles[at];
    let groups = state.groups.iter().filter(|group| group.roles.contains(&role.pk));
    let mut uses: Vec<Value> = groups.map(|one| group_entry(one, "cascade_many")).collect();
    // Since roles hold permissions themselves, and no group of Django's does for them, each is listed.
    if state.release >= Release::V2025_12 {
        uses.extend(role.permissions.iter().enumerate().map(|(index, _)| {
            let id = (index + 1).to_string();
            let name = format!("RoleModelPermission with role {} and permission {id}", role.pk);
            entry(ROLE_PERMISSION, &id, &name, "cascade")
        }));
    }
    let holders = state.users.iter().filter(|user| role.users.contains(&user.pk));
    uses.extend(holders.map(|one| entry(USER, &one.pk.to_string(), &one.username, "cascade_many")));
    Ok(Response::ok(&uses.into()))
}

pub(super) fn group(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    request.caller.must("authentik_core.view_group")?;
    crash_of_2026_5(state, request)?;
    let at = find::<Group>(state, request.key)?;
    let group = &state.groups[at];
    let members = state.users.iter().filter(|user| group.users.contains(&user.pk));
    let mut uses: Vec<Value> = members
        .map(|one| entry(USER, &one.pk.to_string(), &one.username, "cascade_many"))
        .collect();
    uses.extend(bindings(state, |one| one.group.as_ref() == Some(&group.pk)));
    let children = state.groups.iter().filter(|child| child.parents.contains(&group.pk));
    uses.extend(children.map(|one| group_entry(one, "set_null")));
    // Lists on both sides of a relation are in it: what the group has, as well as who has the group.
    let roles = state.roles.iter().filter(|role| group.roles.contains(&role.pk));
    uses.extend(
        roles.map(|one| entry(ROLE, &one.pk, &format!("Role {}", one.name), "cascade_many")),
    );
    Ok(Response::ok(&uses.into()))
}
