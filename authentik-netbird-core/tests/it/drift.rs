//! Drift is shown field by field, and with its author, as far as authentik's event log has one.

use std::time::Duration;

use crate::support::running::LATENCY;
use crate::support::story::{Server, converge};
use authentik_netbird_core::{Client, NetbirdIntegration, Plan};
use authentik_simulator::{
    Effect, Fault, FaultAnswer, LoggedRequest, Release, Simulator, round_trips,
};
use serde_json::{Value, json};

const RELEASES: [Release; 5] = Release::ALL;

async fn applied(release: Release) -> (Simulator, Client, NetbirdIntegration) {
    let simulator = Simulator::builder().release(release).start().unwrap();
    let client = Client::builder(simulator.url()).token(simulator.token()).build().unwrap();
    let builder = crate::support::as_in_guide(simulator.url(), "netbird.company").exact(true);
    let wanted = builder.build().unwrap();
    converge(&client, &wanted).await;
    (simulator, client, wanted)
}

/// Changes each object that a plan compares, by a person who may.
async fn drift(simulator: &Simulator, username: &str) {
    let key = simulator.edit(|state| {
        let user = state.add_user(username).pk;
        let admins = state.groups.iter_mut().find(|group| group.is_superuser).unwrap();
        admins.users.push(user);
        state.add_token("by-hand", user).key.to_string()
    });
    let person = Server::new(simulator.url(), &key);
    let dump = simulator.dump();
    let pk = |list: &str, field: &str, value: &Value| {
        let found = dump[list].as_array().unwrap().iter().find(|one| one[field] == *value);
        found.unwrap().clone()
    };
    let provider = pk("providers", "name", &json!("NetBird"))["pk"].clone();
    let account = pk("users", "username", &json!("NetBird"))["pk"].clone();
    let brand = pk("brands", "default", &json!(true))["brand_uuid"].as_str().unwrap().to_owned();
    let flow = "flows/instances/default-device-code-flow/";
    for (path, body) in [
        (format!("providers/oauth2/{provider}/"), json!({"access_code_validity": "minutes=1"})),
        ("core/applications/netbird/".to_owned(), json!({"name": "VPN"})),
        (format!("core/users/{account}/"), json!({"is_active": false})),
        (flow.to_owned(), json!({"title": "Other"})),
        (format!("core/brands/{brand}/"), json!({"flow_device_code": null})),
    ] {
        let (status, answer) = person.send("PATCH", &path, &body).await;
        assert_eq!(status, 200, "{path} {answer}");
    }
}

/// Changes other objects of the same models, later.
async fn change_others(simulator: &Simulator, username: &str) {
    let (key, paths) = simulator.edit(|state| {
        let user = state.add_user(username).pk;
        let admins = state.groups.iter_mut().find(|group| group.is_superuser).unwrap();
        admins.users.push(user);
        let key = state.add_token("of-another", user).key.to_string();
        let provider = state.add_provider("Wiki").pk;
        state.add_application("Wiki", "wiki", None);
        state.add_flow("wiki-flow", "Wiki", "authorization");
        let brand = state.add_brand("wiki.company").brand_uuid.clone();
        let group = state.add_group("wiki").pk.clone();
        let paths = [
            (format!("providers/oauth2/{provider}/"), json!({"access_code_validity": "minutes=2"})),
            ("core/applications/wiki/".to_owned(), json!({"group": "Tools"})),
            (format!("core/users/{user}/"), json!({"name": "Joe"})),
            ("flows/instances/wiki-flow/".to_owned(), json!({"title": "Other"})),
            (format!("core/brands/{brand}/"), json!({"branding_title": "Wiki"})),
            (format!("core/groups/{group}/"), json!({"name": "wikis"})),
        ];
        (key, paths)
    });
    let person = Server::new(simulator.url(), &key);
    for (path, body) in paths {
        let (status, answer) = person.send("PATCH", &path, &body).await;
        assert_eq!(status, 200, "{path} {answer}");
    }
}

