//! `/core/users/`

use serde_json::{Map, Value, json};

use super::{ApiRequest, Resource, groups, is_number, roles};
use crate::authentik::form::{Errors, Form, Rule, UNIQUE};
use crate::authentik::listing::Listing;
use crate::authentik::objects::{Group, User};
use crate::authentik::responses::Reply;
use crate::authentik::rights::{is_superuser, roles_of};
use crate::authentik::time;
use crate::authentik::{Release, State};
use crate::host::Response;

const TYPES: [&str; 4] = ["internal", "external", "service_account", "internal_service_account"];
/// authentik draws the initials; nobody reads it here.
const AVATAR: &str = "data:image/svg+xml;base64,PHN2Zy8+";

impl Resource for User {
    const NAME: &'static str = "User";
    const APP: &'static str = "authentik_core";
    const MODEL: &'static str = "user";
    const ROWS: fn(&mut State) -> &mut Vec<Self> = |state| &mut state.users;
    const IS: fn(&Self, &str) -> bool = |one, key| key.parse() == Ok(one.pk);
    const IS_KEY: fn(&str) -> bool = is_number;
    const BLANK: fn(&mut State) -> Self = |state| User::new(&mut state.counters, state.now, "");

    fn number(&mut self, state: &mut State) {
        self.pk = state.counters.next_user();
    }

    fn read(
        state: &State,
        fields: &Map<String, Value>,
        partial: bool,
        mut user: Self,
    ) -> Result<Self, Errors> {
        let mut form = Form::new(fields, partial);
        if let Some(username) = form.text("username", Rule::REQUIRED.max(150)) {
            if state.users.iter().any(|other| other.username == username && other.pk != user.pk) {
                form.error("username", UNIQUE);
            }
            user.username = username;
        }
        if let Some(name) = form.text("name", Rule::REQUIRED.or_blank()) {
            user.name = name;
        }
        if let Some(email) = form.text("email", Rule::OPTIONAL.or_blank().max(254)) {
            let valid = email.split_once('@').is_some_and(|(name, host)| {
                !name.is_empty() && host.contains('.') && !email.contains(char::is_whitespace)
            });
            if !email.is_empty() && !valid {
                form.error("email", "Enter a valid email address.");
            }
            user.email = email;
        }
        if let Some(flag) = form.flag("is_active") {
            user.is_active = flag;
        }
        if let Some(path) = form.text("path", Rule::OPTIONAL) {
            user.path = path;
        }
        if let Some(kind) = form.choice("type", false, &TYPES) {
            user.kind = kind;
        }
        if let Some(attributes) = form.map("attributes") {
            user.attributes = attributes;
        }
        form.time_or_null("last_login", &mut user.last_login);
        // Checked here; stored by `memberships`, as they are kept with the groups and roles.
        form.keys("groups", |key| state.groups.iter().any(|group| group.pk == key));
        if state.release() >= Release::V2025_12 {
            form.keys("roles", |key| state.roles.iter().any(|role| role.pk == key));
        }
        user.last_updated = state.now;
        form.finish().map(|()| user)
    }

    fn related(state: &mut State, fields: &Map<String, Value>, user: &Self) {
        let wanted = |field: &str| -> Option<Vec<&str>> {
            Some(fields.get(field)?.as_array()?.iter().filter_map(Value::as_str).collect())
        };
        if let Some(wanted) = wanted("groups") {
            for group in &mut state.groups {
                place(&mut group.users, user.pk, wanted.contains(&group.pk.as_str()));
            }
        }
        if let Some(wanted) = wanted("roles").filter(|_| state.release >= Release::V2025_12) {
            for role in &mut state.roles {
                place(&mut role.users, user.pk, wanted.contains(&role.pk.as_str()));
            }
        }
        if !user.is_active {
            // App passwords and API tokens work again once it is active; access tokens do not.
            state.issued.access_tokens.retain(|grant| grant.user != user.pk);
            state.issued.refresh_tokens.retain(|grant| grant.user != user.pk);
        }
    }

