//! The service account, with its app password.

use super::neighbours::Neighbours;
use super::{About, TeardownSnapshot, is_service_account, keep, providers, remove, rights};
use crate::desired::DesiredServiceAccount;
use crate::ids::{OperationId, Resource, ResourceKind, TokenIdentifier, UserId};
use crate::integration::{GuideStep, Mode};
use crate::model::{Token, TokenIntent, UsedBy, UserDetail, UserType};
use crate::plan::account::{default_identifier, left};
use crate::plan::planner::Planner;
use crate::plan::{FieldChange, Warning, Write};

const ID: &str = "service-account";
const PASSWORD: &str = "app-password";

/// What became of the account.
pub(super) struct PlannedAccount {
    /// Its id, where it is there.
    pub(super) id: Option<UserId>,
    /// Whether it goes, or is gone.
    pub(super) goes: bool,
    /// Operations that take it out of its groups.
    pub(super) out: Vec<OperationId>,
}

/// Plans the removal of the account and, before it, of its rights. `elsewhere`: provider or
/// application of the integration's names are kept.
pub(super) fn plan(
    planner: &mut Planner<'_>,
    read: &TeardownSnapshot,
    desired: &DesiredServiceAccount,
    neighbours: &Neighbours,
    elsewhere: bool,
) -> PlannedAccount {
    let wanted = &desired.username;
    let resource = Resource::new(ResourceKind::ServiceAccount, wanted);
    let same_name = read.users.iter().filter(|user| user.username == *wanted);
    let found = planner
        .only(&resource, same_name, |user| format!("{} (pk {})", user.username, user.pk))
        .one();
    let Some(account) = found else {
        planner.fingerprint.note::<()>(&resource, None);
        return PlannedAccount { id: None, goes: true, out: Vec::new() };
    };
    let (ours, others) = tokens(planner, account);
    let bindings = bindings(read);
    let accounts = other_accounts(read, wanted);
    let state = (account, &ours, &others, &bindings, &accounts);
    planner.fingerprint.note(&resource, Some(&state));
    planner.name_number("users", &account.pk, &account.username);

    let mut why = in_use(desired, account, &others, &bindings);
    if elsewhere {
        why.push("the provider or application of these names is kept, and may need it".to_owned());
    } else if neighbours.netbirds.len() > accounts.len() {
        why.push(format!(
            "another NetBird may need it, as there is no other service account: {}",
            providers(&neighbours.netbirds),
        ));
    }
    let goes = why.is_empty();
    let waits_for = rights::plan(planner, desired, account, goes);
    let became = PlannedAccount { id: Some(account.pk), goes, out: waits_for.clone() };
    let about = About { id: ID, resource, guide: GuideStep::ServiceAccount };
    if !goes {
        keep(planner, about, &why);
        keep_passwords(planner, &ours);
        return became;
    }
    if !neighbours.netbirds.is_empty() {
        planner.warnings.push(Warning::other_netbird(&neighbours.netbirds, &account.username));
    }
    let identifiers: Vec<&TokenIdentifier> = ours.iter().map(|token| &token.identifier).collect();
    let mut changes = Vec::new();
    if !identifiers.is_empty() {
        changes.push(FieldChange::gone("tokens", &identifiers));
    }
    let reason = "NetBird reads users with it no more; its app password goes with it";
    let write = Write::DeleteServiceAccount { id: account.pk };
    remove(planner, about, reason, waits_for, changes, write);
    became
}

/// Where the integration has no account, one of the name is of earlier rights, or somebody else's.
pub(super) fn keep_left(planner: &mut Planner<'_>) {
    let snapshot = planner.snapshot;
    let Mode::Standalone(standalone) = planner.desired.integration.mode();
    let name = standalone.service_account_name();
    let Some(account) = left(name, &snapshot.users) else { return };
    let about = About {
        id: ID,
        resource: Resource::new(ResourceKind::ServiceAccount, &account.username),
        guide: GuideStep::ServiceAccount,
    };
    let why = "this integration does without one; to remove it, too, tear down with the rights that \
               it was made with";
    keep(planner, about, &[why.to_owned()]);
}

