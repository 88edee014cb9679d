//! A teardown's plan as data: from a file, stale, of nothing, and what comes out of it.

use authentik_netbird_core::plan::Purpose;
use authentik_netbird_core::{Error, ErrorKind, Plan};
use authentik_simulator::Release;
use serde_json::Value;

use super::{ALL, RELEASES, dump, planned, set_up, tear_down, writes};
use crate::support::running::start;

#[tokio::test]
async fn of_what_never_was_there_is_nothing_to_do() {
    for release in RELEASES {
        let running = start(release);
        let before = dump(&running.simulator);
        running.simulator.clear_requests();
        let plan = planned(&running).await;
        assert_eq!(running.simulator.requests().len(), 13, "there is no account to ask about");
        assert!(plan.operations.is_empty(), "{plan}");
        let text = plan.to_string();
        assert!(text.ends_with("Nothing to do: authentik has nothing of this NetBird."), "{text}");
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
    assert_eq!(running.simulator.requests().len(), 14 + 6, "it was read again first");
    assert_eq!(dump(&running.simulator), before);
    // Now it is of yesterday.
    let error = running.client.apply(&from_file).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StalePlan, "{error}");
    assert!(error.to_string().contains("application \"netbird\" is gone"), "{error}");
}

#[tokio::test]
async fn a_stale_one_is_refused_before_anything_is_written() {
    type Edit = fn(&mut authentik_simulator::State);
    let edits: [(&str, Edit); 8] = [
        ("application \"netbird\" is not as it was", |state| {
            let target = state.applications[0].pk.clone();
            let user = state.users[0].pk;
            state.add_policy_binding(&target).user = Some(user);
        }),
        ("provider \"NetBird\" is gone", |state| {
            state.providers.clear();
            state.applications[0].provider = None;
        }),
        ("provider \"of other NetBirds\" is not as it was", |state| {
            let mut uri = state.providers[0].redirect_uris[0].clone();
            uri.url = "http://localhost:53000".to_owned();
            state.add_provider("Another").redirect_uris.push(uri);
        }),
        ("service account \"NetBird\" is not as it was", |state| {
            let account = state.users.iter().find(|user| user.username == "NetBird").unwrap().pk;
            state.add_token("new", account);
        }),
        ("service account \"NetBird\" is not as it was", |state| {
            let account = state.users.iter().find(|user| user.username == "NetBird").unwrap().pk;
            state.add_group("VPN").users.push(account);
        }),
        ("flow \"default-device-code-flow\" is not as it was", |state| {
            let flow = state.flows.iter_mut().find(|flow| flow.slug == "default-device-code-flow");
            flow.unwrap().stages.push("11111111-1111-4111-8111-111111111111".to_owned());
        }),
        ("flow \"default-device-code-flow\" is not as it was", |state| {
            let flow = state.flows.iter().find(|flow| flow.slug == "default-device-code-flow");
            let flow = flow.unwrap().pk.clone();
            state.add_brand("other.company").flow_user_settings = Some(flow);
        }),
        ("brand \"default\" is not as it was", |state| state.brands[0].flow_device_code = None),
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

/// A plan for one purpose can't pass for one of the other.
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
    assert_eq!((&json["purpose"], &json["format_version"]), (&"tear_down".into(), &1.into()));
    let set_up = running.client.plan(&running.wanted).await.unwrap();
    let json: Value = serde_json::from_str(&set_up.to_json()).unwrap();
    assert_eq!(json["purpose"], "set_up");
}

#[tokio::test]
async fn outputs_are_what_was_there_without_the_password() {
    let running = start(Release::V2026_5);
    set_up(&running).await;
    let had = running.client.outputs(&running.wanted).await.unwrap();
    running.simulator.clear_requests();
    let (plan, outcome) = tear_down(&running).await;
    assert_eq!(running.count("GET", "view_key"), 0);
    let outputs = outcome.outputs();
    assert_eq!(outputs.client_id, had.client_id);
    assert_eq!(outputs.issuer(), had.issuer());
    assert_eq!(outputs.account.as_ref().unwrap().app_password, None);
    assert_eq!(writes(&plan), ALL);

    // Nothing there: no client id, and so no variables.
    let nothing = running.client.apply(&planned(&running).await).await.unwrap();
    assert_eq!(nothing.outputs().client_id.as_str(), "");
    let error = nothing.outputs().netbird_env().check().unwrap_err();
    assert!(error.to_string().contains("NETBIRD_AUTH_CLIENT_ID"), "{error}");
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
