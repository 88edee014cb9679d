//! A NetBird without the device flow: neither brand nor flow is touched, and `setup.env` does not turn it on.

use authentik_netbird_core::verify::{CheckName, CheckStatus};
use authentik_netbird_core::{Client, NetbirdIntegration};
use authentik_simulator::{Release, Simulator};
use serde_json::json;

use crate::support::story::converge;

#[tokio::test]
async fn neither_authentik_nor_netbird_gets_one() {
    let simulator = Simulator::builder().release(Release::V2026_5).start().unwrap();
    let client = Client::builder(simulator.url()).token(simulator.token()).build().unwrap();
    let wanted = NetbirdIntegration::builder(simulator.url(), "netbird.company")
        .without_device_flow(true)
        .build()
        .unwrap();
    let flows = simulator.edit(|state| state.flows.len());
    let (plan, _) = converge(&client, &wanted).await;
    assert!(!plan.operations.iter().any(|one| one.id.as_str().contains("device")), "{plan}");
    simulator.edit(|state| {
        assert_eq!(state.flows.len(), flows);
        assert!(state.brands.iter().all(|brand| brand.flow_device_code.is_none()));
    });
    let provider = plan.operations.iter().find(|one| one.id.as_str() == "provider").unwrap();
    let grants = provider.changes.iter().find(|change| change.path == "grant_types").unwrap();
    let shown = serde_json::to_value(&grants.after).unwrap();
    assert_eq!(shown, json!({"value": ["authorization_code", "refresh_token"]}));

    let outputs = client.outputs(&wanted).await.unwrap();
    let before =
        "NETBIRD_AUTH_DEVICE_AUTH_CLIENT_ID='old'\nNETBIRD_AUTH_DEVICE_AUTH_SCOPE='openid'\n";
    let merged = outputs.netbird_env().merge_into(before).unwrap();
    let active = |line: &&str| line.starts_with("NETBIRD_AUTH_DEVICE_AUTH");
    assert_eq!(merged.expose().lines().find(active), None, "a leftover would turn it on");

    let verification = client.verify(&wanted, &outputs).await.unwrap();
    assert!(verification.is_success(), "{verification}");
    for name in [CheckName::DeviceAuthorization, CheckName::DevicePage] {
        let status = verification.get(name).unwrap().status;
        assert_eq!(status, CheckStatus::Skipped, "{verification}");
    }
}

#[tokio::test]
async fn a_teardown_leaves_the_flow_that_others_may_have_made() {
    let simulator = Simulator::builder().release(Release::V2026_5).start().unwrap();
    let client = Client::builder(simulator.url()).token(simulator.token()).build().unwrap();
    let builder = || NetbirdIntegration::builder(simulator.url(), "netbird.company");
    converge(&client, &builder().build().unwrap()).await;
    let without = builder().without_device_flow(true).build().unwrap();
    client.apply(&client.plan_teardown(&without).await.unwrap()).await.unwrap();
    simulator.edit(|state| {
        assert!(state.flows.iter().any(|flow| flow.slug == "default-device-code-flow"));
        assert!(state.brands.iter().any(|brand| brand.flow_device_code.is_some()));
        assert!(state.applications.is_empty());
    });
}

#[test]
fn a_reverse_proxy_needs_two_edits_that_the_plan_names() {
    let builder = NetbirdIntegration::builder("https://authentik.company", "netbird.company");
    let plan = builder.reverse_proxy(true).build().unwrap().preview().to_string();
    assert!(plan.contains("NETBIRD_SIGNAL_PROTOCOL=\"https\" in base.setup.env"), "{plan}");
}
