//! NetBird's needs of authentik, each once: plans satisfy the requirements that are not met, and
//! verify proves that all are met.
//!
//! One file per subject. Each says what NetBird needs and why ([`Requirement`]), and judges evidence,
//! which is whatever is known: a plan has a snapshot, verify has NetBird's settings, what probes showed
//! and, with an administrator's token, a snapshot, too. A plan writes the requirements that are not met.

pub(crate) mod access;
pub(crate) mod api_client;
pub(crate) mod claims;
pub(crate) mod client;
pub(crate) mod device_flow;
pub(crate) mod encryption;
pub(crate) mod exposure;
pub(crate) mod federation;
pub(crate) mod grant_types;
pub(crate) mod identity_provider;
mod judgement;
mod needs;
pub(crate) mod redirect_uris;
pub(crate) mod scopes;
pub(crate) mod signing_key;
pub(crate) mod subject;

pub(crate) use judgement::{Judgement, fail, missing, pass, warn};
pub(crate) use needs::{API_SCOPE, CALLBACK, LOGOUT_CALLBACK, Needs, SCOPES};

use crate::authentik::{Provider, Snapshot};
use crate::integration::GuideStep;
use crate::report::CheckName;

/// A single need of NetBird, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Requirement {
    /// The check of a verification that proves it.
    pub check: CheckName,
    /// The need, and the reason for it, in a sentence.
    pub need: &'static str,
    /// Where the guide has it; `None`: it does not.
    pub guide: Option<GuideStep>,
}

/// The requirements that authentik has to meet, in the order of a report.
#[must_use]
pub fn requirements() -> &'static [Requirement] {
    const ALL: &[Requirement] = &[
        claims::ISSUER,
        client::REQUIREMENT,
        signing_key::REQUIREMENT,
        encryption::REQUIREMENT,
        subject::REQUIREMENT,
        scopes::REQUIREMENT,
        claims::REQUIREMENT,
        grant_types::REQUIREMENT,
        redirect_uris::REQUIREMENT,
        device_flow::REQUIREMENT,
        access::REQUIREMENT,
        api_client::REQUIREMENT,
    ];
    ALL
}

pub(crate) type Judge = fn(&Evidence<'_>) -> Judgement;

/// The evidence that requirements are judged by. Unknown evidence is absent.
#[derive(Clone, Copy)]
pub(crate) struct Evidence<'a> {
    pub(crate) needs: &'a Needs,
    /// NetBird's provider, as an administrator's token showed it.
    pub(crate) provider: Option<&'a Provider>,
    /// The further contents of such a token.
    pub(crate) snapshot: Option<&'a Snapshot>,
    pub(crate) probes: Probes<'a>,
    /// Makes a text of the server fit to be shown.
    pub(crate) shown: &'a dyn Fn(&str) -> String,
}

/// The results of probes; none for a plan.
#[derive(Clone, Copy, Default)]
pub(crate) struct Probes<'a> {
    /// Types of the keys in the key set.
    pub(crate) key_types: Option<&'a [String]>,
    /// Scopes that the discovery document lists.
    pub(crate) scopes_supported: Option<&'a [String]>,
    /// Whether pages of NetBird's host may read authentik's responses.
    pub(crate) answers_dashboard: Option<bool>,
    /// How many parts the token has that authentik issued: a signed one three, an encrypted one five.
    pub(crate) token_parts: Option<usize>,
    /// The subject in it.
    pub(crate) subject: Option<&'a str>,
}

impl Evidence<'_> {
    fn show(&self, text: &str) -> String {
        (self.shown)(text)
    }
}

/// Only an administrator's token shows the provider.
fn unknown_provider() -> Judgement {
    missing("the provider, which only an administrator's token shows")
}
