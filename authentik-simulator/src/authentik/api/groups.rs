//! `/core/groups/`

use serde_json::{Map, Value, json};

use super::{ApiRequest, Resource, find, is_uuid, role_members, roles, same_uuid, users};
use crate::authentik::form::{Errors, Form, Rule, UNIQUE};
use crate::authentik::listing::Listing;
use crate::authentik::objects::{Group, User};
use crate::authentik::responses::Reply;
use crate::authentik::rights::Caller;
use crate::authentik::{Release, State};
use crate::host::Response;

impl Resource for Group {
    const NAME: &'static str = "Group";
    const APP: &'static str = "authentik_core";
    const MODEL: &'static str = "group";
    const ROWS: fn(&mut State) -> &mut Vec<Self> = |state| &mut state.groups;
    const IS: fn(&Self, &str) -> bool = |one, key| same_uuid(key, &one.pk);
    const IS_KEY: fn(&str) -> bool = is_uuid;
    const BLANK: fn(&mut State) -> Self = |state| Group::new(&mut state.counters, "");

    fn may_set(
        caller: &Caller,
        fields: &Map<String, Value>,
        before: Option<&Self>,
    ) -> Result<(), Response> {
        let Some(wanted) = fields.get("is_superuser").and_then(Value::as_bool) else {
            return Ok(());
        };
        let has = before.is_some_and(|group| group.is_superuser);
        let (verb, word) = if wanted { ("enable", "True") } else { ("disable", "False") };
        if wanted == has || caller.may(&format!("authentik_core.{verb}_group_superuser")) {
            return Ok(());
        }
        let text = format!("User does not have permission to set superuser status to {word}.");
        Err(Response::json(400, &json!({ "is_superuser": [text] })))
    }

    fn read(
        state: &State,
        fields: &Map<String, Value>,
        partial: bool,
        mut group: Self,
    ) -> Result<Self, Errors> {
        let is_2026 = state.release() >= Release::V2025_12;
        let mut form = Form::new(fields, partial);
        if let Some(name) = form.text("name", Rule::REQUIRED) {
            // Before 2025.12 the database takes any name: only the check is in the way.
            let is_checked = is_2026 || !state.checked_before;
            let mut others = state.groups.iter().filter(|other| other.pk != group.pk);
            if is_checked && others.any(|other| other.name == name) {
                let text = if is_2026 { "Group with this name already exists." } else { UNIQUE };
                form.error("name", text);
            }
            group.name = name;
        }
        if let Some(flag) = form.flag("is_superuser") {
            group.is_superuser = flag;
        }
        let is_group = |key: &str| state.groups.iter().any(|group| group.pk == key);
        if is_2026 {
            if let Some(parents) = form.keys("parents", is_group) {
                group.parents = parents;
            }
        } else {
            let mut parent = group.parents.first().cloned();
            form.key_or_null("parent", &mut parent, is_group);
            if parent.as_ref() == Some(&group.pk) {
                form.error("parent", "Cannot set group as parent of itself.");
            }
            group.parents = parent.into_iter().collect();
        }
        if let Some(users) = form.numbers("users", |pk| state.users.iter().any(|u| u.pk == pk)) {
            group.users = users;
        }
        if let Some(attributes) = form.map("attributes") {
            group.attributes = attributes;
        }
        if let Some(roles) = form.keys("roles", |pk| state.roles.iter().any(|role| role.pk == pk)) {
            group.roles = roles;
        }
        form.finish().map(|()| group)
    }

    fn render(&self, state: &State) -> Value {
        let mut object = brief(self);
        object["users"] = json!(self.users);
        let members = self.users.iter().filter_map(|pk| state.users.iter().find(|u| u.pk == *pk));
        object["users_obj"] = members.map(|user| users::brief(state, user)).collect();
        object["roles"] = json!(self.roles);
        object["roles_obj"] = roles::briefs(state, &self.roles);
        if state.release() >= Release::V2025_10 {
            let children = state.groups.iter().filter(|child| child.parents.contains(&self.pk));
            object["children"] = children.map(|child| child.pk.clone()).collect();
            object["children_obj"] = Value::Null;
        }
        if state.release() >= Release::V2025_12 {
            object["parents"] = json!(self.parents);
            object["parents_obj"] = Value::Null;
            object["inherited_roles_obj"] = Value::Null;
        } else {
            place_parent(state, self, &mut object);
        }
        object
    }

    fn save_lists(state: &mut State, before: Option<&Self>, after: &Self) -> Result<(), Response> {
        role_members::save(state, before, after)
    }

    fn removed(state: &mut State, gone: &Self) {
        role_members::group_deleted(state, gone);
        for group in &mut state.groups {
            group.parents.retain(|pk| *pk != gone.pk);
        }
        state.policy_bindings.retain(|binding| binding.group.as_ref() != Some(&gone.pk));
    }

