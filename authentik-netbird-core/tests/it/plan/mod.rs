//! Plans: what they change and what they leave alone.

mod conflicts;
mod duplicates;
mod file;
mod others;
mod rotate;

use crate::support::snapshots::{
    app_password, builder, configured, fresh, from, integration, plan, writes,
};
use authentik_netbird_core::authentik::{
    CertificateKeyPair, KeyType, MatchingMode, Provider, RedirectUriEntry, Snapshot, SubjectMode,
    Version,
};
use authentik_netbird_core::integration::ServiceAccount;
use authentik_netbird_core::plan::Plan;
use authentik_netbird_core::resource::{Open, Write};
use authentik_netbird_core::{Error, ErrorKind, NetbirdIntegration};
use serde_json::{Value, json};

/// Plans after one change to an up-to-date server.
fn drifted(change: impl FnOnce(&mut Snapshot)) -> Plan {
    let mut server = configured();
    change(&mut server);
    plan(&integration(), &server).unwrap()
}

/// The error of a plan after one change to an up-to-date server.
fn refused(change: impl FnOnce(&mut Snapshot)) -> Error {
    let mut server = configured();
    change(&mut server);
    plan(&integration(), &server).unwrap_err()
}

/// The first write of a plan.
fn first_write(plan: &Plan) -> &Write {
    plan.changes().next().and_then(|operation| operation.write.as_ref()).unwrap()
}

/// Kind, action, key and body of a write, as a plan's JSON has them.
fn parts(write: &Write) -> (&str, &str, Option<&Value>, &serde_json::Map<String, Value>) {
    (write.kind(), write.action(), write.key(), write.body())
}

#[test]
fn an_up_to_date_server_needs_nothing() {
    let plan = plan(&integration(), &configured()).unwrap();
    assert!(!plan.has_changes(), "{plan}");
    assert_eq!(plan.existing.client_id.unwrap().as_str(), "client-id");
    assert_eq!(plan.existing.app_password.unwrap(), app_password().identifier);
}

#[test]
fn a_fresh_server_needs_six_writes_in_two_waves() {
    let plan = plan(&integration(), &fresh(&integration())).unwrap();
    let first: Vec<&str> = plan
        .changes()
        .filter(|operation| operation.depends_on.is_empty())
        .map(|operation| operation.id.as_str())
        .collect();
    assert_eq!(first, ["provider", "app-password", "device-flow"]);
    for operation in plan.changes().filter(|operation| !operation.depends_on.is_empty()) {
        assert!(operation.depends_on.iter().all(|id| first.contains(&id.as_str())), "{operation}");
    }
    assert_eq!(plan.changes().count(), 6);
}

#[test]
fn each_drift_of_the_provider_is_one_field_of_one_patch() {
    type Drift = fn(&mut Provider);
    let drifts: [(&str, Drift); 10] = [
        ("client_type", |p| p.client_type = Some(Open::Other("x".into()))),
        ("authorization_flow", |p| p.authorization_flow = None),
        ("property_mappings", |p| drop(p.property_mappings.pop())),
        ("grant_types", |p| p.grant_types = Some(Vec::new())),
        ("redirect_uris", |p| p.redirect_uris.truncate(2)),
        ("sub_mode", |p| p.sub_mode = Some(Open::Known(SubjectMode::HashedUserId))),
        ("issuer_mode", |p| p.issuer_mode = None),
        ("include_claims_in_id_token", |p| p.include_claims_in_id_token = Some(false)),
        ("signing_key", |p| p.signing_key = None),
        ("encryption_key", |p| p.encryption_key = Some("x".into())),
    ];
    for (field, drift) in drifts {
        let plan = drifted(|server| drift(&mut server.providers[0]));
        let changes: Vec<_> = plan.changes().collect();
        let [change] = changes[..] else { panic!("{field}: {plan}") };
        let paths: Vec<&str> = change.changes.iter().map(|change| change.path.as_str()).collect();
        assert_eq!(paths, [field]);
        let (kind, action, key, body) = parts(change.write.as_ref().unwrap());
        assert_eq!((kind, action, key), ("provider", "update", Some(&json!(2))), "{field}");
        assert_eq!(body.keys().collect::<Vec<_>>(), [field]);
    }
}

