//! Which users have the roles of a group. Until 2025.12 authentik mirrors members into a list of each role that
//! no endpoint shows, when members or roles are added and removed; and when a group is deleted it
//! empties the lists of its roles, whatever other groups give them.

use serde_json::json;

use crate::authentik::objects::Group;
use crate::authentik::{Release, State};
use crate::host::Response;

/// These members of a group were added, or its roles were.
pub(super) fn gained(state: &mut State, roles: &[String], members: &[u64]) {
    for role in state.roles.iter_mut().filter(|role| roles.contains(&role.pk)) {
        role.lost_by.retain(|user| !members.contains(user));
    }
}

/// These members of a group were removed, or its roles were: they lose them even where another group
/// gives them.
pub(super) fn lost(state: &mut State, roles: &[String], members: &[u64]) {
    if state.release() >= Release::V2025_12 {
        return;
    }
    for role in state.roles.iter_mut().filter(|role| roles.contains(&role.pk)) {
        let has = |user: &u64| {
            state
                .groups
                .iter()
                .any(|group| group.users.contains(user) && group.roles.contains(&role.pk))
        };
        role.lost_by.extend(members.iter().filter(|user| has(user)));
    }
}

/// A group was deleted.
pub(super) fn group_deleted(state: &mut State, gone: &Group) {
    let all: Vec<u64> = state.groups.iter().flat_map(|group| group.users.clone()).collect();
    lost(state, &gone.roles, &all);
}

/// Members and roles of a group are saved after it, each after the other. Where a role is refused the
/// group stays as it is at that time.
pub(super) fn save(
    state: &mut State,
    before: Option<&Group>,
    after: &Group,
) -> Result<(), Response> {
    let empty = Group { users: Vec::new(), roles: Vec::new(), ..after.clone() };
    let before = before.unwrap_or(&empty);
    let new = |all: &[String], old: &[String]| -> Vec<String> {
        all.iter().filter(|one| !old.contains(one)).cloned().collect()
    };
    let added = new(&after.roles, &before.roles);
    let is_other = |group: &&mut Group| group.pk != after.pk;
    let is_taken = state
        .groups
        .iter_mut()
        .filter(is_other)
        .any(|group| group.roles.iter().any(|role| added.contains(role)));
    if is_taken && state.release() < Release::V2025_12 {
        if let Some(stored) = state.groups.iter_mut().find(|group| group.pk == after.pk) {
            (stored.users, stored.roles) = (before.users.clone(), before.roles.clone());
        }
        return Err(Response::json(400, &json!(["Roles can only be used with a single group."])));
    }
    let removed = new(&before.roles, &after.roles);
    let left: Vec<u64> =
        before.users.iter().filter(|user| !after.users.contains(user)).copied().collect();
    lost(state, &removed, &before.users);
    lost(state, &before.roles, &left);
    let joined: Vec<u64> =
        after.users.iter().filter(|user| !before.users.contains(user)).copied().collect();
    gained(state, &after.roles, &joined);
    gained(state, &added, &after.users);
    Ok(())
}
