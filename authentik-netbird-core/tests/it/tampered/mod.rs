//! Plans from a file that were cut, damaged, edited or are out of date.
//!
//! **Model.** A plan in JSON has a digest, which detects accidents and not attacks: the tests can compute a new
//! one. `scenes.rs` makes six kinds of plan (first apply, least privilege, drift, nothing to do, rotation,
//! teardown), each with the server that it was made for. `edits.rs` makes every change of one value: another value of the
//! same type, another type, another order, nothing at all.
//!
//! **Cases and what holds.**
//! 1. A plan that was cut at any byte, or has lost or changed one byte, is refused before anything is sent.
//! 2. An edited plan with the old digest is refused before anything is sent.
//! 3. An edited plan with a new digest either is refused without a write, or does exactly what a new plan for the
//!    same integration does: same state, same outputs, same writes.
//! 4. A plan for a server that has changed since (`outdated.rs`) is refused as stale, without a write, if the
//!    change matters to it.
//! 5. Each refusal is short, and says to create a new plan.
//!
//! **Amount.** Two edits of each place, every 19th cut and every 41st damaged byte; a soak takes all.

mod edits;
mod outdated;
mod scenes;

use std::hash::Hasher as _;

use authentik_netbird_core::outputs::Outputs;
use authentik_netbird_core::{Error, ErrorKind, Plan};
use serde_json::Value;

use crate::support::is_soak;
use crate::support::running::{Running, comparable};
use scenes::{Scene, scenes};

/// A plan that says nothing of its digest, with the right one.
fn signed(mut plan: Value) -> String {
    if let Value::Object(fields) = &mut plan {
        fields.remove("digest");
    }
    let mut hasher = fnv::FnvHasher::default();
    hasher.write(plan.to_string().as_bytes());
    let digest = format!("{:016x}", hasher.finish());
    if let Value::Object(fields) = &mut plan {
        fields.insert("digest".to_owned(), digest.into());
    }
    plan.to_string()
}

#[track_caller]
fn refused(json: &str, what: &str) -> Error {
    let Err(error) = Plan::from_json(json) else {
        panic!("{what} is taken: {}", &json[..json.len().min(300)]);
    };
    assert_eq!(error.kind(), ErrorKind::InvalidPlan, "{what}: {error}");
    let text = error.to_string();
    assert!(text.contains("Create a new plan") && text.len() < 1_000, "{what}: {text}");
    error
}

#[tokio::test]
async fn a_cut_or_damaged_plan_is_refused_before_anything_is_sent() {
    let (mut cut, mut damaged) = (0, 0);
    for scene in scenes().await {
        scene.running.simulator.clear_requests();
        // As programs hand it on; the space between its parts is no part of it.
        let whole = serde_json::from_str::<Value>(&scene.json).unwrap().to_string();
        Plan::from_json(&whole).unwrap();
        for at in (0..whole.len()).filter(|at| whole.is_char_boundary(*at)) {
            // Every byte of one plan, and of the others enough to meet every kind of place.
            if is_soak() || scene.name == "nothing to do" || at % 19 == 0 || at > whole.len() - 100
            {
                refused(&whole[..at], "a plan that was cut");
                cut += 1;
            }
            if is_soak() || at % 41 == 0 {
                let lacks = format!("{}{}", &whole[..at], &whole[at + 1..]);
                refused(&lacks, "a plan without one byte");
                let other = format!("{}{}{}", &whole[..at], "\u{1}", &whole[at + 1..]);
                refused(&other, "a plan with another byte");
                damaged += 2;
            }
        }
        for text in ["", " ", "null", "[]", "{}", "\"plan\"", "7", "{\"format_version\":2}"] {
            refused(text, "no plan");
        }
        refused(&whole.replacen("\"format_version\":2", "\"format_version\":3", 1), "a newer one");
        refused(&format!("{whole}{whole}"), "two plans");
        assert!(scene.running.simulator.requests().is_empty());
    }
    assert!(cut > 4_000 && damaged > 1_000, "{cut} {damaged}");
    println!("cut_plans: {cut}");
    println!("damaged_plans: {damaged}");
}

#[tokio::test]
async fn an_edited_plan_is_refused_before_anything_is_sent() {
    let mut edited = 0;
    for scene in scenes().await {
        scene.running.simulator.clear_requests();
        let plan: Value = serde_json::from_str(&scene.json).unwrap();
        for (edit, changed) in edits::of(&plan) {
            refused(&changed.to_string(), &edit);
            edited += 1;
        }
        assert!(scene.running.simulator.requests().is_empty());
    }
    println!("edited_plans: {edited}");
    assert!(edited > 3_500, "{edited}");
}

