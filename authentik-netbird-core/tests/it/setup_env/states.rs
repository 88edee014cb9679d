//! What holds for verify and an apply of every setup.env: files are generated from one that is right, by what people,
//! NetBird's own example and older versions may have left there. authentik itself is set up.

use std::fs;

use authentik_netbird_core::outputs::FileChangeKind;
use authentik_netbird_core::verify::{CheckName, CheckStatus, NetbirdSettings};
use authentik_netbird_core::{Client, NetbirdIntegration};
use authentik_netbird_properties::Choices;
use authentik_simulator::{Release, Simulator, State};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::support::is_soak;

/// Lines that are nobody's business but the user's: they stay, in their order.
const THEIRS: [&str; 5] = [
    "# a note of someone else",
    "NETBIRD_LETSENCRYPT_EMAIL=\"admin@netbird.company\"",
    "TURN_MIN_PORT=49152",
    "NETBIRD_STORE_CONFIG_ENGINE=\"sqlite\"",
    "export HTTPS_PROXY=''",
];
/// Values that somebody may have written, most of them wrong for most variables.
const VALUES: [&str; 14] = [
    "",
    "true",
    "True",
    "false",
    "yes",
    "auth0",
    "openid profile email offline_access api",
    "openid,profile,email",
    "http://localhost:9000/application/o/other/.well-known/openid-configuration",
    "https://netbird.company",
    "netbird.example",
    "another-client",
    "idToken",
    " sub ",
];
/// Variables that we do not write, and that NetBird reads.
const OTHERS: [&str; 5] = [
    "NETBIRD_AUTH_CLIENT_SECRET",
    "NETBIRD_MGMT_SINGLE_ACCOUNT_MODE_DOMAIN",
    "NETBIRD_AUTH_PKCE_LOGIN_FLAG",
    "NETBIRD_IDP_MGMT_CLIENT_SECRET",
    "NETBIRD_DISABLE_LETSENCRYPT",
];

struct Scene {
    simulator: Simulator,
    client: Client,
    wanted: NetbirdIntegration,
    before: State,
    right: String,
}

async fn scene() -> Scene {
    let simulator = Simulator::builder().release(Release::V2026_5).start().unwrap();
    let client = Client::builder(simulator.url()).token(simulator.token()).build().unwrap();
    let wanted = NetbirdIntegration::builder(simulator.url(), "netbird.company").build().unwrap();
    client.apply(&client.plan(&wanted).await.unwrap()).await.unwrap();
    let env = client.outputs(&wanted).await.unwrap().netbird_env();
    let right = env.to_setup_env().unwrap().expose().to_owned();
    let before = simulator.edit(|state| state.clone());
    Scene { simulator, client, wanted, before, right }
}

/// One assignment, as people write it.
fn assignment(name: &str, value: &str, choices: &mut Choices<'_>) -> String {
    match choices.below(5) {
        0 => format!("{name}=\"{value}\""),
        1 => format!("{name}='{value}'"),
        2 => format!("export {name}=\"{value}\""),
        3 => format!("  {name}=\"{value}\"   # {value}"),
        _ if value.contains(' ') => format!("{name}='{value}'"),
        _ => format!("{name}={value}"),
    }
}

/// Changes some of the file. The password stays where it is: a wrong one is kept, and said.
fn disturb(right: &str, choices: &mut Choices<'_>) -> String {
    let keeps_block = choices.below(2) == 0;
    let is_assignment = |line: &str| line.contains('=') && !line.starts_with('#');
    let mut lines: Vec<String> = right
        .lines()
        .filter(|line| keeps_block || is_assignment(line))
        .map(ToOwned::to_owned)
        .collect();
    for line in THEIRS {
        if choices.below(2) == 0 {
            let at = if keeps_block {
                choices.below(2) * lines.len()
            } else {
                choices.below(lines.len())
            };
            lines.insert(at, line.to_owned());
        }
    }
    for _ in 0..choices.below(5) {
        let ours: Vec<usize> = (0..lines.len())
            .filter(|at| lines[*at].starts_with("NETBIRD_") && !lines[*at].contains("PASSWORD"))
            .filter(|at| !THEIRS.contains(&lines[*at].as_str()))
            .collect();
        let Some(&at) = ours.get(choices.below(ours.len().max(1))) else { break };
        let name = lines[at].split('=').next().unwrap_or_default().to_owned();
        let value = choices.pick(&VALUES);
        match choices.below(5) {
            0 => drop(lines.remove(at)),
            1 => lines[at] = assignment(&name, value, choices),
            // The later of two counts.
            2 => lines.push(assignment(&name, value, choices)),
            3 => {
                let other = choices.pick(&OTHERS);
                lines.push(assignment(other, value, choices));
            }
            _ => lines[at] = lines[at].replace('\'', "\""),
        }
    }
    let end = if choices.below(8) == 0 { "\r\n" } else { "\n" };
    lines.iter().map(|line| format!("{line}{end}")).collect()
}

/// The lines that are the user's, in their order.
fn theirs(text: &str) -> Vec<&str> {
    text.lines().map(str::trim_end).filter(|line| THEIRS.contains(line)).collect()
}

/// The properties, for one file.
async fn holds(scene: &Scene, bytes: &[u8]) -> &'static str {
    let Scene { simulator, client, wanted, before, right } = scene;
    simulator.edit(|state| *state = before.clone());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("setup.env");
    let text = disturb(right, &mut Choices::new(bytes));
    fs::write(&path, &text).unwrap();
    // There is always a report.
    let settings = NetbirdSettings::parse(&text);
    let first = client.verify_settings(&settings, Some(wanted)).await.unwrap();
    let provisioned = match client.provision(wanted, &path).await {
        Ok(provisioned) => provisioned,
        Err(error) => {
            assert_eq!(fs::read_to_string(&path).unwrap(), text, "{}", error.chain());
            return "refused";
        }
    };
    assert_eq!(provisioned.outcome.report().changed(), 0, "{text}");
    let after = fs::read_to_string(&path).unwrap();
    assert_eq!(theirs(&after), theirs(&text), "{text}\n---\n{after}");
    let settings = NetbirdSettings::parse(&after);
    let second = client.verify_settings(&settings, Some(wanted)).await.unwrap();
    // What is in variables of the user's is told, and left to them.
    for failed in second.with(CheckStatus::Fail) {
        let all_theirs =
            failed.message.split("; ").all(|one| OTHERS.iter().any(|name| one.starts_with(name)));
        assert!(
            failed.name == CheckName::Environment && all_theirs,
            "{text}\n---\n{after}\n{first}\n{second}"
        );
    }
    let again = client.provision(wanted, &path).await.unwrap();
    assert_eq!(again.file.kind, FileChangeKind::Unchanged, "{after}");
    assert_eq!(fs::read_to_string(&path).unwrap(), after);
    if first.with(CheckStatus::Fail).next().is_none() { "right" } else { "repaired" }
}

#[test]
fn an_apply_repairs_what_verify_finds_in_every_file() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let scene = runtime.block_on(scene());
    let mut counts = std::collections::BTreeMap::new();
    let cases = if is_soak() { 500 } else { 100 };
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let found = std::cell::RefCell::new(&mut counts);
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
        .run(&prop::collection::vec(any::<u8>(), 8..60), |bytes| {
            let kind = runtime.block_on(holds(&scene, &bytes));
            *found.borrow_mut().entry(kind).or_insert(0) += 1;
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
    println!("files: {counts:?}");
    assert!(counts["repaired"] > 20 && counts["right"] > 10, "{counts:?}");
}
