//! The service account and its app password.

use std::time::{Duration, SystemTime};

use super::change::{Diff, FieldChange, created};
use super::planner::{Draft, Found, Planner};
use super::{Warning, Write};
use crate::desired::DesiredServiceAccount;
use crate::error::Blocker;
use crate::ids::{Reference, Resource, ResourceKind, TokenIdentifier, UserId};
use crate::integration::{GuideStep, Mode};
use crate::model::{
    ServiceAccountCreate, Token, TokenCreate, TokenIntent, User, UserPatch, UserType,
};

const ID: &str = "service-account";
const PASSWORD: &str = "app-password";

/// How long before its end an app password is warned of.
pub(crate) const SOON: Duration = Duration::from_secs(30 * 86_400);

/// Plans account and app password; `None` with the problems noted.
pub(super) fn plan(
    planner: &mut Planner<'_>,
    wanted: &DesiredServiceAccount,
) -> Option<Reference<UserId>> {
    let snapshot = planner.snapshot;
    let resource = Resource::new(ResourceKind::ServiceAccount, &wanted.username);
    let same_name = snapshot.users.iter().filter(|user| user.username == wanted.username);
    let found =
        planner.only(&resource, same_name, |user| format!("{} (pk {})", user.username, user.pk));
    planner.fingerprint.note(&resource, found.one().map(|user| (user.pk, user.is_active)).as_ref());
    match found {
        Found::Many => None,
        Found::None => {
            create(planner, wanted, resource)?;
            Some(Reference::Made { made_by: ID.into() })
        }
        Found::One(user) => {
            if user.user_type.as_ref().is_some_and(|kind| *kind != UserType::ServiceAccount) {
                let kind = user.user_type.as_ref().map(ToString::to_string).unwrap_or_default();
                let why = format!("the user of that name is no service account but {kind}");
                if !planner.conflict(&resource, why, "give another service_account") {
                    return None;
                }
            }
            for field in ["user", "users"] {
                planner.name_number(field, &user.pk, &user.username);
            }
            adopt(planner, resource, user);
            app_password(planner, wanted, user);
            Some(Reference::Known(user.pk))
        }
    }
}

/// A service account of the name, where none is wanted: one of earlier rights, or another NetBird's.
pub(super) fn left<'s>(name: &str, users: &'s [User]) -> Option<&'s User> {
    let is_program =
        |user: &User| user.user_type.as_ref().is_some_and(|kind| *kind == UserType::ServiceAccount);
    users.iter().find(|user| user.username == name && is_program(user))
}

/// Tells of it. It is not touched: who else uses it is not known.
pub(super) fn tell_of_left(planner: &mut Planner<'_>) {
    let snapshot = planner.snapshot;
    let Mode::Standalone(standalone) = planner.desired.integration.mode();
    let name = standalone.service_account_name();
    if let Some(user) = left(name, &snapshot.users) {
        planner.warnings.push(Warning::account_left(name, user.is_superuser));
    }
}

fn create(
    planner: &mut Planner<'_>,
    wanted: &DesiredServiceAccount,
    resource: Resource,
) -> Option<()> {
    let identifier = default_identifier(&wanted.username);
    // authentik would refuse the account: it makes this token with it.
    if planner.snapshot.tokens.iter().any(|token| token.identifier == identifier) {
        planner.blockers.push(Blocker::conflict(
            resource,
            format!("the token \"{identifier}\" that it would get belongs to another user"),
            "remove or rename that token in authentik, or give another service_account",
        ));
        return None;
    }
    let body = ServiceAccountCreate {
        name: wanted.username.clone(),
        create_group: false,
        expiring: wanted.app_password_expires.is_some(),
        expires: wanted.app_password_expires.clone(),
    };
    let mut changes = created(&body);
    changes.push(FieldChange::secret("token"));
    let draft = Draft {
        id: ID,
        resource,
        reason: "NetBird reads users with it, by the app password that comes with it".to_owned(),
        guide: GuideStep::ServiceAccount,
        waits_for: Vec::new(),
        changes,
    };
    planner.operation(draft, Some(Write::CreateServiceAccount(body)));
    Some(())
}

fn adopt(planner: &mut Planner<'_>, resource: Resource, user: &User) {
    let mut diff = Diff::default();
    let is_active = diff.field("is_active", &user.is_active, true, user.is_active);
    let changes = diff.finish();
    let reason =
        if is_active.is_some() { "it is deactivated, so no login works" } else { "it is there" };
    let draft = Draft {
        id: ID,
        resource,
        reason: reason.to_owned(),
        guide: GuideStep::ServiceAccount,
        waits_for: Vec::new(),
        changes,
    };
    let body = UserPatch { is_active };
    let write = is_active.map(|_| Write::UpdateServiceAccount { id: user.pk, body });
    planner.operation(draft, write);
}

