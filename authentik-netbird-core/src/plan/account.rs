//! The service account and its app password.

use std::time::{Duration, SystemTime};

use serde_json::json;

use super::adopt;
use super::change::FieldChange;
use super::desired::DesiredServiceAccount;
use super::planner::{About, Found, Planner};
use super::warning::Warning;
use crate::authentik::{
    GroupId, ServiceAccountCreate, Snapshot, Token, TokenCreate, TokenIdentifier, TokenIntent,
    User, UserId, Version, create_unnamed, default_identifier, is_unnamed, name_with_group,
};
use crate::error::Blocker;
use crate::ids::{OperationId, Reference};
use crate::integration::GuideStep;
use crate::resource::{Object, object};

pub(super) const ID: &str = "service-account";
pub(super) const PASSWORD: &str = "app-password";
/// An account that a run left without a name.
pub(crate) const UNNAMED: &str = "service-account-unnamed";

/// How long before its end an app password's expiry is a warning.
pub(crate) const EXPIRY_WARNING: Duration = Duration::from_secs(30 * 86_400);

/// The first release that shows tokens of other users to a user who may view them without being an administrator.
const TOKENS_SHOWN: Version = Version::new(2026, 5, 0);

/// The account, as the plan leaves it.
pub(super) struct Account {
    pub(super) id: Reference<UserId>,
    /// Whether it has yet to get its name, together with its group.
    pub(super) is_unnamed: bool,
}

/// Plans account and app password, a new account after these operations; `None` with the blockers recorded.
pub(super) fn plan(
    planner: &mut Planner<'_>,
    wanted: &DesiredServiceAccount,
    after: Vec<OperationId>,
) -> Option<Account> {
    if let Some(version) = planner.snapshot.version
        && version < TOKENS_SHOWN
        && planner.snapshot.is_limited()
    {
        planner.block(
            User::API.resource(&wanted.username),
            format!("authentik {version} shows its app password to administrators alone"),
            "Use the token of a member of \"authentik Admins\".",
        );
        return None;
    }
    match planner.find::<User>(&wanted.username) {
        Found::Many => None,
        Found::None => create(planner, wanted, after),
        Found::One(user) => {
            existing(planner, wanted, user)?;
            Some(Account { id: Reference::Known(user.pk), is_unnamed: false })
        }
    }
}

fn existing(planner: &mut Planner<'_>, wanted: &DesiredServiceAccount, user: &User) -> Option<()> {
    let resource = User::API.resource(&wanted.username);
    let snapshot = planner.snapshot;
    let keeps_rights = wanted.keeps_rights(snapshot);
    let has_rights = keeps_rights || snapshot.has_rights(user, &wanted.rights_names());
    let is_other = user.is_of_another_type();
    // NetBird does not mind what sort of user it is, as long as nothing is to be changed: a person keeps every group.
    let keeps_groups = keeps_rights
        || user.group(wanted.member_of()).is_some() && user.group(&wanted.not_member_of).is_none();
    let is_usable =
        has_rights && keeps_groups && user.is_active && best_app_password(snapshot, user).is_some();
    if is_other && is_usable {
        planner.warnings.push(Warning::other_user_type(&user.username, &user.type_name()));
    } else if is_other && !refuse_type(planner, user) {
        return None;
    }
    for field in ["user", "users"] {
        planner.name_number(field, &user.pk, &user.username);
    }
    if !has_rights || (is_other && !is_usable) {
        return adopt::plan(planner, user);
    }
    let about = About::new(ID, resource, GuideStep::ServiceAccount);
    let active = object(&json!({"is_active": true}));
    let reason = "it is deactivated, so every login fails";
    planner.update(about, reason, Vec::new(), user, (User::API, &user.pk, active));
    app_password(planner, wanted, user);
    Some(())
}

/// Records a conflict with a user who may be a person. Returns whether it is adopted.
pub(super) fn refuse_type(planner: &mut Planner<'_>, user: &User) -> bool {
    let resource = User::API.resource(&user.username);
    let why = format!("the user of that name is not a service account but {}", user.type_name());
    planner.conflict(&resource, why, "Set another `service_account_name`")
}

