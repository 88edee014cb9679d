//! A server's existing objects among those that a plan for a fresh one would create.

use serde_json::{Value, json};

use super::kind::Kind;
use super::reference::Reference;
use crate::authentik::{Flow, Group, Provider, Role, Snapshot, Version};
use crate::netbird::IdentityProvider;
use crate::plan::{Operation, Plan};
use crate::resource::{Body, Write, value};

/// The settings of an object, and its id for an import if it exists.
pub(super) struct Existing {
    pub(super) body: Body,
    pub(super) import: Option<String>,
}

/// Settings of a provider that have other defaults elsewhere.
const ALSO: [&str; 3] = ["client_id", "access_token_validity", "refresh_token_validity"];

/// Settings that an existing object has beside those that are named: Terraform's provider would set them to its own
/// defaults.
const KEPT: [(&str, &str); 8] = [
    (
        "authentik_provider_oauth2",
        "authentication_flow encryption_key backchannel_logout_uri logout_method logout_uri \
         refresh_token_threshold",
    ),
    (
        "authentik_application",
        "backchannel_providers group meta_description meta_hide meta_icon meta_launch_url meta_publisher \
         open_in_new_tab policy_engine_mode",
    ),
    ("authentik_flow", "background compatibility_mode denied_action layout policy_engine_mode"),
    ("authentik_group", "attributes is_superuser parent parents roles users"),
    ("authentik_user", "attributes email groups is_active name path roles type"),
    ("authentik_token", "description expires expiring retrieve_key"),
    ("authentik_policy_binding", "enabled failure_result negate timeout"),
    // The secret is write-only, and the provider does not know every type that NetBird has.
    ("netbird_identity_provider", "client_secret type"),
];

/// Those of them that not every release has: the first one whose provider has it, and the first without it.
const RELEASES: [(&str, &str, Release, Release); 8] = [
    ("authentik_provider_oauth2", "backchannel_logout_uri", (2025, 8), (2025, 10)),
    ("authentik_provider_oauth2", "logout_method", (2025, 10), LAST),
    ("authentik_provider_oauth2", "logout_uri", (2025, 10), LAST),
    ("authentik_provider_oauth2", "refresh_token_threshold", (2025, 10), LAST),
    ("authentik_application", "meta_hide", (2026, 5), LAST),
    ("authentik_group", "parent", (0, 0), (2025, 12)),
    ("authentik_group", "parents", (2025, 12), LAST),
    ("authentik_user", "roles", (2026, 2), LAST),
];

type Release = (u16, u8);

const LAST: Release = (u16::MAX, 0);

/// Settings of a resource that Terraform leaves as they are; of a new one those that the server fills in.
pub(super) fn kept(
    resource: &str,
    version: Version,
    exists: bool,
) -> impl Iterator<Item = &'static str> {
    let release = (version.year, version.month);
    let all = KEPT.iter().find(|(known, _)| *known == resource).map_or("", |(_, all)| all);
    all.split_whitespace().filter(move |name| {
        let is_it = |one: &&(&str, &str, _, _)| one.0 == resource && one.1 == *name;
        let span = RELEASES.iter().find(is_it);
        (exists || *name == "background")
            && span.is_none_or(|(_, _, from, to)| (*from..*to).contains(&release))
    })
}

/// Whether a plan for the server itself neither has nor creates what one for a fresh server creates. A group for
/// access that exists is not in it.
pub(super) fn is_absent(operation: &Operation, planned: Option<&Plan>) -> bool {
    planned.is_some_and(|plan| {
        !operation.id.as_str().starts_with("access-group-")
            && !operation.id.as_str().ends_with("-role")
            && plan.operation(operation.id.as_str()).is_none()
    })
}

