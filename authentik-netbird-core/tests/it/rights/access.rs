//! Who may log in: access groups.

use std::time::Duration;

use authentik_netbird_core::integration::ServiceAccount;
use authentik_netbird_core::report::OperationState;
use authentik_netbird_core::{Client, ErrorKind};
use authentik_simulator::{
    Effect, Fault, FaultAnswer, LoggedRequest, Release, Simulator, round_trips,
};

use super::{RELEASES, asking, may, start, token};
use crate::support::running::LATENCY;
use crate::support::story::converge;

#[tokio::test]
async fn groups_and_account_have_access_and_others_do_not() {
    for release in RELEASES {
        let (simulator, client) = start(release);
        let (inside, outside) = simulator.edit(|state| {
            let (inside, outside) = (state.add_user("inside").pk, state.add_user("outside").pk);
            state.add_group("vpn").users.push(inside);
            (inside, outside)
        });
        simulator.set_latency(LATENCY);
        let wanted = asking(&simulator).access_group("vpn").build().unwrap();
        let plan = client.plan(&wanted).await.unwrap();
        let outcome = client.apply(&plan).await.unwrap();
        assert!(round_trips(&simulator.requests()) <= 4, "{:?}", simulator.requests());
        simulator.set_latency(Duration::ZERO);
        let bindings = simulator.dump()["policy_bindings"].clone();
        assert_eq!(bindings.as_array().unwrap().len(), 2, "{bindings}");
        assert_eq!(may(&simulator, outcome.outputs().unwrap()).await.0, 200);
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
async fn existing_bindings_are_kept_and_an_unbound_account_gets_one() {
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

/// By a group above its own: nothing is missing, whether one binding is enough or all have to allow it.
#[tokio::test]
async fn an_account_that_a_parent_group_lets_in_needs_no_binding() {
    for release in RELEASES {
        for mode in ["any", "all"] {
            let (simulator, client) = start(release);
            let wanted = asking(&simulator).build().unwrap();
            let (_, outputs) = converge(&client, &wanted).await;
            simulator.edit(|state| {
                let account =
                    state.users.iter().find(|user| user.username == "NetBird").unwrap().pk;
                let parent = state.add_group("vpn").pk.clone();
                let child = state.add_group("vpn machines");
                child.users.push(account);
                child.parents = vec![parent.clone()];
                let application = state.applications[0].pk.clone();
                mode.clone_into(&mut state.applications[0].policy_engine_mode);
                state.add_policy_binding(&application).group = Some(parent);
            });
            assert_eq!(token(&simulator, &outputs).await.0, 200);
            let plan = client.plan(&wanted.clone()).await.unwrap();
            assert!(!plan.has_changes(), "{release} {mode} {plan}");
            let rights = asking(&simulator).service_account(ServiceAccount::Administrator);
            let plan = client.plan(&rights.as_in_guide(false).build().unwrap()).await.unwrap();
            assert!(!plan.has_changes(), "{release} {mode} {plan}");
        }
    }
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
async fn bindings_that_do_not_allow_are_conflicts() {
    type Edit = fn(&mut authentik_simulator::State);
    let edits: [(Edit, &str); 3] = [
        (|state| state.policy_bindings[1].negate = true, "a binding that denies it"),
        (|state| state.policy_bindings[1].enabled = false, "a binding that is disabled"),
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
async fn of_two_plans_that_make_the_same_binding_one_is_left_by_the_next_apply() {
    for release in [Release::V2025_10, Release::V2026_5] {
        let (simulator, client) = start(release);
        simulator.edit(|state| state.add_group("vpn").pk.clone());
        converge(&client, &asking(&simulator).build().unwrap()).await;
        let wanted = asking(&simulator).access_group("vpn").build().unwrap();
        let plans = [client.plan(&wanted).await.unwrap(), client.plan(&wanted).await.unwrap()];
        client.apply(&plans[0]).await.unwrap();
        // authentik accepts a second, equal binding, and the report says so.
        let outcome = client.apply(&plans[1]).await.unwrap();
        for entry in &outcome.report().entries {
            let is_binding = entry.resource.kind.as_str() == "policy_binding";
            assert!(!is_binding || entry.state == OperationState::Applied, "{entry:?}");
        }
        assert_eq!(bindings(&simulator), 4);
        let (plan, _) = converge(&client, &wanted).await;
        let ids: Vec<&str> = plan.changes().map(|one| one.id.as_str()).collect();
        assert_eq!(ids, ["access-account-duplicate-1", "access-1-duplicate-1"]);
        assert_eq!(bindings(&simulator), 2);
    }
}

#[tokio::test]
async fn a_lost_response_to_a_binding_leaves_one() {
    let (simulator, client) = start(Release::V2026_5);
    simulator.edit(|state| state.add_group("vpn").pk.clone());
    let wanted = asking(&simulator).access_group("vpn").build().unwrap();
    let lost = Fault::new(Effect::Cut).on_method("POST").on_path("/policies/bindings/");
    simulator.add_fault(lost.after_commit());
    let plan = client.plan(&wanted).await.unwrap();
    let outcome = client.apply(&plan).await.unwrap();
    for entry in &outcome.report().entries {
        let is_binding = entry.resource.kind.as_str() == "policy_binding";
        assert!(!is_binding || entry.state == OperationState::AlreadyApplied, "{entry:?}");
    }
    assert_eq!(bindings(&simulator), 2);
}

#[tokio::test]
async fn duplicate_bindings_are_deleted_and_nothing_else_is() {
    let (simulator, client) = start(Release::V2026_5);
    simulator.edit(|state| state.add_group("vpn").pk.clone());
    let wanted = asking(&simulator).access_group("vpn").build().unwrap();
    let (_, outputs) = converge(&client, &wanted).await;
    // What others have: other applications, other groups, policies, and what is off or denies.
    simulator.edit(|state| {
        let ours = state.applications[0].pk.clone();
        let wiki = state.add_application("Wiki", "wiki", None).pk.clone();
        let vpn = state.groups.iter().find(|group| group.name == "vpn").unwrap().pk.clone();
        let staff = state.add_group("staff").pk.clone();
        for (target, group) in [(&wiki, &vpn), (&wiki, &vpn), (&ours, &staff), (&ours, &staff)] {
            state.add_policy_binding(target).group = Some(group.clone());
        }
        let off = state.add_policy_binding(&ours);
        (off.group, off.enabled) = (Some(vpn.clone()), false);
        let denying = state.add_policy_binding(&ours);
        (denying.group, denying.negate) = (Some(vpn.clone()), true);
    });
    let kept = simulator.dump()["policy_bindings"].clone();
    assert!(!client.plan(&wanted).await.unwrap().has_changes());
    // As runs that met leave them.
    simulator.edit(|state| {
        for (place, order) in [(0, 7), (1, 8), (1, 9)] {
            let mut second = state.policy_bindings[place].clone();
            (second.pk, second.order) = (state.new_uuid(), order);
            state.policy_bindings.push(second);
        }
    });
    let (plan, _) = converge(&client, &wanted).await;
    let ids: Vec<&str> = plan.changes().map(|one| one.id.as_str()).collect();
    let duplicates = ["access-account-duplicate-1", "access-1-duplicate-1", "access-1-duplicate-2"];
    assert_eq!(ids, duplicates);
    let text = plan.to_string();
    let line = "- delete policy binding \"vpn to netbird\"\n    a duplicate";
    assert!(text.contains(line) && text.contains("3 to delete"), "{text}");
    assert_eq!(simulator.dump()["policy_bindings"], kept);
    assert_eq!(token(&simulator, &outputs).await.0, 200);
    // All that is the application's goes with it.
    client.apply(&client.plan_teardown(&wanted).await.unwrap()).await.unwrap();
    assert_eq!(bindings(&simulator), 2, "the wiki's");
}

/// Names of groups became unique in 2025.12.
#[tokio::test]
async fn a_duplicate_group_is_deleted_unless_something_else_uses_it() {
    for release in [Release::V2024_12, Release::V2025_10] {
        let (simulator, client) = start(release);
        let wanted = asking(&simulator).access_group("vpn").create_access_groups(true);
        let wanted = wanted.build().unwrap();
        converge(&client, &wanted).await;
        let before = simulator.dump();
        simulator.edit(|state| state.add_group("vpn").pk.clone());
        let (plan, _) = converge(&client, &wanted).await;
        let ids: Vec<&str> = plan.changes().map(|one| one.id.as_str()).collect();
        assert_eq!(ids, ["access-group-1-duplicate-1"]);
        for list in ["groups", "policy_bindings"] {
            assert_eq!(simulator.dump()[list], before[list], "{release}");
        }
        // Without its only binding the wiki would be open to everyone.
        simulator.edit(|state| {
            let wiki = state.add_application("Wiki", "wiki", None).pk.clone();
            let vpn = state.add_group("vpn").pk.clone();
            state.add_policy_binding(&wiki).group = Some(vpn);
        });
        let (plan, _) = converge(&client, &wanted).await;
        let ids: Vec<&str> = plan.changes().map(|one| one.id.as_str()).collect();
        assert_eq!(ids, ["access-1", "access-group-1-duplicate-1"], "ours is ours alone");
        let bound = |state: &mut authentik_simulator::State| {
            let of = |slug: &str| {
                let pk = &state.applications.iter().find(|one| one.slug == slug).unwrap().pk;
                state.policy_bindings.iter().filter(|one| one.target == *pk).count()
            };
            (of("netbird"), of("wiki"))
        };
        assert_eq!(simulator.edit(bound), (2, 1), "{release}");
    }
}

#[tokio::test]
async fn an_application_in_use_is_bound_to_no_group_before_the_account() {
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
async fn a_run_that_meets_another_one_reports_what_it_did_and_the_next_apply_tidies_up() {
    let (simulator, client) = start(Release::V2026_5);
    simulator.edit(|state| state.add_group("vpn").pk.clone());
    let wanted = asking(&simulator).access_group("vpn").build().unwrap();
    let plan = client.plan(&wanted).await.unwrap();
    // Someone else is faster by a moment: the application exists, and its bindings come meanwhile.
    let lost = FaultAnswer::empty(502);
    let fault = Fault::new(Effect::Answer(lost)).on_method("POST").on_path("/core/applications/");
    simulator.add_fault(fault.after_commit().times(1));
    let rival = async {
        let looks = |one: &LoggedRequest| {
            one.finished.is_some()
                && one.method == "POST"
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
    let applied = applied.unwrap_or_else(|error| panic!("{}", error.chain()));
    for entry in &applied.report().entries {
        let expected = match entry.operation.as_str() {
            "application" => OperationState::AlreadyApplied,
            _ => OperationState::Applied,
        };
        assert_eq!(entry.state, expected, "{entry:?}");
    }
    assert_eq!(bindings(&simulator), 4);
    converge(&client, &wanted).await;
    assert_eq!(bindings(&simulator), 2);
}
