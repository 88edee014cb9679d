//! The client with which NetBird's management reads users.

use super::account::NO_ACCOUNT;
use super::engine::{Checks, Judgement, Results, fail, judged, not_used, warn};
use super::evidence::Evidence;
use crate::authentik::{GrantType, Provider};
use crate::requirements::api_client::judge;
use crate::requirements::federation;
use crate::verify::CheckName;
use crate::verify::administration::LookUp;
use crate::verify::responses::TokenResponse;

pub(super) fn api_client(evidence: &Evidence<'_>, results: &Results) -> Judgement {
    if evidence.settings.account.is_none() {
        return not_used(NO_ACCOUNT);
    }
    if let Some(client_id) = evidence.settings.api_client_id()
        && let Some(outcome) = separate(evidence, client_id)
    {
        return outcome;
    }
    let causes = [CheckName::Discovery, CheckName::Client];
    judged(evidence.judge(judge), |_| {
        results.blocked_by(&causes).unwrap_or_else(|| evidence.not_shown(results))
    })
}

/// The problem of a separate client.
fn separate(evidence: &Evidence<'_>, client_id: &str) -> Option<Judgement> {
    let administration = evidence.responses.administration.as_ref();
    let looked_up = administration.map(|seen| seen.client(client_id));
    let is_unknown = evidence.token_refusal() == Some("invalid_client");
    if is_unknown || matches!(looked_up, Some(LookUp::Missing)) {
        return Some(fail(
            format!(
                "authentik has no provider with the client id {client_id}, which \
                 NETBIRD_IDP_MGMT_CLIENT_ID names, so NetBird cannot read users and every login fails"
            ),
            "Apply a plan, and write setup.env again.",
        ));
    }
    let provider = looked_up.and_then(LookUp::found);
    let is_encrypted = match &evidence.responses.token {
        Some(Ok(TokenResponse::Issued(issued))) => issued.parts == 5,
        _ => provider.is_some_and(|provider| provider.encryption_key.is_some()),
    };
    if is_encrypted {
        return Some(fail(
            "the client of NetBird's management has an encryption key, but NetBird cannot read encrypted \
             tokens",
            "Remove its Encryption Key, or apply a plan.",
        ));
    }
    let provider = provider?;
    let name = evidence.shown(&provider.name);
    if !allows_credentials(provider) {
        return Some(fail(
            format!("the provider \"{name}\" does not allow the grant type client_credentials"),
            "Allow client_credentials on it, or apply a plan.",
        ));
    }
    let (message, hint) = federation::judge_provider(provider).concern()?;
    Some(warn(format!("the provider \"{name}\": {message}"), hint))
}

/// Servers before 2026.5 allow every grant type.
fn allows_credentials(provider: &Provider) -> bool {
    let allowed = provider.grant_types.as_ref();
    allowed.is_none_or(|all| all.iter().any(|one| *one == GrantType::ClientCredentials))
}
