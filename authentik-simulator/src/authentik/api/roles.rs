//! `/rbac/`: roles and their global permissions.

use serde_json::{Map, Value, json};

use super::{ApiRequest, Resource, find, is_uuid, same_uuid};
use crate::authentik::form::{Errors, Form, Rule, uuid};
use crate::authentik::listing::Listing;
use crate::authentik::objects::Role;
use crate::authentik::permissions::{Permission, catalogue};
use crate::authentik::responses::Reply;
use crate::authentik::{Release, State};
use crate::host::Response;

impl Resource for Role {
    const NAME: &'static str = "Role";
    const APP: &'static str = "authentik_rbac";
    const MODEL: &'static str = "role";
    const ROWS: fn(&mut State) -> &mut Vec<Self> = |state| &mut state.roles;
    const IS: fn(&Self, &str) -> bool = |one, key| same_uuid(key, &one.pk);
    const IS_KEY: fn(&str) -> bool = is_uuid;
    const BLANK: fn(&mut State) -> Self = |state| Role::new(&mut state.counters, "");

    fn read(
        state: &State,
        fields: &Map<String, Value>,
        partial: bool,
        mut role: Self,
    ) -> Result<Self, Errors> {
        let mut form = Form::new(fields, partial);
        let text = if state.release() >= Release::V2025_12 {
            Rule::REQUIRED
        } else {
            Rule::REQUIRED.max(150)
        };
        if let Some(name) = form.text("name", text) {
            if state.roles.iter().any(|other| other.name == name && other.pk != role.pk) {
                form.error("name", "Role with this name already exists.");
            }
            role.name = name;
        }
        form.finish().map(|()| role)
    }

    fn render(&self, _state: &State) -> Value {
        brief(self)
    }

    fn removed(state: &mut State, gone: &Self) {
        state.groups.iter_mut().for_each(|group| group.roles.retain(|pk| *pk != gone.pk));
    }

    fn list(state: &State, request: &ApiRequest<'_>, mut rows: Vec<Value>) -> Reply {
        // The roles that 2026.5 makes for single users are not shown.
        rows.retain(|row| {
            !row["name"].as_str().is_some_and(|n| n.starts_with("ak-managed-role--"))
        });
        let list = Listing::new(state, request.http, rows).search(&["name"]);
        let list = if state.release() >= Release::V2025_10 { list.exact(&["name"]) } else { list };
        if state.release() >= Release::V2025_12 {
            return list.page("name");
        }
        let group = request.http.parameter("group__name");
        let in_group = |row: &Value, name: &str| {
            let pk = row["pk"].as_str().unwrap_or_default();
            state
                .groups
                .iter()
                .any(|group| group.name == name && group.roles.iter().any(|r| r == pk))
        };
        list.only(|row| group.is_none_or(|name| in_group(row, name))).page("name")
    }
}

fn brief(role: &Role) -> Value {
    json!({ "pk": role.pk, "name": role.name })
}

pub(super) fn briefs(state: &State, wanted: &[String]) -> Value {
    let found = wanted.iter().filter_map(|pk| state.roles.iter().find(|role| role.pk == *pk));
    found.map(brief).collect()
}

/// `/rbac/permissions/`: all of them, or the global ones of a role.
pub(super) fn permissions(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    request.caller.must("authentik_rbac.view_role")?;
    let mut all = catalogue();
    if let Some(role) = request.http.parameter("role") {
        let pk = uuid(role);
        let Some(role) = state.roles.iter().find(|role| Some(&role.pk) == pk.as_ref()) else {
            let text = "Select a valid choice. That choice is not one of the available choices.";
            return Err(Response::json(400, &json!({ "role": [text] })));
        };
        all.retain(|permission| role.permissions.contains(&permission.full_name()));
    }
    // Users have no direct permissions here; later releases do not have the filter.
    if state.release < Release::V2025_12 && request.http.parameter("user").is_some() {
        all.clear();
    }
    let app = request.http.parameter("content_type__app_label");
    let model = request.http.parameter("content_type__model");
    let rows = all.iter().map(|permission| {
        json!({
            "id": permission.id,
            "name": permission.name,
            "codename": permission.codename,
            "model": permission.model,
            "app_label": permission.app_label,
            "app_label_verbose": permission.app_label_verbose,
            "model_verbose": permission.model_verbose,
        })
    });
    Listing::new(state, request.http, rows)
        .exact(&["codename"])
        .only(|row| app.is_none_or(|wanted| row["app_label"] == wanted))
        .only(|row| model.is_none_or(|wanted| row["model"] == wanted))
        .search(&["codename", "model", "app_label"])
        .page("id")
}

/// `/rbac/permissions/roles/`: permissions on single objects, of which the simulator has none.
pub(super) fn object_permissions(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    request.caller.must("guardian.view_roleobjectpermission")?;
    no_permissions(state, request)
}

/// `/rbac/permissions/users/`
pub(super) fn user_permissions(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    request.caller.must("guardian.view_userobjectpermission")?;
    no_permissions(state, request)
}

fn no_permissions(state: &State, request: &ApiRequest<'_>) -> Reply {
    let search_bar = if state.release >= Release::V2026_5 { json!({}) } else { Value::Null };
    Listing::new(state, request.http, []).page_with("id", search_bar)
}

fn asked(request: &ApiRequest<'_>) -> Result<Vec<Permission>, Response> {
    let fields = request.fields()?;
    let mut form = Form::new(&fields, false);
    let names = form.list("permissions", true).cloned().unwrap_or_default();
    if form.has("model") || form.has("object_pk") {
        form.error("model", "The simulator has no permissions on single objects.");
    }
    form.check()?;
    let all = catalogue();
    let known = |name: &Value| all.iter().any(|p| Some(p.full_name().as_str()) == name.as_str());
    if !names.iter().all(known) {
        return Err(Response::crash(&request.http.method));
    }
    Ok(all.into_iter().filter(|p| names.contains(&json!(p.full_name()))).collect())
}

pub(super) fn assign(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    request.caller.must("authentik_rbac.assign_role_permissions")?;
    let at = find::<Role>(state, request.key)?;
    let asked = asked(request)?;
    state.roles[at].permissions.extend(asked.iter().map(Permission::full_name));
    Ok(Response::ok(&asked.iter().map(|p| json!({ "id": p.id.to_string() })).collect()))
}

pub(super) fn unassign(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    request.caller.must("authentik_rbac.unassign_role_permissions")?;
    let at = find::<Role>(state, request.key)?;
    for permission in asked(request)? {
        state.roles[at].permissions.remove(&permission.full_name());
    }
    Ok(Response::empty(204))
}

fn member(state: &State, request: &ApiRequest<'_>) -> Result<u64, Response> {
    let fields = request.fields()?;
    let mut form = Form::new(&fields, false);
    let number = form.integer("pk", true);
    form.check()?;
    let user = number.and_then(|number| u64::try_from(number).ok());
    user.filter(|pk| state.users.iter().any(|user| user.pk == *pk))
        .ok_or_else(|| Response::detail(404, "Not found."))
}

pub(super) fn add_user(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    request.caller.must("authentik_rbac.change_role")?;
    let at = find::<Role>(state, request.key)?;
    let user = member(state, request)?;
    let users = &mut state.roles[at].users;
    if !users.contains(&user) {
        users.push(user);
    }
    Ok(Response::empty(204))
}

pub(super) fn remove_user(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    request.caller.must("authentik_rbac.change_role")?;
    let at = find::<Role>(state, request.key)?;
    let user = member(state, request)?;
    state.roles[at].users.retain(|pk| *pk != user);
    Ok(Response::empty(204))
}
