//! Golden plans: the text that a person reads. Update on purpose, with `INSTA_UPDATE=always`.

use crate::support::snapshots::{self, builder, configured, fresh, integration};
use authentik_netbird_core::authentik::{RedirectUri, Source, Version};
use authentik_netbird_core::{AppPasswordExpiry, DesiredState, Snapshot, plan};

#[test]
fn fresh_server() {
    insta::assert_snapshot!(snapshots::plan(&integration(), &fresh(&integration())).unwrap());
}

#[test]
fn offline_before_grant_types() {
    let desired = DesiredState::from(&integration());
    let snapshot = plan::built_in(&desired, Version::new(2024, 12, 3));
    assert_eq!(snapshot.source, Source::BuiltIn);
    insta::assert_snapshot!(plan::plan(&desired, &snapshot).unwrap());
}

#[test]
fn nothing_to_do() {
    insta::assert_snapshot!(snapshots::plan(&integration(), &configured()).unwrap());
}

#[test]
fn everything_drifted() {
    let integration = builder()
        .application_group("VPN")
        .client_id("new-client-id")
        .extra_redirect_uri(RedirectUri::strict("https://netbird.company/oauth2/callback"))
        .build()
        .unwrap();
    let mut server = configured();
    let provider = &mut server.providers[0];
    provider.client_type = Some(serde_json::from_str(r#""confidential""#).unwrap());
    provider.authorization_flow = Some("other-flow".into());
    provider.invalidation_flow = None;
    provider.property_mappings.truncate(1);
    provider.property_mappings.push("someone's-own".into());
    provider.grant_types = Some(Vec::new());
    provider.redirect_uris.remove(0);
    provider.redirect_uris.push(
        serde_json::from_str(r#"{"matching_mode": "regex", "url": "https://netbird.company.*"}"#)
            .unwrap(),
    );
    provider.redirect_uris.push(
        serde_json::from_str(
            r#"{"matching_mode": "strict", "url": "https://x/out", "redirect_uri_type": "logout"}"#,
        )
        .unwrap(),
    );
    provider.access_code_validity = "minutes=1".to_owned();
    provider.sub_mode = Some(serde_json::from_str(r#""of_tomorrow""#).unwrap());
    provider.issuer_mode = Some(serde_json::from_str(r#""global""#).unwrap());
    provider.include_claims_in_id_token = Some(false);
    provider.signing_key = None;
    provider.encryption_key = Some("authentik Self-signed Certificate".into());
    server.applications[0].name = "Old".to_owned();
    server.applications[0].provider = None;
    server.applications[0].meta_launch_url = String::new();
    server.users[0].is_active = false;
    server.tokens.clear();
    (server.users[0].groups, server.users[0].named_groups) = Default::default();
    let flow = server.flows.iter_mut().find(|flow| flow.pk.as_str() == "device-flow-pk").unwrap();
    flow.name = "x".to_owned();
    flow.title = "y".to_owned();
    flow.authentication = None;
    server.brands[0].flow_device_code = None;
    insta::assert_snapshot!(snapshots::plan(&integration, &server).unwrap());
}

#[test]
fn take_over_with_every_warning() {
    let integration =
        crate::support::as_in_guide("https://company.example/authentik", "netbird.company")
            .redirect_uris(authentik_netbird_core::integration::RedirectUris::AsInGuide)
            .adopt(true)
            .build()
            .unwrap();
    let mut server = configured();
    server.version = Some(Version::new(2027, 2, 0));
    server.providers[0].assigned_application_slug = Some("other-vpn".to_owned());
    server.applications[0].provider = Some(authentik_netbird_core::authentik::ProviderId(9));
    server.applications[0].provider_name = Some("Other".to_owned());
    server.tokens[0].expiring = true;
    server.tokens[0].expires = Some("2026-12-01T00:00:00Z".to_owned());
    server.users[0].named_groups[0].is_superuser = false;
    server.brands[0].flow_device_code = Some("their-own-flow".into());
    insta::assert_snapshot!(snapshots::plan(&integration, &server).unwrap());
}

#[test]
fn rotation() {
    insta::assert_snapshot!(rotate(&configured(), AppPasswordExpiry::Keep));
}

#[test]
fn rotation_without_expiry() {
    let mut server = configured();
    server.tokens[0].expiring = true;
    server.tokens[0].expires = Some("2026-12-01T00:00:00Z".to_owned());
    insta::assert_snapshot!(rotate(&server, AppPasswordExpiry::Never));
}

fn rotate(server: &Snapshot, expiry: AppPasswordExpiry) -> plan::Plan {
    plan::plan_rotate(&DesiredState::from(&integration()), server, expiry).unwrap()
}
