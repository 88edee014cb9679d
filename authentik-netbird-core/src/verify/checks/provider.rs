//! The provider: client, audience, keys, subject, scopes, grant types.

use super::{Evidence, Outcome, Results, fail, failed, needs_administrator, pass, skip, warn};
use crate::authentik::{ClientType, GrantType, Provider, SubjectMode};
use crate::verify::CheckName;
use crate::verify::administration::LookUp;
use crate::verify::responses::{Claims, DeviceCodeResponse, TokenResponse};

/// The scopes that NetBird requests for people's tokens.
const REQUIRED_SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// The provider that NetBird's client id belongs to, where an administrator's token showed it.
pub(super) fn provider<'a>(evidence: &Evidence<'a>) -> Option<&'a Provider> {
    let administration = evidence.responses.administration.as_ref()?;
    administration.client(&evidence.settings.client_id).found()
}

fn claims<'a>(evidence: &Evidence<'a>) -> Option<&'a Claims> {
    match &evidence.responses.token {
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

pub(super) fn client(evidence: &Evidence<'_>, results: &Results) -> Outcome {
    let client_id = &evidence.settings.client_id;
    let account = evidence.settings.account.as_ref();
    let device = evidence.settings.device.as_ref();
    for (name, other) in [
        ("NETBIRD_IDP_MGMT_CLIENT_ID", account.map(|account| &account.client_id)),
        ("NETBIRD_AUTH_DEVICE_AUTH_CLIENT_ID", device.map(|device| &device.client_id)),
    ] {
        if other.is_some_and(|other| other != client_id) {
            return fail(
                format!("{name} is not the same client id as NETBIRD_AUTH_CLIENT_ID"),
                format!("Set both to the provider's Client ID, {client_id} if that is right."),
            );
        }
    }
    let slug = evidence.settings.application_slug();
    let hint = format!(
        "Set the client ids in setup.env to the Client ID of the provider of the application \
         \"{slug}\"."
    );
    let unknown =
        || fail(format!("authentik has no provider with the client id {client_id}"), &hint);
    let elsewhere = |owner: &str| {
        fail(format!("the client id {client_id} belongs to another application{owner}"), &hint)
    };
    let administration = evidence.responses.administration.as_ref();
    let looked_up = administration.map(|seen| seen.client(client_id));
    if let Some(LookUp::Missing) = looked_up {
        return unknown();
    }
    if let Some(LookUp::Found(provider)) = looked_up {
        let application = administration.and_then(|seen| seen.application(slug.as_str()).found());
        if let Some(application) = application
            && application.provider.is_some_and(|pk| pk != provider.pk)
        {
            return elsewhere(&format!(", by the provider \"{}\"", evidence.shown(&provider.name)));
        }
        if provider.client_type.as_ref().is_some_and(|kind| *kind != ClientType::Public) {
            return fail(
                format!(
                    "the provider \"{}\" is a confidential client",
                    evidence.shown(&provider.name)
                ),
                "Set its Client type to Public, or apply a plan: NetBird's dashboard and clients \
                 have no secret.",
            );
        }
    }
    // authentik checks the client first: another error means that it knows the client.
    let refusal = evidence.token_refusal();
    if refusal == Some("invalid_client") {
        return unknown();
    }
    if let (Some(claims), Ok(document), false) =
        (claims(evidence), &evidence.responses.discovery, results.failed(CheckName::Issuer))
        && claims.iss != document.issuer
    {
        return elsewhere("");
    }
    let has_device_code =
        matches!(evidence.responses.device, Some(Ok(DeviceCodeResponse::Issued { .. })));
    let is_known = evidence.has_token() || has_device_code || refusal.is_some();
    if is_known || provider(evidence).is_some() {
        pass(format!("authentik knows the client id {client_id}"))
    } else if evidence.responses.token.is_none() && evidence.responses.device.is_none() {
        results.not_sent()
    } else {
        needs_administrator()
    }
}

pub(super) fn audience(evidence: &Evidence<'_>, results: &Results) -> Outcome {
    let settings = evidence.settings;
    // authentik's `aud` is always the client id.
    let is_right = |audience: &str| match claims(evidence).map(|claims| &claims.aud) {
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
            if claims(evidence).is_none()
                && let Some(outcome) = results.blocked_by(&[CheckName::Client])
            {
                return outcome;
            }
            // Not shown: the guide has the client secret there.
            return fail(
                format!("{name} is not the audience of authentik's tokens, which is the client id"),
                format!(
                    "Set it to the client id, {}. If it is the client secret, create a new one: the \
                     dashboard publishes this value.",
                    settings.client_id
                ),
            );
        }
    }
    pass("NetBird expects the audience that tokens have, the client id")
}

