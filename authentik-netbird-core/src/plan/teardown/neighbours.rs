//! Other providers that may need what this integration made: another NetBird on the same authentik.

use super::provider::Judged;
use crate::ids::{Resource, ResourceKind};
use crate::model::{GrantType, Provider};
use crate::plan::planner::Planner;

/// Other providers, by name.
#[derive(Debug, Default)]
pub(super) struct Neighbours {
    /// They lead logins to where NetBird's client listens.
    pub(super) netbirds: Vec<String>,
    /// They were given the device-code grant, but are no NetBird's.
    pub(super) device_logins: Vec<String>,
}

/// Finds them: providers that stay, whatever their names.
pub(super) fn find(planner: &mut Planner<'_>, judged: &Judged<'_>) -> Neighbours {
    let mut neighbours = Neighbours::default();
    for provider in &planner.snapshot.providers {
        if judged.goes(provider.pk) {
            continue;
        }
        if is_netbird(provider) {
            neighbours.netbirds.push(provider.name.clone());
        } else if chose_device_code(provider) {
            neighbours.device_logins.push(provider.name.clone());
        }
    }
    neighbours.netbirds.sort();
    neighbours.device_logins.sort();
    let resource = Resource::new(ResourceKind::Provider, "of other NetBirds");
    planner.fingerprint.note(&resource, Some(&neighbours));
    neighbours
}

/// NetBird's client takes the answer to a login at port 53000 of its own machine.
fn is_netbird(provider: &Provider) -> bool {
    provider.redirect_uris.iter().any(|uri| {
        let plain = uri.url.replace('\\', "");
        ["://localhost:53000", "://127.0.0.1:53000"].iter().any(|host| plain.contains(host))
    })
}

/// Whether someone gave it the device-code grant. A provider from before 2026.5 has every grant
/// after the upgrade, which says nothing.
fn chose_device_code(provider: &Provider) -> bool {
    let grants = provider.grant_types.as_deref().unwrap_or_default();
    let has = |grant| grants.iter().any(|one| *one == grant);
    let has_all = [GrantType::Implicit, GrantType::Hybrid, GrantType::Password].map(has);
    has(GrantType::DeviceCode) && has_all != [true; 3]
}