#[test]
fn each_other_drift_is_one_write() {
    for (write, drift) in [
        ("update application", (|s| s.applications[0].provider = None) as fn(&mut Snapshot)),
        ("update service-account", |s| s.users[0].is_active = false),
        ("create app-password", |s| s.tokens.clear()),
        ("create rights", |s| (s.users[0].groups, s.users[0].named_groups) = Default::default()),
        ("update device-flow", |s| s.flows[2].authentication = None),
        ("update brand", |s| s.brands[0].flow_device_code = None),
        ("create application", |s| s.applications.clear()),
    ] {
        assert_eq!(writes(&drifted(drift)), [write]);
    }
    let gone = drifted(|s| drop(s.flows.pop()));
    assert_eq!(writes(&gone), [] as [&str; 0], "the brand keeps a flow that we cannot read");
}

#[test]
fn additions_of_others_are_kept() {
    let plan = drifted(|server| {
        let provider = &mut server.providers[0];
        provider.property_mappings.insert(0, "theirs".into());
        provider.grant_types.as_mut().unwrap().push(Open::Other("token-exchange".into()));
        provider.redirect_uris.push(RedirectUriEntry {
            matching_mode: Open::Known(MatchingMode::Strict),
            url: "https://netbird.company/out".into(),
            redirect_uri_type: Some(from(json!("logout"))),
        });
    });
    assert!(!plan.has_changes(), "additions are no drift: {plan}");
    let plan = drifted(|server| {
        let provider = &mut server.providers[0];
        provider.property_mappings = vec!["theirs".into()];
        provider.redirect_uris = vec![RedirectUriEntry {
            matching_mode: Open::Known(MatchingMode::Strict),
            url: "https://netbird.company/out".into(),
            redirect_uri_type: Some(from(json!("logout"))),
        }];
    });
    let body = first_write(&plan).body();
    let mappings = body["property_mappings"].as_array().unwrap();
    assert!(mappings.contains(&json!("theirs")) && mappings.len() == 6, "{mappings:?}");
    let uris: Vec<RedirectUriEntry> = from(body["redirect_uris"].clone());
    assert!(uris.iter().any(|uri| !uri.is_for_authorization()) && uris.len() == 4);
}

#[test]
fn servers_without_grant_types_are_sent_none() {
    let mut server = configured();
    server.version = Some(Version::new(2025, 10, 0));
    server.providers[0].grant_types = None;
    assert!(!plan(&integration(), &server).unwrap().has_changes());
    let mut server = fresh(&integration());
    server.version = Some(Version::new(2025, 10, 0));
    let plan = plan(&integration(), &server).unwrap();
    assert!(!plan.to_json().contains("grant_types"));
}

/// What NetBird does without stays as it is; `exact` takes every default for asked.
#[test]
fn what_nobody_asked_for_and_netbird_can_do_without_stays() {
    for (operation, drift) in [
        (
            "provider",
            (|s| s.providers[0].access_code_validity = "hours=1".into()) as fn(&mut Snapshot),
        ),
        ("provider", |s| s.providers[0].invalidation_flow = Some("x".into())),
        ("provider", |s| s.providers[0].property_mappings.push("theirs".into())),
        ("provider", |s| {
            let further = r#"{"matching_mode": "strict", "url": "https://netbird.company/x"}"#;
            s.providers[0].redirect_uris.push(serde_json::from_str(further).unwrap());
        }),
        ("application", |s| s.applications[0].name = "x".into()),
        ("application", |s| s.applications[0].meta_launch_url = String::new()),
        ("device-flow", |s| s.flows[2].title = "x".into()),
        ("device-flow", |s| s.flows[2].name = "x".into()),
    ] {
        let mut server = configured();
        drift(&mut server);
        // Nothing is asked for but the rights that this server's account has.
        let asked = NetbirdIntegration::builder("https://authentik.company", "netbird.company")
            .service_account(ServiceAccount::Administrator);
        let kept = plan(&asked.build().unwrap(), &server).unwrap();
        assert!(!kept.has_changes(), "{kept}");
        let exact = plan(&builder().exact(true).build().unwrap(), &server).unwrap();
        assert_eq!(writes(&exact), [format!("update {operation}")]);
    }
}

