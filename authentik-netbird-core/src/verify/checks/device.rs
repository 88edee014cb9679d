//! The device flow: the code, and the page where a person types it.

use super::{Evidence, Outcome, Results, fail, failed, not_used, pass, skip, warn};
use crate::verify::CheckName;
use crate::verify::responses::DeviceCodeResponse;

/// A person has to find the page, log in and type: less is not enough. In seconds.
const MIN_VALIDITY: u64 = 300;
const NOT_USED: &str = "NetBird's device flow is not enabled";

pub(super) fn authorization(evidence: &Evidence<'_>, results: &Results) -> Outcome {
    if evidence.settings.device.is_none() {
        return not_used(NOT_USED);
    }
    let Some(response) = &evidence.responses.device else { return results.not_sent() };
    match response {
        Ok(DeviceCodeResponse::Issued { expires_in, .. }) if *expires_in < MIN_VALIDITY => warn(
            format!("device codes expire after {expires_in} s, which is too short for a person"),
            "Set the provider's Access code validity to minutes=10, or apply a plan.",
        ),
        Ok(DeviceCodeResponse::Issued { .. }) => pass("authentik issues device codes"),
        Ok(DeviceCodeResponse::Refused(code)) if code == "slow_down" => warn(
            "authentik issues 20 device codes per hour and address, and this address has had them",
            "Verify again in an hour.",
        ),
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

pub(super) fn page(evidence: &Evidence<'_>, results: &Results) -> Outcome {
    if evidence.settings.device.is_none() {
        return not_used(NOT_USED);
    }
    // Without a login the page leads to one whether or not there is a flow behind it; the brand
    // shows which.
    match &evidence.responses.brand {
        Ok(brand) if brand.flow_device_code.as_deref().unwrap_or_default().is_empty() => {
            return fail(
                format!(
                    "the brand \"{}\" has no device-code flow, so the page where people type the \
                     code does not exist (404)",
                    evidence.shown(&brand.matched_domain)
                ),
                "Set the brand's \"Device code flow\" in authentik under System > Brands, or apply \
                 a plan.",
            );
        }
        Ok(_) => {}
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
