//! The device-code flow, and the brand's field that leads to it.

use super::neighbours::Neighbours;
use super::{About, TeardownSnapshot, keep, providers, remove};
use crate::desired::DesiredFlow;
use crate::ids::{OperationId, Resource, ResourceKind};
use crate::integration::GuideStep;
use crate::model::{Brand, BrandRelease, Flow, FlowDetail, Null};
use crate::plan::device_flow::{brands, difference};
use crate::plan::planner::Planner;
use crate::plan::{FieldChange, Write};

const FLOW: &str = "device-flow";
const BRAND: &str = "brand";

/// Slugs of the flows that authentik comes with, and of those that its own examples make.
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

/// What speaks against removing the flow.
struct Kept {
    /// It is more than this integration makes, or another NetBird needs it: the brand goes on
    /// leading to it.
    needed: Vec<String>,
    /// Something else uses it, too.
    used: Vec<String>,
}

/// Plans the brand's release, and then the flow's removal.
pub(super) fn plan(planner: &mut Planner<'_>, read: &TeardownSnapshot, neighbours: &Neighbours) {
    let wanted = &planner.desired.device_flow;
    let resource = Resource::new(ResourceKind::Flow, wanted.slug.as_str());
    let same_slug = read.flows.iter().filter(|flow| flow.slug == wanted.slug);
    let found =
        planner.only(&resource, same_slug, |flow| format!("{} ({})", flow.name, flow.pk)).one();
    let mut uses: Vec<_> = read.flow_uses.iter().collect();
    uses.sort();
    planner.fingerprint.note(&resource, found.map(|flow| (flow, uses)).as_ref());
    let candidates = brands(planner);
    let key = planner.desired.brand.domain.clone().unwrap_or_else(|| "default".to_owned());
    let brand_resource = Resource::new(ResourceKind::Brand, key);
    let brand = planner
        .only(&brand_resource, candidates, |brand| format!("{} ({})", brand.domain, brand.pk))
        .one();
    planner.fingerprint.note(&brand_resource, brand);
    let Some(flow) = found else { return };
    planner.name(&flow.pk, flow.slug.as_str());
    let kept = Kept {
        needed: needed(flow, wanted, read, neighbours),
        used: used(flow, read, planner.snapshot.brands.as_slice(), brand),
    };
    let waits_for =
        brand.map(|brand| plan_brand(planner, read, brand, flow, &kept)).unwrap_or_default();
    let about = About { id: FLOW, resource, guide: GuideStep::DeviceFlow };
    let why = [kept.needed, kept.used].concat();
    if !why.is_empty() {
        keep(planner, about, &why);
        return;
    }
    let changes = vec![FieldChange::gone("title", &flow.title)];
    let write = Write::DeleteFlow { slug: flow.slug.clone() };
    let reason = "machines log in through it no more; it is as it was made, and nothing uses it";
    remove(planner, about, reason, waits_for, changes, write);
}

/// Empties the brand's field if it leads to our flow. Returns what the flow has to wait for.
fn plan_brand(
    planner: &mut Planner<'_>,
    read: &TeardownSnapshot,
    brand: &Brand,
    flow: &FlowDetail,
    kept: &Kept,
) -> Vec<OperationId> {
    let Some(leads_to) = &brand.flow_device_code else { return Vec::new() };
    let about = About {
        id: BRAND,
        resource: Resource::new(ResourceKind::Brand, &brand.domain),
        guide: GuideStep::Brand,
    };
    if *leads_to != flow.pk {
        let other = read.flows.iter().find(|flow| flow.pk == *leads_to);
        let name = other.map_or(leads_to.as_str(), |flow| flow.slug.as_str());
        keep(planner, about, &[format!("it leads to another device-code flow, \"{name}\"")]);
        return Vec::new();
    }
    if !kept.needed.is_empty() {
        keep(planner, about, &["it leads to the flow, which is still needed".to_owned()]);
        return Vec::new();
    }
    let changes = vec![FieldChange::emptied("flow_device_code", flow.pk.as_str())];
    let body = BrandRelease { flow_device_code: Null };
    let write = Write::ReleaseBrand { brand: brand.pk.clone(), body };
    let reason = "its /device page leads to the flow no more; no other field is touched";
    remove(planner, about, reason, Vec::new(), changes, write);
    vec![BRAND.into()]
}

/// Why the flow has become more than this integration's.
fn needed(
    flow: &FlowDetail,
    wanted: &DesiredFlow,
    read: &TeardownSnapshot,
    neighbours: &Neighbours,
) -> Vec<String> {
    let mut why = Vec::new();
    if BUILT_IN.contains(&flow.slug.as_str()) {
        why.push("authentik came with it".to_owned());
    }
    let fields = differing(flow, wanted);
    if !fields.is_empty() {
        why.push(format!("it is not as it was made: {}", fields.join(", ")));
    }
    let bound = |one: &&crate::model::UsedBy| one.app == "authentik_policies";
    let bindings = read.flow_uses.iter().filter(bound).count();
    for (count, what) in
        [(flow.stages.len(), "stages"), (flow.policies.len().max(bindings), "bindings")]
    {
        if count > 0 {
            why.push(format!("someone gave it {what} ({count})"));
        }
    }
    if !neighbours.netbirds.is_empty() {
        why.push(format!("another NetBird may need it: {}", providers(&neighbours.netbirds)));
    }
    if !neighbours.device_logins.is_empty() {
        let providers = providers(&neighbours.device_logins);
        why.push(format!("device logins of others may need it: {providers}"));
    }
    why
}

/// Fields that are not as this integration makes them, or as authentik makes them for a new flow.
fn differing(flow: &FlowDetail, wanted: &DesiredFlow) -> Vec<String> {
    let (_, changes) = difference(&Flow::from(flow.clone()), wanted);
    let mut fields: Vec<String> = changes.into_iter().map(|change| change.path).collect();
    let is = |value: &Option<String>, new: &str| value.as_deref().is_none_or(|value| value == new);
    for (field, same) in [
        ("designation", flow.designation.as_ref().is_some_and(|kind| *kind == wanted.designation)),
        ("layout", is(&flow.layout, "stacked")),
        ("denied_action", is(&flow.denied_action, "message_continue")),
        ("policy_engine_mode", is(&flow.policy_engine_mode, "any")),
        ("compatibility_mode", !flow.compatibility_mode),
        ("background", flow.background.is_empty() || flow.background.contains("/static/")),
    ] {
        if !same {
            fields.push(field.to_owned());
        }
    }
    fields
}

/// What else uses the flow, apart from `ours`, the brand whose field is emptied.
fn used(
    flow: &FlowDetail,
    read: &TeardownSnapshot,
    brands: &[Brand],
    ours: Option<&Brand>,
) -> Vec<String> {
    let leading: Vec<&Brand> =
        brands.iter().filter(|brand| brand.flow_device_code.as_ref() == Some(&flow.pk)).collect();
    let others = leading.iter().filter(|brand| ours.is_none_or(|ours| ours.pk != brand.pk));
    let mut why: Vec<String> =
        others.map(|brand| format!("the brand \"{}\" leads to it, too", brand.domain)).collect();
    // A brand is listed once for each of its fields; the device-code ones are known already.
    let mut known: Vec<&str> = leading.iter().map(|brand| brand.pk.as_str()).collect();
    for one in &read.flow_uses {
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
