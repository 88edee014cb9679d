//! Who may log in: access groups.

use std::time::Duration;

use authentik_netbird_core::ids::ResourceKind;
use authentik_netbird_core::plan::{OperationState, WarningKind};
use authentik_netbird_core::{Client, ErrorKind};
use authentik_simulator::{
    Effect, Fault, FaultAnswer, LoggedRequest, Release, Simulator, round_trips,
};

use super::{RELEASES, asking, may, start, token};
use crate::support::story::converge;

#[tokio::test]
async fn the_groups_and_the_account_are_let_in_and_others_are_not() {
    for release in RELEASES {
        let (simulator, client) = start(release);
        let (inside, outside) = simulator.edit(|state| {
            let (inside, outside) = (state.add_user("inside").pk, state.add_user("outside").pk);
            state.add_group("vpn").users.push(inside);
            (inside, outside)
        });
        simulator.set_latency(Duration::from_millis(30));
        let wanted = asking(&simulator).access_group("vpn").build().unwrap();
        let plan = client.plan(&wanted).await.unwrap();
        let outcome = client.apply(&plan).await.unwrap();
        assert!(round_trips(&simulator.requests()) <= 4, "{:?}", simulator.requests());
        simulator.set_latency(Duration::ZERO);
        let bindings = simulator.dump()["policy_bindings"].clone();
        assert_eq!(bindings.as_array().unwrap().len(), 2, "{bindings}");
        assert_eq!(may(&simulator, outcome.outputs()).await.0, 200);
        assert!(launches(&simulator, inside).await && !launches(&simulator, outside).await);
        converge(&client, &wanted).await;
        assert_eq!(simulator.dump()["policy_bindings"], bindings);
    }
}

/// Whether a user sees the application among those that it may use.
async fn launches(simulator: &authentik_simulator::Simulator, user: u64) -> bool {
    let key = simulator.edit(|state| {
        let identifier = format!("launch-{user}");
        let token = state.add_token(&identifier, user);
        "api".clone_into(&mut token.intent);
        token.key.to_string()
    });
    let server = crate::support::story::Server::new(simulator.url(), &key);
    let (status, list) = server.get_as(&key, "core/applications/").await;
    assert_eq!(status, 200, "{list}");
    list["results"].to_string().contains("\"netbird\"")
}

#[tokio::test]
async fn bindings_that_are_there_are_kept_and_an_unbound_account_is_let_in() {
    let (simulator, client) = start(Release::V2026_5);
    let (_, outputs) = converge(&client, &asking(&simulator).build().unwrap()).await;
    // Someone binds the application to a group by hand: NetBird's own requests fail from then on.
    simulator.edit(|state| {
        let application = state.applications[0].pk.clone();
        let staff = state.add_group("staff").pk.clone();
        state.add_policy_binding(&application).group = Some(staff);
    });
    assert_eq!(token(&simulator, &outputs).await, (400, "invalid_grant".to_owned()));
    let by_hand = simulator.dump()["policy_bindings"][0].clone();
    let wanted = asking(&simulator).access_group("staff").build().unwrap();
    let (plan, _) = converge(&client, &wanted).await;
    let ids: Vec<&str> = plan.changes().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["access-account"]);
    assert_eq!(simulator.dump()["policy_bindings"][0], by_hand);
    assert_eq!(token(&simulator, &outputs).await.0, 200);
}

#[tokio::test]
async fn a_missing_group_is_an_error_unless_asked_for() {
    for release in RELEASES {
        let (simulator, client) = start(release);
        let asked = asking(&simulator).access_group("vpn").access_group("staff");
        let error = client.plan(&asked.clone().build().unwrap()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Missing);
        assert_eq!(error.blockers().len(), 2, "{error}");
        assert!(error.to_string().contains("create_access_groups"), "{error}");
        assert!(simulator.requests().iter().all(|one| !one.is_write()));
        let wanted = asked.create_access_groups(true).build().unwrap();
        let (plan, _) = converge(&client, &wanted).await;
        assert_eq!(plan.changes().count(), 6 + 2 + 3, "{plan}");
    }
}

#[tokio::test]
async fn bindings_that_keep_out_are_conflicts() {
    type Edit = fn(&mut authentik_simulator::State);
    let edits: [(Edit, &str); 3] = [
        (|state| state.policy_bindings[1].negate = true, "keeps it out"),
        (|state| state.policy_bindings[1].enabled = false, "is switched off"),
        (
            |state| "all".clone_into(&mut state.applications[0].policy_engine_mode),
            "its policy engine mode is \"all\"",
        ),
    ];
    for (edit, why) in edits {
        let (simulator, client) = start(Release::V2025_10);
        simulator.edit(|state| state.add_group("vpn").pk.clone());
        let wanted = asking(&simulator).access_group("vpn").build().unwrap();
        converge(&client, &wanted).await;
        simulator.edit(edit);
        let error = client.plan(&wanted).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert!(error.to_string().contains(why), "{error}");
    }
}

#[tokio::test]
async fn without_an_account_none_is_bound() {
    let (simulator, client) = start(Release::V2026_5);
    let wanted = asking(&simulator)
        .access_group("vpn")
        .create_access_groups(true)
        .service_account(authentik_netbird_core::integration::ServiceAccount::None)
        .build()
        .unwrap();
    converge(&client as &Client, &wanted).await;
    assert_eq!(simulator.dump()["policy_bindings"].as_array().unwrap().len(), 1);
}

fn bindings(simulator: &Simulator) -> usize {
    simulator.edit(|state| state.policy_bindings.len())
}

