//! Trouble on the way: whatever fails, a new plan ends where an undisturbed one does.

use std::time::Duration;

use authentik_netbird_core::report::OperationState;
use authentik_netbird_core::{ConnectionOptions, Error, ErrorKind};
use authentik_simulator::{Effect, Fault, FaultAnswer, Release, State};

use super::{dump, planned, set_up, tear_down};
use crate::support::running::{Running, start, start_with, until_connections};

/// Each write of a teardown: operation, method, and part of its path.
const WRITES: [(&str, &str, &str); 4] = [
    ("application", "DELETE", "/core/applications/"),
    ("provider", "DELETE", "/providers/oauth2/"),
    ("service-account", "DELETE", "/core/users/"),
    ("device-flow", "DELETE", "/flows/instances/"),
];

fn impatient(release: Release) -> Running {
    start_with(release, ConnectionOptions::new().retry_timeout(Duration::from_millis(300)))
}

#[tokio::test]
async fn half_way_it_says_so_and_the_next_one_finishes() {
    let refused = FaultAnswer::with_body(403, "application/json", r#"{"detail": "No."}"#);
    let broken = FaultAnswer::html(502, "<html><title>502 Bad Gateway</title></html>");
    for (operation, method, path) in WRITES {
        for answer in [&refused, &broken, &FaultAnswer::empty(405)] {
            let running = impatient(Release::V2026_5);
            let before = dump(&running.simulator);
            set_up(&running).await;
            let plan = planned(&running).await;
            let fault = Fault::new(Effect::Answer(answer.clone())).on_method(method).on_path(path);
            running.simulator.add_fault(fault);
            let error = running.client.apply(&plan).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::PartialApply, "{}", error.chain());
            let Error::PartialApply { report, .. } = error else { unreachable!() };
            for entry in &report.entries {
                let waits = plan.operations.iter().find(|one| one.id == entry.operation).unwrap();
                let blocked = waits.depends_on.iter().any(|id| id.as_str() == operation);
                let state = &entry.state;
                match entry.operation.as_str() {
                    id if id == operation => {
                        assert!(matches!(state, OperationState::Failed { .. }), "{report}");
                    }
                    _ if blocked => assert_eq!(*state, OperationState::Skipped, "{report}"),
                    _ => assert_eq!(*state, OperationState::Applied, "{report}"),
                }
            }
            running.simulator.clear_faults();
            tear_down(&running).await;
            assert_eq!(dump(&running.simulator), before, "{operation} {answer:?}");
        }
    }
}

