//! The provider: client, audience, keys, subject, scopes, grant types.

use super::engine::{Checks, Judgement, Results, fail, failed, judged, pass, skip, warn};
use super::evidence::Evidence;
use crate::authentik::Provider;
use crate::integration::{ModeKind, NetbirdIntegration};
use crate::requirements::{
    self, Needs, Probes, SCOPES, claims, client, exposure, federation, grant_types, scopes,
    signing_key,
};
use crate::verify::administration::LookUp;
use crate::verify::responses::{Claims, DeviceCodeResponse, Document, KeySet, TokenResponse};
use crate::verify::{CheckName, CheckStatus};

/// Whether it is as long as the client secrets that authentik generates: no text shows one.
fn looks_like_a_secret(client_id: &str) -> bool {
    client_id.len() == 128
}

/// The client id in a sentence, with what follows it.
fn named(client_id: &str, then: &str) -> String {
    if looks_like_a_secret(client_id) { String::new() } else { format!(", {client_id}{then}") }
}

/// The provider that NetBird's client id belongs to, where an administrator's token showed it.
pub(super) fn provider<'a>(evidence: &Evidence<'a>) -> Option<&'a Provider> {
    let administration = evidence.responses.administration.as_ref()?;
    administration.client(&evidence.settings.client_id).found()
}

/// NetBird's needs by its settings.
fn needs(evidence: &Evidence<'_>) -> Needs {
    let settings = evidence.settings;
    let device = settings.device.iter().flat_map(|device| device.scope.split_whitespace());
    let client_of_users = settings.account.as_ref().map(|account| &account.client_id);
    Needs {
        mode: ModeKind::Standalone,
        domain: if settings.environment.names("NETBIRD_DOMAIN") {
            String::new()
        } else {
            settings.domain.clone()
        },
        scopes: settings.scopes.split_whitespace().chain(device).map(str::to_owned).collect(),
        redirect_uris: settings.redirect_uris.clone(),
        further_redirect_uris: evidence.integration.map(NetbirdIntegration::all_redirect_uris),
        device_flow: settings.device.is_some(),
        looks_up_users: settings.account.is_some(),
        reads_users_with_client: client_of_users == Some(&settings.client_id),
    }
}

impl Evidence<'_> {
    pub(super) fn judge(&self, judge: requirements::Judge) -> Judgement {
        let responses = self.responses;
        let issued = match self.login_token() {
            Some(Ok(TokenResponse::Issued(issued))) => Some(issued),
            _ => None,
        };
        let document = responses.discovery.as_ref().ok();
        let keys = responses.keys.as_ref().and_then(|keys| keys.as_ref().ok());
        let origin = self.settings.dashboard();
        let is_allowed = |document: &Document| {
            let allowed = document.allowed_origin.as_str();
            origin.as_ref().map(|origin| allowed == "*" || allowed == origin)
        };
        judge(&requirements::Evidence {
            needs: &needs(self),
            provider: provider(self),
            snapshot: responses.administration.as_ref().map(|seen| &seen.snapshot),
            probes: Probes {
                key_types: keys.map(|keys| keys.types.as_slice()),
                scopes_supported: document.and_then(|one| one.scopes_supported.as_deref()),
                answers_dashboard: document.and_then(is_allowed),
                token_parts: issued.map(|issued| issued.parts),
                subject: token_claims(self).map(|claims| claims.sub.as_str().unwrap_or_default()),
            },
            shown: &|text| self.shown(text),
        })
    }

    /// Whether a requirement is met, as the outcome of a check.
    pub(super) fn met(&self, results: &Results, judge: requirements::Judge) -> Judgement {
        // A connector's provider is right as it is, and the wrong one.
        if provider(self).is_some_and(client::is_connector)
            && let Some(outcome) = results.blocked_by(&[CheckName::Client])
        {
            return outcome;
        }
        judged(self.judge(judge), |_| unknown(self, results))
    }
}

pub(super) fn token_claims<'a>(evidence: &Evidence<'a>) -> Option<&'a Claims> {
    match evidence.login_token() {
        Some(Ok(TokenResponse::Issued(issued))) => issued.claims.as_ref(),
        _ => None,
    }
}

fn device_refusal<'a>(evidence: &Evidence<'a>) -> Option<&'a str> {
    match &evidence.responses.device {
        Some(Ok(DeviceCodeResponse::Refused(code))) => Some(code),
        _ => None,
    }
}

