//! The requests of NetBird's management: the token request, and with that token the list of users.

use super::account::{NO_ACCOUNT, tokens};
use super::engine::{
    Checks, Judgement, LOG, Results, blocked, fail, failed, not_used, pass, unknown,
};
use super::evidence::Evidence;
use super::server::{reason, unreached};
use crate::integration::{Mode, ServiceAccount};
use crate::outputs::PASSWORD;
use crate::requirements::{API_SCOPE, scopes};
use crate::secret::Secret;
use crate::verify::CheckName;
use crate::verify::reader::looks_like_app_password;
use crate::verify::responses::{TokenResponse, UsersResponse};

pub(super) fn token(evidence: &Evidence<'_>, results: &Results) -> Judgement {
    let Some(settings) = &evidence.settings.account else { return not_used(NO_ACCOUNT) };
    let Some(password) = &settings.password else {
        return unknown(
            "NetBird's app password is not known here, so it was not tried",
            "Verify with the setup.env that has it, or with a token that may read it \
             (authentik_core.view_token_key).",
        );
    };
    let Some(response) = &evidence.responses.token else { return results.not_sent() };
    let code = match response {
        Ok(TokenResponse::Issued(_)) => {
            return pass("authentik gives NetBird a token for reading users");
        }
        Ok(TokenResponse::Refused(code)) => code,
        Err(error) => return failed(error),
    };
    let causes = [
        CheckName::Client,
        CheckName::ApiClient,
        CheckName::GrantTypes,
        CheckName::ServiceAccount,
        CheckName::AppPassword,
        CheckName::ApplicationAccess,
    ];
    if let Some(outcome) = results.blocked_by(&causes) {
        return outcome;
    }
    if code != "invalid_grant" {
        return fail(
            format!("authentik refused NetBird's token request ({})", evidence.shown(code)),
            LOG,
        );
    }
    refused_password(evidence, password)
}

/// Everything else that could be checked is right, or could not be checked.
fn refused_password(evidence: &Evidence<'_>, password: &Secret) -> Judgement {
    // One that someone set may look different, so this is only likely.
    let likeness = if looks_like_app_password(password.expose()) {
        ""
    } else {
        ", which does not look like an app password (60 letters and digits) but like a login password"
    };
    let Some((tokens, now)) = tokens(evidence) else {
        return fail(
            format!("authentik refused NetBird's user name or password{likeness}"),
            format!(
                "Check in this order: {PASSWORD} is the value of an app password (Directory > \
                 Tokens and App passwords), not the account's login password; the app password has \
                 not expired; NETBIRD_IDP_MGMT_EXTRA_USERNAME is exactly right, case included; the \
                 account is active; the application's bindings allow it."
            ),
        );
    };
    let usable = tokens.iter().find(|token| token.is_usable(Some(now)));
    let expired = tokens.iter().find(|token| token.expiry().is_some_and(|end| end <= now));
    let expired = expired.map_or(String::new(), |token| {
        let identifier = evidence.shown(token.identifier.as_str());
        format!(" (it may be that of \"{identifier}\", which has expired)")
    });
    let name = usable.map_or("its app password".to_owned(), |token| {
        format!("the app password \"{}\"", evidence.shown(token.identifier.as_str()))
    });
    fail(
        format!("authentik refused NetBird's password{likeness}{expired}"),
        format!(
            "Set {PASSWORD} to the value of {name} (Directory > Tokens and App passwords, \
             copy), or write setup.env again with `authentik-netbird env DOMAIN --output setup.env`."
        ),
    )
}

