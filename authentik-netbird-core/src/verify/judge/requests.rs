//! NetBird's own requests: the token, and the users that it reads with it.

use super::account::{NO_ACCOUNT, tokens};
use super::{Case, Finding, Found, fail, not_used, pass, skip};
use crate::integration::{Mode, ServiceAccount};
use crate::secret::Secret;
use crate::verify::CheckName;
use crate::verify::answers::{TokenOutcome, UsersOutcome};
use crate::verify::trouble::Trouble;

const API_SCOPE: &str = "goauthentik.io/api";
const EXTRA_PASSWORD: &str = "NETBIRD_IDP_MGMT_EXTRA_PASSWORD";
/// authentik's keys are this many letters and digits.
const KEY_LENGTH: usize = 60;

pub(super) fn token(case: &Case<'_>, found: &Found) -> Finding {
    let Some(settings) = &case.settings.account else { return not_used(NO_ACCOUNT) };
    let Some(password) = &settings.password else {
        return skip(
            "NetBird's password is not known here",
            "verify with the setup.env that has it, or read the outputs again",
        );
    };
    let Some(outcome) = &case.answers.token else { return found.not_asked() };
    let code = match outcome {
        TokenOutcome::Issued(_) => {
            return pass("authentik gives NetBird a token for reading users");
        }
        TokenOutcome::Trouble(trouble) => {
            return fail(
                case.message(trouble, "token endpoint"),
                trouble.remedy("/application/o/"),
            );
        }
        TokenOutcome::Refused(code) => code,
    };
    let causes = [
        CheckName::Client,
        CheckName::GrantTypes,
        CheckName::ServiceAccount,
        CheckName::AppPassword,
        CheckName::ApplicationAccess,
    ];
    if let Some(finding) = found.waits_for(&causes) {
        return finding;
    }
    if code != "invalid_grant" {
        return fail(
            format!("authentik refuses NetBird's token request ({})", case.shown(code)),
            "look for the cause in authentik's log",
        );
    }
    refused_password(case, password)
}

/// Everything else that could be looked at is right, or could not be looked at.
fn refused_password(case: &Case<'_>, password: &Secret) -> Finding {
    let likeness = if looks_like_a_key(password) {
        ""
    } else {
        ", which does not look like an app password (60 letters and digits) but like one that \
         someone logs in with"
    };
    let Some((tokens, now)) = tokens(case) else {
        return fail(
            format!("authentik refuses NetBird's user name or password{likeness}"),
            format!(
                "check in this order: {EXTRA_PASSWORD} is the value of an app password (Directory > \
                 Tokens and App passwords), not the account's login password; that has not expired; \
                 NETBIRD_IDP_MGMT_EXTRA_USERNAME is right to the letter, case included; the account \
                 is active; the application's bindings let it in"
            ),
        );
    };
    let good = tokens.iter().find(|token| token.is_usable(Some(now)));
    let expired = tokens.iter().find(|token| token.expiry().is_some_and(|end| end <= now));
    let expired = expired.map_or(String::new(), |token| {
        format!(
            " (\"{}\" has expired: it may be that one's)",
            case.shown(token.identifier.as_str())
        )
    });
    let name = good.map_or("its app password".to_owned(), |token| {
        format!("the app password \"{}\"", case.shown(token.identifier.as_str()))
    });
    fail(
        format!("authentik refuses NetBird's password{likeness}{expired}"),
        format!(
            "set {EXTRA_PASSWORD} to the value of {name} (Directory > Tokens and App passwords, \
             copy), or read the outputs and write setup.env again"
        ),
    )
}