pub(super) fn client(evidence: &Evidence<'_>, results: &Results) -> Judgement {
    let client_id = &evidence.settings.client_id;
    let device = evidence.settings.device.as_ref();
    if device.is_some_and(|device| device.client_id != *client_id) {
        return fail(
            "NETBIRD_AUTH_DEVICE_AUTH_CLIENT_ID is not the same client id as NETBIRD_AUTH_CLIENT_ID",
            format!(
                "Set both to the provider's Client ID{}.",
                named(client_id, " if that is right")
            ),
        );
    }
    let slug = evidence.settings.application_slug();
    let hint = format!(
        "Set the client ids in setup.env to the Client ID of the provider of the application \
         \"{slug}\", or apply a plan."
    );
    let unknown = || {
        if looks_like_a_secret(client_id) {
            return fail(
                "authentik has no provider with the client id in setup.env, which looks like a client secret",
                format!(
                    "{hint} If it is one, create a new one: the dashboard publishes this value."
                ),
            );
        }
        fail(format!("authentik has no provider with the client id {client_id}"), &hint)
    };
    let elsewhere = |owner: &str| {
        fail(format!("the client id {client_id} belongs to another application{owner}"), &hint)
    };
    let administration = evidence.responses.administration.as_ref();
    let looked_up = administration.map(|seen| seen.client(client_id));
    if let Some(LookUp::Missing) = looked_up {
        return results.blocked_by(&[CheckName::Discovery]).unwrap_or_else(unknown);
    }
    if let Some(LookUp::Found(provider)) = looked_up {
        let application = administration.and_then(|seen| seen.application(slug.as_str()).found());
        if let Some(application) = application
            && application.provider.is_some_and(|pk| pk != provider.pk)
        {
            return elsewhere(&format!(", by the provider \"{}\"", evidence.shown(&provider.name)));
        }
        let judged = evidence.judge(client::judge);
        if judged.unmet().is_some() {
            return judged;
        }
    }
    // authentik checks the client first: another error means that it knows the client.
    let refusal = evidence.token_refusal().filter(|_| evidence.shares_client());
    if refusal == Some("invalid_client") {
        return unknown();
    }
    if let (Some(claims), Ok(document), false) =
        (token_claims(evidence), &evidence.responses.discovery, results.failed(CheckName::Issuer))
        && claims.iss != document.issuer
    {
        return elsewhere("");
    }
    let has_device_code =
        matches!(evidence.responses.device, Some(Ok(DeviceCodeResponse::Issued { .. })));
    let has_token = evidence.has_token() && evidence.shares_client();
    let is_known = has_token || has_device_code || refusal.is_some();
    let judged = evidence.judge(exposure::judge_secret);
    if judged.unmet().is_some() {
        return judged;
    }
    let warnings = [federation::judge, exposure::judge].map(|one| evidence.judge(one).concern());
    let named = |(message, hint)| (format!("NetBird's provider: {message}"), hint);
    if let Some(outcome) = warned(warnings.into_iter().flatten().map(named).collect()) {
        outcome
    } else if is_known || provider(evidence).is_some() {
        pass(format!("authentik knows the client id {client_id}"))
    } else if evidence.responses.token.is_none() && evidence.responses.device.is_none() {
        results.not_sent()
    } else {
        evidence.not_shown(results)
    }
}

pub(super) fn audience(evidence: &Evidence<'_>, results: &Results) -> Judgement {
    let settings = evidence.settings;
    // authentik's `aud` is always the client id.
    let is_right = |audience: &str| match token_claims(evidence).map(|claims| &claims.aud) {
        Some(serde_json::Value::String(has)) => has == audience,
        Some(serde_json::Value::Array(all)) => all.iter().any(|has| has == audience),
        _ => audience == settings.client_id,
    };
    let device = settings.device.as_ref().map(|device| device.audience.as_str());
    for (name, audience) in [
        ("NETBIRD_AUTH_AUDIENCE", Some(settings.audience.as_str())),
        ("NETBIRD_AUTH_DEVICE_AUTH_AUDIENCE", device),
    ] {
        if audience.is_some_and(|audience| !is_right(audience)) {
            // Without a token the client id says what is right, and that may be what is wrong.
            if token_claims(evidence).is_none()
                && let Some(outcome) = results.blocked_by(&[CheckName::Client])
            {
                return outcome;
            }
            // Not shown: the guide has the client secret there.
            return fail(
                format!("{name} is not the audience of authentik's tokens, which is the client id"),
                format!(
                    "Set it to the client id{}. If it is the client secret, create a new one: the \
                     dashboard publishes this value.",
                    named(&settings.client_id, "")
                ),
            );
        }
    }
    pass("NetBird expects the audience that tokens have, the client id")
}

