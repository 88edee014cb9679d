//! The device-code flow, and the brand's field that uses it.

use super::super::change::FieldChange;
use super::super::desired::DesiredFlow;
use super::super::device_flow::{BRAND, FLOW, as_created, brand};
use super::super::planner::{About, Planner};
use super::keep::{keep, providers, unknown_uses};
use super::other_netbirds::OtherProviders;
use crate::authentik::{Brand, Flow, Snapshot, UsedBy};
use crate::integration::GuideStep;
use crate::resource::{Body, Object, differing, object, value};

/// Slugs of the flows that authentik comes with, and of those that its own examples create.
const BUILT_IN: [&str; 18] = [
    "default-authentication-flow",
    "default-authenticator-email-setup",
    "default-authenticator-sms-setup",
    "default-authenticator-static-setup",
    "default-authenticator-totp-setup",
    "default-authenticator-webauthn-setup",
    "default-enrollment-flow",
    "default-invalidation-flow",
    "default-password-change",
    "default-provider-authorization-explicit-consent",
    "default-provider-authorization-implicit-consent",
    "default-provider-invalidation-flow",
    "default-recovery-flow",
    "default-source-authentication",
    "default-source-enrollment",
    "default-source-pre-authentication",
    "default-user-settings-flow",
    "initial-setup",
];

/// Why the flow is kept.
struct Kept {
    /// It is more than this integration creates, or another NetBird needs it: the brand keeps using
    /// it.
    needed: Vec<String>,
    /// Something else uses it, too.
    used: Vec<String>,
}

/// Plans the flow's deletion. authentik empties the brand's field with it; only where the flow is kept
/// for others the brand is changed by itself.
pub(super) fn plan(planner: &mut Planner<'_>, others: &OtherProviders) {
    let (snapshot, wanted) = (planner.snapshot, &planner.desired.device_flow);
    let resource = Flow::API.resource(wanted.slug.as_str());
    let found = planner.find::<Flow>(wanted.slug.as_str()).one();
    let brand = brand(planner).one();
    let Some(flow) = found else { return };
    planner.name(&flow.pk, flow.slug.as_str());
    let uses = snapshot.used_by(&resource);
    let mut kept = Kept {
        needed: needed(flow, wanted, uses, others),
        used: used(flow, uses, &snapshot.brands, brand),
    };
    kept.needed.extend(unknown_uses(snapshot, &resource));
    let about = About::new(FLOW, resource, GuideStep::DeviceFlow);
    let why = [kept.needed.as_slice(), kept.used.as_slice()].concat();
    if !why.is_empty() {
        if let Some(brand) = brand {
            plan_brand(planner, snapshot, brand, flow, &kept);
        }
        keep(planner, about, &why);
        return;
    }
    let mut changes = vec![FieldChange::removed("title", &flow.title)];
    match brand {
        Some(brand) if brand.flow_device_code.as_ref() == Some(&flow.pk) => {
            changes.push(FieldChange::removed("used by brand", &brand.domain));
        }
        Some(brand) => plan_brand(planner, snapshot, brand, flow, &kept),
        None => {}
    }
    let reason = "no longer needed: it is unchanged since it was created, and nothing else uses it";
    planner.operation(about, reason, Vec::new(), changes, Some(Flow::API.delete(&flow.slug)));
}

/// Empties the brand's field if it has our flow, and the flow is kept for others.
fn plan_brand(
    planner: &mut Planner<'_>,
    snapshot: &Snapshot,
    brand: &Brand,
    flow: &Flow,
    kept: &Kept,
) {
    let Some(in_use) = &brand.flow_device_code else { return };
    let about = About::new(BRAND, Brand::API.resource(&brand.domain), GuideStep::DeviceFlowInUse);
    if *in_use != flow.pk {
        let other = snapshot.flows.iter().find(|flow| flow.pk == *in_use);
        let name = other.map_or(in_use.as_str(), |flow| flow.slug.as_str());
        keep(planner, about, &[format!("it uses another device-code flow, \"{name}\"")]);
        return;
    }
    if !kept.needed.is_empty() {
        keep(planner, about, &["it uses the flow, which is still needed".to_owned()]);
        return;
    }
    let changes = vec![FieldChange::emptied("flow_device_code", flow.pk.as_str())];
    let mut fields = Body::new();
    fields.insert("flow_device_code".to_owned(), serde_json::Value::Null);
    let write = Brand::API.update(&brand.pk, fields);
    let reason = "its /device page no longer uses this flow; no other field is changed";
    planner.operation(about, reason, Vec::new(), changes, Some(write));
}

