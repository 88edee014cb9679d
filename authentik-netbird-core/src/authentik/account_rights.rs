//! Whether an account has the rights already that it is to get.

use super::reads::RightsNames;
use super::{Group, Snapshot, User};

impl Snapshot {
    /// Whether the account has these rights already, as far as was read: then giving them changes nothing
    /// for anyone else who can use it.
    pub(crate) fn has_rights(&self, user: &User, rights: &RightsNames) -> bool {
        let has_them = match &rights.role {
            None => user.group(&rights.group).is_some(),
            Some(role) => self.has_role(user, role, rights),
        };
        user.is_superuser || has_them
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
}
