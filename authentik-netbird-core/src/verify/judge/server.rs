//! Discovery document, issuer, endpoints, clock, and what the administrator's token can read.

use std::time::Duration;

use url::Url;

use super::{Case, Finding, Found, fail, needs_administrator, pass, skip, warn};
use crate::authentik::Version;
use crate::verify::CheckName;
use crate::verify::answers::Document;
use crate::verify::clock::difference;
use crate::verify::trouble::Trouble;

/// NetBird refuses a token that was issued in its future, by however little.
const AHEAD: Duration = Duration::from_secs(5);
/// A token that seems older than it is ends sooner; an hour is long.
const BEHIND: Duration = Duration::from_secs(30);

pub(super) fn discovery(case: &Case<'_>) -> Finding {
    let url = &case.settings.configuration_endpoint;
    let trouble = match &case.answers.discovery {
        Ok(document) => {
            return match missing(document) {
                None => pass(format!("authentik describes itself at {url}")),
                Some(field) => fail(
                    format!("the discovery document at {url} has no {field}"),
                    "let authentik's own answer through, and use a release from 2024.12 on",
                ),
            };
        }
        Err(trouble) => trouble,
    };
    let slug = case.settings.application_slug();
    if !matches!(trouble, Trouble::NotFound) {
        let message = format!("{}: {url}", case.message(trouble, "discovery document"));
        return fail(message, trouble.remedy("/application/o/"));
    }
    let administration = case.answers.administration.as_ref();
    match administration.and_then(|administration| administration.application.as_ref().ok()) {
        Some(None) => fail(
            format!(
                "there is no application with the slug \"{slug}\", so {url} is not there (404)"
            ),
            "apply a plan, or correct the slug in NETBIRD_AUTH_OIDC_CONFIGURATION_ENDPOINT",
        ),
        Some(Some(application)) if application.provider.is_none() => fail(
            format!("the application \"{slug}\" has no provider, so {url} is not there (404)"),
            "apply a plan, or choose its provider in authentik under Applications",
        ),
        Some(Some(_)) => fail(
            format!("{url} is not there (404), although authentik has the application \"{slug}\""),
            "check that the address is authentik's own, and that a proxy leads /application/o/ there",
        ),
        None => fail(
            format!(
                "there is no discovery document at {url} (404), and configure.sh would write null \
                 in place of every address in it"
            ),
            format!(
                "check in this order: \"{slug}\" is the application's slug, case included; the \
                 application has a provider; the address before /application/o/ is authentik's"
            ),
        ),
    }
}

fn missing(document: &Document) -> Option<&'static str> {
    let fields = [
        ("issuer", &document.issuer),
        ("authorization_endpoint", &document.authorization_endpoint),
        ("token_endpoint", &document.token_endpoint),
        ("jwks_uri", &document.jwks_uri),
        ("device_authorization_endpoint", &document.device_authorization_endpoint),
    ];
    fields.into_iter().find(|(_, text)| text.is_empty()).map(|(name, _)| name)
}

pub(super) fn issuer(case: &Case<'_>, found: &Found) -> Finding {
    let (Ok(document), None) = (&case.answers.discovery, found.waits_for(&[CheckName::Discovery]))
    else {
        return found.not_asked();
    };
    let (wanted, has) = (case.settings.issuer(), document.issuer.as_str());
    if has == wanted {
        return pass(format!("the issuer is {wanted}, to the letter"));
    }
    let shown = case.shown(has);
    if has.trim_end_matches('/') == wanted.trim_end_matches('/') {
        return fail(
            format!(
                "the issuer is {shown} where {wanted} is due: they differ by the slash at the end"
            ),
            "let authentik's answers pass unchanged through whatever is in front of it: authentik \
             ends its issuer with one slash, and NetBird compares it to the letter with that in \
             each token",
        );
    }
    if has == case.settings.authentik_url().as_str() {
        return fail(
            format!("the issuer is {shown}, the same for every application"),
            "set the provider's Issuer mode to \"Each provider has a different issuer, based on the \
             application slug\", or apply a plan",
        );
    }
    if without_scheme(has) == without_scheme(wanted) {
        return fail(
            format!(
                "the issuer is {shown} where {wanted} is due: authentik does not know that it is \
                 reached by {}",
                scheme(wanted)
            ),
            format!(
                "let the reverse proxy send X-Forwarded-Proto: {}, and authentik trust that proxy \
                 (AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS)",
                scheme(wanted)
            ),
        );
    }
    let remedy = if host(has) == host(wanted) {
        "use the address in the issuer for NetBird and browsers alike, with its path"
    } else {
        "let the reverse proxy pass the Host header on, or use the host in the issuer for NetBird \
         and browsers alike"
    };
    fail(format!("the issuer is {shown} where {wanted} is due"), remedy)
}

