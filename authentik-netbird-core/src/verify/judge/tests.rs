//! Judging without a server: whatever came, a report is whole, short and keeps secrets.

use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use serde_json::json;

use super::{Case, judge};
use crate::outputs::{AccountOutputs, Outputs};
use crate::secret::Secret;
use crate::verify::answers::{
    Answers, Brand, DeviceOutcome, Document, Issued, TokenOutcome, UsersOutcome,
};
use crate::verify::clock::Reading;
use crate::verify::settings::NetbirdSettings;
use crate::verify::trouble::Trouble;
use crate::verify::{Check, CheckName, CheckStatus};

const BASE: &str = "https://authentik.company";
const PASSWORD: &str = "canary password";

fn settings() -> NetbirdSettings {
    let url = BASE.parse().unwrap();
    let mut outputs = Outputs::new(url, "netbird.company", "netbird".into(), "id".into());
    let mut account = AccountOutputs::new("NetBird");
    account.app_password = Some(PASSWORD.into());
    outputs.account = Some(account);
    NetbirdSettings::from_env(&outputs.netbird_env()).unwrap()
}

fn document() -> Document {
    serde_json::from_value(json!({
        "issuer": format!("{BASE}/application/o/netbird/"),
        "authorization_endpoint": format!("{BASE}/application/o/authorize/"),
        "token_endpoint": format!("{BASE}/application/o/token/"),
        "jwks_uri": format!("{BASE}/application/o/netbird/jwks/"),
        "device_authorization_endpoint": format!("{BASE}/application/o/device/"),
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
    }))
    .unwrap()
}

fn issued(token: &str, parts: usize) -> Issued {
    let claims = json!({"iss": format!("{BASE}/application/o/netbird/"), "sub": "5", "aud": "id"});
    Issued {
        token: token.into(),
        scope: Some("goauthentik.io/api".to_owned()),
        parts,
        claims: serde_json::from_value(claims).ok(),
    }
}

fn reading(ahead: i64) -> Reading {
    let sent = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_392_000);
    let distance = Duration::from_secs(ahead.unsigned_abs());
    let date = if ahead < 0 { sent - distance } else { sent + distance };
    Reading { date, sent, received: sent + Duration::from_millis(20) }
}

/// What a healthy server answers to a setup.env alone.
fn healthy() -> Answers {
    Answers {
        discovery: Ok(document()),
        brand: Ok(Brand {
            matched_domain: "authentik-default".to_owned(),
            flow_device_code: Some("default-device-code-flow".to_owned()),
        }),
        keys: Some(Ok(vec!["RSA".to_owned()])),
        token: Some(TokenOutcome::Issued(issued("a.b.c", 3))),
        device: Some(DeviceOutcome::Issued {
            verification_uri: format!("{BASE}/device"),
            expires_in: 600,
        }),
        device_page: Some(Ok(())),
        user: Some(UsersOutcome::Listed { count: 1, next: 0 }),
        users: Some(UsersOutcome::Listed { count: 3, next: 0 }),
        clock: vec![reading(0)],
        administration: None,
    }
}

fn checks(answers: &Answers) -> Vec<Check> {
    let (settings, password) = (settings(), Secret::from(PASSWORD));
    judge(&Case { settings: &settings, answers, wanted: None, secrets: vec![&password] })
}

fn failed(answers: &Answers) -> Vec<CheckName> {
    let failed = checks(answers).into_iter().filter(|check| check.status == CheckStatus::Fail);
    failed.map(|check| check.name).collect()
}

#[test]
fn what_is_healthy_passes_and_one_cause_is_one_failed_check() {
    assert_eq!(failed(&healthy()), []);
    let refused = || Some(TokenOutcome::Refused("invalid_grant".to_owned()));
    let no_code = || Some(DeviceOutcome::Refused("invalid_client".to_owned()));
    let denied = |text: &str| Some(UsersOutcome::Denied(text.to_owned()));
    let without = |scope: &str| {
        let mut document = document();
        document.scopes_supported.as_mut().unwrap().retain(|has| has != scope);
        Ok(document)
    };
    for (answers, name) in [
        (Answers { discovery: Err(Trouble::NotFound), ..healthy() }, CheckName::Discovery),
        (Answers { discovery: without("offline_access"), ..healthy() }, CheckName::Scopes),
        (Answers { keys: Some(Ok(Vec::new())), ..healthy() }, CheckName::SigningKey),
        (Answers { keys: Some(Ok(vec!["EC".to_owned()])), ..healthy() }, CheckName::SigningKey),
        (
            Answers {
                token: Some(TokenOutcome::Issued(issued("a.b.c.d.e", 5))),
                users: None,
                ..healthy()
            },
            CheckName::Encryption,
        ),
        (Answers { token: refused(), users: None, ..healthy() }, CheckName::Token),
        (
            Answers { token: refused(), users: None, device: no_code(), ..healthy() },
            CheckName::GrantTypes,
        ),
        (Answers { device: no_code(), device_page: None, ..healthy() }, CheckName::GrantTypes),
        (Answers { users: denied("You do not have permission"), ..healthy() }, CheckName::Users),
        (Answers { users: denied("Token invalid/expired"), ..healthy() }, CheckName::Users),
        (Answers { device_page: Some(Err(Trouble::NotFound)), ..healthy() }, CheckName::DevicePage),
        (Answers { clock: vec![reading(60)], ..healthy() }, CheckName::Clock),
    ] {
        assert_eq!(failed(&answers), [name]);
    }
}

