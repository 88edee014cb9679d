//! What the benchmarks share: integrations, and snapshots to plan them against.

use authentik_netbird_core::model::Version;
use authentik_netbird_core::{DesiredState, NetbirdIntegration, Snapshot};

/// The integration with this number; each has names of its own.
#[must_use]
pub fn integration(number: usize) -> NetbirdIntegration {
    let name = format!("NetBird {number}");
    NetbirdIntegration::builder("https://authentik.company", format!("netbird-{number}.company"))
        .provider_name(&name)
        .service_account(&name)
        .application_slug(format!("netbird-{number}"))
        .build()
        .unwrap_or_else(|error| unreachable!("{error}"))
}

/// A desired state, and a fresh server.
#[must_use]
pub fn fresh(number: usize) -> (DesiredState, Snapshot) {
    let desired = DesiredState::from(&integration(number));
    let snapshot = Snapshot::factory_fresh(&desired, Version::NEWEST_KNOWN);
    (desired, snapshot)
}
