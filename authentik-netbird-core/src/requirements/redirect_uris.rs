//! Where a login may lead back to.

use regex_lite::Regex;
use url::Url;

use super::{Evidence, Judgement, Needs, Requirement, fail, pass, unknown_provider, warn};
use crate::authentik::{MatchingMode, Provider, RedirectUri, RedirectUriEntry};
use crate::integration::{GuideStep, is_loopback, leaves_host_open};
use crate::report::CheckName;

pub(super) const REQUIREMENT: Requirement = Requirement {
    check: CheckName::RedirectUris,
    need: "the provider allows NetBird's redirect URIs and no other host's, one of them strict and on \
           NetBird's host: authentik lets the dashboard's page read its responses (CORS) for strict \
           ones only",
    guide: Some(GuideStep::Provider),
};

const HINT: &str = "Apply a plan, or enter the recommended redirect URIs on the provider.";

pub(crate) fn judge(evidence: &Evidence<'_>) -> Judgement {
    let domain = evidence.needs.domain.as_str();
    let Some(provider) = evidence.provider else {
        return if evidence.probes.answers_dashboard == Some(false) {
            no_cors(domain)
        } else {
            unknown_provider()
        };
    };
    let allowed: Vec<&RedirectUriEntry> = allowed(provider).collect();
    if allowed.is_empty() {
        return fail(
            "the provider has no redirect URIs: before 2026.5 the first login sets one, and from \
             then on no other login works",
            HINT,
        );
    }
    let unclear = |uri: &str| allowed.iter().find(|entry| may_allow(entry, uri));
    let refused = evidence
        .needs
        .redirect_uris
        .iter()
        .filter(|uri| !allowed.iter().any(|entry| allows(entry, uri)));
    // Without its own NetBird cannot be used, whatever else is allowed.
    if let Some(uri) = refused.clone().find(|uri| unclear(uri).is_none()) {
        return fail(
            format!(
                "the provider does not allow {uri}, so the login ends in \"Redirect URI Error\""
            ),
            format!("Apply a plan, or add the strict redirect URI {uri} to the provider."),
        );
    }
    if let Some(unmet) = others(&allowed, evidence) {
        return unmet;
    }
    if let Some((uri, entry)) = refused.clone().find_map(|uri| Some((uri, unclear(uri)?))) {
        let shown = evidence.show(&entry.url);
        return warn(format!("cannot tell whether {shown} allows {uri}"), HINT);
    }
    if evidence.needs.is_connector() {
        return pass("the provider allows NetBird's callback, and no other host's");
    }
    let is_plain = allowed.iter().any(|entry| answers_cors(entry, domain));
    match evidence.probes.answers_dashboard {
        Some(false) if is_plain => {
            return fail(
                format!(
                    "the dashboard's page gets no CORS headers, although the provider has a redirect \
                     URI at https://{domain}: logins end in \"Unauthenticated\""
                ),
                "Let the headers of authentik's responses through, including access-control-allow-origin.",
            );
        }
        Some(false) => return no_cors(domain),
        None if !is_plain => return no_cors(domain),
        // A probe knows better, where there is one.
        Some(true) | None => {}
    }
    pass("the provider allows NetBird's redirect URIs, and no other host's")
}

fn no_cors(domain: &str) -> Judgement {
    fail(
        format!(
            "no redirect URI is a plain https://{domain}, so authentik sends the dashboard's page no CORS \
             headers, and logins end in \"Unauthenticated\""
        ),
        format!("Add the strict redirect URI https://{domain} to the provider, or apply a plan."),
    )
}

/// Entries that lead to other hosts, or may.
fn others(allowed: &[&RedirectUriEntry], evidence: &Evidence<'_>) -> Option<Judgement> {
    let further = evidence.needs.further_redirect_uris.as_deref();
    let is_asked = |entry: &RedirectUriEntry| {
        further.is_some_and(|further| further.iter().any(|uri| entry.is(uri)))
    };
    let is_open = |entry: &&&RedirectUriEntry| is_regex(entry) && leaves_host_open(&entry.url);
    if let Some(open) = allowed.iter().find(is_open) {
        let shown = evidence.show(&open.url);
        let message = format!(
            "the redirect URI {shown} also allows other hosts, which could take over logins"
        );
        return Some(if is_asked(open) {
            warn(message, "Use the recommended redirect URIs instead of the guide's.")
        } else {
            fail(
                message,
                format!(
                    "Apply a plan, or write the whole host with escaped dots and a slash after it, \
                     and keep a strict https://{} beside it.",
                    evidence.needs.domain
                ),
            )
        });
    }
    let is_foreign = |entry: &&&RedirectUriEntry| {
        !is_netbirds(entry, &evidence.needs.domain) && !is_asked(entry)
    };
    let foreign = allowed.iter().find(is_foreign)?;
    let message = format!("the redirect URI {} leads to another host", evidence.show(&foreign.url));
    Some(match further {
        Some(_) => fail(
            format!("{message}, which gets the logins that are led there"),
            "Remove it from the provider, or apply a plan; if it is intended, add it to \
             `extra_redirect_uris`.",
        ),
        None => warn(message, "Remove it from the provider, unless it is meant."),
    })
}

