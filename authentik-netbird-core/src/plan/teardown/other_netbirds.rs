//! Other providers that may need what this integration created: another NetBird on the same authentik.

use super::provider::Examined;
use crate::authentik::{GrantType, Provider, Snapshot};

/// Other providers, by name.
#[derive(Debug, Default)]
pub(super) struct OtherProviders {
    /// They are NetBirds'.
    pub(super) netbirds: Vec<String>,
    /// They were given the device-code grant, but are not NetBirds'.
    pub(super) device_logins: Vec<String>,
}

/// Finds them: providers that stay, whatever their names.
pub(super) fn find(snapshot: &Snapshot, ours: &Examined<'_>) -> OtherProviders {
    let mut others = OtherProviders::default();
    for provider in snapshot.providers.iter().filter(|one| !ours.is_deleted(one.pk)) {
        if provider.is_netbird() {
            others.netbirds.push(provider.name.clone());
        } else if chose_device_code(provider) {
            others.device_logins.push(provider.name.clone());
        }
    }
    others.netbirds.sort();
    others.device_logins.sort();
    others
}

/// Whether someone gave it the device-code grant. A provider from before 2026.5 has every grant
/// after the upgrade, which shows nothing.
fn chose_device_code(provider: &Provider) -> bool {
    let grants = provider.grant_types.as_deref().unwrap_or_default();
    let has = |grant| grants.iter().any(|one| *one == grant);
    let has_all = [GrantType::Implicit, GrantType::Hybrid, GrantType::Password].map(has);
    has(GrantType::DeviceCode) && has_all != [true; 3]
}
