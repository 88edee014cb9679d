//! Every write that a plan can have, for one release, by the plan functions alone.

use authentik_netbird_core::DesiredState;
use authentik_netbird_core::Snapshot;
use authentik_netbird_core::authentik::{PermissionHolder, Version};
use authentik_netbird_core::ids::{Resource, Server};
use authentik_netbird_core::plan::{Plan, plan_rotate};
use authentik_netbird_core::resource::{Created, CreatedBy, Write};

use serde_json::json;

use super::cases::{CASES, Case, ROTATIONS, Rotation, TEARDOWNS, Teardown};
use super::requests::Sent;
use crate::support::snapshots::{builder, configured, fresh, from, plan, teardown};

/// Each write of each case, resolved, with its case and its request.
pub(crate) fn writes(version: Version) -> Vec<(Write, Sent)> {
    let plans = CASES.iter().map(|case| (case.name, set_up(version, case)));
    let removals = TEARDOWNS.iter().map(|case| (case.name, tear_down(version, case)));
    let rotations = ROTATIONS.iter().map(|case| (case.name, rotate(version, case)));
    let all = plans.chain(removals).chain(rotations);
    all.flat_map(|(name, plan)| sent(name, &plan)).collect()
}

fn set_up(version: Version, case: &Case) -> Plan {
    let integration = (case.ask)(builder()).build().unwrap();
    let mut snapshot = fresh(&integration);
    if case.is_configured {
        let access_groups = snapshot.groups.split_off(1);
        snapshot = configured();
        snapshot.groups.extend(access_groups);
    }
    of_release(&mut snapshot, version);
    (case.change)(&mut snapshot);
    uuids(&mut snapshot);
    for group in &snapshot.groups {
        let group: Resource = from(json!({"kind": "group", "name": group.pk.as_str()}));
        snapshot.uses.entry(group).or_default();
    }
    plan(&integration, &snapshot).unwrap_or_else(|error| panic!("{}: {}", case.name, error.chain()))
}

fn tear_down(version: Version, case: &Teardown) -> Plan {
    let integration = (case.ask)(builder()).build().unwrap();
    let mut snapshot = configured();
    of_release(&mut snapshot, version);
    (case.change)(&mut snapshot);
    uuids(&mut snapshot);
    teardown(&integration, &snapshot)
        .unwrap_or_else(|error| panic!("{}: {}", case.name, error.chain()))
}

fn rotate(version: Version, case: &Rotation) -> Plan {
    let mut snapshot = configured();
    of_release(&mut snapshot, version);
    (case.change)(&mut snapshot);
    uuids(&mut snapshot);
    let desired = DesiredState::from(&builder().build().unwrap());
    plan_rotate(&desired, &snapshot, case.expiry)
        .unwrap_or_else(|error| panic!("{}: {}", case.name, error.chain()))
}

/// What a server of this release would not say.
fn of_release(snapshot: &mut Snapshot, version: Version) {
    snapshot.version = Some(version);
    for provider in &mut snapshot.providers {
        if !version.has_grant_types() {
            provider.grant_types = None;
            provider.redirect_uris.iter_mut().for_each(|uri| uri.redirect_uri_type = None);
        }
    }
}

/// Primary keys as authentik has them, in place of the names that stand for them.
fn uuids(snapshot: &mut Snapshot) {
    for flow in &mut snapshot.flows {
        flow.pk = uuid(flow.pk.as_str()).into();
    }
    for certificate in &mut snapshot.certificates {
        certificate.pk = uuid(certificate.pk.as_str()).into();
    }
    for mapping in &mut snapshot.scope_mappings {
        mapping.pk = uuid(mapping.pk.as_str()).into();
    }
    for brand in &mut snapshot.brands {
        brand.pk = uuid(brand.pk.as_str()).into();
        brand.flow_device_code = brand.flow_device_code.take().map(|pk| uuid(pk.as_str()).into());
    }
    for group in &mut snapshot.groups {
        group.pk = uuid(group.pk.as_str()).into();
        group.roles.iter_mut().for_each(|pk| *pk = uuid(pk.as_str()).into());
    }
    for role in &mut snapshot.roles {
        let holder = PermissionHolder::Role(role.pk.clone());
        let permissions = snapshot.permissions.remove(&holder);
        role.pk = uuid(role.pk.as_str()).into();
        let holder = PermissionHolder::Role(role.pk.clone());
        snapshot.permissions.insert(holder, permissions.unwrap_or_default());
    }
    for application in &mut snapshot.applications {
        application.pk = uuid(application.pk.as_str()).into();
    }
    for binding in &mut snapshot.bindings {
        binding.target = uuid(binding.target.as_str()).into();
        binding.pk = uuid(binding.pk.as_str()).into();
        binding.group = binding.group.take().map(|pk| uuid(pk.as_str()).into());
    }
    for user in &mut snapshot.users {
        user.groups.iter_mut().for_each(|pk| *pk = uuid(pk.as_str()).into());
        user.named_groups.iter_mut().for_each(|one| one.pk = uuid(one.pk.as_str()).into());
    }
    for provider in &mut snapshot.providers {
        let flows = [&mut provider.authorization_flow, &mut provider.invalidation_flow];
        for flow in flows {
            *flow = flow.take().map(|pk| uuid(pk.as_str()).into());
        }
        let keys = [&mut provider.signing_key, &mut provider.encryption_key];
        for key in keys {
            *key = key.take().map(|pk| uuid(pk.as_str()).into());
        }
        provider.property_mappings.iter_mut().for_each(|pk| *pk = uuid(pk.as_str()).into());
    }
}

/// Always the same one for a name.
fn uuid(name: &str) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    let bits = hasher.finish();
    format!("{:08x}-0000-4000-8000-{:012x}", bits >> 32, bits & 0xffff_ffff_ffff)
}

/// The writes of a plan as they are sent one after another.
fn sent(case: &str, plan: &Plan) -> Vec<(Write, Sent)> {
    let mut created = CreatedBy::new();
    let mut all = Vec::new();
    for operation in plan.changes() {
        let resolved = operation.write.as_ref().unwrap().resolve(&created).unwrap();
        let mut one = Created::default();
        one.id = Some(match resolved.kind() {
            "provider" => 12.into(),
            "service_account" => 15.into(),
            _ => uuid(operation.id.as_str()).into(),
        });
        one.client_id = Some("client-id".into());
        one.client_secret = Some("stand-in-for-a-secret".into());
        created.insert(operation.id.clone(), one);
        if operation.server == Server::Netbird {
            continue;
        }
        let case = format!("{case}: {}", operation.id);
        let request = Sent::new(&case, &resolved, &operation.resource);
        all.push((resolved, request));
    }
    all
}