    fn list(state: &State, request: &ApiRequest<'_>, mut rows: Vec<Value>) -> Reply {
        if request.http.flag("include_users") == Some(false) {
            for row in &mut rows {
                row["users_obj"] = Value::Null;
            }
        }
        let has_member = |row: &Value, keep: &dyn Fn(&User) -> bool| {
            state.users.iter().any(|user| {
                keep(user)
                    && row["users"].as_array().is_some_and(|has| has.contains(&json!(user.pk)))
            })
        };
        let list = Listing::new(state, request.http, rows)
            .exact(&["name"])
            .flags(&["is_superuser"])
            .attributes()
            .named(
                "members_by_username",
                |word| state.users.iter().any(|user| user.username == word),
                |row, wanted| has_member(row, &|user| wanted.contains(&user.username.as_str())),
            )
            .named(
                "members_by_pk",
                |word| state.users.iter().any(|user| user.pk.to_string() == word),
                |row, wanted| {
                    has_member(row, &|user| wanted.contains(&user.pk.to_string().as_str()))
                },
            )
            .search(&["name"]);
        list.page_with("name", autocomplete())
    }
}

/// The suggestions of the administration's search bar.
fn autocomplete() -> Value {
    json!({
        "current_model": "authentik_core.group",
        "models": { "authentik_core.group": {
            "name": { "type": "str", "nullable": false, "options": null },
            "is_superuser": { "type": "bool", "nullable": true, "options": null },
            "attributes": {
                "type": "relation",
                "nullable": false,
                "options": null,
                "relation": "authentik_core.group_attributes",
            },
        }},
    })
}

fn brief(group: &Group) -> Value {
    json!({
        "pk": group.pk,
        "num_pk": group.num_pk,
        "name": group.name,
        "is_superuser": group.is_superuser,
        "attributes": group.attributes,
    })
}

fn place_parent(state: &State, group: &Group, object: &mut Value) {
    let parent = group.parents.first();
    let found = parent.and_then(|pk| state.groups.iter().find(|group| group.pk == *pk));
    object["parent"] = json!(parent);
    object["parent_name"] = json!(found.map(|group| &group.name));
}

/// A group as it is shown inside a user.
pub(super) fn in_user(state: &State, group: &Group) -> Value {
    let mut object = brief(group);
    if state.release() < Release::V2025_12 {
        place_parent(state, group, &mut object);
    }
    object
}

/// A group as it is shown inside a policy binding.
pub(super) fn in_binding(state: &State, group: &Group) -> Value {
    if state.release() < Release::V2025_10 { group.render(state) } else { in_user(state, group) }
}

/// The user that the body of `add_user` names.
fn member(state: &State, request: &ApiRequest<'_>) -> Result<u64, Response> {
    let fields = request.fields()?;
    let number = if state.release() >= Release::V2025_12 {
        let mut form = Form::new(&fields, false);
        let number = form.integer("pk", true);
        form.check()?;
        number
    } else {
        match fields.get("pk") {
            None | Some(Value::Null) => None,
            // Older releases hand the value to the database as it is.
            Some(Value::String(text)) if text.parse::<i64>().is_err() => {
                return Err(Response::crash(&request.http.method));
            }
            Some(Value::String(text)) => text.parse().ok(),
            Some(value) => value.as_i64(),
        }
    };
    let user = number.and_then(|number| u64::try_from(number).ok());
    user.filter(|pk| state.users.iter().any(|user| user.pk == *pk))
        .ok_or_else(|| Response::detail(404, "Not found."))
}

pub(super) fn add_user(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    request.caller.must("authentik_core.add_user_to_group")?;
    let at = find::<Group>(state, request.key)?;
    let user = member(state, request)?;
    let before = state.groups[at].clone();
    if !before.users.contains(&user) {
        state.groups[at].users.push(user);
        role_members::gained(state, &before.roles, &[user]);
    }
    note_members(state, request, at);
    Ok(Response::empty(204))
}

pub(super) fn remove_user(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    request.caller.must("authentik_core.remove_user_from_group")?;
    let at = find::<Group>(state, request.key)?;
    let user = member(state, request)?;
    let before = state.groups[at].clone();
    state.groups[at].users.retain(|pk| *pk != user);
    if before.users.contains(&user) {
        role_members::lost(state, &before.roles, &[user]);
    }
    note_members(state, request, at);
    Ok(Response::empty(204))
}

/// Another member is a change of the group for the event log, and none of the user.
fn note_members(state: &mut State, request: &ApiRequest<'_>, at: usize) {
    let rendered = state.groups[at].render(state);
    super::events::note::<Group>(state, request, "model_updated", &rendered);
}
