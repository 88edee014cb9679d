//! The service account's rights: a role for least privilege, and the membership that gives them.

use super::account::{Account, ID, name};
use super::change::FieldChange;
use super::desired::{DesiredRights, DesiredServiceAccount, USER_PERMISSIONS};
use super::planner::{About, Found, Planner, UP_TO_DATE};
use super::rights_group::{GROUP, GROUP_ROLE, RightsGroup, find_administrators, find_group};
use super::warning::Warning;
use super::{access, api_client};
use crate::authentik::{
    GroupId, MEMBERSHIP, Permission, Role, RoleCreate, RoleId, User, UserId, add_user, assign,
    remove_user, unassign,
};
use crate::ids::{Reference, Resource};
use crate::integration::GuideStep;
use crate::resource::Object;

const ROLE: &str = "role";
pub(super) const PERMISSIONS: &str = "role-permissions";
pub(super) const FEWER_PERMISSIONS: &str = "role-fewer-permissions";
const MEMBER: &str = "rights";
pub(super) const LEAVING: &str = "other-rights";

/// Plans the role that the group gives its members, where one is wanted.
pub(super) fn plan_role(
    planner: &mut Planner<'_>,
    wanted: &DesiredServiceAccount,
) -> Option<Reference<RoleId>> {
    let DesiredRights::Role { name, permissions } = &wanted.rights else { return None };
    let snapshot = planner.snapshot;
    let about = About::new(ROLE, Role::API.resource(name), GuideStep::Administrator);
    let (role, have) = match planner.find::<Role>(name) {
        Found::Many => return None,
        Found::None => {
            let write = Role::API.create(&RoleCreate { name: name.clone() });
            planner.create(about, "it may read users, and nothing else", Vec::new(), write);
            (Reference::pending(ROLE), Vec::new())
        }
        Found::One(role) => {
            let have = snapshot.permissions_of(&role.pk);
            let foreign: Vec<&str> = have
                .iter()
                .map(String::as_str)
                .filter(|one| !USER_PERMISSIONS.contains(one))
                .collect();
            if !foreign.is_empty() {
                planner.block(
                    about.resource,
                    format!("it has other permissions: {}", foreign.join(", ")),
                    "Remove them, or rename the role.",
                );
                return None;
            }
            planner.unchanged(about, "exists");
            (planner.reference(&role.pk, name), have)
        }
    };
    plan_permissions(planner, wanted, &role, &have, permissions);
    Some(role)
}

fn plan_permissions(
    planner: &mut Planner<'_>,
    account: &DesiredServiceAccount,
    role: &Reference<RoleId>,
    have: &[String],
    wanted: &[&str],
) {
    let resource = Permission::API.resource(account.role());
    let about = |id: &str| About::new(id, resource.clone(), GuideStep::Administrator);
    let missing: Vec<String> = wanted
        .iter()
        .filter(|one| !have.iter().any(|has| has == *one))
        .map(|one| (*one).to_owned())
        .collect();
    if missing.is_empty() {
        planner.unchanged(about(PERMISSIONS), UP_TO_DATE);
    } else {
        let write = assign(role, &missing);
        let after = planner.update_of(ID).into_iter().collect();
        planner.create(about(PERMISSIONS), "NetBird's calls need them", after, write);
    }
    let surplus: Vec<String> =
        have.iter().filter(|has| !wanted.contains(&has.as_str())).cloned().collect();
    // An account that has them by the role keeps them; one that is about to get the role gets no more than was asked for.
    let user = planner.snapshot.user(&account.username);
    let has_role = user.is_some_and(|user| user.group(account.member_of()).is_some());
    let is_surplus = !surplus.is_empty() && (account.are_rights_asked || !has_role);
    if let (true, Reference::Known(id)) = (is_surplus, role) {
        let changes = vec![FieldChange::removed("permissions", &surplus)];
        let write = unassign(id, &surplus);
        let reason = "NetBird does not need these permissions";
        planner.operation(about(FEWER_PERMISSIONS), reason, Vec::new(), changes, Some(write));
    }
}

