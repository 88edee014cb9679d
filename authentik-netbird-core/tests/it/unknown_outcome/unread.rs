//! Looks that show less, or something else: a new app password whose value cannot be read, and a
//! provider whose name differs by case alone.

use authentik_netbird_core::report::OperationState;
use authentik_netbird_core::{Error, ErrorKind};
use authentik_simulator::{Effect, Fault, FaultAnswer, Release};
use serde_json::json;

use super::writes::Start;
use crate::support::story;

#[tokio::test]
async fn a_new_password_that_cannot_be_read_is_an_error_and_everything_else_is_done() {
    let denied = FaultAnswer::with_body(
        403,
        "application/json",
        r#"{"detail": "You do not have permission to perform this action."}"#,
    );
    let denied = Fault::new(Effect::Answer(denied)).on_path("/view_key/");
    for (start, lost) in [(Start::Fresh, "/service_account/"), (Start::Drifted, "/core/tokens/")] {
        let running = start.running(Release::V2026_5).await;
        let plan = running.client.plan(&running.wanted).await.unwrap();
        running.simulator.add_fault(denied.clone());
        let lost = Fault::new(Effect::Cut).on_method("POST").on_path(lost).after_commit();
        running.simulator.add_fault(lost);
        let error = running.client.apply(&plan).await.unwrap_err();
        running.simulator.clear_faults();
        assert_eq!(error.kind(), ErrorKind::PartialApply);
        assert!(error.is_permission_denied());
        let chain = error.chain();
        assert!(chain.contains("applied, 0 failed, 0 skipped"), "{chain}");
        assert!(chain.contains("cannot read the app password"), "{chain}");
        assert!(chain.contains("authentik_core.view_token_key"), "{chain}");
        let Error::PartialApply { report, .. } = error else { unreachable!() };
        let done = |state: &OperationState| {
            use OperationState::{AlreadyApplied, Applied, Unchanged};
            matches!(state, Applied | AlreadyApplied | Unchanged)
        };
        assert!(report.entries.iter().all(|entry| done(&entry.state)), "{report}");
        assert!(!running.client.plan(&running.wanted).await.unwrap().has_changes());
        let outputs = running.client.outputs(&running.wanted).await.unwrap();
        let url = running.simulator.url();
        let server = story::Server::new(url, running.simulator.token());
        story::netbird_logs_in(&server, &outputs).await;
    }
}

#[tokio::test]
async fn what_is_called_so_but_for_case_is_not_what_was_made() {
    let running = Start::Fresh.running(Release::V2026_5).await;
    let plan = running.client.plan(&running.wanted).await.unwrap();
    let (cut, path) = (Fault::new(Effect::Cut).on_method("POST"), "/providers/oauth2/");
    running.simulator.add_fault(cut.on_path(path).times(1));
    let other = json!({"pagination": {}, "results": [{"pk": 99, "name": "netbird"}]});
    let other = FaultAnswer::with_body(200, "application/json", &other.to_string());
    running.simulator.add_fault(Fault::new(Effect::Answer(other)).on_path("?name=NetBird"));
    running.client.apply(&plan).await.unwrap_or_else(|error| panic!("{}", error.chain()));
    assert_eq!(running.count("POST", path), 2);
}

/// authentik saves a provider first and its scope mappings after it.
#[tokio::test]
async fn a_provider_that_is_seen_half_made_is_looked_at_again() {
    let running = Start::Fresh.running(Release::V2026_5).await;
    let plan = running.client.plan(&running.wanted).await.unwrap();
    running.client.apply(&plan).await.unwrap();
    let url = running.simulator.url();
    let server = story::Server::new(url, running.simulator.token());
    let mut half_made = server.find("providers/oauth2/", "name", "NetBird").await.unwrap();
    half_made["property_mappings"] = json!([]);
    let teardown = running.client.plan_teardown(&running.wanted).await.unwrap();
    running.client.apply(&teardown).await.unwrap();

    let plan = running.client.plan(&running.wanted).await.unwrap();
    running.simulator.clear_requests();
    let (cut, path) = (Fault::new(Effect::Cut).on_method("POST"), "/providers/oauth2/");
    running.simulator.add_fault(cut.on_path(path).after_commit().times(1));
    let seen = json!({"pagination": {}, "results": [half_made]}).to_string();
    let seen = FaultAnswer::with_body(200, "application/json", &seen);
    running.simulator.add_fault(Fault::new(Effect::Answer(seen)).on_path("?name=NetBird").times(2));
    running.client.apply(&plan).await.unwrap_or_else(|error| panic!("{}", error.chain()));
    assert_eq!(running.count("GET", "/providers/oauth2/?name=NetBird"), 3);
    assert_eq!(running.count("POST", path), 1);
    assert!(!running.client.plan(&running.wanted).await.unwrap().has_changes());
}
