//! The service account: its name, its app password, and whether the application's bindings allow it.

use std::time::SystemTime;

use super::engine::{
    ADMINISTRATOR, Checks, Judgement, Results, fail, not_used, pass, unknown, warn,
};
use super::evidence::Evidence;
use crate::authentik::{Token, TokenIntent, User};
use crate::integration::role_name;
use crate::plan::EXPIRY_WARNING;
use crate::requirements::access::{Access, access};
use crate::verify::CheckName;
use crate::verify::administration::LookUp;

pub(super) const NO_ACCOUNT: &str = "NetBird reads no users from authentik (NETBIRD_MGMT_IDP=none)";
const ACCEPTED: &str = "authentik accepts it at the token endpoint";

/// What an administrator's token shows of the account.
fn look_up<'a>(evidence: &Evidence<'a>) -> LookUp<'a, User> {
    let username = evidence.settings.account.as_ref().map(|account| &account.username);
    match evidence.responses.administration.as_ref().zip(username) {
        Some((administration, username)) => administration.account(username),
        None => LookUp::Unread,
    }
}

pub(super) fn tokens<'a>(evidence: &Evidence<'a>) -> Option<(Vec<&'a Token>, SystemTime)> {
    let administration = evidence.responses.administration.as_ref()?;
    let username = &evidence.settings.account.as_ref()?.username;
    administration.tokens(username, look_up(evidence).found()?.pk)
}

pub(super) fn service_account(evidence: &Evidence<'_>, results: &Results) -> Judgement {
    let Some(settings) = &evidence.settings.account else { return not_used(NO_ACCOUNT) };
    let username = &settings.username;
    match look_up(evidence) {
        LookUp::Unread if evidence.has_token() => pass(ACCEPTED),
        LookUp::Unread => evidence.not_shown(results),
        LookUp::Found(account) if account.is_active => active(evidence, account),
        LookUp::Found(_) => fail(
            format!("the account \"{username}\" is deactivated"),
            "Activate it in authentik under Directory > Users, or apply a plan.",
        ),
        LookUp::Missing => missing(evidence, username),
    }
}

/// What is right about it, and who else may read users by it.
fn active(evidence: &Evidence<'_>, account: &User) -> Judgement {
    let found = format!("the account \"{}\" exists and is active", account.username);
    let administration = evidence.responses.administration.as_ref();
    let others = administration.map(|seen| seen.others_with_rights(account)).unwrap_or_default();
    if others.is_empty() {
        return pass(found);
    }
    warn(
        format!(
            "{found}, but its group or role \"{}\" also lets others read all users: {}",
            role_name(&account.username),
            evidence.shown(&others.join(", "))
        ),
        "Remove them in authentik, unless you gave them these rights.",
    )
}

fn missing(evidence: &Evidence<'_>, username: &str) -> Judgement {
    let administration = evidence.responses.administration.as_ref();
    match administration.and_then(|seen| seen.differently_written(username)) {
        Some(other) => {
            let other = evidence.shown(&other.username);
            fail(
                format!(
                    "the account \"{username}\" does not exist, but \"{other}\" does: user names are \
                     case-sensitive"
                ),
                format!("Set NETBIRD_IDP_MGMT_EXTRA_USERNAME to '{other}', or apply a plan."),
            )
        }
        None => fail(
            format!("the account \"{username}\" does not exist"),
            "Apply a plan, or correct its name (NETBIRD_IDP_MGMT_EXTRA_USERNAME, or `service_account_name`).",
        ),
    }
}

