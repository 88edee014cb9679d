//! The situations that plans are made in: between them they send all that can be sent.

use authentik_netbird_core::integration::{RedirectUris, ServiceAccount};
use authentik_netbird_core::model::{Group, MatchingMode, Open, RedirectUri, RedirectUriEntry};
use authentik_netbird_core::plan::teardown::TeardownSnapshot;
use authentik_netbird_core::{NetbirdIntegrationBuilder as Builder, Snapshot};
use serde_json::{Value, json};

use crate::support::snapshots::account;

/// What is asked for, and of what server.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) ask: fn(Builder) -> Builder,
    /// Whether the server is as the guide wants it, before it is spoilt; a fresh one otherwise.
    pub(crate) is_configured: bool,
    pub(crate) change: fn(&mut Snapshot),
}

/// What is removed, of a server that is as the guide wants it before it is spoilt.
pub(crate) struct Teardown {
    pub(crate) name: &'static str,
    pub(crate) ask: fn(Builder) -> Builder,
    pub(crate) change: fn(&mut Snapshot),
}

const READER: &str = "NetBird user reader";

const fn fresh(name: &'static str, ask: fn(Builder) -> Builder) -> Case {
    Case { name, ask, is_configured: false, change: |_| {} }
}

const fn drift(name: &'static str, change: fn(&mut Snapshot)) -> Case {
    Case { name, ask: |asked| asked, is_configured: true, change }
}

const fn asked(name: &'static str, ask: fn(Builder) -> Builder, change: fn(&mut Snapshot)) -> Case {
    Case { name, ask, is_configured: true, change }
}

pub(crate) const CASES: &[Case] = &[
    fresh("guide", |asked| asked),
    fresh("all of it named", everything_named),
    fresh("as long as it may be", as_long_as_it_may_be),
    fresh("as long as it may be, by a reader", |asked| {
        // authentik before 2026.2 takes 150 characters for the name of a role.
        as_long_as_it_may_be(asked)
            .service_account_name("a".repeat(138))
            .service_account(ServiceAccount::UserReader)
    }),
    fresh("in other alphabets", |asked| {
        asked
            .application_name("Нетбёрд 🐦 \"VPN\"")
            .provider_name("ネットバード")
            .application_group("Réseau & co.")
            .device_flow_name("Geräte-Ablauf")
            .device_flow_title("<b>Gerät</b>")
            .create_access_groups(true)
            .access_group("Zugänge/VPN #1")
    }),
    fresh("reverse proxy", |asked| asked.reverse_proxy(true)),
    fresh("redirect URIs of the guide", |asked| asked.redirect_uris(RedirectUris::AsInGuide)),
    fresh("reader", |asked| asked.service_account(ServiceAccount::UserReader)),
    fresh("deleter", |asked| asked.service_account(ServiceAccount::UserDeleter)),
    fresh("no account", |asked| asked.service_account(ServiceAccount::None)),
    fresh("access groups that are there", |asked| asked.access_group("vpn").access_group("staff")),
    asked(
        "access groups that are made",
        |asked| asked.access_group("vpn").access_group("staff").create_access_groups(true),
        |server| server.groups.truncate(1),
    ),
    fresh("expiry", |asked| asked.app_password_expires("2027-01-31T00:00:00Z")),
    drift("client type", |server| server.providers[0].client_type = None),
    drift("authorization flow", |server| server.providers[0].authorization_flow = None),
    drift("invalidation flow", |server| server.providers[0].invalidation_flow = None),
    drift("mappings", |server| {
        server.providers[0].property_mappings = vec!["theirs".into()];
    }),
    drift("grant types", |server| {
        if let Some(types) = &mut server.providers[0].grant_types {
            types.retain(|kind| !kind.to_string().contains("device"));
            types.push(Open::Other("password".to_owned()));
        }
    }),
    drift("redirect URIs", |server| server.providers[0].redirect_uris.truncate(1)),
    drift("redirect URIs beside one for logging out", |server| {
        let types = server.version.has_grant_types();
        server.providers[0].redirect_uris = vec![RedirectUriEntry {
            matching_mode: Open::Known(MatchingMode::Strict),
            url: "https://netbird.company/out".to_owned(),
            redirect_uri_type: types.then(|| from(json!("logout"))),
        }];
    }),
    drift("code validity", |server| server.providers[0].access_code_validity.clear()),
    drift("subject mode", |server| server.providers[0].sub_mode = None),
    drift("issuer mode", |server| server.providers[0].issuer_mode = None),
    drift("claims", |server| server.providers[0].include_claims_in_id_token = Some(false)),
    drift("signing key", |server| server.providers[0].signing_key = None),
    drift("encryption key", |server| server.providers[0].encryption_key = Some("x".into())),
    asked("client id", |asked| asked.client_id("another"), |_| {}),
    drift("application name", |server| server.applications[0].name.clear()),
    drift("application without provider", |server| server.applications[0].provider = None),
    drift("launch URL", |server| server.applications[0].meta_launch_url.clear()),
    asked("application group", |asked| asked.application_group("Network"), |_| {}),
    drift("provider gone", |server| {
        server.providers.clear();
        server.applications[0].provider = None;
    }),
    drift("application gone", |server| server.applications.clear()),
    drift("account off", |server| server.users[0].is_active = false),
    drift("app password gone", |server| server.tokens.clear()),
    drift("no administrator", |server| server.groups[0].users.clear()),
    drift("flow title", |server| server.flows[2].title.clear()),
    drift("flow name", |server| server.flows[2].name.clear()),
    drift("flow for all", |server| server.flows[2].authentication = None),
    drift("brand", |server| server.brands[0].flow_device_code = None),
    asked(
        "brand with another flow",
        |asked| asked.replace_device_code_flow(true),
        |server| server.brands[0].flow_device_code = Some("another".into()),
    ),
    asked(
        "taken over",
        |asked| asked.adopt(true),
        |server| {
            server.providers[0].assigned_application_slug = Some("wiki".to_owned());
            server.applications[0].provider = Some(authentik_netbird_core::ids::ProviderId(9));
        },
    ),
    asked(
        "from administrator to reader",
        |asked| asked.service_account(ServiceAccount::UserReader),
        |server| server.users[0].groups = vec![server.groups[0].pk.clone()],
    ),
    asked(
        "from deleter to reader",
        |asked| asked.service_account(ServiceAccount::UserReader),
        |server| {
            least_privilege(server);
            server.role_permissions =
                from(json!([permission("view_user"), permission("delete_user")]));
        },
    ),
    asked(
        "from reader to deleter",
        |asked| asked.service_account(ServiceAccount::UserDeleter),
        |server| {
            least_privilege(server);
            server.role_permissions = from(json!([permission("view_user")]));
        },
    ),
    asked(
        "reader's group without role",
        |asked| asked.service_account(ServiceAccount::UserReader),
        |server| {
            least_privilege(server);
            server.groups.iter_mut().for_each(|group| group.roles.clear());
        },
    ),
    drift("from reader to administrator", |server| {
        least_privilege(server);
        server.groups[0].users.clear();
    }),
];

