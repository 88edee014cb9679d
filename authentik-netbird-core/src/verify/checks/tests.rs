//! Judging without a server: whatever it returned, a report is complete, short and keeps secrets.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use proptest::prelude::*;
use serde_json::json;

use super::{Checks, Evidence};
use crate::error::{Error, Result};
use crate::http::Response;
use crate::outputs::{AccountOutputs, Outputs};
use crate::secret::Secret;
use crate::verify::clock::Reading;
use crate::verify::probe::Probe;
use crate::verify::responses::{
    CurrentBrand, DeviceCodeResponse, Document, IssuedToken, KeySet, Responses, TokenResponse,
    UsersResponse,
};
use crate::verify::settings::NetbirdSettings;
use crate::verify::{Check, CheckName, CheckStatus};

const BASE: &str = "https://authentik.company";
const PASSWORD: &str = "canary password";

fn settings() -> NetbirdSettings {
    let url = BASE.parse().unwrap();
    let mut outputs = Outputs::new(url, "netbird.company", "netbird".into(), "id".into());
    let mut account = AccountOutputs::new("NetBird");
    account.app_password = Some(PASSWORD.into());
    outputs.account = Some(account);
    NetbirdSettings::from_env(&outputs.netbird_env())
}

fn document() -> Document {
    let document: Document = serde_json::from_value(json!({
        "issuer": format!("{BASE}/application/o/netbird/"),
        "authorization_endpoint": format!("{BASE}/application/o/authorize/"),
        "token_endpoint": format!("{BASE}/application/o/token/"),
        "jwks_uri": format!("{BASE}/application/o/netbird/jwks/"),
        "device_authorization_endpoint": format!("{BASE}/application/o/device/"),
        "scopes_supported": ["openid", "profile", "email", "offline_access", "goauthentik.io/api"],
    }))
    .unwrap();
    Document { allowed_origin: "https://netbird.company".to_owned(), ..document }
}

fn key_set(types: &[&str]) -> KeySet {
    let types: Vec<String> = types.iter().map(|&one| one.to_owned()).collect();
    KeySet { ids: types.iter().map(|_| "own".to_owned()).collect(), types }
}

fn other_key() -> KeySet {
    KeySet { ids: vec!["other".to_owned()], ..key_set(&["RSA"]) }
}

fn without_cors() -> Document {
    Document { allowed_origin: String::new(), ..document() }
}

fn issued(token: &str, parts: usize) -> IssuedToken {
    let claims = json!({"iss": format!("{BASE}/application/o/netbird/"), "sub": "5", "aud": "id"});
    IssuedToken {
        token: token.into(),
        scope: Some("goauthentik.io/api".to_owned()),
        parts,
        key_id: Some("own".to_owned()),
        claims: serde_json::from_value(claims).ok(),
    }
}

fn reading(ahead: i64) -> Reading {
    let sent = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_392_000);
    let distance = Duration::from_secs(ahead.unsigned_abs());
    let date = if ahead < 0 { sent - distance } else { sent + distance };
    Reading { date, sent, received: sent + Duration::from_millis(20) }
}

/// A healthy server's responses to a setup.env alone.
fn healthy() -> Responses {
    Responses {
        discovery: Ok(document()),
        brand: Ok(CurrentBrand {
            matched_domain: "authentik-default".to_owned(),
            flow_device_code: Some("default-device-code-flow".to_owned()),
        }),
        keys: Some(Ok(key_set(&["RSA"]))),
        token: Some(Ok(TokenResponse::Issued(issued("a.b.c", 3)))),
        device: Some(Ok(DeviceCodeResponse::Issued {
            verification_uri: format!("{BASE}/device"),
            expires_in: 600,
        })),
        device_page: Some(Ok(())),
        user: Some(Ok(UsersResponse::Listed { count: 1, next: 0 })),
        users: Some(Ok(UsersResponse::Listed { count: 3, next: 0 })),
        clock: vec![reading(0)],
        administration: None,
    }
}

fn checks(responses: &Responses) -> Vec<Check> {
    checks_of(&settings(), responses)
}

fn checks_of(settings: &NetbirdSettings, responses: &Responses) -> Vec<Check> {
    let password = Secret::from(PASSWORD);
    let secrets = vec![&password];
    Evidence { settings, responses, integration: None, administrator: None, secrets }.report()
}

