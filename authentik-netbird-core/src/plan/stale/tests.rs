use serde_json::json;

use super::*;
use crate::authentik::{Snapshot, Source, Version};
use crate::integration::NetbirdIntegration;
use crate::plan::{ChangedBy, DesiredState, Plan, built_in, plan};

fn desired() -> DesiredState {
    let builder = NetbirdIntegration::builder("https://authentik.company", "netbird.company");
    let redirects = crate::integration::RedirectUris::Recommended;
    DesiredState::from(&builder.as_in_guide(true).redirect_uris(redirects).build().unwrap())
}

/// A plan for a server that is fresh but for this change.
fn after(change: impl FnOnce(&mut Snapshot)) -> Plan {
    let mut snapshot = built_in(&desired(), Version::new(2026, 5, 0));
    snapshot.source = Source::Server;
    change(&mut snapshot);
    plan(&desired(), &snapshot).unwrap()
}

fn since(change: impl FnOnce(&mut Snapshot)) -> Vec<String> {
    differences(&after(|_| {}), &after(change))
}

#[test]
fn what_does_not_change_the_operations_is_no_difference() {
    let nothing = [] as [&str; 0];
    assert_eq!(since(|_| {}), nothing);
    assert_eq!(since(|server| server.version = Some(Version::new(2026, 5, 9))), nothing);
    let others = |server: &mut Snapshot| {
        let mut flow = server.flows[0].clone();
        (flow.pk, flow.slug) = ("other".into(), "other".into());
        server.flows.push(flow);
    };
    assert_eq!(since(others), nothing, "of others");
    let mut told = after(|_| {});
    let (user, at) = ("jane".to_owned(), "2026-11-23T00:00:00Z".to_owned());
    told.operations[0].changed_by = Some(ChangedBy { user, at });
    assert_eq!(differences(&told, &after(|_| {})), nothing);
}

#[test]
fn each_operation_that_differs_is_named_once() {
    let version = since(|server| server.version = Some(Version::new(2025, 10, 0)));
    assert_eq!(version, ["create provider \"NetBird\" would now be different"]);
    let flow = since(|server| {
        let mut flow = server.flows[0].clone();
        (flow.pk, flow.slug) = ("d".into(), "default-device-code-flow".into());
        flow.designation = serde_json::from_value(json!("stage_configuration")).unwrap();
        server.flows.push(flow);
    });
    assert_eq!(
        flow,
        [
            "flow \"default-device-code-flow\": create in the plan, now update",
            "update brand \"authentik-default\" would now be different",
        ]
    );
    let kept = since(|server| server.brands[0].flow_device_code = Some("theirs".into()));
    assert_eq!(
        kept,
        [
            "no longer needed: create flow \"default-device-code-flow\"",
            "brand \"authentik-default\": update in the plan, now up to date",
        ]
    );
    let account = |server: &mut Snapshot| {
        let user = json!({"pk": 5, "username": "NetBird", "type": "service_account",
            "is_superuser": true, "groups": ["authentik Admins"],
            "groups_obj": [{"pk": "authentik Admins", "name": "authentik Admins"}]});
        server.users.push(serde_json::from_value(user).unwrap());
    };
    assert_eq!(
        since(account),
        [
            "create app password \"service-account-netbird-password\" would now be different",
            "service account \"NetBird\": create in the plan, now up to date",
            "now found: group membership \"NetBird in authentik Admins\"",
        ]
    );
}

#[test]
fn a_warning_that_the_plan_does_not_have_counts_and_one_that_went_does_not() {
    let (mut old, new) = (after(|_| {}), after(|_| {}));
    old.warnings[0].message = "as it was put yesterday".to_owned();
    assert_eq!(differences(&old, &new), [] as [&str; 0]);
    old.warnings.clear();
    assert_eq!(differences(&new, &old), [] as [&str; 0]);
    let found = differences(&old, &new);
    assert!(found[0].starts_with("a warning that the plan does not have: "));
    assert_eq!(found.len(), new.warnings.len());
}

#[test]
fn what_netbird_is_told_and_the_order_count_too() {
    let (old, mut new) = (after(|_| {}), after(|_| {}));
    new.existing.client_id = Some("another".into());
    let existing = ["NetBird's client id or app password is a different one"];
    assert_eq!(differences(&old, &new), existing);
    let mut new = after(|_| {});
    new.operations.swap(0, 1);
    assert_eq!(differences(&old, &new), ["the operations would be in another order"]);
}
