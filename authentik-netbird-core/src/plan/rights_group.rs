//! The group that gives the service account its role.

use super::Write;
use super::change::{Diff, FieldChange, FieldValue, created};
use super::planner::{Draft, Planner};
use crate::desired::DesiredServiceAccount;
use crate::error::Blocker;
use crate::ids::{GroupId, OperationId, Reference, Resource, ResourceKind, RoleId, UserId};
use crate::integration::GuideStep;
use crate::model::{Group, GroupCreate, GroupMember, GroupPatch};

pub(super) const GROUP: &str = "rights-group";
pub(super) const GROUP_ROLE: &str = "rights-group-role";
pub(super) const MEMBERSHIP: &str = "rights";

/// Plans a group with the role, and the account in it.
///
/// Until 2025.12 the role comes afterwards. Such a server leaves half a group behind where it refuses
/// the role; and it notes out of sight who has a role, and lets everyone lose it when any group with
/// that role is deleted. A group without one can go, where two runs each made one.
pub(super) fn make_group(
    planner: &mut Planner<'_>,
    wanted: &DesiredServiceAccount,
    account: &Reference<UserId>,
    role: &Reference<RoleId>,
) {
    let resource = Resource::new(ResourceKind::Group, wanted.member_of());
    let in_one = planner.snapshot.version.has_unique_group_names();
    let body = GroupCreate {
        name: wanted.member_of().to_owned(),
        users: vec![account.clone()],
        roles: if in_one { vec![role.clone()] } else { Vec::new() },
    };
    let makers = [account.made_by(), role.made_by()];
    let draft = Draft {
        id: GROUP,
        resource: resource.clone(),
        reason: "it gives the service account the role".to_owned(),
        guide: GuideStep::Administrator,
        waits_for: makers.into_iter().flatten().cloned().collect(),
        changes: created(&body),
    };
    planner.operation(draft, Some(Write::CreateGroup(body)));
    if !in_one {
        let group = Reference::Made { made_by: GROUP.into() };
        give_role(planner, resource, (&group, &[]), role);
    }
}

/// Whether the group gives our role and nothing else; adds the role where it is missing.
pub(super) fn gives_our_role_alone(
    planner: &mut Planner<'_>,
    resource: &Resource,
    group: &Group,
    role: &Reference<RoleId>,
) -> bool {
    let foreign = group.roles.iter().filter(|has| Some(*has) != role.known()).count();
    let why = if group.is_superuser {
        Some("its members may do everything".to_owned())
    } else if group.parent.is_some() || !group.parents.is_empty() {
        Some("it inherits from another group".to_owned())
    } else if foreign > 0 {
        Some(format!("it gives its members {foreign} further roles"))
    } else {
        None
    };
    if let Some(why) = why {
        planner.blockers.push(Blocker::conflict(
            resource.clone(),
            why,
            "take that away, or rename the group",
        ));
        return false;
    }
    let id = Reference::Known(group.pk.clone());
    give_role(planner, resource.clone(), (&id, &group.roles), role);
    true
}

/// Plans that a group with these roles gives ours.
fn give_role(
    planner: &mut Planner<'_>,
    resource: Resource,
    (group, has): (&Reference<GroupId>, &[RoleId]),
    role: &Reference<RoleId>,
) {
    let mut diff = Diff::default();
    let is_given = role.known().is_some_and(|role| has.contains(role));
    let roles = diff.field("roles", &has, vec![role.clone()], is_given);
    let (id, reason) = if is_given {
        (GROUP, "it gives the role")
    } else {
        (GROUP_ROLE, "it does not give the role")
    };
    let makers = [group.made_by(), role.made_by()];
    let draft = Draft {
        id,
        resource,
        reason: reason.to_owned(),
        guide: GuideStep::Administrator,
        waits_for: makers.into_iter().flatten().cloned().collect(),
        changes: diff.finish(),
    };
    let body = roles.map(|roles| GroupPatch { roles });
    planner.operation(draft, body.map(|body| Write::UpdateGroup { id: group.clone(), body }));
}

/// Plans that the account is a member of the group, after the group gives its role.
pub(super) fn join(
    planner: &mut Planner<'_>,
    wanted: &DesiredServiceAccount,
    group: &Reference<GroupId>,
    account: &Reference<UserId>,
    is_member: bool,
) {
    let makers = [planner.change(GROUP_ROLE), account.made_by()];
    let waits_for: Vec<OperationId> = makers.into_iter().flatten().cloned().collect();
    let (reason, changes, write) = if is_member {
        ("it is a member", Vec::new(), None)
    } else {
        let change = FieldChange {
            path: "users".to_owned(),
            before: FieldValue::Absent,
            after: FieldValue::of(account),
        };
        let body = GroupMember { pk: account.clone() };
        let write = Write::AddGroupMember { group: group.clone(), body };
        ("NetBird may read users then", vec![change], Some(write))
    };
    let draft = Draft {
        id: MEMBERSHIP,
        resource: membership(wanted, wanted.member_of()),
        reason: reason.to_owned(),
        guide: GuideStep::Administrator,
        waits_for,
        changes,
    };
    planner.operation(draft, write);
}

pub(super) fn membership(wanted: &DesiredServiceAccount, group: &str) -> Resource {
    Resource::new(ResourceKind::GroupMembership, format!("{} in {group}", wanted.username))
}
