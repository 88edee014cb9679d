//! The device-code flow, and the brand that leads to it.

use super::change::{Diff, FieldChange, created};
use super::planner::{Draft, Found, Planner};
use super::{Warning, Write};
use crate::desired::DesiredFlow;
use crate::error::Blocker;
use crate::ids::{FlowId, OperationId, Reference, Resource, ResourceKind};
use crate::integration::GuideStep;
use crate::model::{Brand, BrandPatch, Flow, FlowCreate, FlowPatch};

const FLOW: &str = "device-flow";
const BRAND: &str = "brand";

/// What became of the flow.
pub(super) enum PlannedFlow {
    /// It is there, or will be.
    Ours(Reference<FlowId>),
    /// The brand has another one, which it keeps.
    NotNeeded,
    /// A problem is noted.
    Problem,
}

/// Plans the flow. A brand that keeps another one needs none of ours.
pub(super) fn plan_flow(planner: &mut Planner<'_>) -> PlannedFlow {
    let (desired, snapshot) = (planner.desired, planner.snapshot);
    let wanted = &desired.device_flow;
    let resource = Resource::new(ResourceKind::Flow, wanted.slug.as_str());
    let same_slug = snapshot.flows.iter().filter(|flow| flow.slug == wanted.slug);
    let found = planner.only(&resource, same_slug, |flow| format!("{} ({})", flow.name, flow.pk));
    let kept = brands(planner)
        .next()
        .and_then(|brand| brand.flow_device_code.clone())
        .filter(|flow| !desired.brand.replace && found.one().map(|ours| &ours.pk) != Some(flow));
    if kept.is_some() {
        return PlannedFlow::NotNeeded;
    }
    planner.fingerprint.note(&resource, found.one());
    let draft = |reason: &str, changes| Draft {
        id: FLOW,
        resource: resource.clone(),
        reason: reason.to_owned(),
        guide: GuideStep::DeviceFlow,
        waits_for: Vec::new(),
        changes,
    };
    match found {
        Found::Many => PlannedFlow::Problem,
        Found::None => {
            let body = FlowCreate {
                name: wanted.name.clone(),
                slug: wanted.slug.clone(),
                title: wanted.title.clone(),
                designation: wanted.designation,
                authentication: wanted.authentication,
            };
            let draft = draft("machines without a browser log in through it", created(&body));
            planner.operation(draft, Some(Write::CreateFlow(body)));
            PlannedFlow::Ours(Reference::Made { made_by: FLOW.into() })
        }
        Found::One(flow) => {
            if flow.designation.as_ref().is_none_or(|kind| *kind != wanted.designation) {
                let kind = flow.designation.as_ref().map(ToString::to_string).unwrap_or_default();
                planner.blockers.push(Blocker::conflict(
                    resource.clone(),
                    format!("it is a flow for {kind}, not for {}", wanted.designation),
                    "give another device_flow",
                ));
                return PlannedFlow::Problem;
            }
            let (body, changes) = difference(flow, wanted);
            let slug = wanted.slug.clone();
            let write = (!changes.is_empty()).then_some(Write::UpdateFlow { slug, body });
            let reason =
                if write.is_some() { "it differs from the guide's" } else { "it is as wanted" };
            let draft = draft(reason, changes);
            planner.operation(draft, write);
            PlannedFlow::Ours(planner.reference(&flow.pk, wanted.slug.as_str()))
        }
    }
}

/// What has to change for `found` to be as wanted.
pub(super) fn difference(found: &Flow, wanted: &DesiredFlow) -> (FlowPatch, Vec<FieldChange>) {
    let mut diff = Diff::default();
    let patch = FlowPatch {
        name: diff.field("name", &found.name, wanted.name.clone(), found.name == wanted.name),
        title: diff.field("title", &found.title, wanted.title.clone(), found.title == wanted.title),
        authentication: diff.field(
            "authentication",
            &found.authentication,
            wanted.authentication,
            found.authentication.as_ref().is_some_and(|have| *have == wanted.authentication),
        ),
    };
    (patch, diff.finish())
}

/// Brands that the integration means.
pub(super) fn brands<'s>(planner: &Planner<'s>) -> impl Iterator<Item = &'s Brand> + use<'s> {
    let (desired, snapshot) = (planner.desired, planner.snapshot);
    snapshot.brands.iter().filter(|brand| match &desired.brand.domain {
        Some(domain) => brand.domain == *domain,
        None => brand.default,
    })
}

/// Plans the brand's one field.
pub(super) fn plan_brand(planner: &mut Planner<'_>, flow: PlannedFlow) {
    let desired = planner.desired;
    let key = desired.brand.domain.clone().unwrap_or_else(|| "default".to_owned());
    let wanted = Resource::new(ResourceKind::Brand, key);
    let candidates = brands(planner);
    let found =
        planner.only(&wanted, candidates, |brand| format!("{} ({})", brand.domain, brand.pk));
    planner.fingerprint.note(&wanted, found.one());
    let brand = match found {
        Found::One(brand) => brand,
        Found::Many => return,
        Found::None => {
            let hint = "name one as brand, or make one the default under System > Brands";
            planner.missing(wanted, "it must lead to the device-code flow", hint);
            return;
        }
    };
    let draft = |reason: String, waits_for: Vec<OperationId>, changes| Draft {
        id: BRAND,
        resource: Resource::new(ResourceKind::Brand, &brand.domain),
        reason,
        guide: GuideStep::Brand,
        waits_for,
        changes,
    };
    let flow = match flow {
        PlannedFlow::Problem => return,
        PlannedFlow::NotNeeded => {
            let kept = flow_name(planner, brand);
            planner.warnings.push(Warning::brand_keeps_flow(&brand.domain, &kept));
            let reason = format!("it keeps its own device-code flow \"{kept}\"");
            planner.operation(draft(reason, Vec::new(), Vec::new()), None);
            return;
        }
        PlannedFlow::Ours(flow) => flow,
    };
    if brand.flow_device_code.is_some() && brand.flow_device_code.as_ref() == flow.known() {
        planner.operation(draft("it leads to the flow".to_owned(), Vec::new(), Vec::new()), None);
        return;
    }
    if let Some(other) = &brand.flow_device_code {
        let name = flow_name(planner, brand);
        planner.name(other, &name);
    }
    let mut diff = Diff::default();
    let waits_for = flow.made_by().cloned().into_iter().collect();
    let body = diff.field("flow_device_code", &brand.flow_device_code, flow, false);
    let id = planner.reference(&brand.pk, &brand.domain);
    let write = body.map(|flow_device_code| Write::UpdateBrand {
        brand: id,
        body: BrandPatch { flow_device_code },
    });
    let reason = "its /device page leads to the flow then; no other field is touched".to_owned();
    planner.operation(draft(reason, waits_for, diff.finish()), write);
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
