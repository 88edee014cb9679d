//! Whatever a server answers: an error that can be shown, or a sane plan.

use std::time::{Duration, SystemTime};

use authentik_netbird_core::authentik::{
    Me, Page, PermissionHolder, Role, Source, UsedBy, VersionResponse,
};
use authentik_netbird_core::ids::Resource;
use authentik_netbird_core::integration::ServiceAccount;
use authentik_netbird_core::plan::{Operation, Plan, plan, plan_teardown};
use authentik_netbird_core::report::Verb;
use authentik_netbird_core::resource::Write;
use authentik_netbird_core::{DesiredState, NetbirdIntegration, Result, Snapshot};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::server::{BODIES, Body, bodies};
use super::{Choices, is_fit_to_show, is_harmless, mutated};

/// Changes one or two of the answers, decodes, and plans. Returns what it came to.
pub fn answers(bytes: &[u8]) -> &'static str {
    let choices = &mut Choices::new(bytes);
    let recorded = bodies(choices.below(2));
    let desired = DesiredState::from(&integration(choices));
    let teardown = choices.below(3) == 2;
    let (first, second) = (choices.below(BODIES.len()), choices.below(2 * BODIES.len()));
    let answers: Vec<Vec<u8>> = recorded
        .iter()
        .enumerate()
        .map(|(index, body)| {
            if index == first || index == second {
                mutated(body, choices)
            } else {
                body.to_string().into_bytes()
            }
        })
        .collect();
    let Some(snapshot) = snapshot(&answers, &desired) else { return "undecodable" };
    let make = if teardown { plan_teardown } else { plan };
    let planned = make(&desired, &snapshot);
    if let (Ok(one), Ok(other)) = (&planned, &make(&desired, &snapshot)) {
        assert_eq!(one.to_json(), other.to_json(), "same inputs, same bytes");
    }
    judge(planned, &snapshot, teardown, answers.iter().map(Vec::len).sum())
}

fn integration(choices: &mut Choices<'_>) -> NetbirdIntegration {
    let builder = NetbirdIntegration::builder("https://authentik.company", "netbird.company");
    let builder = match choices.below(5) {
        0 => builder,
        1 => builder
            .service_account(ServiceAccount::UserReader)
            .access_group("authentik Admins")
            .create_access_groups(true),
        2 => builder.service_account(ServiceAccount::None).client_id("netbird-client-id"),
        3 => builder.brand("authentik-default").replace_device_code_flow(true),
        _ => builder.adopt(true).reverse_proxy(true),
    };
    builder.build().expect("an integration that can be")
}

fn judge(
    planned: Result<Plan>,
    snapshot: &Snapshot,
    teardown: bool,
    received: usize,
) -> &'static str {
    let plan = match planned {
        Ok(plan) => plan,
        Err(error) => {
            is_fit_to_show(&error);
            return "refused";
        }
    };
    is_harmless(&plan.to_string());
    let json = plan.to_json();
    assert!(json.len() < 50_000 + 20 * received, "{} bytes from {received}", json.len());
    assert_eq!(Plan::from_json(&json).expect("its own JSON"), plan);
    for (index, operation) in plan.operations.iter().enumerate() {
        for id in &operation.depends_on {
            let before = plan.operations[..index].iter().any(|earlier| earlier.id == *id);
            assert!(before, "{} depends on {id}", operation.id);
        }
        let same = plan.operations.iter().filter(|other| other.id == operation.id).count();
        assert_eq!(same, 1, "{} is there {same} times", operation.id);
        if let (false, Some(write)) = (teardown, &operation.write) {
            deletes_duplicates_alone(operation, write, snapshot);
        }
        let creates = operation.verb() == Verb::Create;
        assert!(!teardown || !creates, "a teardown creates: {operation}");
    }
    "planned"
}

