//! The situations that plans are made in: between them they send all that can be sent.

use authentik_netbird_core::authentik::{
    Group, MatchingMode, PermissionHolder, RedirectUri, RedirectUriEntry, User, Version,
};
use authentik_netbird_core::integration::{ModeKind, RedirectUris, ServiceAccount};
use authentik_netbird_core::resource::Open;
use authentik_netbird_core::{
    AppPasswordExpiry, DesiredState, NetbirdIntegration, NetbirdIntegrationBuilder as Builder,
    Snapshot,
};
use serde_json::{Value, json};

use crate::support::snapshots::{account, app_password, from, member_of};

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

/// What a rotation does, on a server that is as the guide wants it before it is changed.
pub(crate) struct Rotation {
    pub(crate) name: &'static str,
    pub(crate) expiry: AppPasswordExpiry,
    pub(crate) change: fn(&mut Snapshot),
}

const READER: &str = "NetBird user reader";

const fn fresh(name: &'static str, ask: fn(Builder) -> Builder) -> Case {
    Case { name, ask, is_configured: false, change: |_| {} }
}

const fn fresh_but(name: &'static str, change: fn(&mut Snapshot)) -> Case {
    Case { name, ask: |asked| asked, is_configured: false, change }
}

/// NetBird's account, as somebody else may have created it.
fn without_rights() -> User {
    let mut user = account();
    user.is_superuser = false;
    (user.groups, user.named_groups) = Default::default();
    user
}

const fn drift(name: &'static str, change: fn(&mut Snapshot)) -> Case {
    Case { name, ask: |asked| asked.exact(true), is_configured: true, change }
}

const fn asked(name: &'static str, ask: fn(Builder) -> Builder, change: fn(&mut Snapshot)) -> Case {
    Case { name, ask, is_configured: true, change }
}

pub(crate) const CASES: &[Case] = &[
    fresh("guide", |asked| asked),
    fresh("all of it named", everything_named),
    fresh("as long as it may be", as_long_as_it_may_be),
    fresh("as long as it may be, by a reader", |asked| {
        as_long_as_it_may_be(asked).service_account(ServiceAccount::UserReader)
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
        let types = server.version.unwrap().has_grant_types();
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
    asked(
        "adopted account",
        |asked| asked.adopt(true),
        |server| server.users[0] = without_rights(),
    ),
    asked(
        "adopted account without app password",
        |asked| asked.adopt(true).revoke_other_tokens(true),
        |server| {
            server.users[0] = without_rights();
            server.tokens[0].intent = Some(Open::Other("api".to_owned()));
        },
    ),
    fresh_but("a run was cut off", |server| {
        let mut unnamed = without_rights();
        unnamed.username.push_str(&"\u{2840}".repeat(22));
        server.users.push(unnamed);
        server.tokens.push(app_password());
    }),
    fresh_but("no administrator's token", |server| {
        // Before, only an administrator sees the account's app password.
        if server.version.unwrap() >= Version::new(2026, 5, 0) {
            let caller = json!({"pk": 9, "username": "deployer", "groups": []});
            server.caller = Some(from(caller));
        }
    }),
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
            server.applications[0].provider =
                Some(authentik_netbird_core::authentik::ProviderId(9));
        },
    ),
    asked(
        "from administrator to reader",
        |asked| asked.service_account(ServiceAccount::UserReader),
        |_| {},
    ),
    asked(
        "from deleter to reader",
        |asked| asked.service_account(ServiceAccount::UserReader),
        |server| {
            least_privilege(server);
            may(server, &["view_user", "delete_user"]);
        },
    ),
    asked(
        "from reader to deleter",
        |asked| asked.service_account(ServiceAccount::UserDeleter).adopt(true),
        |server| {
            least_privilege(server);
            may(server, &["view_user"]);
        },
    ),
    asked(
        "reader's group without role",
        |asked| asked.service_account(ServiceAccount::UserReader).adopt(true),
        |server| {
            least_privilege(server);
            server.groups.iter_mut().for_each(|group| group.roles.clear());
        },
    ),
    asked("from reader to administrator", |asked| asked.adopt(true), least_privilege),
    asked(
        "duplicates that a race left",
        |asked| asked.access_group("vpn").create_access_groups(true),
        |server| {
            server.groups.push(from(json!({"pk": "vpn-2", "name": "vpn"})));
            for (pk, subject, key, order) in [
                ("b1", "user", json!(5), 0),
                ("b2", "user", json!(5), 1),
                ("b3", "group", json!("vpn"), 2),
            ] {
                let binding = json!({"pk": pk, "target": "app", subject: key, "order": order});
                server.bindings.push(from(binding));
            }
        },
    ),
    fresh("connector with some groups", connector),
    Case {
        name: "connector that NetBird does not have",
        ask: |asked| connector(asked).provider_name("Dex").application_slug("dex"),
        is_configured: false,
        change: connector_exists,
    },
];

