//! What gives the service account its rights: its memberships, and role and group of least privilege.
//!
//! Groups and roles that authentik came with are never removed, and no other member is touched.

use super::account::PlannedAccount;
use super::{About, TeardownSnapshot, keep, remove};
use crate::desired::{ADMINISTRATORS, DesiredServiceAccount, USER_PERMISSIONS};
use crate::ids::{GroupId, OperationId, Reference, Resource, ResourceKind};
use crate::integration::GuideStep;
use crate::model::{Group, GroupMember, Role, UsedBy, UserDetail};
use crate::plan::planner::Planner;
use crate::plan::{FieldChange, Write};

const ADMINISTRATOR: &str = "administrator";
const READER: &str = "rights";
const GROUP: &str = "rights-group";
const ROLE: &str = "role";

/// Apps of authentik's models: roles, and the permissions that they hold.
const RBAC: &str = "authentik_rbac";
const GUARDIAN: &str = "guardian";

/// Whether an integration puts its account into this group. In any other one, someone else did.
pub(super) fn is_own_group(wanted: &DesiredServiceAccount, name: &str) -> bool {
    name == ADMINISTRATORS || name == wanted.role()
}

/// Plans the end of the account's rights, before the account itself goes. Returns what that has to
/// wait for.
pub(super) fn plan(
    planner: &mut Planner<'_>,
    wanted: &DesiredServiceAccount,
    account: &UserDetail,
    account_goes: bool,
) -> Vec<OperationId> {
    let own = [(ADMINISTRATOR, ADMINISTRATORS), (READER, wanted.role())];
    own.into_iter()
        .filter_map(|(id, name)| leave(planner, account, account_goes, id, name))
        .collect()
}

fn leave(
    planner: &mut Planner<'_>,
    account: &UserDetail,
    account_goes: bool,
    id: &'static str,
    name: &str,
) -> Option<OperationId> {
    let group: &GroupId = &account.named_groups.iter().find(|group| group.name == name)?.pk;
    let about = About {
        id,
        resource: Resource::new(
            ResourceKind::GroupMembership,
            format!("{} in {name}", account.username),
        ),
        guide: GuideStep::Administrator,
    };
    if !account_goes {
        keep(planner, about, &["it is its account's, which is kept".to_owned()]);
        return None;
    }
    let changes = vec![FieldChange::gone("users", &account.pk)];
    let body = GroupMember { pk: Reference::Known(account.pk) };
    let write = Write::RemoveGroupMember { group: group.clone(), body };
    let reason = "its rights go before the account; other members are not touched";
    remove(planner, about, reason, Vec::new(), changes, write);
    Some(id.into())
}

/// Plans the end of role and group of least privilege, where nobody else uses them.
pub(super) fn plan_role(
    planner: &mut Planner<'_>,
    read: &TeardownSnapshot,
    wanted: &DesiredServiceAccount,
    account: &PlannedAccount,
) {
    let name = wanted.role();
    let about = |id, kind| About {
        id,
        resource: Resource::new(kind, name),
        guide: GuideStep::Administrator,
    };
    let (group_about, role_about) =
        (about(GROUP, ResourceKind::Group), about(ROLE, ResourceKind::Role));
    let groups = planner.snapshot.groups.iter().filter(|group| group.name == name);
    let group = planner.only(&group_about.resource, groups, |one| one.pk.to_string()).one();
    let roles = planner.snapshot.roles.iter().filter(|role| role.name == name);
    let role = planner.only(&role_about.resource, roles, |one| one.pk.to_string()).one();
    planner
        .fingerprint
        .note(&group_about.resource, group.map(|one| (one, &read.group_uses)).as_ref());
    let permissions = &planner.snapshot.role_permissions;
    let noted = role.map(|one| (one, permissions, &read.role_uses));
    planner.fingerprint.note(&role_about.resource, noted.as_ref());

    let group_stays =
        group.map(|group| group_in_use(read, group, role, account)).unwrap_or_default();
    if let Some(role) = role {
        let mut why = role_in_use(planner, read, group);
        if !group_stays.is_empty() {
            why.push(format!("the group \"{name}\" gives it to its members"));
        }
        if why.is_empty() {
            let reason = "nobody else has it";
            let write = Write::DeleteRole { id: role.pk.clone() };
            remove(planner, role_about, reason, account.out.clone(), Vec::new(), write);
        } else {
            keep(planner, role_about, &why);
        }
    }
    if let Some(group) = group {
        if group_stays.is_empty() {
            let reason = "nobody else is in it";
            let write = Write::DeleteGroup { id: group.pk.clone() };
            remove(planner, group_about, reason, account.out.clone(), Vec::new(), write);
        } else {
            keep(planner, group_about, &group_stays);
        }
    }
}

/// What the group is used for besides the account's rights.
fn group_in_use(
    read: &TeardownSnapshot,
    group: &Group,
    role: Option<&Role>,
    account: &PlannedAccount,
) -> Vec<String> {
    let mut why = Vec::new();
    let others = group.users.iter().filter(|user| Some(*user) != account.id.as_ref()).count();
    if others > 0 {
        why.push(format!("it has {others} other members"));
    }
    if !account.goes && account.id.is_some_and(|user| group.users.contains(&user)) {
        why.push("the account in it is kept".to_owned());
    }
    if group.is_superuser || group.parent.is_some() || !group.parents.is_empty() {
        why.push("someone gave it further rights".to_owned());
    }
    if group.roles.iter().any(|has| Some(has) != role.map(|role| &role.pk)) {
        why.push("someone gave it further roles".to_owned());
    }
    // Its members and roles are listed there, too; what is to be said of them is said above.
    let is_its_own = |one: &UsedBy| one.is("authentik_core", "user") || one.is(RBAC, "role");
    for one in read.group_uses.iter().filter(|one| !is_its_own(one)) {
        why.push(format!("\"{}\" uses it", one.name));
    }
    why
}

/// What the role is used for besides the account's rights.
fn role_in_use(
    planner: &Planner<'_>,
    read: &TeardownSnapshot,
    group: Option<&Group>,
) -> Vec<String> {
    let mut why = Vec::new();
    let further = planner.snapshot.role_permissions.iter().map(crate::model::Permission::full_name);
    let further: Vec<String> =
        further.filter(|one| !USER_PERMISSIONS.contains(&one.as_str())).collect();
    if !further.is_empty() {
        why.push(format!("someone gave it further permissions: {}", further.join(", ")));
    }
    if read.role_uses.iter().any(|one| one.is(GUARDIAN, "roleobjectpermission")) {
        why.push("someone gave it permissions over single objects".to_owned());
    }
    // Since 2026.5 its permissions are listed there, too.
    let is_ours = |one: &UsedBy| {
        one.app == GUARDIAN || group.is_some_and(|group| group.pk.as_str() == one.pk)
    };
    for one in read.role_uses.iter().filter(|one| !is_ours(one)) {
        why.push(format!("\"{}\" has it", one.name));
    }
    why
}
