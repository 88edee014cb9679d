//! What plans refuse, and name.

use crate::support::snapshots::{
    app_password, builder, configured, fresh, integration, plan, writes,
};
use authentik_netbird_core::authentik::{MatchingMode, ProviderId, Snapshot};
use authentik_netbird_core::integration::ModeKind;
use authentik_netbird_core::resource::Open;
use authentik_netbird_core::{ErrorKind, NetbirdIntegration};

use super::refused;

#[test]
fn everything_that_is_missing_is_reported_at_once() {
    let error = plan(&integration(), &{
        let mut server = fresh(&integration());
        server.flows.clear();
        server.certificates.clear();
        server.scope_mappings.remove(3);
        server.groups.clear();
        server.brands.clear();
        server
    })
    .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Missing);
    let resources: Vec<String> =
        error.blockers().iter().map(|blocker| blocker.resource.to_string()).collect();
    assert_eq!(
        resources,
        [
            "certificate-key pair \"signing key\"",
            "flow \"default-provider-authorization-implicit-consent\"",
            "flow \"default-provider-invalidation-flow\"",
            "scope mapping \"goauthentik.io/providers/oauth2/scope-offline_access\"",
            "group \"authentik Admins\"",
            "brand \"default\"",
        ]
    );
}

#[test]
fn two_that_match_are_ambiguous_and_both_are_named() {
    for duplicate in [
        (|s| s.flows.push(s.flows[0].clone())) as fn(&mut Snapshot),
        |s| s.flows.push(s.flows[2].clone()),
        |s| s.groups.push(s.groups[0].clone()),
        |s| s.brands.push(s.brands[0].clone()),
        |s| s.providers.push(s.providers[0].clone()),
        |s| s.users.push(s.users[0].clone()),
        |s| s.applications.push(s.applications[0].clone()),
        |s| s.scope_mappings.push(s.scope_mappings[0].clone()),
    ] {
        let mut server = configured();
        duplicate(&mut server);
        let error = plan(&builder().exact(true).build().unwrap(), &server).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Ambiguous, "{error}");
        assert!(error.to_string().contains("2 match: "), "{error}");
    }
}

#[test]
fn names_match_exactly_whatever_the_filters_did() {
    let mut server = fresh(&integration());
    let full = configured();
    server.users = full.users;
    server.users[0].username = "netbird".into();
    server.providers = full.providers;
    server.providers[0].name = "Netbird".into();
    server.providers[0].redirect_uris.clear();
    let plan = plan(&integration(), &server).unwrap();
    assert!(writes(&plan).contains(&"create provider".to_owned()));
    assert!(writes(&plan).contains(&"create app-password".to_owned()));
}

