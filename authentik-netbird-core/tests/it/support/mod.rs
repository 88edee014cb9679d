//! What several tests use.

pub(crate) mod snapshots;
pub(crate) mod sourced;

#[cfg(feature = "client")]
pub(crate) mod applied;
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
