//! The group that gives the service account its rights.

use serde_json::json;

use super::account::{Account, ID};
use super::change::FieldChange;
use super::desired::DesiredServiceAccount;
use super::planner::{About, Found, Planner};
use super::warning::Warning;
use crate::authentik::{Group, GroupCreate, GroupId, RoleId, Snapshot, UsedBy, UserId, Version};
use crate::ids::{Reference, Resource};
use crate::integration::GuideStep;
use crate::resource::{Object, object};

pub(super) const GROUP: &str = "rights-group";
pub(super) const GROUP_ROLE: &str = "rights-group-role";

/// The group that the account must be a member of.
pub(super) enum RightsGroup {
    /// The plan creates it, with the account in it.
    New,
    Existing {
        id: Reference<GroupId>,
        has_account: bool,
    },
}

/// The administrators' group. It is read only where the account and the token's user do not show it.
pub(super) fn find_administrators(
    planner: &mut Planner<'_>,
    wanted: &DesiredServiceAccount,
    name: &str,
) -> Option<RightsGroup> {
    planner.warnings.push(Warning::administrator_account(&wanted.username));
    let snapshot = planner.snapshot;
    let account = snapshot.user(&wanted.username).and_then(|user| user.group(name));
    let caller = snapshot.caller.iter().flat_map(|caller| &caller.named_groups);
    let shared = caller.clone().find(|group| group.name == name);
    let resource = Group::API.resource(name);
    let read = planner.find::<Group>(name);
    let (id, is_superuser) = match (account, read, shared) {
        (Some(group), ..) => (&group.pk, group.is_superuser),
        (None, Found::Many, _) => return None,
        (None, Found::One(group), _) => (&group.pk, group.is_superuser),
        // The token's user, an administrator, is a member; which of its groups makes it one is unknown.
        (None, Found::None, Some(group)) => (&group.pk, true),
        (None, Found::None, None) => {
            planner.missing(
                resource,
                "the service account gets its rights from it",
                "Restore it in authentik, a group of this name with \"Is superuser\" on, or set \
                 `service_account` to `user_reader`.",
            );
            return None;
        }
    };
    if !is_superuser {
        planner.warnings.push(Warning::powerless_group(name));
    }
    let has_account = account.is_some()
        || snapshot.user(&wanted.username).is_some_and(|user| user.groups.contains(id));
    Some(RightsGroup::Existing { id: planner.reference(id, name), has_account })
}

/// The group that gives the role of least privilege; creates it, and gives it the role.
pub(super) fn find_group(
    planner: &mut Planner<'_>,
    wanted: &DesiredServiceAccount,
    account: Option<&Account>,
    role: Option<&Reference<RoleId>>,
) -> Option<RightsGroup> {
    let snapshot = planner.snapshot;
    let name = wanted.member_of();
    let resource = Group::API.resource(name);
    let user = account.and_then(|account| account.id.known());
    let (group, duplicates) =
        one_of_duplicates(snapshot, name, user, role.and_then(Reference::known));
    for (index, duplicate) in duplicates.iter().enumerate() {
        let about = About::new(
            format!("{GROUP}-duplicate-{}", index + 1),
            resource.clone(),
            GuideStep::Administrator,
        );
        remove_duplicate(planner, about, duplicate, Vec::new());
    }
    let left = snapshot.groups.iter().filter(|one| {
        one.name == name && !duplicates.iter().any(|duplicate| duplicate.pk == one.pk)
    });
    if left.count() > 1 {
        planner.find::<Group>(name);
        return None;
    }
    let role = role?;
    let Some(group) = group else {
        create(planner, resource, name, account?, role);
        return Some(RightsGroup::New);
    };
    if !gives_our_role_alone(planner, &resource, group, role) {
        return None;
    }
    let has_account = user.is_some_and(|user| group.users.contains(user));
    Some(RightsGroup::Existing { id: planner.reference(&group.pk, name), has_account })
}

