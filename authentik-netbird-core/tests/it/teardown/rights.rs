//! Role and group of least privilege go with the account, unless somebody else uses them.

use std::time::Duration;

use authentik_netbird_core::integration::ServiceAccount;
use authentik_simulator::{Effect, Fault, FaultAnswer, Release, State, round_trips};

use super::{RELEASES, dump, planned, set_up, tear_down, writes};
use crate::support::running::{LATENCY, Running, start};

const READER: &str = "NetBird user reader";

fn with(release: Release, rights: ServiceAccount) -> Running {
    let mut running = start(release);
    asking(&mut running, rights);
    running
}

fn asking(running: &mut Running, rights: ServiceAccount) {
    let text = serde_json::to_value(rights).unwrap();
    let changes = [("service_account".to_owned(), text)].into();
    running.wanted = running.wanted.with_fields(changes).build().unwrap();
}

#[tokio::test]
async fn the_whole_state_is_as_before_whatever_the_rights() {
    for release in RELEASES {
        for rights in
            [ServiceAccount::UserReader, ServiceAccount::UserDeleter, ServiceAccount::None]
        {
            let running = with(release, rights);
            let before = dump(&running.simulator);
            set_up(&running).await;
            running.simulator.clear_requests();
            running.simulator.set_latency(LATENCY);
            running.client.apply(&planned(&running).await).await.unwrap();
            assert!(round_trips(&running.simulator.requests()) <= 4, "{release} {rights:?}");
            running.simulator.set_latency(Duration::ZERO);
            assert_eq!(dump(&running.simulator), before, "{release} {rights:?}");
            assert!(!planned(&running).await.has_changes());
        }
    }
}

#[tokio::test]
async fn role_and_group_go_with_the_account_that_is_in_them() {
    use ServiceAccount::{Administrator, UserReader};
    for release in RELEASES {
        // Asked for as an administrator's, and the account is in the group still.
        let mut running = with(release, UserReader);
        let before = dump(&running.simulator);
        set_up(&running).await;
        asking(&mut running, Administrator);
        tear_down(&running).await;
        assert_eq!(dump(&running.simulator), before, "{release}");

        // An earlier choice: the account has left the group. It is not looked for, and has no member.
        asking(&mut running, UserReader);
        set_up(&running).await;
        asking(&mut running, Administrator);
        let adopting = [("adopt".to_owned(), true.into())].into();
        running.wanted = running.wanted.with_fields(adopting).build().unwrap();
        set_up(&running).await;
        tear_down(&running).await;
        let left = dump(&running.simulator);
        let group = left["groups"].as_array().unwrap().iter().find(|one| one["name"] == READER);
        assert_eq!(group.unwrap()["users"], serde_json::json!([]), "{release}");
        // Who wants them gone, too, tears down what they were created with.
        asking(&mut running, UserReader);
        let (plan, _) = tear_down(&running).await;
        assert_eq!(writes(&plan), ["role", "rights-group"], "{plan}");
        assert_eq!(dump(&running.simulator), before, "{release}");
    }
}

#[tokio::test]
async fn a_binding_that_goes_with_its_application_keeps_no_group() {
    for release in RELEASES {
        let running = with(release, ServiceAccount::UserReader);
        let before = dump(&running.simulator);
        set_up(&running).await;
        running.simulator.edit(|state| {
            let group = state.groups.iter().find(|one| one.name == READER).unwrap().pk.clone();
            let application = state.applications[0].pk.clone();
            state.add_policy_binding(&application).group = Some(group);
        });
        tear_down(&running).await;
        assert_eq!(dump(&running.simulator), before, "{release}");
    }
}

/// What someone did with role or group, what is kept for it, and what the plan says.
type Case = (fn(&mut State), &'static [&'static str], &'static str);