fn scheme(url: &str) -> &str {
    url.split_once("://").map_or("", |(scheme, _)| scheme)
}

fn without_scheme(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest)
}

fn host(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    Some(format!("{}:{:?}", url.host_str()?, url.port_or_known_default()))
}

pub(super) fn endpoints(case: &Case<'_>, found: &Found) -> Finding {
    let (Ok(document), None) = (&case.answers.discovery, found.waits_for(&[CheckName::Discovery]))
    else {
        return found.not_asked();
    };
    let wanted = case.settings.configuration_endpoint.origin();
    let is_there = |text: &str| Url::parse(text).is_ok_and(|url| url.origin() == wanted);
    if !is_there(&document.issuer)
        && let Some(finding) = found.waits_for(&[CheckName::Issuer])
    {
        return finding;
    }
    for (name, text) in [
        ("authorization_endpoint", &document.authorization_endpoint),
        ("token_endpoint", &document.token_endpoint),
        ("jwks_uri", &document.jwks_uri),
        ("device_authorization_endpoint", &document.device_authorization_endpoint),
    ] {
        if !is_there(text) {
            return fail(
                format!(
                    "the {name} is {}, elsewhere than the discovery document, and NetBird would \
                     send passwords there",
                    case.shown(text)
                ),
                "let the reverse proxy pass the Host header on and send X-Forwarded-Proto, and \
                 change nothing in authentik's answers",
            );
        }
    }
    pass("the endpoints are all at authentik's address")
}

pub(super) fn clock(case: &Case<'_>) -> Finding {
    if case.answers.clock.is_empty() {
        return skip(
            "no answer says what time it is",
            "let the Date header through, then verify again",
        );
    }
    let off = difference(&case.answers.clock);
    if off.ahead >= AHEAD {
        return fail(
            format!(
                "authentik's clock is at least {} s ahead of this machine's, so that NetBird refuses its \
                 tokens: \"Token used before issued\"",
                off.ahead.as_secs()
            ),
            "set the clocks of authentik and NetBird by NTP (timedatectl shows whether they are)",
        );
    }
    if off.behind >= BEHIND {
        return warn(
            format!(
                "authentik's clock is at least {} s behind this machine's, so that tokens and codes end too \
                 soon",
                off.behind.as_secs()
            ),
            "set the clocks of authentik and NetBird by NTP (timedatectl shows whether they are)",
        );
    }
    pass("authentik's clock agrees with this machine's")
}

pub(super) fn administration(case: &Case<'_>) -> Finding {
    let Some(administration) = &case.answers.administration else { return needs_administrator() };
    if let Some(error) = administration.error() {
        let remedy = error.hint().unwrap_or_else(|| "look into authentik's log".to_owned());
        return fail(error.message_with_sources(), remedy);
    }
    match &administration.version {
        Ok(version) if *version < Version::MIN_SUPPORTED => fail(
            format!("authentik {version} is too old"),
            format!(
                "upgrade it to {}.{} or later",
                Version::MIN_SUPPORTED.year,
                Version::MIN_SUPPORTED.month
            ),
        ),
        Ok(version) if version.is_newer_than_tested() => warn(
            format!(
                "authentik {version} is newer than the newest release that this was checked for"
            ),
            "read this report with care, and look for a newer release of authentik-netbird",
        ),
        Ok(version) => pass(format!("authentik {version} shows what NetBird needs of it")),
        Err(_) => needs_administrator(),
    }
}
