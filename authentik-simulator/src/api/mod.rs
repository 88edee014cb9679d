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
mod role_members;
mod roles;
mod service_accounts;
mod system;
mod tokens;
mod transactional;
mod used_by;
mod users;

use hyper::Method;
use serde_json::{Map, Value};

pub(super) use self::brands::matching as brand_for;
use super::State;
use super::answer::{Answer, Reply};
use super::auth::{self, Caller};
use super::call::Call;
use super::form::{self, Errors, bad_request};
use super::objects::{
    Application, Brand, Certificate, Flow, Group, PolicyBinding, Provider, Role, ScopeMapping, User,
};

/// What a view is given: the call, who makes it, and the key in the path, if there is one.
pub(super) struct Request<'a> {
    call: &'a Call,
    caller: &'a Caller,
    key: &'a str,
}

type View = fn(&mut State, &Request<'_>) -> Reply;

const LIST: &[&str] = &["GET", "POST", "HEAD", "OPTIONS"];
const ITEM: &[&str] = &["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const READ: &[&str] = &["GET", "HEAD", "OPTIONS"];
const POST: &[&str] = &["POST", "OPTIONS"];

/// Answers a call; `path` is what comes after `/api/v3/`, in segments. A path without its trailing
/// slash is no known path.
pub(super) fn answer(state: &mut State, call: &Call, path: &[&str]) -> Answer {
    let (allow, view, key): (&[&str], View, &str) = match *path {
        ["flows", "instances", ""] => (LIST, collection::<Flow>, ""),
        ["flows", "instances", key, ""] => (ITEM, item::<Flow>, key),
        ["flows", "instances", key, "used_by", ""] => (READ, used_by::flow, key),
        ["propertymappings", "provider", "scope", ""] => (LIST, collection::<ScopeMapping>, ""),
        ["propertymappings", "provider", "scope", key, ""] => (ITEM, item::<ScopeMapping>, key),
        ["crypto", "certificatekeypairs", ""] => (LIST, collection::<Certificate>, ""),
        ["crypto", "certificatekeypairs", key, ""] => (ITEM, item::<Certificate>, key),
        ["crypto", "certificatekeypairs", key, "view_certificate", ""] => {
            (READ, certificates::view_certificate, key)
        }
        ["crypto", "certificatekeypairs", key, "view_private_key", ""] => {
            (READ, certificates::view_private_key, key)
        }
        ["core", "brands", ""] => (LIST, collection::<Brand>, ""),
        ["core", "brands", "current", ""] => return brands::current(state, call),
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
        ["core", "users", key, "set_password", ""] => (POST, users::set_password, key),
        ["core", "tokens", ""] => (LIST, tokens::collection, ""),
        ["core", "tokens", key, ""] => (ITEM, tokens::item, key),
        ["core", "tokens", key, "view_key", ""] => (READ, tokens::view_key, key),
        ["core", "tokens", key, "set_key", ""] => (POST, tokens::set_key, key),
        ["core", "applications", ""] => (LIST, applications::collection, ""),
        ["core", "applications", key, ""] => (ITEM, item::<Application>, key),
        ["core", "applications", key, "used_by", ""] => (READ, used_by::application, key),
        ["core", "transactional", "applications", ""] => {
            (&["PUT", "OPTIONS"], transactional::put, "")
        }
        ["providers", "oauth2", ""] => (LIST, collection::<Provider>, ""),
        ["providers", "oauth2", key, ""] => (ITEM, item::<Provider>, key),
        ["providers", "oauth2", key, "setup_urls", ""] => (READ, providers::setup_urls, key),
        ["providers", "oauth2", key, "used_by", ""] => (READ, providers::used_by, key),
        ["policies", "bindings", ""] => (LIST, collection::<PolicyBinding>, ""),
        ["policies", "bindings", key, ""] => (ITEM, item::<PolicyBinding>, key),
        ["rbac", "roles", ""] => (LIST, collection::<Role>, ""),
        ["rbac", "roles", key, ""] => (ITEM, item::<Role>, key),
        ["rbac", "roles", key, "used_by", ""] => (READ, used_by::role, key),
        ["rbac", "roles", key, "add_user", ""] if state.release.is_2026() => {
            (POST, roles::add_user, key)
        }
        ["rbac", "roles", key, "remove_user", ""] if state.release.is_2026() => {
            (POST, roles::remove_user, key)
        }
        ["rbac", "permissions", ""] => (READ, roles::permissions, ""),
        ["rbac", "permissions", "users", ""] if !state.release.is_2026() => {
            (READ, roles::object_permissions, "")
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
        ["root", "config", ""] => (READ, system::config, ""),
        ["managed", "blueprints", ""] => (READ, system::blueprints, ""),
        _ => return Answer::not_found(&call.method),
    };
    run(state, call, allow, view, key)
}

fn run(state: &mut State, call: &Call, allow: &[&str], view: View, key: &str) -> Answer {
    let reply = auth::authenticate(state, call).and_then(|caller| {
        let method = if call.method == Method::HEAD { "GET" } else { call.method.as_str() };
        if method == "OPTIONS" || !allow.contains(&method) {
            return Err(Answer::detail(405, &format!("Method \"{method}\" not allowed.")));
        }
        view(state, &Request { call, caller: &caller, key })
    });
    let answer = reply.unwrap_or_else(|early| early);
    if answer.headers.iter().any(|(name, _)| *name == "allow") {
        return answer;
    }
    answer.with("allow", allow.join(", "))
}

/// A model with the usual views: list, create, retrieve, update, delete.
trait Resource: Clone {
    /// As the 404 names it.
    const NAME: &'static str;
    /// App label and model, which permissions are made of.
    const APP: &'static str;
    const MODEL: &'static str;

    fn rows(state: &mut State) -> &mut Vec<Self>;

    /// Whether it is the one that the path names.
    fn is(&self, key: &str) -> bool;

    /// Whether a path's key can be a key at all.
    fn is_key(key: &str) -> bool {
        !key.is_empty()
    }

    /// A new one with its defaults; not stored yet.
    fn blank(state: &mut State) -> Self;

    /// Takes over the fields of a body. `partial`: nothing is required.
    fn read(
        state: &State,
        fields: &Map<String, Value>,
        partial: bool,
        draft: Self,
    ) -> Result<Self, Errors>;

    /// Gives a new one its number, where it has one.
    fn number(&mut self, _state: &mut State) {}

    /// Stores the fields that are kept with other objects.
    fn related(_state: &mut State, _fields: &Map<String, Value>, _stored: &Self) {}

    /// Saves the lists that authentik saves last, and may refuse then.
    fn save_lists(_state: &mut State, _before: Option<&Self>, _after: &Self) -> Result<(), Answer> {
        Ok(())
    }

    fn render(&self, state: &State) -> Value;

    /// Clears up what pointed at a deleted one.
    fn removed(state: &mut State, gone: &Self);

    fn list(state: &State, request: &Request<'_>, rows: Vec<Value>) -> Reply;
}

fn permission<T: Resource>(verb: &str) -> String {
    format!("{}.{verb}_{}", T::APP, T::MODEL)
}

fn collection<T: Resource>(state: &mut State, request: &Request<'_>) -> Reply {
    if request.call.method == Method::POST {
        request.caller.must(&permission::<T>("add"))?;
        return create::<T>(state, request);
    }
    request.caller.must(&permission::<T>("view"))?;
    let all = T::rows(state).clone();
    let rows = all.iter().map(|row| row.render(state)).collect();
    T::list(state, request, rows)
}

fn create<T: Resource>(state: &mut State, request: &Request<'_>) -> Reply {
    let fields = request.call.fields()?;
    let blank = T::blank(state);
    let mut made = T::read(state, &fields, false, blank).map_err(|errors| bad_request(&errors))?;
    made.number(state);
    T::rows(state).push(made.clone());
    T::related(state, &fields, &made);
    T::save_lists(state, None, &made)?;
    let rendered = made.render(state);
    events::note::<T>(state, request, "model_created", &rendered);
    Ok(Answer::created(&rendered))
}

/// Where the one is that the path names.
fn find<T: Resource>(state: &mut State, key: &str) -> Result<usize, Answer> {
    if !T::is_key(key) {
        return Err(Answer::detail(404, "Not found."));
    }
    let at = T::rows(state).iter().position(|row| row.is(key));
    at.ok_or_else(|| Answer::missing(T::NAME))
}

fn item<T: Resource>(state: &mut State, request: &Request<'_>) -> Reply {
    let method = &request.call.method;
    let verb = if method == Method::DELETE {
        "delete"
    } else if method == Method::GET || method == Method::HEAD {
        "view"
    } else {
        "change"
    };
    request.caller.must(&permission::<T>(verb))?;
    one::<T>(state, request)
}

/// [`item`], for callers whose rights are checked already.
fn one<T: Resource>(state: &mut State, request: &Request<'_>) -> Reply {
    let at = find::<T>(state, request.key)?;
    let current = T::rows(state)[at].clone();
    let method = &request.call.method;
    if method == Method::DELETE {
        let rendered = current.render(state);
        T::rows(state).remove(at);
        T::removed(state, &current);
        events::note::<T>(state, request, "model_deleted", &rendered);
        return Ok(Answer::empty(204));
    }
    if method == Method::GET || method == Method::HEAD {
        return Ok(Answer::ok(&current.render(state)));
    }
    let fields = request.call.fields()?;
    let partial = method == Method::PATCH;
    let changed =
        T::read(state, &fields, partial, current.clone()).map_err(|errors| bad_request(&errors))?;
    T::rows(state)[at] = changed.clone();
    T::related(state, &fields, &changed);
    T::save_lists(state, Some(&current), &changed)?;
    let rendered = changed.render(state);
    events::note::<T>(state, request, "model_updated", &rendered);
    Ok(Answer::ok(&rendered))
}

/// Compares a path's key with a UUID.
fn same_uuid(key: &str, pk: &str) -> bool {
    form::uuid(key).as_deref() == Some(pk)
}

fn is_uuid(key: &str) -> bool {
    form::uuid(key).is_some()
}

fn is_number(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit())
}