    fn render(&self, state: &State) -> Value {
        let groups = groups_in_order(state, self.pk);
        let mut object = brief(state, self);
        let more = json!({
            "is_superuser": is_superuser(state, self.pk),
            "groups": groups.iter().map(|group| &group.pk).collect::<Vec<_>>(),
            "groups_obj": groups.iter().map(|g| groups::in_user(state, g)).collect::<Vec<_>>(),
            "avatar": AVATAR,
            "path": self.path,
            "type": self.kind,
            "uuid": self.uuid,
        });
        merge(&mut object, more);
        if state.release() >= Release::V2025_10 {
            object["date_joined"] = json!(time::rfc3339(self.date_joined));
            object["password_change_date"] = json!(time::rfc3339(self.password_change_date));
            object["last_updated"] = json!(time::rfc3339(self.last_updated));
        }
        if state.release() >= Release::V2025_12 {
            let held = state.roles.iter().filter(|role| role.users.contains(&self.pk));
            let held: Vec<String> = held.map(|role| role.pk.clone()).collect();
            object["roles_obj"] = roles::briefs(state, &held);
            object["roles"] = json!(held);
        }
        object
    }

    /// The tokens go with their user.
    fn removed(state: &mut State, gone: &Self) {
        state.tokens.retain(|token| token.user != gone.pk);
        state.groups.iter_mut().for_each(|group| group.users.retain(|pk| *pk != gone.pk));
        for role in &mut state.roles {
            role.users.retain(|pk| *pk != gone.pk);
            role.lost_by.retain(|pk| *pk != gone.pk);
        }
        state.policy_bindings.retain(|binding| binding.user != Some(gone.pk));
        state.issued.access_tokens.retain(|grant| grant.user != gone.pk);
        state.issued.refresh_tokens.retain(|grant| grant.user != gone.pk);
    }

    fn list(state: &State, request: &ApiRequest<'_>, mut rows: Vec<Value>) -> Reply {
        if request.http.flag("include_groups") == Some(false) {
            for row in &mut rows {
                row["groups_obj"] = Value::Null;
            }
        }
        if state.release() >= Release::V2025_12 && request.http.flag("include_roles") == Some(false)
        {
            for row in &mut rows {
                row["roles_obj"] = Value::Null;
            }
        }
        let names = |row: &Value, wanted: &[&str], field: &str, part: &str| {
            let items = row[field].as_array().cloned().unwrap_or_default();
            items.iter().any(|item| item[part].as_str().is_some_and(|has| wanted.contains(&has)))
        };
        let prefix = request.http.parameter("path_startswith").unwrap_or_default();
        let full: Vec<Value> = state.users.iter().map(|user| user.render(state)).collect();
        let in_full = |row: &Value, wanted: &[&str], field: &str, part: &str| {
            let found = full.iter().find(|user| user["pk"] == row["pk"]);
            found.is_some_and(|user| names(user, wanted, field, part))
        };
        let group = |part: fn(&Group) -> &String| {
            move |word: &str| state.groups.iter().any(|group| part(group) == word)
        };
        let mut list = Listing::new(state, request.http, rows)
            .exact(&["username", "name", "email", "path", "date_joined", "last_updated"])
            .flags(&["is_active", "is_superuser"])
            .choice("type", &TYPES)
            .uuids(&["uuid"])
            .attributes()
            .named("groups_by_name", group(|group| &group.name), |row, wanted| {
                in_full(row, wanted, "groups_obj", "name")
            })
            .named("groups_by_pk", group(|group| &group.pk), |row, wanted| {
                in_full(row, wanted, "groups_obj", "pk")
            })
            .only(|row| row["path"].as_str().is_some_and(|path| path.starts_with(prefix)))
            .search(&["username", "name", "email", "uuid"]);
        if state.release() >= Release::V2025_12 {
            list = list
                .named(
                    "roles_by_name",
                    |word| state.roles.iter().any(|role| role.name == word),
                    |row, wanted| in_full(row, wanted, "roles_obj", "name"),
                )
                .named(
                    "roles_by_pk",
                    |word| state.roles.iter().any(|role| role.pk == word),
                    |row, wanted| in_full(row, wanted, "roles_obj", "pk"),
                );
        }
        list.page_with("username", autocomplete())
    }
}

