//! The claims about people in tokens, and the issuer.

use super::{Evidence, Judgement, Requirement, fail, missing, pass, unknown_provider};
use crate::authentik::IssuerMode;
use crate::integration::GuideStep;
use crate::report::CheckName;

pub(super) const REQUIREMENT: Requirement = Requirement {
    check: CheckName::Scopes,
    need: "tokens contain names, addresses and groups",
    guide: None,
};

pub(super) const ISSUER: Requirement = Requirement {
    check: CheckName::Issuer,
    need: "the issuer is that of the application, exactly: NetBird compares it with the one in tokens",
    guide: Some(GuideStep::Provider),
};

pub(crate) const ISSUER_HINT: &str = "Set the provider's Issuer mode to \"Each provider has a different issuer, based \
                                      on the application slug\", or apply a plan.";

pub(crate) fn judge(evidence: &Evidence<'_>) -> Judgement {
    match evidence.provider.map(|provider| provider.include_claims_in_id_token) {
        Some(Some(true)) => pass("tokens contain names, addresses and groups"),
        Some(Some(false)) => fail(
            "tokens do not contain names, addresses and groups",
            "Enable the provider's \"Include claims in id_token\", or apply a plan.",
        ),
        Some(None) => missing("what is in tokens"),
        None => unknown_provider(),
    }
}

pub(crate) fn judge_issuer(evidence: &Evidence<'_>) -> Judgement {
    match evidence.provider.map(|provider| provider.issuer_mode.as_ref()) {
        Some(Some(mode)) if *mode == IssuerMode::PerProvider => {
            pass("the issuer is the application's own")
        }
        Some(Some(_)) => fail("the issuer is the same for every application", ISSUER_HINT),
        Some(None) => missing("the issuer mode"),
        None => unknown_provider(),
    }
}
