//! Applying, on the simulator: the whole story on each release, round trips, and the whole state
//! before and after.

use crate::support::running::{LATENCY, until_connections};
use crate::support::story::{Server, converge};
use authentik_netbird_core::{ApplyEvent, Client, Error, NetbirdIntegration, Plan};
use authentik_simulator::{Release, Simulator, round_trips};
use serde_json::{Value, json};
use std::sync::Mutex;

const RELEASES: [Release; 5] = Release::ALL;

fn start(release: Release) -> (Simulator, Client, NetbirdIntegration) {
    let simulator = Simulator::builder().release(release).start().unwrap();
    let client = Client::builder(simulator.url()).token(simulator.token()).build().unwrap();
    let wanted = crate::support::as_in_guide(simulator.url(), "netbird.company").build().unwrap();
    (simulator, client, wanted)
}

#[tokio::test]
async fn the_whole_story_on_each_release() {
    for release in RELEASES {
        let simulator = Simulator::builder().release(release).start().unwrap();
        let server = Server::new(simulator.url(), simulator.token());
        Box::pin(crate::support::story::tell(&server)).await;
    }
}

#[tokio::test]
async fn a_first_apply_takes_three_waves_ten_reads_and_six_writes_the_next_one_wave() {
    for release in RELEASES {
        let (simulator, client, wanted) = start(release);
        simulator.set_latency(LATENCY);
        let plan = client.plan(&wanted).await.unwrap();
        client.apply(&plan).await.unwrap();
        let requests = simulator.requests();
        let writes = requests.iter().filter(|request| request.is_write()).count();
        assert_eq!((requests.len() - writes, writes), (10, 6), "{requests:?}");
        assert_eq!(round_trips(&requests), 3, "{requests:?}");

        simulator.clear_requests();
        let plan = client.plan(&wanted).await.unwrap();
        client.apply(&plan).await.unwrap();
        let requests = simulator.requests();
        assert!(requests.iter().all(|request| !request.is_write()), "{requests:?}");
        assert_eq!((round_trips(&requests), requests.len()), (1, 10), "{requests:?}");
        assert!(
            !requests.iter().any(|request| request.path.contains("view_")),
            "no secret is read"
        );
    }
}

/// The dump without what OAuth2 handed out and counters.
fn dump(simulator: &Simulator) -> Value {
    let mut dump = simulator.dump();
    dump.as_object_mut().unwrap().retain(|name, _| name != "issued" && name != "counters");
    dump
}

#[tokio::test]
async fn brand_group_and_others_keep_everything_else() {
    for release in RELEASES {
        let (simulator, client, wanted) = start(release);
        simulator.edit(|state| {
            let brand = &mut state.brands[0];
            brand.branding_custom_css = "body {}".to_owned();
            brand.attributes.insert("theirs".to_owned(), json!(true));
            brand.default_application = Some("11111111-1111-4111-8111-111111111111".to_owned());
            state.add_brand("other.company");
            let person = state.add_user("jane").pk;
            let admins = state.groups.iter_mut().find(|group| group.name == "authentik Admins");
            admins.unwrap().users.push(person);
            state.add_group("VPN");
        });
        let before = dump(&simulator);
        converge(&client, &wanted).await;
        let mut after = dump(&simulator);
        let account =
            after["users"].as_array().unwrap().iter().find(|u| u["username"] == "NetBird");
        let account = account.unwrap()["pk"].clone();
        let remove = |list: &mut Value, is_ours: &dyn Fn(&Value) -> bool| {
            let list = list.as_array_mut().unwrap();
            let had = list.len();
            list.retain(|entry| !is_ours(entry));
            had - list.len()
        };
        assert_eq!(remove(&mut after["providers"], &|p| p["name"] == "NetBird"), 1);
        assert_eq!(remove(&mut after["applications"], &|a| a["slug"] == "netbird"), 1);
        assert_eq!(remove(&mut after["users"], &|u| u["pk"] == account), 1);
        assert_eq!(remove(&mut after["tokens"], &|t| t["user"] == account), 1);
        let ours = |f: &Value| f["slug"] == "default-device-code-flow";
        assert_eq!(remove(&mut after["flows"], &ours), 1);
        let admins = after["groups"].as_array_mut().unwrap();
        let admins = admins.iter_mut().find(|group| group["name"] == "authentik Admins").unwrap();
        assert_eq!(remove(&mut admins["users"], &|user| *user == account), 1);
        assert!(after["brands"][0]["flow_device_code"].is_string());
        after["brands"][0]["flow_device_code"] = Value::Null;
        assert_eq!(after, before, "{release}");
    }
}

#[tokio::test]
async fn events_report_what_happens_in_an_order_that_holds() {
    let (_simulator, client, wanted) = start(Release::V2026_5);
    let plan = client.plan(&wanted).await.unwrap();
    let seen = Mutex::new(Vec::new());
    let note = |event: ApplyEvent| {
        seen.lock().unwrap().push(match event {
            ApplyEvent::Started(operation) => format!("started {}", operation.id),
            ApplyEvent::Applied(entry) => format!("applied {}", entry.operation),
            other => format!("{other:?}"),
        });
    };
    client.apply_with(&plan, note).await.unwrap();
    let seen = seen.into_inner().unwrap();
    let at = |text: &str| seen.iter().position(|event| event == text).unwrap();
    assert_eq!(seen.len(), 12, "{seen:?}");
    for (before, after) in [
        ("applied provider", "started application"),
        ("applied app-password", "started service-account"),
        ("applied device-flow", "started brand"),
        ("started brand", "applied brand"),
    ] {
        assert!(at(before) < at(after), "{before} before {after}: {seen:?}");
    }
}