/// The group of a name, and others of that name that are exactly what we create. Before 2025.12 the
/// database accepts two groups of a name, and runs at the same moment may each create one.
///
/// One that gives a role is never among the duplicates: such a server records out of sight who has a
/// role, and empties that list when any group with the role is deleted.
fn one_of_duplicates<'s>(
    snapshot: &'s Snapshot,
    name: &str,
    account: Option<&UserId>,
    role: Option<&RoleId>,
) -> (Option<&'s Group>, Vec<&'s Group>) {
    let mut same: Vec<&Group> = snapshot.groups.iter().filter(|one| one.name == name).collect();
    same.sort_by_key(|group| {
        let gives_role = role.is_some_and(|role| group.roles.contains(role));
        let has_account = account.is_some_and(|user| group.users.contains(user));
        (!gives_role, !has_account, &group.pk)
    });
    let kept = same.first().copied();
    let is_ours = |group: &&Group| {
        group.roles.is_empty()
            && !group.is_superuser
            && !group.inherits()
            && group.users.iter().all(|user| Some(user) == account)
            && is_unused(snapshot, group, &[])
    };
    (kept, same.into_iter().skip(1).filter(is_ours).collect())
}

/// Whether the server shows that nothing uses a group but its members and the bindings with these keys.
/// An application whose only binding went with the group would be open to everyone.
pub(super) fn is_unused(snapshot: &Snapshot, group: &Group, ours: &[&str]) -> bool {
    let is_its_own =
        |one: &UsedBy| one.is("authentik_core", "user") || ours.contains(&one.pk.as_str());
    let uses = snapshot.uses.get(&Group::API.resource(group.pk.as_str()));
    uses.is_some_and(|uses| uses.iter().all(is_its_own))
}

/// Plans the end of a group that is one too many.
pub(super) fn remove_duplicate(
    planner: &mut Planner<'_>,
    about: About,
    group: &Group,
    after: Vec<crate::ids::OperationId>,
) {
    let reason = "a second group of this name, as when two runs met; nothing uses this one";
    let changes = vec![FieldChange::removed("name", &group.name)];
    planner.operation(about, reason, after, changes, Some(Group::API.delete(&group.pk)));
}

/// Plans a group with the role, and the account in it, unless it joins when it gets its name.
///
/// Until 2025.12 the role comes afterwards. Such a server leaves half a group behind where it refuses
/// the role, and a group without a role can be deleted safely if two runs each created one.
fn create(
    planner: &mut Planner<'_>,
    resource: Resource,
    name: &str,
    account: &Account,
    role: &Reference<RoleId>,
) {
    let version = planner.snapshot.version;
    let at_once = version.is_some_and(Version::has_unique_group_names);
    let write = Group::API.create(&GroupCreate {
        name: name.to_owned(),
        users: if account.is_unnamed { Vec::new() } else { vec![account.id.clone()] },
        roles: if at_once { vec![role.clone()] } else { Vec::new() },
    });
    // The role first, on every release: a group without its role gives its members no rights.
    let role_first = role.created_by().filter(|_| !account.is_unnamed).cloned();
    // An account that is adopted gets no rights before somebody else's password is taken away.
    let after = role_first.into_iter().chain(planner.update_of(ID)).collect();
    let about = About::new(GROUP, resource.clone(), GuideStep::Administrator);
    planner.create(about, "it gives the service account the role", after, write);
    if !at_once {
        let group = Reference::pending(GROUP);
        give_role(planner, resource, (&group, &[]), role);
    }
}

/// Whether the group gives our role and nothing else; adds the role where it is missing.
fn gives_our_role_alone(
    planner: &mut Planner<'_>,
    resource: &Resource,
    group: &Group,
    role: &Reference<RoleId>,
) -> bool {
    let foreign = group.roles.iter().filter(|has| Some(*has) != role.known()).count();
    let why = if group.is_superuser {
        Some("its members may do everything".to_owned())
    } else if group.inherits() {
        Some("it inherits from another group".to_owned())
    } else if foreign > 0 {
        Some(format!("it gives its members {foreign} other roles"))
    } else {
        None
    };
    if let Some(why) = why {
        let hint = "Change that in authentik, or rename the group.";
        planner.block(resource.clone(), why, hint);
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
    if role.known().is_some_and(|role| has.contains(role)) {
        planner
            .unchanged(About::new(GROUP, resource, GuideStep::Administrator), "it gives the role");
        return;
    }
    let about = About::new(GROUP_ROLE, resource, GuideStep::Administrator);
    let (found, wanted) = (json!({"roles": has}), object(&json!({"roles": [role]})));
    let reason = "it does not give the role";
    let after = planner.update_of(ID).into_iter().collect();
    planner.update(about, reason, after, &found, (Group::API, group, wanted));
}
