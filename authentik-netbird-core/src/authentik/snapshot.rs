//! [`Snapshot`]: what the server has.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::SystemTime;

use super::{
    Application, Brand, Caller, CallerRights, CertificateKeyPair, Flow, Group, GroupId, LogEvent,
    Me, Permission, PermissionHolder, PolicyBinding, Provider, Role, RoleId, ScopeMapping, Token,
    UsedBy, User, Version,
};
use crate::ids::Resource;
use crate::netbird::{self, Account, IdentityProvider, NetbirdState};
use crate::resource::{Api, Object};

/// Where a snapshot comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Source {
    /// Read from a server: primary keys are real.
    #[default]
    Server,
    /// Built in: what a fresh installation of authentik has. Primary keys are unknown, and plans name
    /// its objects by their identity keys.
    BuiltIn,
}

/// The server's objects, as plain data. Lists may hold more than was asked for, because authentik
/// ignores filters that it does not know; plans match again.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Snapshot {
    /// Where it comes from.
    pub source: Source,
    /// When it was read, by the caller's clock; `None` offline.
    pub taken_at: Option<SystemTime>,
    /// The server's version, if it was read.
    pub version: Option<Version>,
    /// Whose token it was read with; `None` offline.
    pub caller: Option<Caller>,
    /// Flows.
    pub flows: Vec<Flow>,
    /// Certificate-key pairs that have a private key.
    pub certificates: Vec<CertificateKeyPair>,
    /// authentik's own scope mappings.
    pub scope_mappings: Vec<ScopeMapping>,
    /// Brands.
    pub brands: Vec<Brand>,
    /// Groups.
    pub groups: Vec<Group>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Permissions, by who has them.
    pub permissions: BTreeMap<PermissionHolder, Vec<Permission>>,
    /// Bindings of applications.
    pub bindings: Vec<PolicyBinding>,
    /// OAuth2 providers.
    pub providers: Vec<Provider>,
    /// Applications.
    pub applications: Vec<Application>,
    /// Users.
    pub users: Vec<User>,
    /// Tokens, without their values.
    pub tokens: Vec<Token>,
    /// The users of an object, by object.
    pub uses: BTreeMap<Resource, Vec<UsedBy>>,
    /// Entries of the event log.
    pub events: Vec<LogEvent>,
    /// NetBird's state, for the connector mode.
    pub netbird: NetbirdState,
    /// Paths that were read, whatever the result.
    pub(crate) read: BTreeSet<String>,
    /// Keys of the objects that were read, by list: a list may be as long as a server wants.
    pub(crate) keys: HashSet<(&'static str, String)>,
    /// The reads that failed, by name.
    pub(crate) refused: BTreeSet<Resource>,
}

impl Snapshot {
    /// An empty server, to be filled in.
    #[must_use]
    pub fn empty(source: Source, version: Option<Version>) -> Self {
        Self { source, version, ..Self::default() }
    }

    pub(crate) fn find<T: Keyed>(&self, key: &str) -> Option<&T> {
        T::all(self).iter().find(|one| one.has_key(key))
    }

    /// The user of this name; names are unique, and case matters.
    pub(crate) fn user(&self, username: &str) -> Option<&User> {
        self.find(username)
    }

    pub(crate) fn application(&self, slug: &str) -> Option<&Application> {
        self.find(slug)
    }

