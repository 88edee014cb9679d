//! Whether an account has the rights already that it is to get.

use std::collections::BTreeSet;

use super::reads::RightsNames;
use super::{Group, GroupId, RoleId, Snapshot, User};

impl Snapshot {
    /// Whether the account has these rights by our role, or is an administrator, as far as was read: then giving them
    /// changes nothing for anyone else who can use it. Where the administrators' group was renamed, one of its name
    /// may be anyone's.
    pub(crate) fn has_rights(&self, user: &User, rights: &RightsNames) -> bool {
        let has_role = |role: &String| self.has_role(user, role, rights);
        user.is_superuser || rights.role.as_ref().is_some_and(has_role)
    }

    fn has_role(&self, user: &User, name: &str, rights: &RightsNames) -> bool {
        self.roles.iter().filter(|role| role.name == name).any(|role| {
            let gives_it =
                |group: &Group| group.users.contains(&user.pk) && group.roles.contains(&role.pk);
            let has = self.permissions_of(&role.pk);
            let is_enough = rights.permissions.iter().all(|one| has.iter().any(|has| has == one));
            is_enough && (user.roles.contains(&role.pk) || self.groups.iter().any(gives_it))
        })
    }

    /// Whether roles and groups of other names give the account these rights.
    pub(crate) fn has_other_rights(&self, user: &User, rights: &RightsNames) -> bool {
        let (roles, _) = self.roles_of(user);
        let has: BTreeSet<String> =
            roles.iter().flat_map(|role| self.permissions_of(role)).collect();
        rights.role.is_some() && rights.permissions.iter().all(|one| has.contains(*one))
    }

    /// Roles that a user has, by itself and by its own groups, and those groups that were not read. A group above
    /// them gives its roles on some releases alone.
    pub(super) fn roles_of(&self, user: &User) -> (BTreeSet<RoleId>, Vec<GroupId>) {
        let mut roles: BTreeSet<RoleId> = user.roles.iter().cloned().collect();
        let mut unread = Vec::new();
        for pk in &user.groups {
            match self.groups.iter().find(|group| group.pk == *pk) {
                Some(group) => roles.extend(group.roles.iter().cloned()),
                None => unread.push(pk.clone()),
            }
        }
        (roles, unread)
    }
}