fn trouble() -> impl Strategy<Value = Trouble> {
    let text = "[a-z ]{0,60}canary password[a-z ]{0,200}";
    prop_oneof![
        Just(()).prop_map(|()| Trouble::NotFound),
        (200_u16..600).prop_map(Trouble::Status),
        (200_u16..300).prop_map(|status| Trouble::Unreadable { status }),
        (text, 200_u16..600).prop_map(|(title, status)| Trouble::Page { status, title }),
        text.prop_map(|text| Trouble::Redirect {
            status: 302,
            location: format!("https://h/{text}")
        }),
    ]
}

/// A text of the server's, with the password in it or without.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(format!("{BASE}/application/o/netbird/")),
        Just("RSA".to_owned()),
        Just("invalid_grant".to_owned()),
        Just("invalid_client".to_owned()),
        "[ -~\u{1b}\n]{0,20}(canary password)?[ -~]{0,300}",
    ]
}

fn any_document() -> impl Strategy<Value = Document> {
    (text(), text(), prop::option::of(prop::collection::vec(text(), 0..4))).prop_map(
        |(issuer, token_endpoint, scopes_supported)| Document {
            issuer,
            token_endpoint,
            scopes_supported,
            ..document()
        },
    )
}

fn any_token() -> impl Strategy<Value = TokenOutcome> {
    prop_oneof![
        trouble().prop_map(TokenOutcome::Trouble),
        text().prop_map(TokenOutcome::Refused),
        (1_usize..6, prop::option::of(text()), text(), text()).prop_map(
            |(parts, scope, iss, sub)| {
                let claims = serde_json::from_value(json!({"iss": iss, "sub": sub, "aud": ["x"]}));
                TokenOutcome::Issued(Issued {
                    scope,
                    claims: claims.ok(),
                    ..issued("a.b.c", parts)
                })
            }
        ),
    ]
}

fn any_device() -> impl Strategy<Value = DeviceOutcome> {
    prop_oneof![
        trouble().prop_map(DeviceOutcome::Trouble),
        text().prop_map(DeviceOutcome::Refused),
        (text(), any::<u64>()).prop_map(|(verification_uri, expires_in)| DeviceOutcome::Issued {
            verification_uri,
            expires_in
        }),
    ]
}

fn any_users() -> impl Strategy<Value = UsersOutcome> {
    prop_oneof![
        trouble().prop_map(UsersOutcome::Trouble),
        text().prop_map(UsersOutcome::Denied),
        any::<u64>().prop_map(|count| UsersOutcome::Listed { count, next: 0 }),
    ]
}

fn any_brand() -> impl Strategy<Value = Result<Brand, Trouble>> {
    prop_oneof![
        trouble().prop_map(Err),
        (text(), prop::option::of(text())).prop_map(|(matched_domain, flow_device_code)| Ok(
            Brand { matched_domain, flow_device_code }
        )),
    ]
}

fn any_answers() -> impl Strategy<Value = Answers> {
    let discovery = prop_oneof![any_document().prop_map(Ok), trouble().prop_map(Err)];
    let keys =
        prop_oneof![prop::collection::vec(text(), 0..3).prop_map(Ok), trouble().prop_map(Err)];
    let page = prop_oneof![Just(()).prop_map(Ok), trouble().prop_map(Err)];
    let rest = (
        (prop::option::of(any_users()), prop::option::of(any_users())),
        prop::collection::vec((-100_000_i64..100_000).prop_map(reading), 0..3),
    );
    (
        discovery,
        any_brand(),
        prop::option::of(keys),
        prop::option::of(any_token()),
        prop::option::of(any_device()),
        prop::option::of(page),
        rest,
    )
        .prop_map(
            |(discovery, brand, keys, token, device, device_page, ((users, user), clock))| {
                Answers {
                    discovery,
                    brand,
                    keys,
                    token,
                    device,
                    device_page,
                    users,
                    user,
                    clock,
                    administration: None,
                }
            },
        )
}

proptest! {
    #[test]
    fn whatever_comes_the_report_is_whole_and_keeps_secrets(answers in any_answers()) {
        let checks = checks(&answers);
        let names: Vec<CheckName> = checks.iter().map(|check| check.name).collect();
        prop_assert_eq!(names, CheckName::ALL);
        for check in &checks {
            let said = check.to_string();
            prop_assert!(!check.message.is_empty() && !said.contains(char::is_control), "{}", said);
            prop_assert!(said.chars().count() < 900, "{}", said);
            prop_assert!(!said.contains("canary"), "{}", said);
            prop_assert_eq!(check.remedy.is_none(), check.status == CheckStatus::Pass, "{}", said);
            // What waits, waits for something that failed or waits itself.
            if let Some(cause) = check.message.strip_prefix("waits for ") {
                let of = |one: &&Check| one.name.as_str() == cause;
                let cause = checks.iter().find(of).unwrap();
                prop_assert!(cause.name < check.name, "{}", said);
                prop_assert!(
                    matches!(cause.status, CheckStatus::Fail | CheckStatus::Skipped), "{}", said
                );
            }
        }
    }
}
