//! `/api/users`

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::body;
use crate::host::{Request, Response};
use crate::netbird::caller::Operation;
use crate::netbird::objects::User;
use crate::netbird::responses::{Reply, denied, error, ok};
use crate::netbird::state::{State, connector_of};

const ROLES: [&str; 5] = ["owner", "admin", "user", "auditor", "network_admin"];
const MODULES: [&str; 24] = [
    "accounts",
    "agent_network",
    "agent_network.budgets",
    "agent_network.guardrails",
    "agent_network.logs",
    "agent_network.policies",
    "agent_network.providers",
    "agent_network.settings",
    "agent_network.usage",
    "dns",
    "events",
    "groups",
    "identity_providers",
    "nameservers",
    "networks",
    "pats",
    "peers",
    "policies",
    "remote_jobs",
    "routes",
    "services",
    "settings",
    "setup_keys",
    "users",
];

/// Somebody who may not list users gets themselves.
pub(in crate::netbird) fn list(state: &mut State, _: &Request, caller: &User, _: &str) -> Reply {
    let all = match caller.may(Operation::Read) {
        Ok(()) => true,
        Err(early) if caller.is_blocked => return Err(early),
        Err(_) => false,
    };
    let users = state.users.iter().filter(|user| user.account == caller.account);
    let users = users.filter(|user| all || user.id == caller.id);
    Ok(ok(&users.map(|user| show(user, caller)).collect()))
}

/// The caller. Not for service users.
pub(in crate::netbird) fn current(state: &mut State, _: &Request, caller: &User, _: &str) -> Reply {
    if caller.is_blocked {
        return Err(error(403, "user is blocked"));
    }
    if caller.is_service_user {
        return Err(denied());
    }
    let account = state.accounts.iter().find(|account| account.id == caller.account);
    let is_blocked = account.is_some_and(|account| account.settings.regular_users_view_blocked);
    let mut shown = show(caller, caller);
    shown["permissions"] = json!({
        "is_restricted": is_blocked && caller.role == "user",
        "modules": modules(&caller.role),
    });
    Ok(ok(&shown))
}

fn modules(role: &str) -> Map<String, Value> {
    let all = MODULES.iter().map(|module| {
        let is_admin = role == "owner" || (role == "admin" && *module != "accounts");
        let reads = is_admin || role == "admin" || role == "auditor";
        let rights =
            json!({ "create": is_admin, "delete": is_admin, "read": reads, "update": is_admin });
        ((*module).to_owned(), rights)
    });
    all.collect()
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Sent {
    name: String,
    role: String,
    is_service_user: bool,
    auto_groups: Option<Vec<String>>,
}

/// Service users only: others would get a password.
pub(in crate::netbird) fn create(
    state: &mut State,
    request: &Request,
    caller: &User,
    _: &str,
) -> Reply {
    let sent: Sent = body(request)?;
    if !ROLES.contains(&sent.role.as_str()) {
        return Err(error(422, &format!("unknown user role {}", sent.role)));
    }
    caller.may(Operation::Write)?;
    if !sent.is_service_user {
        return Err(error(500, "the simulator creates service users only"));
    }
    if sent.role == "owner" {
        return Err(error(422, "can't create a service user with owner role"));
    }
    let user = state.add_service_user(&sent.name, &sent.role);
    user.account.clone_from(&caller.account);
    user.auto_groups = sent.auto_groups.unwrap_or_default();
    let user = user.clone();
    Ok(ok(&show(&user, caller)))
}

fn find<'a>(state: &'a mut State, caller: &User, id: &str) -> Result<&'a mut User, Response> {
    let mut users = state.users.iter_mut();
    let user = users.find(|user| user.id == id && user.account == caller.account);
    user.ok_or_else(|| error(404, &format!("user: {id} not found")))
}

pub(in crate::netbird) fn delete(state: &mut State, _: &Request, caller: &User, id: &str) -> Reply {
    caller.may(Operation::Write)?;
    if caller.id == id {
        return Err(error(422, "self deletion is not allowed"));
    }
    if find(state, caller, id)?.role == "owner" {
        return Err(error(403, "can't delete a user with the owner role"));
    }
    remove(state, id);
    Ok(ok(&json!({})))
}

fn remove(state: &mut State, id: &str) {
    state.users.retain(|user| user.id != id);
    state.tokens.retain(|token| token.user != id);
}

fn pending<'a>(state: &'a mut State, caller: &User, id: &str) -> Result<&'a mut User, Response> {
    caller.may(Operation::Write)?;
    let user = find(state, caller, id)?;
    if user.pending_approval {
        return Ok(user);
    }
    Err(error(422, &format!("user {id} is not pending approval")))
}

pub(in crate::netbird) fn approve(
    state: &mut State,
    _: &Request,
    caller: &User,
    id: &str,
) -> Reply {
    let user = pending(state, caller, id)?;
    user.is_blocked = false;
    user.pending_approval = false;
    Ok(ok(&show(user, caller)))
}

pub(in crate::netbird) fn reject(state: &mut State, _: &Request, caller: &User, id: &str) -> Reply {
    pending(state, caller, id)?;
    remove(state, id);
    Ok(ok(&json!({})))
}

fn show(user: &User, caller: &User) -> Value {
    let mut shown = json!({
        "auto_groups": user.auto_groups,
        "email": user.email,
        "id": user.id,
        "is_blocked": user.is_blocked,
        "is_current": user.id == caller.id,
        "is_service_user": user.is_service_user,
        "issued": "api",
        "last_login": "0001-01-01T00:00:00Z",
        "name": user.name,
        "pending_approval": user.pending_approval,
        "role": user.role,
        "status": if user.is_blocked { "blocked" } else { "active" },
    });
    if let Some(connector) = connector_of(user) {
        shown["idp_id"] = json!(connector);
    }
    shown
}