fn autocomplete() -> Value {
    let text = json!({ "type": "str", "nullable": false, "options": null });
    json!({
        "current_model": "authentik_core.user",
        "models": { "authentik_core.user": {
            "username": text,
            "name": text,
            "email": text,
            "path": text,
            "is_active": { "type": "bool", "nullable": true, "options": null },
            "type": { "type": "str", "nullable": false, "options": TYPES },
            "attributes": {
                "type": "relation",
                "nullable": false,
                "options": null,
                "relation": "authentik_core.user_attributes",
            },
        }},
    })
}

fn place(users: &mut Vec<u64>, user: u64, wanted: bool) {
    users.retain(|pk| *pk != user);
    if wanted {
        users.push(user);
    }
}

fn merge(object: &mut Value, more: Value) {
    if let (Value::Object(object), Value::Object(more)) = (object, more) {
        object.extend(more);
    }
}

fn groups_in_order(state: &State, user: u64) -> Vec<&Group> {
    let mut groups: Vec<&Group> =
        state.groups.iter().filter(|group| group.users.contains(&user)).collect();
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    groups
}

/// A user as it is shown inside a group.
pub(super) fn brief(state: &State, user: &User) -> Value {
    json!({
        "pk": user.pk,
        "username": user.username,
        "name": user.name,
        "is_active": user.is_active,
        "last_login": user.last_login.map(time::rfc3339),
        "email": user.email,
        "attributes": user.attributes,
        "uid": state.uid(user.pk),
    })
}

/// The system permissions of an administrator, or of anyone else.
fn system_permissions(state: &State) -> Vec<&'static str> {
    let mut all = vec![
        "edit_system_settings",
        "change_role",
        "unassign_role_permissions",
        "view_system_info",
        "view_system_settings",
        "view_role",
        "assign_role_permissions",
        "delete_role",
        "add_role",
        "access_admin_interface",
    ];
    if state.release() >= Release::V2025_10 {
        all.extend([
            "view_initialpermissions",
            "change_initialpermissions",
            "delete_initialpermissions",
            "add_initialpermissions",
        ]);
    }
    if state.release() >= Release::V2025_12 {
        all.extend(["view_media_files", "manage_media_files"]);
    }
    all
}

pub(super) fn me(state: &mut State, request: &ApiRequest<'_>) -> Reply {
    let Some(user) = state.users.iter().find(|user| user.pk == request.caller.user) else {
        return Err(Response::forbidden());
    };
    let mut all = system_permissions(state);
    all.retain(|name| {
        ["authentik_rbac", "authentik_core"]
            .iter()
            .any(|app| request.caller.may(&format!("{app}.{name}")))
    });
    let groups = groups_in_order(state, user.pk);
    let mut object = json!({
        "pk": user.pk,
        "username": user.username,
        "name": user.name,
        "is_active": user.is_active,
        "is_superuser": request.caller.is_superuser,
        "groups": groups.iter().map(|g| json!({ "name": g.name, "pk": g.pk })).collect::<Vec<_>>(),
        "email": user.email,
        "avatar": AVATAR,
        "uid": state.uid(user.pk),
        "settings": {},
        "type": user.kind,
        "system_permissions": all,
    });
    if state.release() >= Release::V2025_12 {
        let held = roles_of(state, user.pk);
        object["roles"] = held.map(|r| json!({ "name": r.name, "pk": r.pk })).collect();
    }
    Ok(Response::ok(&json!({ "user": object })))
}
