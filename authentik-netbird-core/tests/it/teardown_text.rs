//! Golden teardown plans: the text that a person reads. Update on purpose, with
//! `INSTA_UPDATE=always`.

use crate::support::snapshots::{account, app_password, configured, integration};
use authentik_netbird_core::model::{UsedBy, Version};
use authentik_netbird_core::plan::Plan;
use authentik_netbird_core::plan::teardown::{TeardownSnapshot, plan_teardown};
use authentik_netbird_core::snapshot::Source;
use authentik_netbird_core::{DesiredState, Snapshot};
use serde_json::{Value, json};

fn from<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn used_by(app: &str, model_name: &str, pk: &str, name: &str) -> UsedBy {
    from(json!({"app": app, "model_name": model_name, "pk": pk, "name": name}))
}

/// A server that is as [`integration`] wants it, with nothing else on it.
fn set_up() -> TeardownSnapshot {
    let mut read = TeardownSnapshot::new(configured());
    read.flows.push(from(json!({
        "pk": "device-flow-pk", "name": "default-device-code-flow",
        "slug": "default-device-code-flow", "title": "Device code flow",
        "designation": "stage_configuration", "authentication": "require_authenticated",
        "stages": [], "policies": [], "layout": "stacked", "denied_action": "message_continue",
        "policy_engine_mode": "any", "compatibility_mode": false, "background": ""
    })));
    read.flow_uses.push(used_by("authentik_brands", "brand", "authentik-default", "Default brand"));
    read.users.push(from(json!({
        "pk": account().pk, "username": "NetBird", "type": "service_account",
        "groups": ["admins"], "groups_obj": [{"pk": "admins", "name": "authentik Admins"}]
    })));
    read
}

fn plan(read: &TeardownSnapshot) -> Plan {
    plan_teardown(&DesiredState::from(&integration()), read).unwrap()
}

#[test]
fn everything_goes() {
    insta::assert_snapshot!(plan(&set_up()));
}

#[test]
fn nothing_is_there() {
    let nothing = Snapshot::empty(Source::Server, Version::new(2025, 10, 0));
    insta::assert_snapshot!(plan(&TeardownSnapshot::new(nothing)));
}

#[test]
fn bound_and_beside_another_netbird() {
    let mut read = set_up();
    let policy = "authentik_policies";
    read.application_uses =
        vec![used_by(policy, "policybinding", "b1", "Binding from NetBird #0 to Group VPN")];
    read.account_uses = read.application_uses.clone();
    let mut other = read.snapshot.providers[0].clone();
    (other.pk.0, other.name) = (9, "Branch office".to_owned());
    read.snapshot.providers.push(other);
    let mut theirs = account();
    (theirs.pk.0, theirs.username) = (8, "Branch office".to_owned());
    read.service_accounts = vec![account(), theirs];
    insta::assert_snapshot!(plan(&read));
}

#[test]
fn everything_is_kept() {
    let mut read = set_up();
    read.snapshot.version = Version::new(2027, 2, 0);
    read.snapshot.providers[0].assigned_application_slug = Some("other-vpn".to_owned());
    read.snapshot.applications[0].provider = Some(authentik_netbird_core::ids::ProviderId(9));
    read.snapshot.applications[0].provider_name = Some("Wiki".to_owned());
    let mut token = app_password();
    token.identifier = "terraform".into();
    read.snapshot.tokens.push(token);
    read.account_uses = vec![used_by(
        "authentik_policies",
        "policybinding",
        "b2",
        "Binding from Wiki #0 to User NetBird",
    )];
    read.flows[0].title = "Devices".to_owned();
    read.flows[0].stages.push("stage".to_owned());
    insta::assert_snapshot!(plan(&read));
}