#[tokio::test]
async fn authors_are_added_for_each_object_when_they_are_asked_for() {
    for release in RELEASES {
        let (simulator, client, wanted) = applied(release).await;
        simulator.clear_requests();
        simulator.set_latency(LATENCY);
        let plan = client.plan(&wanted).await.unwrap();
        assert!(!client.with_authors(plan).await.has_changes());
        let requests = simulator.requests();
        assert_eq!((requests.len(), round_trips(&requests)), (10, 1), "nothing more is read");
        simulator.set_latency(Duration::ZERO);
        drift(&simulator, "jane").await;
        change_others(&simulator, "joe").await;
        simulator.clear_requests();
        simulator.set_latency(LATENCY);
        let plan = client.plan(&wanted).await.unwrap();
        assert!(plan.operations.iter().all(|operation| operation.changed_by.is_none()));
        assert_eq!(simulator.requests().len(), 10, "an apply does not need the log");
        let without = plan.clone();
        let plan = client.with_authors(plan).await;
        assert_eq!(round_trips(&simulator.requests()), 2);
        assert_eq!(simulator.requests().len(), 10 + 5, "one read for each model");
        simulator.set_latency(Duration::ZERO);
        assert_eq!(plan.changes().count(), 5, "{plan}");
        for operation in plan.changes() {
            let changed = operation.changed_by.as_ref().unwrap_or_else(|| panic!("{operation}"));
            assert_eq!(changed.user, "jane");
            assert!(changed.at.starts_with("20") && changed.at.contains('T'), "{changed:?}");
        }
        assert!(plan.to_string().contains("last changed by jane at 20"), "{plan}");
        assert!(!simulator.requests().iter().any(LoggedRequest::is_write));
        // It is no part of what makes a plan stale, and nothing else of the plan is different.
        let mut same = plan.clone();
        same.operations.iter_mut().for_each(|operation| operation.changed_by = None);
        assert_eq!(same, without);
        let saved = Plan::from_json(&plan.to_json()).unwrap();
        assert_eq!(saved, plan);
        client.apply(&saved).await.unwrap();
        converge(&client, &wanted).await;
    }
}

#[tokio::test]
async fn a_log_that_cannot_be_read_is_no_failure_and_no_wait() {
    for effect in [
        Effect::Cut,
        Effect::Answer(FaultAnswer::empty(403)),
        Effect::Answer(FaultAnswer::empty(404)),
        Effect::Answer(FaultAnswer::empty(500)),
        Effect::Answer(FaultAnswer::html(200, "<html></html>")),
        Effect::Truncate,
    ] {
        let (simulator, client, wanted) = applied(Release::V2026_5).await;
        drift(&simulator, "jane").await;
        simulator.clear_requests();
        simulator.add_fault(Fault::new(effect.clone()).on_path("/events/events/"));
        let plan = client.with_authors(client.plan(&wanted).await.unwrap()).await;
        assert_eq!(plan.changes().count(), 5, "{plan}");
        assert!(plan.operations.iter().all(|operation| operation.changed_by.is_none()));
        let asked = simulator.requests();
        let asked = asked.iter().filter(|request| request.path.contains("/events/")).count();
        assert_eq!(asked, 5, "each is asked once: {effect:?}");
        converge(&client, &wanted).await;
    }
}

#[tokio::test]
async fn a_name_cannot_draw_on_the_terminal() {
    let (simulator, client, wanted) = applied(Release::V2026_5).await;
    drift(&simulator, "jane\u{1b}[31m").await;
    let plan = client.with_authors(client.plan(&wanted).await.unwrap()).await;
    let text = plan.to_string();
    assert!(text.contains("last changed by jane") && !text.contains('\u{1b}'), "{text:?}");
}

#[tokio::test]
async fn new_objects_and_other_plans_have_no_authors() {
    let (simulator, client, wanted) = applied(Release::V2026_5).await;
    simulator.clear_requests();
    let plan = client.plan_teardown(&wanted).await.unwrap();
    let teardown = client.with_authors(plan).await;
    assert!(teardown.operations.iter().all(|operation| operation.changed_by.is_none()));
    let asks = |one: &LoggedRequest| one.path.contains("/events/");
    assert!(!simulator.requests().iter().any(asks), "what is deleted has not drifted");
    client.apply(&teardown).await.unwrap();
    simulator.clear_requests();
    let fresh = client.with_authors(client.plan(&wanted).await.unwrap()).await;
    assert_eq!(fresh.changes().count(), 6);
    assert!(!simulator.requests().iter().any(asks), "what does not exist has not drifted");
}
