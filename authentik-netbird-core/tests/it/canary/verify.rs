//! NetBird's password, the token that it gets and the administrator's token: none comes out, whatever
//! a server echoes.

use std::time::Duration;

use authentik_netbird_core::verify::{NetbirdSettings, verify};
use authentik_netbird_core::{ConnectionOptions, Verification};
use authentik_simulator::{Effect, Fault, FaultAnswer, Release};
use serde_json::json;

use super::record;
use crate::support::applied::{Applied, RELEASES, applied};

/// A password that someone made up, in no shape that could be known.
const PASSWORD: &str = "correct horse battery";

fn said(verification: &Verification) -> String {
    let error = verification.clone().into_result().err();
    let error = error.map(|error| format!("{error} {error:?} {error:#?} {}", error.chain()));
    format!(
        "{verification} {verification:?} {verification:#?} {} {}",
        verification.to_json(),
        error.unwrap_or_default(),
    )
}

/// Verifies both ways; returns all that was said.
async fn verify_aloud(applied: &Applied) -> String {
    let text = applied.outputs.netbird_env().to_setup_env().unwrap();
    let settings = NetbirdSettings::from_setup_env(text.expose());
    let options = ConnectionOptions::new().retry_timeout(Duration::ZERO);
    let mut all = format!("{settings:?} {settings:#?} {options:?}");
    applied.simulator().edit(|state| state.issued.device_requests.clear());
    all.push_str(&said(&verify(&settings, &options).await.unwrap()));
    all.push_str(&said(&applied.verify().await));
    all
}

/// All tokens begin with the same header; what is behind it tells them apart.
fn payload(token: &str) -> String {
    token.split('.').nth(1).unwrap().to_owned()
}

/// The password, the administrator's token, and every token that was handed out.
fn secrets(applied: &Applied) -> Vec<String> {
    let mut secrets = vec![
        applied.outputs.account.as_ref().unwrap().app_password.as_ref().unwrap().expose().into(),
        applied.simulator().token().to_owned(),
    ];
    applied.simulator().edit(|state| {
        for grant in &state.issued.access_tokens {
            secrets.push(payload(&grant.token));
        }
        secrets.extend(state.issued.device_codes.iter().map(|code| code.device_code.clone()));
        secrets.extend(state.tokens.iter().map(|token| token.key.to_string()));
    });
    secrets
}

#[track_caller]
fn keeps(all: &str, secrets: &[String], what: &str) {
    assert!(all.len() > 1_000);
    for secret in secrets {
        let piece = &secret[..secret.len().min(16)];
        if let Some(at) = all.find(piece) {
            let start = all[..at].char_indices().rev().nth(200).map_or(0, |(at, _)| at);
            panic!("{what}: {piece} of a secret is in: {}", &all[start..at + piece.len()]);
        }
    }
}

async fn with_password(release: Release) -> Applied {
    let mut applied = applied(release).await.edit(|state| {
        let token = state.tokens.iter_mut().find(|token| token.intent == "app_password");
        token.unwrap().key = PASSWORD.into();
    });
    applied.outputs.account.as_mut().unwrap().app_password = Some(PASSWORD.into());
    applied
}

#[tokio::test]
async fn when_all_goes_well_and_when_it_does_not() {
    if !record::is_recording("canary::verify::when_all_goes_well_and_when_it_does_not") {
        return;
    }
    let mut known = Vec::new();
    for release in RELEASES {
        for applied in [applied(release).await, with_password(release).await] {
            let mut all = verify_aloud(&applied).await;
            let mut secrets = secrets(&applied);
            assert!(secrets.len() >= 6, "{}", secrets.len());
            applied.simulator().edit(|state| {
                let key = state.add_token("other", 1).key.clone();
                let token = state.tokens.iter_mut().find(|token| token.intent == "app_password");
                token.unwrap().key = key;
            });
            all.push_str(&verify_aloud(&applied).await);
            secrets.extend(self::secrets(&applied));
            keeps(&all, &secrets, "a report");
            known.extend(secrets);
        }
    }
    record::keeps(&known);
    assert!(record::targets().iter().any(|target| target.starts_with("authentik_netbird_core")));
    assert!(!record::all().is_empty());
}

