//! Golden teardown plans: the text that a person reads. Update on purpose, with
//! `INSTA_UPDATE=always`.

use crate::support::snapshots::{
    account, app_password, configured, from, integration, teardown, used_by,
};
use authentik_netbird_core::Snapshot;
use authentik_netbird_core::authentik::{ProviderId, Source, Version};
use authentik_netbird_core::plan::Plan;
use serde_json::json;

const FLOW: (&str, &str) = ("flow", "default-device-code-flow");
const APPLICATION: (&str, &str) = ("application", "netbird");
const ACCOUNT: (&str, &str) = ("service_account", "NetBird");

/// A server that is as [`integration`] wants it, with nothing else on it.
fn set_up() -> Snapshot {
    let mut server = configured();
    let brand = ("authentik_brands", "brand", "authentik-default", "Default brand");
    used_by(&mut server, FLOW, brand);
    server
}

fn plan(server: &Snapshot) -> Plan {
    teardown(&integration(), server).unwrap()
}

#[test]
fn everything_goes() {
    insta::assert_snapshot!(plan(&set_up()));
}

#[test]
fn nothing_is_there() {
    insta::assert_snapshot!(plan(&Snapshot::empty(
        Source::Server,
        Some(Version::new(2025, 10, 0))
    )));
}

#[test]
fn bound_and_beside_another_netbird() {
    let mut server = set_up();
    let binding =
        ("authentik_policies", "policybinding", "b1", "Binding from NetBird #0 to Group VPN");
    used_by(&mut server, APPLICATION, binding);
    used_by(&mut server, ACCOUNT, binding);
    let mut other = server.providers[0].clone();
    (other.pk.0, other.name) = (9, "Branch office".to_owned());
    server.providers.push(other);
    let mut theirs = account();
    (theirs.pk.0, theirs.username) = (8, "Branch office".to_owned());
    server.users.push(theirs);
    insta::assert_snapshot!(plan(&server));
}

#[test]
fn everything_is_kept() {
    let mut server = set_up();
    server.version = Some(Version::new(2027, 2, 0));
    server.providers[0].assigned_application_slug = Some("other-vpn".to_owned());
    server.applications[0].provider = Some(ProviderId(9));
    server.applications[0].provider_name = Some("Wiki".to_owned());
    let mut token = app_password();
    token.identifier = "terraform".into();
    server.tokens.push(token);
    let binding =
        ("authentik_policies", "policybinding", "b2", "Binding from Wiki #0 to User NetBird");
    used_by(&mut server, ACCOUNT, binding);
    server.flows[2].title = "Devices".to_owned();
    server.flows[2].stages.push("stage".to_owned());
    insta::assert_snapshot!(plan(&server));
}

/// Least privilege, on a server where nothing else uses role and group.
#[test]
fn least_privilege_goes_with_the_account() {
    let mut server = set_up();
    let name = "NetBird user reader";
    server.roles = from(json!([{"pk": "reader", "name": name}]));
    server.groups.push(from(json!({
        "pk": "readers", "name": name, "users": [account().pk], "roles": ["reader"]
    })));
    crate::support::snapshots::member_of(&mut server.users[0], "readers", name);
    insta::assert_snapshot!(plan(&server));
}