/// Redirect URIs of logins.
fn allowed(provider: &Provider) -> impl Iterator<Item = &RedirectUriEntry> {
    provider.redirect_uris.iter().filter(|uri| uri.is_for_authorization())
}

/// Whether an entry leads to NetBird's host or to the user's own machine, and to nothing else.
pub(crate) fn is_netbirds(entry: &RedirectUriEntry, domain: &str) -> bool {
    if is_regex(entry) && leaves_host_open(&entry.url) {
        return false;
    }
    host(entry).is_some_and(|host| host.eq_ignore_ascii_case(domain) || is_local(&host))
}

/// Whether a host is the user's own machine.
pub(crate) fn is_local(host: &str) -> bool {
    Url::parse(&format!("http://{host}")).is_ok_and(|url| is_loopback(&url))
}

/// The host of an entry, without its port; a pattern's without its backslashes.
pub(crate) fn host(entry: &RedirectUriEntry) -> Option<String> {
    let plain = entry.url.replace('\\', "");
    let rest = plain.split_once("://")?.1;
    let end = rest.find(['/', '(', '?', '#', '*', '$']).unwrap_or(rest.len());
    let host = rest[..end].trim_end_matches('.');
    let host = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    (!host.is_empty() && !host.contains('@')).then(|| host.to_owned())
}

/// Whether authentik takes the dashboard's origin for that of this entry: it compares scheme, host and port
/// as they are written, so that `:443` is another one.
fn answers_cors(entry: &RedirectUriEntry, domain: &str) -> bool {
    let origin = entry.url.split_once("://").map(|(scheme, rest)| {
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        (scheme, &rest[..end])
    });
    origin.is_some_and(|(scheme, host)| {
        scheme.eq_ignore_ascii_case("https") && host.eq_ignore_ascii_case(domain)
    })
}

/// Whether an entry matches the whole URI, as authentik matches it.
pub(crate) fn allows(entry: &RedirectUriEntry, uri: &str) -> bool {
    if is_regex(entry) {
        return pattern(&entry.url).is_some_and(|pattern| pattern.is_match(uri));
    }
    entry.url == uri
}

fn is_regex(entry: &RedirectUriEntry) -> bool {
    entry.matching_mode == MatchingMode::Regex
}

/// Whether an entry is for the URI's host and has a pattern that cannot be read here.
fn may_allow(entry: &RedirectUriEntry, uri: &str) -> bool {
    let uri = RedirectUriEntry::from(RedirectUri::strict(uri));
    is_regex(entry) && pattern(&entry.url).is_none() && host(entry) == host(&uri)
}

/// The entries for logins that may stay: NetBird's, and those that were asked for.
pub(crate) fn kept<'p>(provider: &'p Provider, needs: &Needs) -> Vec<&'p RedirectUriEntry> {
    let further = needs.further_redirect_uris.as_deref().unwrap_or_default();
    allowed(provider)
        .filter(|entry| {
            is_netbirds(entry, &needs.domain) || further.iter().any(|uri| entry.is(uri))
        })
        .collect()
}

/// The preferred entries that have to be added: one for each URI that NetBird uses and none
/// allows, and one for CORS.
pub(crate) fn missing(
    kept: &[&RedirectUriEntry],
    needs: &Needs,
    preferred: &[RedirectUri],
) -> Vec<RedirectUri> {
    let mut added: Vec<RedirectUri> = Vec::new();
    let is_there = |added: &[RedirectUri], is_it: &dyn Fn(&RedirectUriEntry) -> bool| {
        let added = added.iter().cloned().map(RedirectUriEntry::from);
        kept.iter().any(|entry| is_it(entry)) || added.into_iter().any(|entry| is_it(&entry))
    };
    for uri in preferred {
        let entry = RedirectUriEntry::from(uri.clone());
        let is_needed = needs.redirect_uris.iter().any(|wanted| {
            allows(&entry, wanted)
                && !is_there(&added, &|one| allows(one, wanted) || may_allow(one, wanted))
        });
        let is_for_cors = !needs.is_connector()
            && answers_cors(&entry, &needs.domain)
            && !is_there(&added, &|one| answers_cors(one, &needs.domain));
        if is_needed || is_for_cors {
            added.push(uri.clone());
        }
    }
    added
}

/// `None` for what only Python's regular expressions have.
fn pattern(text: &str) -> Option<Regex> {
    Regex::new(&format!("^(?:{text})$")).ok()
}