pub(super) fn signing_key(evidence: &Evidence<'_>, results: &Results) -> Outcome {
    let types = match &evidence.responses.keys {
        None => return results.not_sent(),
        Some(Err(error)) => {
            return failed(error);
        }
        Some(Ok(types)) => types,
    };
    let hint = "Choose an RSA certificate as the provider's Signing Key, such as \"authentik \
                Self-signed Certificate\", or apply a plan. Then restart NetBird's management.";
    if types.iter().any(|kind| kind == "RSA") {
        return pass("tokens are signed with an RSA key");
    }
    if !types.is_empty() {
        let types: Vec<String> = types.iter().map(|kind| evidence.shown(kind)).collect();
        let types = types.join(", ");
        return fail(
            format!(
                "tokens are signed with a key of type {types}, but NetBird (as of 0.77) reads only RSA"
            ),
            hint,
        );
    }
    if provider(evidence).is_some_and(|provider| provider.signing_key.is_some()) {
        return fail(
            "the provider's signing key has no private key, so NetBird cannot verify tokens",
            hint,
        );
    }
    fail(
        "the provider has no signing key, so its key set is empty and NetBird cannot verify tokens",
        hint,
    )
}

pub(super) fn encryption(evidence: &Evidence<'_>, results: &Results) -> Outcome {
    let hint = "Remove the provider's Encryption Key, or apply a plan.";
    if provider(evidence).is_some_and(|provider| provider.encryption_key.is_some()) {
        return fail(
            "the provider has an encryption key, but NetBird cannot read encrypted tokens",
            hint,
        );
    }
    match &evidence.responses.token {
        Some(Ok(TokenResponse::Issued(issued))) if issued.parts == 5 => {
            fail("tokens are encrypted (five parts), and NetBird cannot read them", hint)
        }
        Some(Ok(TokenResponse::Issued(issued))) if issued.parts != 3 => fail(
            format!("the token has {} parts, expected the three of a signed one", issued.parts),
            "Let authentik's own response through to NetBird.",
        ),
        Some(Ok(TokenResponse::Issued(_))) => pass("tokens are signed and not encrypted"),
        _ if provider(evidence).is_some() => pass("the provider has no encryption key"),
        _ => unknown(evidence, results),
    }
}

pub(super) fn subject_mode(evidence: &Evidence<'_>, results: &Results) -> Outcome {
    let hint = "Set the provider's Subject mode to \"Based on the User's ID\", or apply a plan. People \
                who are in NetBird already come back as new users.";
    let mode = provider(evidence).and_then(|provider| provider.sub_mode.as_ref());
    if let Some(mode) = mode.filter(|mode| **mode != SubjectMode::UserId) {
        return fail(
            format!(
                "the subject of tokens is {}, but NetBird looks users up by their id",
                evidence.shown(&mode.to_string())
            ),
            hint,
        );
    }
    match claims(evidence).map(|claims| claims.sub.as_str().unwrap_or_default()) {
        Some(sub) if sub.is_empty() || !sub.bytes().all(|byte| byte.is_ascii_digit()) => fail(
            "the subject of tokens is not the user's id, by which NetBird looks users up",
            hint,
        ),
        Some(_) => pass("the subject of tokens is the user's id, by which NetBird looks users up"),
        None if mode.is_some() => {
            pass("the subject of tokens is the user's id, by which NetBird looks users up")
        }
        None => unknown(evidence, results),
    }
}

