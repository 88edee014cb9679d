//! Set up authentik for NetBird, and NetBird for authentik: what authentik's guide "Integrate with
//! NetBird" does by hand, from code.
//!
//! Say what you want ([`NetbirdIntegration`]), see what would be done ([`Plan`]), do it
//! ([`Client::apply`](client::Client::apply)), hand NetBird its configuration
//! ([`Outputs::netbird_env`]), and prove that it works as NetBird will use it
//! ([`Client::verify`](client::Client::verify)). Nothing is changed that is right
//! already, or that is not ours.
//!
//! ```
//! # #[cfg(feature = "client")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use authentik_netbird_core::{Client, NetbirdIntegration};
//! use authentik_simulator::Simulator;
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("setup.env");
//! let authentik = Simulator::start()?; // yours is https://authentik.company
//! let integration = NetbirdIntegration::builder(authentik.url(), "netbird.company").build()?;
//! let client = Client::builder(integration.authentik_url()).token(authentik.token()).build()?;
//!
//! let plan = client.plan(&integration).await?; // reads only
//! println!("{plan}"); // what, why, field by field
//! assert_eq!(plan.changes().count(), 12);
//!
//! // Apply, and write setup.env: 0600, atomic, other lines kept. Safe to run again.
//! client.provision_plan(plan, &path, |_| ()).await?;
//!
//! let outputs = client.outputs(&integration).await?;
//! let verification = client.verify(&integration, &outputs).await?;
//! verification.into_result()?; // an error that says what is wrong and what to do
//!
//! assert!(!client.plan(&integration).await?.has_changes()); // nothing left to do
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "client"))]
//! # fn main() {}
//! ```
//!
//! # Features
//! - `client` (default): talks to a server. Without it the crate is pure: it plans against
//!   snapshots, and pulls in no sockets, no TLS and no async.
//! - `unstable`: internals, for this project's own tests. They may change at any time.
//!
//! The simulated server of this example is the crate `authentik-simulator`: an authentik in memory, on a
//! real socket, for tests and demos.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(feature = "unstable"),
    expect(unreachable_pub, reason = "internals are public with the feature `unstable` alone")
)]
#![cfg_attr(
    not(feature = "client"),
    expect(
        dead_code,
        unused_imports,
        reason = "what only a client uses is pure, and stays in the pure part"
    )
)]

#[cfg(feature = "client")]
pub mod apply;
pub mod authentik;
#[cfg(feature = "client")]
pub mod client;
pub mod error;
#[cfg(not(feature = "unstable"))]
mod http;
#[cfg(feature = "unstable")]
pub mod http;
pub mod ids;
pub mod integration;
mod issue;
pub mod netbird;
pub mod outputs;
pub mod plan;
#[cfg(feature = "client")]
mod redact;
pub mod report;
pub mod requirements;
pub mod resource;
pub mod secret;
mod text;
pub mod verify;

#[cfg(feature = "client")]
pub use apply::{ApplyEvent, Outcome, Provisioned};
pub use authentik::Snapshot;
#[cfg(feature = "client")]
pub use client::{Client, ClientBuilder, Status};
pub use error::{Error, ErrorKind, Result};
#[cfg(feature = "client")]
pub use http::ConnectionOptions;
pub use integration::{NetbirdIntegration, NetbirdIntegrationBuilder};
pub use issue::Issue;
pub use outputs::Outputs;
pub use plan::{AppPasswordExpiry, DesiredState, Plan};
pub use secret::Secret;
pub use verify::Verification;
