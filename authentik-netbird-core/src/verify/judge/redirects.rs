//! Where a login may lead back to, and how often people log in.

use regex_lite::Regex;

use super::provider::provider;
use super::{Case, Finding, Found, fail, needs_administrator, pass, warn};
use crate::authentik::{MatchingMode, RedirectUriEntry};
use crate::integration::leaves_host_open;
use crate::verify::CheckName;

pub(super) fn redirect_uris(case: &Case<'_>, found: &Found) -> Finding {
    let Some(provider) = provider(case) else {
        // Asking authentik would not do: before 2026.5, a provider without a list takes over the
        // first address that it is asked for.
        let waits = found.waits_for(&[CheckName::Client, CheckName::Administration]);
        return waits.unwrap_or_else(needs_administrator);
    };
    let allowed: Vec<&RedirectUriEntry> =
        provider.redirect_uris.iter().filter(|uri| uri.is_for_authorization()).collect();
    let remedy = "apply a plan, or enter the recommended redirect URIs on the provider";
    if allowed.is_empty() {
        return fail(
            "the provider has no redirect URIs: before 2026.5 whoever asks first chooses one, and \
             from then on nobody gets in",
            remedy,
        );
    }
    if let Some(open) = allowed.iter().find(|uri| is_open(uri)) {
        let message = format!(
            "the redirect URI {} lets other hosts in, who could take over logins",
            case.shown(&open.url)
        );
        let asked_for = case
            .wanted
            .is_some_and(|wanted| wanted.all_redirect_uris().iter().any(|uri| open.is(uri)));
        return if asked_for {
            warn(message, "ask for the recommended redirect URIs in place of the guide's")
        } else {
            fail(
                message,
                "apply a plan, or write the host out with its dots escaped and a slash after it",
            )
        };
    }
    for uri in &case.settings.redirect_uris {
        if allowed.iter().any(|entry| lets_in(entry, uri)) {
            continue;
        }
        if let Some(unread) =
            allowed.iter().find(|entry| is_regex(entry) && pattern(&entry.url).is_none())
        {
            return warn(
                format!(
                    "whether {} lets {uri} in can't be told from here",
                    case.shown(&unread.url)
                ),
                remedy,
            );
        }
        return fail(
            format!("the provider does not let {uri} in: \"Redirect URI Error\" at the login"),
            remedy,
        );
    }
    pass("the provider lets NetBird's redirect URIs in, and no other host's")
}

pub(super) fn prompt_login(case: &Case<'_>) -> Finding {
    if case.settings.disables_prompt_login {
        return pass("people are not asked to log in twice");
    }
    warn(
        "NetBird's client asks for prompt=login, and people log in twice",
        "set NETBIRD_AUTH_PKCE_DISABLE_PROMPT_LOGIN=true in setup.env, then run configure.sh",
    )
}

fn is_regex(entry: &RedirectUriEntry) -> bool {
    entry.matching_mode == MatchingMode::Regex
}

fn is_open(entry: &RedirectUriEntry) -> bool {
    is_regex(entry) && leaves_host_open(&entry.url)
}

/// authentik asks whether the whole URI matches.
fn lets_in(entry: &RedirectUriEntry, uri: &str) -> bool {
    if is_regex(entry) {
        return pattern(&entry.url).is_some_and(|pattern| pattern.is_match(uri));
    }
    entry.url == uri
}

/// `None` for what only Python's regular expressions have.
fn pattern(text: &str) -> Option<Regex> {
    Regex::new(&format!("^(?:{text})$")).ok()
}