/// Plans the group, and the account's membership in it.
pub(super) fn plan_membership(
    planner: &mut Planner<'_>,
    wanted: &DesiredServiceAccount,
    account: Option<&Account>,
    role: Option<&Reference<RoleId>>,
) {
    let group = match &wanted.rights {
        DesiredRights::Administrators { group } => find_administrators(planner, wanted, group),
        DesiredRights::Role { .. } => find_group(planner, wanted, account, role),
    };
    let (Some(account), Some(group)) = (account, group) else { return };
    let (id, has_account) = match group {
        RightsGroup::New => (Reference::pending(GROUP), !account.is_unnamed),
        RightsGroup::Existing { id, has_account } => (id, has_account),
    };
    let given = planner.changes(&[PERMISSIONS, FEWER_PERMISSIONS, GROUP, GROUP_ROLE]);
    if account.is_unnamed {
        name(planner, wanted, &account.id, &id, given);
        return;
    }
    if !given.iter().any(|id| id.as_str() == GROUP) {
        join(planner, wanted, &id, &account.id, has_account);
    }
}

/// Plans that the account is a member of the group, after the group gives its role.
fn join(
    planner: &mut Planner<'_>,
    wanted: &DesiredServiceAccount,
    group: &Reference<GroupId>,
    account: &Reference<UserId>,
    is_member: bool,
) {
    let about =
        About::new(MEMBER, membership(wanted, wanted.member_of()), GuideStep::Administrator);
    if is_member {
        planner.unchanged(about, "it is a member");
        return;
    }
    let changes = vec![FieldChange::added("users", account)];
    let mut after = planner.changes(&[FEWER_PERMISSIONS, GROUP_ROLE]);
    after.extend(planner.update_of(ID));
    let write = add_user(group, account);
    planner.operation(about, "so that NetBird may read users", after, changes, Some(write));
}

/// Plans that the account leaves the group that it has other rights from, last: after it has its new rights, and a
/// binding where the application lets it in by that group. Warns of further groups.
pub(super) fn leave(planner: &mut Planner<'_>, wanted: &DesiredServiceAccount) {
    let Some(user) = planner.snapshot.user(&wanted.username) else { return };
    let name = wanted.not_member_of.as_str();
    if let Some(group) = wanted.group_to_leave(planner.snapshot) {
        let account = planner.reference(&user.pk, &user.username);
        let rights = [PERMISSIONS, GROUP, GROUP_ROLE, MEMBER];
        let bindings = [access::ACCOUNT, api_client::BINDING];
        let after = planner.changes(&[&rights[..], &bindings].concat());
        let about = About::new(LEAVING, membership(wanted, name), GuideStep::Administrator);
        let reason = "its rights come from another group now; no other member is affected";
        let changes = vec![FieldChange::removed("users", &account)];
        let write = remove_user(&group.pk, &account);
        planner.operation(about, reason, after, changes, Some(write));
    }
    if let DesiredRights::Role { .. } = wanted.rights {
        let known = [name, wanted.member_of()];
        let is_known = |pk: &GroupId| {
            known.iter().any(|name| user.group(name).is_some_and(|one| one.pk == *pk))
        };
        let further = user.groups.iter().filter(|pk| !is_known(pk)).count();
        if further > 0 {
            planner.warnings.push(Warning::further_groups(&wanted.username, further));
        }
    }
}

/// An account that the server has with other rights that are enough, where nobody asked for ours.
pub(super) fn keep_rights(planner: &mut Planner<'_>, wanted: &DesiredServiceAccount) {
    let about = About::new(MEMBER, User::API.resource(&wanted.username), GuideStep::Administrator);
    if planner.snapshot.user(&wanted.username).is_some_and(|user| user.is_superuser) {
        planner.unchanged(about, "it may read users, and everything else");
        planner.warnings.push(Warning::administrator_account(&wanted.username));
    } else {
        planner.unchanged(about, "it may read users");
    }
}

fn membership(wanted: &DesiredServiceAccount, group: &str) -> Resource {
    Resource::new(MEMBERSHIP, format!("{} in {group}", wanted.username))
}
