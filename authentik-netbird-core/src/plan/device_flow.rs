//! The device-code flow, and the brand that uses it.

use serde_json::json;

use super::desired::DesiredFlow;
use super::planner::{About, Found, Planner, UP_TO_DATE};
use super::warning::Warning;
use crate::authentik::{Brand, Flow, FlowCreate, FlowId};
use crate::ids::Reference;
use crate::integration::GuideStep;
use crate::requirements::device_flow;
use crate::resource::{Body, Object, object, value};

pub(super) const FLOW: &str = "device-flow";
pub(super) const BRAND: &str = "brand";

/// The result of the flow.
pub(super) enum PlannedFlow {
    /// It exists, or will.
    Ours(Reference<FlowId>),
    /// The brand has another one, which it keeps.
    NotNeeded,
    /// A blocker is recorded.
    Blocked,
}

/// Plans the flow. A brand that keeps another one needs none of ours.
pub(super) fn plan_flow(planner: &mut Planner<'_>) -> PlannedFlow {
    let desired = planner.desired;
    let wanted = &desired.device_flow;
    let resource = Flow::API.resource(wanted.slug.as_str());
    let found = planner.find::<Flow>(wanted.slug.as_str());
    let kept = brands(planner).next().and_then(|brand| brand.flow_device_code.as_ref());
    if let Some(kept) = kept.filter(|flow| found.one().map(|ours| &ours.pk) != Some(flow))
        && !desired.brand.replace
        && unusable(planner, kept).is_none()
    {
        return PlannedFlow::NotNeeded;
    }
    let about = About::new(FLOW, resource.clone(), GuideStep::DeviceFlow);
    match found {
        Found::Many => PlannedFlow::Blocked,
        Found::None => {
            let write = Flow::API.create(&body(wanted));
            planner.create(
                about,
                "machines without a browser log in through it",
                Vec::new(),
                write,
            );
            PlannedFlow::Ours(Reference::pending(FLOW))
        }
        Found::One(flow) => {
            if flow.designation.as_ref().is_none_or(|kind| *kind != wanted.designation) {
                let kind = flow.designation.as_ref().map(ToString::to_string).unwrap_or_default();
                planner.block(
                    resource,
                    format!("it is a flow for {kind}, not for {}", wanted.designation),
                    "Set another `device_flow`.",
                );
                return PlannedFlow::Blocked;
            }
            let mut fields = object(&json!({ "authentication": wanted.authentication }));
            for (field, setting) in [("name", &wanted.name), ("title", &wanted.title)] {
                if setting.is_asked {
                    fields.insert(field.to_owned(), value(&setting.value));
                }
            }
            let is_safe =
                flow.authentication.as_ref().is_some_and(|who| *who == wanted.authentication);
            let reason = if is_safe {
                "it differs from what was asked for"
            } else {
                "only people who are logged in may run it"
            };
            let write = (Flow::API, &wanted.slug, fields);
            planner.update(about, reason, Vec::new(), flow, write);
            PlannedFlow::Ours(planner.reference(&flow.pk, wanted.slug.as_str()))
        }
    }
}

fn body(wanted: &DesiredFlow) -> FlowCreate {
    FlowCreate {
        name: wanted.name.value.clone(),
        slug: wanted.slug.clone(),
        title: wanted.title.value.clone(),
        designation: wanted.designation,
        authentication: wanted.authentication,
    }
}

/// The fields of a flow as we create it.
pub(super) fn as_created(wanted: &DesiredFlow) -> Body {
    object(&body(wanted))
}

/// Why nobody can use a brand's device-code flow; `None` for one that will do or is not known.
fn unusable(planner: &Planner<'_>, id: &FlowId) -> Option<String> {
    let flow = planner.snapshot.flows.iter().find(|flow| flow.pk == *id)?;
    device_flow::judge(flow, &str::to_owned).unmet().map(str::to_owned)
}

