//! The provider: client, audience, keys, subject, scopes, grant types.

use super::{Case, Finding, Found, fail, needs_administrator, pass, skip, warn};
use crate::authentik::{ClientType, GrantType, Provider, SubjectMode};
use crate::verify::CheckName;
use crate::verify::administration::LookUp;
use crate::verify::answers::{Claims, DeviceOutcome, TokenOutcome};

/// What NetBird asks people's tokens for.
const NEEDED: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// The provider that NetBird's client id belongs to, where an administrator's token showed it.
pub(super) fn provider<'a>(case: &Case<'a>) -> Option<&'a Provider> {
    let administration = case.answers.administration.as_ref()?;
    administration.client(&case.settings.client_id).found()
}

fn claims<'a>(case: &Case<'a>) -> Option<&'a Claims> {
    match &case.answers.token {
        Some(TokenOutcome::Issued(issued)) => issued.claims.as_ref(),
        _ => None,
    }
}

fn device_refusal<'a>(case: &Case<'a>) -> Option<&'a str> {
    match &case.answers.device {
        Some(DeviceOutcome::Refused(code)) => Some(code),
        _ => None,
    }
}

pub(super) fn client(case: &Case<'_>, found: &Found) -> Finding {
    let client_id = &case.settings.client_id;
    let account = case.settings.account.as_ref();
    let device = case.settings.device.as_ref();
    for (name, other) in [
        ("NETBIRD_IDP_MGMT_CLIENT_ID", account.map(|account| &account.client_id)),
        ("NETBIRD_AUTH_DEVICE_AUTH_CLIENT_ID", device.map(|device| &device.client_id)),
    ] {
        if other.is_some_and(|other| other != client_id) {
            return fail(
                format!("{name} is another client id than NETBIRD_AUTH_CLIENT_ID"),
                format!("set both to the provider's Client ID, {client_id} if that is right"),
            );
        }
    }
    let slug = case.settings.application_slug();
    let remedy = format!(
        "set the client ids in setup.env to the Client ID of the provider of the application \
         \"{slug}\""
    );
    let unknown =
        || fail(format!("authentik has no provider with the client id {client_id}"), &remedy);
    let elsewhere = |owner: &str| {
        fail(format!("the client id {client_id} belongs to another application{owner}"), &remedy)
    };
    let administration = case.answers.administration.as_ref();
    let looked_up = administration.map(|seen| seen.client(client_id));
    if let Some(LookUp::Missing) = looked_up {
        return unknown();
    }
    if let Some(LookUp::Found(provider)) = looked_up {
        let application = administration.and_then(|seen| seen.application.as_ref().ok()?.as_ref());
        if let Some(application) = application
            && application.provider.is_some_and(|pk| pk != provider.pk)
        {
            return elsewhere(&format!(", by the provider \"{}\"", case.shown(&provider.name)));
        }
        if provider.client_type.as_ref().is_some_and(|kind| *kind != ClientType::Public) {
            return fail(
                format!("the provider \"{}\" is a confidential client", case.shown(&provider.name)),
                "set its Client type to Public, or apply a plan: NetBird's dashboard and clients \
                 have no secret",
            );
        }
    }
    // authentik asks for the client first: another error says that it knows it.
    let refusal = case.token_refusal();
    if refusal == Some("invalid_client") {
        return unknown();
    }
    if let (Some(claims), Ok(document), false) =
        (claims(case), &case.answers.discovery, found.failed(CheckName::Issuer))
        && claims.iss != document.issuer
    {
        return elsewhere("");
    }
    let has_device_code = matches!(case.answers.device, Some(DeviceOutcome::Issued { .. }));
    let is_known = case.has_token() || has_device_code || refusal.is_some();
    if is_known || provider(case).is_some() {
        pass(format!("authentik knows the client id {client_id}"))
    } else if case.answers.token.is_none() && case.answers.device.is_none() {
        found.not_asked()
    } else {
        needs_administrator()
    }
}

