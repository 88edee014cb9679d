//! The process that is searched.

use std::io::{BufRead, Write};

use authentik_netbird_core::outputs::{AccountOutputs, Outputs, parse_setup_env};
use authentik_netbird_core::verify::{NetbirdSettings, verify};
use authentik_netbird_core::{AppPasswordExpiry, Client, ConnectionOptions, Secret};

pub(crate) const SCENE: &str = "AUTHENTIK_NETBIRD_TEST_SCENE";
pub(crate) const URL: &str = "AUTHENTIK_NETBIRD_TEST_URL";

/// What holds a secret without a server.
pub(crate) const ALONE: [&str; 5] = ["secret", "client", "outputs", "file", "settings"];

/// A secret that is nowhere in the program: made letter by letter, and so without a second copy.
pub(crate) fn canary(number: u64) -> String {
    let mut text = String::with_capacity(60);
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bf0_3635;
    while text.len() < 60 {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        text.push(char::from(letters[usize::try_from(state >> 33).unwrap_or(0) % letters.len()]));
    }
    text
}

/// Says where it is, and waits to be told to go on.
fn reached(word: &str) {
    println!("{word}");
    std::io::stdout().flush().unwrap();
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).unwrap();
}

#[test]
#[ignore = "started by the tests, which search its memory"]
fn holds_and_drops() {
    let url = std::env::var(URL).unwrap();
    match std::env::var(SCENE).unwrap().as_str() {
        "secret" => secret(),
        "client" => client(&url),
        "outputs" => outputs(),
        "file" => file(),
        "settings" => settings(),
        "connection" => connection(&url),
        "unwiped" => {
            let text = canary(1);
            reached("alive");
            drop(text);
        }
        other => panic!("{other}"),
    }
    reached("dropped");
}

fn secret() {
    let secret = Secret::new(canary(1));
    let other = secret.clone();
    assert!(secret == other && !secret.is_empty());
    let _ = format!("{secret:?}");
    // As it comes from a server: from bytes that are wiped themselves.
    let mut json = zeroize::Zeroizing::new(Vec::with_capacity(64));
    json.push(b'"');
    json.extend_from_slice(secret.expose().as_bytes());
    json.push(b'"');
    let read: Secret = serde_json::from_slice(&json).unwrap();
    reached("alive");
    drop((secret, other, json, read));
}

fn client(url: &str) {
    let builder = Client::builder(url).token(canary(1));
    let client = builder.clone().build().unwrap();
    let other = client.clone();
    let _ = format!("{client:?} {builder:?}");
    reached("alive");
    drop((builder, client, other));
}

fn filled() -> Outputs {
    let url = "https://authentik.company".parse().unwrap();
    let mut outputs = Outputs::new(url, "netbird.company", "netbird".into(), "5JXuw0qD".into());
    let mut account = AccountOutputs::new("NetBird");
    account.app_password = Some(Secret::new(canary(1)));
    outputs.account = Some(account);
    outputs
}

fn outputs() {
    let outputs = filled();
    let env = outputs.netbird_env();
    let texts = [env.to_setup_env(), env.to_compose_env(), env.to_json()].map(Result::unwrap);
    let merged = env.merge_into(texts[0].expose()).unwrap();
    let longer = env.merge_into(&"# a comment\n".repeat(2_000)).unwrap();
    let _ = format!("{outputs:?} {env} {env:?}");
    reached("alive");
    drop((outputs, env, texts, merged, longer));
}

fn file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("setup.env");
    let env = filled().netbird_env();
    env.write(&path).unwrap();
    env.write(&path).unwrap();
    // The old one, with the password in it, is merged.
    let mut other = filled();
    other.domain = "other.company".to_owned();
    other.netbird_env().write(&path).unwrap();
    env.write_compose_env(folder.path().join("compose.env")).unwrap();
    env.write_json(folder.path().join("netbird.json")).unwrap();
    reached("alive");
    drop((env, other, folder));
}

fn settings() {
    let text = filled().netbird_env().to_setup_env().unwrap();
    let values = parse_setup_env(text.expose()).unwrap();
    let settings = NetbirdSettings::from_setup_env(text.expose());
    let _ = format!("{values:?} {settings:?}");
    reached("alive");
    drop((text, values, settings));
}

/// Everything that a server is asked with secrets and for them, the runtime stopped at the end.
fn connection(url: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = Client::builder(url).token(canary(2)).build().unwrap();
    let wanted = crate::support::as_in_guide(url, "netbird.company").build().unwrap();
    let outputs = runtime.block_on(async {
        let plan = client.plan(&wanted).await.unwrap();
        client.apply(&plan).await.unwrap();
        client.outputs(&wanted).await.unwrap();
        let plan = client.plan_rotate(&wanted, AppPasswordExpiry::Never).await.unwrap();
        let outputs = client.apply(&plan).await.unwrap().outputs().unwrap().clone();
        let settings = NetbirdSettings::from_env(&outputs.netbird_env());
        let report = verify(&settings, &ConnectionOptions::new()).await.unwrap();
        assert!(report.into_result().is_ok());
        client.outputs(&wanted).await.unwrap();
        outputs
    });
    reached("alive");
    drop((outputs, client));
    drop(runtime);
}
