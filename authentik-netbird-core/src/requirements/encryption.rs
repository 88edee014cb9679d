//! Tokens are not encrypted.

use super::{Evidence, Judgement, Requirement, fail, pass, unknown_provider};
use crate::integration::GuideStep;
use crate::report::CheckName;

pub(super) const REQUIREMENT: Requirement = Requirement {
    check: CheckName::Encryption,
    need: "tokens are signed and not encrypted: NetBird cannot read encrypted ones",
    guide: Some(GuideStep::Provider),
};

pub(crate) fn judge(evidence: &Evidence<'_>) -> Judgement {
    let hint = "Remove the provider's Encryption Key, or apply a plan.";
    if evidence.provider.is_some_and(|provider| provider.encryption_key.is_some()) {
        return fail(
            "the provider has an encryption key, but NetBird cannot read encrypted tokens",
            hint,
        );
    }
    match evidence.probes.token_parts {
        Some(5) => fail("tokens are encrypted (five parts), and NetBird cannot read them", hint),
        Some(3) => pass("tokens are signed and not encrypted"),
        Some(parts) => fail(
            format!("the token has {parts} parts, expected the three of a signed one"),
            "Let authentik's own response through to NetBird.",
        ),
        None if evidence.provider.is_some() => pass("the provider has no encryption key"),
        None => unknown_provider(),
    }
}