pub(crate) const TEARDOWNS: &[Teardown] = &[
    Teardown { name: "teardown", ask: |asked| asked, change: |_| {} },
    Teardown {
        name: "teardown of least privilege",
        ask: |asked| asked.service_account(ServiceAccount::UserReader),
        change: |server| {
            least_privilege(server);
            server.groups[0].users.clear();
        },
    },
];

fn from<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn permission(codename: &str) -> Value {
    json!({"app_label": "authentik_core", "codename": codename})
}

fn everything_named(asked: Builder) -> Builder {
    asked
        .application_name("VPN")
        .application_slug("vpn")
        .application_group("Network")
        .launch_url("https://start.company/vpn?from=authentik")
        .provider_name("VPN provider")
        .client_id("5JXuw0qD")
        .authorization_flow("explicit-consent")
        .invalidation_flow("log-out")
        .extra_redirect_uri(RedirectUri::strict("https://staging.company/auth"))
        .signing_key("Company signing key")
        .access_code_validity("minutes=5;seconds=30")
        .service_account_name("vpn-reader")
        .app_password_expires("2028-02-29T12:30:00Z")
        .device_flow("codes")
        .device_flow_name("Codes")
        .device_flow_title("Type the code")
        .brand("authentik.company")
        .access_group("vpn")
}

/// As long as the integration takes it.
fn as_long_as_it_may_be(asked: Builder) -> Builder {
    asked
        .application_name("n".repeat(300))
        .application_slug("s".repeat(50))
        .application_group("g".repeat(300))
        .provider_name("p".repeat(300))
        .device_flow_name("d".repeat(300))
        .device_flow_title("t".repeat(300))
        .device_flow("f".repeat(50))
        .service_account_name("a".repeat(150))
        .client_id("c".repeat(255))
}

/// Role and group of least privilege, with the account in it.
fn least_privilege(server: &mut Snapshot) {
    server.roles = from(json!([{"pk": "reader", "name": READER}]));
    let group: Group = from(json!({
        "pk": "readers", "name": READER, "users": [account().pk], "roles": ["reader"]
    }));
    server.users[0].groups.push(group.pk.clone());
    server.groups.push(group);
}

/// What a teardown reads where there is nothing else on the server.
pub(crate) fn everything(snapshot: Snapshot) -> TeardownSnapshot {
    let member = |group: &&Group| group.users.contains(&account().pk);
    let groups: Vec<&Group> = snapshot.groups.iter().filter(member).collect();
    let named = |group: &&Group| json!({"pk": group.pk, "name": group.name});
    let user = json!({
        "pk": account().pk, "username": "NetBird", "type": "service_account",
        "groups": groups.iter().map(|group| &group.pk).collect::<Vec<_>>(),
        "groups_obj": groups.iter().map(named).collect::<Vec<_>>(),
    });
    let flow = json!({
        "pk": snapshot.flows[2].pk, "name": "default-device-code-flow",
        "slug": "default-device-code-flow", "title": "Device code flow",
        "designation": "stage_configuration", "authentication": "require_authenticated",
        "stages": [], "policies": [], "layout": "stacked", "denied_action": "message_continue",
        "policy_engine_mode": "any", "compatibility_mode": false, "background": ""
    });
    let brand = json!({
        "app": "authentik_brands", "model_name": "brand", "pk": snapshot.brands[0].pk,
        "name": "Default brand"
    });
    let mut read = TeardownSnapshot::new(snapshot);
    read.flows.push(from(flow));
    read.flow_uses.push(from(brand));
    read.users.push(from(user));
    read
}
