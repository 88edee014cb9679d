//! The device flow: the code, and the page where a person types it.

use super::{Case, Finding, Found, fail, not_used, pass, skip, warn};
use crate::verify::CheckName;
use crate::verify::answers::DeviceOutcome;

/// A person has to find the page, log in and type: less is not enough. In seconds.
const SHORTEST: u64 = 300;
const NOT_USED: &str = "NetBird's device flow is not switched on";

pub(super) fn authorization(case: &Case<'_>, found: &Found) -> Finding {
    if case.settings.device.is_none() {
        return not_used(NOT_USED);
    }
    let Some(outcome) = &case.answers.device else { return found.not_asked() };
    match outcome {
        DeviceOutcome::Issued { expires_in, .. } if *expires_in < SHORTEST => warn(
            format!("device codes end after {expires_in} s, too soon for a person"),
            "set the provider's Access code validity to minutes=10, or apply a plan",
        ),
        DeviceOutcome::Issued { .. } => pass("authentik hands out device codes"),
        DeviceOutcome::Refused(code) if code == "slow_down" => warn(
            "authentik hands out 20 device codes an hour to an address, and this one has had them",
            "verify again in an hour",
        ),
        DeviceOutcome::Refused(code) => {
            found.waits_for(&[CheckName::Client, CheckName::GrantTypes]).unwrap_or_else(|| {
                fail(
                    format!("authentik refuses device codes ({})", case.shown(code)),
                    "check NETBIRD_AUTH_DEVICE_AUTH_CLIENT_ID, and that the provider has an \
                     application and allows the grant type device_code",
                )
            })
        }
        DeviceOutcome::Trouble(trouble) => fail(
            case.message(trouble, "device authorization endpoint"),
            trouble.remedy("/application/o/"),
        ),
    }
}

pub(super) fn page(case: &Case<'_>, found: &Found) -> Finding {
    if case.settings.device.is_none() {
        return not_used(NOT_USED);
    }
    // Without a login the page leads to one whether or not there is a flow behind it; the brand
    // tells.
    match &case.answers.brand {
        Ok(brand) if brand.flow_device_code.as_deref().unwrap_or_default().is_empty() => {
            return fail(
                format!(
                    "the brand \"{}\" has no device-code flow, so that the page where people type \
                     the code is not there (404)",
                    case.shown(&brand.matched_domain)
                ),
                "set the brand's \"Device code flow\" in authentik under System > Brands, or apply \
                 a plan",
            );
        }
        Ok(_) => {}
        Err(trouble) => {
            return skip(
                case.message(trouble, "brand"),
                trouble.remedy("/api/v3/core/brands/current/"),
            );
        }
    }
    match &case.answers.device_page {
        Some(Ok(())) => pass("the page where people type the code is there"),
        Some(Err(trouble)) => fail(case.message(trouble, "device page"), trouble.remedy("/device")),
        None if case.answers.device.is_none() => found.not_asked(),
        None => found
            .waits_for(&[CheckName::Client, CheckName::GrantTypes, CheckName::DeviceAuthorization])
            .unwrap_or_else(|| pass("the brand has a device-code flow")),
    }
}