pub(super) fn signing_key(evidence: &Evidence<'_>, results: &Results) -> Judgement {
    match &evidence.responses.keys {
        None => results.not_sent(),
        Some(Err(error)) => failed(error),
        Some(Ok(keys)) => match unknown_key(evidence, keys) {
            Some(outcome) => outcome,
            None => evidence.met(results, signing_key::judge),
        },
    }
}

/// NetBird takes the key that a token names.
fn unknown_key(evidence: &Evidence<'_>, keys: &KeySet) -> Option<Judgement> {
    let Some(Ok(TokenResponse::Issued(issued))) = &evidence.responses.token else { return None };
    // A separate client of management has its own key.
    let client_id = &evidence.settings.account.as_ref()?.client_id;
    if *client_id != evidence.settings.client_id {
        return None;
    }
    let id = issued.key_id.as_ref()?;
    (!keys.ids.is_empty() && !keys.ids.contains(id)).then(|| {
        fail(
            "tokens are signed with a key that the key set does not have, so NetBird refuses them",
            "Let authentik's own key set through, without a cache in front of it. After a change of \
             the Signing Key restart NetBird's management.",
        )
    })
}

pub(super) fn scopes(evidence: &Evidence<'_>, results: &Results) -> Judgement {
    let Some(document) = evidence.document(results) else { return results.not_sent() };
    if document.scopes_supported.is_none() {
        return skip(
            "the discovery document lists no scopes",
            "Let authentik's own response through.",
        );
    }
    let provided = evidence.met(results, scopes::judge);
    if provided.status == CheckStatus::Fail {
        return provided;
    }
    // Logins work without.
    let mut warnings: Vec<(String, String)> =
        evidence.judge(claims::judge).concern().into_iter().collect();
    let device = evidence.settings.device.as_ref().map(|device| device.scope.as_str());
    for (name, asked) in [
        ("NETBIRD_AUTH_SUPPORTED_SCOPES", Some(evidence.settings.scopes.as_str())),
        ("NETBIRD_AUTH_DEVICE_AUTH_SCOPE", device),
    ] {
        let Some(asked) = asked else { continue };
        let missing =
            SCOPES.iter().find(|scope| !asked.split_whitespace().any(|has| has == **scope));
        if let Some(scope) = missing {
            warnings.push((
                format!(
                    "{name} is missing {scope}, so NetBird may not get names, groups or renewals"
                ),
                format!("Set {name} to '{}'.", SCOPES.join(" ")),
            ));
        }
    }
    warned(warnings).unwrap_or(provided)
}

/// One warning of all of these.
fn warned(warnings: Vec<(String, String)>) -> Option<Judgement> {
    let (messages, hints): (Vec<String>, Vec<String>) = warnings.into_iter().unzip();
    (!messages.is_empty()).then(|| warn(messages.join("; "), hints.join(" ")))
}

pub(super) fn grant_types(evidence: &Evidence<'_>, results: &Results) -> Judgement {
    if provider(evidence).is_some() {
        return evidence.met(results, grant_types::judge);
    }
    if !evidence.shares_client() {
        return unknown(evidence, results);
    }
    // The client is known, but both requests are refused; and a code is refused only for this.
    let known = evidence.has_token()
        || evidence.token_refusal().is_some_and(|code| code != "invalid_client");
    let no_code = device_refusal(evidence) == Some("invalid_client");
    if known && no_code && !results.failed(CheckName::Client) {
        return fail(
            if evidence.has_token() {
                "the provider does not allow the grant type device_code"
            } else {
                "authentik knows the client but refuses it both tokens and device codes: most likely \
                 the provider allows neither grant type"
            },
            grant_types::HINT,
        );
    }
    let has_code = matches!(evidence.responses.device, Some(Ok(DeviceCodeResponse::Issued { .. })));
    if evidence.has_token() && has_code {
        return pass("the provider allows the grant types that NetBird uses");
    }
    unknown(evidence, results)
}

/// For what neither a token nor an administrator showed.
fn unknown(evidence: &Evidence<'_>, results: &Results) -> Judgement {
    if evidence.responses.discovery.is_err() || results.failed(CheckName::Endpoints) {
        return results.not_sent();
    }
    match evidence.responses.administration {
        None => evidence.not_shown(results),
        Some(_) => results
            .blocked_by(&[CheckName::Administration, CheckName::Client])
            .unwrap_or_else(|| evidence.not_shown(results)),
    }
}