pub(super) fn app_password(evidence: &Evidence<'_>, results: &Results) -> Judgement {
    if evidence.settings.account.is_none() {
        return not_used(NO_ACCOUNT);
    }
    if let Some(outcome) = results.blocked_by(&[CheckName::ServiceAccount]) {
        return outcome;
    }
    let Some((tokens, now)) = tokens(evidence) else {
        return if evidence.has_token() { pass(ACCEPTED) } else { evidence.not_shown(results) };
    };
    let hint = "Apply a plan, which creates a new app password, and write setup.env again.";
    let usable: Vec<&Token> =
        tokens.iter().copied().filter(|token| token.is_usable(Some(now))).collect();
    if let Some(outcome) = expiry(evidence, &usable, now) {
        return outcome;
    }
    if tokens.is_empty() && evidence.has_token() {
        // NetBird's password works, so there is one that the token's user may not see.
        return unknown(
            "authentik accepts the app password, but the token's user may not see when it expires",
            ADMINISTRATOR,
        );
    }
    if tokens.is_empty() && !evidence.sees_all_tokens() {
        return unknown(
            "the token's user may not see other users' tokens (authentik_core.view_token, and until \
             2025.12 only members of \"authentik Admins\")",
            ADMINISTRATOR,
        );
    }
    let identifier = |token: &Token| evidence.shown(token.identifier.as_str());
    let mut app_passwords = tokens.iter().filter(|token| {
        token.intent.as_ref().is_some_and(|kind| *kind == TokenIntent::AppPassword)
    });
    if let Some(token) = app_passwords.next() {
        let expires = token.expires.as_deref().unwrap_or("an unknown day");
        return fail(
            format!(
                "the app password \"{}\" expired on {}",
                identifier(token),
                evidence.shown(expires)
            ),
            hint,
        );
    }
    if tokens.is_empty() {
        return fail(
            "the account has no app password (before 2026.5 authentik deletes an expired one as soon \
             as it is used)",
            hint,
        );
    }
    let others: Vec<String> =
        tokens.iter().map(|token| format!("\"{}\"", identifier(token))).collect();
    fail(
        format!(
            "the account has no app password, only tokens for other uses ({})",
            others.join(", ")
        ),
        hint,
    )
}

/// When the app passwords that work expire: any of them may be the one that NetBird has.
fn expiry(evidence: &Evidence<'_>, usable: &[&Token], now: SystemTime) -> Option<Judgement> {
    let identifier = |token: &Token| evidence.shown(token.identifier.as_str());
    let day = |token: &Token| evidence.shown(token.expires.as_deref().unwrap_or_default());
    let first = usable.iter().filter(|token| token.expiring).min_by_key(|token| token.expiry());
    let Some(first) = first else {
        let token = usable.first()?;
        let name = identifier(token);
        return Some(pass(format!(
            "the account has the app password \"{name}\", which does not expire"
        )));
    };
    let more = match usable.len() {
        1 => String::new(),
        count => format!(" (NetBird may use another one: the account has {count})"),
    };
    let message = format!(
        "the app password \"{}\" expires on {}; from then on every login fails{more}",
        identifier(first),
        day(first)
    );
    Some(if first.expiry().is_none_or(|expires| expires <= now + EXPIRY_WARNING) {
        warn(
            message,
            "Rotate it with no expiry before that, which also replaces the password in setup.env.",
        )
    } else {
        pass(format!("{message}. A rotation with no expiry before that replaces it"))
    })
}

pub(super) fn application_access(evidence: &Evidence<'_>, results: &Results) -> Judgement {
    let Some(settings) = &evidence.settings.account else { return not_used(NO_ACCOUNT) };
    let allowed = "the application's bindings allow the account";
    if evidence.has_token() {
        return pass(allowed);
    }
    if let Some(outcome) = results.blocked_by(&[CheckName::ServiceAccount]) {
        return outcome;
    }
    let (Some(administration), LookUp::Found(account)) =
        (&evidence.responses.administration, look_up(evidence))
    else {
        return evidence.not_shown(results);
    };
    let Some(slug) = administration.api_application(evidence.settings) else {
        return results
            .blocked_by(&[CheckName::ApiClient, CheckName::Administration])
            .unwrap_or_else(|| evidence.not_shown(results));
    };
    let username = &settings.username;
    let application = administration.application(slug.as_str()).found();
    let bindings = application.and_then(|application| administration.bindings(application));
    let (Some(application), Some(bindings)) = (application, bindings) else {
        return results
            .blocked_by(&[CheckName::Discovery, CheckName::Administration])
            .unwrap_or_else(|| evidence.not_shown(results));
    };
    let all = application.needs_all();
    let snapshot = &administration.snapshot;
    match access(&bindings, all, Some(&account.pk), &account.groups, snapshot) {
        Access::Allowed => pass(allowed),
        Access::Denied if all => fail(
            format!(
                "the policy engine mode of the application \"{slug}\" is \"all\", and not each of its \
                 bindings allows the account \"{username}\""
            ),
            "Add the account to every group that is bound; one more binding would keep everyone else out.",
        ),
        Access::Denied => fail(
            format!(
                "the application \"{slug}\" is bound to groups or users, and the account \
                 \"{username}\" is not one of them"
            ),
            format!(
                "Bind the account to the application \"{slug}\" (Policy / Group / User Bindings) or \
                 add it to one of the bound groups, or apply a plan."
            ),
        ),
        Access::Unknown => unknown(
            format!(
                "the application \"{slug}\" is bound to policies, which cannot be evaluated here"
            ),
            "Check that the policies allow the account, or bind it to the application.",
        ),
    }
}
