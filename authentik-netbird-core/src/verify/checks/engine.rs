//! The one engine of both modes: runs a mode's checks in order, over its evidence.

use std::collections::BTreeMap;

use crate::error::Error;
use crate::redact::{cleaned, without};
pub(super) use crate::requirements::{Judgement, fail, pass, warn};
use crate::secret::Secret;
use crate::verify::{Check, CheckName, CheckStatus};

pub(super) type Judge<E> = fn(&E, &Results) -> Judgement;

/// The checks of a mode, over its evidence.
pub(crate) trait Checks: Sized {
    /// In the order of [`CheckName`].
    fn checks() -> impl IntoIterator<Item = (CheckName, Judge<Self>)>;

    /// Skips a check for which the evidence does not have what is needed.
    fn blocks(&self, name: CheckName, results: &Results) -> Option<Judgement>;

    /// The secrets that no text may contain.
    fn secrets(&self) -> &[&Secret];

    /// Whether authentik has no discovery document because it has no application with a provider, which a plan
    /// creates. No plan creates a document that is out of reach.
    fn is_document_missing(&self) -> bool;

    /// A text that a server sent, fit to be shown.
    fn shown(&self, text: &str) -> String {
        cleaned(text, self.secrets(), 200)
    }

    /// Every check of this mode.
    fn report(&self) -> Vec<Check> {
        let mut results = Results::default();
        for (name, check) in Self::checks() {
            let blocked = self.blocks(name, &results);
            let outcome = blocked.unwrap_or_else(|| check(self, &results));
            results.0.insert(name, outcome);
        }
        let clean = |text: String| without(&text, self.secrets());
        let check = |(name, Judgement { status, message, hint })| Check {
            name,
            status,
            message: clean(message),
            hint: hint.map(clean),
            fixed_by_plan: None,
        };
        results.0.into_iter().map(check).collect()
    }
}

fn with(status: CheckStatus, message: impl Into<String>, hint: Option<String>) -> Judgement {
    Judgement { status, message: message.into(), hint }
}

pub(super) fn skip(message: impl Into<String>, hint: impl Into<String>) -> Judgement {
    with(CheckStatus::Skipped, message, Some(hint.into()))
}

/// It cannot be judged: the message says what is missing.
pub(super) fn unknown(message: impl Into<String>, hint: impl Into<String>) -> Judgement {
    with(CheckStatus::Unknown, message, Some(hint.into()))
}

/// NetBird does without it, and there is nothing to do.
pub(super) fn not_used(message: &str) -> Judgement {
    with(CheckStatus::Skipped, message, None)
}

/// The response to a probe is an error.
pub(super) fn failed(error: &Error) -> Judgement {
    fail(error.to_string(), hint_of(error))
}

pub(super) fn hint_of(error: &Error) -> String {
    error.hint().unwrap_or_else(|| LOG.to_owned())
}

/// A requirement's judgement; for an unknown one this says what is to be done.
pub(super) fn judged(judgement: Judgement, unknown: impl FnOnce(&str) -> Judgement) -> Judgement {
    if judgement.status == CheckStatus::Unknown { unknown(&judgement.message) } else { judgement }
}

/// What to do where a token does not show enough.
pub(super) const ADMINISTRATOR: &str = "Verify with the token of a member of \"authentik Admins\".";

pub(super) const LOG: &str = "Look for the cause in authentik's log.";

#[derive(Default)]
pub(crate) struct Results(BTreeMap<CheckName, Judgement>);

impl Results {
    pub(super) fn failed(&self, name: CheckName) -> bool {
        self.0.get(&name).is_some_and(|outcome| outcome.status == CheckStatus::Fail)
    }

    /// Skips a check that cannot pass because one of these failed, the first one.
    pub(super) fn blocked_by(&self, names: &[CheckName]) -> Option<Judgement> {
        let failed = names.iter().find(|name| self.failed(**name)).map(|name| blocked(*name));
        failed.or_else(|| names.iter().find_map(|name| self.unseen(*name)))
    }

    /// The checks that cannot be judged for the same reason as this one: what an administrator's token may not
    /// read, what a file does not say.
    pub(super) fn unseen(&self, name: CheckName) -> Option<Judgement> {
        if !matches!(name, CheckName::Administration | CheckName::Environment) {
            return None;
        }
        let cause = self.0.get(&name).filter(|one| one.status == CheckStatus::Unknown)?;
        Some(unknown(cause.message.clone(), cause.hint.clone().unwrap_or_default()))
    }

    /// Skips a check whose probe was not sent, because the discovery document did not say where.
    pub(super) fn not_sent(&self) -> Judgement {
        let names =
            [CheckName::Discovery, CheckName::Endpoints, CheckName::Issuer, CheckName::Environment];
        self.blocked_by(&names).unwrap_or_else(|| unknown("not checked", "Verify again."))
    }
}

pub(super) fn blocked(cause: CheckName) -> Judgement {
    skip(
        format!("skipped because of the check \"{cause}\""),
        format!("Fix {cause}, then verify again."),
    )
}
