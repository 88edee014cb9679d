//! What several tests use.

pub(crate) mod snapshots;
pub(crate) mod sourced;

#[cfg(feature = "client")]
pub(crate) mod applied;
#[cfg(feature = "client")]
pub(crate) mod cases;
#[cfg(feature = "client")]
pub(crate) mod certificate;
#[cfg(feature = "client")]
pub(crate) mod faults;
#[cfg(feature = "client")]
pub(crate) mod job;
#[cfg(feature = "client")]
pub(crate) mod person;
#[cfg(feature = "client")]
pub(crate) mod process;
#[cfg(feature = "client")]
pub(crate) mod running;
#[cfg(feature = "client")]
pub(crate) mod story;
#[cfg(feature = "client")]
pub(crate) mod walk;

/// Whether there is time for everything.
pub(crate) fn is_soak() -> bool {
    std::env::var_os("AUTHENTIK_NETBIRD_SOAK").is_some_and(|value| !value.is_empty())
}

/// An integration as in the guide, but for its redirect pattern, which plans warn about.
pub(crate) fn as_in_guide(
    authentik_url: impl Into<String>,
    domain: impl Into<String>,
) -> authentik_netbird_core::NetbirdIntegrationBuilder {
    let builder = authentik_netbird_core::NetbirdIntegration::builder(authentik_url, domain);
    builder
        .as_in_guide(true)
        .redirect_uris(authentik_netbird_core::integration::RedirectUris::Recommended)
}
