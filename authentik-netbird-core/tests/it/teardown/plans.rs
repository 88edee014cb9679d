//! A teardown's plan as data: from a file, stale, of nothing, and what comes out of it.

use authentik_netbird_core::plan::Purpose;
use authentik_netbird_core::{Error, ErrorKind, Plan};
use authentik_simulator::Release;
use serde_json::Value;

use super::{ALL, RELEASES, dump, planned, set_up, tear_down, writes};
use crate::support::running::start;

#[tokio::test]
async fn a_server_without_the_integration_needs_nothing() {
    for release in RELEASES {
        let running = start(release);
        let before = dump(&running.simulator);
        running.simulator.clear_requests();
        let plan = planned(&running).await;
        assert_eq!(running.simulator.requests().len(), 8, "there is no account to ask about");
        assert!(plan.operations.is_empty(), "{plan}");
        let text = plan.to_string();
        assert!(
            text.ends_with("Nothing to do: nothing of this integration exists on authentik."),
            "{text}"
        );
        let outcome = running.client.apply(&plan).await.unwrap();
        assert_eq!(outcome.report().changed(), 0);
        assert_eq!(dump(&running.simulator), before, "{release}");
    }
}

#[tokio::test]
async fn one_from_a_file_is_checked_and_carried_out() {
    let running = start(Release::V2026_5);
    let before = dump(&running.simulator);
    set_up(&running).await;
    let plan = planned(&running).await;
    assert_eq!(plan.purpose, Purpose::TearDown);
    let from_file = Plan::from_json(&plan.to_json()).unwrap();
    assert_eq!(from_file, plan);
    running.simulator.clear_requests();
    running.client.apply(&from_file).await.unwrap();
    assert_eq!(running.simulator.requests().len(), 10 + 4, "it was read again first");
    assert_eq!(dump(&running.simulator), before);
    // Now it is yesterday's.
    let error = running.client.apply(&from_file).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StalePlan, "{error}");
    let text = error.to_string();
    assert!(text.contains("no longer needed: delete application \"netbird\""), "{text}");
}

#[tokio::test]
async fn a_stale_one_is_refused_before_anything_is_written() {
    type Edit = fn(&mut authentik_simulator::State);
    let edits: [(&str, Edit); 8] = [
        ("delete application \"netbird\" would now be different", |state| {
            let target = state.applications[0].pk.clone();
            let user = state.users[0].pk;
            state.add_policy_binding(&target).user = Some(user);
        }),
        ("no longer needed: delete provider \"NetBird\"", |state| {
            state.providers.clear();
            state.applications[0].provider = None;
        }),
        ("service account \"NetBird\": delete in the plan, now kept", |state| {
            let mut uri = state.providers[0].redirect_uris[0].clone();
            uri.url = "http://localhost:53000".to_owned();
            state.add_provider("Another").redirect_uris.push(uri);
        }),
        ("service account \"NetBird\": delete in the plan, now kept", |state| {
            let account = state.users.iter().find(|user| user.username == "NetBird").unwrap().pk;
            state.add_token("new", account);
        }),
        ("service account \"NetBird\": delete in the plan, now kept", |state| {
            let account = state.users.iter().find(|user| user.username == "NetBird").unwrap().pk;
            state.add_group("VPN").users.push(account);
        }),
        ("flow \"default-device-code-flow\": delete in the plan, now kept", |state| {
            let flow = state.flows.iter_mut().find(|flow| flow.slug == "default-device-code-flow");
            flow.unwrap().stages.push("11111111-1111-4111-8111-111111111111".to_owned());
        }),
        ("flow \"default-device-code-flow\": delete in the plan, now kept", |state| {
            let flow = state.flows.iter().find(|flow| flow.slug == "default-device-code-flow");
            let flow = flow.unwrap().pk.clone();
            state.add_brand("other.company").flow_user_settings = Some(flow);
        }),
        ("delete flow \"default-device-code-flow\" would now be different", |state| {
            state.brands[0].flow_device_code = None;
        }),
    ];
    for (text, edit) in edits {
        let running = start(Release::V2026_5);
        set_up(&running).await;
        let plan = Plan::from_json(&planned(&running).await.to_json()).unwrap();
        running.simulator.edit(edit);
        let before = dump(&running.simulator);
        let error = running.client.apply(&plan).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::StalePlan, "{error}");
        assert!(error.to_string().contains(text), "{error}");
        assert_eq!(dump(&running.simulator), before);
    }
}

/// A plan for one purpose cannot pass for one of the other.
#[tokio::test]
async fn the_purpose_is_part_of_the_plan() {
    let running = start(Release::V2026_5);
    set_up(&running).await;
    let plan = planned(&running).await;
    let mut other = Plan::from_json(&plan.to_json()).unwrap();
    other.purpose = Purpose::SetUp;
    assert_ne!(other, plan);
    let before = dump(&running.simulator);
    let error = running.client.apply(&other).await.unwrap_err();
    assert!(matches!(error, Error::StalePlan { .. } | Error::InvalidPlan { .. }), "{error}");
    assert_eq!(dump(&running.simulator), before);

    let json: Value = serde_json::from_str(&plan.to_json()).unwrap();
    assert_eq!((&json["purpose"], &json["format_version"]), (&"tear_down".into(), &2.into()));
    let set_up = running.client.plan(&running.wanted).await.unwrap();
    let json: Value = serde_json::from_str(&set_up.to_json()).unwrap();
    assert_eq!(json["purpose"], "set_up");
}

#[tokio::test]
async fn it_has_no_outputs_and_reads_no_password() {
    let running = start(Release::V2026_5);
    set_up(&running).await;
    running.simulator.clear_requests();
    let (plan, outcome) = tear_down(&running).await;
    assert_eq!(writes(&plan), ALL);
    assert!(outcome.outputs().is_none());
    assert_eq!(running.count("GET", "view_key"), 0);
    // Nothing is left: nothing to do, and no outputs either.
    let nothing = running.client.apply(&planned(&running).await).await.unwrap();
    assert!(nothing.outputs().is_none());
    // So no setup.env is written from one.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("setup.env");
    let plan = planned(&running).await;
    let error = running.client.provision_plan(plan, &path, |_| ()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidPlan);
    assert!(error.to_string().contains("a teardown, which has no outputs"), "{error}");
    assert!(!path.exists());
}

#[tokio::test]
async fn plans_of_other_servers_are_refused() {
    let (running, other) = (start(Release::V2026_5), start(Release::V2026_5));
    let error = other.client.plan_teardown(&running.wanted).await.unwrap_err();
    assert!(error.to_string().contains("the client is connected to"), "{error}");
    let plan = planned(&running).await;
    let error = other.client.apply(&plan).await.unwrap_err();
    assert!(error.to_string().contains("the client is connected to"), "{error}");
}