pub(super) fn users(evidence: &Evidence<'_>, results: &Results) -> Judgement {
    let Some(settings) = &evidence.settings.account else { return not_used(NO_ACCOUNT) };
    let username = &settings.username;
    let responses = evidence.responses;
    let Some(list) = &responses.users else {
        let causes = [CheckName::Token, CheckName::Encryption, CheckName::ApiClient];
        if let Some(outcome) = results.blocked_by(&causes) {
            return outcome;
        }
        // No response shows it without a token.
        return match evidence.judge(scopes::judge_api) {
            judged if judged.unmet().is_some() => judged,
            _ if evidence.has_token() => results.not_sent(),
            _ => blocked(CheckName::Token),
        };
    };
    match (list, &responses.user) {
        (
            Ok(UsersResponse::Listed { count, .. }),
            None | Some(Ok(UsersResponse::Listed { .. })),
        ) => pass(format!(
            "NetBird can read users, {count} in all. Their first login may wait for an approval in NetBird \
             (Team > Users), which is on by default"
        )),
        (Ok(UsersResponse::Denied(detail)), _)
        | (Ok(UsersResponse::Listed { .. }), Some(Ok(UsersResponse::Denied(detail)))) => {
            denied(evidence, results, username, detail)
        }
        (Err(error), _)
            if error.status() == Some(404)
                && let Some(host) =
                    evidence.settings.authentik_url().filter(|url| url.path() != "/") =>
        {
            fail(
                format!(
                    "authentik is under the path {}, but NetBird reads users at the root of the host, \
                     which has none (404)",
                    host.path()
                ),
                format!(
                    "Route /api/v3/ of {} to authentik, too, or give authentik a separate host \
                     name.",
                    host.host_str().unwrap_or_default()
                ),
            )
        }
        (Err(error), _) | (_, Some(Err(error))) => {
            let seen = responses.administration.iter().flat_map(|seen| &seen.errors);
            let is_same = seen.into_iter().any(|other| reason(other) == reason(error));
            let cause = results.blocked_by(&[CheckName::Administration]);
            cause.filter(|_| is_same).unwrap_or_else(|| unreached(evidence, error))
        }
    }
}

/// authentik says "Token invalid" for a token without the scope as for that of an account that is
/// deactivated, and something else for an account that is missing the permission.
fn denied(evidence: &Evidence<'_>, results: &Results, username: &str, detail: &str) -> Judgement {
    let scope = match &evidence.responses.token {
        Some(Ok(TokenResponse::Issued(issued))) => issued.scope.as_deref(),
        _ => None,
    };
    let has_scope = scope.is_some_and(|scope| scope.split_whitespace().any(|one| one == API_SCOPE));
    if scope.is_some() && !has_scope {
        return fail(
            format!(
                "NetBird's token is not for authentik's API: the provider has no scope mapping for \
                 {API_SCOPE}"
            ),
            scopes::API_HINT,
        );
    }
    if let Some(outcome) = results.blocked_by(&[CheckName::ServiceAccount]) {
        return outcome;
    }
    if detail.contains("permission") {
        let account = evidence.integration.map(|integration| match integration.mode() {
            Mode::Standalone(standalone) => standalone.rights(),
            Mode::Connector(_) => ServiceAccount::None,
        });
        let hint = match account {
            Some(ServiceAccount::UserReader | ServiceAccount::UserDeleter) => {
                "Give the account a role with authentik_core.view_user, or apply a plan. If it has \
                 the role, remove the account from its group and add it again: until 2025.12 authentik forgets \
                 who has a role when a group with that role is deleted."
            }
            Some(ServiceAccount::Administrator | ServiceAccount::None) | None => {
                "Add the account to the group \"authentik Admins\", as the guide says, or apply a plan. \
                 The permission authentik_core.view_user alone is enough."
            }
        };
        return fail(format!("the account \"{username}\" may not read users"), hint);
    }
    if detail.contains("Token invalid") && scope.is_none() {
        // 2024.12 does not say which scopes a token has.
        return fail(
            format!(
                "authentik does not accept the token that it issued: either the provider has no scope \
                 mapping for {API_SCOPE}, or the account \"{username}\" is deactivated"
            ),
            "Add \"authentik default OAuth Mapping: authentik API access\" to the provider's scopes \
             and check the account in authentik under Directory > Users, or apply a plan.",
        );
    }
    if detail.contains("Token invalid") {
        return fail(
            format!(
                "authentik does not accept the token that it issued: most likely the account \
                 \"{username}\" is deactivated"
            ),
            "Activate the account in authentik under Directory > Users, or apply a plan.",
        );
    }
    fail(format!("authentik refused to list users: {}", evidence.shown(detail)), LOG)
}