#[tokio::test]
async fn a_plan_from_a_file_is_checked_and_a_stale_one_refused_before_anything_is_written() {
    let (simulator, client, wanted) = start(Release::V2026_5);
    let plan = Plan::from_json(&client.plan(&wanted).await.unwrap().to_json()).unwrap();
    simulator.edit(|state| state.brands[0].flow_device_code = Some("theirs".to_owned()));
    simulator.clear_requests();
    let error = client.apply(&plan).await.unwrap_err();
    assert_eq!(
        differences(error),
        [
            "no longer needed: create flow \"default-device-code-flow\"",
            "brand \"authentik-default\": update in the plan, now up to date",
        ]
    );
    assert!(simulator.requests().iter().all(|request| !request.is_write()));

    simulator.edit(|state| state.brands[0].flow_device_code = None);
    client.apply(&plan).await.unwrap();
    assert!(!client.plan(&wanted).await.unwrap().has_changes());
    let error = client.apply(&plan).await.unwrap_err();
    assert_eq!(
        differences(error),
        [
            "provider \"NetBird\": create in the plan, now up to date",
            "app password \"service-account-netbird-password\": create in the plan, now up to date",
            "flow \"default-device-code-flow\": create in the plan, now up to date",
            "application \"netbird\": create in the plan, now up to date",
            "service account \"NetBird\": create in the plan, now up to date",
            "brand \"authentik-default\": update in the plan, now up to date",
            "now found: group membership \"NetBird in authentik Admins\"",
            "NetBird's client id or app password is a different one",
        ]
    );
}

fn differences(error: Error) -> Vec<String> {
    match error {
        Error::StalePlan { differences, .. } => differences,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn plans_of_other_servers_and_offline_ones_are_refused() {
    let (simulator, client, wanted) = start(Release::V2026_5);
    let (_other, other_client, _) = start(Release::V2026_5);
    let plan = client.plan(&wanted).await.unwrap();
    let error = other_client.apply(&plan).await.unwrap_err();
    assert!(error.to_string().contains("the client is connected to"), "{error}");
    let mut offline = plan;
    offline.offline = true;
    let error = client.apply(&offline).await.unwrap_err();
    assert!(error.to_string().contains("offline"), "{error}");
    assert!(simulator.requests().iter().all(|request| !request.is_write()));
}

#[tokio::test]
async fn dropping_the_future_leaves_a_state_that_the_next_run_completes() {
    for cut in 1..=8 {
        let (simulator, client, wanted) = start(Release::V2026_5);
        let plan = client.plan(&wanted).await.unwrap();
        // Some requests are answered long before the cut, some are carried out long after it.
        simulator.set_jitter(std::time::Duration::from_millis(20), cut);
        let time = std::time::Duration::from_millis(cut * 7);
        let _ = tokio::time::timeout(time, client.apply(&plan)).await;
        simulator.set_jitter(std::time::Duration::ZERO, 0);
        // A write that is in flight is completed, and the next run may not meet it.
        drop(client);
        until_connections(&simulator, 0).await;
        let client = Client::builder(simulator.url()).token(simulator.token()).build().unwrap();
        converge(&client, &wanted).await;
        let dump = simulator.dump();
        for list in ["providers", "applications", "policy_bindings"] {
            assert!(dump[list].as_array().unwrap().len() <= 1, "{list} doubled, cut at {cut}");
        }
    }
}

#[tokio::test]
async fn many_at_once_share_one_client() {
    let (simulator, client, _) = start(Release::V2026_5);
    let run = |number: usize| {
        let name = format!("NetBird {number}");
        let wanted = crate::support::as_in_guide(simulator.url(), format!("n{number}.company"))
            .provider_name(&name)
            .service_account_name(&name)
            .application_slug(format!("n{number}"))
            .build()
            .unwrap();
        let client = client.clone();
        async move {
            let plan = client.plan(&wanted).await.unwrap();
            client.apply(&plan).await.map(|outcome| outcome.report().changed())
        }
    };
    // The device flow is shared: the first creates it, and the others find it when theirs is refused.
    let results = futures_util::future::join_all((0..6).map(run)).await;
    for result in results {
        assert_eq!(result.unwrap(), 6);
    }
    let flows = simulator.dump()["flows"].to_string();
    assert_eq!(flows.matches("\"default-device-code-flow\"").count(), 2, "its name and its slug");
}

#[tokio::test]
async fn an_apply_that_is_asked_to_stop_completes_what_is_in_flight_and_starts_nothing_more() {
    let (simulator, client, wanted) = start(Release::ALL[4]);
    let plan = client.plan(&wanted).await.unwrap();
    let stopped = client
        .apply_with(&plan, |event| {
            if matches!(event, ApplyEvent::Applied(_)) {
                client.stop();
            }
        })
        .await
        .unwrap_err();
    let Error::PartialApply { report, source, .. } = stopped else { panic!("{stopped}") };
    assert!(matches!(*source, Error::Stopped), "{source}");
    let started = plan.operations.iter().filter(|one| one.depends_on.is_empty()).count();
    let writes = simulator.requests().iter().filter(|request| request.is_write()).count();
    assert_eq!((report.changed(), writes), (started, started), "{report}");

    // The next one is not stopped by what stopped an earlier one.
    let rest = client.plan(&wanted).await.unwrap();
    client.apply(&rest).await.unwrap();
    assert!(!client.plan(&wanted).await.unwrap().has_changes());
}
