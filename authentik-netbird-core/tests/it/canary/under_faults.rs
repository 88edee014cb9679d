//! Every secret, under every fault, through everything that can be said: Debug, Display, plans, reports,
//! JSON, errors, panics, and the trace of this crate and of the HTTP library.
//!
//! `AUTHENTIK_NETBIRD_SOAK` set: at more places.

use std::time::Duration;

use authentik_netbird_core::verify::{NetbirdSettings, verify};
use authentik_netbird_core::{
    AppPasswordExpiry, Client, ConnectionOptions, Error, NetbirdIntegration, Outcome, Plan,
};
use authentik_simulator::{Release, Simulator};
use futures_util::StreamExt;

use super::forms::Needles;
use super::messages::{Messages, plan_and_apply, secrets_of};
use super::record;
use crate::support::faults;
use crate::support::is_soak;
use crate::support::running::Running;

/// In a shape that nobody can know.
const TOKEN: &str = "canary-\"t/k?n\\-of-an-administrator!";
const SET_BY_SOMEONE: &str = "canary pässword: \"set\" by\\someone/else?";

/// At which requests a fault begins: in a plan, in an apply, in what follows.
const PLACES: [u64; 5] = [0, 5, 13, 17, 24];

/// Everything that there is to do, and everything said on the way. Returns the secrets that there were.
async fn life(messages: &Messages, running: &Running) -> Vec<String> {
    let Running { client, wanted, simulator, .. } = running;
    plan_and_apply(messages, client, wanted).await;
    let mut secrets = secrets_now(running);
    // A password that someone set is read, and used.
    simulator.edit(|state| {
        let token = state.tokens.iter_mut().find(|token| token.intent == "app_password");
        if let Some(token) = token {
            token.key = SET_BY_SOMEONE.into();
        }
    });
    let read = client.outputs(wanted).await;
    verify_both_ways(messages, client, wanted, read).await;
    let rotation = client.plan_rotate(wanted, AppPasswordExpiry::Never).await;
    if let Some(outcome) = apply(messages, client, rotation).await {
        verify_both_ways(messages, client, wanted, Ok(outcome.outputs().unwrap().clone())).await;
    }
    secrets.extend(secrets_now(running));
    let teardown = client.plan_teardown(wanted).await;
    apply(messages, client, teardown).await;
    secrets
}

/// Applies a plan, and says everything on the way.
async fn apply(messages: &Messages, client: &Client, plan: Result<Plan, Error>) -> Option<Outcome> {
    let applied = match plan {
        Ok(plan) => {
            messages.plan(&plan);
            client.apply_with(&plan, |event| messages.event(&event)).await
        }
        Err(error) => Err(error),
    };
    match applied {
        Ok(outcome) => {
            messages.outcome(&outcome);
            Some(outcome)
        }
        Err(error) => {
            error_aloud(messages, error);
            None
        }
    }
}

/// Keys and client secrets, device codes, and what is behind the header of access tokens, which is the
/// same in all of them.
fn secrets_now(running: &Running) -> Vec<String> {
    let mut secrets = secrets_of(running);
    running.simulator.edit(|state| {
        let codes = state.issued.device_codes.iter().map(|code| code.device_code.clone());
        let payload = |token: &str| token.split('.').nth(1).map(str::to_owned);
        let tokens = state.issued.access_tokens.iter().filter_map(|grant| payload(&grant.token));
        secrets.extend(codes.chain(tokens).filter(|secret| secret.len() > 20));
    });
    secrets
}

