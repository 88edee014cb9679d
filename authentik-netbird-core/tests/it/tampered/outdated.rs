//! The server changed after the plan was made.

use authentik_netbird_core::{ErrorKind, Plan};
use authentik_simulator::State;

use super::scenes::{Scene, scenes};

type Change = (&'static str, fn(&mut State));

/// Something that each of the plans was made from, where it is there.
const CHANGES: [Change; 12] = [
    ("provider", |state| state.providers.iter_mut().for_each(|one| one.client_id.push('x'))),
    ("redirects", |state| state.providers.iter_mut().for_each(|one| one.redirect_uris.clear())),
    ("no provider", |state| state.providers.clear()),
    ("application", |state| state.applications.iter_mut().for_each(|one| one.name.push('x'))),
    ("no application", |state| state.applications.clear()),
    ("account", |state| account(state, |state, at| state.users[at].is_active ^= true)),
    ("no account", |state| {
        account(state, |state, at| {
            state.users.remove(at);
        });
    }),
    ("groups of those names are no more", |state| {
        state.groups.iter_mut().filter(|one| one.name == "vpn").for_each(|one| one.name.push('x'));
    }),
    ("flow", |state| {
        let ours = state.flows.iter_mut().filter(|flow| flow.slug.contains("device-code"));
        ours.for_each(|flow| flow.title.push('x'));
    }),
    ("no device flow", |state| state.flows.retain(|flow| !flow.slug.contains("device-code"))),
    ("brand", |state| {
        let other = state.flows[0].pk.clone();
        state.brands[0].flow_device_code = Some(other);
    }),
    ("somebody's account of that name", |state| {
        if !state.users.iter().any(|user| user.username == "NetBird") {
            state.add_user("NetBird");
        }
    }),
];

fn account(state: &mut State, change: impl Fn(&mut State, usize)) {
    if let Some(at) = state.users.iter().position(|user| user.username == "NetBird") {
        change(state, at);
    }
}

/// Access groups are not in every plan; an account that goes may be active or not, unlike that of a
/// rotation, which depends on provider, account and app password alone.
fn is_of_no_concern(scene: &Scene, change: &str) -> bool {
    match scene.name {
        "rotation" => !["provider", "no provider", "account", "no account"].contains(&change),
        "teardown" => change == "account",
        "least privilege" => false,
        _ => change.starts_with("groups"),
    }
}

#[tokio::test]
async fn a_stale_plan_is_refused_and_nothing_is_written() {
    let mut stale = 0;
    for scene in scenes().await {
        let simulator = &scene.running.simulator;
        for (name, change) in CHANGES {
            simulator.edit(|state| *state = scene.before.clone());
            let before = simulator.dump();
            simulator.edit(change);
            let is_there = simulator.dump() != before && !is_of_no_concern(&scene, name);
            simulator.clear_requests();
            let plan = Plan::from_json(&scene.json).unwrap();
            let applied = scene.running.client.apply(&plan).await;
            let what = format!("{}: {name}", scene.name);
            if !is_there {
                applied.unwrap_or_else(|error| panic!("{what}: {}", error.chain()));
                continue;
            }
            assert_eq!(scene.running.writes(), 0, "{what}");
            let Err(error) = applied else { panic!("{what}: applied") };
            let kinds = [ErrorKind::StalePlan, ErrorKind::Conflict, ErrorKind::Missing];
            assert!(kinds.contains(&error.kind()), "{what}: {:?} {error}", error.kind());
            stale += 1;
        }
    }
    println!("stale_plans: {stale}");
    assert!(stale > 30, "{stale}");
}