/// A connector, for which what else was asked is of no use.
fn connector(_: Builder) -> Builder {
    let builder = NetbirdIntegration::builder("https://authentik.company", "netbird.company");
    builder.mode(ModeKind::Connector).claim_group("NetBird users")
}

/// authentik's side of one, with another mapping than was asked for.
fn connector_exists(server: &mut Snapshot) {
    let types = server.version.unwrap().has_grant_types();
    server.providers.push(from(json!({
        "pk": 7, "name": "Dex", "client_id": "dex", "client_type": "confidential",
        "authorization_flow": "default-provider-authorization-implicit-consent",
        "invalidation_flow": "default-provider-invalidation-flow",
        "property_mappings": ["ours"], "sub_mode": "user_id", "issuer_mode": "per_provider",
        "grant_types": types.then(|| json!(["authorization_code"])),
        "redirect_uris": [
            {"matching_mode": "strict", "url": "https://netbird.company/oauth2/callback"}],
        "include_claims_in_id_token": true, "signing_key": "authentik Self-signed Certificate",
        "assigned_application_slug": "dex"
    })));
    server.scope_mappings.push(from(json!({
        "pk": "ours", "name": "Dex profile", "scope_name": "profile", "expression": "return {}"
    })));
}

/// The same, as it was asked for.
fn connector_is_configured(server: &mut Snapshot) {
    connector_exists(server);
    let wanted = connector(crate::support::snapshots::builder()).provider_name("Dex");
    let wanted = DesiredState::from(&wanted.build().unwrap());
    let claim = wanted.connector.unwrap().claim.unwrap();
    server.scope_mappings.last_mut().unwrap().expression = claim.expression;
}

pub(crate) const TEARDOWNS: &[Teardown] = &[
    Teardown { name: "teardown", ask: |asked| asked, change: |_| {} },
    Teardown {
        name: "teardown of least privilege",
        ask: |asked| asked.service_account(ServiceAccount::UserReader),
        change: least_privilege,
    },
    Teardown {
        name: "teardown of a connector",
        ask: |asked| connector(asked).provider_name("Dex").application_slug("dex"),
        change: connector_is_configured,
    },
    Teardown {
        name: "teardown with a flow that another brand uses",
        ask: |asked| asked,
        change: |server| {
            let mut other = server.brands[0].clone();
            (other.pk, other.domain, other.default) = ("other".into(), "other".to_owned(), false);
            server.brands.push(other);
        },
    },
];

pub(crate) const ROTATIONS: &[Rotation] = &[
    Rotation { name: "rotation", expiry: AppPasswordExpiry::Keep, change: |_| {} },
    Rotation {
        name: "rotation without expiry",
        expiry: AppPasswordExpiry::Never,
        change: |server| {
            server.tokens[0].expiring = true;
            server.tokens[0].expires = Some("2027-11-18T00:00:00Z".to_owned());
        },
    },
];

/// What the role of least privilege may do.
fn may(server: &mut Snapshot, codenames: &[&str]) {
    let permission = |name: &&str| json!({"app_label": "authentik_core", "codename": name});
    let permissions = from(codenames.iter().map(permission).collect::<Value>());
    let role = server.roles[0].pk.clone();
    server.permissions.insert(PermissionHolder::Role(role), permissions);
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
        .service_account_name("a".repeat(128))
        .client_id("c".repeat(255))
}

/// Role and group of least privilege, with the account in it and in no other.
fn least_privilege(server: &mut Snapshot) {
    server.users[0].is_superuser = false;
    server.roles = from(json!([{"pk": "reader", "name": READER}]));
    let group: Group = from(json!({
        "pk": "readers", "name": READER, "users": [account().pk], "roles": ["reader"]
    }));
    server.groups.push(group);
    member_of(&mut server.users[0], "readers", READER);
}