pub(super) fn audience(case: &Case<'_>, found: &Found) -> Finding {
    let settings = case.settings;
    // authentik's `aud` is always the client id.
    let is_right = |audience: &str| match claims(case).map(|claims| &claims.aud) {
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
            if claims(case).is_none()
                && let Some(waits) = found.waits_for(&[CheckName::Client])
            {
                return waits;
            }
            // Not shown: the guide has the client secret there.
            return fail(
                format!("{name} is not the audience in authentik's tokens, the client id"),
                format!(
                    "set it to the client id, {}; if it is the client secret, make a new one: the \
                     dashboard publishes this value",
                    settings.client_id
                ),
            );
        }
    }
    pass("NetBird expects the client id as audience, as it is in tokens")
}

pub(super) fn signing_key(case: &Case<'_>, found: &Found) -> Finding {
    let types = match &case.answers.keys {
        None => return found.not_asked(),
        Some(Err(trouble)) => {
            return fail(case.message(trouble, "key set"), trouble.remedy("/application/o/"));
        }
        Some(Ok(types)) => types,
    };
    let remedy = "choose an RSA certificate as the provider's Signing Key, such as \"authentik \
                  Self-signed Certificate\", or apply a plan; then restart NetBird's management";
    if types.iter().any(|kind| kind == "RSA") {
        return pass("tokens are signed with an RSA key");
    }
    if !types.is_empty() {
        let types: Vec<String> = types.iter().map(|kind| case.shown(kind)).collect();
        let types = types.join(", ");
        return fail(
            format!(
                "tokens are signed with a key of type {types}, and NetBird (as of 0.77) reads RSA only"
            ),
            remedy,
        );
    }
    if provider(case).is_some_and(|provider| provider.signing_key.is_some()) {
        return fail(
            "the provider's signing key has no private key, so NetBird can't check tokens",
            remedy,
        );
    }
    fail(
        "the provider has no signing key, so its key set is empty and NetBird can't check tokens",
        remedy,
    )
}

pub(super) fn encryption(case: &Case<'_>, found: &Found) -> Finding {
    let remedy = "take the provider's Encryption Key away, or apply a plan";
    if provider(case).is_some_and(|provider| provider.encryption_key.is_some()) {
        return fail(
            "the provider has an encryption key, and NetBird can't read encrypted tokens",
            remedy,
        );
    }
    match &case.answers.token {
        Some(TokenOutcome::Issued(issued)) if issued.parts == 5 => {
            fail("tokens are encrypted (of five parts), and NetBird can't read them", remedy)
        }
        Some(TokenOutcome::Issued(issued)) if issued.parts != 3 => fail(
            format!("the token has {} parts where a signed one has three", issued.parts),
            "let authentik's own answer through to NetBird",
        ),
        Some(TokenOutcome::Issued(_)) => pass("tokens are signed and not encrypted"),
        _ if provider(case).is_some() => pass("the provider has no encryption key"),
        _ => unseen(case, found),
    }
}

pub(super) fn subject_mode(case: &Case<'_>, found: &Found) -> Finding {
    let remedy = "set the provider's Subject mode to \"Based on the User's ID\", or apply a plan \
                  (people who are in NetBird already come back as new users)";
    let mode = provider(case).and_then(|provider| provider.sub_mode.as_ref());
    if let Some(mode) = mode.filter(|mode| **mode != SubjectMode::UserId) {
        return fail(
            format!(
                "tokens name people by {}, and NetBird looks them up by their id",
                case.shown(&mode.to_string())
            ),
            remedy,
        );
    }
    match claims(case).map(|claims| claims.sub.as_str().unwrap_or_default()) {
        Some(sub) if sub.is_empty() || !sub.bytes().all(|byte| byte.is_ascii_digit()) => fail(
            "tokens name people by something else than their id, by which NetBird looks them up",
            remedy,
        ),
        Some(_) => pass("tokens name people by their id, as NetBird looks them up"),
        None if mode.is_some() => pass("tokens name people by their id, as NetBird looks them up"),
        None => unseen(case, found),
    }
}

