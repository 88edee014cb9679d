//! The scopes that NetBird requests, and the one with which it reads users.

use super::{API_SCOPE, Evidence, Judgement, Requirement, fail, pass, unknown_provider, warn};
use crate::integration::GuideStep;
use crate::report::CheckName;

pub(super) const REQUIREMENT: Requirement = Requirement {
    check: CheckName::Scopes,
    need: "every scope that NetBird requests has a scope mapping of the provider, no matter whose; \
           authentik drops others silently",
    guide: Some(GuideStep::Provider),
};

/// The scopes of people's tokens.
pub(crate) fn judge(evidence: &Evidence<'_>) -> Judgement {
    let Some(provided) = provided(evidence) else { return unknown_provider() };
    let is_missing = |scope: &&str| !provided.iter().any(|has| has == scope);
    let required = evidence.needs.required_scopes().iter().copied();
    let missing: Vec<&str> = required.filter(is_missing).collect();
    if !missing.is_empty() {
        let effect = if missing == ["offline_access"] {
            "logins cannot be renewed, and people are logged out again and again"
        } else {
            "NetBird gets less about people than it needs"
        };
        let mapping =
            |scope: &&str| format!("\"authentik default OAuth Mapping: OpenID '{scope}'\"");
        let mappings: Vec<String> = missing.iter().map(mapping).collect();
        return fail(
            format!("the provider has no scope mapping for {}, so {effect}", missing.join(", ")),
            format!("Add {} to the provider's scopes, or apply a plan.", mappings.join(", ")),
        );
    }
    // The guide's `api` is not one of authentik's scopes, and nothing is lost by it.
    let mut requested = evidence.needs.scopes.iter().map(String::as_str);
    match requested.find(|scope| *scope != "api" && is_missing(scope)) {
        Some(scope) => warn(
            format!(
                "NetBird requests the scope {}, for which the provider has no scope mapping: \
                 authentik drops it silently",
                evidence.show(scope)
            ),
            "Remove it from setup.env (groups come with the scope profile), or add a scope mapping to \
             the provider.",
        ),
        None => pass("the provider has every scope that NetBird requests"),
    }
}

pub(crate) const API_HINT: &str = "Add \"authentik default OAuth Mapping: authentik API access\" to the provider's \
                                   scopes, or apply a plan.";

/// The scope with which management reads users, on the client that it uses for that.
pub(crate) fn judge_api(evidence: &Evidence<'_>) -> Judgement {
    if !evidence.needs.reads_users_with_client {
        return pass("NetBird reads no users with this client");
    }
    let Some(provided) = provided(evidence) else { return unknown_provider() };
    if provided.iter().any(|scope| scope == API_SCOPE) {
        return pass("NetBird may request the scope of authentik's API");
    }
    fail(
        format!("the provider has no scope mapping for {API_SCOPE}, so NetBird cannot read users"),
        API_HINT,
    )
}

/// The scopes that the provider's mappings provide: as the discovery document lists them, else by the
/// mappings themselves.
pub(crate) fn provided(evidence: &Evidence<'_>) -> Option<Vec<String>> {
    if let Some(scopes) = evidence.probes.scopes_supported {
        return Some(scopes.to_vec());
    }
    let (provider, snapshot) = (evidence.provider?, evidence.snapshot?);
    let mappings = snapshot.scope_mappings.iter();
    let ours = mappings.filter(|one| provider.property_mappings.contains(&one.pk));
    Some(ours.map(|one| one.scope_name.clone()).collect())
}
