//! Every write that a plan can have, for one release, by the plan function alone.

use authentik_netbird_core::DesiredState;
use authentik_netbird_core::Snapshot;
use authentik_netbird_core::ids::{OperationId, ProviderId, UserId};
use authentik_netbird_core::plan::teardown::plan_teardown;
use authentik_netbird_core::plan::{Made, MadeBy, Plan, Write};
use authentik_netbird_core::request::{look_up, never_expires, set_key, write};

use super::Release;
use super::cases::{CASES, Case, TEARDOWNS, Teardown, everything};
use super::requests::Sent;
use crate::support::snapshots::{builder, configured, fresh, plan};

/// Each write of each case, by the name of its variant, and its request.
pub(crate) fn writes(release: Release) -> Vec<(String, Sent)> {
    all(release).into_iter().map(|(variant, write, _)| (variant, write)).collect()
}

fn all(release: Release) -> Vec<(String, Sent, Sent)> {
    let plans = CASES.iter().map(|case| (case.name, set_up(release, case)));
    let removals = TEARDOWNS.iter().map(|case| (case.name, tear_down(release, case)));
    plans.chain(removals).flat_map(|(name, plan)| sent(name, &plan)).collect()
}

/// All requests whose bodies are known: writes, what looks them up, and those of a rotation.
pub(crate) fn requests(release: Release) -> Vec<Sent> {
    let mut all: Vec<Sent> =
        all(release).into_iter().flat_map(|(_, write, looked_up)| [write, looked_up]).collect();
    let identifier = "service-account-netbird-password".into();
    all.push(Sent::new("rotation: value", &set_key(&identifier, &"secret".into())));
    all.push(Sent::new("rotation: no expiry", &never_expires(&identifier, UserId(5))));
    all
}

fn set_up(release: Release, case: &Case) -> Plan {
    let integration = (case.ask)(builder()).build().unwrap();
    let mut snapshot = fresh(&integration);
    if case.is_configured {
        let access_groups = snapshot.groups.split_off(1);
        snapshot = configured();
        snapshot.groups.extend(access_groups);
    }
    of_release(&mut snapshot, release);
    (case.change)(&mut snapshot);
    uuids(&mut snapshot);
    plan(&integration, &snapshot).unwrap_or_else(|error| panic!("{}: {}", case.name, error.chain()))
}

fn tear_down(release: Release, case: &Teardown) -> Plan {
    let integration = (case.ask)(builder()).build().unwrap();
    let mut snapshot = configured();
    of_release(&mut snapshot, release);
    (case.change)(&mut snapshot);
    uuids(&mut snapshot);
    plan_teardown(&DesiredState::from(&integration), &everything(snapshot)).unwrap()
}

/// What a server of this release would not say.
fn of_release(snapshot: &mut Snapshot, release: Release) {
    snapshot.version = release.version;
    for provider in &mut snapshot.providers {
        if !release.version.has_grant_types() {
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
        role.pk = uuid(role.pk.as_str()).into();
    }
    for application in &mut snapshot.applications {
        application.pk = uuid(application.pk.as_str()).into();
    }
    for binding in &mut snapshot.bindings {
        binding.target = uuid(binding.target.as_str()).into();
        binding.group = binding.group.take().map(|pk| uuid(pk.as_str()).into());
    }
    for user in &mut snapshot.users {
        user.groups.iter_mut().for_each(|pk| *pk = uuid(pk.as_str()).into());
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

/// The writes of a plan as they are sent one after another: variant, request, and its look-up.
fn sent(case: &str, plan: &Plan) -> Vec<(String, Sent, Sent)> {
    let mut made = MadeBy::new();
    let mut all = Vec::new();
    for operation in plan.changes() {
        let resolved = operation.write.as_ref().unwrap().resolve(&made).unwrap();
        let debug = format!("{resolved:?}");
        let variant = debug.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap();
        let case = format!("{case}: {}", operation.id);
        all.push((
            variant.to_owned(),
            Sent::new(&case, &write(&resolved, &operation.resource)),
            Sent::new(&format!("{case}, looked up"), &look_up(&resolved, &operation.resource).0),
        ));
        made.insert(operation.id.clone(), made_by(&operation.id, &resolved));
    }
    all
}

fn made_by(id: &OperationId, write: &Write) -> Made {
    let pk = uuid(id.as_str());
    match write {
        Write::CreateProvider(..) => {
            Made::Provider { id: ProviderId(12), client_id: "client-id".into() }
        }
        Write::CreateServiceAccount(..) => Made::ServiceAccount { id: UserId(15), password: None },
        Write::CreateFlow(..) => Made::Flow { id: pk.into() },
        Write::CreateApplication(..) => Made::Application { id: pk.into() },
        Write::CreateRole(..) => Made::Role { id: pk.into() },
        Write::CreateGroup(..) => Made::Group { id: pk.into() },
        _ => Made::Nothing,
    }
}
