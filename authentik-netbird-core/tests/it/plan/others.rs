//! What somebody else may have created first, and whose account it is: never quietly taken over, never taken away from.

use authentik_netbird_core::ErrorKind;
use authentik_netbird_core::authentik::Snapshot;
use authentik_netbird_core::integration::ServiceAccount;
use authentik_netbird_core::plan::WarningKind;
use serde_json::json;

use crate::support::snapshots::{builder, configured, from, integration, plan, writes};

fn reader() -> authentik_netbird_core::NetbirdIntegration {
    builder().service_account(ServiceAccount::UserReader).build().unwrap()
}

/// The guide's account may be a person's: another administrator would be none any more.
#[test]
fn a_person_is_not_taken_out_of_the_administrators() {
    let mut server = configured();
    server.users[0].user_type = Some(serde_json::from_str(r#""internal""#).unwrap());
    let error = plan(&reader(), &server).unwrap_err();
    assert!(error.to_string().contains("not a service account but internal"), "{error}");
    server.users[0].user_type = Some(serde_json::from_str(r#""service_account""#).unwrap());
    assert!(writes(&plan(&reader(), &server).unwrap()).contains(&"delete other-rights".to_owned()));
}

/// NetBird's account may be the one whose token is used: the rest of the plan would fail.
#[test]
fn the_tokens_own_user_keeps_its_rights_and_tokens() {
    let mut server = configured();
    let caller = |name: &str| from(json!({"pk": 5, "username": name, "is_superuser": true}));
    server.caller = Some(caller("NetBird"));
    let error = plan(&reader(), &server).unwrap_err();
    assert!(error.to_string().contains("the token that is used belongs to it"), "{error}");
    assert!(!plan(&integration(), &server).unwrap().has_changes());
    server.caller = Some(caller("akadmin"));
    assert!(plan(&reader(), &server).is_ok());
}

#[test]
fn an_account_whose_name_differs_in_case_is_named() {
    let mut server = configured();
    server.users[0].username = "Netbird".to_owned();
    let error = plan(&integration(), &server).unwrap_err().to_string();
    let texts = ["\"Netbird\" exists", "Use \"Netbird\" as service_account_name"];
    assert!(texts.iter().all(|text| error.contains(text)), "{error}");
}

/// Anyone who may create flows could have prepared one of our name, with stages that write to the user who opens it.
#[test]
fn a_flow_with_stages_is_not_put_behind_the_device_page() {
    let mut server = configured();
    server
        .flows
        .iter_mut()
        .find(|flow| flow.slug.as_str() == "default-device-code-flow")
        .unwrap()
        .stages = vec!["11111111-1111-4111-8111-111111111111".to_owned()];
    assert!(!plan(&integration(), &server).unwrap().has_changes(), "one in use stays");
    server.brands[0].flow_device_code = None;
    let error = plan(&integration(), &server).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.to_string().contains("it has stages (1)"), "{error}");
    let adopting = plan(&builder().adopt(true).build().unwrap(), &server).unwrap();
    assert_eq!(writes(&adopting), ["update brand"]);
    assert!(
        adopting.warnings.iter().any(|one| one.message.contains("it has stages (1)")),
        "{adopting}"
    );
}

fn without_provider() -> Snapshot {
    let mut server = configured();
    server.providers.clear();
    server.applications[0].provider = None;
    server.applications[0].provider_name = None;
    server.applications[0].meta_launch_url = "https://elsewhere.example".to_owned();
    server
}

/// Somebody else may have created the provider first: what its own scope mappings say of people is theirs.
#[test]
fn a_provider_without_an_application_is_warned_of_if_it_has_mappings_of_others() {
    let mut server = configured();
    server.applications.clear();
    server.providers[0].assigned_application_slug = None;
    let text = plan(&integration(), &server).unwrap().to_string();
    assert!(!text.contains("somebody else may have created it"), "{text}");
    let theirs = json!({"pk": "theirs", "name": "people", "scope_name": "profile", "managed": null,
        "expression": "return {\"groups\": [\"admins\"]}"});
    server.scope_mappings.push(from(theirs));
    server.providers[0].property_mappings.push("theirs".into());
    let text = plan(&integration(), &server).unwrap().to_string();
    assert!(text.contains("keeps the scope mappings \"people\", which decide"), "{text}");
    server = configured();
    server
        .scope_mappings
        .push(from(json!({"pk": "theirs", "name": "people", "scope_name": "profile",
        "managed": null, "expression": ""})));
    server.providers[0].property_mappings.push("theirs".into());
    assert!(
        !plan(&integration(), &server).unwrap().to_string().contains("keeps the scope mappings")
    );
}

/// Somebody else may have created the application first: its tile and its bindings are theirs.
#[test]
fn an_application_without_a_provider_is_warned_of() {
    let plan = plan(&integration(), &without_provider()).unwrap();
    let text = plan.to_string();
    assert!(text.contains("\"netbird\" exists without a provider, so somebody else may"), "{text}");
    assert!(text.contains("keeps its launch URL, https://elsewhere.example"), "{text}");
}

#[test]
fn bindings_of_others_beside_access_groups_are_named() {
    let asked = builder().access_group("vpn");
    let bound = |mut server: Snapshot| {
        let mut group = server.groups[0].clone();
        (group.pk, group.name, group.users) =
            ("vpn-pk".into(), "vpn".to_owned(), vec![from(json!(8))]);
        server.groups.push(group);
        let binding = json!({"pk": "b", "target": "app", "user": 9, "group": null, "order": 0});
        server.bindings.push(from(binding));
        server
    };
    let wanted = asked.clone().build().unwrap();
    let found = plan(&wanted, &bound(configured())).unwrap();
    let warned: Vec<_> =
        found.warnings.iter().filter(|one| one.kind == WarningKind::Requirement).collect();
    assert!(
        warned.iter().any(|one| one.message.contains("netbird\" has other bindings (1)")),
        "{found}"
    );
    assert!(found.to_string().contains("its members (1 now) may log in"), "{found}");
    let error = plan(&wanted, &bound(without_provider())).unwrap_err();
    assert!(error.to_string().contains("it has other bindings (1)"), "{error}");
    assert!(plan(&asked.adopt(true).build().unwrap(), &bound(without_provider())).is_ok());
}
