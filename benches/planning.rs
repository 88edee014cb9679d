//! Planning and decoding, for people who change something there: `cargo bench --bench planning`.

use authentik_netbird_benches::{fresh, integration};
use authentik_netbird_core::Plan;
use authentik_netbird_core::authentik::{Page, Provider};
use authentik_netbird_core::plan::plan;
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

#[divan::bench(args = [1, 100, 10_000])]
fn plan_fresh(bencher: Bencher<'_, '_>, integrations: usize) {
    let inputs: Vec<_> = (0..integrations).map(fresh).collect();
    bencher.bench(|| {
        for (desired, snapshot) in &inputs {
            black_box(plan(black_box(desired), black_box(snapshot)).is_ok());
        }
    });
}

#[divan::bench]
fn preview(bencher: Bencher<'_, '_>) {
    let integration = integration(1);
    bencher.bench(|| black_box(&integration).preview());
}

#[divan::bench]
fn build_integration() -> authentik_netbird_core::NetbirdIntegration {
    integration(black_box(1))
}

#[divan::bench]
fn plan_as_text(bencher: Bencher<'_, '_>) {
    let (desired, snapshot) = fresh(1);
    let plan = plan(&desired, &snapshot).ok();
    bencher.bench(|| black_box(&plan).as_ref().map(ToString::to_string));
}

#[divan::bench]
fn plan_as_json_and_back(bencher: Bencher<'_, '_>) {
    let (desired, snapshot) = fresh(1);
    let json = plan(&desired, &snapshot).map(|plan| plan.to_json()).unwrap_or_default();
    bencher.bench(|| Plan::from_json(black_box(&json)).map(|plan| plan.to_json()).ok());
}

#[divan::bench(args = [1, 100])]
fn decode_providers(bencher: Bencher<'_, '_>, providers: usize) {
    let provider = r#"{"pk": 2, "name": "NetBird", "authentication_flow": null,
        "authorization_flow": "15004d3d-da1e-4487-beb3-b25a9560e73e",
        "invalidation_flow": "6eb41e88-0b03-4786-9f6f-b5873a40de91",
        "property_mappings": ["6442e0fe-2b04-4eb9-b35c-e89beabfc9eb"], "component": "c",
        "client_type": "public", "grant_types": ["refresh_token"], "client_id": "netbird",
        "client_secret": "secret", "access_code_validity": "minutes=10", "signing_key": null,
        "redirect_uris": [{"matching_mode": "strict", "url": "http://localhost:53000",
        "redirect_uri_type": "authorization"}], "sub_mode": "user_id"}"#;
    let list = vec![provider; providers].join(",");
    let json = format!(r#"{{"pagination": {{"next": 0, "count": 1}}, "results": [{list}]}}"#);
    bencher.bench(|| serde_json::from_str::<Page<Provider>>(black_box(&json)).is_ok());
}
