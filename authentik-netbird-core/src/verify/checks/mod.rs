//! From evidence to checks. Pure: no clock, no IO.
//!
//! One cause fails one check: causes are judged before what follows from them, and what cannot work
//! because of a failed check is skipped instead of failing, too.

mod account;
mod api_client;
pub(crate) mod connector;
mod device;
mod environment;
mod group_sync;
mod people;
mod provider;
mod redirects;
mod server;
mod users;

use std::collections::BTreeMap;

use url::Url;

use super::responses::{Document, Responses, TokenResponse};
use super::settings::NetbirdSettings;
use super::{Check, CheckName, CheckStatus};
use crate::error::{Error, Result};
use crate::integration::NetbirdIntegration;
use crate::redact::{cleaned, without};
use crate::requirements::{Judgement, encryption, subject};
use crate::secret::Secret;

/// All that checks are judged on.
pub(crate) struct Evidence<'a> {
    pub(crate) settings: &'a NetbirdSettings,
    pub(crate) responses: &'a Responses,
    /// The integration; `None` for a `setup.env` alone.
    pub(crate) integration: Option<&'a NetbirdIntegration>,
    /// Where the administrator's token belongs to; `None`: without one.
    pub(crate) administrator: Option<&'a Url>,
    /// The secrets that no text may contain.
    pub(crate) secrets: Vec<&'a Secret>,
}

/// The result of one check, without its name.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    status: CheckStatus,
    message: String,
    hint: Option<String>,
}

fn pass(message: impl Into<String>) -> Outcome {
    Outcome { status: CheckStatus::Pass, message: message.into(), hint: None }
}

fn warn(message: impl Into<String>, hint: impl Into<String>) -> Outcome {
    Outcome { status: CheckStatus::Warn, message: message.into(), hint: Some(hint.into()) }
}

fn fail(message: impl Into<String>, hint: impl Into<String>) -> Outcome {
    Outcome { status: CheckStatus::Fail, message: message.into(), hint: Some(hint.into()) }
}

fn skip(message: impl Into<String>, hint: impl Into<String>) -> Outcome {
    Outcome { status: CheckStatus::Skipped, message: message.into(), hint: Some(hint.into()) }
}

/// It cannot be judged: the message says what is missing.
fn unknown(message: impl Into<String>, hint: impl Into<String>) -> Outcome {
    Outcome { status: CheckStatus::Unknown, message: message.into(), hint: Some(hint.into()) }
}

/// NetBird does without it, and there is nothing to do.
fn not_used(message: &str) -> Outcome {
    Outcome { status: CheckStatus::Skipped, message: message.to_owned(), hint: None }
}

/// Only an administrator's token shows it.
fn needs_administrator() -> Outcome {
    unknown(
        "cannot be checked without an administrator's token",
        "Verify with an administrator's token.",
    )
}

/// The response to a probe is an error.
fn failed(error: &Error) -> Outcome {
    fail(error.to_string(), error.hint().unwrap_or_else(|| LOG.to_owned()))
}

/// A requirement's judgement; for an unknown one this says what is to be done.
fn judged(judgement: Judgement, unknown: impl FnOnce(&str) -> Outcome) -> Outcome {
    match judgement {
        Judgement::Met(message) => pass(message),
        Judgement::Warning { message, hint } => warn(message, hint),
        Judgement::NotMet { message, hint } => fail(message, hint),
        Judgement::Unknown { missing } => unknown(&missing),
    }
}

const LOG: &str = "Look for the cause in authentik's log.";

#[derive(Default)]
struct Results(BTreeMap<CheckName, Outcome>);

impl Results {
    fn failed(&self, name: CheckName) -> bool {
        self.0.get(&name).is_some_and(|outcome| outcome.status == CheckStatus::Fail)
    }

    /// Skips a check that cannot pass because one of these failed, the first one.
    fn blocked_by(&self, names: &[CheckName]) -> Option<Outcome> {
        let failed = names.iter().find(|name| self.failed(**name)).map(|name| blocked(*name));
        failed.or_else(|| names.iter().find_map(|name| self.unseen(*name)))
    }

    /// The checks that cannot be judged for the same reason as this one: what an administrator's token may not
    /// read, what a file does not say.
    fn unseen(&self, name: CheckName) -> Option<Outcome> {
        if !matches!(name, CheckName::Administration | CheckName::Environment) {
            return None;
        }
        let cause = self.0.get(&name).filter(|one| one.status == CheckStatus::Unknown)?;
        Some(unknown(cause.message.clone(), cause.hint.clone().unwrap_or_default()))
    }

    /// Skips a check whose probe was not sent, because the discovery document did not say where.
    fn not_sent(&self) -> Outcome {
        let names =
            [CheckName::Discovery, CheckName::Endpoints, CheckName::Issuer, CheckName::Environment];
        self.blocked_by(&names).unwrap_or_else(|| unknown("not checked", "Verify again."))
    }
}

