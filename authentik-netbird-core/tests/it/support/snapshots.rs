//! Servers to plan against, without a server.

use std::time::{Duration, SystemTime};

use authentik_netbird_core::authentik::{
    Application, Flow, FlowAuthentication, FlowDesignation, Provider, Source, Token, TokenIntent,
    UsedBy, User, UserGroup, Version,
};
use authentik_netbird_core::ids::Resource;
use authentik_netbird_core::plan::{self, Plan, plan_teardown};
use authentik_netbird_core::{
    DesiredState, Error, NetbirdIntegration, NetbirdIntegrationBuilder, Snapshot,
};
use serde_json::{Value, json};

/// 2026-11-23T00:00:00Z, the day of the recordings.
pub(crate) fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_392_000)
}

pub(crate) fn builder() -> NetbirdIntegrationBuilder {
    crate::support::as_in_guide("https://authentik.company", "netbird.company")
}

pub(crate) fn integration() -> NetbirdIntegration {
    builder().build().unwrap()
}

/// A fresh server that was really read: ids are known. They are the identity keys.
pub(crate) fn fresh(integration: &NetbirdIntegration) -> Snapshot {
    let desired = DesiredState::from(integration);
    let mut snapshot = plan::built_in(&desired, Version::new(2026, 5, 0));
    snapshot.source = Source::Server;
    snapshot.taken_at = Some(now());
    snapshot
}

/// A server that is as [`integration`] wants it.
pub(crate) fn configured() -> Snapshot {
    let mut snapshot = fresh(&integration());
    let mapping = |name: &str| format!("goauthentik.io/providers/oauth2/scope-{name}");
    let provider: Provider = serde_json::from_value(json!({
        "pk": 2, "name": "NetBird", "client_id": "client-id", "client_type": "public",
        "authorization_flow": "default-provider-authorization-implicit-consent",
        "invalidation_flow": "default-provider-invalidation-flow",
        "property_mappings": [mapping("authentik_api"), mapping("openid"), mapping("email"),
            mapping("profile"), mapping("offline_access")],
        "grant_types": ["refresh_token", "authorization_code", "client_credentials",
            "urn:ietf:params:oauth:grant-type:device_code"],
        "redirect_uris": [
            {"matching_mode": "regex", "url": r"https://netbird\.company(/.*)?"},
            {"matching_mode": "strict", "url": "http://localhost:53000"},
            {"matching_mode": "strict", "url": "https://netbird.company"}],
        "access_code_validity": "seconds=600", "sub_mode": "user_id", "issuer_mode": "per_provider",
        "include_claims_in_id_token": true, "signing_key": "authentik Self-signed Certificate",
        "encryption_key": null, "assigned_application_slug": "netbird"
    }))
    .unwrap();
    snapshot.providers.push(provider);
    let application: Application = serde_json::from_value(json!({
        "pk": "app", "name": "NetBird", "slug": "netbird", "provider": 2,
        "provider_obj": {"name": "NetBird"}, "meta_launch_url": "https://netbird.company/"
    }))
    .unwrap();
    snapshot.applications.push(application);
    snapshot.users.push(account());
    snapshot.tokens.push(app_password());
    snapshot.flows.push(device_flow());
    snapshot.brands[0].flow_device_code = Some("device-flow-pk".into());
    snapshot
}

/// NetBird's account, an administrator.
pub(crate) fn account() -> User {
    from(json!({
        "pk": 5, "username": "NetBird", "is_active": true, "type": "service_account",
        "is_superuser": true, "groups": ["authentik Admins"],
        "groups_obj": [
            {"pk": "authentik Admins", "name": "authentik Admins", "is_superuser": true}
        ]
    }))
}

/// A member of this group alone.
pub(crate) fn member_of(user: &mut User, pk: &str, name: &str) {
    let group: UserGroup = from(json!({"pk": pk, "name": name}));
    user.groups = vec![group.pk.clone()];
    user.named_groups = vec![group];
}

pub(crate) fn app_password() -> Token {
    from(json!({
        "identifier": "service-account-netbird-password", "intent": TokenIntent::AppPassword,
        "user": account().pk, "expiring": false, "expires": null
    }))
}

pub(crate) fn device_flow() -> Flow {
    let slug = "default-device-code-flow";
    from(json!({
        "pk": "device-flow-pk", "name": slug, "slug": slug, "title": "Device code flow",
        "designation": FlowDesignation::StageConfiguration,
        "authentication": FlowAuthentication::RequireAuthenticated
    }))
}

/// What authentik sends, read.
pub(crate) fn from<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

/// Records that something uses the object of this kind and name.
pub(crate) fn used_by(
    snapshot: &mut Snapshot,
    (kind, of): (&str, &str),
    (app, model_name, pk, name): (&str, &str, &str, &str),
) {
    let resource: Resource = from(json!({"kind": kind, "name": of}));
    let used: UsedBy = from(json!({"app": app, "model_name": model_name, "pk": pk, "name": name}));
    snapshot.uses.entry(resource).or_default().push(used);
}

pub(crate) fn plan(integration: &NetbirdIntegration, snapshot: &Snapshot) -> Result<Plan, Error> {
    plan::plan(&DesiredState::from(integration), snapshot)
}

/// A teardown.
pub(crate) fn teardown(
    integration: &NetbirdIntegration,
    snapshot: &Snapshot,
) -> Result<Plan, Error> {
    plan_teardown(&DesiredState::from(integration), snapshot)
}

/// `id verb` of each operation that writes.
pub(crate) fn writes(plan: &Plan) -> Vec<String> {
    plan.changes().map(|operation| format!("{} {}", operation.verb(), operation.id)).collect()
}