    /// The users of this object; empty where they were not read.
    pub(crate) fn used_by(&self, resource: &Resource) -> &[UsedBy] {
        self.uses.get(resource).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether the server did not say what uses this object.
    pub(crate) fn is_unknown(&self, resource: &Resource) -> bool {
        self.refused.contains(resource)
    }

    /// Full names of a role's global permissions.
    pub(crate) fn permissions_of(&self, role: &RoleId) -> Vec<String> {
        let found = self.permissions.get(&PermissionHolder::Role(role.clone()));
        found.into_iter().flatten().map(Permission::full_name).collect()
    }

    /// The groups that the token's user is in, upwards, as far as they were read; with those that
    /// were not.
    pub(crate) fn caller_groups(&self) -> (Vec<&Group>, Vec<GroupId>) {
        let direct = self.caller.iter().flat_map(|one| &one.named_groups);
        self.groups_upwards(direct.map(|one| one.pk.clone()).collect())
    }

    /// These groups and all that they are in, as far as they were read; with those that were not.
    pub(crate) fn groups_upwards(&self, mut next: Vec<GroupId>) -> (Vec<&Group>, Vec<GroupId>) {
        let (mut groups, mut unread): (Vec<&Group>, Vec<GroupId>) = (Vec::new(), Vec::new());
        let mut known: BTreeSet<GroupId> = BTreeSet::new();
        let read: BTreeMap<&GroupId, &Group> =
            self.groups.iter().rev().map(|group| (&group.pk, group)).collect();
        while let Some(pk) = next.pop() {
            if !known.insert(pk.clone()) {
                continue;
            }
            match read.get(&pk) {
                Some(group) => {
                    next.extend(group.parent.iter().chain(&group.parents).cloned());
                    groups.push(group);
                }
                None => unread.push(pk),
            }
        }
        (groups, unread)
    }

    /// Roles that the token's user has, by itself and by its groups.
    pub(crate) fn caller_roles(&self) -> BTreeSet<RoleId> {
        let own = self.caller.iter().flat_map(|caller| &caller.roles);
        let (groups, _) = self.caller_groups();
        own.chain(groups.iter().flat_map(|group| &group.roles)).cloned().collect()
    }

    /// Whether the bindings of an application were read.
    pub(crate) fn shows_bindings(&self, application: &Application) -> bool {
        !self.is_unknown(&PolicyBinding::API.resource(application.slug.as_str()))
    }

    /// The enabled bindings of an application.
    pub(crate) fn bindings_of(
        &self,
        application: &Application,
    ) -> impl Iterator<Item = &PolicyBinding> {
        self.bindings.iter().filter(|one| one.enabled && one.target == application.pk)
    }

    /// Whether a group that the user's groups are in may decide if the application's bindings allow the
    /// user: one is bound, and the user neither is a member itself nor bound by itself.
    pub(crate) fn depends_on_ancestors(&self, application: &Application, user: &User) -> bool {
        let is_inherited = |group: &GroupId| !user.groups.contains(group);
        let mut bindings = self.bindings_of(application);
        let is_bound = |one: &PolicyBinding| one.user == Some(user.pk) && !one.negate;
        self.bindings_of(application).any(|one| one.group.as_ref().is_some_and(is_inherited))
            && (application.needs_all() || !bindings.any(is_bound))
    }

    /// The groups whose members alone may use an application, beside this account. `None`: others may, too, or it
    /// takes more than one binding to tell.
    pub(crate) fn only_groups(
        &self,
        application: &Application,
        account: Option<&User>,
    ) -> Option<Vec<&GroupId>> {
        let mut bound = self.bindings_of(application).peekable();
        let is_open = bound.peek().is_none() || application.needs_all();
        let is_account = |one: &&PolicyBinding| {
            one.user.is_some() && one.user == account.map(|account| account.pk) && !one.negate
        };
        let others = bound.filter(|one| !is_account(one));
        let groups = others.map(|one| one.group.as_ref().filter(|_| !one.negate));
        groups.collect::<Option<Vec<_>>>().filter(|_| !is_open)
    }

    /// Whether it was read with a token whose user is not an administrator.
    pub(crate) fn is_limited(&self) -> bool {
        self.caller.is_some() && self.caller_rights() != CallerRights::All
    }

    /// The rights of the token's user, as far as they could be read.
    #[must_use]
    pub fn caller_rights(&self) -> CallerRights {
        let Some(caller) = &self.caller else { return CallerRights::Unknown };
        let (groups, unread) = self.caller_groups();
        if caller.is_superuser || groups.iter().any(|group| group.is_superuser) {
            return CallerRights::All;
        }
        let roles = self.caller_roles();
        let read = |holder: PermissionHolder| self.permissions.get(&holder);
        let names = |lists: Vec<&Vec<Permission>>| {
            lists.into_iter().flatten().map(Permission::full_name).collect()
        };
        let global: Option<Vec<_>> =
            roles.iter().map(|role| read(PermissionHolder::Role(role.clone()))).collect();
        let single: Option<Vec<_>> =
            roles.iter().map(|role| read(PermissionHolder::RoleObjects(role.clone()))).collect();
        let own = [PermissionHolder::Caller, PermissionHolder::CallerObjects];
        let own: Vec<_> = own.into_iter().filter_map(read).collect();
        match (global, single) {
            (Some(global), Some(single)) if unread.is_empty() => {
                CallerRights::These(names([global, single, own].concat()))
            }
            (Some(global), None) if unread.is_empty() => {
                CallerRights::Global(names([global, own].concat()))
            }
            _ => CallerRights::Unknown,
        }
    }
}

/// An object that has a place in the snapshot.
pub(crate) trait Stored: Object {
    /// Puts an object that was read into the snapshot.
    fn store(self, snapshot: &mut Snapshot);
}

/// An object that is found by an identity key. Keys match exactly, whatever the server's filters did.
pub(crate) trait Keyed: Stored {
    /// Those that were read.
    fn all(snapshot: &Snapshot) -> &[Self];

