//! The subject of tokens, by which NetBird knows a person.

use super::{Evidence, Judgement, Requirement, fail, missing, pass, unknown_provider, warn};
use crate::authentik::{ScopeMapping, SubjectMode};
use crate::integration::GuideStep;
use crate::report::CheckName;

pub(super) const REQUIREMENT: Requirement = Requirement {
    check: CheckName::SubjectMode,
    need: "if NetBird looks users up, the subject of tokens is the user's id, by which it does; \
           otherwise it must not change, since it is how NetBird knows people",
    guide: Some(GuideStep::Provider),
};

const HINT: &str = "Set the provider's Subject mode to \"Based on the User's ID\", or apply a plan. \
                    People who are in NetBird already come back as new users.";

pub(crate) fn judge(evidence: &Evidence<'_>) -> Judgement {
    if !evidence.needs.looks_up_users {
        return pass("NetBird looks no users up, so it takes any subject; it must not change");
    }
    let mode = evidence.provider.and_then(|provider| provider.sub_mode.as_ref());
    if let Some(mode) = mode.filter(|mode| **mode != SubjectMode::UserId) {
        let message = format!(
            "the subject of tokens is {}, but NetBird looks users up by their id",
            evidence.show(&mode.to_string())
        );
        return fail(message, HINT);
    }
    let is_id = |sub: &str| !sub.is_empty() && sub.bytes().all(|byte| byte.is_ascii_digit());
    if evidence.probes.subject.is_some_and(|sub| !is_id(sub)) {
        return fail(
            "the subject of tokens is not the user's id, by which NetBird looks users up",
            HINT,
        );
    }
    if let Some(mapping) = overriding(evidence).first() {
        return warn(
            format!(
                "the scope mapping \"{}\" may replace the subject of tokens, so that one person could \
                 be another in NetBird",
                evidence.show(&mapping.name)
            ),
            "Remove `sub` from its expression, or the mapping from the provider.",
        );
    }
    if mode.is_none() && evidence.probes.subject.is_none() {
        return match evidence.provider {
            Some(_) => missing("the subject mode"),
            None => unknown_provider(),
        };
    }
    pass("the subject of tokens is the user's id, by which NetBird looks users up")
}

/// Mappings of the provider that someone wrote and that may replace the subject.
pub(crate) fn overriding<'a>(evidence: &Evidence<'a>) -> Vec<&'a ScopeMapping> {
    let (Some(provider), Some(snapshot)) = (evidence.provider, evidence.snapshot) else {
        return Vec::new();
    };
    let mappings = snapshot.scope_mappings.iter();
    mappings
        .filter(|one| provider.property_mappings.contains(&one.pk))
        .filter(|one| one.managed.is_none() && names_subject(&one.expression))
        .collect()
}

/// Whether an expression has `sub` as a word.
fn names_subject(expression: &str) -> bool {
    expression.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).any(|word| word == "sub")
}
