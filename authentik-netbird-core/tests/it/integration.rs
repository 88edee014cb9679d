//! What a user may ask for, and what is said about what cannot be.

use std::collections::BTreeMap;

use authentik_netbird_core::authentik::RedirectUri;
use authentik_netbird_core::integration::{
    OptionKind, OptionSpec, RedirectUris, ServiceAccount, options,
};
use authentik_netbird_core::{ErrorKind, NetbirdIntegration, NetbirdIntegrationBuilder};
use proptest::prelude::*;
use serde_json::json;

fn builder() -> NetbirdIntegrationBuilder {
    NetbirdIntegration::builder("https://authentik.company", "netbird.company")
}

fn fields(builder: NetbirdIntegrationBuilder) -> Vec<String> {
    let error = builder.build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidIntegration);
    error.issues().iter().map(|issue| issue.field.clone()).collect()
}

#[test]
fn every_problem_is_reported_at_once() {
    let bad = NetbirdIntegration::builder("http://authentik.company", "https://netbird.company/")
        .application_name(" ")
        .application_slug("net bird")
        .application_group("a\nb")
        .launch_url("nowhere")
        .provider_name("")
        .client_id("")
        .authorization_flow("")
        .invalidation_flow("x".repeat(51))
        .extra_redirect_uri(RedirectUri::regex("https://netbird.company.*"))
        .extra_redirect_uri(RedirectUri::regex("https://("))
        .extra_redirect_uri(RedirectUri::strict("http://netbird.company/"))
        .signing_key("")
        .access_code_validity("10 minutes")
        .service_account_name("Müller")
        .app_password_expires("tomorrow")
        .device_flow("a/b")
        .device_flow_title("")
        .brand("");
    assert_eq!(
        fields(bad),
        [
            "authentik_url",
            "domain",
            "application_name",
            "application_slug",
            "application_group",
            "launch_url",
            "provider_name",
            "client_id",
            "authorization_flow",
            "invalidation_flow",
            "extra_redirect_uris[0]",
            "extra_redirect_uris[1]",
            "extra_redirect_uris[2]",
            "signing_key",
            "access_code_validity",
            "service_account_name",
            "app_password_expires",
            "device_flow",
            "device_flow_title",
            "brand",
        ]
    );
}

fn with_groups(names: &[&str]) -> NetbirdIntegrationBuilder {
    names.iter().fold(builder(), |builder, name| builder.access_group(*name))
}

#[test]
fn a_group_that_is_named_again_and_again_is_one_problem() {
    let groups = with_groups(&["vpn", "admins", "vpn", "vpn", "admins"]);
    assert_eq!(fields(groups), ["access_groups[2]", "access_groups[4]"]);
    // An empty name is a problem of its own at each place.
    assert_eq!(fields(with_groups(&["", ""])), ["access_groups[0]", "access_groups[1]"]);
}

#[test]
fn of_very_many_problems_the_message_shows_the_first_and_the_list_has_all() {
    let error = with_groups(&[" "; 1_000]).build().unwrap_err();
    assert_eq!(error.issues().len(), 1_000);
    let text = error.to_string();
    assert_eq!(text.lines().count(), 1 + 40 + 1);
    assert!(text.contains("\n  - access_groups[39]: must not be empty. "), "{text}");
    assert!(text.ends_with("\n  - and 960 more"), "{text}");
    let all = with_groups(&[" "; 40]).build().unwrap_err().to_string();
    assert!(all.contains("access_groups[39]") && !all.contains(" more"), "{all}");
}

