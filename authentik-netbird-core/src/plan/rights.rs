//! The service account's rights: a group, and for least privilege a role.

use super::change::{FieldChange, FieldValue, created};
use super::planner::{Draft, Found, Planner};
use super::rights_group::{
    GROUP, GROUP_ROLE, MEMBERSHIP, gives_our_role_alone, join, make_group, membership,
};
use super::{Warning, Write};
use crate::desired::{DesiredRights, DesiredServiceAccount};
use crate::error::Blocker;
use crate::ids::{OperationId, Reference, Resource, ResourceKind, RoleId, UserId};
use crate::integration::GuideStep;
use crate::model::{Group, GroupMember, RoleCreate, RolePermissions};

const ROLE: &str = "role";
const PERMISSIONS: &str = "role-permissions";
const FEWER_PERMISSIONS: &str = "role-fewer-permissions";
const LEAVING: &str = "other-rights";

/// Plans the role that the group gives its members, where one is wanted.
pub(super) fn plan_role(
    planner: &mut Planner<'_>,
    wanted: &DesiredServiceAccount,
) -> Option<Reference<RoleId>> {
    let DesiredRights::Role { name, permissions } = &wanted.rights else { return None };
    let snapshot = planner.snapshot;
    let resource = Resource::new(ResourceKind::Role, name);
    let same_name = snapshot.roles.iter().filter(|role| role.name == *name);
    let found = planner.only(&resource, same_name, |role| format!("{} ({})", role.name, role.pk));
    let have: Vec<String> =
        snapshot.role_permissions.iter().map(crate::model::Permission::full_name).collect();
    planner.fingerprint.note(&resource, found.one().map(|role| (role, &have)).as_ref());
    let draft = |reason: &str, changes| Draft {
        id: ROLE,
        resource: resource.clone(),
        reason: reason.to_owned(),
        guide: GuideStep::Administrator,
        waits_for: Vec::new(),
        changes,
    };
    let role = match found {
        Found::Many => return None,
        Found::None => {
            let body = RoleCreate { name: name.clone() };
            let changes = created(&body);
            let draft = draft("it may read users, and nothing else", changes);
            planner.operation(draft, Some(Write::CreateRole(body)));
            Reference::Made { made_by: ROLE.into() }
        }
        Found::One(role) => {
            let foreign: Vec<&str> = have
                .iter()
                .map(String::as_str)
                .filter(|one| !crate::desired::USER_PERMISSIONS.contains(one))
                .collect();
            if !foreign.is_empty() {
                planner.blockers.push(Blocker::conflict(
                    resource.clone(),
                    format!("it has further permissions: {}", foreign.join(", ")),
                    "take them away, or rename the role",
                ));
                return None;
            }
            planner.operation(draft("it is there", Vec::new()), None);
            planner.reference(&role.pk, name)
        }
    };
    let lacking = permissions.iter().filter(|one| !have.iter().any(|has| has == *one));
    let lacking: Vec<String> = lacking.map(|one| (*one).to_owned()).collect();
    let surplus = have.iter().filter(|has| !permissions.contains(&has.as_str()));
    let surplus: Vec<String> = surplus.cloned().collect();
    let resource = Resource::new(ResourceKind::RolePermissions, name);
    let draft = |id, reason: &str, waits_for, changes| Draft {
        id,
        resource: resource.clone(),
        reason: reason.to_owned(),
        guide: GuideStep::Administrator,
        waits_for,
        changes,
    };
    if lacking.is_empty() {
        planner.operation(draft(PERMISSIONS, "they are as wanted", Vec::new(), Vec::new()), None);
    } else {
        let waits_for: Vec<OperationId> = role.made_by().cloned().into_iter().collect();
        let body = RolePermissions { permissions: lacking };
        let changes = created(&body);
        let draft = draft(PERMISSIONS, "NetBird's calls need them", waits_for, changes);
        planner.operation(draft, Some(Write::AssignPermissions { role: role.clone(), body }));
    }
    if let (false, Reference::Known(id)) = (surplus.is_empty(), &role) {
        let change = FieldChange {
            path: "permissions".to_owned(),
            before: FieldValue::of(&surplus),
            after: FieldValue::Absent,
        };
        let draft =
            draft(FEWER_PERMISSIONS, "they are more than asked for", Vec::new(), vec![change]);
        let body = RolePermissions { permissions: surplus };
        planner.operation(draft, Some(Write::UnassignPermissions { role: id.clone(), body }));
    }
    Some(role)
}