/// The account's app passwords that this integration makes, and its other tokens.
fn tokens<'s>(planner: &Planner<'s>, account: &UserDetail) -> (Vec<&'s Token>, Vec<&'s Token>) {
    let default = default_identifier(&account.username);
    let is_ours = |token: &&Token| {
        let rest = token.identifier.as_str().strip_prefix(default.as_str());
        let number = rest.and_then(|rest| rest.strip_prefix('-')).unwrap_or_default();
        let is_numbered = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        (rest == Some("") || is_numbered)
            && token.intent.as_ref().is_some_and(|intent| *intent == TokenIntent::AppPassword)
    };
    let mut all: Vec<&Token> =
        planner.snapshot.tokens.iter().filter(|token| token.user == Some(account.pk)).collect();
    all.sort_by_key(|token| &token.identifier);
    all.dedup();
    all.into_iter().partition(is_ours)
}

/// Bindings that name the account, other than to the integration's own application.
fn bindings(read: &TeardownSnapshot) -> Vec<&UsedBy> {
    let is_binding = |one: &&UsedBy| one.is("authentik_policies", "policybinding");
    let mut bindings: Vec<&UsedBy> = read.account_uses.iter().filter(is_binding).collect();
    bindings.retain(|one| !read.application_uses.iter().any(|ours| ours.pk == one.pk));
    bindings.sort();
    bindings
}

/// Names of other service accounts that a NetBird could read users with.
fn other_accounts<'s>(read: &'s TeardownSnapshot, ours: &str) -> Vec<&'s str> {
    let is_other = |user: &&crate::model::User| {
        user.username != ours
            && user.is_active
            && user.user_type.as_ref().is_some_and(|kind| *kind == UserType::ServiceAccount)
    };
    let mut names: Vec<&str> =
        read.service_accounts.iter().filter(is_other).map(|user| user.username.as_str()).collect();
    names.sort_unstable();
    names
}

/// What the account is used for besides NetBird.
fn in_use(
    desired: &DesiredServiceAccount,
    account: &UserDetail,
    tokens: &[&Token],
    bindings: &[&UsedBy],
) -> Vec<String> {
    if !is_service_account(account) {
        let kind = account.user_type.as_ref().map(ToString::to_string).unwrap_or_default();
        return vec![format!("it is no service account but {kind}")];
    }
    let mut why = Vec::new();
    for token in tokens {
        why.push(format!("it owns the token \"{}\"", token.identifier));
    }
    for group in &account.groups {
        let named = account.named_groups.iter().find(|named| named.pk == *group);
        let name = named.map_or(group.as_str(), |named| &named.name);
        if !rights::is_own_group(desired, name) {
            why.push(format!("it is a member of \"{name}\""));
        }
    }
    for role in &account.roles {
        let named = account.named_roles.iter().find(|named| named.pk == *role);
        why.push(format!("it has the role \"{}\"", named.map_or(role.as_str(), |one| &one.name)));
    }
    for binding in bindings {
        why.push(format!("\"{}\" lets it in elsewhere", binding.name));
    }
    why
}

/// NetBird knows these: who keeps the account should know of them.
fn keep_passwords(planner: &mut Planner<'_>, ours: &[&Token]) {
    let Some(first) = ours.first() else { return };
    let identifiers: Vec<&str> = ours.iter().map(|token| token.identifier.as_str()).collect();
    let about = About {
        id: PASSWORD,
        resource: Resource::new(ResourceKind::AppPassword, first.identifier.as_str()),
        guide: GuideStep::ServiceAccount,
    };
    let why = format!(
        "it is its account's, which is kept; NetBird knows its value: remove {} if nothing else \
         uses it",
        identifiers.join(", ")
    );
    keep(planner, about, &[why]);
}