pub(super) fn scopes(case: &Case<'_>, found: &Found) -> Finding {
    let (Ok(document), None) = (&case.answers.discovery, found.waits_for(&[CheckName::Discovery]))
    else {
        return found.not_asked();
    };
    let Some(supported) = &document.scopes_supported else {
        return skip(
            "the discovery document lists no scopes",
            "let authentik's own answer through",
        );
    };
    for scope in NEEDED {
        if supported.iter().any(|has| has == scope) {
            continue;
        }
        let effect = if scope == "offline_access" {
            "no login can be renewed and people are logged out again and again"
        } else {
            "NetBird learns less of people than it needs"
        };
        return fail(
            format!("the provider has no scope mapping for {scope}, so that {effect}"),
            format!(
                "add \"authentik default OAuth Mapping: OpenID '{scope}'\" to the provider's \
                 scopes, or apply a plan"
            ),
        );
    }
    let device = case.settings.device.as_ref().map(|device| device.scope.as_str());
    for (name, asked) in [
        ("NETBIRD_AUTH_SUPPORTED_SCOPES", Some(case.settings.scopes.as_str())),
        ("NETBIRD_AUTH_DEVICE_AUTH_SCOPE", device),
    ] {
        let Some(asked) = asked else { continue };
        let missing =
            NEEDED.iter().find(|scope| !asked.split_whitespace().any(|has| has == **scope));
        if let Some(scope) = missing {
            return warn(
                format!(
                    "{name} does not ask for {scope}, so that names, groups or renewals get lost"
                ),
                format!("set it to '{}'", NEEDED.join(" ")),
            );
        }
    }
    if provider(case).is_some_and(|provider| provider.include_claims_in_id_token == Some(false)) {
        return warn(
            "names, addresses and groups are not in tokens",
            "switch the provider's \"Include claims in id_token\" on, or apply a plan",
        );
    }
    pass("the provider gives every scope that NetBird asks for")
}

pub(super) fn grant_types(case: &Case<'_>, found: &Found) -> Finding {
    let remedy = "allow authorization_code, refresh_token, device_code and client_credentials on \
                  the provider, or apply a plan";
    if let Some(provider) = provider(case) {
        let Some(allowed) = &provider.grant_types else {
            return pass("this release of authentik allows every grant type");
        };
        if allowed.is_empty() {
            return fail("the provider allows no grant type, so that no login works", remedy);
        }
        let device = case.settings.device.as_ref().map(|_| GrantType::DeviceCode);
        let account = case.settings.account.as_ref().map(|_| GrantType::ClientCredentials);
        let needed =
            [Some(GrantType::AuthorizationCode), Some(GrantType::RefreshToken), device, account];
        let lacks = |kind: &GrantType| !allowed.iter().any(|has| *has == *kind);
        return match needed.into_iter().flatten().find(lacks) {
            Some(kind) => {
                fail(format!("the provider does not allow the grant type {kind}"), remedy)
            }
            None => pass("the provider allows the grant types that NetBird uses"),
        };
    }
    // The client is known, but both requests are refused; and a code is refused for this alone.
    let known =
        case.has_token() || case.token_refusal().is_some_and(|code| code != "invalid_client");
    let no_code = device_refusal(case) == Some("invalid_client");
    if known && no_code && !found.failed(CheckName::Client) {
        return fail(
            if case.has_token() {
                "the provider does not allow the grant type device_code"
            } else {
                "authentik knows the client but refuses it tokens and device codes alike: the \
                 provider allows none of these grant types, most likely"
            },
            remedy,
        );
    }
    let has_code = matches!(case.answers.device, Some(DeviceOutcome::Issued { .. }));
    if case.has_token() && has_code {
        return pass("the provider allows the grant types that NetBird uses");
    }
    unseen(case, found)
}

/// For what neither a token nor an administrator showed.
fn unseen(case: &Case<'_>, found: &Found) -> Finding {
    if case.answers.discovery.is_err() || found.failed(CheckName::Endpoints) {
        return found.not_asked();
    }
    match case.answers.administration {
        None => needs_administrator(),
        Some(_) => found
            .waits_for(&[CheckName::Administration, CheckName::Client])
            .unwrap_or_else(needs_administrator),
    }
}
