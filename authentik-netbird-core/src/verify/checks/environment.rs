//! NetBird's own file, and what cannot be judged because of it.

use super::engine::{Judgement, Results, fail, pass, unknown, warn};
use super::evidence::Evidence;
use crate::issue::{Issue, excerpt};
use crate::verify::CheckName;
use crate::verify::reader::ENDPOINT;

/// The most issues that a report names; [`NetbirdSettings::issues`](crate::verify::NetbirdSettings)
/// has all of them.
const MAX_NAMED: usize = 8;

const DOMAIN: &str = "NETBIRD_DOMAIN";

pub(super) fn environment(evidence: &Evidence<'_>) -> Judgement {
    let mut environment = evidence.settings.environment.clone();
    environment.failed.extend(mismatches(evidence));
    let environment = &environment;
    let of = |issues: &[Issue], outcome: fn(String, String) -> Judgement| {
        outcome(messages(issues), hints(issues))
    };
    match environment {
        one if !one.failed.is_empty() => of(&one.failed, fail),
        one if !one.unknown.is_empty() => of(&one.unknown, unknown),
        one if !one.warned.is_empty() => of(&one.warned, warn),
        _ => pass("NetBird reads every setting as it is meant"),
    }
}

/// Whether the file has another host name than the one that was asked about.
pub(super) fn is_of_another_domain(evidence: &Evidence<'_>) -> bool {
    mismatches(evidence).iter().any(|issue| issue.field == DOMAIN)
}

/// What the file has for another NetBird than the one that was asked about.
fn mismatches(evidence: &Evidence<'_>) -> Vec<Issue> {
    let Some(integration) = evidence.integration else { return Vec::new() };
    let settings = evidence.settings;
    let slug = settings.application_slug();
    [
        (DOMAIN, settings.domain.as_str(), integration.domain()),
        (ENDPOINT, slug.as_str(), integration.application_slug().as_str()),
    ]
    .into_iter()
    .filter(|(name, has, expected)| {
        !has.is_empty() && !has.eq_ignore_ascii_case(expected) && !settings.environment.names(name)
    })
    .map(|(name, has, expected)| {
        let message = format!("is for \"{}\", expected \"{expected}\"", excerpt(has, 60));
        let hint = if name == ENDPOINT {
            format!(
                "If that is this NetBird's, set `application_slug` to \"{}\", else use its file.",
                excerpt(has, 60)
            )
        } else {
            "Use the options and the file of the same NetBird.".to_owned()
        };
        Issue::new(name, message, hint)
    })
    .collect()
}

fn messages(issues: &[Issue]) -> String {
    let mut all: Vec<String> = issues
        .iter()
        .take(MAX_NAMED)
        .map(|issue| format!("{}: {}", issue.field, issue.message))
        .collect();
    if let Some(more) = issues.len().checked_sub(MAX_NAMED).filter(|more| *more > 0) {
        all.push(format!("and {more} more"));
    }
    all.join("; ")
}

/// Each hint once.
fn hints(issues: &[Issue]) -> String {
    let mut all: Vec<&str> = Vec::new();
    for issue in issues.iter().take(MAX_NAMED) {
        if !all.contains(&issue.hint.as_str()) {
            all.push(&issue.hint);
        }
    }
    all.join(" ")
}

/// Skips a check for which the file does not have what is needed.
pub(super) fn blocks(
    evidence: &Evidence<'_>,
    name: CheckName,
    results: &Results,
) -> Option<Judgement> {
    let settings = evidence.settings;
    let account = settings.account.as_ref();
    let is_missing = match name {
        CheckName::Environment | CheckName::Administration => false,
        _ if settings.configuration_endpoint.is_none() => true,
        CheckName::Client => settings.client_id.is_empty(),
        CheckName::Audience => settings.audience.is_empty() || settings.client_id.is_empty(),
        CheckName::Scopes => settings.scopes.is_empty(),
        CheckName::ServiceAccount
        | CheckName::AppPassword
        | CheckName::ApplicationAccess
        | CheckName::Token
        | CheckName::Users => account.map_or_else(
            || settings.environment.names("NETBIRD_MGMT_IDP"),
            |account| account.username.is_empty() || account.client_id.is_empty(),
        ),
        _ => false,
    };
    is_missing.then(|| {
        let causes = [CheckName::Environment, CheckName::Discovery];
        results
            .blocked_by(&causes)
            .unwrap_or_else(|| unknown("not known", "Verify with a setup.env."))
    })
}