#[test]
fn urls_that_would_hurt_are_refused_each_with_its_reason() {
    for (url, says) in [
        ("", "is not a URL"),
        ("authentik.company", "is not a URL"),
        ("htps://authentik.company", "is not an https URL"),
        ("https://", "is not a URL"),
        ("ftp://authentik.company", "is not an https URL"),
        ("http://authentik.company", "in the clear"),
        ("http://localhost.evil.com", "in the clear"),
        ("https://me:canary@authentik.company", "user name or password"),
        ("https://authentik.company/?next=/", "query or fragment"),
        ("https://authentik.company/#/x", "query or fragment"),
        ("https://authentik.company/api/v3/", "without /api"),
        ("https://authentik.company/if/admin/#/core", "query or fragment"),
        ("https://authentik.company/if/admin/", "without /api or /if"),
        ("https://authentik.company/a'b", "unquoted"),
        ("https://authentik.company/$HOME", "unquoted"),
        ("http://[::1]:9000", "unquoted"),
    ] {
        let error = NetbirdIntegration::builder(url, "netbird.company").build().unwrap_err();
        assert!(error.to_string().contains(says), "{url}: {error}");
        assert!(!error.to_string().contains("canary"), "{error}");
        assert_eq!(error.issues().len(), 1, "{error}");
    }
    for (url, base) in [
        ("https://authentik.company", "https://authentik.company/"),
        ("  https://Authentik.Company/  ", "https://authentik.company/"),
        ("https://company.example:8443/auth", "https://company.example:8443/auth/"),
        ("http://localhost:9000", "http://localhost:9000/"),
        ("http://127.0.0.2:9000", "http://127.0.0.2:9000/"),
    ] {
        let integration = NetbirdIntegration::builder(url, "netbird.company").build().unwrap();
        assert_eq!(integration.authentik_url().as_str(), base);
    }
}

#[test]
fn names_that_netbird_can_not_carry_are_refused() {
    assert_eq!(
        fields(builder().client_id("a\"b").service_account_name("{{x}}")),
        ["client_id", "service_account_name"]
    );
    assert!(
        builder().client_id("a:b/c.d_e-f").service_account_name("net bird@vpn").build().is_ok()
    );
}

#[test]
fn an_account_has_room_for_the_ending_that_it_has_at_first() {
    for rights in [ServiceAccount::UserReader, ServiceAccount::Administrator] {
        let named = |length: usize| {
            builder().service_account_name("a".repeat(length)).service_account(rights)
        };
        assert_eq!(fields(named(129)), ["service_account_name"]);
        named(128).build().unwrap();
    }
}

#[test]
fn domains_are_host_names() {
    for domain in
        ["", "netbird company", "-x.company", "x..company", "netbird.company.", "net_bird", "a:b"]
    {
        let error = NetbirdIntegration::builder("https://a.b", domain).build().unwrap_err();
        assert_eq!(error.issues()[0].field, "domain", "{domain}");
    }
    let integration =
        NetbirdIntegration::builder("https://a.b", "NetBird.Company").build().unwrap();
    assert_eq!(integration.domain(), "netbird.company");
}

#[test]
fn a_file_says_the_same_as_the_builder_and_survives_a_round_trip() {
    let integration = builder()
        .application_slug("vpn")
        .redirect_uris(RedirectUris::AsInGuide)
        .extra_redirect_uri(RedirectUri::regex(r"https://x\.company/.*"))
        .app_password_expires("2027-01-31T00:00:00Z")
        .reverse_proxy(true)
        .build()
        .unwrap();
    let json = serde_json::to_string_pretty(&integration).unwrap();
    assert_eq!(serde_json::from_str::<NetbirdIntegration>(&json).unwrap(), integration);
}

#[test]
fn options_that_were_set_are_told_from_defaults_also_in_files() {
    let integration = builder().application_slug("netbird").adopt(false).build().unwrap();
    let file = serde_json::to_value(&integration).unwrap();
    let only = ["adopt", "application_slug", "authentik_url", "domain", "mode"];
    assert_eq!(file.as_object().unwrap().keys().collect::<Vec<_>>(), only);
    let read: NetbirdIntegration = serde_json::from_value(file).unwrap();
    for one in [&integration, &read, &read.with_fields(BTreeMap::new()).build().unwrap()] {
        assert!(one.is_asked("application_slug") && one.is_asked("adopt"), "as the default is");
        assert!(!one.is_asked("provider_name") && !one.is_asked("no_such_option"));
        assert_eq!(one.option("provider_name").unwrap(), "NetBird");
    }
    let fields =
        [("provider_name".to_owned(), json!("NetBird")), ("brand".to_owned(), json!(null))];
    let changed = integration.with_fields(fields.into()).build().unwrap();
    assert!(changed.is_asked("provider_name") && changed.is_asked("adopt"));
    assert!(!changed.is_asked("brand"), "null is as if it were left out");
}

