//! The service account, with its app password.

use super::super::account::{ID, PASSWORD, orphan};
use super::super::api_client::APPLICATION;
use super::super::change::FieldChange;
use super::super::desired::DesiredServiceAccount;
use super::super::planner::{About, Planner};
use super::super::warning::Warning;
use super::application;
use super::keep::{keep, providers, unknown_uses};
use super::other_netbirds::OtherProviders;
use super::rights::is_own_group;
use crate::authentik::{
    Application, Snapshot, Token, TokenIdentifier, UsedBy, User, UserId, default_identifier,
};
use crate::ids::{OperationId, Resource};
use crate::integration::GuideStep;
use crate::resource::Object;

/// The decision about the account.
pub(super) struct PlannedAccount {
    pub(super) id: Option<UserId>,
    /// Whether it is deleted, or does not exist.
    pub(super) is_deleted: bool,
}

impl PlannedAccount {
    pub(super) fn deletion(&self) -> Vec<OperationId> {
        self.id.filter(|_| self.is_deleted).map(|_| ID.into()).into_iter().collect()
    }
}

/// Plans the deletion of the account, which ends its memberships. `kept_elsewhere`: provider or
/// application of the integration's names are kept.
pub(super) fn plan(
    planner: &mut Planner<'_>,
    desired: &DesiredServiceAccount,
    others: &OtherProviders,
    kept_elsewhere: bool,
    after: Vec<OperationId>,
) -> PlannedAccount {
    let wanted = &desired.username;
    let snapshot = planner.snapshot;
    let resource = User::API.resource(wanted);
    let Some(account) = planner.find::<User>(wanted).one() else {
        return PlannedAccount { id: None, is_deleted: true };
    };
    let (ours, other_tokens) = tokens(snapshot, account);
    let mut why = in_use(planner, desired, account, &other_tokens);
    why.extend(unknown_uses(snapshot, &resource));
    let accounts = other_accounts(snapshot, wanted);
    if kept_elsewhere {
        why.push("the provider or application of these names is kept, and may need it".to_owned());
    } else if others.netbirds.len() > accounts {
        why.push(format!(
            "another NetBird may need it, as there is no other service account: {}",
            providers(&others.netbirds),
        ));
    }
    let about = About::new(ID, resource, GuideStep::ServiceAccount);
    let outcome = PlannedAccount { id: Some(account.pk), is_deleted: why.is_empty() };
    if !outcome.is_deleted {
        keep(planner, about, &why);
        keep_passwords(planner, &ours);
        return outcome;
    }
    if !others.netbirds.is_empty() {
        let others = others.netbirds.join("\", \"");
        planner.warnings.push(Warning::other_netbird(&others, &account.username));
    }
    let identifiers: Vec<&TokenIdentifier> = ours.iter().map(|token| &token.identifier).collect();
    let groups: Vec<&String> = account.named_groups.iter().map(|group| &group.name).collect();
    let mut changes = Vec::new();
    if !groups.is_empty() {
        changes.push(FieldChange::removed("groups", &groups));
    }
    if !identifiers.is_empty() {
        changes.push(FieldChange::removed("tokens", &identifiers));
    }
    let reason = "NetBird no longer reads users with it; its app password is deleted with it";
    planner.operation(about, reason, after, changes, Some(User::API.delete(&account.pk)));
    outcome
}

/// Where the integration has no account, one of the name has earlier rights, or is somebody else's.
pub(super) fn keep_orphan(planner: &mut Planner<'_>) {
    let name = &planner.desired.account_name;
    let Some(account) = orphan(name, planner.snapshot) else { return };
    let resource = User::API.resource(&account.username);
    let why = "this integration has no service account; to delete it, too, tear down with the \
               `service_account` that it was created with";
    let about = About::new(ID, resource, GuideStep::ServiceAccount);
    keep(planner, about, &[why.to_owned()]);
}

