//! What is read, in waves: [`next_wave`] says what is missing for a goal, given what is known already.
//!
//! Each goal lists all that it wants to know, some of it only once something else is known. A wave is
//! what of that list was not read yet, so the number of waves is the number of round trips. Requests
//! count more than waves: on a real server each one takes about 57 ms of its two workers.

pub(crate) use super::goal::{Goal, Names, RightsNames, VerifiedNames};
use super::{
    Application, Brand, CertificateKeyPair, Flow, Group, GroupId, LogEvent, PermissionHolder,
    PolicyBinding, Provider, Read, Role, ScopeMapping, Snapshot, Token, User, Version,
};
use crate::netbird::{self, Account, IdentityProvider};
use crate::resource::Object;

/// The last release that gives permissions to users themselves: 2025.12 moved them to roles.
const DIRECT_UNTIL: Version = Version::new(2025, 10, u16::MAX);

/// What to read next; empty when everything is known.
pub(crate) fn next_wave(goal: &Goal, snapshot: &Snapshot) -> Vec<Read> {
    let mut reads = match goal {
        Goal::SetUp(names) => set_up(names, snapshot),
        Goal::Teardown(names) => teardown(names, snapshot),
        Goal::Rotate { username } => rotate(username, snapshot),
        Goal::RotateSecret { provider } => vec![
            Read::list::<Provider>(provider, &[("name", provider)]),
            Read::netbird::<IdentityProvider>(),
        ],
        Goal::Verify(names) => verify::verify(names, snapshot),
        Goal::Authors(models) => models.iter().map(|(app, model)| events(app, model)).collect(),
    };
    let mut known = snapshot.read.clone();
    reads.retain(|read| known.insert(read.request.path.clone()));
    reads
}

fn set_up(names: &Names, snapshot: &Snapshot) -> Vec<Read> {
    let mut reads = vec![
        Read::version(),
        Read::caller(),
        // All flows: authentik takes as long for one as for all.
        Read::list::<Flow>("", &[]),
        // With details: without them 2025.10 does not say which keys are RSA.
        Read::list::<CertificateKeyPair>("all with a key", &[("has_key", "true")]),
        Read::list::<ScopeMapping>("", &[]),
    ];
    reads.extend(brands(names));
    reads.extend([
        Read::list::<Provider>(&names.provider, &[("name", &names.provider)]),
        // By its slug: lists leave out what the token's user may not launch.
        Read::item::<Application>(names.application.as_str()),
    ]);
    if let Some((provider, slug)) = &names.api_client {
        reads.push(Read::list::<Provider>(provider, &[("name", provider)]));
        reads.push(Read::item::<Application>(slug.as_str()));
        reads.extend(bindings(slug.as_str(), snapshot));
    }
    if let Some(client_id) = &names.client_id {
        reads.push(Read::list::<Provider>(&names.provider, &[("client_id", client_id.as_str())]));
    }
    reads.extend(names.access_groups.iter().map(|name| group(name)));
    reads.extend(names.access_groups.iter().flat_map(|name| duplicates(name, snapshot)));
    match (&names.account, &names.rights) {
        (Some(username), Some(rights)) => reads.extend(account(username, rights, snapshot)),
        // An account of earlier rights may exist; nothing depends on it but a warning.
        (Some(username), None) => reads.push(users(username).optional()),
        (None, _) => {}
    }
    if names.netbird {
        reads.extend(netbird(snapshot));
    }
    // Whether the account has access matters in any case, but the guide's setup needs no second wave.
    let is_guides = |rights: &RightsNames| names.is_in_guide && rights.role.is_none();
    let may_be_out = names.rights.as_ref().is_some_and(|rights| !is_guides(rights));
    // Something is to be done in any case, perhaps with somebody else's application.
    let slug = names.application.as_str();
    let is_bare = snapshot.application(slug).is_some_and(|found| found.provider.is_none());
    let was_read = snapshot.read.contains(&reads[0].request.path);
    let has_account = names.account.as_deref().is_some_and(|name| snapshot.user(name).is_some());
    let is_new = was_read && names.account.is_some() && !has_account;
    if may_be_out || is_bare || is_new || !names.access_groups.is_empty() {
        // For a new account they are asked for where they can be read.
        let is_required = may_be_out || is_bare || !names.access_groups.is_empty();
        let found = bindings(slug, snapshot);
        reads.extend(if is_required { found } else { found.map(Read::optional) });
        let has_client = names
            .api_client
            .as_ref()
            .is_some_and(|(_, slug)| snapshot.application(slug.as_str()).is_some());
        if !has_client && names.access_groups.is_empty() {
            reads.extend(ancestors(names, snapshot));
        }
    }
    // An account without a provider may be that of a NetBird whose objects have other names.
    if was_read && has_account && snapshot.find::<Provider>(&names.provider).is_none() {
        reads.push(all_providers());
    } else {
        // Whose logins would end, if the application had another provider.
        let provider = snapshot.application(slug).and_then(|one| one.provider);
        let unknown = provider.filter(|pk| !snapshot.providers.iter().any(|one| one.pk == *pk));
        reads.extend(unknown.map(|pk| Read::item::<Provider>(&pk.to_string()).optional()));
    }
    reads.extend(caller_rights(snapshot));
    reads
}

