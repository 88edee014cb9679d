//! Discovery document, issuer, endpoints, clock, and what the administrator's token may read.

use std::collections::BTreeSet;
use std::time::Duration;

use url::Url;

use super::engine::{
    ADMINISTRATOR, Checks, Judgement, Results, fail, failed, hint_of, not_used, pass, unknown, warn,
};
use super::evidence::Evidence;
use crate::authentik::Version;
use crate::error::Error;
use crate::requirements::claims::ISSUER_HINT;
use crate::verify::CheckName;
use crate::verify::administration::LookUp;
use crate::verify::clock::difference;
use crate::verify::responses::Document;

/// NetBird refuses a token that was issued in its future, by however little.
const MAX_AHEAD: Duration = Duration::from_secs(5);
/// A token that seems older than it is expires sooner; it is valid for an hour.
const MAX_BEHIND: Duration = Duration::from_secs(30);

/// See [`Checks::is_document_missing`].
pub(super) fn is_document_missing(evidence: &Evidence<'_>) -> bool {
    let slug = evidence.settings.application_slug();
    let administration = evidence.responses.administration.as_ref();
    let is_missing =
        evidence.responses.discovery.as_ref().is_err_and(|error| error.status() == Some(404));
    is_missing
        && match administration.map(|seen| seen.application(slug.as_str())) {
            Some(LookUp::Missing) => true,
            Some(LookUp::Found(application)) => application.provider.is_none(),
            Some(LookUp::Unread) | None => false,
        }
}

pub(super) fn discovery(evidence: &Evidence<'_>, results: &Results) -> Judgement {
    let Some(url) = &evidence.settings.configuration_endpoint else { return results.not_sent() };
    let error = match &evidence.responses.discovery {
        Ok(document) => {
            return match missing(document) {
                None => pass(format!("authentik has the discovery document {url}")),
                Some(field) => fail(
                    format!("the discovery document {url} has no {field}"),
                    "Let authentik's own response through, and use authentik 2024.12 or later.",
                ),
            };
        }
        Err(error) => error,
    };
    let slug = evidence.settings.application_slug();
    if error.status() != Some(404) {
        return failed(error);
    }
    let administration = evidence.responses.administration.as_ref();
    match administration.map(|administration| administration.application(slug.as_str())) {
        Some(LookUp::Missing) => {
            let client =
                administration.and_then(|one| one.client(&evidence.settings.client_id).found());
            let other = client.and_then(|client| client.assigned_application_slug.as_deref());
            let other = other.map_or(String::new(), |slug| {
                format!(
                    ": NetBird's client id belongs to the application \"{}\"",
                    evidence.shown(slug)
                )
            });
            fail(
                format!(
                    "authentik has no application with the slug \"{slug}\", so {url} does not exist (404)"
                ),
                format!(
                    "Apply a plan, or correct the slug (NETBIRD_AUTH_OIDC_CONFIGURATION_ENDPOINT, or \
                     `application_slug`){other}."
                ),
            )
        }
        Some(LookUp::Found(application)) if application.provider.is_none() => fail(
            format!("the application \"{slug}\" has no provider, so {url} does not exist (404)"),
            "Apply a plan, or choose its provider in authentik under Applications.",
        ),
        Some(LookUp::Found(_)) => fail(
            format!(
                "{url} does not exist (404), although authentik has the application \"{slug}\""
            ),
            "Check that the address is authentik's own, and that the proxy routes /application/o/ to it.",
        ),
        Some(LookUp::Unread) | None => fail(
            format!(
                "the discovery document {url} does not exist (404), so configure.sh would write null \
                 for every address in it"
            ),
            format!(
                "Check in this order: \"{slug}\" is the application's slug, case included; the \
                 application has a provider; the address before /application/o/ is authentik's."
            ),
        ),
    }
}