#[test]
fn objects_of_something_else_are_a_conflict_unless_adopted() {
    for (what, conflict) in [
        (
            "serves the application \"other\"",
            (|s| {
                s.providers[0].assigned_application_slug = Some("other".into());
            }) as fn(&mut Snapshot),
        ),
        ("has the provider \"Other\". Set `provider_name` to \"Other\"", |s| {
            s.applications[0].provider = Some(ProviderId(9));
            s.applications[0].provider_name = Some("Other".into());
        }),
        ("lead to vpn.example.org", |s| {
            for uri in &mut s.providers[0].redirect_uris {
                uri.url = uri.url.replace(r"netbird\.company", r"vpn\.example\.org");
                uri.url = uri.url.replace("netbird.company", "vpn.example.org");
            }
        }),
        ("not a service account but internal", |s| {
            s.users[0].is_active = false;
            s.users[0].user_type = Some(serde_json::from_str(r#""internal""#).unwrap());
        }),
    ] {
        let error = refused(conflict);
        assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
        assert!(error.to_string().contains(what), "{error}");
        assert!(error.to_string().contains("adopt"), "{error}");
        let mut server = configured();
        conflict(&mut server);
        let taken = plan(&builder().adopt(true).build().unwrap(), &server).unwrap();
        assert!(taken.to_string().contains("! adopted, as asked: "), "{taken}");
        // Whoever had the provider may know its secret.
        let is_new = writes(&taken).contains(&"update client-secret".to_owned());
        assert_eq!(is_new, what.starts_with("serves") || what.starts_with("lead"), "{taken}");
    }
}

/// A pattern for every host is for this NetBird, too; and an account with rights and an app password is enough,
/// whatever sort of user it is.
#[test]
fn what_works_for_netbird_is_taken_for_its_own() {
    let mut server = configured();
    server.users[0].user_type = Some(serde_json::from_str(r#""internal""#).unwrap());
    let unchanged = plan(&integration(), &server).unwrap();
    assert!(!unchanged.has_changes());
    let texts: Vec<String> = unchanged.warnings.iter().map(ToString::to_string).collect();
    assert!(
        texts.iter().any(|text| text.contains("not a service account but internal")),
        "{texts:?}"
    );
    server.providers[0].redirect_uris.truncate(1);
    server.providers[0].redirect_uris[0].matching_mode = Open::Known(MatchingMode::Regex);
    server.providers[0].redirect_uris[0].url = ".*".to_owned();
    let plan = plan(&integration(), &server).unwrap();
    assert_eq!(writes(&plan), ["update provider"], "{plan}");
}

/// A pattern for every host says nothing of whose provider it is; a host that is named does.
#[test]
fn a_pattern_for_every_host_makes_another_netbirds_provider_not_ours() {
    let mut server = configured();
    let uris = &mut server.providers[0].redirect_uris;
    uris.truncate(2);
    uris[0].url = "https://other.company/auth".to_owned();
    uris[0].matching_mode = Open::Known(MatchingMode::Strict);
    uris[1].url = ".*".to_owned();
    uris[1].matching_mode = Open::Known(MatchingMode::Regex);
    let error = plan(&integration(), &server).unwrap_err();
    assert!(error.to_string().contains("other.company"), "{error}");
}

/// NetBird's objects have other names than were asked for: a second set of them is not what is meant.
#[test]
fn another_provider_of_this_netbird_is_a_conflict() {
    let mut server = configured();
    server.applications.clear();
    server.providers[0].name = "NetBird VPN".into();
    server.providers[0].assigned_application_slug = Some("netbird-vpn".into());
    let error = plan(&integration(), &server).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("\"NetBird VPN\" leads logins to netbird.company already"), "{text}");
    assert!(text.contains("`application_slug` to \"netbird-vpn\"."), "{text}");
    // It would not be adopted, but stand beside a second one.
    assert!(plan(&builder().adopt(true).build().unwrap(), &server).is_err());
    // A migration needs both.
    let connector = NetbirdIntegration::builder("https://authentik.company", "netbird.company");
    let connector = connector.mode(ModeKind::Connector).build().unwrap();
    let created = writes(&plan(&connector, &server).unwrap());
    assert!(created.contains(&"create provider".to_owned()), "{created:?}");
    server.providers[0].redirect_uris.retain(|uri| uri.url.contains("localhost"));
    assert!(plan(&integration(), &server).is_ok(), "that of another one");
}

/// Whoever gets a token elsewhere, or writes a mapping, could be anybody in NetBird.
#[test]
fn what_gives_others_tokens_for_netbird_is_a_conflict_or_taken_away() {
    let error = refused(|s| s.providers[0].jwt_federation_providers = vec![ProviderId(9)]);
    assert!(error.to_string().contains("accepts tokens of 1 other provider"), "{error}");
    let mut server = configured();
    server.providers[0].jwt_federation_sources = vec!["source".to_owned()];
    let taken = plan(&builder().adopt(true).build().unwrap(), &server).unwrap();
    assert_eq!(writes(&taken), ["update provider", "update client-secret"]);
    assert_eq!(
        taken.changes().next().unwrap().write.as_ref().unwrap().body(),
        serde_json::json!({"jwt_federation_sources": []}).as_object().unwrap()
    );

    let theirs = |expression: &str, server: &mut Snapshot| {
        let mapping = serde_json::json!({"pk": "theirs", "name": "Ours, really",
            "scope_name": "profile", "expression": expression});
        server.scope_mappings.push(serde_json::from_value(mapping).unwrap());
        server.providers[0].property_mappings.push("theirs".into());
    };
    let error = refused(|s| theirs("return {'sub': request.user.email}", s));
    assert!(error.to_string().contains("\"Ours, really\" may replace the subject"), "{error}");
    let mut server = configured();
    theirs("return {'groups': ['submarine']}", &mut server);
    assert!(!plan(&integration(), &server).unwrap().has_changes());

    server.providers[0].has_empty_secret = true;
    assert_eq!(writes(&plan(&integration(), &server).unwrap()), ["update client-secret"]);
}

#[test]
fn the_connector_of_the_embedded_identity_provider_is_left_to_it() {
    let error = refused(|s| {
        let uri =
            r#"{"matching_mode": "strict", "url": "https://netbird.company/oauth2/callback"}"#;
        s.providers[0].redirect_uris = vec![serde_json::from_str(uri).unwrap()];
    });
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.to_string().contains("connector of NetBird's embedded"), "{error}");
}

#[test]
fn long_lives_and_logouts_elsewhere_are_warned_of() {
    let mut server = configured();
    server.providers[0].access_token_validity = "days=30".to_owned();
    server.providers[0].logout_uri = "https://elsewhere.example/out".to_owned();
    let plan = plan(&integration(), &server).unwrap();
    let text = plan.to_string();
    assert!(!plan.has_changes(), "{text}");
    assert!(text.contains("! access tokens are valid for days=30"), "{text}");
    assert!(text.contains("! a logout leads to another host, https://elsewhere"), "{text}");
}

#[test]
fn some_conflicts_cannot_be_adopted() {
    let adopt = builder().adopt(true).client_id("theirs").build().unwrap();
    let mut server = fresh(&adopt);
    server.providers = configured().providers;
    server.providers[0].name = "Theirs".into();
    server.providers[0].client_id = "theirs".into();
    let error = plan(&adopt, &server).unwrap_err();
    assert!(
        error.to_string().contains("the provider \"Theirs\" already has its client id"),
        "{error}"
    );

    let mut server = fresh(&integration());
    server.tokens = vec![app_password()];
    let error = plan(&integration(), &server).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.to_string().contains("belongs to another user"), "{error}");

    let error = refused(|s| {
        s.flows[2].designation = Some(serde_json::from_str(r#""authentication""#).unwrap());
    });
    assert!(error.to_string().contains("flow for authentication"), "{error}");
}
