//! Judging: from what came to checks. Pure: no clock, no IO.
//!
//! One cause, one failed check: causes are judged before what follows from them, and what can't
//! work because of a failed check waits for it instead of failing, too.

mod account;
mod device;
mod provider;
mod redirects;
mod requests;
mod server;

use std::collections::BTreeMap;

use super::answers::{Answers, TokenOutcome};
use super::settings::NetbirdSettings;
use super::trouble::Trouble;
use super::{Check, CheckName, CheckStatus};
use crate::integration::NetbirdIntegration;
use crate::redact::{cleaned, without};
use crate::secret::Secret;

/// All that is judged from.
pub(super) struct Case<'a> {
    pub(super) settings: &'a NetbirdSettings,
    pub(super) answers: &'a Answers,
    /// What was asked for; `None` for a `setup.env` alone.
    pub(super) wanted: Option<&'a NetbirdIntegration>,
    /// What no text may have in it.
    pub(super) secrets: Vec<&'a Secret>,
}

/// How a check came out, with its sentence and remedy.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    status: CheckStatus,
    message: String,
    remedy: Option<String>,
}

fn pass(message: impl Into<String>) -> Finding {
    Finding { status: CheckStatus::Pass, message: message.into(), remedy: None }
}

fn warn(message: impl Into<String>, remedy: impl Into<String>) -> Finding {
    Finding { status: CheckStatus::Warn, message: message.into(), remedy: Some(remedy.into()) }
}

fn fail(message: impl Into<String>, remedy: impl Into<String>) -> Finding {
    Finding { status: CheckStatus::Fail, message: message.into(), remedy: Some(remedy.into()) }
}

fn skip(message: impl Into<String>, remedy: impl Into<String>) -> Finding {
    Finding { status: CheckStatus::Skipped, message: message.into(), remedy: Some(remedy.into()) }
}

/// NetBird does without it, and there is nothing to do.
fn not_used(message: &str) -> Finding {
    Finding { status: CheckStatus::Skipped, message: message.to_owned(), remedy: None }
}

/// Only an administrator's token shows it.
fn needs_administrator() -> Finding {
    skip("can't be seen without an administrator's token", "verify with an administrator's token")
}

/// What was found so far.
#[derive(Default)]
struct Found(BTreeMap<CheckName, Finding>);

impl Found {
    fn failed(&self, name: CheckName) -> bool {
        self.0.get(&name).is_some_and(|finding| finding.status == CheckStatus::Fail)
    }

    /// The first of these checks that failed: what is asked about can't work because of it.
    fn waits_for(&self, names: &[CheckName]) -> Option<Finding> {
        let name = names.iter().find(|name| self.failed(**name))?;
        Some(skip(format!("waits for {name}"), format!("put {name} right, then verify again")))
    }

    /// For what was not asked for, because the discovery document did not say where.
    fn not_asked(&self) -> Finding {
        let names = [CheckName::Discovery, CheckName::Endpoints, CheckName::Issuer];
        self.waits_for(&names).unwrap_or_else(|| skip("was not asked for", "verify again"))
    }
}

impl Case<'_> {
    /// A text of the server's, fit to be shown.
    fn shown(&self, text: &str) -> String {
        cleaned(text, &self.secrets, 200)
    }

    /// What came in place of `what`.
    fn message(&self, trouble: &Trouble, what: &str) -> String {
        trouble.message(what, &self.secrets)
    }

    /// Whether authentik gave NetBird a token: client, account, app password and access are right
    /// then.
    fn has_token(&self) -> bool {
        matches!(self.answers.token, Some(TokenOutcome::Issued(_)))
    }

    /// OAuth2's error code in the answer to the token request.
    fn token_refusal(&self) -> Option<&str> {
        match &self.answers.token {
            Some(TokenOutcome::Refused(code)) => Some(code),
            _ => None,
        }
    }
}

/// Every check, in the order of [`CheckName`].
pub(super) fn judge(case: &Case<'_>) -> Vec<Check> {
    let mut found = Found::default();
    for name in CheckName::ALL {
        let finding = match name {
            CheckName::Discovery => server::discovery(case),
            CheckName::Issuer => server::issuer(case, &found),
            CheckName::Endpoints => server::endpoints(case, &found),
            CheckName::Clock => server::clock(case),
            CheckName::Administration => server::administration(case),
            CheckName::Client => provider::client(case, &found),
            CheckName::Audience => provider::audience(case, &found),
            CheckName::SigningKey => provider::signing_key(case, &found),
            CheckName::Encryption => provider::encryption(case, &found),
            CheckName::SubjectMode => provider::subject_mode(case, &found),
            CheckName::Scopes => provider::scopes(case, &found),
            CheckName::GrantTypes => provider::grant_types(case, &found),
            CheckName::RedirectUris => redirects::redirect_uris(case, &found),
            CheckName::PromptLogin => redirects::prompt_login(case),
            CheckName::DeviceAuthorization => device::authorization(case, &found),
            CheckName::DevicePage => device::page(case, &found),
            CheckName::ServiceAccount => account::service_account(case),
            CheckName::AppPassword => account::app_password(case, &found),
            CheckName::ApplicationAccess => account::application_access(case, &found),
            CheckName::Token => requests::token(case, &found),
            CheckName::Users => requests::users(case, &found),
        };
        found.0.insert(name, finding);
    }
    let clean = |text: String| without(&text, &case.secrets);
    let check = |(name, Finding { status, message, remedy })| Check {
        name,
        status,
        message: clean(message),
        remedy: remedy.map(clean),
    };
    found.0.into_iter().map(check).collect()
}

#[cfg(test)]
mod tests;
