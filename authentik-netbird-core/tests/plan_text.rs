//! Golden plans: the text that a person reads. Update on purpose, with `INSTA_UPDATE=always`.
use authentik_netbird_core::{
    DesiredState, NetbirdIntegration, Snapshot, model::Version, plan::plan,
};

#[test]
fn offline() {
    let integration = NetbirdIntegration::builder("https://authentik.company", "netbird.company")
        .build()
        .unwrap();
    let desired = DesiredState::from(&integration);
    let snapshot = Snapshot::factory_fresh(&desired, Version::NEWEST_KNOWN);
    println!("{}", plan(&desired, &snapshot).unwrap());
}