/// The account's app passwords that this integration creates, and its other tokens.
fn tokens<'s>(snapshot: &'s Snapshot, account: &User) -> (Vec<&'s Token>, Vec<&'s Token>) {
    let default = default_identifier(&account.username);
    let is_ours = |token: &&Token| {
        let rest = token.identifier.as_str().strip_prefix(default.as_str());
        let number = rest.and_then(|rest| rest.strip_prefix('-')).unwrap_or_default();
        let is_numbered = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        (rest == Some("") || is_numbered) && token.is_app_password()
    };
    let mut all: Vec<&Token> =
        snapshot.tokens.iter().filter(|token| token.user == Some(account.pk)).collect();
    all.sort_by_key(|token| &token.identifier);
    all.dedup();
    all.into_iter().partition(is_ours)
}

/// Uses other than by bindings to applications that this plan deletes, and their bindings with them.
pub(super) fn remaining<'s>(planner: &Planner<'s>, resource: &Resource) -> Vec<&'s UsedBy> {
    let (desired, snapshot) = (planner.desired, planner.snapshot);
    let api = desired.api_client.iter().map(|client| (APPLICATION, &client.slug));
    let applications = [(application::ID, &desired.application.slug)].into_iter().chain(api);
    let gone: Vec<&UsedBy> = applications
        .filter(|(id, _)| !planner.changes(&[id]).is_empty())
        .flat_map(|(_, slug)| snapshot.used_by(&Application::API.resource(slug.as_str())))
        .filter(|one| is_binding(one))
        .collect();
    let mut uses: Vec<&UsedBy> = snapshot.used_by(resource).iter().collect();
    uses.retain(|one| !gone.iter().any(|other| other.pk == one.pk));
    uses.sort();
    uses
}

fn is_binding(one: &UsedBy) -> bool {
    one.is("authentik_policies", "policybinding")
}

/// Bindings that name the account, other than to those applications.
fn bindings<'s>(planner: &Planner<'s>, wanted: &str) -> Vec<&'s UsedBy> {
    let mut bindings = remaining(planner, &User::API.resource(wanted));
    bindings.retain(|one| is_binding(one));
    bindings
}

/// How many other service accounts a NetBird could read users with.
fn other_accounts(snapshot: &Snapshot, ours: &str) -> usize {
    let is_other =
        |user: &&User| user.username != ours && user.is_active && user.is_service_account();
    snapshot.users.iter().filter(is_other).count()
}

/// The uses of the account apart from NetBird.
fn in_use(
    planner: &Planner<'_>,
    desired: &DesiredServiceAccount,
    account: &User,
    tokens: &[&Token],
) -> Vec<String> {
    if !account.is_service_account() {
        return vec![format!("it is not a service account but {}", account.type_name())];
    }
    let mut why = Vec::new();
    for token in tokens {
        why.push(format!("it owns the token \"{}\"", token.identifier));
    }
    for group in &account.groups {
        let named = account.named_groups.iter().find(|named| named.pk == *group);
        let name = named.map_or(group.as_str(), |named| &named.name);
        if !is_own_group(desired, name) {
            why.push(format!("it is a member of \"{name}\""));
        }
    }
    for role in &account.roles {
        let named = account.named_roles.iter().find(|named| named.pk == *role);
        why.push(format!("it has the role \"{}\"", named.map_or(role.as_str(), |one| &one.name)));
    }
    for binding in bindings(planner, &account.username) {
        why.push(format!("\"{}\" allows it elsewhere", binding.name));
    }
    why
}

/// NetBird knows these: an admin who keeps the account should know of them.
fn keep_passwords(planner: &mut Planner<'_>, ours: &[&Token]) {
    let Some(first) = ours.first() else { return };
    let identifiers: Vec<&str> = ours.iter().map(|token| token.identifier.as_str()).collect();
    let resource = Token::API.resource(first.identifier.as_str());
    let about = About::new(PASSWORD, resource, GuideStep::ServiceAccount);
    let why = format!(
        "its account is kept; NetBird knows its value: delete {} if nothing else uses it",
        identifiers.join(", ")
    );
    keep(planner, about, &[why]);
}
