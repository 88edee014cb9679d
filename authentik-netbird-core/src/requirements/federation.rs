//! Tokens of other applications and sources, which a provider may accept in place of a login.

use super::{Evidence, Judgement, fail, pass, unknown_provider};
use crate::authentik::Provider;

/// Whether the provider of people's logins accepts tokens of others.
pub(crate) fn judge(evidence: &Evidence<'_>) -> Judgement {
    evidence.provider.map_or_else(unknown_provider, judge_provider)
}

/// Whether a provider accepts tokens of others. Anyone who can get one of those gets one of NetBird's, with
/// all scopes.
pub(crate) fn judge_provider(provider: &Provider) -> Judgement {
    let counts = [
        (provider.jwt_federation_providers.len(), "provider"),
        (provider.jwt_federation_sources.len(), "source"),
    ];
    let accepted: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} other {what}{}", if *count > 1 { "s" } else { "" }))
        .collect();
    if accepted.is_empty() {
        return pass("the provider accepts no tokens of others");
    }
    fail(
        format!(
            "it accepts tokens of {} in place of a login, and gives NetBird's for them",
            accepted.join(" and of ")
        ),
        "Remove them from the provider's \"Federated OIDC\" settings in authentik",
    )
}
