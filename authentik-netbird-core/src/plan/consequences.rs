//! The consequences of a change for people in NetBird. A plan shows them first.

use serde_json::Value;

use super::planner::Planner;
use super::warning::Warning;
use crate::authentik::{CertificateId, Flow, Provider};
use crate::requirements::signing_key::why_not;
use crate::resource::Body;

/// Warns of what changes for people if the provider gets these fields.
pub(super) fn warn(planner: &mut Planner<'_>, found: &Provider, fields: &Body) {
    let text = |field: &str| fields.get(field).and_then(Value::as_str);
    let mut warnings = Vec::new();
    if let (Some(new), Some(old)) = (text("sub_mode"), &found.sub_mode) {
        warnings.push(Warning::new_subject(&old.to_string(), new));
    }
    if let Some(new) = text("client_id") {
        warnings.push(Warning::new_client_id(found.client_id.as_str(), new));
    }
    warnings.extend(consent(planner, found, text("authorization_flow")));
    warnings.extend(key(planner, found, text("signing_key")));
    warnings.extend(scopes(planner, found, fields.get("property_mappings")));
    planner.warnings.extend(warnings);
}

/// Whether a flow asks people for consent: authentik's own one does by its name.
fn asks_for_consent(flow: &Flow) -> bool {
    flow.slug.as_str().contains("explicit-consent")
}

fn consent(planner: &Planner<'_>, found: &Provider, new: Option<&str>) -> Option<Warning> {
    let flows = &planner.snapshot.flows;
    let old = found.authorization_flow.as_ref()?;
    let old = flows.iter().find(|flow| flow.pk == *old)?;
    let new = flows.iter().find(|flow| Some(flow.pk.as_str()) == new)?;
    (asks_for_consent(old) && !asks_for_consent(new))
        .then(|| Warning::no_consent(old.slug.as_str(), new.slug.as_str()))
}

/// A key that NetBird can read and that goes takes everybody's session with it.
fn key(planner: &Planner<'_>, found: &Provider, new: Option<&str>) -> Option<Warning> {
    let pairs = &planner.snapshot.certificates;
    let find = |id: &CertificateId| pairs.iter().find(|pair| pair.pk == *id);
    let old = find(found.signing_key.as_ref()?)?;
    let new = find(&new?.into())?;
    why_not(old).is_none().then(|| Warning::new_signing_key(&old.name, &new.name))
}

/// Scopes that no mapping provides any more.
fn scopes(planner: &Planner<'_>, found: &Provider, new: Option<&Value>) -> Option<Warning> {
    let new: Vec<&str> = new?.as_array()?.iter().filter_map(Value::as_str).collect();
    let mappings = &planner.snapshot.scope_mappings;
    let stays = |scope: &str| {
        mappings.iter().any(|one| one.scope_name == scope && new.contains(&one.pk.as_str()))
    };
    let had = mappings.iter().filter(|one| found.property_mappings.contains(&one.pk));
    let dropped: Vec<&str> =
        had.map(|one| one.scope_name.as_str()).filter(|scope| !stays(scope)).collect();
    (!dropped.is_empty()).then(|| Warning::dropped_scopes(&dropped.join(", ")))
}
