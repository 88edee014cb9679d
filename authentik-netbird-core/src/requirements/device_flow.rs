//! The device flow: the brand's flow behind the page where people type the code.

use super::{Judgement, Requirement, fail, pass, warn};
use crate::authentik::{Brand, Flow, FlowAuthentication, FlowDesignation, Provider};
use crate::integration::GuideStep;
use crate::report::CheckName;
use crate::resource::duration_seconds;

pub(super) const REQUIREMENT: Requirement = Requirement {
    check: CheckName::DevicePage,
    need: "the brand that serves authentik's host has a device-code flow, a stage-configuration flow \
           that logged-in people may run: without one the page where people type the code is a 404",
    guide: Some(GuideStep::DeviceFlowInUse),
};

/// A person has to find the page, log in and type: less is not enough. In seconds.
const MIN_VALIDITY: u32 = 300;

/// How long device codes are valid, in seconds.
pub(crate) fn judge_validity(seconds: u64) -> Judgement {
    if seconds < u64::from(MIN_VALIDITY) {
        return warn(
            format!("device codes expire after {seconds} s, which is too short for a person"),
            "Set the provider's Access code validity to minutes=10, or set `access_code_validity` and \
             apply a plan.",
        );
    }
    pass("authentik issues device codes")
}

/// The same for an existing provider: device codes are valid for as long as its other codes.
pub(crate) fn judge_code_validity(provider: &Provider, show: &dyn Fn(&str) -> String) -> Judgement {
    let validity = &provider.access_code_validity;
    let is_short = |seconds| seconds < f64::from(MIN_VALIDITY);
    if duration_seconds(validity).is_some_and(is_short) {
        return warn(
            format!(
                "device codes expire after {}, which is too short for a person",
                show(validity)
            ),
            "Set `access_code_validity`, such as to `minutes=10`.",
        );
    }
    pass("device codes are valid for long enough")
}

/// A brand without a device-code flow.
pub(crate) fn no_flow(brand: &str) -> Judgement {
    fail(
        format!(
            "the brand \"{brand}\" has no device-code flow, so the page where people type the code \
             does not exist (404)"
        ),
        "Set the brand's \"Device code flow\" in authentik under System > Brands, or apply a plan.",
    )
}

/// Whether a flow will do behind a brand's device page.
pub(crate) fn judge(flow: &Flow, shown: &dyn Fn(&str) -> String) -> Judgement {
    let slug = shown(flow.slug.as_str());
    let hint = "Choose a flow for stage configuration that requires authentication as the brand's \
                \"Device code flow\", or apply a plan.";
    if let Some(kind) =
        flow.designation.as_ref().filter(|kind| **kind != FlowDesignation::StageConfiguration)
    {
        let kind = shown(&kind.to_string());
        return fail(
            format!(
                "the brand's device-code flow \"{slug}\" is a flow for {kind}, which does not apply to \
                 people who are logged in"
            ),
            hint,
        );
    }
    match &flow.authentication {
        Some(who) if *who == FlowAuthentication::RequireUnauthenticated => fail(
            format!(
                "the brand's device-code flow \"{slug}\" does not apply to people who are logged in"
            ),
            hint,
        ),
        Some(who) if *who == FlowAuthentication::RequireSuperuser => fail(
            format!("the brand's device-code flow \"{slug}\" is for administrators only"),
            hint,
        ),
        Some(who) if *who == FlowAuthentication::None => warn(
            format!(
                "the brand's device-code flow \"{slug}\" also runs for people who are not logged in"
            ),
            "Set the flow's Authentication to \"Require authentication\".",
        ),
        _ if !flow.stages.is_empty() => warn(
            format!(
                "the brand's device-code flow \"{slug}\" has stages, which people go through first"
            ),
            "Make sure that they are meant for NetBird's users.",
        ),
        _ => pass("the brand has a device-code flow"),
    }
}

/// The brand that serves a host, as authentik chooses it: one whose domain the host ends in, the longest
/// first, else the default one. A host has its port, if it is not the scheme's own.
pub(crate) fn serving<'b>(brands: &'b [Brand], host: &str) -> Option<&'b Brand> {
    let host = host.to_ascii_lowercase();
    let matching = brands.iter().filter(|brand| {
        !brand.default
            && !brand.domain.is_empty()
            && host.ends_with(&brand.domain.to_ascii_lowercase())
    });
    let longest = matching.max_by_key(|brand| (brand.domain.len(), &brand.pk));
    longest.or_else(|| brands.iter().find(|brand| brand.default))
}