/// One that someone set may look otherwise, so that this is a likelihood.
fn looks_like_a_key(password: &Secret) -> bool {
    let text = password.expose();
    text.len() == KEY_LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

pub(super) fn users(case: &Case<'_>, found: &Found) -> Finding {
    let Some(settings) = &case.settings.account else { return not_used(NO_ACCOUNT) };
    let username = &settings.username;
    let Some(outcome) = &case.answers.users else {
        let causes = [CheckName::Token, CheckName::Encryption];
        return match found.waits_for(&causes) {
            Some(finding) => finding,
            None if case.has_token() => found.not_asked(),
            None => skip("waits for token", "put token right, then verify again"),
        };
    };
    match outcome {
        UsersOutcome::Listed { count, .. } => match &case.answers.user {
            None | Some(UsersOutcome::Listed { .. }) => {
                pass(format!("NetBird can read users, {count} in all"))
            }
            Some(UsersOutcome::Denied(detail)) => denied(case, found, username, detail),
            Some(UsersOutcome::Trouble(trouble)) => {
                fail(case.message(trouble, "user by its id"), trouble.remedy("/api/v3/"))
            }
        },
        UsersOutcome::Denied(detail) => denied(case, found, username, detail),
        UsersOutcome::Trouble(Trouble::NotFound) if case.settings.authentik_url().path() != "/" => {
            let host = case.settings.authentik_url();
            fail(
                format!(
                    "authentik is under the path {}, but NetBird asks for users at the host alone, \
                     where nothing is found (404)",
                    host.path()
                ),
                format!(
                    "let the proxy lead /api/v3/ of {} to authentik, too, or give authentik a host \
                     of its own",
                    host.host_str().unwrap_or_default()
                ),
            )
        }
        UsersOutcome::Trouble(trouble) => {
            fail(case.message(trouble, "list of users"), trouble.remedy("/api/v3/"))
        }
    }
}

/// authentik says "Token invalid" for a token without the scope as for that of an account that is
/// deactivated, and something else for an account that lacks the right.
fn denied(case: &Case<'_>, found: &Found, username: &str, detail: &str) -> Finding {
    let scope = match &case.answers.token {
        Some(TokenOutcome::Issued(issued)) => issued.scope.as_deref(),
        _ => None,
    };
    let has_scope = scope.is_some_and(|scope| scope.split_whitespace().any(|one| one == API_SCOPE));
    if scope.is_some() && !has_scope {
        return fail(
            format!(
                "NetBird's token is not for authentik's API: the provider has no scope mapping for {API_SCOPE}"
            ),
            "add \"authentik default OAuth Mapping: authentik API access\" to the provider's scopes, \
             or apply a plan",
        );
    }
    if let Some(finding) = found.waits_for(&[CheckName::ServiceAccount]) {
        return finding;
    }
    if detail.contains("permission") {
        let account = case.wanted.map(|wanted| match wanted.mode() {
            Mode::Standalone(standalone) => standalone.service_account(),
        });
        let remedy = match account {
            Some(ServiceAccount::UserReader | ServiceAccount::UserDeleter) => {
                "apply a plan: it gives the account a role with authentik_core.view_user. Where it has \
                 nothing to do, take the account out of its group and put it in again: until 2025.12 \
                 authentik forgets who has a role when a group with that role is deleted"
            }
            Some(ServiceAccount::Administrator | ServiceAccount::None) | None => {
                "put it into the group \"authentik Admins\", as the guide says, or apply a plan; the \
                 permission authentik_core.view_user alone would do, too"
            }
        };
        return fail(format!("the account \"{username}\" may not read users"), remedy);
    }
    if detail.contains("Token invalid") {
        return fail(
            format!(
                "authentik does not take the token that it gave: the account \"{username}\" is \
                 deactivated, most likely"
            ),
            "activate it in authentik under Directory > Users, or apply a plan",
        );
    }
    fail(
        format!("authentik refuses to list users: {}", case.shown(detail)),
        "look for the cause in authentik's log",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_password_looks_like_one() {
        let key = "Ab3".repeat(20);
        assert!(looks_like_a_key(&key.as_str().into()));
        for other in ["", "Account-Passw0rd", &key[1..], &format!("{}!", &key[1..])] {
            assert!(!looks_like_a_key(&other.into()), "{other}");
        }
    }
}