#[test]
fn a_file_with_several_mistakes_is_told_all_of_them() {
    let error = serde_json::from_str::<NetbirdIntegration>(
        r#"{"authentik_url": 7, "application_slugg": "x", "adopt": "yes",
            "redirect_uris": "all", "application_slug": "a b"}"#,
    )
    .unwrap_err()
    .to_string();
    for field in [
        "authentik_url: expected a string, got 7",
        "domain: missing",
        "application_slugg: unknown option",
        "adopt: expected true or false, got \"yes\"",
        "redirect_uris: expected one of recommended, as_in_guide, got \"all\"",
        "application_slug: \"a b\"",
    ] {
        assert!(error.contains(field), "{field} in {error}");
    }
}

proptest! {
    /// Whatever is asked for, the built-in snapshot has what it names: offline there is no refusal.
    #[test]
    fn operations_never_fail_offline(
        slug in "[a-zA-Z0-9_-]{1,50}",
        name in "[^\\p{C}]{1,30}",
        account in "[a-zA-Z][a-zA-Z0-9._:/-]{0,40}",
        client_id in proptest::option::of("[a-zA-Z0-9][a-zA-Z0-9._:/-]{0,40}[a-z]"),
        flows in "[a-z-]{1,20}",
        same_flow in any::<bool>(),
        key in proptest::option::of("[a-zA-Z][a-z ]{0,20}[a-z]"),
        brand in proptest::option::of("[a-z]{1,20}"),
        switches in any::<[bool; 3]>(),
    ) {
        let mut wanted = builder()
            .application_slug(slug)
            .application_name(format!("n{name}."))
            .provider_name(format!("p{name}."))
            .service_account_name(account)
            .authorization_flow(flows.clone())
            .adopt(switches[0])
            .replace_device_code_flow(switches[1])
            .reverse_proxy(switches[2]);
        if same_flow {
            wanted = wanted.invalidation_flow(flows);
        }
        if let Some(client_id) = client_id {
            wanted = wanted.client_id(client_id);
        }
        if let Some(key) = key {
            wanted = wanted.signing_key(key);
        }
        if let Some(brand) = brand {
            wanted = wanted.brand(brand);
        }
        let operations = wanted.build().unwrap().preview().operations;
        prop_assert!(operations.len() == 12, "{operations:?}");
    }

    /// Whatever text comes, the builder answers with a value or with issues.
    #[test]
    fn any_text_is_taken_or_refused_without_a_panic(url in ".{0,60}", domain in ".{0,40}", regex in ".{0,40}") {
        let _ = NetbirdIntegration::builder(url, domain)
            .extra_redirect_uri(RedirectUri::regex(regex.clone()))
            .extra_redirect_uri(RedirectUri::strict(regex))
            .build();
    }
}

#[test]
fn the_table_of_options_is_sound() {
    let names: Vec<_> = options().map(|option| option.name).collect();
    let defaults = builder().build().unwrap();
    for option in options() {
        let OptionSpec { name, kind, default, doc, .. } = option;
        assert_eq!(names.iter().filter(|other| *other == name).count(), 1, "{name}");
        assert!(doc.ends_with('.') && !doc.contains("  ") && doc.len() > 15, "{name}: {doc}");
        assert_eq!(doc.matches('`').count() % 2, 0, "{name}: {doc}");
        if let OptionKind::Choice { choices, .. } = kind {
            assert!(choices.contains(&default.unwrap()), "{name}");
        }
        // The default in words is the default.
        let expected = match (kind, default) {
            (_, Some(text)) => json!(text),
            (OptionKind::Bool, None) => json!(false),
            (OptionKind::Texts | OptionKind::RedirectUris, None) => json!([]),
            _ if option.required => continue,
            _ => json!(null),
        };
        assert_eq!(defaults.option(name).unwrap(), expected, "{name}");
    }
    assert_eq!(defaults.option("no_such_option"), None);
}