/// Brands that the integration means.
pub(super) fn brands<'s>(planner: &Planner<'s>) -> impl Iterator<Item = &'s Brand> + use<'s> {
    let (desired, snapshot) = (planner.desired, planner.snapshot);
    let url = desired.integration.netbird_url();
    let host = url.host_str().unwrap_or_default();
    let serving = device_flow::serving(&snapshot.brands, host);
    let is_default = serving.is_none_or(|brand| brand.default);
    snapshot.brands.iter().filter(move |brand| match &desired.brand.domain {
        Some(domain) => brand.domain == *domain,
        // More than one default brand is ambiguous.
        None if is_default => brand.default,
        None => serving.is_some_and(|serving| serving.pk == brand.pk),
    })
}

/// The one brand that the integration means.
pub(super) fn brand<'s>(planner: &mut Planner<'s>) -> Found<'s, Brand> {
    let key = planner.desired.brand.domain.clone().unwrap_or_else(|| "default".to_owned());
    let candidates: Vec<&Brand> = brands(planner).collect();
    planner.only(Brand::API.resource(key), &candidates, |brand| brand.pk.to_string())
}

pub(super) fn plan_brand(planner: &mut Planner<'_>, flow: PlannedFlow) {
    let brand = match brand(planner) {
        Found::One(brand) => brand,
        Found::Many => return,
        Found::None => {
            let key = planner.desired.brand.domain.as_deref().unwrap_or("default");
            let hint = "Set `brand` to one, or make one the default under System > Brands.";
            planner.missing(Brand::API.resource(key), "it must use the device-code flow", hint);
            return;
        }
    };
    let about = About::new(BRAND, Brand::API.resource(&brand.domain), GuideStep::DeviceFlowInUse);
    let flow = match flow {
        PlannedFlow::Blocked => return,
        PlannedFlow::NotNeeded => {
            let kept = flow_name(planner, brand);
            planner.warnings.push(Warning::brand_keeps_flow(&brand.domain, &kept));
            planner.unchanged(about, format!("it keeps its device-code flow \"{kept}\""));
            return;
        }
        PlannedFlow::Ours(flow) => flow,
    };
    if brand.flow_device_code.is_some() && brand.flow_device_code.as_ref() == flow.known() {
        planner.unchanged(about, UP_TO_DATE);
        return;
    }
    // Anyone who may create flows could have prepared this one: everybody who opens the page runs its stages.
    let found = planner.find::<Flow>(planner.desired.device_flow.slug.as_str()).one();
    if let Some(found) = found.filter(|found| !found.stages.is_empty())
        && !planner.conflict(
            &Flow::API.resource(found.slug.as_str()),
            format!(
                "it has stages ({}) that everyone who opens the brand's /device page would run, and somebody else \
                 may have created it",
                found.stages.len()
            ),
            "Remove its stage bindings in authentik, set another `device_flow`",
        )
    {
        return;
    }
    if let Some(other) = &brand.flow_device_code {
        let name = flow_name(planner, brand);
        planner.name(other, &name);
    }
    let id = planner.reference(&brand.pk, &brand.domain);
    let fields = object(&json!({"flow_device_code": flow}));
    let reason = match brand.flow_device_code.as_ref().and_then(|flow| unusable(planner, flow)) {
        Some(why) => why,
        None => "so that its /device page uses this flow; no other field is changed".to_owned(),
    };
    planner.update(about, &reason, Vec::new(), brand, (Brand::API, &id, fields));
}

fn flow_name(planner: &Planner<'_>, brand: &Brand) -> String {
    let id = brand.flow_device_code.as_ref();
    let flow = planner.snapshot.flows.iter().find(|flow| Some(&flow.pk) == id);
    match (flow, id) {
        (Some(flow), _) => flow.slug.to_string(),
        (None, Some(id)) => id.to_string(),
        (None, None) => String::new(),
    }
}