#[test]
fn what_is_asked_for_is_exactly_that() {
    let asked = builder()
        .access_code_validity("minutes=10")
        .application_name("NetBird")
        .device_flow_title("Device code flow")
        .build()
        .unwrap();
    let mut server = configured();
    assert!(!plan(&asked, &server).unwrap().has_changes());
    server.providers[0].access_code_validity = "minutes=1".into();
    server.applications[0].name = "x".into();
    server.flows[2].title = "x".into();
    let plan = plan(&asked, &server).unwrap();
    assert_eq!(writes(&plan), ["update provider", "update device-flow", "update application"]);
    let reasons: Vec<&str> = plan.changes().map(|one| one.reason.as_str()).collect();
    assert_eq!(reasons, ["it differs from what was asked for"; 3]);
}

/// NetBird and authentik ignore its dates.
#[test]
fn an_expired_certificate_stays_and_is_chosen_last() {
    let expire = |server: &mut Snapshot| {
        server.certificates[0].cert_expiry = Some("2026-11-22T23:59:59Z".into());
        let mut good = server.certificates[0].clone();
        (good.pk, good.name, good.cert_expiry) = ("good".into(), "good".into(), None);
        server.certificates.push(good);
    };
    let kept = drifted(expire);
    assert!(!kept.has_changes(), "{kept}");
    assert!(kept.to_string().contains("is past its expiry date"), "{kept}");
    let mut server = fresh(&integration());
    expire(&mut server);
    let chosen = plan(&integration(), &server).unwrap();
    assert_eq!(first_write(&chosen).body()["signing_key"], "good");
    server.certificates.pop();
    let chosen = plan(&integration(), &server).unwrap();
    assert_eq!(first_write(&chosen).body()["signing_key"], "authentik Self-signed Certificate");
}

#[test]
fn a_suitable_signing_key_in_use_stays() {
    let plan = drifted(|server| {
        let mut other = server.certificates[0].clone();
        other.pk = "zzz".into();
        other.name = "zzz".into();
        server.certificates.push(other);
        server.providers[0].signing_key = Some("zzz".into());
    });
    assert!(!plan.has_changes(), "{plan}");
}

#[test]
fn keys_that_netbird_cannot_read_are_passed_over() {
    for defect in [
        (|c| c.key_type = Some(Open::Known(KeyType::Ec))) as fn(&mut CertificateKeyPair),
        |c| c.key_type = None,
        |c| c.private_key_available = false,
    ] {
        let plan = drifted(|server| {
            let mut good = server.certificates[0].clone();
            good.pk = "good".into();
            good.name = "good".into();
            defect(&mut server.certificates[0]);
            server.certificates.push(good);
        });
        assert_eq!(first_write(&plan).body()["signing_key"], "good");
        let error = refused(|server| defect(&mut server.certificates[0]));
        assert_eq!(error.kind(), ErrorKind::Missing);
        assert!(error.to_string().contains("Certificates > Generate"), "{error}");
    }
}

