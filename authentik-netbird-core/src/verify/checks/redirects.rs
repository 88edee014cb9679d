//! Where a login may lead back to, and how often people log in.

use regex_lite::Regex;

use super::provider::provider;
use super::{Evidence, Outcome, Results, fail, needs_administrator, pass, warn};
use crate::authentik::{MatchingMode, RedirectUriEntry};
use crate::integration::leaves_host_open;
use crate::verify::CheckName;

pub(super) fn redirect_uris(evidence: &Evidence<'_>, results: &Results) -> Outcome {
    let Some(provider) = provider(evidence) else {
        // A probe would not do: before 2026.5, a provider without a list takes over the first URI
        // that it is asked for.
        let blocked = results.blocked_by(&[CheckName::Client, CheckName::Administration]);
        return blocked.unwrap_or_else(needs_administrator);
    };
    let allowed: Vec<&RedirectUriEntry> =
        provider.redirect_uris.iter().filter(|uri| uri.is_for_authorization()).collect();
    let hint = "Apply a plan, or enter the recommended redirect URIs on the provider.";
    if allowed.is_empty() {
        return fail(
            "the provider has no redirect URIs: before 2026.5 the first login sets one, and from \
             then on no other login works",
            hint,
        );
    }
    if let Some(open) = allowed.iter().find(|uri| is_open(uri)) {
        let message = format!(
            "the redirect URI {} also allows other hosts, which could take over logins",
            evidence.shown(&open.url)
        );
        let asked_for = evidence.integration.is_some_and(|integration| {
            integration.all_redirect_uris().iter().any(|uri| open.is(uri))
        });
        return if asked_for {
            warn(message, "Use the recommended redirect URIs instead of the guide's.")
        } else {
            fail(
                message,
                "Apply a plan, or write the whole host with escaped dots and a slash after it.",
            )
        };
    }
    for uri in &evidence.settings.redirect_uris {
        if allowed.iter().any(|entry| allows(entry, uri)) {
            continue;
        }
        let mut patterns = allowed.iter().filter(|entry| is_regex(entry));
        if let Some(unreadable) = patterns.find(|entry| pattern(&entry.url).is_none()) {
            let shown = evidence.shown(&unreadable.url);
            return warn(format!("cannot tell whether {shown} allows {uri}"), hint);
        }
        return fail(
            format!(
                "the provider does not allow {uri}, so the login ends in \"Redirect URI Error\""
            ),
            hint,
        );
    }
    pass("the provider allows NetBird's redirect URIs, and no other host's")
}

pub(super) fn prompt_login(evidence: &Evidence<'_>) -> Outcome {
    if evidence.settings.disables_prompt_login {
        return pass("people log in once");
    }
    warn(
        "NetBird's client sends prompt=login, so people log in twice",
        "Set NETBIRD_AUTH_PKCE_DISABLE_PROMPT_LOGIN=true in setup.env, then run configure.sh.",
    )
}

fn is_regex(entry: &RedirectUriEntry) -> bool {
    entry.matching_mode == MatchingMode::Regex
}

fn is_open(entry: &RedirectUriEntry) -> bool {
    is_regex(entry) && leaves_host_open(&entry.url)
}

/// Whether an entry matches the whole URI, as authentik matches it.
fn allows(entry: &RedirectUriEntry, uri: &str) -> bool {
    if is_regex(entry) {
        return pattern(&entry.url).is_some_and(|pattern| pattern.is_match(uri));
    }
    entry.url == uri
}

/// `None` for what only Python's regular expressions have.
fn pattern(text: &str) -> Option<Regex> {
    Regex::new(&format!("^(?:{text})$")).ok()
}