#[tokio::test]
async fn a_refreshed_plan_says_what_the_server_has_and_not_what_the_file_says() {
    for scene in scenes().await {
        let mut plan: Value = serde_json::from_str(&scene.json).unwrap();
        for operation in plan["operations"].as_array_mut().unwrap() {
            operation["changed_by"] = serde_json::json!({"user": "the admin", "at": "today"});
        }
        let names = plan["names"].as_object_mut().unwrap();
        names.values_mut().for_each(|name| *name = "harmless".into());
        for warning in plan["warnings"].as_array_mut().unwrap() {
            (warning["message"], warning["hint"]) = ("all is well".into(), String::new().into());
        }
        let forged = Plan::from_json(&signed(plan.clone())).unwrap();
        assert_ne!(forged.to_string(), Plan::from_json(&scene.json).unwrap().to_string());
        scene.running.simulator.clear_requests();
        let new = scene.running.client.refresh(&forged).await.unwrap();
        assert_eq!(new.to_json(), scene.json, "{}", scene.name);

        plan["warnings"] = serde_json::json!([]);
        let silenced = Plan::from_json(&signed(plan)).unwrap();
        if !new.warnings.is_empty() {
            let error = scene.running.client.apply(&silenced).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::StalePlan, "{}: {error}", scene.name);
        }
        assert_eq!(scene.running.writes(), 0, "{}", scene.name);
    }
}

/// What a plan did: the server, and what NetBird is told.
#[derive(Debug, PartialEq)]
struct Effect {
    server: Value,
    outputs: Option<Outputs>,
    writes: Vec<(String, String)>,
}

async fn effect(scene: &Scene, plan: &Plan) -> Result<Effect, Error> {
    let simulator = &scene.running.simulator;
    simulator.edit(|state| *state = scene.before.clone());
    simulator.clear_requests();
    let outcome = scene.running.client.apply(plan).await?;
    let mut outputs = outcome.outputs().cloned();
    if let Some(outputs) = &mut outputs {
        with_stable_keys(outputs, &scene.running);
    }
    let requests = simulator.requests();
    let writes = requests.iter().filter(|request| request.is_write());
    let mut writes: Vec<_> =
        writes.map(|request| (request.method.clone(), request.path.clone())).collect();
    writes.sort();
    Ok(Effect { server: comparable(simulator), outputs, writes })
}

/// Client id and password are new each time: that they are the server's is what matters.
fn with_stable_keys(outputs: &mut Outputs, running: &Running) {
    running.simulator.edit(|state| {
        let ids: Vec<&str> = state.providers.iter().map(|one| one.client_id.as_str()).collect();
        if ids.contains(&outputs.client_id.as_str()) {
            outputs.client_id = "the server's".into();
        }
        let password = outputs.account.as_mut().and_then(|account| account.app_password.as_mut());
        if let Some(password) = password {
            let token = state.tokens.iter().find(|token| *token.key == *password.expose()).unwrap();
            *password = token.identifier.as_str().into();
        }
    });
}

#[tokio::test]
async fn one_with_a_digest_of_its_own_does_what_a_new_plan_would_or_nothing() {
    let (mut unread, mut refused, mut same) = (0, 0, 0);
    for scene in scenes().await {
        let plan: Value = serde_json::from_str(&scene.json).unwrap();
        for (edit, changed) in edits::of(&plan) {
            let Ok(tampered) = Plan::from_json(&signed(changed)) else {
                unread += 1;
                continue;
            };
            match effect(&scene, &tampered).await {
                Err(error) => {
                    refused += 1;
                    assert_eq!(scene.running.writes(), 0, "{}: {edit}: {error}", scene.name);
                    assert!(error.to_string().len() < 4_000, "{edit}: {error}");
                    let kinds = [
                        ErrorKind::InvalidPlan,
                        ErrorKind::StalePlan,
                        // A plan for another integration, which is not possible here.
                        ErrorKind::Missing,
                        ErrorKind::Conflict,
                        ErrorKind::PermissionDenied,
                    ];
                    assert!(kinds.contains(&error.kind()), "{}: {edit}: {error}", scene.name);
                }
                Ok(done) => {
                    same += 1;
                    let simulator = &scene.running.simulator;
                    simulator.edit(|state| *state = scene.before.clone());
                    let fresh = scene.plan(&tampered.integration).await.unwrap();
                    let wanted = effect(&scene, &fresh).await.unwrap();
                    assert_eq!(done, wanted, "{}: {edit}", scene.name);
                }
            }
        }
    }
    println!("tampered_plans: {}", unread + refused + same);
    println!("tampered_plans_unreadable: {unread}");
    println!("tampered_plans_refused: {refused}");
    println!("tampered_plans_without_effect: {same}");
    assert!(unread > 2_000 && refused > 500, "{unread} {refused} {same}");
}
