//! Planning without a server, against what a fresh installation of authentik has.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::desired::{
    ADMINISTRATORS, API_SCOPE_MAPPING, DesiredState, SCOPE_MAPPINGS, SELF_SIGNED,
};
use super::plan::{Plan, Purpose};
use super::planner::Planner;
use super::set_up::plan;
use crate::authentik::{FlowDesignation, KeyType, ScopeMapping, Snapshot, Source, Version};
use crate::ids::Slug;
use crate::integration::NetbirdIntegration;

/// A fresh installation of this version, as far as it concerns `desired`. Flows, a signing
/// key or a brand that `desired` names are assumed to exist, and access groups that it does not create.
#[must_use]
pub fn built_in(desired: &DesiredState, version: Version) -> Snapshot {
    let mut snapshot = Snapshot::empty(Source::BuiltIn, Some(version));
    let flow = |slug: &Slug, designation: FlowDesignation| json!({"pk": slug, "name": slug, "slug": slug, "designation": designation});
    let (authorization, invalidation) =
        (&desired.provider.authorization_flow.value, &desired.provider.invalidation_flow.value);
    let mut flows = vec![flow(authorization, FlowDesignation::Authorization)];
    if invalidation != authorization {
        flows.push(flow(invalidation, FlowDesignation::Invalidation));
    }
    snapshot.flows = read(flows);
    let key = desired.provider.signing_key.as_deref().unwrap_or(SELF_SIGNED);
    snapshot.certificates = read(vec![
        json!({"pk": key, "name": key, "private_key_available": true, "key_type": KeyType::Rsa}),
    ]);
    let mapping = |managed: &&str| ScopeMapping::managed((*managed).into(), managed);
    snapshot.scope_mappings =
        SCOPE_MAPPINGS.iter().chain([&API_SCOPE_MAPPING]).map(mapping).collect();
    let domain = desired.brand.domain.as_deref();
    let name = domain.unwrap_or("authentik-default");
    snapshot.brands =
        read(vec![json!({"brand_uuid": name, "domain": name, "default": domain.is_none()})]);
    let mut groups =
        vec![json!({"pk": ADMINISTRATORS, "name": ADMINISTRATORS, "is_superuser": true})];
    if !desired.integration.create_access_groups() {
        let access = desired.integration.access_groups().iter();
        groups.extend(access.map(|name| json!({"pk": name, "name": name})));
    }
    snapshot.groups = read(groups);
    let settings = json!({"embedded_idp_enabled": true});
    snapshot.netbird.accounts = read(vec![
        json!({"id": "NetBird's", "domain": "netbird.selfhosted", "settings": settings}),
    ]);
    snapshot
}

/// Objects with these fields, and all others as a new one has them.
fn read<T: DeserializeOwned>(objects: Vec<Value>) -> Vec<T> {
    serde_json::from_value(objects.into()).unwrap_or_default()
}

impl NetbirdIntegration {
    /// The plan against a fresh installation of the newest release that was tested. Offline: nothing is
    /// read or sent; what authentik comes with is named by its slug or name.
    ///
    /// ```
    /// use authentik_netbird_core::NetbirdIntegration;
    ///
    /// let integration =
    ///     NetbirdIntegration::builder("https://authentik.company", "netbird.company").build()?;
    /// let plan = integration.preview();
    /// assert_eq!(plan.operations[0].resource.to_string(), r#"provider "NetBird""#);
    /// # Ok::<(), authentik_netbird_core::Error>(())
    /// ```
    #[must_use]
    pub fn preview(&self) -> Plan {
        preview(self, Version::MAX_TESTED)
    }

    /// The same against a fresh installation of this release.
    #[must_use]
    pub fn preview_of(&self, version: Version) -> Plan {
        preview(self, version)
    }
}

fn preview(integration: &NetbirdIntegration, version: Version) -> Plan {
    let desired = DesiredState::from(integration);
    let snapshot = built_in(&desired, version);
    // The built-in snapshot has all that any integration names, so nothing blocks; a property test
    // holds that. An empty plan is still better than a panic.
    plan(&desired, &snapshot)
        .unwrap_or_else(|_| Planner::new(&desired, &snapshot, Purpose::SetUp).plan(Vec::new()))
}
