//! Answers that are refusals, late, broken, or without end.

use std::time::{Duration, Instant};

use authentik_netbird_core::{Client, ConnectionOptions, ErrorKind};
use authentik_simulator::{Effect, Fault, FaultAnswer, Release};
use serde_json::json;

use super::{planning_fails, says};
use crate::support::running::{Running, start, start_with};

fn json_answer(body: &serde_json::Value) -> Effect {
    Effect::Answer(FaultAnswer::with_body(200, "application/json", &body.to_string()))
}

fn quick() -> Running {
    start_with(Release::V2026_5, ConnectionOptions::new().retry_timeout(Duration::from_millis(200)))
}

#[tokio::test]
async fn a_wrong_token() {
    for release in Release::ALL {
        let mut running = start(release);
        let wrong = Client::builder(running.simulator.url()).token("ak-wrong");
        running.client = wrong.build().unwrap();
        let texts =
            ["returned 403 (Token invalid/expired)", "intent \"API Token\"", "server's version"];
        let error = planning_fails(&running, ErrorKind::PermissionDenied, &texts).await;
        assert!(error.is_permission_denied() && !error.is_retryable());
        assert_eq!(running.simulator.requests().len(), 10, "a refusal is not asked about again");
    }
}

#[tokio::test]
async fn a_token_of_a_user_without_rights() {
    let mut running = start(Release::V2026_5);
    let key = running.simulator.edit(|state| {
        let user = state.add_user("jane").pk;
        state.add_token("jane-api", user).key.to_string()
    });
    running.client = Client::builder(running.simulator.url()).token(key).build().unwrap();
    let texts = [
        "is missing required permissions:",
        "- authentik_flows.view_flow",
        "- authentik_core.view_user",
        "a member of \"authentik Admins\"",
    ];
    planning_fails(&running, ErrorKind::PermissionDenied, &texts).await;
}

#[tokio::test]
async fn a_server_that_is_too_old_is_that_whatever_else_cannot_be_read() {
    for version in ["2024.10.5", "2023.8.0", "2021.1"] {
        let running = start(Release::V2024_12);
        let answer = json_answer(&json!({"version_current": version}));
        running.simulator.add_fault(Fault::new(answer).on_path("/admin/version/"));
        let lists = json_answer(&json!({"results": "of another shape"}));
        running.simulator.add_fault(Fault::new(lists));
        let texts = ["is too old", "Upgrade it to 2024.12 or later", version];
        planning_fails(&running, ErrorKind::UnsupportedVersion, &texts).await;
    }
}

#[tokio::test]
async fn a_version_that_is_none() {
    for version in [json!("next"), json!(""), json!(null), json!(2026.5), json!("2026.300")] {
        let running = quick();
        let answer = json_answer(&json!({"version_current": version}));
        running.simulator.add_fault(Fault::new(answer).on_path("/admin/version/"));
        let texts = [
            "read the server's version: unexpected JSON from http://127.0.0.1",
            "version_current",
            "too new",
        ];
        planning_fails(&running, ErrorKind::Decode, &texts).await;
    }
}

#[tokio::test]
async fn too_many_requests_are_waited_for_as_long_as_there_is_time() {
    let busy = |after: &str| {
        let page = FaultAnswer::html(429, "<html><title>Slow down</title></html>");
        Fault::new(Effect::Answer(page.header("retry-after", after))).on_path("/core/brands/")
    };
    let running = start(Release::V2026_5);
    running.simulator.add_fault(busy("1").times(1));
    running.client.plan(&running.wanted).await.unwrap();
    let brands = running.simulator.requests();
    let brands: Vec<_> = brands.iter().filter(|one| one.path.contains("/core/brands/")).collect();
    assert_eq!(brands.len(), 2);
    assert!(brands[1].started >= brands[0].finished.unwrap() + Duration::from_secs(1));

    for after in ["3600", "18446744073709551615", "-1", "Wed, 21 Oct 2037 07:28:00 GMT"] {
        let running = quick();
        running.simulator.add_fault(busy(after));
        let started = Instant::now();
        let texts = ["read the brands", "\"Slow down\"", "(429)", "wait a little"];
        let error = planning_fails(&running, ErrorKind::UnexpectedResponse, &texts).await;
        assert!(error.is_retryable() && started.elapsed() < Duration::from_secs(10));
    }
}

#[tokio::test]
async fn answers_that_break_off_are_read_again() {
    let running = start(Release::V2026_5);
    running.simulator.add_fault(Fault::new(Effect::Truncate).times(10));
    running.client.plan(&running.wanted).await.unwrap();
    let running = quick();
    running.simulator.add_fault(Fault::new(Effect::Truncate).on_path("/flows/"));
    let texts =
        ["read the flows", "lost the connection to http://127.0.0.1", "Running again is safe"];
    planning_fails(&running, ErrorKind::Transport, &texts).await;
}

#[tokio::test]
async fn answers_that_are_no_json_are_said_to_be_that() {
    let cases = [
        ("text/plain", "ok", ErrorKind::UnexpectedResponse, "returned text/plain instead of JSON"),
        ("application/json", "{\"pagination\":", ErrorKind::Decode, "EOF while parsing"),
        ("application/json", "", ErrorKind::Decode, "EOF while parsing"),
        ("application/json", "[]", ErrorKind::Decode, "invalid length"),
    ];
    for (content_type, body, kind, text) in cases {
        let running = quick();
        let answer = FaultAnswer::with_body(200, content_type, body);
        running.simulator.add_fault(Fault::new(Effect::Answer(answer)).on_path("/core/brands/"));
        planning_fails(&running, kind, &["brands", text, "Check that the URL"]).await;
    }
}

#[tokio::test]
async fn a_list_that_does_not_end() {
    let running = quick();
    for next in 2..200 {
        let page = json!({"pagination": {"next": next, "count": 1}, "results": []});
        running.simulator.add_fault(Fault::new(json_answer(&page)).on_path("/flows/").times(1));
    }
    let texts = ["read the flows", "does not end", "100 pages", "Check that the URL"];
    planning_fails(&running, ErrorKind::UnexpectedResponse, &texts).await;
    assert_eq!(running.count("GET", "/flows/"), 100);
}

#[tokio::test]
async fn what_uses_an_object_may_be_denied_but_not_unreadable() {
    let running = quick();
    let plan = running.client.plan(&running.wanted).await.unwrap();
    running.client.apply(&plan).await.unwrap();
    let answers = |answer| {
        running.simulator.clear_faults();
        running.simulator.add_fault(Fault::new(Effect::Answer(answer)).on_path("/used_by/"));
    };
    answers(FaultAnswer::html(200, "<html><title>Please wait</title></html>"));
    let error = running.client.plan_teardown(&running.wanted).await.unwrap_err();
    says(&error, ErrorKind::UnexpectedResponse, &["Please wait"]);
    let denied = r#"{"detail": "You do not have permission to perform this action."}"#;
    answers(FaultAnswer::with_body(403, "application/json", denied));
    let plan = running.client.plan_teardown(&running.wanted).await.unwrap();
    let kept = "kept: the token may not see what else uses it";
    assert!(plan.to_string().contains(kept), "{plan}");
}