/// Plans the group, and the account's place in it; then, that the account leaves the group that it
/// has other rights from. New rights come before old ones go.
pub(super) fn plan_membership(
    planner: &mut Planner<'_>,
    wanted: &DesiredServiceAccount,
    account: Option<Reference<UserId>>,
    role: Option<Reference<RoleId>>,
) {
    let snapshot = planner.snapshot;
    let name = wanted.member_of();
    let resource = Resource::new(ResourceKind::Group, name);
    let same_name = snapshot.groups.iter().filter(|group| group.name == name);
    let found =
        planner.only(&resource, same_name, |group| format!("{} ({})", group.name, group.pk));
    let is_member = |group: &Group| {
        let user = account.as_ref().and_then(Reference::known);
        user.is_some_and(|user| group.users.contains(user))
    };
    let noted = found.one().map(|group| {
        (
            &group.pk,
            group.is_superuser,
            &group.roles,
            &group.parent,
            &group.parents,
            is_member(group),
        )
    });
    planner.fingerprint.note(&resource, noted.as_ref());
    let group = match (&found, &wanted.rights) {
        (Found::Many, _) => return,
        (Found::One(group), rights) => {
            let group = *group;
            match rights {
                DesiredRights::Administrators { .. } => {
                    planner.warnings.push(Warning::administrator_account(&wanted.username));
                    if !group.is_superuser {
                        planner.warnings.push(Warning::powerless_group(name));
                    }
                }
                DesiredRights::Role { .. } => {
                    let Some(role) = role else { return };
                    if !gives_our_role_alone(planner, &resource, group, &role) {
                        return;
                    }
                }
            }
            group
        }
        (Found::None, DesiredRights::Administrators { .. }) => {
            planner.missing(
                resource,
                "the service account gets its rights from it",
                "restore it in authentik: a group of this name with \"Is superuser\" on",
            );
            return;
        }
        (Found::None, DesiredRights::Role { .. }) => {
            let (Some(account), Some(role)) = (account, role) else { return };
            make_group(planner, wanted, &account, &role);
            leave(planner, wanted, &account, &[PERMISSIONS, GROUP, GROUP_ROLE]);
            return;
        }
    };
    let is_member = is_member(group);
    let Some(account) = account else { return };
    let to = planner.reference(&group.pk, &group.name);
    join(planner, wanted, &to, &account, is_member);
    let after: &[&str] = match wanted.rights {
        DesiredRights::Administrators { .. } => &[MEMBERSHIP],
        DesiredRights::Role { .. } => &[PERMISSIONS, GROUP_ROLE, MEMBERSHIP],
    };
    leave(planner, wanted, &account, after);
}

/// Out of the group that other rights come from; warns of further ones.
fn leave(
    planner: &mut Planner<'_>,
    wanted: &DesiredServiceAccount,
    account: &Reference<UserId>,
    after: &[&str],
) {
    let Some(user) = account.known() else { return };
    let snapshot = planner.snapshot;
    let name = wanted.not_member_of.as_str();
    let is_left = |group: &&Group| group.name == name && group.users.contains(user);
    let left: Vec<&Group> = snapshot.groups.iter().filter(is_left).collect();
    let resource = membership(wanted, name);
    planner.fingerprint.note(&resource, left.first().map(|group| &group.pk));
    for group in &left {
        let draft = Draft {
            id: LEAVING,
            resource: resource.clone(),
            reason: "its rights come from elsewhere now; no other member is touched".to_owned(),
            guide: GuideStep::Administrator,
            waits_for: after.iter().filter_map(|id| planner.change(id)).cloned().collect(),
            changes: vec![FieldChange {
                path: "users".to_owned(),
                before: FieldValue::of(account),
                after: FieldValue::Absent,
            }],
        };
        let body = GroupMember { pk: account.clone() };
        let write = Write::RemoveGroupMember { group: group.pk.clone(), body };
        planner.operation(draft, Some(write));
    }
    if let DesiredRights::Role { .. } = wanted.rights {
        let known = |pk: &crate::ids::GroupId| snapshot.groups.iter().any(|group| group.pk == *pk);
        let user = snapshot.users.iter().find(|found| found.pk == *user);
        let further = user.map_or(0, |user| user.groups.iter().filter(|pk| !known(pk)).count());
        if further > 0 {
            planner.warnings.push(Warning::further_groups(&wanted.username, further));
        }
    }
}