/// Groups that the account's own ones are in, where a binding of the application may allow it by one of them.
fn ancestors(names: &Names, snapshot: &Snapshot) -> Vec<Read> {
    let user = names.account.as_deref().and_then(|name| snapshot.user(name));
    let application = snapshot.application(names.application.as_str());
    let Some((user, application)) = user.zip(application) else { return Vec::new() };
    if !snapshot.depends_on_ancestors(application, user) {
        return Vec::new();
    }
    let (_, unread) = snapshot.groups_upwards(user.groups.clone());
    unread.iter().map(|pk| Read::group(pk).optional()).collect()
}

/// The service account, its app password, and what its rights come from.
fn account(username: &str, rights: &RightsNames, snapshot: &Snapshot) -> Vec<Read> {
    let identifier = rights.identifier.as_str();
    let by_identifier = Read::list::<Token>(identifier, &[("identifier", identifier)]);
    let was_read = snapshot.read.contains(&by_identifier.request.path);
    let mut reads = vec![users(username), by_identifier];
    let user = snapshot.user(username);
    if was_read && let Some(user) = user {
        // The app password that came with the account is enough, as long as it does not expire.
        let is_enough = |token: &Token| {
            token.user == Some(user.pk) && token.is_app_password() && !token.expiring
        };
        if !snapshot.tokens.iter().any(is_enough) {
            reads.push(tokens(username));
        }
    }
    if let Some(role) = &rights.role {
        reads.extend([group(&rights.group), roles(role)]);
        let groups = snapshot.groups.iter().filter(|one| one.name == rights.group);
        reads.extend(groups.map(uses_of));
        let roles = || snapshot.roles.iter().filter(|one| one.name == *role);
        let holders = |one: &Role| Read::uses::<Role>(one.pk.as_str(), one.pk.as_str());
        reads.extend(roles().map(holders));
        reads.extend(roles().flat_map(|one| unread_groups(one, snapshot)));
        reads.extend(role_permissions(role, snapshot));
    }
    // The administrators' group, unless the account is in it or shares it with the token's user.
    let is_member = user.is_some_and(|user| user.group(&rights.group).is_some());
    let is_shared = snapshot
        .caller
        .as_ref()
        .is_some_and(|caller| caller.named_groups.iter().any(|found| found.name == rights.group));
    if rights.role.is_none() && was_read && !is_member && !is_shared {
        reads.push(group(&rights.group));
    }
    // Whose account it is, and who else can use it, where it is to be given rights.
    let is_known = reads.iter().all(|read| snapshot.read.contains(&read.request.path));
    let is_in_doubt =
        |user: &&User| !snapshot.has_rights(user, rights) || user.is_of_another_type();
    if let Some(user) = user.filter(|user| is_known && is_in_doubt(user)) {
        reads.extend([tokens(username), creation(user)]);
        // Groups and roles of other names may give them.
        let (roles, unread) = snapshot.roles_of(user);
        let holders = roles.into_iter().map(PermissionHolder::Role);
        let permissions = holders.map(|holder| Read::permissions(holder, ""));
        let others = unread.iter().map(Read::group).chain(permissions).map(Read::optional);
        reads.extend(others.filter(|_| rights.role.is_some()));
    }
    reads
}