/// A service account of the name, where none is wanted: one of earlier rights, or another NetBird's.
pub(super) fn orphan<'s>(name: &str, snapshot: &'s Snapshot) -> Option<&'s User> {
    snapshot.user(name).filter(|user| user.is_service_account())
}

/// It is left alone: what else uses it is unknown.
pub(super) fn warn_of_orphan(planner: &mut Planner<'_>) {
    let name = &planner.desired.account_name;
    if let Some(user) = orphan(name, planner.snapshot) {
        let power = if user.is_superuser { " and is an administrator" } else { "" };
        planner.warnings.push(Warning::orphaned_account(name, power));
    }
}

/// Plans a new account. It comes with its app password under a name that nobody can guess, and gets its
/// own name in one write with its group, by [`name`]: no run that is cut off leaves an account of the name
/// without its rights, and none that somebody else created meanwhile gets any. A token that may not
/// rename users creates it by its name; it is given rights only if authentik says that this created it.
fn create(
    planner: &mut Planner<'_>,
    wanted: &DesiredServiceAccount,
    mut after: Vec<OperationId>,
) -> Option<Account> {
    let identifier = default_identifier(&wanted.username);
    after.extend(free(planner, wanted, &identifier)?);
    let account = ServiceAccountCreate {
        name: wanted.username.clone(),
        create_group: false,
        expiring: wanted.app_password_expires.is_some(),
        expires: wanted.app_password_expires.clone(),
    };
    if planner.snapshot.is_limited() {
        let resource = User::API.resource(&wanted.username);
        let about = About::new(ID, resource, GuideStep::ServiceAccount);
        let reason = "NetBird reads users with it, by the app password that comes with it";
        planner.create(about, reason, after, User::API.create(&account));
        return Some(Account { id: Reference::pending(ID), is_unnamed: false });
    }
    let about =
        About::new(PASSWORD, Token::API.resource(identifier.as_str()), GuideStep::ServiceAccount);
    let reason =
        "created together with its account, which has a random name and no rights at first";
    planner.create(about, reason, after, create_unnamed(&account));
    Some(Account { id: Reference::pending(PASSWORD), is_unnamed: true })
}

/// Plans that a new account gets its name and its group.
pub(super) fn name(
    planner: &mut Planner<'_>,
    wanted: &DesiredServiceAccount,
    account: &Reference<UserId>,
    group: &Reference<GroupId>,
    after: Vec<OperationId>,
) {
    let about = About::new(ID, User::API.resource(&wanted.username), GuideStep::Administrator);
    let write = name_with_group(account, &wanted.username, group);
    let reason = "NetBird reads users with it; it gets its name and its rights in one write";
    planner.create(about, reason, after, write);
}

/// Makes sure that the identifier of the new account's app password is free: authentik creates that token
/// with the account. One of an account that a run left without a name goes with that account.
fn free(
    planner: &mut Planner<'_>,
    wanted: &DesiredServiceAccount,
    identifier: &TokenIdentifier,
) -> Option<Vec<OperationId>> {
    let snapshot = planner.snapshot;
    let Some(token) = snapshot.tokens.iter().find(|token| token.identifier == *identifier) else {
        return Some(Vec::new());
    };
    let owner = snapshot.users.iter().find(|user| token.user == Some(user.pk));
    let name = &wanted.username;
    let resource = User::API.resource(name);
    let blocker = match owner {
        Some(user) if is_unnamed(&user.username, name) && user.has_no_rights() => {
            let about =
                About::new(UNNAMED, User::API.resource(&user.username), GuideStep::ServiceAccount);
            let reason = "a run that was cut off left it without a name and without rights";
            let changes = vec![FieldChange::removed("tokens", &[identifier])];
            planner.operation(about, reason, Vec::new(), changes, Some(User::API.delete(&user.pk)));
            return Some(vec![UNNAMED.into()]);
        }
        Some(User { username, .. }) if username.eq_ignore_ascii_case(name) => Blocker::conflict(
            resource,
            format!("the account \"{username}\" exists, whose name differs only in case"),
            format!(
                "Use \"{username}\" as service_account_name if NetBird uses that account, else \
                 another name."
            ),
        ),
        _ => Blocker::conflict(
            resource,
            format!("the token \"{identifier}\" that it would get belongs to another user"),
            "Set another `service_account_name`, or rename that token if nothing uses it.",
        ),
    };
    planner.blockers.push(blocker);
    None
}

