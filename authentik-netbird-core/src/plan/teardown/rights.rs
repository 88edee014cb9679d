//! The service account's rights: role and group of least privilege.
//!
//! Groups and roles that authentik came with are never deleted, and no other member is affected.

use super::super::desired::{ADMINISTRATORS, DesiredServiceAccount, USER_PERMISSIONS};
use super::super::planner::{About, Planner};
use super::account::{PlannedAccount, remaining};
use super::keep::{delete, unknown_uses};
use crate::authentik::{Group, Role, Snapshot, UsedBy};
use crate::ids::Resource;
use crate::integration::GuideStep;
use crate::resource::Object;

const GROUP: &str = "rights-group";
const ROLE: &str = "role";

/// Apps of authentik's models: roles, and the permissions that they hold.
const RBAC: &str = "authentik_rbac";
const GUARDIAN: &str = "guardian";

/// Whether an integration puts its account into this group. In any other one, someone else did.
pub(super) fn is_own_group(wanted: &DesiredServiceAccount, name: &str) -> bool {
    name == ADMINISTRATORS || name == wanted.role()
}

/// Plans the deletion of role and group of least privilege, where nobody else uses them.
pub(super) fn plan_role(
    planner: &mut Planner<'_>,
    wanted: &DesiredServiceAccount,
    account: &PlannedAccount,
) {
    let (snapshot, name) = (planner.snapshot, wanted.role());
    let role = planner.find::<Role>(name).one();
    // Before 2025.12 two runs that met may each have created one.
    let mut groups: Vec<&Group> = snapshot.groups.iter().filter(|one| one.name == name).collect();
    groups.sort_by_key(|group| &group.pk);
    let is_one = groups.len() == 1;
    let mut stays: Vec<Vec<String>> = groups
        .iter()
        .map(|group| {
            let key = if is_one { name } else { group.pk.as_str() };
            group_in_use(planner, group, &Group::API.resource(key), role, account)
        })
        .collect();
    let one_stays = stays.iter().any(|why| !why.is_empty());
    if let Some(role) = role {
        let mut why = role_in_use(snapshot, role, &groups);
        if one_stays {
            why.push(format!("the group \"{name}\" gives it to its members"));
        }
        let about = About::new(ROLE, Role::API.resource(name), GuideStep::Administrator);
        let (write, reason) = (Role::API.delete(&role.pk), "no other group or user has it");
        delete(planner, (about, &why), reason, account.deletion(), Vec::new(), write);
    }
    for (index, (group, why)) in groups.iter().zip(&mut stays).enumerate() {
        // The role would be taken from the members of the group that stays, too.
        if one_stays && why.is_empty() && !group.roles.is_empty() {
            why.push("another group of this name is kept".to_owned());
        }
        let id = if index == 0 { GROUP.to_owned() } else { format!("{GROUP}-duplicate-{index}") };
        let about = About::new(id, Group::API.resource(name), GuideStep::Administrator);
        let (write, reason) = (Group::API.delete(&group.pk), "it has no other member");
        delete(planner, (about, why), reason, account.deletion(), Vec::new(), write);
    }
}

/// The uses of the group apart from the account's rights.
fn group_in_use(
    planner: &Planner<'_>,
    group: &Group,
    resource: &Resource,
    role: Option<&Role>,
    account: &PlannedAccount,
) -> Vec<String> {
    let uses = remaining(planner, resource);
    let mut why: Vec<String> = unknown_uses(planner.snapshot, resource).into_iter().collect();
    let others = group.users.iter().filter(|user| Some(*user) != account.id.as_ref()).count();
    if others > 0 {
        why.push(format!("it has {others} other members"));
    }
    if !account.is_deleted && account.id.is_some_and(|user| group.users.contains(&user)) {
        why.push("the account in it is kept".to_owned());
    }
    if group.is_superuser || group.inherits() {
        why.push("someone gave it other rights".to_owned());
    }
    if group.roles.iter().any(|has| Some(has) != role.map(|role| &role.pk)) {
        why.push("someone gave it other roles".to_owned());
    }
    // Its members and roles are listed there, too; they are judged above.
    let is_its_own = |one: &&UsedBy| one.is("authentik_core", "user") || one.is(RBAC, "role");
    for one in uses.into_iter().filter(|one| !is_its_own(one)) {
        why.push(format!("\"{}\" uses it", one.name));
    }
    why
}

/// The uses of the role apart from the account's rights.
fn role_in_use(snapshot: &Snapshot, role: &Role, groups: &[&Group]) -> Vec<String> {
    let resource = Role::API.resource(&role.name);
    let uses = snapshot.used_by(&resource);
    let mut why: Vec<String> = unknown_uses(snapshot, &resource).into_iter().collect();
    let mut further = snapshot.permissions_of(&role.pk);
    further.retain(|one| !USER_PERMISSIONS.contains(&one.as_str()));
    if !further.is_empty() {
        why.push(format!("someone gave it other permissions: {}", further.join(", ")));
    }
    if uses.iter().any(|one| one.is(GUARDIAN, "roleobjectpermission")) {
        why.push("someone gave it permissions over single objects".to_owned());
    }
    // Since 2026.5 its permissions are listed there, too.
    let is_ours = |one: &UsedBy| {
        one.app == GUARDIAN || groups.iter().any(|group| group.pk.as_str() == one.pk)
    };
    for one in uses.iter().filter(|one| !is_ours(one)) {
        why.push(format!("\"{}\" has it", one.name));
    }
    why
}