#[tokio::test]
async fn what_somebody_else_uses_is_kept_and_named() {
    let cases: [Case; 6] = [
        (
            |state| {
                let jane = state.add_user("jane").pk;
                group(state).users.push(jane);
            },
            &["role", "rights-group"],
            "kept: it has 1 other members",
        ),
        (
            |state| {
                let other = state.add_role("other").pk.clone();
                group(state).roles.push(other);
            },
            &["role", "rights-group"],
            "kept: someone gave it other roles",
        ),
        (
            |state| {
                let target = state.add_application("Wiki", "wiki", None).pk.clone();
                let reader = group(state).pk.clone();
                state.add_policy_binding(&target).group = Some(reader);
            },
            &["role", "rights-group"],
            "kept: \"Binding from Wiki",
        ),
        (
            |state| {
                let role = role(state);
                state.add_group("auditors").roles.push(role);
            },
            &["role"],
            "kept: \"Group auditors\" has it",
        ),
        (
            |state| {
                let jane = state.add_user("jane").pk;
                let role = role(state);
                let found = state.roles.iter_mut().find(|one| one.pk == role).unwrap();
                found.users.push(jane);
            },
            &["role"],
            "kept: \"jane\" has it",
        ),
        (
            |state| {
                let role = role(state);
                let found = state.roles.iter_mut().find(|one| one.pk == role).unwrap();
                found.permissions.insert("authentik_core.view_group".to_owned());
            },
            &["role"],
            "kept: someone gave it other permissions: authentik_core.view_group",
        ),
    ];
    for release in RELEASES {
        for (spoil, kept, says) in cases {
            let running = with(release, ServiceAccount::UserReader);
            set_up(&running).await;
            running.simulator.edit(spoil);
            let (plan, _) = tear_down(&running).await;
            let text = plan.to_string();
            assert!(text.contains(says), "{text}");
            let left = running.simulator.dump();
            let there = |list: &str| left[list].to_string().contains(READER);
            assert!(there("roles"), "{release} {says}");
            assert_eq!(there("groups"), kept.contains(&"rights-group"), "{release} {says}");
            assert!(!left["users"].to_string().contains("\"NetBird\""), "{release} {says}");
        }
    }
}

#[tokio::test]
async fn a_role_with_permissions_over_single_objects_is_kept() {
    let running = with(Release::V2026_5, ServiceAccount::UserReader);
    set_up(&running).await;
    let path = running.simulator.edit(|state| format!("/rbac/roles/{}/used_by/", role(state)));
    let uses = r#"[{"app": "guardian", "model_name": "roleobjectpermission", "pk": "7",
        "name": "Brand | Role NetBird user reader | view_brand", "action": "cascade"}]"#;
    let answer = FaultAnswer::with_body(200, "application/json", uses);
    running.simulator.add_fault(Fault::new(Effect::Answer(answer)).on_path(&path));
    let plan = planned(&running).await;
    assert!(!writes(&plan).contains(&"role"), "{plan}");
    let reason = "kept: someone gave it permissions over single objects\n";
    assert!(plan.to_string().contains(reason), "{plan}");
}

/// Before 2025.12 the database accepts two groups of a name, and runs at the same moment may each create
/// one.
#[tokio::test]
async fn groups_that_a_race_left_twice_go_together() {
    for release in [Release::V2024_12, Release::V2025_10] {
        let running = with(release, ServiceAccount::UserReader);
        let before = dump(&running.simulator);
        set_up(&running).await;
        running.simulator.edit(|state| {
            let members = group(state).users.clone();
            state.add_group(READER).users = members;
        });
        let (plan, _) = tear_down(&running).await;
        let deleted = ["rights-group", "rights-group-duplicate-1"];
        assert!(deleted.iter().all(|id| writes(&plan).contains(id)), "{plan}");
        assert_eq!(dump(&running.simulator), before, "{release}");

        // One that somebody else is in stays, with its role, and keeps the other that has the role.
        set_up(&running).await;
        running.simulator.edit(|state| {
            let jane = state.add_user("jane").pk;
            state.add_group(READER).users.push(jane);
        });
        let (plan, _) = tear_down(&running).await;
        let left = writes(&plan);
        let is_right = |id: &&str| id.contains("group") || *id == "role";
        assert!(!left.iter().any(is_right), "{plan}");
        assert!(plan.to_string().contains("kept: another group of this name is kept"), "{plan}");
    }
}

#[tokio::test]
async fn an_account_that_is_kept_keeps_its_rights() {
    let running = with(Release::V2026_5, ServiceAccount::UserReader);
    set_up(&running).await;
    running.simulator.edit(|state| {
        let account = state.users.iter().find(|user| user.username == "NetBird").unwrap().pk;
        state.add_token("backup", account);
    });
    let (plan, _) = tear_down(&running).await;
    for id in ["service-account", "rights-group", "role"] {
        assert!(!writes(&plan).contains(&id), "{plan}");
    }
}

fn group(state: &mut State) -> &mut authentik_simulator::Group {
    state.groups.iter_mut().find(|group| group.name == READER).unwrap()
}

fn role(state: &State) -> String {
    state.roles.iter().find(|role| role.name == READER).unwrap().pk.clone()
}

#[tokio::test]
async fn access_groups_are_kept_and_named_and_their_bindings_go() {
    for release in RELEASES {
        let mut running = with(release, ServiceAccount::Administrator);
        running.simulator.edit(|state| state.add_group("vpn").pk.clone());
        let before = dump(&running.simulator);
        let changes = [("access_groups".to_owned(), serde_json::json!(["vpn"]))].into();
        running.wanted = running.wanted.with_fields(changes).build().unwrap();
        set_up(&running).await;
        let (plan, _) = tear_down(&running).await;
        assert!(plan.to_string().contains("kept: its members may need it"), "{plan}");
        assert_eq!(dump(&running.simulator), before, "{release}");
    }
}