#[tokio::test]
async fn a_lost_answer_is_found_out_and_nothing_is_sent_twice() {
    let failed = FaultAnswer::with_body(500, "application/json", r#"{"detail": "oops"}"#);
    for release in [Release::V2025_10, Release::V2026_5] {
        for (operation, method, path) in WRITES {
            for effect in [
                Effect::Cut,
                Effect::Answer(failed.clone()),
                Effect::Answer(FaultAnswer::empty(405)),
            ] {
                let running = impatient(release);
                let before = dump(&running.simulator);
                set_up(&running).await;
                let plan = planned(&running).await;
                let name = format!("{release} {operation} {effect:?}");
                let fault = Fault::new(effect).on_method(method).on_path(path);
                running.simulator.add_fault(fault.after_commit().times(1));
                running.simulator.clear_requests();
                let outcome = running.client.apply(&plan).await;
                let outcome = outcome.unwrap_or_else(|error| panic!("{name}: {}", error.chain()));
                for entry in &outcome.report().entries {
                    let lost = entry.operation.as_str() == operation;
                    let state =
                        if lost { OperationState::AlreadyApplied } else { OperationState::Applied };
                    assert_eq!(entry.state, state, "{name}");
                }
                assert_eq!(running.writes(), 4, "{name}");
                assert_eq!(dump(&running.simulator), before, "{name}");
            }
        }
    }
}

/// A write that did not arrive is sent again.
#[tokio::test]
async fn a_lost_request_is_sent_again() {
    for (operation, method, path) in WRITES {
        let running = start(Release::V2026_5);
        let before = dump(&running.simulator);
        set_up(&running).await;
        let plan = planned(&running).await;
        let fault = Fault::new(Effect::Cut).on_method(method).on_path(path).times(1);
        running.simulator.add_fault(fault);
        running.client.apply(&plan).await.unwrap();
        assert_eq!(dump(&running.simulator), before, "{operation}");
    }
}

type Race = (&'static str, fn(&mut State));

/// What someone else removes between plan and apply.
const RACES: [Race; 6] = [
    ("application", |state| state.applications.clear()),
    ("provider", |state| {
        state.providers.clear();
        state.applications[0].provider = None;
    }),
    ("membership", |state| {
        let group = state.groups.iter_mut().find(|group| group.name == "authentik Admins");
        group.unwrap().users.pop();
    }),
    ("account", |state| {
        let account = state.users.iter().find(|user| user.username == "NetBird").unwrap().pk;
        let group = state.groups.iter_mut().find(|group| group.name == "authentik Admins");
        group.unwrap().users.retain(|user| *user != account);
        state.tokens.retain(|token| token.user != account);
        state.users.retain(|user| user.pk != account);
    }),
    ("brand's field", |state| state.brands[0].flow_device_code = None),
    ("flow", |state| {
        state.flows.retain(|flow| flow.slug != "default-device-code-flow");
        state.brands[0].flow_device_code = None;
    }),
];

#[tokio::test]
async fn what_someone_else_removed_meanwhile_is_gone_and_fine() {
    for (name, race) in RACES {
        let running = start(Release::V2026_5);
        let before = dump(&running.simulator);
        set_up(&running).await;
        let plan = planned(&running).await;
        running.simulator.edit(race);
        let outcome = running.client.apply(&plan).await;
        outcome.unwrap_or_else(|error| panic!("{name}: {}", error.chain()));
        assert_eq!(dump(&running.simulator), before, "{name}");
    }
}

/// Two people, or a retry of a whole job.
#[tokio::test]
async fn two_at_once_both_succeed() {
    let running = start(Release::V2026_5);
    let before = dump(&running.simulator);
    set_up(&running).await;
    let (one, other) = (planned(&running).await, planned(&running).await);
    running.simulator.set_latency(Duration::from_millis(5));
    let (one, other) = tokio::join!(running.client.apply(&one), running.client.apply(&other));
    for outcome in [one, other] {
        outcome.unwrap_or_else(|error| panic!("{}", error.chain()));
    }
    assert_eq!(dump(&running.simulator), before);
}

#[tokio::test]
async fn a_brand_that_is_gone_needs_no_emptying() {
    let running = start(Release::V2026_5);
    set_up(&running).await;
    let plan = planned(&running).await;
    running.simulator.edit(|state| state.brands.clear());
    running.client.apply(&plan).await.unwrap();
    assert!(!planned(&running).await.has_changes());
}

#[tokio::test]
async fn dropping_the_future_leaves_a_state_that_the_next_run_completes() {
    for cut in 1..=6 {
        let mut running = start(Release::V2026_5);
        let before = dump(&running.simulator);
        set_up(&running).await;
        let plan = planned(&running).await;
        // Some requests are answered long before the cut, some are carried out long after it.
        running.simulator.set_jitter(Duration::from_millis(20), cut);
        let time = Duration::from_millis(cut * 7);
        let _ = tokio::time::timeout(time, running.client.apply(&plan)).await;
        running.simulator.set_jitter(Duration::ZERO, 0);
        // A write that is in flight is completed, and the next run may not meet it.
        running.client = running.builder().build().unwrap();
        until_connections(&running.simulator, 0).await;
        tear_down(&running).await;
        assert_eq!(dump(&running.simulator), before, "cut at {cut}");
    }
}