/// An account that is there needs an app password that is still good.
fn app_password(planner: &mut Planner<'_>, wanted: &DesiredServiceAccount, user: &User) {
    let snapshot = planner.snapshot;
    let now = snapshot.taken_at;
    let default = default_identifier(&user.username);
    let best = snapshot
        .tokens
        .iter()
        .filter(|token| token.user == Some(user.pk) && is_good(token, now))
        .min_by_key(|token| {
            // The one that lives longest; among equals the one that came with the account.
            let life = std::cmp::Reverse(expiry(token));
            (token.expiring, life, token.identifier != default, &token.identifier)
        });
    let resource = Resource::new(
        ResourceKind::AppPassword,
        best.map_or(default.as_str(), |token| token.identifier.as_str()),
    );
    planner.fingerprint.note(&resource, best);
    if let Some(token) = best {
        if let Some((expires, now)) = expiry(token).zip(now)
            && expires <= now + SOON
        {
            planner.warnings.push(Warning::app_password_expires(
                token.identifier.as_str(),
                token.expires.as_deref().unwrap_or_default(),
            ));
        }
        planner.existing.app_password = Some(token.identifier.clone());
        let draft = Draft {
            id: PASSWORD,
            resource,
            reason: "it is there and good".to_owned(),
            guide: GuideStep::ServiceAccount,
            waits_for: Vec::new(),
            changes: Vec::new(),
        };
        planner.operation(draft, None);
        return;
    }
    planner.warnings.push(Warning::app_password_gone(&user.username));
    let identifier = free_identifier(&snapshot.tokens, default);
    if wanted.app_password_expires.is_some() {
        planner.warnings.push(Warning::app_password_without_expiry(&user.username));
    }
    let body = TokenCreate {
        identifier: identifier.clone(),
        intent: TokenIntent::AppPassword,
        user: Reference::Known(user.pk),
        description: "NetBird's app password".to_owned(),
        expiring: false,
    };
    let mut changes = created(&body);
    changes.push(FieldChange::secret("key"));
    let draft = Draft {
        id: PASSWORD,
        resource: Resource::new(ResourceKind::AppPassword, identifier.as_str()),
        reason: "the account has none that is still good".to_owned(),
        guide: GuideStep::ServiceAccount,
        waits_for: Vec::new(),
        changes,
    };
    planner.operation(draft, Some(Write::CreateAppPassword(body)));
}

/// When a token expires; `None`: never.
pub(crate) fn expiry(token: &Token) -> Option<SystemTime> {
    let text = token.expires.as_deref().filter(|_| token.expiring)?;
    humantime::parse_rfc3339(text).ok()
}

/// Whether it is an app password that works at `now`.
pub(crate) fn is_good(token: &Token, now: Option<SystemTime>) -> bool {
    token.intent.as_ref().is_some_and(|intent| *intent == TokenIntent::AppPassword)
        && expiry(token).zip(now).is_none_or(|(expires, now)| expires > now)
}

/// The identifier that authentik gives to a new account's app password.
pub(crate) fn default_identifier(username: &str) -> TokenIdentifier {
    // Django's slugify, of the whole: what is neither letter, digit, `_`, `-` nor space goes, then
    // runs of spaces and dashes become one dash. (It trims the ends, too; those are letters here.)
    let text = format!("service-account-{username}-password");
    let mut slug = String::with_capacity(text.len());
    for c in text.chars().filter(char::is_ascii).flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' | '_' => slug.push(c),
            ' ' | '-' if !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    TokenIdentifier::from(slug)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_slugs_as_django_makes_them() {
        for (username, identifier) in [
            ("NetBird", "service-account-netbird-password"),
            ("sa-noexp", "service-account-sa-noexp-password"),
            ("Net Bird  VPN", "service-account-net-bird-vpn-password"),
            ("net.bird/vpn:1", "service-account-netbirdvpn1-password"),
            ("-net_bird-", "service-account-net_bird-password"),
            ("_net bird_", "service-account-_net-bird_-password"),
            ("!!!", "service-account-password"),
        ] {
            assert_eq!(default_identifier(username).as_str(), identifier);
        }
    }
}
