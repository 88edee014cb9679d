//! Whatever a server answers: an error that can be shown, or a sane plan.

use std::time::{Duration, SystemTime};

use authentik_netbird_core::integration::ServiceAccount;
use authentik_netbird_core::model::{Flow, FlowDetail, Me, Page, VersionAnswer};
use authentik_netbird_core::plan::teardown::{TeardownSnapshot, plan_teardown};
use authentik_netbird_core::plan::{Plan, Verb, Write, plan};
use authentik_netbird_core::snapshot::Source;
use authentik_netbird_core::{DesiredState, NetbirdIntegration, Result, Snapshot};
use serde::de::DeserializeOwned;
use serde_json::Value;

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
    let planned = if teardown {
        let Some(read) = teardown_snapshot(&answers) else { return "undecodable" };
        plan_teardown(&desired, &read)
    } else {
        let Some(snapshot) = snapshot(&answers) else { return "undecodable" };
        let planned = plan(&desired, &snapshot);
        if let (Ok(one), Ok(other)) = (&planned, &plan(&desired, &snapshot)) {
            assert_eq!(one.to_json(), other.to_json(), "same inputs, same bytes");
        }
        planned
    };
    judge(planned, teardown, answers.iter().map(Vec::len).sum())
}

fn integration(choices: &mut Choices<'_>) -> NetbirdIntegration {
    let builder = NetbirdIntegration::builder("https://authentik.company", "netbird.company");
    let builder = match choices.below(5) {
        0 => builder,
        1 => builder.service_account(ServiceAccount::UserReader).access_group("authentik Admins"),
        2 => builder.service_account(ServiceAccount::None).client_id("netbird-client-id"),
        3 => builder.brand("authentik-default").replace_device_code_flow(true),
        _ => builder.adopt(true).reverse_proxy(true),
    };
    builder.build().expect("an integration that can be")
}

fn judge(planned: Result<Plan>, teardown: bool, received: usize) -> &'static str {
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
        for id in &operation.waits_for {
            let before = plan.operations[..index].iter().any(|earlier| earlier.id == *id);
            assert!(before, "{} waits for {id}", operation.id);
        }
        let removes = operation.verb() == Verb::Delete;
        let of_rights = matches!(
            operation.write,
            Some(Write::RemoveGroupMember { .. } | Write::UnassignPermissions { .. })
        );
        assert!(teardown || !removes || of_rights, "a setup removes: {operation}");
        let makes = operation.verb() == Verb::Create;
        assert!(!teardown || !makes, "a teardown makes: {operation}");
    }
    "planned"
}

fn decoded<T: DeserializeOwned>(answers: &[Vec<u8>], body: Body) -> Option<T> {
    serde_json::from_slice(&answers[body as usize]).ok()
}

fn listed<T: DeserializeOwned>(answers: &[Vec<u8>], body: Body) -> Option<Vec<T>> {
    Some(decoded::<Page<T>>(answers, body)?.results)
}

fn snapshot(answers: &[Vec<u8>]) -> Option<Snapshot> {
    let version = decoded::<VersionAnswer>(answers, Body::Version)?.version_current;
    // Writes read the answers of writes as any object.
    for body in BODIES {
        let _ = decoded::<Value>(answers, body);
    }
    let mut snapshot = Snapshot::empty(Source::Server, version);
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
    snapshot.role_permissions = listed(answers, Body::Permissions)?;
    snapshot.bindings = listed(answers, Body::Bindings)?;
    Some(snapshot)
}

fn teardown_snapshot(answers: &[Vec<u8>]) -> Option<TeardownSnapshot> {
    let mut snapshot = snapshot(answers)?;
    let flows: Vec<FlowDetail> = listed(answers, Body::Flows)?;
    snapshot.flows = flows.iter().cloned().map(Flow::from).collect();
    let mut read = TeardownSnapshot::new(snapshot);
    read.flows = flows;
    read.flow_uses = decoded(answers, Body::Uses)?;
    read.application_uses = read.flow_uses.clone();
    read.users = listed(answers, Body::Users)?;
    read.service_accounts = listed(answers, Body::Users)?;
    read.account_uses = read.flow_uses.clone();
    read.role_uses = read.flow_uses.clone();
    read.group_uses = read.flow_uses.clone();
    Some(read)
}