/// The account's app password that works longest; among equals the one that came with the account.
pub(crate) fn best_app_password<'s>(snapshot: &'s Snapshot, user: &User) -> Option<&'s Token> {
    let now: Option<SystemTime> = snapshot.taken_at;
    let default = default_identifier(&user.username);
    snapshot
        .tokens
        .iter()
        .filter(|token| token.user == Some(user.pk) && token.is_usable(now))
        .min_by_key(|token| {
            let life = std::cmp::Reverse(token.expiry());
            (token.expiring, life, token.identifier != default, &token.identifier)
        })
}

/// An existing account needs an app password that is still valid.
fn app_password(planner: &mut Planner<'_>, wanted: &DesiredServiceAccount, user: &User) {
    let snapshot = planner.snapshot;
    if let Some(token) = best_app_password(snapshot, user) {
        warn_of_expiry(planner, token);
        planner.existing.app_password = Some(token.identifier.clone());
        let resource = Token::API.resource(token.identifier.as_str());
        let about = About::new(PASSWORD, resource, GuideStep::ServiceAccount);
        let reason = match token.expires.as_deref().filter(|_| token.expiring) {
            Some(expires) => format!(
                "exists and expires on {expires}, when every NetBird login fails; a rotation with no \
                 expiry before that replaces it"
            ),
            None => "exists and does not expire".to_owned(),
        };
        planner.unchanged(about, reason);
        return;
    }
    planner.warnings.push(Warning::no_app_password(&user.username));
    if wanted.app_password_expires.is_some() {
        planner.warnings.push(Warning::app_password_without_expiry(&user.username));
    }
    let reason = "the account has no app password that is still valid";
    create_app_password(planner, user, reason, Vec::new());
}

/// Plans another app password of an existing account.
pub(super) fn create_app_password(
    planner: &mut Planner<'_>,
    user: &User,
    reason: &str,
    after: Vec<OperationId>,
) {
    if planner.snapshot.is_limited() {
        planner.block(
            User::API.resource(&user.username),
            "the token may see no app password of it that is still valid, and authentik lets \
             administrators alone create one for another user",
            "Use the token of a member of \"authentik Admins\".",
        );
        return;
    }
    let tokens = &planner.snapshot.tokens;
    let identifier = free_identifier(tokens, default_identifier(&user.username));
    let resource = Token::API.resource(identifier.as_str());
    let write = Token::API.create(&TokenCreate {
        identifier,
        intent: TokenIntent::AppPassword,
        user: Reference::Known(user.pk),
        description: "NetBird's app password".to_owned(),
        expiring: false,
    });
    let about = About::new(PASSWORD, resource, GuideStep::ServiceAccount);
    planner.create(about, reason, after, write);
}

pub(super) fn warn_of_expiry(planner: &mut Planner<'_>, token: &Token) {
    if let Some((expires, now)) = token.expiry().zip(planner.snapshot.taken_at)
        && expires <= now + EXPIRY_WARNING
    {
        let expires = token.expires.as_deref().unwrap_or_default();
        planner.warnings.push(Warning::app_password_expires(token.identifier.as_str(), expires));
    }
}

/// The default identifier, or, where a token has it already, the first free one after it.
fn free_identifier(tokens: &[Token], default: TokenIdentifier) -> TokenIdentifier {
    let taken = |identifier: &TokenIdentifier| tokens.iter().any(|t| t.identifier == *identifier);
    if !taken(&default) {
        return default;
    }
    // One more candidate than there are tokens: one of them is free.
    (2..tokens.len() + 3)
        .map(|number| TokenIdentifier::from(format!("{default}-{number}")))
        .find(|identifier| !taken(identifier))
        .unwrap_or(default)
}
