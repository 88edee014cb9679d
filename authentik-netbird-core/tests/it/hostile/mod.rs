//! A server that answers everything, and whose answers are changed in every way.
//!
//! **Model.** A proxy (`proxy.rs`) stands between a real client and a simulator. It changes the JSON of some answers
//! by their structure (other types, missing fields, huge numbers, long and odd texts, other ids; the same
//! mutations as in the property tests), and their status and framing. What it changes follows from the number of
//! the case.
//!
//! **Cases.** Each is the whole life of an integration: plan, apply, read outputs, rotate, verify with and without
//! a token, plan a teardown and apply it.
//!
//! **What holds.**
//! 1. Everything ends, in time, in a result or an error; nothing panics.
//! 2. Texts of errors, plans and reports are short and have no control characters.
//! 3. No text contains a key of the server.
//! 4. The memory of the process stays bounded.
//!
//! **Amount.** 120 lives; a soak takes 2,400.

mod proxy;

use std::time::Duration;

use authentik_netbird_core::verify::{NetbirdSettings, verify};
use authentik_netbird_core::{
    AppPasswordExpiry, Client, ConnectionOptions, Error, NetbirdIntegration,
};
use authentik_simulator::Release;
use futures_util::StreamExt;

use crate::support::is_soak;
use crate::support::process::is_alone;
use crate::support::running::start;
use proxy::Proxy;

/// Cases under way at once.
const AT_ONCE: usize = 4;

/// A whole life of an integration; returns everything that was said, and how many steps failed.
async fn live(client: &Client, wanted: &NetbirdIntegration) -> (String, usize) {
    let (mut said, mut failed) = (String::new(), 0);
    let mut note = |error: &Error| {
        let text = error.chain();
        let tricks = |c: char| c.is_control() && c != '\n';
        assert!(!text.contains(tricks), "{text:?}");
        assert!(text.len() < 20_000, "{} bytes: {text:.300}", text.len());
        said.push_str(&format!("{text}\n{error:?}\n"));
        failed += 1;
    };
    let plan = client.plan(wanted).await.inspect_err(&mut note).ok();
    let mut outputs = None;
    if let Some(plan) = &plan {
        let outcome = client.apply(plan).await.inspect_err(&mut note).ok();
        outputs = outcome.and_then(|outcome| outcome.outputs().cloned());
    }
    let read = client.outputs(wanted).await.inspect_err(&mut note).ok();
    let rotation =
        client.plan_rotate(wanted, AppPasswordExpiry::Never).await.inspect_err(&mut note).ok();
    let rotated = match &rotation {
        Some(plan) => client.apply(plan).await.inspect_err(&mut note).ok(),
        None => None,
    };
    let rotated = rotated.and_then(|outcome| outcome.outputs().cloned());
    let outputs = rotated.or(read).or(outputs);
    let mut reports = Vec::new();
    if let Some(outputs) = &outputs {
        let options = ConnectionOptions::new().retry_timeout(Duration::ZERO);
        reports.push(client.verify(wanted, outputs).await.inspect_err(&mut note).ok());
        let settings = NetbirdSettings::from_env(&outputs.netbird_env());
        reports.push(verify(&settings, &options).await.inspect_err(&mut note).ok());
    }
    let teardown = client.plan_teardown(wanted).await.inspect_err(&mut note).ok();
    if let Some(plan) = &teardown {
        client.apply(plan).await.inspect_err(&mut note).ok();
    }
    for plan in [plan, rotation, teardown].into_iter().flatten() {
        let text = plan.to_string();
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
        said.push_str(&format!("{text}\n{plan:?}\n{}", plan.to_json()));
    }
    for report in reports.into_iter().flatten() {
        let text = report.to_string();
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
        assert!(text.len() < 20_000, "{} bytes: {text:.300}", text.len());
        said.push_str(&format!("{text}\n{report:?}\n{}", report.to_json()));
    }
    said.push_str(&format!("{outputs:?}"));
    (said, failed)
}

/// One case: a life behind a server that lies. Returns how many steps failed, and how many answers
/// were changed.
async fn case(number: u64) -> (usize, usize) {
    let release = Release::ALL[number as usize % Release::ALL.len()];
    let running = start(release);
    let proxy = Proxy::start(running.simulator.url(), number);
    let options = ConnectionOptions::new().retry_timeout(Duration::ZERO);
    let options = options.timeout(Duration::from_secs(20));
    let builder = Client::builder(proxy.url()).token(running.simulator.token()).options(options);
    let client = builder.build().unwrap();
    let wanted = crate::support::as_in_guide(proxy.url(), "netbird.company").build().unwrap();
    let life = tokio::time::timeout(Duration::from_secs(120), live(&client, &wanted)).await;
    let (said, failed) = life.unwrap_or_else(|_| panic!("case {number} does not end"));
    running.simulator.edit(|state| {
        let secrets = state.tokens.iter().map(|token| &token.key);
        let all = secrets.chain(state.providers.iter().map(|one| &one.client_secret));
        for secret in all {
            assert!(!said.contains(&secret[..12]), "case {number} tells a secret");
        }
    });
    (failed, proxy.changed())
}

#[tokio::test]
async fn whatever_is_answered_everything_ends_in_an_error_or_a_report() {
    // The memory of a whole process is measured.
    let test = "hostile::whatever_is_answered_everything_ends_in_an_error_or_a_report";
    if !is_alone(test) {
        return;
    }
    let cases = if is_soak() { 2_400 } else { 120 };
    let all = futures_util::stream::iter(0..cases).map(|number| tokio::spawn(case(number)));
    let (failed, changed) = all
        .buffer_unordered(AT_ONCE)
        .fold((0, 0), async |(failed, changed), ended| {
            let (more_failed, more_changed) = ended.unwrap_or_else(|error| panic!("{error}"));
            (failed + more_failed, changed + more_changed)
        })
        .await;
    println!("hostile_lives: {cases}");
    println!("hostile_answers: {changed}");
    println!("hostile_errors: {failed}");
    assert!(changed > cases as usize && failed > cases as usize, "{changed} {failed}");
    // All of it at once would be more; none of it is kept.
    if let Some(peak) = peak_memory() {
        println!("hostile_peak_mb: {peak}");
        assert!(peak < 600, "{peak} MB");
    }
}

/// The most memory that this process had, in MB; Linux says it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1_024)
}