/// A host cannot be another's where it is not known which one is NetBird's.
#[test]
fn without_a_host_name_nothing_is_said_of_redirect_uris() {
    let unknown = NetbirdSettings { domain: String::new(), ..settings() };
    let responses = Responses { discovery: Ok(without_cors()), ..healthy() };
    let judged = checks_of(&unknown, &responses);
    let check = judged.iter().find(|one| one.name == CheckName::RedirectUris).unwrap();
    assert_eq!(check.status, CheckStatus::Unknown);
    assert!(check.message.contains("host name"), "{check:?}");
}

fn failed(responses: &Responses) -> Vec<CheckName> {
    let failed = checks(responses).into_iter().filter(|check| check.status == CheckStatus::Fail);
    failed.map(|check| check.name).collect()
}

/// The result of a probe with such a response.
fn error(status: u16, content_type: &str, body: &str, location: &str) -> Error {
    let Probe(mut message) = Probe::discovery(BASE.parse().unwrap(), None);
    message.secrets.push(PASSWORD.into());
    let response = Response {
        message: Arc::new(message),
        status,
        content_type: content_type.to_owned(),
        location: location.to_owned(),
        date: String::new(),
        allowed_origin: String::new(),
        retry_after: None,
        body: body.as_bytes().to_vec().into(),
        sent: SystemTime::UNIX_EPOCH,
        received: SystemTime::UNIX_EPOCH,
    };
    response.error()
}

fn not_found() -> Error {
    error(404, "text/html", "<title>Not Found</title>", "")
}

#[test]
fn a_healthy_server_passes_and_one_cause_fails_one_check() {
    assert_eq!(failed(&healthy()), []);
    let refused = || Some(Ok(TokenResponse::Refused("invalid_grant".to_owned())));
    let no_code = || Some(Ok(DeviceCodeResponse::Refused("invalid_client".to_owned())));
    let denied = |text: &str| Some(Ok(UsersResponse::Denied(text.to_owned())));
    let without = |scope: &str| {
        let mut document = document();
        document.scopes_supported.as_mut().unwrap().retain(|has| has != scope);
        Ok(document)
    };
    let encrypted = || Some(Ok(TokenResponse::Issued(issued("a.b.c.d.e", 5))));
    let broken = vec![
        (Responses { discovery: Err(not_found()), ..healthy() }, CheckName::Discovery),
        (Responses { discovery: without("offline_access"), ..healthy() }, CheckName::Scopes),
        (Responses { keys: Some(Ok(key_set(&[]))), ..healthy() }, CheckName::SigningKey),
        (Responses { keys: Some(Ok(key_set(&["EC"]))), ..healthy() }, CheckName::SigningKey),
        (Responses { keys: Some(Ok(other_key())), ..healthy() }, CheckName::SigningKey),
        (Responses { discovery: Ok(without_cors()), ..healthy() }, CheckName::RedirectUris),
        (Responses { token: encrypted(), users: None, ..healthy() }, CheckName::Encryption),
        (Responses { token: refused(), users: None, ..healthy() }, CheckName::Token),
        (
            Responses { token: refused(), users: None, device: no_code(), ..healthy() },
            CheckName::GrantTypes,
        ),
        (Responses { device: no_code(), device_page: None, ..healthy() }, CheckName::GrantTypes),
        (Responses { users: denied("You do not have permission"), ..healthy() }, CheckName::Users),
        (Responses { users: denied("Token invalid/expired"), ..healthy() }, CheckName::Users),
        (Responses { device_page: Some(Err(not_found())), ..healthy() }, CheckName::DevicePage),
        (Responses { clock: vec![reading(60)], ..healthy() }, CheckName::Clock),
    ];
    for (responses, name) in broken {
        assert_eq!(failed(&responses), [name]);
    }
}

fn any_error() -> impl Strategy<Value = Error> {
    let content_type =
        prop::sample::select(vec!["application/json", "text/html", "text/plain", ""]);
    let text = "[a-z ]{0,60}canary password[a-z ]{0,200}";
    let body = prop_oneof![
        text.prop_map(|text| text),
        text.prop_map(|text| format!("<title>{text}</title>")),
        text.prop_map(|text| json!({ "detail": text, "field": [text] }).to_string()),
    ];
    (200_u16..600, content_type, body, text).prop_map(|(status, content_type, body, text)| {
        error(status, content_type, &body, &format!("https://h/{text}"))
    })
}

