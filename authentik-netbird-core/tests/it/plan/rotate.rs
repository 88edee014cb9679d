//! Plans of a rotation.

use authentik_netbird_core::authentik::Version;
use authentik_netbird_core::integration::ServiceAccount;
use authentik_netbird_core::plan::{Plan, Purpose, WarningKind, plan_rotate};
use authentik_netbird_core::{
    AppPasswordExpiry, DesiredState, Error, ErrorKind, NetbirdIntegration, Snapshot,
};
use serde_json::json;

use crate::support::snapshots::{
    account, app_password, builder, configured, fresh, from, integration, writes,
};

fn rotate(
    integration: &NetbirdIntegration,
    server: &Snapshot,
    expiry: AppPasswordExpiry,
) -> Result<Plan, Error> {
    plan_rotate(&DesiredState::from(integration), server, expiry)
}

fn planned(server: &Snapshot, expiry: AppPasswordExpiry) -> Plan {
    rotate(&integration(), server, expiry).unwrap()
}

/// A server whose app password expires.
fn expiring() -> Snapshot {
    let mut server = configured();
    server.tokens[0].expiring = true;
    server.tokens[0].expires = Some("2027-11-18T00:00:00Z".to_owned());
    server
}

#[test]
fn the_value_is_replaced_and_nothing_else_unless_asked_for() {
    let plan = planned(&expiring(), AppPasswordExpiry::Keep);
    assert_eq!(plan.purpose, Purpose::Rotate);
    assert_eq!(writes(&plan), ["update app-password"]);
    let write = plan.operations[0].write.as_ref().unwrap();
    assert_eq!((write.kind(), write.action()), ("app_password", "set_key"));
    assert_eq!(write.key(), Some(&json!("service-account-netbird-password")));
    assert!(write.body().is_empty(), "the value is generated when it is sent");
    assert_eq!(plan.existing.client_id.unwrap().as_str(), "client-id");
    assert_eq!(plan.existing.app_password.unwrap(), app_password().identifier);
    let kinds: Vec<WarningKind> = plan.warnings.iter().map(|one| one.kind).collect();
    assert_eq!(kinds, [WarningKind::Rotation]);
}

#[test]
fn the_expiry_goes_before_the_value_changes() {
    let plan = planned(&expiring(), AppPasswordExpiry::Never);
    assert_eq!(writes(&plan), ["update app-password-expiry", "update app-password"]);
    let (expiry, value) = (&plan.operations[0], &plan.operations[1]);
    assert_eq!(
        value.depends_on,
        std::slice::from_ref(&expiry.id),
        "authentik saves a token as a whole"
    );
    // Without user and intent authentik hands a token to the caller.
    let body = json!(expiry.write.as_ref().unwrap().body());
    assert_eq!(body, json!({"user": 5, "intent": "app_password", "expiring": false}));
    // One that does not expire stays so.
    let plan = planned(&configured(), AppPasswordExpiry::Never);
    assert_eq!(writes(&plan), ["update app-password"]);
    assert!(plan.operations[1].depends_on.is_empty(), "{plan}");
}

#[test]
fn the_app_password_that_works_longest_is_rotated() {
    let mut server = expiring();
    let mut other = app_password();
    other.identifier = "service-account-netbird-password-2".into();
    server.tokens.push(other);
    let plan = planned(&server, AppPasswordExpiry::Keep);
    let key = plan.operations[0].write.as_ref().unwrap().key().unwrap();
    assert_eq!(key, "service-account-netbird-password-2");
}

