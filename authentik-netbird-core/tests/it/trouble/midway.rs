//! Trouble that begins while a plan is carried out.

use authentik_netbird_core::plan::Plan;
use authentik_netbird_core::report::OperationState;
use authentik_netbird_core::{Error, ErrorKind, Secret};
use authentik_simulator::{Effect, Fault, FaultAnswer, Release};

use super::says;
use crate::support::running::{comparable, start};
use crate::support::story;

#[tokio::test]
async fn rights_that_are_lost_on_the_way() {
    for release in [Release::V2025_10, Release::V2026_5] {
        let undisturbed = start(release);
        story::converge(&undisturbed.client, &undisturbed.wanted).await;
        let undisturbed = comparable(&undisturbed.simulator);
        // Two writes pass, in whatever order, and every later one is refused.
        let running = start(release);
        let plan = running.client.plan(&running.wanted).await.unwrap();
        let denied = FaultAnswer::with_body(
            403,
            "application/json",
            r#"{"detail": "You do not have permission to perform this action."}"#,
        );
        for method in ["POST", "PATCH"] {
            let skip = if method == "POST" { 2 } else { 0 };
            let fault = Fault::new(Effect::Answer(denied.clone())).on_method(method).skip(skip);
            running.simulator.add_fault(fault);
        }
        let error = running.client.apply(&plan).await.unwrap_err();
        assert!(error.is_permission_denied() && !error.is_retryable());
        let texts =
            ["2 applied, ", "failed: ", "returned 403", "grant its user the permission authentik"];
        says(&error, ErrorKind::PartialApply, &texts);
        let Error::PartialApply { report, .. } = error else { unreachable!() };
        let count = |test: fn(&OperationState) -> bool| {
            report.entries.iter().filter(|entry| test(&entry.state)).count()
        };
        assert_eq!(count(|state| *state == OperationState::Applied), 2, "{report}");
        assert!(count(|state| matches!(state, OperationState::Failed { .. })) >= 1, "{report}");
        assert_eq!(report.entries.len(), 6);
        let tried = running.writes();
        let untried = count(|state| *state == OperationState::Skipped);
        assert_eq!(tried + untried, 6, "a refused write is not sent again: {report}");

        running.simulator.clear_faults();
        story::converge(&running.client, &running.wanted).await;
        assert_eq!(comparable(&running.simulator), undisturbed);
    }
}

#[tokio::test]
async fn each_refused_write_names_the_permission_that_it_needs() {
    for (path, permission) in [
        ("/providers/oauth2/", "authentik_providers_oauth2.add_oauth2provider"),
        ("/service_account/", "authentik_core.add_user and authentik_core.add_token"),
        ("/flows/instances/", "authentik_flows.add_flow"),
        ("/core/applications/", "authentik_core.add_application"),
        ("/core/users/", "authentik_core.change_user"),
        ("/core/brands/", "authentik_brands.change_brand"),
    ] {
        let running = start(Release::V2026_5);
        let plan = running.client.plan(&running.wanted).await.unwrap();
        let denied = Effect::Answer(FaultAnswer::empty(403));
        let fault = Fault::new(denied).on_path(path);
        let is_patch = permission.contains("change_");
        running.simulator.add_fault(if is_patch { fault.on_method("PATCH") } else { fault });
        let error = running.client.apply(&plan).await.unwrap_err();
        says(&error, ErrorKind::PartialApply, &[permission]);
    }
}

#[tokio::test]
async fn a_plan_that_was_taken_apart_is_refused_before_anything_is_written() {
    let running = start(Release::V2026_5);
    let plan = running.client.plan(&running.wanted).await.unwrap();
    let without = |id: &str| -> Plan {
        let mut plan = plan.clone();
        plan.operations.retain(|operation| operation.id.as_str() != id);
        plan
    };
    for (id, text) in [
        ("app-password", "\"service-account\" depends on \"app-password\""),
        ("device-flow", "\"brand\" depends on \"device-flow\""),
        ("provider", "\"application\" depends on \"provider\""),
    ] {
        let error = running.client.apply(&without(id)).await.unwrap_err();
        says(&error, ErrorKind::InvalidPlan, &[text, "Create a new plan"]);
    }
    assert_eq!(running.writes(), 0);
}

#[tokio::test]
async fn what_was_written_is_reported_also_without_a_provider() {
    let running = start(Release::V2026_5);
    let mut plan = running.client.plan(&running.wanted).await.unwrap();
    plan.operations.retain(|operation| operation.id.as_str() == "device-flow");
    let outcome = running.client.apply(&plan).await.unwrap();
    assert_eq!(outcome.report().changed(), 1, "{}", outcome.report());
    assert!(outcome.outputs().is_none());
}