/// Why the flow has become more than this integration's.
fn needed(
    flow: &Flow,
    wanted: &DesiredFlow,
    uses: &[UsedBy],
    others: &OtherProviders,
) -> Vec<String> {
    let mut why = Vec::new();
    if BUILT_IN.contains(&flow.slug.as_str()) {
        why.push("authentik came with it".to_owned());
    }
    let fields = changed_fields(flow, wanted);
    if !fields.is_empty() {
        why.push(format!("it was changed since it was created: {}", fields.join(", ")));
    }
    let bound = |one: &&UsedBy| one.app == "authentik_policies";
    let bindings = uses.iter().filter(bound).count();
    for (count, what) in
        [(flow.stages.len(), "stages"), (flow.policies.len().max(bindings), "bindings")]
    {
        if count > 0 {
            why.push(format!("someone gave it {what} ({count})"));
        }
    }
    if !others.netbirds.is_empty() {
        why.push(format!("another NetBird may need it: {}", providers(&others.netbirds)));
    }
    if !others.device_logins.is_empty() {
        let providers = providers(&others.device_logins);
        why.push(format!("device logins of others may need it: {providers}"));
    }
    why
}

/// Fields that are not as this integration creates them, or as authentik creates them for a new flow.
fn changed_fields(flow: &Flow, wanted: &DesiredFlow) -> Vec<String> {
    let found = value(flow);
    let mut as_new = as_created(wanted);
    as_new.remove("slug");
    let mut defaults = object(&serde_json::json!({
        "layout": "stacked",
        "denied_action": "message_continue",
        "policy_engine_mode": "any",
        "compatibility_mode": false,
    }));
    // A field that the server does not send is as it is for a new flow.
    defaults.retain(|field, _| found.get(field).is_some_and(|have| !have.is_null()));
    as_new.append(&mut defaults);
    let mut fields: Vec<String> =
        differing(Flow::API.normalize, &as_new, &found).into_iter().map(str::to_owned).collect();
    if !flow.background.is_empty() && !flow.background.contains("/static/") {
        fields.push("background".to_owned());
    }
    fields
}

/// The other users of the flow, apart from `ours`, the brand whose field is emptied.
fn used(flow: &Flow, uses: &[UsedBy], brands: &[Brand], ours: Option<&Brand>) -> Vec<String> {
    let with_it: Vec<&Brand> =
        brands.iter().filter(|brand| brand.flow_device_code.as_ref() == Some(&flow.pk)).collect();
    let others = with_it.iter().filter(|brand| ours.is_none_or(|ours| ours.pk != brand.pk));
    let mut why: Vec<String> =
        others.map(|brand| format!("the brand \"{}\" uses it, too", brand.domain)).collect();
    // A brand is listed once for each of its fields; the device-code ones are known already.
    let mut known: Vec<&str> = with_it.iter().map(|brand| brand.pk.as_str()).collect();
    for one in uses {
        if one.is("authentik_brands", "brand")
            && let Some(at) = known.iter().position(|pk| *pk == one.pk)
        {
            known.swap_remove(at);
            continue;
        }
        // Its own stages, and bindings, which are counted elsewhere.
        if one.app != "authentik_flows" && one.app != "authentik_policies" {
            why.push(format!("the {} \"{}\" uses it", one.model_name, one.name));
        }
    }
    why
}
