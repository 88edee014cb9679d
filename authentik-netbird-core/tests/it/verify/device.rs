//! The device flow.

use authentik_netbird_core::verify::CheckName;
use authentik_simulator::{Effect, Fault, FaultAnswer, Release};

use crate::support::applied::{RELEASES, applied, passes, warns};

/// By a proxy, whose response has no error code of OAuth2.
#[tokio::test]
async fn too_many_requests() {
    let page = FaultAnswer::html(429, "<h1>429 Too Many Requests</h1>");
    let applied = applied(Release::V2026_5).await;
    let fault = Fault::new(Effect::Answer(page)).on_path("/application/o/device/");
    applied.simulator().add_fault(fault);
    warns(&applied.verify().await, CheckName::DeviceAuthorization, &["20 device codes per hour"]);
}

#[tokio::test]
async fn a_brand_without_a_device_code_flow() {
    for release in RELEASES {
        let applied = applied(release).await.edit(|state| {
            state.brands.iter_mut().for_each(|brand| brand.flow_device_code = None);
        });
        let texts = ["\"authentik-default\" has no device-code flow", "404", "System > Brands"];
        applied.fails(CheckName::DevicePage, &texts).await;
    }
}

#[tokio::test]
async fn a_device_code_flow_without_a_login() {
    let applied = applied(Release::V2026_5).await.edit(|state| {
        let flow = state.flows.last_mut().unwrap();
        assert_eq!(flow.slug, "default-device-code-flow");
        "none".clone_into(&mut flow.authentication);
    });
    let texts = ["people who are not logged in", "Require authentication"];
    warns(&applied.verify().await, CheckName::DevicePage, &texts);
}

#[tokio::test]
async fn another_brand_at_that_host() {
    // The default brand has the flow, but it is not the one that people see.
    let applied = applied(Release::V2026_5).await.edit(|state| {
        state.add_brand("127.0.0.1");
    });
    applied.fails(CheckName::DevicePage, &["the brand \"127.0.0.1\""]).await;
}

#[tokio::test]
async fn a_proxy_that_does_not_lead_the_page_to_authentik() {
    let applied = applied(Release::V2026_5).await;
    let page = FaultAnswer::html(404, "<title>Not found</title>");
    let fault = Fault::new(Effect::Answer(page)).on_path("/device").on_method("GET");
    applied.simulator().add_fault(fault);
    applied.fails(CheckName::DevicePage, &["device page", "404", "routes /device"]).await;
}

#[tokio::test]
async fn device_codes_that_end_too_soon() {
    for release in RELEASES {
        let applied = applied(release).await.provider(|provider| {
            "minutes=1".clone_into(&mut provider.access_code_validity);
        });
        let texts = ["expire after 60 s", "minutes=10"];
        warns(&applied.verify().await, CheckName::DeviceAuthorization, &texts);
    }
}

#[tokio::test]
async fn device_codes_are_used_up_for_this_hour() {
    let applied = applied(Release::V2026_5).await;
    for _ in 0..20 {
        passes(&applied.verify().await, &[]);
    }
    let texts = ["20 device codes per hour", "in an hour"];
    warns(&applied.verify().await, CheckName::DeviceAuthorization, &texts);
}