async fn verify_both_ways(
    messages: &Messages,
    client: &Client,
    wanted: &NetbirdIntegration,
    outputs: Result<authentik_netbird_core::outputs::Outputs, Error>,
) {
    let outputs = match outputs {
        Ok(outputs) => outputs,
        Err(error) => return error_aloud(messages, error),
    };
    messages.debug(&outputs);
    let settings = NetbirdSettings::from_env(&outputs.netbird_env());
    messages.debug(&settings);
    let options = ConnectionOptions::new().retry_timeout(Duration::ZERO);
    let options = options.timeout(faults::IMPATIENCE * 4);
    messages.debug(&options);
    let reports = [
        client.verify(wanted, &outputs).await,
        client.verify_settings(&settings, Some(wanted)).await,
        verify(&settings, &options).await,
    ];
    for report in reports {
        match report {
            Err(error) => error_aloud(messages, error),
            Ok(report) => {
                messages.debug(&report);
                messages.text(&format!("{report}\n{}", report.to_json()));
                report
                    .into_result()
                    .err()
                    .into_iter()
                    .for_each(|error| error_aloud(messages, error));
            }
        }
    }
}

/// An error, and a panic with it.
fn error_aloud(messages: &Messages, error: Error) {
    messages.error(&error);
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        panic!("called `Result::unwrap()` on an `Err` value: {error:?}")
    }));
    let payload = panic.err().and_then(|payload| payload.downcast::<String>().ok());
    messages.text(&payload.expect("a panic with a text"));
}

async fn under(fault: &faults::FaultKind, place: u64) -> Vec<String> {
    let simulator = Simulator::builder().release(Release::V2026_5).token(TOKEN).start().unwrap();
    let wanted = crate::support::as_in_guide(simulator.url(), "netbird.company").build().unwrap();
    let timeout = if fault.silent { faults::IMPATIENCE } else { Duration::from_secs(20) };
    let options = ConnectionOptions::new().retry_timeout(Duration::ZERO).timeout(timeout);
    let builder = Client::builder(simulator.url()).token(TOKEN).options(options);
    let messages = Messages::default();
    messages.debug(&builder);
    let client = builder.build().unwrap();
    let running = Running { simulator, netbird: None, client, wanted };
    // For some requests, then no more, so that what follows is met, too.
    running.simulator.add_fault(fault.at(place, false, false).times(2));
    let mut secrets = life(&messages, &running).await;
    secrets.retain(|secret| secret != TOKEN && secret != SET_BY_SOMEONE);
    let all = [secrets.as_slice(), &[TOKEN.to_owned(), SET_BY_SOMEONE.to_owned()]].concat();
    let text = messages.0.into_inner().unwrap();
    if let Some(found) = Needles::of(&all).found_in(&text) {
        panic!("{} at {place} tells a secret: {found}", fault.name);
    }
    secrets
}

#[tokio::test]
async fn under_every_fault_no_secret_is_said_in_any_form() {
    if !record::is_recording(
        "canary::under_faults::under_every_fault_no_secret_is_said_in_any_form",
    ) {
        return;
    }
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        // Those that are made on purpose are caught.
        if !info.to_string().contains("called `Result::unwrap()` on an `Err` value") {
            quiet(info);
        }
    }));
    let faults = faults::all();
    let mut runs = Vec::new();
    for (turn, fault) in faults.iter().enumerate() {
        // Two places of each by turns, so that all are met.
        let places =
            PLACES.iter().cycle().skip(2 * turn).take(if is_soak() { PLACES.len() } else { 2 });
        runs.extend(places.map(|place| under(fault, *place)));
    }
    println!("canary_lives: {}", runs.len());
    let secrets: Vec<Vec<String>> =
        futures_util::stream::iter(runs).buffer_unordered(8).collect().await;
    let mut secrets = secrets.concat();
    secrets.extend([TOKEN.to_owned(), SET_BY_SOMEONE.to_owned()]);
    secrets.sort();
    secrets.dedup();
    let needles = Needles::of(&secrets);
    println!("canary_secrets: {}", secrets.len());
    println!("canary_forms: {}", needles.len());
    assert!(secrets.len() > 5, "{}", secrets.len());
    if let Some(found) = needles.found_in(&record::all()) {
        panic!("a secret is in the trace: {found}");
    }
}
