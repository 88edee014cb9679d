//! Whether an account has the rights already that it is to get.

use std::collections::BTreeSet;

use super::reads::RightsNames;
use super::{GroupId, RoleId, Snapshot, User};

impl Snapshot {
    /// Whether the account has these rights already, as far as was read: then giving them changes nothing
    /// for anyone else who can use it.
    pub(crate) fn has_rights(&self, user: &User, rights: &RightsNames) -> bool {
        let has_them = if rights.role.is_none() {
            user.group(&rights.group).is_some()
        } else {
            let (roles, _) = self.roles_of(user);
            let has: BTreeSet<String> =
                roles.iter().flat_map(|role| self.permissions_of(role)).collect();
            rights.permissions.iter().all(|one| has.contains(*one))
        };
        user.is_superuser || has_them
    }

    /// Roles that a user has, by itself and by its groups, whatever they are called; and the groups that were not
    /// read.
    pub(super) fn roles_of(&self, user: &User) -> (BTreeSet<RoleId>, Vec<GroupId>) {
        let (groups, unread) = self.groups_upwards(user.groups.clone());
        let by_groups = groups.iter().flat_map(|group| &group.roles);
        (user.roles.iter().chain(by_groups).cloned().collect(), unread)
    }
}
