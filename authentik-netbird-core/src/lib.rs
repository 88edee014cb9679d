//! Set up authentik for NetBird, and NetBird for authentik.
#![forbid(unsafe_code)]

#[cfg(feature = "client")]
pub mod apply;
#[cfg(feature = "client")]
pub mod client;
pub mod desired;
pub mod error;
pub mod ids;
pub mod integration;
mod issue;
pub mod model;
#[cfg(feature = "client")]
mod observe;
pub mod outputs;
pub mod plan;
pub mod request;
pub mod secret;
#[cfg(feature = "simulator")]
pub mod simulator;
pub mod snapshot;

#[cfg(feature = "client")]
pub use apply::{Event, Outcome};
#[cfg(feature = "client")]
pub use client::{Client, ClientBuilder};
pub use desired::DesiredState;
pub use error::{Error, ErrorKind, Result};
pub use integration::{NetbirdIntegration, NetbirdIntegrationBuilder};
pub use issue::Issue;
pub use outputs::Outputs;
pub use plan::Plan;
pub use secret::Secret;
pub use snapshot::Snapshot;