pub(super) fn scopes(evidence: &Evidence<'_>, results: &Results) -> Outcome {
    let (Ok(document), None) =
        (&evidence.responses.discovery, results.blocked_by(&[CheckName::Discovery]))
    else {
        return results.not_sent();
    };
    let Some(supported) = &document.scopes_supported else {
        return skip(
            "the discovery document lists no scopes",
            "Let authentik's own response through.",
        );
    };
    for scope in REQUIRED_SCOPES {
        if supported.iter().any(|has| has == scope) {
            continue;
        }
        let effect = if scope == "offline_access" {
            "logins cannot be renewed, and people are logged out again and again"
        } else {
            "NetBird gets less about people than it needs"
        };
        return fail(
            format!("the provider has no scope mapping for {scope}, so {effect}"),
            format!(
                "Add \"authentik default OAuth Mapping: OpenID '{scope}'\" to the provider's \
                 scopes, or apply a plan."
            ),
        );
    }
    let device = evidence.settings.device.as_ref().map(|device| device.scope.as_str());
    for (name, asked) in [
        ("NETBIRD_AUTH_SUPPORTED_SCOPES", Some(evidence.settings.scopes.as_str())),
        ("NETBIRD_AUTH_DEVICE_AUTH_SCOPE", device),
    ] {
        let Some(asked) = asked else { continue };
        let missing = REQUIRED_SCOPES
            .iter()
            .find(|scope| !asked.split_whitespace().any(|has| has == **scope));
        if let Some(scope) = missing {
            return warn(
                format!(
                    "{name} is missing {scope}, so NetBird may not get names, groups or renewals"
                ),
                format!("Set it to '{}'.", REQUIRED_SCOPES.join(" ")),
            );
        }
    }
    if provider(evidence).is_some_and(|provider| provider.include_claims_in_id_token == Some(false))
    {
        return warn(
            "tokens do not contain names, addresses and groups",
            "Enable the provider's \"Include claims in id_token\", or apply a plan.",
        );
    }
    pass("the provider has every scope that NetBird requests")
}

pub(super) fn grant_types(evidence: &Evidence<'_>, results: &Results) -> Outcome {
    let hint = "Allow authorization_code, refresh_token, device_code and client_credentials on the \
                provider, or apply a plan.";
    if let Some(provider) = provider(evidence) {
        let Some(allowed) = &provider.grant_types else {
            return pass("this release of authentik allows every grant type");
        };
        if allowed.is_empty() {
            return fail("the provider allows no grant type, so no login works", hint);
        }
        let device = evidence.settings.device.as_ref().map(|_| GrantType::DeviceCode);
        let account = evidence.settings.account.as_ref().map(|_| GrantType::ClientCredentials);
        let needed =
            [Some(GrantType::AuthorizationCode), Some(GrantType::RefreshToken), device, account];
        let is_missing = |kind: &GrantType| !allowed.iter().any(|has| *has == *kind);
        return match needed.into_iter().flatten().find(is_missing) {
            Some(kind) => fail(format!("the provider does not allow the grant type {kind}"), hint),
            None => pass("the provider allows the grant types that NetBird uses"),
        };
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
            hint,
        );
    }
    let has_code = matches!(evidence.responses.device, Some(Ok(DeviceCodeResponse::Issued { .. })));
    if evidence.has_token() && has_code {
        return pass("the provider allows the grant types that NetBird uses");
    }
    unknown(evidence, results)
}

/// For what neither a token nor an administrator showed.
fn unknown(evidence: &Evidence<'_>, results: &Results) -> Outcome {
    if evidence.responses.discovery.is_err() || results.failed(CheckName::Endpoints) {
        return results.not_sent();
    }
    match evidence.responses.administration {
        None => needs_administrator(),
        Some(_) => results
            .blocked_by(&[CheckName::Administration, CheckName::Client])
            .unwrap_or_else(needs_administrator),
    }
}