/// Answers of which each has the secret somewhere.
fn echoes(secret: &str) -> Vec<FaultAnswer> {
    let json = |status, body: serde_json::Value| {
        FaultAnswer::with_body(status, "application/json", &body.to_string())
    };
    let issuer = format!("http://127.0.0.1/{secret}/");
    let mut echoes = vec![
        json(200, json!({"issuer": issuer, "token_endpoint": secret})),
        json(
            200,
            json!({
                "issuer": issuer, "authorization_endpoint": secret, "token_endpoint": secret,
                "jwks_uri": secret, "device_authorization_endpoint": secret
            }),
        ),
        json(200, json!({"matched_domain": secret})),
        json(200, json!({"keys": [{"kty": secret}]})),
        json(200, json!({"access_token": [secret], "scope": secret})),
        json(200, json!({"device_code": 1, "verification_uri": secret})),
        json(200, json!({"pagination": {}, "results": secret})),
        json(400, json!({"error": secret, "error_description": secret})),
        json(401, json!({"error": format!("Bearer {secret}")})),
        json(403, json!({"detail": format!("permission {secret}")})),
        json(403, json!({"detail": secret})),
        FaultAnswer::with_body(500, "text/plain", secret),
        FaultAnswer::with_body(200, &format!("text/{secret}"), secret),
        FaultAnswer::empty(302).header("location", &format!("https://h/{secret}?x={secret}")),
    ];
    for filler in [0, 60, 75, 79] {
        let title = format!("{} {secret}", "x".repeat(filler));
        echoes.push(FaultAnswer::html(404, &format!("<title>{title}</title>")));
        echoes.push(FaultAnswer::html(200, &format!("<title>{title}</title>")));
    }
    echoes
}

/// What NetBird's requests are answered by.
const PLACES: [&str; 6] =
    ["openid-configuration", "jwks", "/o/token/", "/device", "brands/current", "users/?page="];

/// The server echoes a secret that was sent to it: in the answer itself, or, for a token, in that to
/// the request that carries it.
async fn echo(applied: &Applied, secret: &str, answer: &FaultAnswer, place: &str) {
    applied.simulator().clear_faults();
    applied.simulator().add_fault(Fault::new(Effect::Answer(answer.clone())).on_path(place));
    let all = verify_aloud(applied).await;
    let mut secrets = secrets(applied);
    secrets.push(secret.to_owned());
    keeps(&all, &secrets, &format!("{place}: {answer:?}"));
}

#[tokio::test]
async fn what_a_server_echoes_is_not_said_again() {
    if !record::is_recording("canary::verify::what_a_server_echoes_is_not_said_again") {
        return;
    }
    let applied = with_password(Release::V2026_5).await;
    let administrator = applied.simulator().token();
    for answer in echoes(PASSWORD) {
        for place in PLACES {
            echo(&applied, PASSWORD, &answer, place).await;
        }
    }
    for answer in echoes(administrator) {
        applied.simulator().clear_faults();
        applied.simulator().add_fault(Fault::new(Effect::Answer(answer)).on_path("/api/v3/"));
        // The setup.env alone knows nothing of that token, and cannot be sent it.
        keeps(&said(&applied.verify().await), &secrets(&applied), "an administrator's token");
    }
    // The same token each time, so that it can be echoed.
    applied.simulator().clear_faults();
    verify_aloud(&applied).await;
    let token = applied.simulator().edit(|state| state.issued.access_tokens[0].token.clone());
    let given = json!({"access_token": token, "scope": "goauthentik.io/api"}).to_string();
    let given = FaultAnswer::with_body(200, "application/json", &given);
    for answer in echoes(&token) {
        applied.simulator().clear_faults();
        applied.simulator().add_fault(Fault::new(Effect::Answer(given.clone())).on_path("/token/"));
        applied.simulator().add_fault(Fault::new(Effect::Answer(answer)).on_path("users/?page="));
        let all = verify_aloud(&applied).await;
        keeps(&all, &secrets(&applied), "an echoed token");
    }
    record::keeps(&[PASSWORD.to_owned(), administrator.to_owned(), payload(&token)]);
}