#[tokio::test]
async fn of_two_plans_that_make_the_same_binding_one_makes_it() {
    for application_is_there in [false, true] {
        let (simulator, client) = start(Release::V2026_5);
        simulator.edit(|state| state.add_group("vpn").pk.clone());
        if application_is_there {
            converge(&client, &asking(&simulator).build().unwrap()).await;
        }
        let wanted = asking(&simulator).access_group("vpn").build().unwrap();
        // Nothing but a look keeps the second one from making what the first one made.
        let plans = [client.plan(&wanted).await.unwrap(), client.plan(&wanted).await.unwrap()];
        client.apply(&plans[0]).await.unwrap();
        let outcome = client.apply(&plans[1]).await.unwrap();
        for entry in &outcome.report().entries {
            let is_binding = entry.resource.kind == ResourceKind::PolicyBinding;
            assert!(!is_binding || entry.state == OperationState::FoundDone, "{entry:?}");
        }
        assert_eq!(bindings(&simulator), 2);
    }
}

#[tokio::test]
async fn a_binding_that_keeps_out_and_came_after_the_plan_stays_the_only_one() {
    let (simulator, client) = start(Release::V2025_10);
    simulator.edit(|state| state.add_group("vpn").pk.clone());
    converge(&client, &asking(&simulator).build().unwrap()).await;
    let wanted = asking(&simulator).access_group("vpn").build().unwrap();
    let plan = client.plan(&wanted).await.unwrap();
    simulator.edit(|state| {
        let application = state.applications[0].pk.clone();
        let vpn = state.groups.iter().find(|group| group.name == "vpn").unwrap().pk.clone();
        let binding = state.add_policy_binding(&application);
        (binding.group, binding.enabled) = (Some(vpn), false);
    });
    let error = client.apply(&plan).await.unwrap_err();
    assert!(error.chain().contains("differs in enabled; create a new plan"), "{}", error.chain());
    assert_eq!(bindings(&simulator), 2, "the account's, and theirs");
}

#[tokio::test]
async fn double_bindings_are_told_and_go_with_the_teardown() {
    let (simulator, client) = start(Release::V2026_5);
    simulator.edit(|state| state.add_group("vpn").pk.clone());
    let wanted = asking(&simulator).access_group("vpn").build().unwrap();
    let (plan, _) = converge(&client, &wanted).await;
    assert!(plan.warnings.iter().all(|one| one.kind != WarningKind::DoubleBinding));
    // As two runs that met leave it.
    simulator.edit(|state| {
        let mut second = state.policy_bindings[1].clone();
        second.pk = state.new_uuid();
        state.policy_bindings.push(second);
    });
    let plan = client.plan(&wanted).await.unwrap();
    assert!(!plan.has_changes(), "{plan}");
    let told = plan.warnings.iter().find(|one| one.kind == WarningKind::DoubleBinding).unwrap();
    assert!(told.message.contains("\"vpn\" is let in to \"netbird\" by 2 bindings"), "{told}");
    client.apply(&client.plan_teardown(&wanted).await.unwrap()).await.unwrap();
    assert_eq!(bindings(&simulator), 0);
}

#[tokio::test]
async fn an_application_in_use_is_bound_to_no_group_before_the_account_is_let_in() {
    let (simulator, client) = start(Release::V2026_5);
    let (_, outputs) = converge(&client, &asking(&simulator).build().unwrap()).await;
    simulator.edit(|state| state.add_group("vpn").pk.clone());
    let wanted = asking(&simulator).access_group("vpn").build().unwrap();
    let denied = FaultAnswer::with_body(403, "application/json", r#"{"detail": "no"}"#);
    let fault = Fault::new(Effect::Answer(denied)).on_method("POST").on_path("/policies/bindings/");
    simulator.add_fault(fault);
    let plan = client.plan(&wanted).await.unwrap();
    client.apply(&plan).await.unwrap_err();
    let asked = |one: &LoggedRequest| one.is_write() && one.path.contains("/policies/bindings/");
    assert_eq!(simulator.requests().iter().filter(|one| asked(one)).count(), 1);
    assert_eq!(token(&simulator, &outputs).await.0, 200, "NetBird still reads users");
    simulator.clear_faults();
    converge(&client, &wanted).await;
    assert_eq!(token(&simulator, &outputs).await.0, 200);
}

#[tokio::test]
async fn whoever_finds_the_application_made_waits_for_its_makers_bindings() {
    let (simulator, client) = start(Release::V2026_5);
    simulator.edit(|state| state.add_group("vpn").pk.clone());
    let wanted = asking(&simulator).access_group("vpn").build().unwrap();
    let plan = client.plan(&wanted).await.unwrap();
    // Someone else was faster by a moment: the application is there, its bindings are to come.
    let lost = FaultAnswer::empty(502);
    let fault = Fault::new(Effect::Answer(lost)).on_method("POST").on_path("/core/applications/");
    simulator.add_fault(fault.after_commit().times(1));
    let rival = async {
        let looks = |one: &LoggedRequest| {
            one.finished.is_some()
                && one.method == "GET"
                && one.path.contains("/policies/bindings/")
        };
        while !simulator.requests().iter().any(looks) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        simulator.edit(|state| {
            let application = state.applications[0].pk.clone();
            let user = state.users.iter().find(|user| user.username == "NetBird").unwrap().pk;
            let group = state.groups.iter().find(|group| group.name == "vpn").unwrap().pk.clone();
            state.add_policy_binding(&application).user = Some(user);
            state.add_policy_binding(&application).group = Some(group);
        });
    };
    let (applied, ()) = tokio::join!(client.apply(&plan), rival);
    applied.unwrap_or_else(|error| panic!("{}", error.chain()));
    assert_eq!(simulator.dump()["policy_bindings"].as_array().unwrap().len(), 2);
    converge(&client, &wanted).await;
}