fn blocked(cause: CheckName) -> Outcome {
    skip(
        format!("skipped because of the check \"{cause}\""),
        format!("Fix {cause}, then verify again."),
    )
}

impl<'a> Evidence<'a> {
    /// A text that the server sent, fit to be shown.
    fn shown(&self, text: &str) -> String {
        cleaned(text, &self.secrets, 200)
    }

    /// The discovery document, if it is as it should be.
    fn document(&self, results: &Results) -> Option<&'a Document> {
        let is_right = results.blocked_by(&[CheckName::Discovery]).is_none();
        self.responses.discovery.as_ref().ok().filter(|_| is_right)
    }

    /// Whether management reads users with the client of people's browsers: then its token request shows
    /// something about that client.
    fn shares_client(&self) -> bool {
        let account = self.settings.account.as_ref();
        account.is_none_or(|account| account.client_id == self.settings.client_id)
    }

    /// The result of the token request for the client of people's browsers.
    fn login_token(&self) -> Option<&'a Result<TokenResponse>> {
        self.responses.token.as_ref().filter(|_| self.shares_client())
    }

    /// Whether authentik gave NetBird a token: then client, account, app password and access are
    /// right.
    fn has_token(&self) -> bool {
        matches!(self.responses.token, Some(Ok(TokenResponse::Issued(_))))
    }

    /// Whether the administrator's token shows the tokens of other users.
    fn sees_all_tokens(&self) -> bool {
        let administration = self.responses.administration.as_ref();
        let caller = administration.and_then(|seen| seen.snapshot.caller.as_ref());
        caller.is_some_and(|caller| caller.is_superuser)
    }

    /// OAuth2's error code in the response to the token request.
    fn token_refusal(&self) -> Option<&str> {
        match &self.responses.token {
            Some(Ok(TokenResponse::Refused(code))) => Some(code),
            _ => None,
        }
    }
}

type Judge = fn(&Evidence<'_>, &Results) -> Outcome;

/// The checks, in the order of [`CheckName`]; those of the connector mode are its own.
const CHECKS: [(CheckName, Judge); 23] = [
    (CheckName::Environment, |evidence, _| environment::environment(evidence)),
    (CheckName::Discovery, server::discovery),
    (CheckName::Issuer, server::issuer),
    (CheckName::Endpoints, server::endpoints),
    (CheckName::Clock, server::clock),
    (CheckName::Administration, server::administration),
    (CheckName::Client, provider::client),
    (CheckName::Audience, provider::audience),
    (CheckName::SigningKey, provider::signing_key),
    (CheckName::Encryption, |evidence, results| evidence.met(results, encryption::judge)),
    (CheckName::SubjectMode, |evidence, results| evidence.met(results, subject::judge)),
    (CheckName::Scopes, provider::scopes),
    (CheckName::GrantTypes, provider::grant_types),
    (CheckName::RedirectUris, redirects::redirect_uris),
    (CheckName::PromptLogin, |evidence, _| redirects::prompt_login(evidence)),
    (CheckName::DeviceAuthorization, device::authorization),
    (CheckName::DevicePage, device::page),
    (CheckName::ApiClient, api_client::api_client),
    (CheckName::ServiceAccount, |evidence, _| account::service_account(evidence)),
    (CheckName::AppPassword, account::app_password),
    (CheckName::ApplicationAccess, application_access),
    (CheckName::Token, users::token),
    (CheckName::Users, users::users),
];

/// Whether the application's bindings allow NetBird's account, and anyone else.
fn application_access(evidence: &Evidence<'_>, results: &Results) -> Outcome {
    let account = account::application_access(evidence, results);
    let is_well = account.hint.is_none();
    people::nobody(evidence).filter(|_| is_well).unwrap_or(account)
}

/// Why an administrator's token may not show something.
const CAUSES: [CheckName; 4] =
    [CheckName::Administration, CheckName::Discovery, CheckName::Environment, CheckName::Client];

/// Every check of this mode.
pub(crate) fn judge(evidence: &Evidence<'_>) -> Vec<Check> {
    let mut results = Results::default();
    for (name, check) in CHECKS {
        let blocked = environment::blocks(evidence, name, &results);
        let mut outcome = blocked.unwrap_or_else(|| check(evidence, &results));
        // A token was given: what it does not show has another cause.
        if outcome == needs_administrator() && evidence.responses.administration.is_some() {
            outcome = results.blocked_by(&CAUSES).unwrap_or(outcome);
        }
        results.0.insert(name, outcome);
    }
    checks_of(results, &evidence.secrets)
}

fn checks_of(results: Results, secrets: &[&Secret]) -> Vec<Check> {
    let clean = |text: String| without(&text, secrets);
    let check = |(name, Outcome { status, message, hint })| Check {
        name,
        status,
        message: clean(message),
        hint: hint.map(clean),
        fixed_by_plan: None,
    };
    results.0.into_iter().map(check).collect()
}

#[cfg(test)]
mod tests;