/// A server's response: this, or an error.
fn result<T: std::fmt::Debug>(
    expected: impl Strategy<Value = T>,
) -> impl Strategy<Value = Result<T>> {
    prop_oneof![expected.prop_map(Ok), any_error().prop_map(Err)]
}

/// A text of the server, with the password in it or without.
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

fn any_token() -> impl Strategy<Value = TokenResponse> {
    prop_oneof![
        text().prop_map(TokenResponse::Refused),
        (1_usize..6, prop::option::of(text()), text(), text()).prop_map(
            |(parts, scope, iss, sub)| {
                let claims = serde_json::from_value(json!({"iss": iss, "sub": sub, "aud": ["x"]}));
                TokenResponse::Issued(IssuedToken {
                    scope,
                    claims: claims.ok(),
                    ..issued("a.b.c", parts)
                })
            }
        ),
    ]
}

fn any_device() -> impl Strategy<Value = DeviceCodeResponse> {
    prop_oneof![
        text().prop_map(DeviceCodeResponse::Refused),
        (text(), any::<u64>()).prop_map(|(verification_uri, expires_in)| {
            DeviceCodeResponse::Issued { verification_uri, expires_in }
        }),
    ]
}

fn any_users() -> impl Strategy<Value = UsersResponse> {
    prop_oneof![
        text().prop_map(UsersResponse::Denied),
        any::<u64>().prop_map(|count| UsersResponse::Listed { count, next: 0 }),
    ]
}

fn any_brand() -> impl Strategy<Value = CurrentBrand> {
    (text(), prop::option::of(text())).prop_map(|(matched_domain, flow_device_code)| CurrentBrand {
        matched_domain,
        flow_device_code,
    })
}

fn any_responses() -> impl Strategy<Value = Responses> {
    let probes = (
        result(any_document()),
        result(any_brand()),
        prop::option::of(result(
            prop::collection::vec(text(), 0..3)
                .prop_map(|types| KeySet { ids: types.clone(), types }),
        )),
        prop::option::of(result(any_token())),
        prop::option::of(result(any_device())),
        prop::option::of(result(Just(()))),
        prop::option::of(result(any_users())),
        prop::option::of(result(any_users())),
    );
    let clock = prop::collection::vec((-100_000_i64..100_000).prop_map(reading), 0..3);
    (probes, clock).prop_map(
        |((discovery, brand, keys, token, device, device_page, users, user), clock)| Responses {
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
        },
    )
}

proptest! {
    #[test]
    fn whatever_a_server_returns_the_report_is_complete_and_keeps_secrets(
        responses in any_responses(),
    ) {
        let checks = checks(&responses);
        let names: Vec<CheckName> = checks.iter().map(|check| check.name).collect();
        // The others are the connector mode's.
        let ours = CheckName::ALL.iter().copied().filter(|name| *name < CheckName::Logout);
        prop_assert_eq!(names, ours.collect::<Vec<_>>());
        for check in &checks {
            let text = check.to_string();
            prop_assert!(!check.message.is_empty() && !text.contains(char::is_control), "{}", text);
            prop_assert!(text.chars().count() < 900, "{}", text);
            prop_assert!(!text.contains("canary"), "{}", text);
            let may_need_nothing = matches!(check.status, CheckStatus::Pass | CheckStatus::Skipped);
            prop_assert!(check.hint.is_some() || may_need_nothing, "{}", text);
            prop_assert!(check.hint.is_none() || check.status != CheckStatus::Pass, "{}", text);
            // The cause of a skipped check failed, or was skipped itself.
            if let Some(cause) = check.message.strip_prefix("skipped because of the check \"") {
                let of = |one: &&Check| one.name.as_str() == cause.trim_end_matches('"');
                let cause = checks.iter().find(of).unwrap();
                prop_assert!(cause.name < check.name, "{}", text);
                prop_assert!(
                    matches!(
                        cause.status,
                        CheckStatus::Fail | CheckStatus::Skipped | CheckStatus::Unknown
                    ),
                    "{}", text
                );
            }
        }
    }
}
