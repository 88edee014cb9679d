//! Servers that echo secrets: in messages, names of fields, titles, headers, and values of a wrong
//! shape.

use std::collections::BTreeSet;
use std::time::Duration;

use authentik_netbird_core::{Client, ConnectionOptions};
use authentik_simulator::{Effect, Fault, FaultAnswer, Release, Simulator};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt;
use futures_util::stream::iter;
use serde_json::json;

use super::forms::Needles;
use super::messages::{Messages, plan_and_apply, secrets_of};
use super::record;
use crate::support::running::{Running, start};

/// As authentik makes them, and so as the client can know that it is one.
const KEY: &str = "CaNaRy0kEyUkH1mYb7Wz2QeTn5RsPdLf8GvXj3AoKc6iB9wMhZ4yNtSuJrEq";
/// As someone made it up: the client knows it because it is its own.
const TOKEN: &str = "ak-canary-token!";

/// Answers with the secret in them, long ones cut anywhere.
fn echoes(secret: &str) -> Vec<FaultAnswer> {
    let json = |status, body: serde_json::Value| {
        FaultAnswer::with_body(status, "application/json", &body.to_string())
    };
    let mut echoes = vec![
        json(400, json!({"name": [format!("got Bearer {secret}")]})),
        json(400, json!({secret: ["unknown"], "code": secret})),
        json(400, json!({"redirect_uris": {"0": {secret: [secret]}}})),
        json(400, json!([[secret], {"a": secret}])),
        json(403, json!(secret)),
        json(500, json!({"detail": format!("Authorization: Bearer {secret}")})),
        json(200, json!({"pagination": {}, "results": secret})),
        json(200, json!({"pagination": {}, "results": [secret]})),
        json(200, json!({"pagination": {"next": secret}, "results": []})),
        json(200, json!({"version_current": secret, "key": [secret], "pk": secret})),
        json(201, json!({"pk": secret, "user_pk": secret, "token": [secret], "name": {secret: 1}})),
        json(201, json!(secret)),
        FaultAnswer::with_body(200, &format!("text/{secret}"), "x"),
        FaultAnswer::with_body(500, "text/plain", secret),
        FaultAnswer::html(502, secret),
        FaultAnswer::empty(302).header("location", &format!("https://h/{secret}/?t={secret}")),
        FaultAnswer::empty(302).header("location", &format!("https://u:{secret}@h/#{secret}")),
        FaultAnswer::empty(302).header("location", &format!("/login/{secret}?{secret}")),
        FaultAnswer::empty(429).header("retry-after", secret),
    ];
    for filler in [60, 68, 75, 79] {
        let title = format!("{} {secret}", "x".repeat(filler));
        echoes.push(FaultAnswer::html(404, &format!("<html><title>{title}</title></html>")));
    }
    for filler in [240, 285, 295] {
        echoes.push(json(400, json!({"detail": format!("{} {secret}", "x".repeat(filler))})));
    }
    echoes
}

/// Where it strikes: method and path.
const PLACES: [(&str, &str); 9] = [
    ("GET", "/api/v3/"),
    ("GET", "/admin/version/"),
    ("GET", "/providers/oauth2/"),
    ("GET", "/view_key/"),
    ("POST", "/providers/oauth2/"),
    ("POST", "/service_account/"),
    ("POST", "/flows/instances/"),
    ("POST", "/core/applications/"),
    ("PATCH", "/core/brands/"),
];

/// What a server may make of a secret that it was sent.
fn encoded(secret: &str) -> Vec<String> {
    let base64 = |text: &str| STANDARD.encode(text);
    vec![
        base64(secret),
        base64(&format!("Bearer {secret}")),
        base64(&format!("akadmin:{secret}\n")),
        url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
        format!("{secret:?}"),
    ]
}

#[tokio::test]
async fn what_a_server_echoes_encoded_is_not_said_again_either() {
    // The administrator's token is the one that is sent to every place.
    let needles = Needles::of(&[TOKEN.to_owned()]);
    let mut runs = Vec::new();
    for answer in encoded(TOKEN).iter().flat_map(|secret| echoes(secret)) {
        for place in [PLACES[3], PLACES[5]] {
            runs.push(echo_aloud(answer.clone(), place, false));
        }
    }
    println!("encoded_echoes: {}", runs.len());
    let mut runs = futures_util::stream::iter(runs).buffer_unordered(8);
    while let Some((messages, _)) = runs.next().await {
        let messages = messages.0.into_inner().unwrap();
        assert_eq!(needles.found_in(&messages), None);
    }
}

async fn echo(secret: &str, answer: FaultAnswer, place: (&str, &str), after: bool) -> Vec<String> {
    let (messages, mut secrets) = echo_aloud(answer.clone(), place, after).await;
    secrets.push(secret.to_owned());
    messages.keeps(&secrets, &format!("{place:?}: {answer:?}"));
    secrets
}

/// Plans and applies with such an answer in one place.
async fn echo_aloud(
    answer: FaultAnswer,
    (method, path): (&str, &str),
    after: bool,
) -> (Messages, Vec<String>) {
    let simulator = Simulator::builder().release(Release::V2026_5).token(TOKEN).start().unwrap();
    let options = ConnectionOptions::new().retry_timeout(Duration::ZERO);
    let builder = Client::builder(simulator.url()).token(TOKEN).options(options);
    let client = builder.build().unwrap();
    let wanted = crate::support::as_in_guide(simulator.url(), "netbird.company").build().unwrap();
    let fault = Fault::new(Effect::Answer(answer)).on_method(method).on_path(path);
    simulator.add_fault(if after { fault.after_commit() } else { fault });
    let messages = Messages::default();
    let running = Running { simulator, netbird: None, client, wanted };
    plan_and_apply(&messages, &running.client, &running.wanted).await;
    let secrets = secrets_of(&running);
    (messages, secrets)
}

#[tokio::test]
async fn what_a_server_echoes_is_not_said_again() {
    if !record::is_recording("canary::echo::what_a_server_echoes_is_not_said_again") {
        return;
    }
    let mut runs = Vec::new();
    for secret in [KEY, TOKEN] {
        for answer in echoes(secret) {
            for place in PLACES {
                for after in [false, true] {
                    runs.push(echo(secret, answer.clone(), place, after));
                }
            }
        }
    }
    println!("{} echoes", runs.len());
    let runs = futures_util::stream::iter(runs).buffer_unordered(8);
    let secrets: BTreeSet<String> = runs.map(Vec::into_iter).flat_map(iter).collect().await;
    record::keeps(&Vec::from_iter(secrets));
}

#[tokio::test]
async fn a_secret_of_a_wrong_type_is_not_quoted() {
    let running = start(Release::V2026_5);
    let messages = Messages::default();
    plan_and_apply(&messages, &running.client, &running.wanted).await;
    // In no shape that could be known; it is where a secret was due.
    let key = FaultAnswer::with_body(200, "application/json", "{\"key\": 8675309867530}");
    running.simulator.add_fault(Fault::new(Effect::Answer(key)).on_path("/view_key/"));
    messages.error(&running.client.outputs(&running.wanted).await.unwrap_err());
    messages.keeps(&["8675309867530".to_owned()], "a key of a wrong type");
}