#[tokio::test]
async fn a_second_app_password_is_named_by_its_own_identifier() {
    let running = start(Release::V2026_5);
    story::converge(&running.client, &running.wanted).await;
    running.simulator.edit(|state| {
        let token = state.tokens.iter_mut().find(|token| token.intent == "app_password");
        token.unwrap().intent = "recovery".to_owned();
    });
    let (plan, outputs) = story::converge(&running.client, &running.wanted).await;
    assert_eq!(plan.changes().count(), 1, "{plan}");
    let account = outputs.account.unwrap();
    let identifier = account.app_password_identifier.unwrap();
    assert_eq!(identifier.as_str(), "service-account-netbird-password-2");
    running.simulator.edit(|state| {
        let token = state.tokens.iter().find(|token| token.identifier == identifier.as_str());
        let password = account.app_password.as_ref().map(Secret::expose);
        assert_eq!(Some(&*token.unwrap().key), password);
    });
}

#[tokio::test]
async fn another_users_password_is_not_adopted() {
    let running = start(Release::V2026_5);
    story::converge(&running.client, &running.wanted).await;
    running.simulator.edit(|state| {
        let jane = state.add_user("jane").pk;
        let token = state.tokens.iter_mut().find(|token| token.intent == "app_password");
        token.unwrap().user = jane;
    });
    let (_, outputs) = story::converge(&running.client, &running.wanted).await;
    let server = story::Server::new(running.simulator.url(), running.simulator.token());
    story::netbird_logs_in(&server, &outputs).await;
    let identifier = outputs.account.unwrap().app_password_identifier.unwrap();
    assert_eq!(identifier.as_str(), "service-account-netbird-password-2");
}

#[tokio::test]
async fn who_stops_waiting_cuts_off_no_write() {
    let running = start(Release::V2026_5);
    let plan = running.client.plan(&running.wanted).await.unwrap();
    // So long that on a busy machine, too, nothing is answered before the third one is sent.
    running.simulator.set_latency(std::time::Duration::from_secs(2));
    let begun = async {
        while running.writes() < 3 {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    };
    // Dropped while the first wave of writes is on its way.
    tokio::select! {
        outcome = running.client.apply(&plan) => panic!("{outcome:?}"),
        () = begun => {}
    }
    let answered = || {
        let requests = running.simulator.requests();
        requests.iter().filter(|request| request.is_write()).all(|one| one.finished.is_some())
    };
    let all = async {
        while !answered() {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    };
    let limit = std::time::Duration::from_secs(60);
    tokio::time::timeout(limit, all).await.expect("a write that was cut off has no answer");
    let requests = running.simulator.requests();
    let made = |request: &&authentik_simulator::LoggedRequest| {
        request.is_write() && matches!(request.status, Some(200 | 201))
    };
    assert_eq!(requests.iter().filter(made).count(), 3, "{requests:?}");
    assert_eq!(running.writes(), 3, "the second wave was never begun");
    running.simulator.set_latency(std::time::Duration::ZERO);
    let again = running.client.plan(&running.wanted).await.unwrap();
    // The account that has no name yet is created again.
    assert_eq!(again.changes().count(), 5, "{again}");
    story::converge(&running.client, &running.wanted).await;
}

/// What authentik says of an account with a taken app password is its database's text.
#[tokio::test]
async fn another_run_was_faster_with_the_account() {
    for release in [Release::V2025_10, Release::V2026_5] {
        let running = start(release);
        let plan = running.client.plan(&running.wanted).await.unwrap();
        running.client.apply(&plan).await.unwrap();
        let error = running.client.apply(&plan).await.unwrap_err().chain();
        assert!(error.contains("perhaps another run, created one of this name"), "{error}");
        assert!(!error.contains("non_field_errors"), "{error}");
    }
}

/// It was, and then gave way itself: nothing is left to prove it by.
#[tokio::test]
async fn another_run_was_faster_with_the_account_and_deleted_it() {
    let running = start(Release::V2026_5);
    let plan = running.client.plan(&running.wanted).await.unwrap();
    let taken = r#"{"non_field_errors": ["A user/group with these details already exists"]}"#;
    let taken = Effect::Answer(FaultAnswer::with_body(400, "application/json", taken));
    running.simulator.add_fault(Fault::new(taken).on_path("/service_account/"));
    let error = running.client.apply(&plan).await.unwrap_err().chain();
    assert!(error.contains("perhaps another run, created one of this name"), "{error}");
    assert!(!error.contains("non_field_errors"), "{error}");
}
