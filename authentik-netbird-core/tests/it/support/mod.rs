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
pub(crate) mod process;
#[cfg(feature = "client")]
pub(crate) mod running;
#[cfg(feature = "client")]
pub(crate) mod story;

/// Whether there is time for everything.
pub(crate) fn is_soak() -> bool {
    std::env::var_os("AUTHENTIK_NETBIRD_SOAK").is_some_and(|value| !value.is_empty())
}
