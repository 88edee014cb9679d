//! The second wave: what can be asked for only with ids of the first.

use std::collections::BTreeSet;

use futures_util::future::join_all;

use crate::client::Client;
use crate::desired::{DesiredRights, DesiredState};
use crate::error::Result;
use crate::ids::{GroupId, RoleId};
use crate::model::{Caller, CallerRights, Group, Permission, PolicyBinding, Version};
use crate::request;
use crate::snapshot::Snapshot;

/// The last release that gives permissions to users themselves: 2025.12 moved them to roles.
const DIRECT_UNTIL: Version = Version::new(2025, 10, u16::MAX);

/// How far groups that inherit from groups are followed.
const DEEPEST: usize = 8;

impl Client {
    pub(super) async fn observe_further(
        &self,
        desired: &DesiredState,
        snapshot: &mut Snapshot,
    ) -> Result<()> {
        let (groups, permissions, bindings, rights) = tokio::join!(
            self.left_group(desired, snapshot),
            self.role_permissions(desired, snapshot),
            self.bindings(desired, snapshot),
            self.rights(snapshot.version, snapshot.caller.as_ref()),
        );
        super::extend(&mut snapshot.groups, groups?);
        snapshot.role_permissions = permissions?;
        snapshot.bindings = bindings?;
        if let Some(caller) = &mut snapshot.caller {
            caller.rights = rights;
        }
        Ok(())
    }

    /// The group that lesser rights came from, where the account is in more than the wanted one.
    async fn left_group(&self, desired: &DesiredState, snapshot: &Snapshot) -> Result<Vec<Group>> {
        let Some(wanted) = &desired.service_account else { return Ok(Vec::new()) };
        let known = |pk: &GroupId| {
            snapshot.groups.iter().any(|group| group.pk == *pk && group.name == wanted.member_of())
        };
        let elsewhere = snapshot.users.iter().any(|user| {
            user.username == wanted.username && user.groups.iter().any(|pk| !known(pk))
        });
        match wanted.rights {
            DesiredRights::Administrators { .. } if elsewhere => {
                self.read_all(&request::group(&wanted.not_member_of)).await
            }
            _ => Ok(Vec::new()),
        }
    }

    async fn role_permissions(
        &self,
        desired: &DesiredState,
        snapshot: &Snapshot,
    ) -> Result<Vec<Permission>> {
        let rights = desired.service_account.as_ref().map(|wanted| &wanted.rights);
        let Some(DesiredRights::Role { name, .. }) = rights else { return Ok(Vec::new()) };
        match snapshot.roles.iter().find(|role| role.name == *name) {
            Some(role) => self.read_all(&request::permissions_of(&role.pk, name)).await,
            None => Ok(Vec::new()),
        }
    }

    async fn bindings(
        &self,
        desired: &DesiredState,
        snapshot: &Snapshot,
    ) -> Result<Vec<PolicyBinding>> {
        let slug = &desired.application.slug;
        let found = snapshot.applications.iter().find(|found| found.slug == *slug);
        let Some(application) = found.filter(|_| !desired.access.groups.is_empty()) else {
            return Ok(Vec::new());
        };
        let bindings: Vec<PolicyBinding> =
            self.read_all(&request::bindings_of(&application.pk, slug.as_str())).await?;
        // A server that passes over the filter lists those of everything.
        Ok(bindings.into_iter().filter(|one| one.target == application.pk).collect())
    }

    /// What the token's user may do. An administrator's needs no look.
    pub(super) async fn rights(&self, version: Version, caller: Option<&Caller>) -> CallerRights {
        match caller {
            None => CallerRights::Unknown,
            Some(caller) if caller.is_superuser => CallerRights::All,
            Some(caller) => self.permissions(version, caller).await.unwrap_or_default(),
        }
    }

    async fn permissions(&self, version: Version, caller: &Caller) -> Result<CallerRights> {
        let mut roles: BTreeSet<RoleId> = caller.roles.iter().cloned().collect();
        let mut known: BTreeSet<GroupId> = BTreeSet::new();
        let mut next: Vec<GroupId> = caller.groups.clone();
        for _ in 0..DEEPEST {
            next.retain(|pk| known.insert(pk.clone()));
            if next.is_empty() {
                break;
            }
            let found = join_all(next.iter().map(|pk| self.group(pk))).await;
            next = Vec::new();
            for group in found {
                let group = group?;
                if group.is_superuser {
                    return Ok(CallerRights::All);
                }
                roles.extend(group.roles);
                next.extend(group.parent);
                next.extend(group.parents);
            }
        }
        let listed = join_all(roles.iter().map(|role| self.permissions_of(role))).await;
        let mut permissions = BTreeSet::new();
        if version <= DIRECT_UNTIL {
            let (global, single) = request::permissions_of_user(caller.pk);
            let (global, single) = tokio::join!(self.read_all(&global), self.read_all(&single));
            let (global, single): (Vec<Permission>, Vec<Permission>) = (global?, single?);
            permissions.extend(global.iter().chain(&single).map(Permission::full_name));
        }
        for found in listed {
            permissions.extend(found?.iter().map(Permission::full_name));
        }
        Ok(CallerRights::These(permissions))
    }

    async fn group(&self, pk: &GroupId) -> Result<Group> {
        let request = request::group_by_id(pk);
        self.read(&request).await?.decode()
    }

    /// A role's permissions, global ones and those on single objects.
    async fn permissions_of(&self, role: &RoleId) -> Result<Vec<Permission>> {
        let (global, single) =
            (request::permissions_of(role, role.as_str()), request::object_permissions_of(role));
        let (global, single) = tokio::join!(self.read_all(&global), self.read_all(&single));
        let (mut all, single): (Vec<Permission>, Vec<Permission>) = (global?, single?);
        all.extend(single);
        Ok(all)
    }
}
