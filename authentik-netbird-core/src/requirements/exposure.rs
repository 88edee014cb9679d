//! Settings that give tokens to others than the people who log in, or for longer than anyone expects.

use super::{Evidence, Judgement, fail, pass, redirect_uris, warn};
use crate::authentik::{Provider, RedirectUriEntry};
use crate::resource::duration_seconds;

/// Somebody who loses access keeps it for as long as an access token is valid. In seconds.
const MAX_ACCESS_TOKEN: f64 = 86_400.0;
/// A refresh token that was stolen is good for as long. In seconds.
const MAX_REFRESH_TOKEN: f64 = 366.0 * 86_400.0;

/// Whether the client secret keeps anyone out: a public client has one, too, and authentik gives a token of
/// it to anyone who has it.
pub(crate) fn judge_secret(evidence: &Evidence<'_>) -> Judgement {
    match evidence.provider {
        Some(provider) if provider.has_empty_secret => fail(
            "the provider's client secret is empty, so anyone gets tokens for NetBird without one",
            "Set a new Client Secret on the provider, or apply a plan.",
        ),
        Some(_) => pass("the provider has a client secret"),
        None => super::unknown_provider(),
    }
}

/// The first of what a person should know about the provider.
pub(crate) fn judge(evidence: &Evidence<'_>) -> Judgement {
    let met = || pass("tokens of the provider end in time");
    warnings(evidence).into_iter().next().unwrap_or_else(met)
}

/// Warnings about the provider.
pub(crate) fn warnings(evidence: &Evidence<'_>) -> Vec<Judgement> {
    let Some(provider) = evidence.provider else { return Vec::new() };
    let mut found = Vec::new();
    for (what, validity, max) in [
        ("access", &provider.access_token_validity, MAX_ACCESS_TOKEN),
        ("refresh", &provider.refresh_token_validity, MAX_REFRESH_TOKEN),
    ] {
        if duration_seconds(validity).is_some_and(|seconds| seconds > max) {
            found.push(warn(
                format!(
                    "{what} tokens are valid for {}, and stay so when somebody loses access",
                    evidence.show(validity)
                ),
                "Shorten it on the provider, unless it is intended.",
            ));
        }
    }
    let domain = evidence.needs.domain.as_str();
    if let Some(uri) = foreign_logout(provider, domain).filter(|_| !domain.is_empty()) {
        found.push(warn(
            format!("a logout leads to another host, {}", evidence.show(&uri)),
            "Remove it from the provider, unless it is meant.",
        ));
    }
    found
}

fn foreign_logout(provider: &Provider, domain: &str) -> Option<String> {
    let logout = RedirectUriEntry {
        matching_mode: crate::resource::Open::Known(crate::authentik::MatchingMode::Strict),
        url: provider.logout_uri.clone(),
        redirect_uri_type: None,
    };
    let entries = provider.redirect_uris.iter().filter(|uri| !uri.is_for_authorization());
    let mut all = entries.chain(Some(&logout).filter(|logout| !logout.url.is_empty()));
    all.find(|entry| !redirect_uris::is_netbirds(entry, domain)).map(|entry| entry.url.clone())
}