#[test]
fn a_brand_keeps_its_flow_unless_asked_to_replace_it() {
    let other = |s: &mut Snapshot| s.brands[0].flow_device_code = Some("theirs".into());
    let plan_kept = drifted(other);
    assert!(!plan_kept.has_changes(), "{plan_kept}");
    assert!(plan_kept.to_string().contains("keeps its device-code flow"), "{plan_kept}");
    let mut server = configured();
    other(&mut server);
    let replace = builder().replace_device_code_flow(true).build().unwrap();
    assert_eq!(writes(&plan(&replace, &server).unwrap()), ["update brand"]);
    server.flows.truncate(2);
    assert_eq!(writes(&plan(&replace, &server).unwrap()), ["create device-flow", "update brand"]);
}

#[test]
fn an_expired_app_password_is_replaced_and_one_about_to_is_warned_of() {
    let expire = |at: &'static str| {
        drifted(move |server| {
            server.tokens[0].expiring = true;
            server.tokens[0].expires = Some(at.to_owned());
        })
    };
    let expired = expire("2026-11-22T00:00:00.123456Z");
    assert_eq!(writes(&expired), ["create app-password"]);
    let (kind, action, _, body) = parts(first_write(&expired));
    assert_eq!((kind, action), ("app_password", "create"));
    assert_eq!(body["identifier"], "service-account-netbird-password-2", "the old one is in use");
    let soon = expire("2026-12-20T00:00:00Z");
    assert!(!soon.has_changes() && soon.to_string().contains("expires on 2026-12-20"), "{soon}");
    let late = expire("2027-11-18T00:00:00Z");
    assert!(late.to_string().contains("exists and expires on 2027-11-18"), "{late}");
    assert!(late.warnings.iter().all(|one| !one.message.contains("expires on")));
}

#[test]
fn two_netbirds_share_the_device_flow_and_nothing_else() {
    let second = crate::support::as_in_guide("https://authentik.company", "vpn.example.org")
        .provider_name("VPN")
        .application_slug("vpn")
        .service_account_name("VPN")
        .build()
        .unwrap();
    let mut server = configured();
    server.providers.clear();
    server.applications.clear();
    let plan = plan(&second, &server).unwrap();
    assert_eq!(
        writes(&plan),
        ["create provider", "create app-password", "create application", "create service-account"]
    );
}

#[test]
fn an_older_server_is_refused_and_a_newer_one_warned_of() {
    let error = refused(|server| server.version = Some(Version::new(2024, 10, 5)));
    assert_eq!(error.kind(), ErrorKind::UnsupportedVersion);
    assert!(error.to_string().contains("Upgrade it to 2024.12 or later"), "{error}");
    let plan = drifted(|server| server.version = Some(Version::new(2026, 11, 1)));
    assert!(plan.to_string().contains("2026.11.1 is newer than 2026.8"), "{plan}");
    let plan = drifted(|server| server.version = Some(Version::new(2026, 8, 5)));
    assert!(!plan.to_string().contains("newer"), "{plan}");
}

#[test]
fn an_expiring_binding_counts_as_missing() {
    let wanted = builder().access_group("vpn").build().unwrap();
    let bound = |expiring: bool| {
        let mut server = configured();
        let mut group = server.groups[0].clone();
        (group.pk, group.name) = ("vpn-pk".into(), "vpn".to_owned());
        server.groups.push(group);
        for (order, subject) in [("group", json!("vpn-pk")), ("user", json!(5))].iter().enumerate()
        {
            let (field, key) = subject;
            let binding = json!({
                "pk": "b", "target": "app", *field: key, "order": order, "expiring": expiring,
            });
            server.bindings.push(serde_json::from_value(binding).unwrap());
        }
        plan(&wanted, &server).unwrap()
    };
    assert!(!bound(false).has_changes(), "{}", bound(false));
    let plan = bound(true);
    assert_eq!(writes(&plan), ["create access-account", "create access-1"]);
    let orders = plan.changes().map(|one| one.write.as_ref().unwrap().body()["order"].clone());
    assert_eq!(orders.collect::<Vec<_>>(), [2, 3], "beside those that exist");
}
