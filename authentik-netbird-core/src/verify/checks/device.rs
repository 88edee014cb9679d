//! The device flow: the code, and the page where a person types it.

use super::engine::{Checks, Judgement, Results, fail, failed, not_used, pass, skip, warn};
use super::evidence::Evidence;
use crate::authentik::Flow;
use crate::requirements::device_flow;
use crate::verify::CheckName;
use crate::verify::responses::{CurrentBrand, DeviceCodeResponse};

const NOT_USED: &str = "NetBird's device flow is not enabled";

pub(super) fn authorization(evidence: &Evidence<'_>, results: &Results) -> Judgement {
    if evidence.settings.device.is_none() {
        return not_used(NOT_USED);
    }
    let Some(response) = &evidence.responses.device else { return results.not_sent() };
    match response {
        Ok(DeviceCodeResponse::Issued { expires_in, .. }) => {
            device_flow::judge_validity(*expires_in)
        }
        Ok(DeviceCodeResponse::Refused(code)) if code == "slow_down" => throttled(),
        Err(error) if error.status() == Some(429) => throttled(),
        Ok(DeviceCodeResponse::Refused(code)) => {
            results.blocked_by(&[CheckName::Client, CheckName::GrantTypes]).unwrap_or_else(|| {
                fail(
                    format!("authentik refused a device code ({})", evidence.shown(code)),
                    "Check NETBIRD_AUTH_DEVICE_AUTH_CLIENT_ID, and that the provider has an \
                     application and allows the grant type device_code.",
                )
            })
        }
        Err(error) => failed(error),
    }
}

fn throttled() -> Judgement {
    warn(
        "authentik issues 20 device codes per hour and address, and this address has had them",
        "Verify again in an hour.",
    )
}

pub(super) fn page(evidence: &Evidence<'_>, results: &Results) -> Judgement {
    if evidence.settings.device.is_none() {
        return not_used(NOT_USED);
    }
    // Without a login the page leads to one whether or not there is a flow behind it; the brand
    // shows which.
    match &evidence.responses.brand {
        Ok(brand) if brand.flow_device_code.as_deref().unwrap_or_default().is_empty() => {
            let brand = evidence.shown(&brand.matched_domain);
            return device_flow::no_flow(&brand);
        }
        Ok(brand) => {
            let judged = flow(evidence, brand)
                .map(|flow| device_flow::judge(flow, &|text| evidence.shown(text)));
            if let Some(found) = judged.filter(|one| one.hint.is_some()) {
                return found;
            }
        }
        Err(error) => return skip(error.to_string(), error.hint().unwrap_or_default()),
    }
    match &evidence.responses.device_page {
        Some(Ok(())) => pass("the page where people type the code exists"),
        Some(Err(error)) => failed(error),
        None if evidence.responses.device.is_none() => results.not_sent(),
        None => results
            .blocked_by(&[CheckName::Client, CheckName::GrantTypes, CheckName::DeviceAuthorization])
            .unwrap_or_else(|| pass("the brand has a device-code flow")),
    }
}

/// The brand's device-code flow, where an administrator's token showed it.
fn flow<'a>(evidence: &Evidence<'a>, brand: &CurrentBrand) -> Option<&'a Flow> {
    let flows = &evidence.responses.administration.as_ref()?.snapshot.flows;
    flows.iter().find(|flow| Some(flow.slug.as_str()) == brand.flow_device_code.as_deref())
}