/// A set-up takes rights away from our account and role, and deletes what a race left twice: bindings,
/// and groups that give nobody anything.
fn deletes_duplicates_alone(operation: &Operation, write: &Write, snapshot: &Snapshot) {
    if operation.verb() != Verb::Delete || ["remove_user", "unassign"].contains(&write.action()) {
        return;
    }
    assert!(operation.id.as_str().contains("-duplicate-"), "a set-up deletes: {operation}");
    let key = write.key().and_then(Value::as_str);
    match write.kind() {
        "policy_binding" => {
            let found = snapshot.bindings.iter().find(|one| Some(one.pk.as_str()) == key);
            let found = found.expect("a binding that was read");
            let allows = found.enabled && !found.negate && found.policy.is_none();
            assert!(allows && !found.expiring, "{found:?}");
        }
        "group" => {
            let found = snapshot.groups.iter().find(|one| Some(one.pk.as_str()) == key);
            let found = found.expect("a group that was read");
            let stays = snapshot.groups.iter().any(|one| one.name == found.name && one != found);
            assert!(stays && !found.is_superuser && found.roles.is_empty(), "{found:?}");
            assert!(found.parent.is_none() && found.parents.is_empty(), "{found:?}");
            assert!(found.users.len() <= 1, "{found:?}");
        }
        other => panic!("a set-up deletes a {other}: {operation}"),
    }
}

fn decoded<T: DeserializeOwned>(answers: &[Vec<u8>], body: Body) -> Option<T> {
    serde_json::from_slice(&answers[body as usize]).ok()
}

fn listed<T: DeserializeOwned>(answers: &[Vec<u8>], body: Body) -> Option<Vec<T>> {
    Some(decoded::<Page<T>>(answers, body)?.results)
}

fn snapshot(answers: &[Vec<u8>], desired: &DesiredState) -> Option<Snapshot> {
    let version = decoded::<VersionResponse>(answers, Body::Version)?.version_current;
    // Writes read the answers of writes as any object.
    for body in BODIES {
        let _ = decoded::<Value>(answers, body);
    }
    let mut snapshot = Snapshot::empty(Source::Server, Some(version));
    // The day of the recordings.
    snapshot.taken_at = Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_392_000));
    snapshot.flows = listed(answers, Body::Flows)?;
    snapshot.certificates = listed(answers, Body::Certificates)?;
    snapshot.scope_mappings = listed(answers, Body::ScopeMappings)?;
    snapshot.brands = listed(answers, Body::Brands)?;
    snapshot.caller = Some(decoded::<Me>(answers, Body::Caller)?.user);
    snapshot.groups = listed(answers, Body::Groups)?;
    snapshot.providers = listed(answers, Body::Providers)?;
    snapshot.applications = vec![decoded(answers, Body::Application)?];
    snapshot.users = listed(answers, Body::Users)?;
    snapshot.tokens = listed(answers, Body::Tokens)?;
    snapshot.roles = listed(answers, Body::Roles)?;
    let permissions = listed(answers, Body::Permissions)?;
    let holder = |role: &Role| PermissionHolder::Role(role.pk.clone());
    snapshot.permissions =
        snapshot.roles.iter().map(|role| (holder(role), permissions.clone())).collect();
    snapshot.bindings = listed(answers, Body::Bindings)?;
    let uses: Vec<UsedBy> = decoded(answers, Body::Uses)?;
    let role = format!("{} user reader", desired.account_name);
    let groups = snapshot.groups.iter().map(|group| ("group", group.pk.as_str()));
    for (kind, name) in groups.chain([
        ("flow", desired.device_flow.slug.as_str()),
        ("application", desired.application.slug.as_str()),
        ("service_account", &desired.account_name),
        ("role", role.as_str()),
        ("group", role.as_str()),
    ]) {
        let resource: Resource =
            serde_json::from_value(json!({"kind": kind, "name": name})).expect("a resource");
        snapshot.uses.insert(resource, uses.clone());
    }
    Some(snapshot)
}