/// Groups that have a role and were not in the list: another run may have created ours in between.
fn unread_groups(role: &Role, snapshot: &Snapshot) -> Vec<Read> {
    let uses = snapshot.uses.get(&Role::API.resource(role.pk.as_str()));
    let groups = uses.into_iter().flatten().filter(|one| one.is(Group::API.app, Group::API.model));
    let is_read = |pk: &GroupId| snapshot.groups.iter().any(|group| group.pk == *pk);
    let unread = groups.map(|one| GroupId::from(one.pk.as_str())).filter(|pk| !is_read(pk));
    unread.map(|pk| Read::group(&pk).optional()).collect()
}

fn teardown(names: &Names, snapshot: &Snapshot) -> Vec<Read> {
    let (slug, flow) = (names.application.as_str(), names.device_flow.as_str());
    let mut reads = vec![
        Read::version(),
        Read::caller(),
        Read::list::<Flow>("", &[]),
        all_providers(),
        Read::item::<Application>(slug),
    ];
    reads.extend(brands(names));
    if snapshot.flows.iter().any(|found| found.slug == names.device_flow) {
        reads.push(Read::uses::<Flow>(flow, flow));
    }
    if snapshot.application(slug).is_some() {
        reads.push(Read::uses::<Application>(slug, slug));
    }
    if let Some(slug) = names.api_client.as_ref().map(|(_, slug)| slug.as_str()) {
        reads.push(Read::item::<Application>(slug));
        reads.extend(snapshot.application(slug).map(|_| Read::uses::<Application>(slug, slug)));
    }
    reads.extend(names.access_groups.iter().map(|name| group(name)));
    match (&names.account, &names.rights) {
        (Some(username), Some(rights)) => {
            reads.extend(account_to_remove(names, username, rights, snapshot));
        }
        (Some(username), None) => reads.push(users(username).optional()),
        (None, _) => {}
    }
    if names.netbird {
        reads.extend(netbird(snapshot));
        reads.push(Read::list::<ScopeMapping>("", &[]));
    }
    reads.extend(caller_rights(snapshot));
    reads
}

/// The account that may have to go, and everything that would go or stay with it.
fn account_to_remove(
    names: &Names,
    username: &str,
    rights: &RightsNames,
    snapshot: &Snapshot,
) -> Vec<Read> {
    // Tokens come with their user: an account without any is looked for by itself.
    let tokens = tokens(username);
    let was_read = snapshot.read.contains(&tokens.request.path);
    let mut reads = vec![tokens];
    let user = snapshot.user(username);
    if was_read && user.is_none() {
        reads.push(users(username));
    }
    if let Some(user) = user.filter(|user| user.is_service_account()) {
        reads.push(Read::uses::<User>(&user.pk.to_string(), username));
        let is_other = |provider: &Provider| provider.name != names.provider;
        if snapshot.providers.iter().any(|one| is_other(one) && one.is_netbird()) {
            let filters = [("type", "service_account"), ("include_groups", "false")];
            reads.push(Read::list::<User>("", &filters));
        }
    }
    // Role and group of least privilege, where they are wanted or the account is in the group.
    let is_member = user.is_some_and(|user| user.group(&rights.least).is_some());
    if rights.role.is_some() || is_member {
        reads.extend([group(&rights.least), roles(&rights.least)]);
        reads.extend(role_permissions(&rights.least, snapshot));
        let role = snapshot.roles.iter().find(|role| role.name == rights.least);
        reads.extend(role.map(|one| Read::uses::<Role>(one.pk.as_str(), &one.name)));
        let found: Vec<&Group> =
            snapshot.groups.iter().filter(|group| group.name == rights.least).collect();
        match found[..] {
            [one] => reads.push(Read::uses::<Group>(one.pk.as_str(), &one.name)),
            _ => reads.extend(duplicates(&rights.least, snapshot)),
        }
    }
    reads
}

fn rotate(username: &str, snapshot: &Snapshot) -> Vec<Read> {
    let tokens = tokens(username);
    let was_read = snapshot.read.contains(&tokens.request.path);
    // Another NetBird may use the same account: it has a provider, and not always a separate account.
    let accounts = Read::list::<User>("", &[("type", "service_account")]);
    let mut reads = vec![Read::caller(), tokens, all_providers(), accounts];
    if was_read && snapshot.user(username).is_none() {
        reads.push(users(username));
    }
    reads.extend(caller_rights(snapshot));
    reads
}

