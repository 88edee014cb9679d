//! The grant types that NetBird uses (authentik 2026.5 and later).

use super::{Evidence, Judgement, Requirement, fail, pass, unknown_provider, warn};
use crate::authentik::GrantType;
use crate::report::CheckName;

pub(super) const REQUIREMENT: Requirement = Requirement {
    check: CheckName::GrantTypes,
    need: "the provider allows the grant types that NetBird uses (authentik 2026.5 and later; earlier \
           releases allow all)",
    guide: None,
};

pub(crate) const HINT: &str = "Allow authorization_code, refresh_token, device_code and \
                               client_credentials on the provider, or apply a plan.";

pub(crate) fn judge(evidence: &Evidence<'_>) -> Judgement {
    let Some(provider) = evidence.provider else { return unknown_provider() };
    let Some(allowed) = &provider.grant_types else {
        return pass("this release of authentik allows every grant type");
    };
    if allowed.is_empty() {
        return fail("the provider allows no grant type, so no login works", HINT);
    }
    let needed = evidence.needs.grant_types();
    if let Some(kind) = needed.iter().find(|kind| !allowed.iter().any(|has| has == *kind)) {
        let message = format!("the provider does not allow the grant type {kind}");
        return fail(message, HINT);
    }
    if allowed.iter().any(|has| *has == GrantType::Password) {
        return warn(
            "the provider allows the grant type password, which NetBird does not use and which takes \
             people's passwords past their second factor",
            "Remove it from the provider's grant types.",
        );
    }
    pass("the provider allows the grant types that NetBird uses")
}