    /// Whether this is its identity key.
    fn has_key(&self, key: &str) -> bool;

    /// Its primary key, to tell it from others of the same identity key.
    fn primary_key(&self) -> String;
}

/// Lists of the snapshot, with the identity keys of their objects. The first reading of an object stays: a list
/// that the server did not filter comes twice, reads of one wave are not of one moment, and later reads may show
/// less of an object.
macro_rules! lists {
    ($($object:ident: $list:ident $(by $key:ident)?,)+) => {
        $(impl Stored for $object {
            fn store(self, snapshot: &mut Snapshot) {
                if snapshot.keys.insert((stringify!($list), self.pk.to_string())) {
                    snapshot.$list.push(self);
                }
            }
        }

        $(impl Keyed for $object {
            fn all(snapshot: &Snapshot) -> &[Self] {
                &snapshot.$list
            }

            fn has_key(&self, key: &str) -> bool {
                self.$key == *key
            }

            fn primary_key(&self) -> String {
                self.pk.to_string()
            }
        })?)+

        /// Every resource of both servers, for plans' writes.
        pub(crate) static RESOURCES: &[&Api] = &[
            Account::API, IdentityProvider::API, netbird::User::API, LogEvent::API, Me::API, Permission::API, Token::API,
            $($object::API),+
        ];
    };
}

lists! {
    Application: applications by slug,
    Brand: brands,
    CertificateKeyPair: certificates by name,
    Flow: flows by slug,
    Group: groups by name,
    PolicyBinding: bindings,
    Provider: providers by name,
    Role: roles by name,
    ScopeMapping: scope_mappings,
    User: users by username,
}

impl Stored for Me {
    fn store(self, snapshot: &mut Snapshot) {
        snapshot.caller = Some(self.user);
    }
}

impl Stored for IdentityProvider {
    fn store(self, snapshot: &mut Snapshot) {
        snapshot.netbird.identity_providers.push(self);
    }
}

impl Stored for Account {
    fn store(self, snapshot: &mut Snapshot) {
        snapshot.netbird.accounts.push(self);
    }
}

impl Stored for netbird::User {
    fn store(self, snapshot: &mut Snapshot) {
        snapshot.netbird.users.push(self);
    }
}

impl Stored for LogEvent {
    fn store(self, snapshot: &mut Snapshot) {
        snapshot.events.push(self);
    }
}

impl Stored for Token {
    fn store(mut self, snapshot: &mut Snapshot) {
        // A list of tokens shows whose they are: that user need not be read.
        if let Some(user) = self.user_obj.take() {
            user.store(snapshot);
        }
        if snapshot.keys.insert(("tokens", self.identifier.to_string())) {
            snapshot.tokens.push(self);
        }
    }
}

impl Keyed for ScopeMapping {
    fn all(snapshot: &Snapshot) -> &[Self] {
        &snapshot.scope_mappings
    }

    fn has_key(&self, key: &str) -> bool {
        self.managed.as_deref() == Some(key)
    }

    fn primary_key(&self) -> String {
        self.pk.to_string()
    }
}

#[cfg(test)]
mod tests;
