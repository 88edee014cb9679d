//! Who else has the role of least privilege: members of its group, and others who have the role.
//!
//! They are a conflict before the plan gives rights to role or group: somebody may have put them there to
//! get the rights. Afterwards they are a warning.

use super::desired::DesiredServiceAccount;
use super::planner::Planner;
use super::rights::PERMISSIONS;
use super::rights_group::GROUP_ROLE;
use super::warning::Warning;
use crate::authentik::{Group, Role, Snapshot, UsedBy};
use crate::ids::Resource;
use crate::resource::Object;

/// Checks group and role, as far as they exist.
pub(super) fn check(planner: &mut Planner<'_>, wanted: &DesiredServiceAccount) {
    let snapshot = planner.snapshot;
    let gives_rights = !planner.changes(&[PERMISSIONS, GROUP_ROLE]).is_empty();
    for (resource, others) in others(snapshot, wanted) {
        let names = others.join(", ");
        if !gives_rights {
            planner.warnings.push(Warning::further_members(&resource, &names));
            continue;
        }
        let why = format!("others would get the rights, too: {names}");
        planner.conflict(&resource, why, "Remove them in authentik");
    }
    for resource in unknown(snapshot, wanted) {
        planner.warnings.push(Warning::unknown_members(&resource));
    }
}

/// Group and role of which authentik does not say who is in them.
fn unknown(snapshot: &Snapshot, wanted: &DesiredServiceAccount) -> Vec<Resource> {
    let name = wanted.role();
    let is_unknown = |key: Resource| snapshot.is_unknown(&key);
    let groups = snapshot.groups.iter().filter(|group| group.name == name);
    let group = groups.map(|group| Group::API.resource(group.pk.as_str())).any(is_unknown);
    let roles = snapshot.roles.iter().filter(|role| role.name == name);
    let role = roles.map(|role| Role::API.resource(role.pk.as_str())).any(is_unknown);
    let group = group.then(|| Group::API.resource(name));
    group.into_iter().chain(role.then(|| Role::API.resource(name))).collect()
}

/// Group and role with who else is in them.
fn others(snapshot: &Snapshot, wanted: &DesiredServiceAccount) -> Vec<(Resource, Vec<String>)> {
    let name = wanted.role();
    let account = snapshot.user(&wanted.username).map(|user| user.pk.to_string());
    let groups = || snapshot.groups.iter().filter(|group| group.name == name);
    let is_account =
        |one: &UsedBy| one.is("authentik_core", "user") && Some(&one.pk) == account.as_ref();
    let is_our_group = |one: &UsedBy| {
        one.is("authentik_core", "group") && groups().any(|group| group.pk.as_str() == one.pk)
    };
    let has_rights = |one: &&UsedBy| {
        (one.is("authentik_core", "user") || one.is("authentik_core", "group"))
            && !is_account(one)
            && !is_our_group(one)
    };
    let mut all = Vec::new();
    let mut add = |resource: Resource, uses: Option<&Vec<UsedBy>>, unnamed: usize| {
        let entries = uses.into_iter().flatten().filter(has_rights);
        let mut names: Vec<String> = entries.map(|one| format!("\"{}\"", one.name)).collect();
        names.sort();
        names.dedup();
        if uses.is_none() && unnamed > 0 {
            names.push(format!("{unnamed} members whose names authentik does not show the token"));
        }
        if !names.is_empty() {
            all.push((resource, names));
        }
    };
    for group in groups() {
        let key = Group::API.resource(group.pk.as_str());
        let is_other = |pk: &&crate::authentik::UserId| Some(pk.to_string()) != account;
        let others = group.users.iter().filter(is_other).count();
        add(Group::API.resource(name), snapshot.uses.get(&key), others);
    }
    for role in snapshot.roles.iter().filter(|role| role.name == name) {
        let key = Role::API.resource(role.pk.as_str());
        add(Role::API.resource(name), snapshot.uses.get(&key), 0);
    }
    all
}
