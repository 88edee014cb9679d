//! [`Judgement`]: whether something is as NetBird needs it, and what to do if it is not.

use crate::report::CheckStatus;

/// The result of judging a requirement, or whatever else a verification checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    pub(crate) status: CheckStatus,
    /// What was found, or what evidence is missing.
    pub(crate) message: String,
    /// A remedy; `None` if there is nothing to do, or if it depends on who asks.
    pub(crate) hint: Option<String>,
}

pub(crate) fn pass(message: impl Into<String>) -> Judgement {
    Judgement { status: CheckStatus::Pass, message: message.into(), hint: None }
}

/// It works, but a person should know something.
pub(crate) fn warn(message: impl Into<String>, hint: impl Into<String>) -> Judgement {
    Judgement { status: CheckStatus::Warn, message: message.into(), hint: Some(hint.into()) }
}

pub(crate) fn fail(message: impl Into<String>, hint: impl Into<String>) -> Judgement {
    Judgement { status: CheckStatus::Fail, message: message.into(), hint: Some(hint.into()) }
}

/// The evidence does not show it.
pub(crate) fn missing(evidence: &str) -> Judgement {
    Judgement { status: CheckStatus::Unknown, message: evidence.to_owned(), hint: None }
}

impl Judgement {
    /// Why it is not met.
    pub(crate) fn unmet(&self) -> Option<&str> {
        (self.status == CheckStatus::Fail).then_some(self.message.as_str())
    }

    /// Message and hint of what is not met, or only to be known.
    pub(crate) fn concern(self) -> Option<(String, String)> {
        let is_concern = matches!(self.status, CheckStatus::Fail | CheckStatus::Warn);
        is_concern.then(|| (self.message, self.hint.unwrap_or_default()))
    }
}
