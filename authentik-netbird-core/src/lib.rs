//! Set up authentik for NetBird, and NetBird for authentik.
#![forbid(unsafe_code)]

pub mod error;
pub mod ids;
pub mod integration;
mod issue;
pub mod model;
pub mod outputs;
pub mod plan;
pub mod secret;
#[cfg(feature = "simulator")]
pub mod simulator;

pub use error::{Error, ErrorKind, Result};
pub use issue::Issue;
pub use secret::Secret;