/// The user of that name may be a person, whose password and tokens are not ours to replace.
#[test]
fn a_persons_app_password_is_not_rotated() {
    let mut server = configured();
    server.users[0].user_type = Some(serde_json::from_str(r#""internal""#).unwrap());
    let error = rotate(&integration(), &server, AppPasswordExpiry::Keep).unwrap_err();
    assert!(error.to_string().contains("not a service account but internal"), "{error}");
}

/// NetBird's account has another name, and anyone may have created one of the default name.
#[test]
fn the_app_password_of_an_account_without_rights_is_not_rotated() {
    let mut server = configured();
    let user = &mut server.users[0];
    (user.is_superuser, user.groups) = (false, Vec::new());
    let error = rotate(&integration(), &server, AppPasswordExpiry::Keep).unwrap_err();
    assert!(error.to_string().contains("it is not the one that NetBird reads users"), "{error}");
    let adopted = crate::support::snapshots::builder().adopt(true).build().unwrap();
    assert!(rotate(&adopted, &server, AppPasswordExpiry::Keep).is_ok());
    server.users[0].is_active = false;
    let error = rotate(&adopted, &server, AppPasswordExpiry::Keep).unwrap_err();
    assert!(error.to_string().contains("it is deactivated"), "{error}");
}

#[test]
fn another_netbirds_is_not_rotated() {
    let domain = NetbirdIntegration::builder("https://authentik.company", "vpn.company");
    for (other, why) in [
        (builder().application_slug("netbrid"), "it serves the application \"netbird\""),
        (domain, "its redirect URIs lead to netbird.company, not to vpn.company"),
    ] {
        let other = other.build().unwrap();
        let error = rotate(&other, &configured(), AppPasswordExpiry::Keep).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert!(error.to_string().contains(why), "{error}");
    }
}

#[test]
fn it_survives_json_and_holds_no_secret() {
    for expiry in [AppPasswordExpiry::Keep, AppPasswordExpiry::Never] {
        let plan = planned(&expiring(), expiry);
        let json = plan.to_json();
        assert_eq!(Plan::from_json(&json).unwrap(), plan);
        assert_eq!(json, planned(&expiring(), expiry).to_json(), "same inputs, same bytes");
        assert!(json.contains("\"purpose\": \"rotate\""), "{json}");
    }
}

#[test]
fn it_does_not_need_a_version_and_refuses_an_unsupported_one() {
    let mut server = configured();
    server.version = None;
    assert_eq!(planned(&server, AppPasswordExpiry::Keep).server_version, None);
    server.version = Some(Version::new(2024, 10, 0));
    let error = rotate(&integration(), &server, AppPasswordExpiry::Keep).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnsupportedVersion);
}

#[test]
fn blockers_name_all_that_is_missing() {
    let blockers = |integration: &NetbirdIntegration, server: &Snapshot| -> Vec<String> {
        let error = rotate(integration, server, AppPasswordExpiry::Keep).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Missing, "{error}");
        error.blockers().iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        blockers(&integration(), &fresh(&integration())),
        [
            "provider \"NetBird\" is missing: NetBird needs it. Apply a plan first.",
            "service account \"NetBird\" is missing: NetBird needs it. Apply a plan first.",
        ]
    );
    let mut server = configured();
    server.tokens.clear();
    let no_password = "app password \"NetBird\" is missing: the account has no app password that is \
                       still valid. Apply a plan first.";
    assert_eq!(blockers(&integration(), &server), [no_password]);
    // One that has expired does not count, nor does an API token or somebody else's.
    for change in [
        (|token| token.expires = Some("2026-11-22T00:00:00Z".to_owned()))
            as fn(&mut authentik_netbird_core::authentik::Token),
        |token| token.intent = None,
        |token| token.user = None,
    ] {
        let mut server = expiring();
        change(&mut server.tokens[0]);
        assert_eq!(blockers(&integration(), &server), [no_password]);
    }
    let without = builder().service_account(ServiceAccount::None).build().unwrap();
    assert_eq!(
        blockers(&without, &configured()),
        ["app password \"NetBird\" is missing: the integration has no service account. Set \
             `service_account` to its rights."]
    );
}

/// Another NetBird's provider.
fn another_netbird(server: &mut Snapshot) {
    let mut provider = server.providers[0].clone();
    provider.name = "NetBird of the lab".to_owned();
    server.providers.push(provider);
}

fn conflicts(server: &Snapshot) -> Vec<String> {
    let error = rotate(&integration(), server, AppPasswordExpiry::Keep).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    error.blockers().iter().map(ToString::to_string).collect()
}

#[test]
fn another_netbird_that_uses_the_account_stops_a_rotation_unless_told() {
    let mut server = configured();
    another_netbird(&mut server);
    let shared = "service account \"NetBird\": another NetBird seems to read users with it, as there is no \
                  other service account with rights (provider \"NetBird of the lab\"): all its logins fail \
                  once the app password has another value. Give each NetBird a separate account \
                  (`service_account_name`), or set `rotate_shared_account` and update setup.env of the \
                  others, too.";
    assert_eq!(conflicts(&server), [shared]);
    let told = builder().rotate_shared_account(true).build().unwrap();
    let plan = rotate(&told, &server, AppPasswordExpiry::Keep).unwrap();
    let warning = plan.warnings.iter().find(|one| one.kind == WarningKind::OtherNetbird).unwrap();
    assert!(warning.message.contains("(provider \"NetBird of the lab\")"), "{warning}");
    assert_eq!(writes(&plan), ["update app-password"]);

    // An account without any rights is not what the other one reads users with.
    let mut other = account();
    (other.pk, other.username) = (from(json!(6)), "LDAP".to_owned());
    (other.is_superuser, other.groups, other.named_groups) = (false, Vec::new(), Vec::new());
    server.users.push(other.clone());
    assert_eq!(conflicts(&server), [shared]);
    other.is_superuser = true;
    *server.users.last_mut().unwrap() = other.clone();
    let plan = planned(&server, AppPasswordExpiry::Keep);
    assert!(plan.warnings.iter().any(|one| one.kind == WarningKind::OtherNetbird), "{plan}");
    other.is_active = false;
    *server.users.last_mut().unwrap() = other;
    assert_eq!(conflicts(&server), [shared]);
}
