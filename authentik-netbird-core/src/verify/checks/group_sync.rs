//! Whether NetBird takes groups over, and from a claim that authentik emits.

use serde_json::Value;

use super::connector::ConnectorEvidence;
use super::{Outcome, fail, pass, warn};
use crate::authentik::ScopeMapping;

pub(super) fn group_sync(evidence: &ConnectorEvidence<'_>) -> Outcome {
    let account = match evidence.account() {
        Ok(account) => account,
        Err(outcome) => return outcome,
    };
    let mappings = evidence.snapshot.scope_mappings.iter();
    let of_provider: Vec<&ScopeMapping> = mappings
        .filter(|one| {
            evidence.provider().is_some_and(|all| all.property_mappings.contains(&one.pk))
        })
        .collect();
    if of_provider.iter().filter(|one| one.emits_groups()).count() > 1 {
        return warn(
            "several scope mappings of the provider emit groups, so NetBird gets each group twice",
            "Keep one of them on the provider.",
        );
    }
    let is_on = account.is_on("jwt_groups_enabled");
    let claim = account.setting("jwt_groups_claim_name").and_then(Value::as_str);
    let allowed = account.setting("jwt_allow_groups").and_then(Value::as_array);
    let allowed = allowed.map_or(0, Vec::len);
    let preview = evidence.preview.as_ref().and_then(|preview| preview.as_ref().ok());
    let emits = |claim: &str| {
        preview.is_some_and(|token| token.get(claim).is_some())
            || of_provider.iter().any(|one| one.expression.contains(claim))
    };
    match (is_on, claim) {
        (true, Some("groups")) if allowed > 0 => pass(format!(
            "NetBird takes groups over, and only members of {allowed} of them may use it"
        )),
        (true, Some("groups")) => pass("NetBird takes people's groups over at each login"),
        (true, other) if allowed > 0 && !of_provider.is_empty() && !other.is_some_and(emits) => {
            fail(
                format!(
                    "NetBird allows members of {allowed} groups by the claim \"{}\", which no scope mapping \
                 emits: it refuses everyone but its local owner",
                    evidence.shown(other.unwrap_or_default())
                ),
                "Set `sync_groups`, or the claim \"groups\" in NetBird under Settings > Groups.",
            )
        }
        (true, other) => warn(
            format!(
                "NetBird takes groups over from the claim \"{}\", but authentik emits them in \"groups\"",
                evidence.shown(other.unwrap_or_default())
            ),
            "Set `sync_groups`, or the claim in NetBird under Settings > Groups.",
        ),
        (false, _) if allowed > 0 => warn(
            "only members of some groups may use NetBird, but it takes no groups over",
            "Set `sync_groups`.",
        ),
        (false, _) => pass("NetBird takes no groups over"),
    }
}