/// The object that a write would create, as the server has it already.
pub(super) fn current(
    kind: Kind,
    write: &Write,
    (plan, server): (&Plan, Option<&Snapshot>),
) -> Existing {
    let new = Existing { body: write.body().clone(), import: None };
    let Some(server) = server else { return new };
    let name = write.text("name").unwrap_or_default();
    let slug = write.text("slug").unwrap_or_default();
    let bare = |pk: &dyn ToString| (json!({}), pk.to_string());
    let found = match kind {
        Kind::Provider => server.find::<Provider>(name).map(|one| (value(one), one.pk.to_string())),
        Kind::Application => server.application(slug).map(|one| (value(one), slug.to_owned())),
        Kind::Flow => server.find::<Flow>(slug).map(|one| (value(one), slug.to_owned())),
        Kind::Role => server.find::<Role>(name).map(|one| bare(&one.pk)),
        Kind::Group => server.find::<Group>(name).map(|one| bare(&one.pk)),
        Kind::ScopeMapping => {
            let mapping = server.scope_mappings.iter().find(|one| one.name == name);
            mapping.map(|one| bare(&one.pk))
        }
        Kind::ServiceAccount => {
            server.user(write.text("username").unwrap_or_default()).map(|one| bare(&one.pk))
        }
        Kind::Binding => binding(write, plan, server),
        Kind::IdentityProvider => {
            let issuer = write.text("issuer").unwrap_or_default();
            let all = &server.netbird.identity_providers;
            let client = server.find::<Provider>(plan.integration.provider_name());
            let is_clients = |one: &&IdentityProvider| {
                client.is_some_and(|client| client.client_id.as_str() == one.client_id)
            };
            let found = all.iter().find(|one| one.issuer == issuer);
            let found = found.or_else(|| all.iter().find(is_clients));
            let found = found.or_else(|| all.iter().find(|one| one.name == name));
            found.map(|one| (json!({"name": one.name}), one.id.to_string()))
        }
        // The provider cannot import them.
        Kind::RolePermissions => None,
    };
    let Some((found, id)) = found else { return new };
    let mut body = new.body;
    for (field, current) in found.as_object().into_iter().flatten() {
        let is_setting =
            body.contains_key(field) && !matches!(field.as_str(), "provider" | "target");
        if is_setting || (kind == Kind::Provider && ALSO.contains(&field.as_str())) {
            body.insert(field.clone(), named(current, server));
        }
    }
    Existing { body, import: Some(id) }
}

/// The binding of the same application that allows the same group, or NetBird's account, as a plan chooses it.
fn binding(write: &Write, plan: &Plan, server: &Snapshot) -> Option<(Value, String)> {
    let name = |field: &str| match Reference::of(write.body().get(field)?)? {
        Reference::Named(name) => Some(name),
        Reference::Pending { operation, .. } => {
            let created = plan.operation(operation)?;
            Some(created.resource.name.as_str())
        }
        Reference::SecretOf(_) => None,
    };
    let application = &server.application(name("target")?)?.pk;
    let group = name("group").and_then(|name| server.find::<Group>(name)).map(|one| &one.pk);
    // The operation that creates the account may be named after its app password.
    let standalone = plan.integration.standalone();
    let user = name("user").and_then(|_| server.user(standalone.service_account_name()));
    let user = user.map(|one| &one.pk);
    if group.is_none() && user.is_none() {
        return None;
    }
    let all = server.bindings.iter().filter(|one| {
        let is_same = one.group.as_ref() == group && one.user.as_ref() == user;
        one.allows() && one.target == *application && is_same
    });
    let found = all.min_by_key(|one| (one.order, &one.pk))?;
    Some((json!({"order": found.order}), found.pk.to_string()))
}

/// A value with the names of what its ids stand for.
fn named(current: &Value, server: &Snapshot) -> Value {
    match current {
        Value::Array(entries) => entries.iter().map(|one| named(one, server)).collect(),
        Value::String(id) => {
            let flow = server.flows.iter().find(|one| one.pk.as_str() == id);
            let pair = server.certificates.iter().find(|one| one.pk.as_str() == id);
            let mapping = server.scope_mappings.iter().find(|one| one.pk.as_str() == id);
            let name = flow
                .map(|one| one.slug.as_str())
                .or(pair.map(|one| one.name.as_str()))
                .or(mapping.and_then(|one| one.managed.as_deref()));
            name.map_or_else(|| current.clone(), |name| json!({"named": name}))
        }
        other => other.clone(),
    }
}
