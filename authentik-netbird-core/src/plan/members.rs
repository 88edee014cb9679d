//! Who else has the role of least privilege: members of its group, and others who have the role.
//!
//! They are a conflict before the plan gives rights to role or group: somebody may have put them there to
//! get the rights. Afterwards they are a warning.

use super::desired::DesiredServiceAccount;
use super::planner::Planner;
use super::rights::PERMISSIONS;
use super::rights_group::GROUP_ROLE;
use super::warning::Warning;
use crate::authentik::{Group, GroupId, Role, Snapshot, UsedBy, UserId};
use crate::ids::Resource;
use crate::resource::Object;

/// Checks group and role, as far as they exist.
pub(super) fn check(planner: &mut Planner<'_>, wanted: &DesiredServiceAccount) {
    let (snapshot, name) = (planner.snapshot, wanted.role());
    let gives_rights = !planner.changes(&[PERMISSIONS, GROUP_ROLE]).is_empty();
    let groups = snapshot.groups.iter().filter(|group| group.name == name);
    let groups = groups.map(|one| (Group::API, one.pk.as_str(), one.users.as_slice()));
    let roles = snapshot.roles.iter().filter(|role| role.name == name);
    let roles = roles.map(|one| (Role::API, one.pk.as_str(), &[][..]));
    let mut unknown = Vec::new();
    for (api, pk, users) in groups.chain(roles) {
        let (resource, key) = (api.resource(name), api.resource(pk));
        let names = others(snapshot, (&wanted.username, name), &key, users).join(", ");
        if !names.is_empty() && gives_rights {
            let why = format!("others would get the rights, too: {names}");
            planner.conflict(&resource, why, "Remove them in authentik");
        } else if !names.is_empty() {
            planner.warnings.push(Warning::further_members(&resource, &names));
        }
        if snapshot.is_unknown(&key) {
            unknown.push(resource);
        }
    }
    // Once for each kind: authentik does not say who is in them.
    unknown.dedup();
    planner.warnings.extend(unknown.iter().map(Warning::unknown_members));
}

/// Who else is in a group or role of this key, apart from the account and our group, the one of this name.
pub(crate) fn others(
    snapshot: &Snapshot,
    (username, our_group): (&str, &str),
    key: &Resource,
    members: &[UserId],
) -> Vec<String> {
    let account = snapshot.user(username);
    let pk = account.map(|account| account.pk);
    let read = snapshot.groups.iter().map(|group| (&group.name, &group.pk));
    let of_account = account.into_iter().flat_map(|account| &account.named_groups);
    let ours: Vec<&GroupId> = read
        .chain(of_account.map(|group| (&group.name, &group.pk)))
        .filter_map(|(name, pk)| (*name == our_group).then_some(pk))
        .collect();
    let is_ours = |one: &UsedBy| ours.iter().any(|pk| pk.as_str() == one.pk);
    let has_rights = |one: &&UsedBy| {
        let is_account = pk.is_some_and(|pk| pk.to_string() == one.pk);
        (one.is("authentik_core", "user") && !is_account)
            || (one.is("authentik_core", "group") && !is_ours(one))
    };
    let Some(uses) = snapshot.uses.get(key) else {
        let unnamed = members.iter().filter(|member| Some(**member) != pk).count();
        let text = format!("{unnamed} members whose names authentik does not show the token");
        return (unnamed > 0).then_some(text).into_iter().collect();
    };
    let entries = uses.iter().filter(has_rights);
    let mut names: Vec<String> = entries.map(|one| format!("\"{}\"", one.name)).collect();
    names.sort();
    names.dedup();
    names
}
