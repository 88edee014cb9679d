//! The service account and its app password.

use std::time::{Duration, SystemTime};

use serde_json::json;

use super::desired::DesiredServiceAccount;
use super::planner::{About, Found, Planner};
use super::warning::Warning;
use crate::authentik::{
    ServiceAccountCreate, Snapshot, Token, TokenCreate, TokenIdentifier, TokenIntent, User, UserId,
    default_identifier,
};
use crate::error::Blocker;
use crate::ids::{Reference, Resource};
use crate::integration::GuideStep;
use crate::resource::{Object, object};

pub(super) const ID: &str = "service-account";
pub(super) const PASSWORD: &str = "app-password";

/// How long before its end an app password's expiry is a warning.
pub(crate) const EXPIRY_WARNING: Duration = Duration::from_secs(30 * 86_400);

/// Plans account and app password; `None` with the blockers recorded.
pub(super) fn plan(
    planner: &mut Planner<'_>,
    wanted: &DesiredServiceAccount,
) -> Option<Reference<UserId>> {
    let resource = User::API.resource(&wanted.username);
    match planner.find::<User>(&wanted.username) {
        Found::Many => None,
        Found::None => {
            create(planner, wanted, resource)?;
            Some(Reference::pending(ID))
        }
        Found::One(user) => {
            if user.user_type.is_some() && !user.is_service_account() {
                let why = format!(
                    "the user of that name is not a service account but {}",
                    user.type_name()
                );
                if !planner.conflict(&resource, why, "Set another `service_account_name`") {
                    return None;
                }
            }
            for field in ["user", "users"] {
                planner.name_number(field, &user.pk, &user.username);
            }
            let about = About::new(ID, resource, GuideStep::ServiceAccount);
            let active = object(&json!({"is_active": true}));
            let reason = "it is deactivated, so every login fails";
            planner.update(about, reason, Vec::new(), user, (User::API, &user.pk, active));
            app_password(planner, wanted, user);
            Some(Reference::Known(user.pk))
        }
    }
}

/// A service account of the name, where none is wanted: one of earlier rights, or another NetBird's.
pub(super) fn orphan<'s>(name: &str, snapshot: &'s Snapshot) -> Option<&'s User> {
    snapshot.user(name).filter(|user| user.is_service_account())
}

/// It is left alone: what else uses it is unknown.
pub(super) fn warn_of_orphan(planner: &mut Planner<'_>) {
    let name = &planner.desired.account_name;
    if let Some(user) = orphan(name, planner.snapshot) {
        planner.warnings.push(Warning::orphaned_account(name, user.is_superuser));
    }
}

fn create(
    planner: &mut Planner<'_>,
    wanted: &DesiredServiceAccount,
    resource: Resource,
) -> Option<()> {
    let identifier = default_identifier(&wanted.username);
    // authentik would refuse the account: it creates this token with it.
    if planner.snapshot.tokens.iter().any(|token| token.identifier == identifier) {
        planner.blockers.push(Blocker::conflict(
            resource,
            format!("the token \"{identifier}\" that it would get belongs to another user"),
            "Delete or rename that token in authentik, or set another `service_account_name`.",
        ));
        return None;
    }
    let write = User::API.create(&ServiceAccountCreate {
        name: wanted.username.clone(),
        create_group: false,
        expiring: wanted.app_password_expires.is_some(),
        expires: wanted.app_password_expires.clone(),
    });
    let about = About::new(ID, resource, GuideStep::ServiceAccount);
    let reason = "NetBird reads users with it, by the app password that comes with it";
    planner.create(about, reason, Vec::new(), write);
    Some(())
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
    let identifier = free_identifier(&snapshot.tokens, default_identifier(&user.username));
    let resource = Token::API.resource(identifier.as_str());
    let write = Token::API.create(&TokenCreate {
        identifier,
        intent: TokenIntent::AppPassword,
        user: Reference::Known(user.pk),
        description: "NetBird's app password".to_owned(),
        expiring: false,
    });
    let about = About::new(PASSWORD, resource, GuideStep::ServiceAccount);
    planner.create(about, "the account has no app password that is still valid", Vec::new(), write);
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
