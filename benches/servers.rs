//! The common part of the benchmarks: integrations, snapshots to plan them against, and where figures go.

use std::io;

use authentik_netbird_core::authentik::Version;
use authentik_netbird_core::{DesiredState, Error, NetbirdIntegration, Snapshot, plan};
use serde_json::{Map, Value};

/// The integration with this number; each has names of its own.
#[must_use]
pub fn integration(number: usize) -> NetbirdIntegration {
    integration_on("https://authentik.company", number)
        .unwrap_or_else(|error| unreachable!("{error}"))
}

/// The same on a server with this URL.
///
/// # Errors
/// The URL is none.
pub fn integration_on(url: &str, number: usize) -> Result<NetbirdIntegration, Error> {
    let name = format!("NetBird {number}");
    NetbirdIntegration::builder(url, format!("netbird-{number}.company"))
        .provider_name(&name)
        .service_account_name(&name)
        .application_slug(format!("netbird-{number}"))
        .as_in_guide(true)
        .build()
}

/// A desired state, and a fresh server.
#[must_use]
pub fn fresh(number: usize) -> (DesiredState, Snapshot) {
    let desired = DesiredState::from(&integration(number));
    let snapshot = plan::built_in(&desired, Version::MAX_TESTED);
    (desired, snapshot)
}

/// Adds figures to `target/bench.json`, beside those of other benchmarks.
///
/// # Errors
/// The file cannot be read or written.
pub fn add_figures(figures: &Value) -> io::Result<()> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/bench.json");
    let mut all: Map<String, Value> = match std::fs::read(path) {
        Ok(text) => serde_json::from_slice(&text)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Map::new(),
        Err(error) => return Err(error),
    };
    all.extend(figures.as_object().cloned().unwrap_or_default());
    std::fs::write(path, format!("{:#}\n", Value::Object(all)))
}

/// Says figures on the screen.
#[expect(clippy::print_stdout, reason = "a benchmark's figures are for the screen")]
pub fn say(text: &str) {
    println!("{text}");
}
