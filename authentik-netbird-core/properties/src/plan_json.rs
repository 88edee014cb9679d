//! A plan from a file, whatever is in it: read as it was written, or refused.

use std::hash::Hasher as _;
use std::sync::OnceLock;

use authentik_netbird_core::authentik::Version;
use authentik_netbird_core::integration::ServiceAccount;
use authentik_netbird_core::plan::{Plan, built_in, plan};
use authentik_netbird_core::{DesiredState, ErrorKind, NetbirdIntegration};
use serde_json::Value;

use super::{Choices, is_fit_to_show, mutated};

/// Reads a changed plan; returns it where it is taken.
pub fn plan_json(bytes: &[u8]) -> Option<Plan> {
    let choices = &mut Choices::new(bytes);
    let text = match choices.below(8) {
        0 => String::from_utf8_lossy(bytes).into_owned(),
        kind => {
            let plans = plans();
            let mut document = plans[choices.below(plans.len())].clone();
            if kind < 7 {
                // Some of what was changed is not JSON any more, and cannot have a digest.
                let changed = mutated(&document, choices);
                match serde_json::from_slice(&changed) {
                    Ok(changed) => document = changed,
                    Err(_) => {
                        refused(&String::from_utf8_lossy(&changed));
                        return None;
                    }
                }
            }
            sign(&mut document);
            document.to_string()
        }
    };
    let plan = match Plan::from_json(&text) {
        Ok(plan) => plan,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidPlan);
            is_fit_to_show(&error);
            return None;
        }
    };
    let again = Plan::from_json(&plan.to_json()).expect("what was written is read");
    assert_eq!(again, plan);
    let _ = format!("{plan} {plan:?}");
    Some(plan)
}

fn refused(text: &str) {
    match Plan::from_json(text) {
        Err(error) => is_fit_to_show(&error),
        Ok(_) => panic!("no JSON, and yet a plan: {text:.300}"),
    }
}

fn plans() -> &'static [Value] {
    static PLANS: OnceLock<Vec<Value>> = OnceLock::new();
    PLANS.get_or_init(|| {
        let builder =
            || NetbirdIntegration::builder("https://authentik.company", "netbird.company");
        let integrations =
            [builder(), builder().service_account(ServiceAccount::UserReader).access_group("vpn")]
                .map(|one| {
                    let integration = one.build().expect("an integration that can be");
                    let desired = DesiredState::from(&integration);
                    let snapshot = built_in(&desired, Version::new(2026, 5, 0));
                    plan(&desired, &snapshot).expect("a plan").to_json()
                });
        integrations.iter().map(|json| serde_json::from_str(json).expect("JSON")).collect()
    })
}

/// The digest that whoever edits a plan can make.
fn sign(document: &mut Value) {
    let Some(fields) = document.as_object_mut() else { return };
    fields.remove("digest");
    let mut hasher = fnv::FnvHasher::default();
    hasher.write(document.to_string().as_bytes());
    document["digest"] = format!("{:016x}", hasher.finish()).into();
}