/// What happened lately to objects of a model, the newest first. All of the model, and matched by the
/// caller: how the log writes primary keys differs between releases.
fn events(app: &str, model: &str) -> Read {
    let filters =
        [("action", "model_updated"), ("context_model_app", app), ("context_model_name", model)];
    Read::list::<LogEvent>(model, &filters).newest(100).optional()
}

fn creation(user: &User) -> Read {
    let pk = user.pk.to_string();
    let filters = [
        ("action", "model_created"),
        ("context_model_app", User::API.app),
        ("context_model_name", User::API.model),
        ("context_model_pk", &pk),
    ];
    Read::list::<LogEvent>(&user.username, &filters).newest(100).optional()
}

/// Bindings of an application, where it exists.
fn bindings(slug: &str, snapshot: &Snapshot) -> Option<Read> {
    let application = snapshot.application(slug)?;
    Some(Read::list::<PolicyBinding>(slug, &[("target", application.pk.as_str())]))
}

/// All providers. The response holds client secrets, which are not decoded.
fn all_providers() -> Read {
    let mut providers = Read::list::<Provider>("", &[]);
    providers.request.sensitive = true;
    providers
}

/// The brands, for the device flow, which a connector does without.
fn brands(names: &Names) -> Option<Read> {
    (!names.netbird).then(|| Read::list::<Brand>("", &[]))
}

fn netbird(snapshot: &Snapshot) -> Vec<Read> {
    let mut reads = vec![Read::netbird::<IdentityProvider>(), Read::netbird::<Account>()];
    if snapshot.netbird.may_have_duplicates() {
        reads.push(Read::netbird::<netbird::User>());
    }
    reads
}

fn users(username: &str) -> Read {
    Read::list::<User>(username, &[("username", username)])
}

fn tokens(username: &str) -> Read {
    Read::list::<Token>(username, &[("user__username", username)])
}

fn group(name: &str) -> Read {
    Read::list::<Group>(name, &[("name", name), ("include_users", "false")])
}

/// What uses the groups of a name, where there are several: before one of them is deleted. By their
/// primary keys, which tell them apart.
fn duplicates(name: &str, snapshot: &Snapshot) -> Vec<Read> {
    let same: Vec<&Group> = snapshot.groups.iter().filter(|one| one.name == name).collect();
    if same.len() > 1 { same.into_iter().map(uses_of).collect() } else { Vec::new() }
}

fn uses_of(group: &Group) -> Read {
    Read::uses::<Group>(group.pk.as_str(), group.pk.as_str())
}

/// Roles whose names contain this: not every release has a filter for names.
fn roles(name: &str) -> Read {
    Read::list::<Role>(name, &[("search", name)])
}

fn role_permissions(name: &str, snapshot: &Snapshot) -> Option<Read> {
    let role = snapshot.roles.iter().find(|role| role.name == name)?;
    Some(Read::permissions(PermissionHolder::Role(role.pk.clone()), ""))
}

/// What the token's user may do, unless it is an administrator. Where the version is not read, permissions
/// that are not of roles are left out.
fn caller_rights(snapshot: &Snapshot) -> Vec<Read> {
    let Some(caller) = &snapshot.caller else { return Vec::new() };
    let (groups, unread) = snapshot.caller_groups();
    if caller.is_superuser || groups.iter().any(|group| group.is_superuser) {
        return Vec::new();
    }
    let user = caller.pk.to_string();
    let mut holders: Vec<PermissionHolder> = snapshot
        .caller_roles()
        .into_iter()
        .flat_map(|role| {
            [PermissionHolder::Role(role.clone()), PermissionHolder::RoleObjects(role)]
        })
        .collect();
    if snapshot.version.is_some_and(|version| version <= DIRECT_UNTIL) {
        holders.extend([PermissionHolder::Caller, PermissionHolder::CallerObjects]);
    }
    unread
        .iter()
        .map(Read::group)
        .chain(holders.into_iter().map(|holder| Read::permissions(holder, &user)))
        .map(Read::optional)
        .collect()
}

#[cfg(test)]
mod tests;
mod verify;
