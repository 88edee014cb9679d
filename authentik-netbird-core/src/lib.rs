//! Set up authentik for NetBird, and NetBird for authentik.
#![forbid(unsafe_code)]

pub mod ids;
pub mod model;
pub mod secret;
#[cfg(feature = "simulator")]
pub mod simulator;

pub use secret::Secret;