fn missing(document: &Document) -> Option<&'static str> {
    let issuer = ("issuer", document.issuer.as_str());
    let mut fields = [issuer].into_iter().chain(document.endpoints());
    fields.find(|(_, text)| text.is_empty()).map(|(name, _)| name)
}

pub(super) fn issuer(evidence: &Evidence<'_>, results: &Results) -> Judgement {
    let Some(document) = evidence.document(results) else { return results.not_sent() };
    let (expected, has) = (evidence.settings.issuer(), document.issuer.as_str());
    if has == expected {
        return pass(format!("the issuer is exactly {expected}"));
    }
    let shown = evidence.shown(has);
    if has.trim_end_matches('/') == expected.trim_end_matches('/') {
        return fail(
            format!(
                "the issuer is {shown}, expected {expected}: they differ in the slash at the end"
            ),
            "Let authentik's responses pass unchanged through whatever is in front of it: its issuer \
             ends in one slash, and NetBird compares it exactly with the one in each token.",
        );
    }
    if evidence.settings.authentik_url().is_some_and(|url| url.as_str() == has) {
        return fail(format!("the issuer is {shown}, the same for every application"), ISSUER_HINT);
    }
    if without_scheme(has) == without_scheme(expected) {
        return fail(
            format!(
                "the issuer is {shown}, expected {expected}: authentik does not know that it is \
                 reached by {}",
                scheme(expected)
            ),
            format!(
                "Let the reverse proxy send X-Forwarded-Proto: {}, and authentik trust that proxy \
                 (AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS).",
                scheme(expected)
            ),
        );
    }
    let hint = if host(has) == host(expected) {
        "Use the address in the issuer for NetBird and browsers alike, with its path."
    } else {
        "Let the reverse proxy pass the Host header on, or use the host in the issuer for NetBird \
         and browsers alike."
    };
    fail(format!("the issuer is {shown}, expected {expected}"), hint)
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

pub(super) fn endpoints(evidence: &Evidence<'_>, results: &Results) -> Judgement {
    let Some(document) = evidence.document(results) else { return results.not_sent() };
    let expected = evidence.settings.configuration_endpoint.as_ref().map(Url::origin);
    let is_here = |text: &str| Url::parse(text).ok().map(|url| url.origin()) == expected;
    if !is_here(&document.issuer)
        && let Some(outcome) = results.blocked_by(&[CheckName::Issuer])
    {
        return outcome;
    }
    for (name, text) in document.endpoints() {
        let has_credentials = |url: Url| !url.username().is_empty() || url.password().is_some();
        if Url::parse(text).is_ok_and(has_credentials) {
            return fail(
                format!(
                    "the {name} contains a user name or password, which authentik never writes"
                ),
                "Find out what changes authentik's responses, and remove it: it could read logins.",
            );
        }
        if !is_here(text) {
            return fail(
                format!(
                    "the {name} is {}, on another server than the discovery document, and NetBird would \
                     send passwords there",
                    evidence.shown(text)
                ),
                "Let the reverse proxy pass the Host header on and send X-Forwarded-Proto, and \
                 change nothing in authentik's responses.",
            );
        }
    }
    pass("all endpoints are at authentik's address")
}

pub(super) fn clock(evidence: &Evidence<'_>, results: &Results) -> Judgement {
    if evidence.responses.clock.is_empty() {
        return results.blocked_by(&[CheckName::Discovery]).unwrap_or_else(|| {
            unknown(
                "no response has a Date header",
                "Let the Date header through, then verify again.",
            )
        });
    }
    let hint =
        "Set the clocks of authentik and NetBird by NTP (timedatectl shows whether they are).";
    let off = difference(&evidence.responses.clock);
    if off.ahead >= MAX_AHEAD {
        return fail(
            format!(
                "authentik's clock is at least {} s ahead of this machine's, so NetBird refuses its tokens \
                 (\"Token used before issued\")",
                off.ahead.as_secs()
            ),
            hint,
        );
    }
    if off.behind >= MAX_BEHIND {
        return warn(
            format!(
                "authentik's clock is at least {} s behind this machine's, so tokens and codes expire too \
                 soon",
                off.behind.as_secs()
            ),
            hint,
        );
    }
    pass("authentik's clock agrees with this machine's")
}

pub(super) fn administration(evidence: &Evidence<'_>, results: &Results) -> Judgement {
    let Some(administration) = &evidence.responses.administration else {
        return not_used("no administrator's token was given");
    };
    let errors = &administration.errors;
    // What is not a permission, and a token that is none: 403 as well.
    let is_missing = |error: &&Error| !needed(error).is_empty() && !is_wrong_token(error);
    let is_hidden = |error: &Error| administration.snapshot.is_limited() && error.hides_uses();
    let is_known = |error: &&Error| is_missing(error) || is_hidden(error);
    if let Some(error) = errors.iter().find(|error| !is_known(error)) {
        // The server is out of reach for everyone.
        if let Err(other) = &evidence.responses.discovery
            && reason(error) == reason(other)
            && let Some(outcome) = results.blocked_by(&[CheckName::Discovery])
        {
            return outcome;
        }
        return unreached(evidence, error);
    }
    let missing: BTreeSet<&str> = errors.iter().flat_map(needed).collect();
    if !missing.is_empty() {
        let missing: Vec<&str> = missing.into_iter().collect();
        return unknown(
            format!("the token's user is missing permissions: {}", missing.join(", ")),
            "Grant them to the token's user, or verify with the token of a member of \
             \"authentik Admins\".",
        );
    }
    if errors.iter().any(is_hidden) {
        return unknown(
            "authentik shows only administrators who else has the rights of NetBird's account",
            ADMINISTRATOR,
        );
    }
    if let (Some(token), Some(file)) = (evidence.administrator, evidence.settings.authentik_url())
        && *token != file
        && evidence.integration.is_none_or(|wanted| wanted.netbird_url() != file)
    {
        return warn(
            format!("the token is for {token}, but NetBird uses {file}"),
            "Make sure that both are the same authentik.",
        );
    }
    match administration.snapshot.version {
        Some(version) if version < Version::MIN_SUPPORTED => fail(
            format!("authentik {version} is too old"),
            format!(
                "Upgrade it to {}.{} or later.",
                Version::MIN_SUPPORTED.year,
                Version::MIN_SUPPORTED.month
            ),
        ),
        Some(version) if version.is_newer_than_tested() => warn(
            format!(
                "authentik {version} is newer than any release that this version was tested with"
            ),
            "Check for a newer version of authentik-netbird.",
        ),
        Some(version) => pass(format!(
            "authentik {version} is supported, and the token may read what is checked"
        )),
        None => evidence.not_shown(results),
    }
}

/// authentik's API is not reached, and perhaps what is in front of it lets only logins through.
pub(super) fn unreached(evidence: &Evidence<'_>, error: &Error) -> Judgement {
    let is_elsewhere = error.status() == Some(404) && evidence.responses.discovery.is_ok();
    let hint = if is_elsewhere {
        "Let /api/ through whatever is in front of authentik, as /application/o/ is.".to_owned()
    } else {
        hint_of(error)
    };
    fail(error.message_with_sources(), hint)
}

/// Why a request failed, without which one it was.
pub(super) fn reason(error: &Error) -> String {
    let text = error.to_string();
    text.split_once(": ").map_or_else(|| text.clone(), |(_, reason)| reason.to_owned())
}

/// The permissions that authentik refused a read for.
fn needed(error: &Error) -> Vec<&str> {
    match error {
        Error::Api(error) if error.is_permission_denied() => {
            error.permissions.iter().map(String::as_str).collect()
        }
        _ => Vec::new(),
    }
}

fn is_wrong_token(error: &Error) -> bool {
    let Error::Api(error) = error else { return false };
    let detail = error.detail.as_deref().unwrap_or_default();
    detail.contains("Token invalid") || detail.contains("credentials")
}
