//! The caller of the API, and the caller's permissions.

use std::collections::BTreeSet;

use super::objects::{Group, Role, User};
use super::{Release, State};
use crate::host::Request;
use crate::host::Response;

/// The scope that lets an access token into the API.
pub(super) const API_SCOPE: &str = "goauthentik.io/api";

/// The authenticated user.
pub(super) struct Caller {
    pub(super) user: u64,
    pub(super) is_superuser: bool,
    permissions: BTreeSet<String>,
}

impl Caller {
    pub(super) fn may(&self, permission: &str) -> bool {
        self.is_superuser || self.permissions.contains(permission)
    }

    pub(super) fn must(&self, permission: &str) -> Result<(), Response> {
        if self.may(permission) { Ok(()) } else { Err(Response::forbidden()) }
    }
}

/// Reads the Authorization header. Every failure is a 403, whatever RFC 9110 says.
pub(super) fn authenticate(state: &State, request: &Request) -> Result<Caller, Response> {
    let refuse = |text: &str| Response::detail(403, text);
    let not_provided = || refuse("Authentication credentials were not provided.");
    let header = request.header("authorization").unwrap_or_default();
    let (scheme, credentials) = header.split_once(' ').unwrap_or((&header, ""));
    let credentials = credentials.trim();
    if scheme.is_empty() || credentials.is_empty() {
        return Err(not_provided());
    }
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(if state.release >= Release::V2025_12 {
            not_provided()
        } else {
            refuse("Unsupported authentication type")
        });
    }
    let user = by_token(state, credentials).or_else(|| by_access_token(state, credentials));
    let user = user.and_then(|pk| state.users.iter().find(|user| user.pk == pk && user.is_active));
    user.map(|user| caller(state, user)).ok_or_else(|| refuse("Token invalid/expired"))
}

fn by_token(state: &State, key: &str) -> Option<u64> {
    let live = |token: &&super::objects::Token| {
        token.intent == "api" && &*token.key == key && !token.is_expired(state.now)
    };
    state.tokens.iter().find(live).map(|token| token.user)
}

fn by_access_token(state: &State, key: &str) -> Option<u64> {
    let grant = state.issued.access_tokens.iter().find(|grant| grant.token == key)?;
    let live = !grant.revoked && grant.expires >= state.now;
    (live && grant.scopes.iter().any(|scope| scope == API_SCOPE)).then_some(grant.user)
}

fn caller(state: &State, user: &User) -> Caller {
    Caller {
        user: user.pk,
        is_superuser: is_superuser(state, user.pk),
        permissions: roles_of(state, user.pk)
            .flat_map(|role| role.permissions.iter().cloned())
            .collect(),
    }
}

/// The roles that a user has, directly or by a group.
pub(super) fn roles_of(state: &State, user: u64) -> impl Iterator<Item = &Role> {
    let groups = groups_of(state, user);
    state.roles.iter().filter(move |role| {
        role.users.contains(&user)
            || (groups.iter().any(|group| group.roles.contains(&role.pk))
                && !role.lost_by.contains(&user))
    })
}

pub(super) fn is_superuser(state: &State, user: u64) -> bool {
    groups_of(state, user).iter().any(|group| group.is_superuser)
}

/// The user's groups and all their ancestors: rights go down from parent to child.
pub(super) fn groups_of(state: &State, user: u64) -> Vec<&Group> {
    let mut found: Vec<&Group> =
        state.groups.iter().filter(|group| group.users.contains(&user)).collect();
    let mut at = 0;
    while let Some(group) = found.get(at).copied() {
        for parent in &group.parents {
            let parent = state.groups.iter().find(|group| group.pk == *parent);
            if let Some(parent) = parent.filter(|p| !found.iter().any(|group| group.pk == p.pk)) {
                found.push(parent);
            }
        }
        at += 1;
    }
    found
}

/// Whether policy bindings let a user use an application. Without any, everyone may.
pub(super) fn may_launch(
    state: &State,
    application: &super::objects::Application,
    user: u64,
) -> bool {
    let groups = groups_of(state, user);
    let passes = |binding: &super::objects::PolicyBinding| {
        let passed = if let Some(group) = &binding.group {
            groups.iter().any(|has| has.pk == *group)
        } else if let Some(bound) = binding.user {
            bound == user
        } else {
            true
        };
        passed != binding.negate
    };
    let mut bindings =
        state.policy_bindings.iter().filter(|b| b.enabled && b.target == application.pk).peekable();
    if bindings.peek().is_none() {
        true
    } else if application.policy_engine_mode == "all" {
        bindings.all(passes)
    } else {
        bindings.any(passes)
    }
}
