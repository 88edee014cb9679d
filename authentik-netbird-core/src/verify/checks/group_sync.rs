//! Whether NetBird takes groups over, and from a claim that authentik emits.

use serde_json::Value;

use super::connector::ConnectorEvidence;
use super::engine::{Checks, Judgement, blocked, fail, pass, warn};
use crate::authentik::ScopeMapping;
use crate::plan::DesiredState;
use crate::report::CheckName;

pub(super) fn group_sync(evidence: &ConnectorEvidence<'_>) -> Judgement {
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
    let allowed = account.allowed_groups();
    let names = evidence.shown(&format!("\"{}\"", allowed.join("\", \"")));
    if !account.is_on("jwt_groups_enabled") {
        if allowed.is_empty() {
            return pass("NetBird takes no groups over");
        }
        return warn(
            format!(
                "NetBird takes no groups over, so it ignores its allowed groups {names} and gives everyone access"
            ),
            "Set `sync_groups`.",
        );
    }
    let claim = account.setting("jwt_groups_claim_name").and_then(Value::as_str);
    let claim = claim.unwrap_or_default();
    let preview = evidence.preview.as_ref().and_then(|preview| preview.as_ref().ok());
    let emits = |one: &&ScopeMapping| match claim {
        "" => false,
        "groups" => one.emits_groups(),
        _ => one.expression.contains(claim),
    };
    let is_emitted = preview.is_some_and(|token| token.get(claim).is_some())
        || of_provider.iter().any(emits)
        || of_provider.is_empty();
    if !is_emitted && !of_provider.iter().any(|one| one.scope_name == "profile") {
        return blocked(CheckName::Scopes);
    }
    if !is_emitted {
        let shown = evidence.shown(claim);
        let message = format!(
            "NetBird takes groups over from the claim \"{shown}\", which no scope mapping emits"
        );
        let hint = if claim == "groups" {
            "Add groups to the provider's scope mapping for profile, or set `claim_groups`."
        } else {
            "Set `sync_groups`, or the claim \"groups\" in NetBird under Settings > Groups."
        };
        if allowed.is_empty() {
            return warn(message, hint);
        }
        let refuses = format!("it allows only members of {names}, so it refuses everyone");
        return fail(format!("{message}; {refuses} but its local owner"), hint);
    }
    if allowed.is_empty() {
        return pass("NetBird synchronizes people's groups at each login");
    }
    if claim == "groups" && !is_any_reported(evidence, &of_provider, &allowed) {
        return fail(
            format!(
                "NetBird allows only members of {names}, of which authentik reports none: it refuses everyone \
                 but its local owner"
            ),
            "Set `allowed_groups` to groups that are reported, or report these.",
        );
    }
    pass(format!("NetBird takes groups over, and only members of {names} may use it"))
}

/// Whether our scope mapping, where the provider has it, reports one of the allowed groups.
fn is_any_reported(
    evidence: &ConnectorEvidence<'_>,
    of_provider: &[&ScopeMapping],
    allowed: &[&str],
) -> bool {
    let desired = DesiredState::from(evidence.integration);
    let claim = desired.connector.and_then(|connector| connector.claim);
    let is_ours =
        |one: &&ScopeMapping| claim.as_ref().is_some_and(|it| it.expression == one.expression);
    let options = evidence.integration.connector();
    !of_provider.iter().any(is_ours)
        || options.is_none_or(|options| allowed.iter().any(|name| options.reports_group(name)))
}
